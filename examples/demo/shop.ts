import * as Sentry from "@sentry/node";

/*
 * A web shop with a bug, in a process of its own, which reports to whatever its DSN names by the real Sentry SDK:
 * node shop.ts <dsn> <release>. Its parent says what goes wrong, and hears when everything was sent.
 *
 * This one process stands for the many of a real shop, so it must not keep an error to itself because it was the last
 * one it sent, too.
 */
const [dsn = "", release = ""] = process.argv.slice(2);
Sentry.init({ dsn, release, integrations: (usual) => usual.filter(({ name }) => name !== "Dedupe") });

function checkout(carts: ReadonlyMap<string, { readonly total: number }>, customer: string): number {
  const cart = carts.get(customer);
  if (cart === undefined) throw new TypeError("there is no cart to check out");
  return cart.total;
}

async function goWrong(what: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    if (what === "checkout") {
      try {
        checkout(new Map(), "ben");
      } catch (error) {
        Sentry.captureException(error);
      }
    } else Sentry.captureMessage(what, "error");
  }
  await Sentry.flush(5_000);
  process.send?.("sent");
}

process.on("message", (message: { what: string; times: number }) => {
  void goWrong(message.what, message.times);
});
process.send?.("ready");

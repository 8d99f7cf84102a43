import * as Sentry from "@sentry/node";

/*
 * A shop with a bug, in a process of its own, which reports to a DSN with the real Sentry SDK: node shop.ts <dsn> <release>.
 * Its parent process requests errors by messages, and receives "sent" when the SDK has sent them.
 *
 * The process stands for the many processes of a real shop, so the SDK's Dedupe integration, which drops repeated errors of
 * one process, is off.
 */
const [dsn = "", release = ""] = process.argv.slice(2);
Sentry.init({ dsn, release, integrations: (defaults) => defaults.filter(({ name }) => name !== "Dedupe") });

function checkout(carts: ReadonlyMap<string, { readonly total: number }>, customer: string): number {
  const cart = carts.get(customer);
  if (cart === undefined) throw new TypeError("there is no cart to check out");
  return cart.total;
}

async function fail(what: string, times: number): Promise<void> {
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
  void fail(message.what, message.times);
});
process.send?.("ready");

import type { captureException, captureMessage, flush, setExtra, setUser } from "@sentry/node";

/** What the SDKs of browsers and of Node have in common. */
interface Sdk {
  readonly captureException: typeof captureException;
  readonly captureMessage: typeof captureMessage;
  readonly flush: typeof flush;
  readonly setExtra: typeof setExtra;
  readonly setUser: typeof setUser;
}

class PaymentError extends Error {
  override name = "PaymentError";
}

function chargeCard(cart: string): never {
  throw new TypeError(`the card of ${cart} is declined`);
}

function pay(cart: string): never {
  try {
    chargeCard(cart);
  } catch (cause) {
    throw new PaymentError("payment failed", { cause });
  }
}

function reportError(sdk: Sdk): string {
  try {
    return pay("cart-7");
  } catch (error) {
    return sdk.captureException(error);
  }
}

async function report(sdk: Sdk, afterEach: () => unknown): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const id of ["u-1", "u-2", "u-2"]) {
    sdk.setUser({ id });
    ids.push(reportError(sdk));
    await afterEach();
    ids.push(sdk.captureMessage("checkout opened"));
    await afterEach();
  }
  return ids;
}

function reportLarge(sdk: Sdk): string {
  // The SDK keeps a thousand members of a list.
  const carts = Array.from({ length: 1_000 }, (_, index) => String(index).padStart(4, "0").repeat(25));
  sdk.setExtra("carts", carts);
  return reportError(sdk);
}

/**
 * Does a task, and returns the ids of the events.
 *
 * @param task - `report`: three times an error with a cause, by two users, and a message; `one-by-one`: the same, but each is sent before
 *   the next one is made; `large`: an error with about 100 kB of data
 */
export async function perform(task: string, sdk: Sdk): Promise<readonly string[]> {
  const send = async () => {
    if (!(await sdk.flush(10_000))) throw new Error("The events were not sent in time.");
  };
  const ids = task === "large" ? [reportLarge(sdk)] : await report(sdk, task === "report" ? () => undefined : send);
  await send();
  return ids;
}

/** The options of both SDKs. */
export function optionsOf(dsn: string, task: string) {
  // Without sessions and reports about events that were not sent, each request is an event.
  const isEventsOnly = task === "one-by-one";
  return {
    dsn,
    release: "shop@1.4.0",
    environment: "production",
    sendClientReports: !isEventsOnly,
    integrations: <Integration extends { readonly name: string }>(defaults: Integration[]): Integration[] =>
      defaults.filter(({ name }) => !isEventsOnly || !name.endsWith("Session")),
  };
}

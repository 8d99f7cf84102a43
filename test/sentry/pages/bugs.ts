import * as Sentry from "@sentry/browser";

/** The URL of a part of the program that the server no longer has, as after a deployment. Its name has a hash of the build. */
declare const CHUNK: string;

class CheckoutError extends Error {
  override name = "CheckoutError";
}

/** An event that an application makes; bundlers keep the names of the browser's classes only. */
function paymentEvent(): Event {
  return new CustomEvent("payment", { detail: 7 });
}

/** What Angular's HTTP client rejects with: no error, but an object with a name and a message. */
function httpFailure(): object {
  const url = "https://shop.example/api/cart/7";
  const message = `Http failure response for ${url}: 404 Not Found`;
  return { name: "HttpErrorResponse", message, ok: false, status: 404, statusText: "Not Found", url };
}

interface Cart {
  readonly items: readonly string[];
  readonly owner: { readonly name: string };
  sum(): number;
}

/** The server sent less than it should. */
const emptyCart: Cart = JSON.parse("{}");

function countItems({ items }: Cart): number {
  return items.length;
}

function nameOwner(cart: Cart): string {
  return cart.owner.name;
}

function sum(cart: Cart): number {
  return cart.sum();
}

/** An error whose name is that of its class, which a minifier shortens. */
class StockError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

async function reject(reason: unknown): Promise<never> {
  throw reason;
}

async function pay(): Promise<void> {
  try {
    await reject(new RangeError("card declined"));
  } catch (cause) {
    throw new CheckoutError("payment failed", { cause });
  }
}

function fill(levels: number): number {
  return fill(levels + 1) + 1;
}

/* eslint-disable @typescript-eslint/only-throw-error -- programs throw anything */
/** What goes wrong on a page, by name. Different names are different issues. Each is reported once. */
export const BUGS: Readonly<Record<string, () => unknown>> = {
  "an undefined list": () => countItems(emptyCart),
  "an undefined owner": () => nameOwner(emptyCart),
  "an error of its own class": () => {
    throw new CheckoutError("cart 7 is closed");
  },
  "an error with a cause": pay,
  "several errors at once": () => Promise.any([reject(new Error("bank is down")), reject(new RangeError("declined"))]),
  "an error without a message": () => {
    throw new RangeError();
  },
  "an error that begins with a line end": () => {
    throw new CheckoutError("\nUnique constraint failed on the field `email`");
  },
  "too much recursion": () => fill(0),
  "invalid JSON": () => JSON.parse("<html></html>"),
  "an unreachable server": () => fetch("http://127.0.0.1:1/cart"),
  "a missing chunk": () => import(CHUNK),
  "a thrown text": () => {
    throw "the cart is locked";
  },
  "another thrown text": () => {
    throw "the cart is empty";
  },
  "a thrown object": () => {
    throw { code: 7, reason: "locked" };
  },
  "a thrown event": () => {
    throw paymentEvent();
  },
  "a thrown DOMException": () => {
    throw new DOMException("the camera is in use", "NotReadableError");
  },
  "a text that reaches the window": () => {
    queueMicrotask(() => {
      throw "the till is open";
    });
  },
  "an object that reaches the window": () => {
    queueMicrotask(() => {
      throw { till: 7 };
    });
  },
  "an error that reaches the window": () => {
    queueMicrotask(() => {
      throw new CheckoutError("the till is empty");
    });
  },
  "a rejected text": () => reject("the payment is pending"),
  "a rejected object": () => reject({ state: "pending" }),
  "a rejected nothing": () => reject(undefined),
  "a rejected event": () => reject(paymentEvent()),
  "a failure of Angular's HTTP client": () => reject(httpFailure()),
  "a missing method": () => sum(emptyCart),
  "an error named after its class": () => {
    throw new StockError("nothing left");
  },
  "a captured text": () => Sentry.captureException("the stock is low"),
  "a message": () => Sentry.captureMessage("checkout opened", "log"),
  "a message with parameters": () => Sentry.captureMessage(Sentry.parameterize`cart ${7} abandoned`, "warning"),
};
/* eslint-enable @typescript-eslint/only-throw-error */

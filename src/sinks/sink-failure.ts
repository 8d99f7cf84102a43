import { PermanentDeliveryError } from "../alerts/delivery-error.ts";

/** What a thrown value says about a failed delivery. */
export interface SinkFailure {
  readonly message: string;
  /** Whether no further attempt can succeed. */
  readonly isPermanent: boolean;
  /** See {@link DeliveryError.retryAfterMs}. */
  readonly retryAfterMs: number | undefined;
  /** See {@link DeliveryError.memo}. */
  readonly memo: string | undefined;
  /** The thrown value. */
  readonly error: unknown;
}

/**
 * Reads a thrown value: an error of this copy of the library, of another copy, or any other value. Never throws.
 */
export function readFailure(error: unknown): SinkFailure {
  const retryAfterMs = memberOf(error, "retryAfterMs");
  const memo = memberOf(error, "memo");
  const message = memberOf(error, "message");
  return {
    message:
      typeof message === "string"
        ? message
        : typeof error === "string"
          ? error
          : "A value without a message was thrown.",
    isPermanent: isPermanent(error),
    retryAfterMs: typeof retryAfterMs === "number" && retryAfterMs >= 0 ? retryAfterMs : undefined,
    memo: typeof memo === "string" ? memo : undefined,
    error,
  };
}

function isPermanent(error: unknown): boolean {
  try {
    return PermanentDeliveryError.is(error);
  } catch {
    // A proxy whose traps throw.
    return false;
  }
}

/** A member of any value; `undefined` if it is missing or cannot be read. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** Several failures as sentences, such as `mail: busy. pager: down.` */
export function describeFailures(failures: readonly { readonly name: string; readonly message: string }[]): string {
  return failures.map(({ name, message }) => `${name}: ${message.replace(/\.?$/u, ".")}`).join(" ");
}

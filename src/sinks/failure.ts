import { PermanentDeliveryError } from "../core/delivery-error.ts";

/** What a sink that failed has to say. */
export interface SinkFailure {
  /** What went wrong, for people. */
  readonly message: string;
  /** Whether no further attempt can succeed. */
  readonly isPermanent: boolean;
  /** See {@link DeliveryError.retryAfterMs}. */
  readonly retryAfterMs: number | undefined;
  /** See {@link DeliveryError.memo}. */
  readonly memo: string | undefined;
  /** What it threw. */
  readonly error: unknown;
}

/** Reads what a sink threw, whatever it is: an error of this copy of the library, of another one, or nothing of the kind. */
export function readFailure(error: unknown): SinkFailure {
  const retryAfterMs = memberOf(error, "retryAfterMs");
  const memo = memberOf(error, "memo");
  const message = memberOf(error, "message");
  return {
    message: typeof message === "string" ? message : typeof error === "string" ? error : "It threw no Error.",
    isPermanent: PermanentDeliveryError.is(error),
    retryAfterMs: typeof retryAfterMs === "number" && retryAfterMs >= 0 ? retryAfterMs : undefined,
    memo: typeof memo === "string" ? memo : undefined,
    error,
  };
}

/** A member of whatever it is; `undefined` where there is none, or where it cannot be read. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** What a {@link DeliveryError} says besides its message. */
export interface DeliveryErrorDetails {
  /** How long to wait before the next attempt at least, in milliseconds. */
  readonly retryAfterMs?: number;
  /** What the sink wants to know at the next attempt, such as what it has done already; at most {@link MAX_MEMO_LENGTH}. */
  readonly memo?: string;
  /** What went wrong underneath. */
  readonly cause?: unknown;
}

/** The longest memo, in UTF-16 code units. */
export const MAX_MEMO_LENGTH = 2_000;

/**
 * What a sink may throw to say more of a failed delivery than that it failed. Whatever else it throws is as good: the alert
 * is tried again later, longer and longer, until its attempts are used up.
 *
 * @example
 * ```ts
 * import { DeliveryError, type Alert } from "issue-lifecycle";
 *
 * declare function postToChat(alert: Alert): Promise<{ status: number; retryAfterMs: number }>;
 *
 * async function sink(alert: Alert): Promise<void> {
 *   const { status, retryAfterMs } = await postToChat(alert);
 *   if (status === 429) throw new DeliveryError("The chat is busy.", { retryAfterMs });
 * }
 * ```
 */
export class DeliveryError extends Error {
  /** See {@link DeliveryErrorDetails.retryAfterMs}; `undefined` for whatever is due. */
  readonly retryAfterMs: number | undefined;
  /** See {@link DeliveryErrorDetails.memo}; `undefined` leaves the one there is. */
  readonly memo: string | undefined;

  /**
   * Makes an error.
   *
   * @param message - a sentence for people
   * @param details - see {@link DeliveryErrorDetails}
   */
  constructor(message: string, details: DeliveryErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "DeliveryError";
    this.retryAfterMs = details.retryAfterMs;
    this.memo = details.memo;
  }
}

/** Shared by every copy of this package in a process, so that copies recognise each other's errors. */
const PERMANENT: unique symbol = Symbol.for("issue-lifecycle.permanent-delivery-error");

/**
 * What a sink throws when no further attempt can succeed, such as for an address that is not there. The alert is dead at once:
 * kept, listed, and delivered only if somebody drives it again.
 */
export class PermanentDeliveryError extends DeliveryError {
  /**
   * Makes an error.
   *
   * @param message - a sentence for people
   * @param details - see {@link DeliveryErrorDetails}
   */
  constructor(message: string, details: Omit<DeliveryErrorDetails, "retryAfterMs"> = {}) {
    super(message, details);
    this.name = "PermanentDeliveryError";
    Object.defineProperty(this, PERMANENT, { value: true });
  }

  /** Whether a value is such an error, of this copy of the library or of another. */
  static is(value: unknown): value is PermanentDeliveryError {
    return typeof value === "object" && value !== null && PERMANENT in value;
  }
}

import { invalidInput, requireText } from "../core/input.ts";
import { anyText, object, optional } from "../core/shape.ts";
import { shorten } from "../core/text.ts";

/** Details of a {@link DeliveryError}. */
export interface DeliveryErrorDetails {
  /** The shortest pause before the next attempt, in milliseconds; more than a day counts as a day. */
  readonly retryAfterMs?: number;
  /**
   * A note for the next attempt, such as which recipients have the alert already. Ignored above 2,000 characters.
   * It is stored, and passed to the sink as {@link DeliveryAttempt.memo}.
   */
  readonly memo?: string;
  /** The underlying error. */
  readonly cause?: unknown;
}

const detailsShape = object<DeliveryErrorDetails>(
  { retryAfterMs: optional(requireDuration), memo: optional(anyText), cause: (_field, value) => value },
  `{ retryAfterMs: 60_000 }`,
);

function requireDuration(field: string, value: unknown): number {
  if (typeof value === "number" && value >= 0) return value;
  throw invalidInput(field, value, "a number of milliseconds, 0 or more");
}

/** The longest memo, in UTF-16 code units. A longer one is ignored. */
export const MAX_MEMO_LENGTH = 2_000;

/**
 * An error that a sink may throw to control the next attempt. Any other error is retried too, with exponential backoff, until
 * the attempts are used up.
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
  /** See {@link DeliveryErrorDetails.retryAfterMs}; `undefined` for the usual pause. */
  readonly retryAfterMs: number | undefined;
  /** See {@link DeliveryErrorDetails.memo}; `undefined` keeps the memo of the attempt before. */
  readonly memo: string | undefined;

  /**
   * @param message - a sentence for people
   * @throws `IssueLifecycleError` `invalid-input` for details that are unknown or of another type
   */
  constructor(message: string, details: DeliveryErrorDetails = {}) {
    const { retryAfterMs, memo, cause } = detailsShape("details", details);
    super(requireText("message", message, 0, Number.MAX_SAFE_INTEGER), cause === undefined ? undefined : { cause });
    this.name = "DeliveryError";
    this.retryAfterMs = retryAfterMs;
    this.memo = memo;
  }
}

/** Shared by every copy of this package in a process, so that copies recognise each other's errors. */
const PERMANENT: unique symbol = Symbol.for("issue-lifecycle.permanent-delivery-error");

/**
 * An error that a sink throws when no further attempt can succeed, such as for an address that does not exist. The alert is
 * dead at once: it stays in the outbox, and is delivered only if it is redriven.
 */
export class PermanentDeliveryError extends DeliveryError {
  /**
   * @param message - a sentence for people
   * @throws `IssueLifecycleError` `invalid-input` for details that are unknown or of another type
   */
  constructor(message: string, details: Omit<DeliveryErrorDetails, "retryAfterMs"> = {}) {
    super(message, details);
    this.name = "PermanentDeliveryError";
    Object.defineProperty(this, PERMANENT, { value: true });
  }

  /** Whether a value is such an error, of this copy of the library or of another. */
  static is(value: unknown): value is PermanentDeliveryError {
    try {
      return typeof value === "object" && value !== null && PERMANENT in value;
    } catch {
      // A revoked proxy, or one that throws.
      return false;
    }
  }
}

const MAX_ERROR_LENGTH = 1_000;

/** Describes the value that a sink threw. Never throws. */
export function describeError(error: unknown): string {
  try {
    if (error instanceof Error) return shorten(`${error.name}: ${error.message}`, MAX_ERROR_LENGTH);
    if (typeof error === "string") return shorten(error, MAX_ERROR_LENGTH);
  } catch {
    return "The sink threw something that cannot be described.";
  }
  return "The sink threw a value that is not an Error.";
}

/** The memo of the value that a sink threw, if it has a valid one. */
export function memoOf(error: unknown): string | undefined {
  const memo = memberOf(error, "memo");
  return typeof memo === "string" && memo.length <= MAX_MEMO_LENGTH ? memo : undefined;
}

/** The longest pause that a sink can request, in milliseconds. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** The shortest pause that a thrown value requests, in milliseconds; 0 for none. */
export function retryAfterOf(error: unknown): number {
  const retryAfterMs = memberOf(error, "retryAfterMs");
  if (typeof retryAfterMs !== "number" || !(retryAfterMs >= 0)) return 0;
  return Math.min(Math.ceil(retryAfterMs), MAX_RETRY_AFTER_MS);
}

/** A member of any value; `undefined` where there is none or it cannot be read. */
function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

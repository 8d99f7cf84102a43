import { IssueLifecycleError } from "./errors.ts";

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z, never negative. */
export type Instant = number;

/** An instant as an input: epoch milliseconds or a `Date`. */
export type InstantInput = Instant | Date;

/** The last instant that is accepted: the end of the year 9999. */
export const MAX_INSTANT: Instant = 253_402_300_799_999;

/** Whether a value is an {@link Instant}: a whole number from 0 to {@link MAX_INSTANT}. */
export function isInstant(value: unknown): value is Instant {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_INSTANT;
}

/** Formats an instant to the minute, in UTC: `2026-11-23 19:06 UTC`. */
export function formatInstant(at: InstantInput): string {
  const date = toDate(at);
  if (Number.isNaN(date.getTime()))
    throw new IssueLifecycleError("invalid-input", "at: got no instant.", { field: "at" });
  const [day = "", time = ""] = date.toISOString().split("T");
  return `${day} ${time.slice(0, 5)} UTC`;
}

/** A BigInt, a symbol or a revoked proxy is an invalid date. */
function toDate(at: InstantInput): Date {
  try {
    return new Date(at);
  } catch {
    return new Date(Number.NaN);
  }
}

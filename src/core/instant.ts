/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z, never negative. */
export type Instant = number;

/** The last instant this library accepts: the end of the year 9999. */
export const MAX_INSTANT: Instant = 253_402_300_799_999;

/** Whether a value is an {@link Instant}: a whole number from 0 to {@link MAX_INSTANT}. */
export function isInstant(value: unknown): value is Instant {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_INSTANT;
}

/** An instant as people read it, to the minute, in UTC: `2026-11-23 19:06 UTC`. */
export function formatInstant(at: Instant): string {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  return `${date} ${time.slice(0, 5)} UTC`;
}

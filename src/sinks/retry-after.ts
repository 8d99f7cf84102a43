import type { Instant } from "../core/instant.ts";

/** The longest pause that a server is granted: a day. */
const LONGEST_MS = 24 * 3_600_000;

/** `Wed, 25 Nov 2026 09:00:00 GMT`, the one form of a date that HTTP lets servers write. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;

/**
 * The pause that a `Retry-After` asks for, in milliseconds, at most a day: seconds, or a date. `undefined` where it says
 * neither.
 */
export function readRetryAfter(header: string | undefined, now: Instant): number | undefined {
  if (header === undefined) return undefined;
  const pauseMs = /^\d{1,15}$/u.test(header)
    ? Number(header) * 1_000
    : HTTP_DATE.test(header)
      ? Date.parse(header) - now
      : NaN;
  return Number.isNaN(pauseMs) ? undefined : Math.min(Math.max(pauseMs, 0), LONGEST_MS);
}

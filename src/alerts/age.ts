import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";
import { pluralize } from "../core/text.ts";
import type { ClaimedAlert } from "../ports/alert-outbox.ts";

/** The first instant at which an alert is too old to be delivered. */
function expiryOf({ raisedAt }: Pick<Alert, "raisedAt">, maxAgeMs: number | null): Instant {
  return maxAgeMs === null ? Number.POSITIVE_INFINITY : raisedAt + maxAgeMs + 1;
}

/**
 * Whether a claimed alert is discarded for its age. One that became due only after it was too old was redriven then: a person
 * wants it, and it is delivered.
 */
export function isTooOld({ alert, dueAt }: ClaimedAlert, now: Instant, maxAgeMs: number | null): boolean {
  const expiry = expiryOf(alert, maxAgeMs);
  return expiry <= now && dueAt <= expiry;
}

/** The next attempt of an alert: when it is due again, or when it is too old, so that it is discarded then. */
export function dueBeforeExpiry(dueAt: Instant, claimed: ClaimedAlert, maxAgeMs: number | null): Instant {
  const expiry = expiryOf(claimed.alert, maxAgeMs);
  return claimed.dueAt <= expiry ? Math.min(dueAt, expiry) : dueAt;
}

/** Why an alert is discarded for its age. */
export function tooOldReason(maxAgeMs: number): string {
  return `It is too old: it was raised more than ${describeDuration(maxAgeMs)} ago.`;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
  ["millisecond", 1],
] as const;

/** A duration in the largest unit in which it is a whole number: "7 days", "36 hours". */
function describeDuration(durationMs: number): string {
  const [noun, unitMs] = UNITS.find(([, unit]) => durationMs % unit === 0) ?? ["millisecond", 1];
  return pluralize(durationMs / unitMs, noun);
}

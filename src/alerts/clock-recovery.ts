import { CLOCK_TOLERANCE_MS, isAhead } from "../core/clock-recovery.ts";
import type { Instant } from "../core/instant.ts";
import type { AlertTally, OutboxTransaction } from "../ports/alert-outbox.ts";
import { MAX_RETRY_AFTER_MS } from "./delivery-error.ts";
import { DEFAULT_LIMITS, periodAt, type AlertLimits } from "./limits.ts";
import { MAX_LEASE_MS } from "./options.ts";

/** The most alerts and the most tallies that one claim sets back. */
const CHUNK = 100;

/** The clock, and how far into the future this dispatcher writes. */
export interface ClockRecovery {
  readonly now: Instant;
  readonly maxBackoffMs: number;
  readonly limits: AlertLimits | null;
}

/**
 * Sets back what a clock wrote that was ahead: alerts that are due, or leased, later than any right clock could have said are
 * due at once; periods of tallies that begin in the future become the current ones.
 *
 * @returns whether there may be more to set back
 */
export async function setBackClock(outbox: OutboxTransaction, recovery: ClockRecovery): Promise<boolean> {
  const { now, maxBackoffMs, limits } = recovery;
  const latest = now + CLOCK_TOLERANCE_MS;
  const longestMs = Math.max(maxBackoffMs, MAX_RETRY_AFTER_MS, MAX_LEASE_MS);
  const moved = await outbox.move({ to: "due", dueAfter: latest + longestMs, limit: CHUNK });
  const { periodMs } = limits ?? DEFAULT_LIMITS;
  const last = await outbox.lockTallies({ endsAfter: latest + periodMs, limit: CHUNK });
  // Trackers with longer periods may have current ones that end later.
  const ahead = last.filter(({ startsAt }) => isAhead(startsAt, now));
  if (ahead.length > 0) await outbox.writeTallies({ save: ahead.map((tally) => currentTally(tally, now)) });
  return moved.length === CHUNK || ahead.length === CHUNK;
}

/** What was throttled is kept. Notifications that were sent at a wrong time are not counted in the current period. */
function currentTally(tally: AlertTally, now: Instant): AlertTally {
  return { ...tally, ...periodAt(now, tally.endsAt - tally.startsAt), admitted: 0 };
}

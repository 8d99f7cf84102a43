import { bucketOf, bucketStart } from "../core/calendar.ts";
import { MAX_INSTANT, type Instant } from "../core/instant.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import type { VolumeBasedCondition } from "../core/volume-condition.ts";

/**
 * The first instant from `from` on at which none of the conditions is met any more, if no event comes before it; `Infinity` if
 * there is none. Without events a count only falls, and only when a bucket ends.
 *
 * @param from - the newest time counted, or a later one
 */
export function firstUnmet(
  conditions: readonly VolumeBasedCondition[],
  counter: PeriodCounter,
  from: Instant,
): Instant {
  return Math.max(from, ...conditions.map((condition) => unmetFrom(condition, counter, from)));
}

function unmetFrom(condition: VolumeBasedCondition, counter: PeriodCounter, from: Instant): Instant {
  const { period, nrOfPeriods, volume } = condition;
  if (counter.count(condition, from) < volume) return from;
  if (period === "total") return Infinity;
  const current = bucketOf(period, from);
  for (let bucket = current + 1; bucket <= current + nrOfPeriods; bucket++) {
    const startsAt = bucketStart(period, bucket);
    if (startsAt > MAX_INSTANT) break;
    if (counter.count(condition, startsAt) < volume) return startsAt;
  }
  return Infinity;
}

import { addBusiestHours, compareHoursAgain, compareLateHour, endHour, setBackBusiestHours } from "./busiest-hours.ts";
import {
  CALENDAR_PERIODS,
  dayOfMinute,
  hourOfMinute,
  KEPT_BUCKETS,
  monthOfDay,
  weekOfDay,
  yearOfMonth,
  type CalendarPeriod,
} from "./calendar.ts";
import {
  addCountsBefore,
  countBefore,
  newestBucket,
  newestMonth,
  newRings,
  setCountBefore,
  setCountBeforeEach,
  setNewestMonth,
  type Rings,
} from "./ring-slots.ts";

/** Begins the buckets after minute `from` up to minute `to`, with `total` events before each of them. */
export function beginMinute(rings: Rings, from: number, to: number, total: number): void {
  beginBuckets(rings, "minute", from, to, total);
  const fromHour = hourOfMinute(from);
  const toHour = hourOfMinute(to);
  if (fromHour === toHour) return;
  endHour(rings, fromHour, toHour, total);
  beginBuckets(rings, "hour", fromHour, toHour, total);
  const fromDay = dayOfMinute(from);
  const toDay = dayOfMinute(to);
  if (fromDay === toDay) return;
  beginBuckets(rings, "day", fromDay, toDay, total);
  beginBuckets(rings, "week", weekOfDay(fromDay), weekOfDay(toDay), total);
  const fromMonth = newestMonth(rings);
  const toMonth = monthOfDay(toDay);
  beginBuckets(rings, "month", fromMonth, toMonth, total);
  beginBuckets(rings, "year", yearOfMonth(fromMonth), yearOfMonth(toMonth), total);
  setNewestMonth(rings, toMonth);
}

function beginBuckets(rings: Rings, period: CalendarPeriod, from: number, to: number, total: number): void {
  if (to - from >= KEPT_BUCKETS[period]) {
    setCountBeforeEach(rings, period, total);
    return;
  }
  for (let bucket = from + 1; bucket <= to; bucket++) setCountBefore(rings, period, bucket, total);
}

/** Adds `n` events to a bucket older than the newest: they come before all later buckets. */
export function countLate(rings: Rings, minute: number, n: number, bucketOf: (period: CalendarPeriod) => number): void {
  for (const period of CALENDAR_PERIODS) {
    const newest = newestBucket(rings, minute, period);
    const firstLater = Math.max(bucketOf(period) + 1, newest - KEPT_BUCKETS[period] + 1);
    for (let bucket = firstLater; bucket <= newest; bucket++) {
      setCountBefore(rings, period, bucket, countBefore(rings, period, bucket) + n);
    }
  }
  compareLateHour(rings, bucketOf("hour"), hourOfMinute(minute));
}

/**
 * Adds what other rings have counted.
 *
 * @param minute - the newest minute of both
 */
export function addRings(rings: Rings, added: Rings, minute: number): void {
  addCountsBefore(rings, added);
  addBusiestHours(rings, added, minute);
}

/** Where counted events are taken back from: their own buckets first, or those that are in the total only. */
export const TAKEN_FROM = ["own-bucket", "total-only"] as const;

/** One of {@link TAKEN_FROM}. */
export type TakenFrom = (typeof TAKEN_FROM)[number];

/**
 * Takes back `n` events. Where the bucket has not as many, because a clock that was ahead had counted them elsewhere, they are taken
 * from those before all buckets, then from the oldest buckets: later windows count exactly.
 *
 * @param total - how many events there are, these included
 * @param bucketOf - the bucket of the events in a period
 */
export function takeBack(
  rings: Rings,
  minute: number,
  total: number,
  {
    n,
    from,
    bucketOf,
  }: { readonly n: number; readonly from: TakenFrom; readonly bucketOf: (period: CalendarPeriod) => number },
): void {
  for (const period of CALENDAR_PERIODS) {
    const newest = newestBucket(rings, minute, period);
    const kept = KEPT_BUCKETS[period];
    const oldest = newest - kept + 1;
    // How many events came before the end of each bucket, oldest first, after those before all of them.
    const until = Array.from({ length: kept + 1 }, (_, place) =>
      place === kept ? total : countBefore(rings, period, oldest + place),
    );
    const counts = until.map((count, place) => count - (until[place - 1] ?? 0));
    const own = bucketOf(period) > newest ? 0 : Math.max(bucketOf(period) - oldest + 1, 0);
    const oldestFirst = counts.keys();
    let left = n;
    for (const place of from === "own-bucket" ? [own, ...oldestFirst] : [0, own, ...oldestFirst]) {
      const taken = Math.min(left, counts[place] ?? 0);
      counts[place] = (counts[place] ?? 0) - taken;
      left -= taken;
    }
    let before = 0;
    for (let place = 0; place < kept; place++) {
      before += counts[place] ?? 0;
      setCountBefore(rings, period, oldest + place, before);
    }
  }
  compareHoursAgain(rings, minute);
}

/**
 * The rings with an earlier newest minute. Events beyond it move to the current buckets. Where a bucket is no longer kept, it
 * is not known how many events came before it: all that came before the oldest bucket kept count as before it.
 *
 * @param from - the newest minute
 * @param to - the new one
 */
export function ringsSetBack(rings: Rings, from: number, to: number): Rings {
  const result = newRings(to);
  for (const period of CALENDAR_PERIODS) {
    const oldestKept = newestBucket(rings, from, period) - KEPT_BUCKETS[period] + 1;
    const newest = newestBucket(result, to, period);
    for (let bucket = newest - KEPT_BUCKETS[period] + 1; bucket <= newest; bucket++) {
      setCountBefore(result, period, bucket, countBefore(rings, period, Math.max(bucket, oldestKept)));
    }
  }
  setBackBusiestHours(result, to, rings, from);
  return result;
}

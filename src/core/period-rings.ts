import {
  bucketOfMinute,
  CALENDAR_PERIODS,
  dayOfMinute,
  hourOfMinute,
  KEPT_BUCKETS,
  monthOfDay,
  weekOfDay,
  yearOfMonth,
  type CalendarPeriod,
} from "./calendar.ts";

/**
 * For each bucket kept, the number of events before it: one ring per period, one after the other. The last element is the
 * number of the newest month, because that is slow to calculate.
 */
export type Rings = Float64Array;

/** The index at which each period's ring begins. */
const RING_OFFSET: Readonly<Record<CalendarPeriod, number>> = {
  minute: 0,
  hour: 60,
  day: 84,
  week: 114,
  month: 122,
  year: 134,
};

const NEWEST_MONTH_SLOT = RING_OFFSET.year + KEPT_BUCKETS.year;

/** The rings of a counter whose events are all in one minute: no events before any bucket. */
export function newRings(minute: number): Rings {
  const rings = new Float64Array(NEWEST_MONTH_SLOT + 1);
  rings[NEWEST_MONTH_SLOT] = monthOfDay(dayOfMinute(minute));
  return rings;
}

/** The number of the newest bucket of a period, when `minute` is the newest minute. */
export function newestBucket(rings: Rings, minute: number, period: CalendarPeriod): number {
  return bucketOfMinute(period, minute, rings[NEWEST_MONTH_SLOT]);
}

/** The number of events before a bucket, which must be one of those kept. */
export function countBefore(rings: Rings, period: CalendarPeriod, bucket: number): number {
  return rings[slotOf(period, bucket)] ?? 0;
}

/** Sets the number of events before a bucket. */
export function setCountBefore(rings: Rings, period: CalendarPeriod, bucket: number, count: number): void {
  rings[slotOf(period, bucket)] = count;
}

/** Begins the buckets after minute `from` up to minute `to`, with `total` events before each of them. */
export function beginMinute(rings: Rings, from: number, to: number, total: number): void {
  beginBuckets(rings, "minute", from, to, total);
  beginBuckets(rings, "hour", hourOfMinute(from), hourOfMinute(to), total);
  const fromDay = dayOfMinute(from);
  const toDay = dayOfMinute(to);
  if (fromDay === toDay) return;
  beginBuckets(rings, "day", fromDay, toDay, total);
  beginBuckets(rings, "week", weekOfDay(fromDay), weekOfDay(toDay), total);
  const fromMonth = rings[NEWEST_MONTH_SLOT] ?? 0;
  const toMonth = monthOfDay(toDay);
  beginBuckets(rings, "month", fromMonth, toMonth, total);
  beginBuckets(rings, "year", yearOfMonth(fromMonth), yearOfMonth(toMonth), total);
  rings[NEWEST_MONTH_SLOT] = toMonth;
}

function beginBuckets(rings: Rings, period: CalendarPeriod, from: number, to: number, total: number): void {
  const kept = KEPT_BUCKETS[period];
  if (to - from >= kept) {
    rings.fill(total, RING_OFFSET[period], RING_OFFSET[period] + kept);
    return;
  }
  for (let bucket = from + 1; bucket <= to; bucket++) rings[slotOf(period, bucket)] = total;
}

/** Adds `n` events to a bucket older than the newest: they come before all later buckets. */
export function countLate(rings: Rings, minute: number, n: number, bucketOf: (period: CalendarPeriod) => number): void {
  for (const period of CALENDAR_PERIODS) {
    const newest = newestBucket(rings, minute, period);
    const firstLater = Math.max(bucketOf(period) + 1, newest - KEPT_BUCKETS[period] + 1);
    for (let bucket = firstLater; bucket <= newest; bucket++) {
      const slot = slotOf(period, bucket);
      rings[slot] = (rings[slot] ?? 0) + n;
    }
  }
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
  return result;
}

/** Near 1970 the oldest buckets kept have negative numbers, but above minus the ring's length. */
function slotOf(period: CalendarPeriod, bucket: number): number {
  const kept = KEPT_BUCKETS[period];
  return RING_OFFSET[period] + ((bucket + kept) % kept);
}

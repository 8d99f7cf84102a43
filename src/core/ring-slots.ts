import {
  bucketOfMinute,
  dayOfMinute,
  KEPT_BUCKETS,
  KEPT_BUSIEST_HOURS,
  monthOfDay,
  type CalendarPeriod,
} from "./calendar.ts";

/**
 * For each bucket kept, the number of events before it: one ring per period, one after the other. Then the ring of the days'
 * busiest hours. The last element is the number of the newest month, because that is slow to calculate.
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

const BUSIEST_HOURS_OFFSET = RING_OFFSET.year + KEPT_BUCKETS.year;
const NEWEST_MONTH_SLOT = BUSIEST_HOURS_OFFSET + KEPT_BUSIEST_HOURS;

/** The rings of a counter whose events are all in one minute: no events before any bucket, and none in a complete hour. */
export function newRings(minute: number): Rings {
  const rings = new Float64Array(NEWEST_MONTH_SLOT + 1);
  setNewestMonth(rings, monthOfDay(dayOfMinute(minute)));
  return rings;
}

/** The number of the newest month. */
export function newestMonth(rings: Rings): number {
  return rings[NEWEST_MONTH_SLOT] ?? 0;
}

/** Sets the number of the newest month. */
export function setNewestMonth(rings: Rings, month: number): void {
  rings[NEWEST_MONTH_SLOT] = month;
}

/** The number of the newest bucket of a period, when `minute` is the newest minute. */
export function newestBucket(rings: Rings, minute: number, period: CalendarPeriod): number {
  return bucketOfMinute(period, minute, newestMonth(rings));
}

/** The slots of a period's ring. */
export interface RingSlots {
  readonly first: number;
  readonly last: number;
}

/** The slots of a period's ring. */
export function ringOf(period: CalendarPeriod): RingSlots {
  return { first: RING_OFFSET[period], last: RING_OFFSET[period] + KEPT_BUCKETS[period] - 1 };
}

/** The slot of the bucket before that of another slot. Faster than to find each bucket's slot, to walk through all of them. */
export function slotBefore({ first, last }: RingSlots, slot: number): number {
  return slot === first ? last : slot - 1;
}

/** The number of events before a bucket, which must be one of those kept. */
export function countBefore(rings: Rings, period: CalendarPeriod, bucket: number): number {
  return rings[slotOf(period, bucket)] ?? 0;
}

/** Sets the number of events before a bucket. */
export function setCountBefore(rings: Rings, period: CalendarPeriod, bucket: number, count: number): void {
  rings[slotOf(period, bucket)] = count;
}

/** Sets the number of events before each bucket of a period. */
export function setCountBeforeEach(rings: Rings, period: CalendarPeriod, count: number): void {
  rings.fill(count, RING_OFFSET[period], RING_OFFSET[period] + KEPT_BUCKETS[period]);
}

/** Adds `n` events before every bucket of every period. */
export function addBeforeAll(rings: Rings, n: number): void {
  for (let slot = 0; slot < BUSIEST_HOURS_OFFSET; slot++) rings[slot] = (rings[slot] ?? 0) + n;
}

/** Adds the numbers of events before each bucket of other rings, with the same newest minute. */
export function addCountsBefore(rings: Rings, added: Rings): void {
  for (let slot = 0; slot < BUSIEST_HOURS_OFFSET; slot++) rings[slot] = (rings[slot] ?? 0) + (added[slot] ?? 0);
}

/** The number of events in the busiest complete hour of a day, which must be one of those kept. */
export function busiestHourOf(rings: Rings, day: number): number {
  return rings[busiestHourSlot(day)] ?? 0;
}

/** Sets the number of events in a day's busiest complete hour. */
export function setBusiestHourOf(rings: Rings, day: number, count: number): void {
  rings[busiestHourSlot(day)] = count;
}

/** The slot of a bucket, which must be one of those kept. */
export function slotOf(period: CalendarPeriod, bucket: number): number {
  return RING_OFFSET[period] + placeInRing(bucket, KEPT_BUCKETS[period]);
}

function busiestHourSlot(day: number): number {
  return BUSIEST_HOURS_OFFSET + placeInRing(day, KEPT_BUSIEST_HOURS);
}

/** Near 1970 the oldest buckets kept have negative numbers, but above minus the ring's length. */
function placeInRing(bucket: number, kept: number): number {
  return (bucket + kept) % kept;
}

import { dayOfHour, dayOfMinute, hourOfMinute, HOURS_PER_DAY, KEPT_BUCKETS, KEPT_BUSIEST_HOURS } from "./calendar.ts";
import { busiestHourOf, countBefore, setBusiestHourOf, type Rings } from "./ring-slots.ts";

/*
 * Each day's busiest hour is the largest of its complete hours. An hour is compared when it ends, and again when a late event
 * counts in it.
 */

/** Compares the newest hour, which ends, and begins the days up to that of the next one. */
export function endHour(rings: Rings, hour: number, next: number, total: number): void {
  raise(rings, hour, total - countBefore(rings, "hour", hour));
  const day = dayOfHour(next);
  const firstNew = Math.max(dayOfHour(hour) + 1, day - KEPT_BUSIEST_HOURS + 1);
  for (let begun = firstNew; begun <= day; begun++) setBusiestHourOf(rings, begun, 0);
}

/** Compares an hour in which late events were counted, if it is complete and kept. */
export function compareLateHour(rings: Rings, hour: number, newest: number): void {
  if (hour < newest && hour > newest - KEPT_BUCKETS.hour) raise(rings, hour, countOfHour(rings, hour));
}

/**
 * The number of events in the busiest complete hour of the day of minute `now` and the days before it that are kept. Without
 * the newest hour.
 *
 * @param minute - the newest minute; `now` is not before it
 */
export function busiestHourUntil(rings: Rings, minute: number, now: number): number {
  let busiest = 0;
  const newest = dayOfMinute(minute);
  for (let day = dayOfMinute(now) - KEPT_BUSIEST_HOURS + 1; day <= newest; day++) {
    busiest = Math.max(busiest, busiestHourOf(rings, day));
  }
  return busiest;
}

/** The number of events in the busiest complete hour of a day, as far as the kept hours tell. */
export function busiestKeptHour(rings: Rings, minute: number, day: number): number {
  const newest = hourOfMinute(minute);
  const end = Math.min(newest, (day + 1) * HOURS_PER_DAY);
  const first = Math.max(day * HOURS_PER_DAY, oldestKeptHour(minute));
  // In most counters no event came before the newest hour.
  if (first >= end || countBefore(rings, "hour", newest) === 0) return 0;
  let busiest = 0;
  let before = countBefore(rings, "hour", first);
  for (let next = first + 1; next <= end; next++) {
    const beforeNext = countBefore(rings, "hour", next);
    busiest = Math.max(busiest, beforeNext - before);
    before = beforeNext;
  }
  return busiest;
}

/**
 * Sets the busiest hours of rings that were set back. If not all hours of the new current day are kept, what was its busiest hour
 * stays, although it may be one beyond now.
 *
 * @param before - the rings as they were, with the newest minute `from`
 */
export function setBackBusiestHours(rings: Rings, to: number, before: Rings, from: number): void {
  const today = dayOfMinute(to);
  const isTodayKept = today * HOURS_PER_DAY >= oldestKeptHour(from);
  for (let day = today; day > today - KEPT_BUSIEST_HOURS; day--) {
    if (day === today && isTodayKept) setBusiestHourOf(rings, day, busiestKeptHour(rings, to, day));
    else if (day > dayOfMinute(from) - KEPT_BUSIEST_HOURS) setBusiestHourOf(rings, day, busiestHourOf(before, day));
  }
}

/**
 * Corrects the busiest hours after events were taken back. Of a day that is over not all hours are kept: its busiest one stays, as far as
 * the day still has as many events.
 */
export function compareHoursAgain(rings: Rings, minute: number): void {
  const today = dayOfMinute(minute);
  setBusiestHourOf(rings, today, busiestKeptHour(rings, minute, today));
  for (let day = today - 1; day > today - KEPT_BUSIEST_HOURS; day--) {
    const ofDay = countBefore(rings, "day", day + 1) - countBefore(rings, "day", day);
    setBusiestHourOf(rings, day, Math.min(busiestHourOf(rings, day), ofDay));
  }
}

/**
 * Adds the busiest hours of other rings, whose counts were added already: of a day's hours that are kept, those of both together; of the
 * others it is not known which were the same.
 */
export function addBusiestHours(rings: Rings, added: Rings, minute: number): void {
  const today = dayOfMinute(minute);
  for (let day = today; day > today - KEPT_BUSIEST_HOURS; day--) {
    const known = Math.max(busiestHourOf(rings, day), busiestHourOf(added, day));
    setBusiestHourOf(rings, day, Math.max(known, busiestKeptHour(rings, minute, day)));
  }
}

function raise(rings: Rings, hour: number, count: number): void {
  const day = dayOfHour(hour);
  if (count > busiestHourOf(rings, day)) setBusiestHourOf(rings, day, count);
}

/** The number of events in an hour that is kept and complete. */
function countOfHour(rings: Rings, hour: number): number {
  return countBefore(rings, "hour", hour + 1) - countBefore(rings, "hour", hour);
}

function oldestKeptHour(minute: number): number {
  return hourOfMinute(minute) - KEPT_BUCKETS.hour + 1;
}

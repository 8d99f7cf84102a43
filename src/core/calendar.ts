import type { Instant } from "./instant.ts";

/** The lengths of the buckets in which events are counted, finest first, and `total` for all events. In UTC. */
export const PERIODS = ["minute", "hour", "day", "week", "month", "year", "total"] as const;

/** The length of a bucket, or `total`. */
export type Period = (typeof PERIODS)[number];

/** A period other than `total`. */
export type CalendarPeriod = Exclude<Period, "total">;

/** {@link PERIODS} without `total`, finest first. */
export const CALENDAR_PERIODS = ["minute", "hour", "day", "week", "month", "year"] as const satisfies CalendarPeriod[];

/** How many buckets of each period are kept, the current one included. A condition cannot cover more. */
export const KEPT_BUCKETS: Readonly<Record<CalendarPeriod, number>> = {
  minute: 60,
  hour: 24,
  day: 30,
  week: 8,
  month: 12,
  year: 5,
};

/** Of how many days the busiest hour is kept, the current day included. */
export const KEPT_BUSIEST_HOURS = 8;

/** The number of hours of a day. */
export const HOURS_PER_DAY = 24;

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1_440;
const MONTHS_PER_YEAR = 12;
/** 1970-01-01 was a Thursday: weeks begin three days before it, on a Monday, as in ISO 8601. */
const DAYS_FROM_MONDAY_TO_EPOCH = 3;

/** The number of an instant's minute, counted from 1970. */
export function minuteOf(at: Instant): number {
  return Math.floor(at / MS_PER_MINUTE);
}

/** The number of a minute's hour. */
export function hourOfMinute(minute: number): number {
  return Math.floor(minute / MINUTES_PER_HOUR);
}

/** The number of a minute's day. */
export function dayOfMinute(minute: number): number {
  return Math.floor(minute / MINUTES_PER_DAY);
}

/** The number of an hour's day. */
export function dayOfHour(hour: number): number {
  return Math.floor(hour / HOURS_PER_DAY);
}

/** The number of a day's week. Weeks begin on Monday. */
export function weekOfDay(day: number): number {
  return Math.floor((day + DAYS_FROM_MONDAY_TO_EPOCH) / 7);
}

/** The number of a day's month: twelve times the year, plus 0 for January. */
export function monthOfDay(day: number): number {
  const date = new Date(day * MINUTES_PER_DAY * MS_PER_MINUTE);
  return date.getUTCFullYear() * MONTHS_PER_YEAR + date.getUTCMonth();
}

/** The number of a month's year. */
export function yearOfMonth(month: number): number {
  return Math.floor(month / MONTHS_PER_YEAR);
}

/** The number of an instant's bucket. Consecutive buckets have consecutive numbers. */
export function bucketOf(period: CalendarPeriod, at: Instant): number {
  return bucketOfMinute(period, minuteOf(at));
}

/**
 * The number of a minute's bucket.
 *
 * @param month - the number of the minute's month, if it is known; it is the only slow calculation
 */
export function bucketOfMinute(period: CalendarPeriod, minute: number, month?: number): number {
  switch (period) {
    case "minute":
      return minute;
    case "hour":
      return hourOfMinute(minute);
    case "day":
      return dayOfMinute(minute);
    case "week":
      return weekOfDay(dayOfMinute(minute));
    case "month":
      return month ?? monthOfDay(dayOfMinute(minute));
    case "year":
      return yearOfMonth(month ?? monthOfDay(dayOfMinute(minute)));
  }
}

/** The first instant of a bucket, by the number {@link bucketOf} gives it. */
export function bucketStart(period: CalendarPeriod, bucket: number): Instant {
  switch (period) {
    case "minute":
      return bucket * MS_PER_MINUTE;
    case "hour":
      return bucket * MINUTES_PER_HOUR * MS_PER_MINUTE;
    case "day":
      return bucket * MINUTES_PER_DAY * MS_PER_MINUTE;
    case "week":
      return (bucket * 7 - DAYS_FROM_MONDAY_TO_EPOCH) * MINUTES_PER_DAY * MS_PER_MINUTE;
    case "month":
      return Date.UTC(Math.floor(bucket / MONTHS_PER_YEAR), bucket % MONTHS_PER_YEAR);
    case "year":
      return Date.UTC(bucket, 0);
  }
}

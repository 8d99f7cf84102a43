import { invalidInput, isDate, requireInstant } from "../../core/input.ts";
import type { Instant, InstantInput } from "../../core/instant.ts";

/** A length of time: milliseconds, or a number with a unit, such as `"90s"`, `"5m"`, `"2h"`, `"3d"`, `"1w"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d" | "w"}`;

/**
 * A time in UTC: `"09:00"` or `"09:00:30"` on the day that the timeline has reached, `"2026-11-23"`, `"2026-11-23 09:00"`,
 * a `Date`, or epoch milliseconds.
 */
export type Time = string | InstantInput;

const MS_IN: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A {@link Duration} in milliseconds. */
export function toMs(field: string, duration: unknown): number {
  const ms = typeof duration === "string" ? parseDuration(duration) : duration;
  if (typeof ms === "number" && Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw invalidInput(field, duration, 'whole milliseconds, or a text such as "90s", "5m", "2h", "3d" or "1w"');
}

function parseDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/u.exec(text) ?? [];
  return Number(number) * (MS_IN[unit] ?? Number.NaN);
}

const MS_IN_DAY = 86_400_000;

/**
 * A {@link Time} as an instant.
 *
 * @param now - a time of day is one on the day of this instant
 */
export function toInstant(field: string, time: unknown, now: Instant): Instant {
  if (typeof time === "number" || isDate(time)) return requireInstant(field, time);
  const at = typeof time === "string" ? parseTime(time, now) : undefined;
  if (at !== undefined) return at;
  throw invalidInput(field, time, 'a time such as "09:00" or "2026-11-23 09:00", a Date, or epoch milliseconds');
}

function parseTime(text: string, now: Instant): Instant | undefined {
  const [, date, clock] =
    /^(\d{4}-\d{2}-\d{2})?(?:(?:^| )((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?))?$/u.exec(text) ?? [];
  if ((date ?? clock) === undefined) return undefined;
  const day = date === undefined ? Math.floor(now / MS_IN_DAY) * MS_IN_DAY : Date.parse(`${date}T00:00:00Z`);
  const inDay = clock === undefined ? 0 : Date.parse(`1970-01-01T${clock.padEnd(8, ":00")}Z`);
  // Date.parse reads a day that the month does not have as one of the next month.
  const isDay = date === undefined || (!Number.isNaN(day) && new Date(day).toISOString().startsWith(date));
  return isDay && Number.isInteger(day + inDay) ? day + inDay : undefined;
}

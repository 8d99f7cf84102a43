import { invalidInput } from "../../core/input.ts";

/** A length of time: milliseconds, or a number with a unit, such as `"90s"`, `"5m"`, `"2h"`, `"3d"`, `"1w"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d" | "w"}`;

const MS_IN: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration in milliseconds. */
export function toMs(field: string, duration: unknown): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/u.exec(String(duration)) ?? [];
  const ms = typeof duration === "number" ? duration : Number(number) * (MS_IN[unit ?? ""] ?? Number.NaN);
  if (Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw invalidInput(field, duration, 'whole milliseconds, or a text such as "90s", "5m", "2h", "3d" or "1w"');
}

const MS_IN_DAY = 86_400_000;

/**
 * An instant in UTC: `"09:00"` and `"09:00:30"` on the day of another instant, `"2026-11-23"` and `"2026-11-23 09:00"`, or epoch
 * milliseconds.
 */
export function toInstant(field: string, time: unknown, on: number): number {
  if (typeof time === "number") return time;
  const [, date, clock] =
    /^(\d{4}-\d{2}-\d{2})?(?:(?:^| )((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?))?$/u.exec(String(time)) ?? [];
  const day = date === undefined ? Math.floor(on / MS_IN_DAY) * MS_IN_DAY : Date.parse(`${date}T00:00:00Z`);
  const inDay = clock === undefined ? 0 : Date.parse(`1970-01-01T${clock.padEnd(8, ":00")}Z`);
  // A day that a month does not have is read as one of the next month.
  const isDay = date === undefined || (!Number.isNaN(day) && new Date(day).toISOString().startsWith(date));
  if ((date ?? clock) !== undefined && isDay && Number.isInteger(day + inDay)) return day + inDay;
  throw invalidInput(field, time, 'a time such as "09:00", "2026-11-23 09:00", or epoch milliseconds');
}

import { CALENDAR_PERIODS, KEPT_BUCKETS, PERIODS, type CalendarPeriod, type Period } from "./calendar.ts";
import { IssueLifecycleError } from "./errors.ts";
import { invalidInput, requireInteger, requireObject, requireOneOf } from "./input.ts";
import { countOf } from "./text.ts";

/**
 * "`volume` events or more in `nrOfPeriods` `period`s": the current calendar bucket (UTC) and the `nrOfPeriods - 1`
 * before it. `1 day` is today since midnight; a window that rolls is said in finer periods, `24 hour` or `60 minute`.
 */
export interface VolumeBasedCondition {
  /** The length of one bucket, or `total` for all events ever. */
  readonly period: Period;
  /** How many buckets the window has, the current one included; 1 for `total`. At most {@link KEPT_BUCKETS}. */
  readonly nrOfPeriods: number;
  /** The number of events that meets the condition; at least 1. */
  readonly volume: number;
}

/** A {@link VolumeBasedCondition} in the snake_case form that Bugsink stores. */
export interface SnakeCaseCondition {
  /** See {@link VolumeBasedCondition.period}. */
  readonly period: Period;
  /** See {@link VolumeBasedCondition.nrOfPeriods}. */
  readonly nr_of_periods: number;
  /** See {@link VolumeBasedCondition.volume}. */
  readonly volume: number;
}

/**
 * Makes a condition: `volume` events or more in `nrOfPeriods` periods.
 *
 * @param volume - how many events meet it, at least 1
 * @param period - the length of one bucket, or `"total"`
 * @param nrOfPeriods - how many buckets; default 1
 * @throws {@link IssueLifecycleError} `invalid-input`, or `condition-out-of-range` for a window that is not kept
 * @example
 * ```ts
 * import { volumeCondition } from "issue-lifecycle";
 *
 * const loudToday = volumeCondition(100, "day");
 * const loudLately = volumeCondition(100, "hour", 24);
 * ```
 */
export function volumeCondition(volume: number, period: Period, nrOfPeriods = 1): VolumeBasedCondition {
  return parseVolumeCondition({ period, nrOfPeriods, volume });
}

/**
 * Reads a condition from a plain value such as parsed JSON, in this library's form or in {@link SnakeCaseCondition}'s.
 * Other members are ignored.
 *
 * @param value - the value to read
 * @param field - what to call the value in an error; default `condition`
 * @throws {@link IssueLifecycleError} `invalid-input`, or `condition-out-of-range` for a window that is not kept
 */
export function parseVolumeCondition(value: unknown, field = "condition"): VolumeBasedCondition {
  const given = requireObject(field, value);
  const period = requireOneOf(`${field}.period`, given["period"], PERIODS);
  const nrOfPeriods = requireInteger(`${field}.nrOfPeriods`, nrOfPeriodsOf(given, field), 1, Number.MAX_SAFE_INTEGER);
  const volume = requireInteger(`${field}.volume`, given["volume"], 1, Number.MAX_SAFE_INTEGER);
  requireKeptWindow(period, nrOfPeriods, field);
  return { period, nrOfPeriods, volume };
}

function nrOfPeriodsOf(given: Readonly<Record<string, unknown>>, field: string): unknown {
  const camelCase = given["nrOfPeriods"];
  const snakeCase = given["nr_of_periods"];
  if (camelCase !== undefined && snakeCase !== undefined && camelCase !== snakeCase) {
    throw invalidInput(`${field}.nr_of_periods`, snakeCase, "the same number as nrOfPeriods, or only one of the two");
  }
  return camelCase ?? snakeCase;
}

function requireKeptWindow(period: Period, nrOfPeriods: number, field: string): void {
  const kept = period === "total" ? 1 : KEPT_BUCKETS[period];
  if (nrOfPeriods <= kept) return;
  const limit =
    period === "total" ? "total is one window and takes 1" : `${countOf(kept, period)} are kept and can be asked for`;
  const suggestion = period === "total" ? "" : ` Say it as ${suggestWindow(period, nrOfPeriods)}.`;
  throw new IssueLifecycleError(
    "condition-out-of-range",
    `${field}.nrOfPeriods: got ${String(nrOfPeriods)}; ${limit}.${suggestion}`,
    { field: `${field}.nrOfPeriods` },
  );
}

/** A day's share of each calendar period's usual length. */
const DAYS_IN: Readonly<Record<CalendarPeriod, number>> = {
  minute: 1 / 1_440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30.436875,
  year: 365.2425,
};

/** The window of coarser buckets that holds a given one and is kept, such as "2 hours" for 61 minutes. */
function suggestWindow(period: CalendarPeriod, nrOfPeriods: number): string {
  const days = nrOfPeriods * DAYS_IN[period];
  for (const coarser of CALENDAR_PERIODS.slice(CALENDAR_PERIODS.indexOf(period) + 1)) {
    const needed = Math.ceil(days / DAYS_IN[coarser] - 1e-9);
    if (needed <= KEPT_BUCKETS[coarser]) return countOf(needed, coarser);
  }
  return "total";
}

/** Whether two conditions ask for the same. */
export function equalVolumeConditions(one: VolumeBasedCondition, other: VolumeBasedCondition): boolean {
  return one.period === other.period && one.nrOfPeriods === other.nrOfPeriods && one.volume === other.volume;
}

/** A condition in the snake_case form, for stores and APIs that speak it. */
export function toSnakeCase(condition: VolumeBasedCondition): SnakeCaseCondition {
  return { period: condition.period, nr_of_periods: condition.nrOfPeriods, volume: condition.volume };
}

/**
 * A condition as a true sentence's part: "100 events or more in the current day", "5 events or more in the current hour
 * and the 23 before it", "10 events or more in total".
 */
export function describeVolumeCondition(condition: VolumeBasedCondition): string {
  return `${countOf(condition.volume, "event")} or more ${describeWindow(condition)}`;
}

/** A condition's window in words: "in the current hour and the 23 before it", "in total". */
export function describeWindow({ period, nrOfPeriods }: Pick<VolumeBasedCondition, "period" | "nrOfPeriods">): string {
  if (period === "total") return "in total";
  if (nrOfPeriods === 1) return `in the current ${period}`;
  return `in the current ${period} and the ${nrOfPeriods === 2 ? "one" : String(nrOfPeriods - 1)} before it`;
}

/**
 * The same when it is over, for whoever reads it later: "5 events or more in one calendar hour", "5 events or more in 24
 * calendar hours in a row", "10 events or more in total".
 */
export function describeReachedCondition({ period, nrOfPeriods, volume }: VolumeBasedCondition): string {
  const events = `${countOf(volume, "event")} or more`;
  if (period === "total") return `${events} in total`;
  if (nrOfPeriods === 1) return `${events} in one calendar ${period}`;
  return `${events} in ${countOf(nrOfPeriods, `calendar ${period}`)} in a row`;
}

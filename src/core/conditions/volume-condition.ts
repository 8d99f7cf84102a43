import { CALENDAR_PERIODS, KEPT_BUCKETS, PERIODS, type CalendarPeriod, type Period } from "../calendar.ts";
import { IssueLifecycleError } from "../errors.ts";
import { invalidInput, requireBoolean } from "../input.ts";
import { countTowards } from "../threshold.ts";
import { count, integer, looseObject, object, oneOf, optional, withDefault, type Shape } from "../shape.ts";
import { pluralize } from "../text.ts";
import { fromTheMute, judgedAt, type ConditionRule } from "./condition-rule.ts";

/**
 * A condition that is met by `volume` events or more in `nrOfPeriods` calendar buckets (UTC): the current one and those
 * before it. One `day` is today since midnight; for a rolling window use finer periods, such as 24 `hour` or 60 `minute`.
 */
export interface VolumeBasedCondition {
  readonly kind: "volume";
  /** The length of one bucket, or `total` for all events ever. */
  readonly period: Period;
  /** How many buckets the window has, the current one included; 1 for `total`. At most {@link KEPT_BUCKETS}. */
  readonly nrOfPeriods: number;
  /** The number of events that meets the condition; at least 1. */
  readonly volume: number;
}

/** A {@link VolumeBasedCondition} that a caller gives. */
export interface VolumeConditionInput {
  /** May be left out. */
  readonly kind?: "volume";
  readonly period: Period;
  readonly nrOfPeriods: number;
  readonly volume: number;
}

/** That a {@link VolumeBasedCondition} was met. */
export interface VolumeReached {
  readonly kind: "volume-reached";
  readonly condition: VolumeBasedCondition;
  /** The number of events that counted. */
  readonly count: number;
  /** Whether only events after the mute counted. */
  readonly sinceMute: boolean;
}

/** A {@link VolumeBasedCondition} in the snake_case form that Bugsink stores. */
export interface SnakeCaseCondition {
  readonly period: Period;
  readonly nr_of_periods: number;
  readonly volume: number;
}

/**
 * Creates a condition: `volume` events or more in `nrOfPeriods` periods.
 *
 * @param volume - how many events meet the condition; at least 1
 * @param period - the length of one bucket, or `"total"`
 * @param nrOfPeriods - how many buckets; default 1
 * @throws {@link IssueLifecycleError} `invalid-input`, or `condition-out-of-range` for a window that is not kept
 * @example
 * ```ts
 * import { volumeCondition } from "issue-lifecycle";
 *
 * const frequentToday = volumeCondition(100, "day");
 * const frequentIn24Hours = volumeCondition(100, "hour", 24);
 * ```
 */
export function volumeCondition(volume: number, period: Period, nrOfPeriods = 1): VolumeBasedCondition {
  return volumeConditionInput("condition", { period, nrOfPeriods, volume });
}

/**
 * Checks a condition, such as one from parsed JSON, in this library's form or in {@link SnakeCaseCondition}'s.
 *
 * @param value - the condition, unchecked
 * @param field - its name in an error; default `condition`
 * @throws {@link IssueLifecycleError} `invalid-input`, or `condition-out-of-range` for a window that is not kept
 */
export function parseVolumeCondition(value: unknown, field = "condition"): VolumeBasedCondition {
  return volumeConditionInput(field, value);
}

/** The stored form of a condition. Earlier versions stored no kind. */
export function volumeConditionShape(field: string, value: unknown): VolumeBasedCondition {
  return requireKeptWindow(field, storedCondition(field, value));
}

const bucketCount = integer(1, Number.MAX_SAFE_INTEGER);
const volume = integer(1, Number.MAX_SAFE_INTEGER);
const storedCondition = looseObject<VolumeBasedCondition>({
  kind: withDefault(oneOf(["volume"]), "volume"),
  period: oneOf(PERIODS),
  nrOfPeriods: bucketCount,
  volume,
});
const eitherForm = object(
  {
    kind: optional(oneOf(["volume"])),
    period: oneOf(PERIODS),
    nrOfPeriods: optional(bucketCount),
    nr_of_periods: optional(bucketCount),
    volume,
  } satisfies Record<keyof VolumeBasedCondition | keyof SnakeCaseCondition, Shape<unknown>>,
  `{ period: "day", nrOfPeriods: 1, volume: 100 }`,
);

/** The stored form of {@link VolumeReached}. */
export const volumeReachedMembers = { condition: volumeConditionShape, count, sinceMute: requireBoolean };

/** The shape of a condition that a caller gives. */
export function volumeConditionInput(field: string, value: unknown): VolumeBasedCondition {
  const { period, nrOfPeriods, nr_of_periods: snakeCase, volume } = eitherForm(field, value);
  if (nrOfPeriods !== undefined && snakeCase !== undefined && nrOfPeriods !== snakeCase) {
    throw invalidInput(`${field}.nr_of_periods`, snakeCase, "the same number as nrOfPeriods, or only one of the two");
  }
  const given = bucketCount(`${field}.nrOfPeriods`, nrOfPeriods ?? snakeCase);
  return requireKeptWindow(field, { kind: "volume", period, nrOfPeriods: given, volume });
}

/** How a volume-based condition is judged. */
export function volumeRule(condition: VolumeBasedCondition): ConditionRule {
  const { period, nrOfPeriods, volume: needed } = condition;
  return {
    window: { period, nrOfPeriods },
    countsUsers: false,
    isSinceMute: false,
    asRequested: condition,
    asMuted: () => condition,
    standing: (evidence) => {
      const { counter, countedFrom } = evidence;
      return { count: countTowards(counter, condition, countedFrom, judgedAt(evidence)), needed, usual: 0 };
    },
    // A window cannot gain more events than are counted; past ones can only leave it.
    eventsUntilMet: ({ count }) => needed - count,
    reason: ({ count }, { countedFrom }) => ({ kind: "volume-reached", condition, count, sinceMute: countedFrom > 0 }),
    describe: () => describeVolumeCondition(condition),
    describeTimeless: (sinceMute) => describeReachedCondition(condition) + fromTheMute(sinceMute),
    describeStanding: ({ count }, sinceMute) =>
      `${String(count)} of ${pluralize(needed, "event")}${sinceMute ? " since the mute" : ""} ${describeWindow(condition)}`,
  };
}

function requireKeptWindow(field: string, condition: VolumeBasedCondition): VolumeBasedCondition {
  const { period, nrOfPeriods } = condition;
  const kept = period === "total" ? 1 : KEPT_BUCKETS[period];
  if (nrOfPeriods <= kept) return condition;
  const limit =
    period === "total" ? "total is one window and takes 1" : `${pluralize(kept, period)} are kept and can be asked for`;
  const suggestion =
    period === "total" ? "" : ` Ask for ${suggestWindow(period, nrOfPeriods)}, which always includes that window.`;
  throw new IssueLifecycleError(
    "condition-out-of-range",
    `${field}.nrOfPeriods: got ${String(nrOfPeriods)}; ${limit}.${suggestion}`,
    { field: `${field}.nrOfPeriods` },
  );
}

const DAY = 1_440;
const MINUTES_IN = { minute: 1, hour: 60, day: DAY, week: 7 * DAY } as const;

/** A kept window of coarser buckets that always includes another window. */
function suggestWindow(period: CalendarPeriod, nrOfPeriods: number): string {
  for (const coarser of CALENDAR_PERIODS.slice(CALENDAR_PERIODS.indexOf(period) + 1)) {
    const needed = 1 + bucketsBefore(period, nrOfPeriods - 1, coarser);
    if (needed <= KEPT_BUCKETS[coarser]) return pluralize(needed, coarser);
  }
  return "total";
}

/**
 * How many coarser buckets before the current one include a number of buckets before the current one. The worst case is
 * a coarser bucket that has just begun.
 */
function bucketsBefore(period: CalendarPeriod, buckets: number, coarser: CalendarPeriod): number {
  if (period === "month" || period === "year") return Math.ceil(buckets / 12);
  // A month or year may begin on the last day of a week.
  const minutes = buckets * MINUTES_IN[period] + (period === "week" ? 6 * DAY : 0);
  switch (coarser) {
    case "month":
      // n months in a row have at least 30 n - 2 days.
      return Math.ceil((minutes / DAY + 2) / 30);
    case "year":
      return Math.ceil(minutes / (365 * DAY));
    default:
      return Math.ceil(minutes / MINUTES_IN[coarser]);
  }
}

/** Whether two conditions are equal. */
export function equalVolumeConditions(one: VolumeBasedCondition, other: VolumeBasedCondition): boolean {
  return one.period === other.period && one.nrOfPeriods === other.nrOfPeriods && one.volume === other.volume;
}

/** A condition in the snake_case form, for stores and APIs that use it. */
export function toSnakeCase(condition: VolumeBasedCondition): SnakeCaseCondition {
  return { period: condition.period, nr_of_periods: condition.nrOfPeriods, volume: condition.volume };
}

/**
 * A condition in words: "100 events or more in the current day", "5 events or more in the current hour and the 23 before
 * it", "10 events or more in total".
 */
export function describeVolumeCondition(condition: VolumeBasedCondition): string {
  return `${pluralize(condition.volume, "event")} or more ${describeWindow(condition)}`;
}

/** A condition's window in words: "in the current hour and the 23 before it", "in total". */
export function describeWindow({ period, nrOfPeriods }: Pick<VolumeBasedCondition, "period" | "nrOfPeriods">): string {
  if (period === "total") return "in total";
  if (nrOfPeriods === 1) return `in the current ${period}`;
  return `in the current ${period} and the ${nrOfPeriods === 2 ? "one" : String(nrOfPeriods - 1)} before it`;
}

/**
 * A condition that was met, in words that are true at any later time: "5 events or more in one calendar hour", "5 events or
 * more in 24 calendar hours in a row", "10 events or more in total".
 */
export function describeReachedCondition({ period, nrOfPeriods, volume }: VolumeBasedCondition): string {
  const events = `${pluralize(volume, "event")} or more`;
  if (period === "total") return `${events} in total`;
  if (nrOfPeriods === 1) return `${events} in one calendar ${period}`;
  return `${events} in ${pluralize(nrOfPeriods, `calendar ${period}`)} in a row`;
}

/** {@link VolumeReached} as a sentence. */
export function describeVolumeReached({ condition, sinceMute }: VolumeReached): string {
  return `There ${condition.volume === 1 ? "was" : "were"} ${describeReachedCondition(condition)}${fromTheMute(sinceMute)}.`;
}

import { bucketOf } from "../calendar.ts";
import { invalidInput } from "../input.ts";
import { count, integer, looseObject, object, oneOf, optional, withDefault, type Shape } from "../shape.ts";
import { pluralize } from "../text.ts";
import { countTowards } from "../threshold.ts";
import { judgedAt, type ConditionRule, type Evidence } from "./condition-rule.ts";
import { factor, timesUsual, type FactorOfUsual } from "./usual.ts";

/**
 * A condition that is met when the current day (UTC) has more than `floor` events, and more than `factor` times as many as a usual
 * day had: the median of up to 28 complete days before the mute; in a watch before today. Days before the first event do
 * not count.
 */
export interface LouderCondition extends FactorOfUsual {
  readonly kind: "louder";
  /** In a mute, the events of a usual day before it. Set when the issue is muted. */
  readonly usual?: number | undefined;
}

/** A {@link LouderCondition} that a caller gives. */
export interface LouderConditionInput {
  readonly kind: "louder";
  /** Default 50. */
  readonly floor?: number;
  /** Default 10. */
  readonly factor?: number;
}

/** That a {@link LouderCondition} was met. */
export interface GotLouder {
  readonly kind: "got-louder";
  readonly condition: LouderCondition;
  /** The events of the day. */
  readonly count: number;
  /** The events of a usual day. */
  readonly usual: number;
}

const MEMBERS = {
  kind: oneOf(["louder"]),
  floor: withDefault(integer(1, Number.MAX_SAFE_INTEGER), 50),
  factor: withDefault(factor, 10),
};

const usualShape: Shape<number> = (field, value) => {
  // The median of two days may lie between two whole numbers.
  if (typeof value === "number" && value >= 0 && Number.isSafeInteger(2 * value)) return value;
  throw invalidInput(field, value, "half of a whole number from 0");
};

/** The shape of a condition that a caller gives. */
export const louderConditionInput: Shape<LouderCondition> = object<Omit<LouderCondition, "usual">>(
  MEMBERS,
  `{ kind: "louder" }`,
);

/** The stored form of a condition. */
export const louderConditionShape: Shape<LouderCondition> = looseObject<LouderCondition>({
  ...MEMBERS,
  usual: optional(usualShape),
});

/** The stored form of {@link GotLouder}. */
export const gotLouderMembers = { condition: louderConditionShape, count, usual: usualShape };

const DAY = { period: "day", nrOfPeriods: 1 } as const;

/** The most days before today of which the median is taken. */
const MAX_DAYS = 28;

/** How it is judged whether an issue is louder than usual. */
export function louderRule(condition: LouderCondition): ConditionRule {
  return {
    window: DAY,
    countsUsers: false,
    isSinceMute: false,
    asRequested: { kind: condition.kind, floor: condition.floor, factor: condition.factor },
    asMuted: (evidence) => ({ ...condition, usual: usualDay(evidence) }),
    standing: (evidence) => {
      const found = countTowards(evidence.counter, DAY, evidence.countedFrom, judgedAt(evidence));
      return timesUsual(condition, found, condition.usual ?? usualDay(evidence));
    },
    // On a later day another median may be lower, but all of the floor has to come again.
    eventsUntilMet: ({ count: found, needed }) => Math.min(needed - found, condition.floor + 1),
    reason: ({ count: found, usual }) => ({ kind: "got-louder", condition, count: found, usual }),
    describe: () =>
      `more than ${pluralize(condition.floor, "event")} in the current day, and ${describeFactor(condition)}`,
    describeStanding: ({ count: found, needed }, sinceMute) =>
      `${String(found)} of ${pluralize(needed, "event")}${sinceMute ? " since the mute" : ""} in the current day (more than ${String(condition.floor)}, and ${describeFactor(condition)})`,
  };
}

/** The median of the complete days since the first event, at most the last 28; 0 if there are none. */
function usualDay(evidence: Evidence): number {
  const at = judgedAt(evidence);
  const days = Math.min(MAX_DAYS, bucketOf("day", at) - bucketOf("day", evidence.firstSeenAt));
  if (days < 1) return 0;
  const counts = evidence.counter.series("day", days + 1, at).map((each) => each.count);
  // The last one is today.
  const sorted = counts.slice(0, -1).sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function describeFactor({ factor: times, usual }: LouderCondition): string {
  const before =
    usual === undefined ? "as many as on a usual day" : `the ${String(usual)} of a usual day before the mute`;
  return `more than ${String(times)} times ${before}`;
}

/** {@link GotLouder} as a sentence. */
export function describeGotLouder({ condition, count: found, usual }: GotLouder): string {
  const { floor, factor: times } = condition;
  const before = condition.usual === undefined ? "" : " before the mute";
  return (
    `There were ${pluralize(found, "event")} in one calendar day: more than ${String(floor)}, and more than ` +
    `${String(times)} times the ${String(usual)} of a usual day${before}.`
  );
}

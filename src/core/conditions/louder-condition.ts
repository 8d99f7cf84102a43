import { bucketOf } from "../calendar.ts";
import { invalidInput } from "../input.ts";
import { count, looseObject, object, oneOf, optional, type Shape } from "../shape.ts";
import { judgedAt, type ConditionRule, type Evidence } from "./condition-rule.ts";
import {
  describeMoreThanUsual,
  factorOfUsualMembers,
  moreThanCount,
  moreThanIn,
  usualRule,
  type FactorOfUsual,
} from "./usual.ts";

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

const MEMBERS = { kind: oneOf(["louder"]), ...factorOfUsualMembers(50, 10) };

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

/** The most days before today of which the median is taken. */
const MAX_DAYS = 28;

const DAY = "calendar day";
const USUAL_DAY = "a usual day";
/** One of the days before the mute or discard that keeps what was usual then. */
const KEPT_USUAL_DAY = `${USUAL_DAY} before that`;

/** How it is judged whether an issue is louder than usual. */
export function louderRule(condition: LouderCondition): ConditionRule {
  const { kind, floor, factor, usual: kept } = condition;
  return {
    ...usualRule(condition, {
      period: "day",
      periodInWords: DAY,
      count: (evidence) => kept ?? usualDay(evidence),
      exceeded:
        kept === undefined ? moreThanIn(factor, `on ${USUAL_DAY}`) : moreThanCount(factor, kept, KEPT_USUAL_DAY),
    }),
    asRequested: { kind, floor, factor },
    asMuted: (evidence) => ({ ...condition, usual: usualDay(evidence) }),
    reason: ({ count: found, usual }) => ({ kind: "got-louder", condition, count: found, usual }),
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

/** {@link GotLouder} as a sentence. */
export function describeGotLouder(louder: GotLouder): string {
  const usualOf = louder.condition.usual === undefined ? USUAL_DAY : KEPT_USUAL_DAY;
  return describeMoreThanUsual(louder.condition, louder, DAY, usualOf);
}

import { bucketOf, bucketStart } from "./calendar.ts";
import { judgedAt, type Evidence } from "./conditions/condition-rule.ts";
import { ruleOf, type Condition } from "./conditions/condition.ts";
import { formatInstant, type Instant } from "./instant.ts";

/** How close an issue is to meeting a condition. */
export interface ConditionProgress {
  readonly condition: Condition;
  /** What counts now: events, or users. */
  readonly count: number;
  /** The count that meets the condition now. */
  readonly needed: number;
  /** How many more meet it now. */
  readonly missing: number;
  /** The first instant of the window; `null` if it has none. */
  readonly windowStartsAt: Instant | null;
  /** The instant at which the current bucket ends and the oldest one leaves the window; `null` if it has none. */
  readonly windowEndsAt: Instant | null;
  /** The same in words: "63 of 100 events in the current day, which ends at 2026-11-24 00:00 UTC". */
  readonly text: string;
}

/** How close an issue is to meeting a condition. */
export function conditionProgress(condition: Condition, evidence: Evidence): ConditionProgress {
  const rule = ruleOf(condition);
  const standing = rule.standing(evidence);
  const { count, needed } = standing;
  const { period, nrOfPeriods } = rule.window;
  const text = rule.describeStanding(standing, evidence.countedFrom > 0);
  const progress = { condition, count, needed, missing: Math.max(0, needed - count) };
  if (period === "total") return { ...progress, windowStartsAt: null, windowEndsAt: null, text };
  const current = bucketOf(period, judgedAt(evidence));
  const windowEndsAt = bucketStart(period, current + 1);
  const which = nrOfPeriods === 1 ? ", which" : `; the current ${period}`;
  return {
    ...progress,
    windowStartsAt: Math.max(0, bucketStart(period, current - nrOfPeriods + 1)),
    windowEndsAt,
    text: `${text}${which} ends at ${formatInstant(windowEndsAt)}`,
  };
}

/** How close an issue is to meeting a condition, as a sentence: "There are 63 of 100 events in the current day, which ends at ...". */
export function describeConditionProgress({ count, text }: Pick<ConditionProgress, "count" | "text">): string {
  return `There ${count === 1 ? "is" : "are"} ${text}.`;
}

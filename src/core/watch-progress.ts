import { conditionProgress, type ConditionProgress } from "./condition-progress.ts";
import { isBeforeWindow, judgedAt, NO_USERS, type Evidence, type UserCounts } from "./conditions/condition-rule.ts";
import { ruleOf } from "./conditions/condition.ts";
import { requireInstant } from "./input.ts";
import type { InstantInput } from "./instant.ts";
import type { Issue } from "./issue.ts";
import type { PeriodCounter } from "./period-counter.ts";
import type { Watch } from "./watch-state.ts";

/** How close an open issue is to a condition that it is watched for. */
export interface WatchedConditionProgress extends ConditionProgress {
  /** Whether the next event that meets the condition raises an alert. */
  readonly isArmed: boolean;
}

/**
 * How close an open issue is to the conditions that it is watched for, at `now` or at the newest time counted if that is later.
 *
 * @param users - the issue's users, for conditions on them
 */
export function watchProgress(
  watch: Watch,
  { state, firstSeenAt }: Pick<Issue, "state" | "firstSeenAt">,
  counter: PeriodCounter,
  now: InstantInput,
  users: UserCounts = NO_USERS,
): readonly WatchedConditionProgress[] {
  const evidence: Evidence = { counter, at: requireInstant("now", now), countedFrom: 0, firstSeenAt, users };
  const known = state.status === "open" && state.watch?.of === watch.id ? state.watch.metAt : undefined;
  return watch.conditions.map((condition, index) => {
    const progress = conditionProgress(condition, evidence);
    const metAt = known?.[index];
    const hasLeft = typeof metAt !== "number" || isBeforeWindow(ruleOf(condition).window, metAt, judgedAt(evidence));
    return { ...progress, isArmed: metAt === null || (progress.missing > 0 && hasLeft) };
  });
}

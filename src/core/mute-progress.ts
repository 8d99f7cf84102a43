import { conditionProgress, type ConditionProgress } from "./condition-progress.ts";
import { NO_USERS, type Evidence, type UserCounts } from "./conditions/condition-rule.ts";
import { requireInstant } from "./input.ts";
import type { InstantInput } from "./instant.ts";
import type { Mute, MuteDeadline } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";

/** How close a mute is to its end. */
export interface MuteProgress {
  readonly deadline: MuteDeadline | null;
  /** One for each condition, in declared order. */
  readonly conditions: readonly ConditionProgress[];
}

/**
 * How close a mute is to its end, at `now` or at the newest time counted if that is later.
 *
 * @param users - the users, for conditions on them
 */
export function muteProgress(
  { deadline, volume }: Mute,
  counter: PeriodCounter,
  now: InstantInput,
  users: UserCounts = NO_USERS,
): MuteProgress {
  const at = requireInstant("now", now);
  const evidence: Evidence = { counter, at, countedFrom: volume?.countedFrom ?? 0, firstSeenAt: at, users };
  const conditions = volume?.conditions ?? [];
  return { deadline, conditions: conditions.map((condition) => conditionProgress(condition, evidence)) };
}

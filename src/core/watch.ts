import { conditionInput, conditionShape, ruleOf, type Condition, type ConditionInput } from "./conditions/condition.ts";
import { invalidInput } from "./input.ts";
import { arrayOf, looseObject, nullable, object, type Shape } from "./shape.ts";

/** What open issues of a project are watched for. */
export interface ProjectWatch {
  /**
   * An open issue that meets one of them raises an alert of kind `loud`, once, until the issue has been quieter for a whole window.
   * If several are met at once, the first in this order is the reason. Conditions on the total are milestones: each raises one
   * alert in the life of an issue.
   */
  readonly conditions: readonly Condition[];
}

/** A {@link ProjectWatch} that a caller gives. */
export interface ProjectWatchInput {
  /** At most {@link MAX_WATCH_CONDITIONS}; none ends the watch. */
  readonly conditions: readonly ConditionInput[];
}

/** A request to watch an issue for other conditions than its project's. */
export interface WatchRequest {
  /** At most {@link MAX_WATCH_CONDITIONS}; none: the issue is not watched. `null`: those of its project again. */
  readonly conditions: readonly ConditionInput[] | null;
}

/** The most conditions of a watch. */
export const MAX_WATCH_CONDITIONS = 20;

/** The watch of a project without one. */
export const NO_WATCH: ProjectWatch = Object.freeze({ conditions: Object.freeze([]) });

const EXAMPLE = `{ conditions: [{ kind: "spike" }, volumeCondition(1_000, "hour")] }`;

const watchConditions = arrayOf(watchCondition, 0, MAX_WATCH_CONDITIONS, EXAMPLE);

/** The shape of a project's watch. */
export const projectWatchInput: Shape<ProjectWatch> = object({ conditions: watchConditions }, EXAMPLE);

/** The stored form of a project's watch. */
export const projectWatchShape: Shape<ProjectWatch> = looseObject({ conditions: arrayOf(conditionShape) });

const issueWatch = object({ conditions: nullable(watchConditions) }, EXAMPLE);

/**
 * Checks a request to watch an issue.
 *
 * @param request - a {@link WatchRequest}, unchecked
 * @throws {@link IssueLifecycleError} `invalid-input` or `condition-out-of-range`
 */
export function parseIssueWatch(request: unknown): readonly Condition[] | null {
  return issueWatch("watch", request).conditions;
}

function watchCondition(field: string, value: unknown): Condition {
  const condition = conditionInput(field, value);
  if (!ruleOf(condition).isSinceMute) return condition;
  throw invalidInput(`${field}.days`, undefined, "a number of days: users since a mute cannot be watched for");
}

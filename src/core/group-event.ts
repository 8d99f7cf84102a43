import type { NewEvent } from "./event.ts";
import { requireGrouper, type Grouping, type GroupingStrategy } from "./grouping.ts";
import { requireObject } from "./input.ts";
import { parseEvent } from "./parse-event.ts";
import { DEFAULT_SCRUBBER } from "./scrubbing.ts";
import { withoutMembers } from "./shape.ts";
import { DEFAULT_GROUPING } from "./title-grouping.ts";

/** The group of an event by one strategy, and its groups by those that the strategy replaces. */
export interface EventGroups extends Grouping {
  /** The keys by the replaced strategies, by version. */
  readonly formerKeys: Readonly<Record<string, string>>;
}

/**
 * Groups an event as a tracker does, for tests of a grouping strategy.
 *
 * @param event - the members of an event; its project does not matter
 * @param strategy - default: {@link DEFAULT_GROUPING}
 * @throws {@link IssueLifecycleError} `invalid-input` for what `digest` refuses
 * @example
 * ```ts
 * import { groupEvent } from "issue-lifecycle/core";
 *
 * const one = groupEvent({ type: "Error", value: "order 12 failed" });
 * const other = groupEvent({ type: "Error", value: "order 13 failed" });
 * console.log(one.key === other.key); // true
 * ```
 */
export function groupEvent(
  event: Omit<NewEvent, "projectId">,
  strategy: GroupingStrategy = DEFAULT_GROUPING,
): EventGroups {
  const grouping = requireGrouper("strategy", strategy);
  const members = withoutMembers("event", requireObject("event", event), ["projectId"]);
  const { groupingKey, title, formerKeys } = parseEvent({ ...members, projectId: "any" }, "event", {
    receivedAt: 0,
    newId: () => "any",
    grouping,
    scrubber: DEFAULT_SCRUBBER,
  });
  return {
    key: groupingKey,
    title,
    formerKeys: Object.fromEntries(formerKeys.map((former) => [former.strategy, former.key])),
  };
}

import { describeCondition, ruleOf, type Condition } from "../../core/conditions/condition.ts";
import type { TimelineEntry } from "./entry.ts";

/** A condition of an issue's mutes, or of its watch. */
export interface IssueCondition {
  /** The friendly id of the issue. */
  readonly issue: string;
  readonly use: "mute" | "watch";
  readonly condition: Condition;
  /** Whether only events after the mute count. */
  readonly sinceMute: boolean;
}

/** The conditions of all issues, in the order in which they were first muted or watched for. */
export function issueConditions(entries: readonly TimelineEntry[]): IssueCondition[] {
  const found: IssueCondition[] = [];
  for (const used of entries.flatMap(conditionsUsed)) {
    const isKnown = found.some(
      ({ issue, use, condition, sinceMute }) =>
        issue === used.issue && use === used.use && sinceMute === used.sinceMute && areAlike(condition, used.condition),
    );
    if (!isKnown) found.push(used);
  }
  return found;
}

function conditionsUsed({ issue: own, watched, turningPoints }: TimelineEntry): IssueCondition[] {
  const muted = turningPoints.flatMap(({ issue, mute }) => {
    if (mute === null) return [];
    const { conditions, sinceMute } = mute;
    return conditions.map((condition) => ({
      issue,
      use: "mute" as const,
      condition: ruleOf(condition).asRequested,
      sinceMute,
    }));
  });
  const watchedFor = watched.flatMap(({ condition }) =>
    own === null ? [] : [{ issue: own, use: "watch" as const, condition, sinceMute: false }],
  );
  return [...muted, ...watchedFor];
}

/** Whether two conditions ask for the same. */
export function areAlike(one: Condition, other: Condition): boolean {
  return describeCondition(ruleOf(one).asRequested) === describeCondition(ruleOf(other).asRequested);
}

/** What an issue is muted until, or watched for, in words. */
export function describeIssueCondition({ issue, use, condition, sinceMute }: IssueCondition): string {
  const purpose = use === "mute" ? "muted until" : "watched for";
  return `${issue}: ${purpose} ${describeCondition(condition)}${sinceMute ? ", counted from the mute" : ""}`;
}

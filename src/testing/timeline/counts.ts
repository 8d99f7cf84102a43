import { bucketOf, bucketStart } from "../../core/calendar.ts";
import type { Instant } from "../../core/instant.ts";
import { PeriodCounter } from "../../core/period-counter.ts";
import { countTowards } from "../../core/threshold.ts";
import type { VolumeBasedCondition } from "../../core/conditions/volume-condition.ts";
import { areAlike, type IssueCondition } from "./issue-condition.ts";
import type { TimelineEntry, TimelineTurningPoint } from "./entry.ts";

/** A volume condition of an issue's mutes or watch. */
export interface CountedCondition {
  /** The friendly id of the issue. */
  readonly issue: string;
  readonly condition: VolumeBasedCondition;
  /** Whether only events after the mute count: then there is nothing to count while it is not muted. */
  readonly sinceMute: boolean;
}

/** A count towards a condition, from an instant on. */
export interface CountChange {
  readonly at: Instant;
  /** `null` while nothing is counted. */
  readonly count: number | null;
}

/**
 * The count towards a condition whenever it changes: with each event, and at the end of each bucket that leaves the window, between
 * the steps too. In order, up to the last entry.
 */
export function* countChanges(entries: readonly TimelineEntry[], of: CountedCondition): Generator<CountChange> {
  const counter = new PeriodCounter();
  let now: Instant = 0;
  let countedFrom = of.sinceMute ? undefined : 0;
  const countAt = (at: Instant): number | null =>
    counter.total === 0 || countedFrom === undefined ? null : countTowards(counter, of.condition, countedFrom, at);
  for (const { at, outcome, eventCount, isElsewhere, turningPoints } of entries) {
    for (const bucketEnd of bucketEnds(of.condition, now, at)) yield { at: bucketEnd, count: countAt(bucketEnd) };
    now = at;
    if (outcome?.kind === "digested" && outcome.issue.friendlyId === of.issue) {
      if (isElsewhere) counter.incTotal(at, eventCount);
      else counter.inc(at, eventCount);
    }
    yield { at, count: countAt(at) };
    if (!of.sinceMute) continue;
    for (const point of turningPoints.filter(({ issue }) => issue === of.issue)) {
      if (isMute(point, of)) countedFrom = counter.total;
      else if (endsMute(point)) countedFrom = undefined;
    }
    yield { at, count: countAt(at) };
  }
}

/** The ends of the buckets at which the count may fall: later the window is empty. */
function* bucketEnds({ period, nrOfPeriods }: VolumeBasedCondition, from: Instant, to: Instant): Generator<Instant> {
  if (period === "total") return;
  const current = bucketOf(period, from);
  const last = Math.min(bucketOf(period, to), current + nrOfPeriods);
  for (let bucket = current + 1; bucket <= last; bucket++) yield bucketStart(period, bucket);
}

/** Whether a mute with a condition begins. */
export function isMute(
  { turn }: TimelineTurningPoint,
  { condition, sinceMute }: Pick<IssueCondition, "condition" | "sinceMute">,
): boolean {
  return (
    turn.kind === "muted" &&
    turn.terms.sinceMute === sinceMute &&
    turn.terms.conditions.some((each) => areAlike(each, condition))
  );
}

/** Whether a mute ends, or is replaced by another. */
export function endsMute({ turn }: TimelineTurningPoint): boolean {
  return turn.kind === "unmuted" || turn.kind === "resolved" || turn.kind === "muted" || turn.kind === "discarded";
}

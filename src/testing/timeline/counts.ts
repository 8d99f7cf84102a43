import { bucketOf, bucketStart } from "../../core/calendar.ts";
import type { Instant } from "../../core/instant.ts";
import { PeriodCounter } from "../../core/period-counter.ts";
import { countTowards } from "../../core/threshold.ts";
import type { VolumeBasedCondition } from "../../core/conditions/volume-condition.ts";
import { areAlike, type IssueCondition } from "./issue-condition.ts";
import type { TurningPointKind } from "../../core/turning-point.ts";
import type { DigestedEvent } from "../../tracker/digest.ts";
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
  const counts = new IssueCounts(of.issue);
  let now: Instant = 0;
  let countedFrom = of.sinceMute ? undefined : 0;
  const countAt = (at: Instant): number | null => {
    const { counter } = counts;
    return counter.total === 0 || countedFrom === undefined
      ? null
      : countTowards(counter, of.condition, countedFrom, at);
  };
  for (const { at, outcome, eventCount, isElsewhere, turningPoints } of entries) {
    for (const bucketEnd of bucketEnds(of.condition, now, at)) yield { at: bucketEnd, count: countAt(bucketEnd) };
    now = at;
    if (outcome?.kind === "digested") counts.count(outcome, at, eventCount, isElsewhere);
    yield { at, count: countAt(at) };
    for (const point of turningPoints.filter(({ issue }) => issue === of.issue)) {
      const before = counts.counter.total;
      counts.apply(point);
      if (!of.sinceMute) continue;
      if (isMute(point, of)) countedFrom = counts.counter.total;
      else if (endsMute(point)) countedFrom = undefined;
      else if (countedFrom !== undefined)
        countedFrom = countedFromAfter(point, countedFrom, before, counts.counter.total);
    }
    yield { at, count: countAt(at) };
  }
}

/** What does not count since a mute after a turning point: what others had counted before they were merged; after an unmerge, all. */
function countedFromAfter({ turn }: TimelineTurningPoint, countedFrom: number, before: number, total: number): number {
  if (turn.kind === "member-unmerged") return total;
  return countedFrom + total - before;
}

/** What an issue counts: its own events, and those of the issues that are merged into it. */
class IssueCounts {
  readonly #issue: string;
  /** The own events of all issues, by id. */
  readonly #own = new Map<string, PeriodCounter>();
  /** The ids of the issue, once it is known, and of those that are merged into it. */
  readonly #counted = new Set<string>();
  counter = new PeriodCounter();

  /** @param issue - its friendly id */
  constructor(issue: string) {
    this.#issue = issue;
  }

  count({ issue, member }: DigestedEvent, at: Instant, eventCount: number, isElsewhere: boolean): void {
    if (issue.friendlyId === this.#issue) this.#counted.add(issue.id);
    const id = member ?? issue.id;
    for (const counter of this.#counted.has(id) ? [this.#ownOf(id), this.counter] : [this.#ownOf(id)]) {
      if (isElsewhere) counter.incTotal(at, eventCount);
      else counter.inc(at, eventCount);
    }
  }

  /** Applies a turning point of the issue. */
  apply({ turn }: TimelineTurningPoint): void {
    if (turn.kind === "member-merged") this.#counted.add(turn.member);
    else if (turn.kind === "member-unmerged") this.#counted.delete(turn.member);
    else return;
    this.counter = new PeriodCounter();
    for (const id of this.#counted) this.counter.add(this.#ownOf(id));
  }

  #ownOf(id: string): PeriodCounter {
    const known = this.#own.get(id) ?? new PeriodCounter();
    this.#own.set(id, known);
    return known;
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
  { mute }: TimelineTurningPoint,
  { condition, sinceMute }: Pick<IssueCondition, "condition" | "sinceMute">,
): boolean {
  return mute?.sinceMute === sinceMute && mute.conditions.some((each) => areAlike(each, condition));
}

/** Whether a mute ends, or is replaced by another. */
export function endsMute({ turn }: TimelineTurningPoint): boolean {
  return ENDS_OF_MUTES.has(turn.kind);
}

const ENDS_OF_MUTES: ReadonlySet<TurningPointKind> = new Set(["unmuted", "resolved", "muted", "discarded", "merged"]);

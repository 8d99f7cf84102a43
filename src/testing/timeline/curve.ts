import { describeConditionMet } from "../../core/conditions/condition.ts";
import { formatInstant, type Instant } from "../../core/instant.ts";
import { describeUnmuteReason } from "../../core/mute.ts";
import type { Turn } from "../../core/turning-point.ts";
import type { VolumeBasedCondition } from "../../core/conditions/volume-condition.ts";
import { endsMute, isMute, type CountedCondition } from "./counts.ts";
import type { TimelineEntry, TimelineTurningPoint } from "./entry.ts";
import { areAlike, issueConditions, type IssueCondition } from "./issue-condition.ts";

/** What a picture shows of a condition: the times in which the issue was muted, and what the condition led to. */
export interface Curve {
  readonly of: IssueCondition;
  /** The mutes that have the condition; of a watch all mutes of the issue, in which it does not alert. */
  readonly mutes: readonly MutedTime[];
  /** The ends of these mutes other than by a resolve command; of a watch the alerts that the condition raised. */
  readonly marks: readonly Mark[];
}

/** A mute from its beginning to its end, or to the end of the timeline. */
interface MutedTime {
  readonly from: Instant;
  to: Instant;
}

/** What a condition led to at an instant. */
export interface Mark {
  readonly at: Instant;
  readonly sign: "unmuted" | "unmuted-by-person" | "loud";
  readonly words: string;
}

/** One curve for each issue and condition, in the order in which they were first muted or watched for. */
export function curvesOf(entries: readonly TimelineEntry[]): Curve[] {
  return issueConditions(entries).map((of) => (of.use === "mute" ? muteCurve(entries, of) : watchCurve(entries, of)));
}

/** A curve of a condition whose events are counted. */
export interface VolumeCurve extends Curve {
  readonly of: IssueCondition & CountedCondition;
}

/** The curve as one of a volume condition; `undefined` for another kind, whose count cannot be drawn against one threshold. */
export function asVolumeCurve(curve: Curve): VolumeCurve | undefined {
  const { condition } = curve.of;
  return condition.kind === "volume" ? { ...curve, of: withVolume(curve.of, condition) } : undefined;
}

function withVolume(of: IssueCondition, condition: VolumeBasedCondition): IssueCondition & CountedCondition {
  return { ...of, condition };
}

function muteCurve(entries: readonly TimelineEntry[], of: IssueCondition): Curve {
  const { mutes, ends } = mutedTimes(entries, of.issue, (point) => isMute(point, of));
  const marks = ends.flatMap(({ at, turn }) => markOf(at, turn) ?? []);
  return { of, mutes, marks };
}

function watchCurve(entries: readonly TimelineEntry[], of: IssueCondition): Curve {
  const { mutes } = mutedTimes(entries, of.issue, ({ mute }) => mute !== null);
  const marks = pointsOf(entries, of.issue).flatMap(({ at, turn }) =>
    turn.kind === "loud" && areAlike(turn.reason.condition, of.condition) ? (markOf(at, turn) ?? []) : [],
  );
  return { of, mutes, marks };
}

/** The times in which an issue was muted as asked, and the turning points that ended them. */
function mutedTimes(
  entries: readonly TimelineEntry[],
  issue: string,
  begins: (point: TimelineTurningPoint) => boolean,
) {
  const mutes: MutedTime[] = [];
  const ends: TimelineTurningPoint[] = [];
  let mute: MutedTime | undefined;
  const end = entries.at(-1)?.at ?? 0;
  for (const point of pointsOf(entries, issue)) {
    if (mute !== undefined && endsMute(point)) {
      mute.to = point.at;
      ends.push(point);
      mute = undefined;
    }
    if (begins(point)) mutes.push((mute = { from: point.at, to: end }));
  }
  return { mutes, ends };
}

/** The turning points of an issue, at the times of their steps. */
function pointsOf(entries: readonly TimelineEntry[], issue: string): TimelineTurningPoint[] {
  return entries.flatMap(({ at, turningPoints }) =>
    turningPoints.filter((point) => point.issue === issue).map((point) => ({ ...point, at })),
  );
}

function markOf(at: Instant, turn: Turn): Mark | undefined {
  if (turn.kind === "loud") {
    return { at, sign: "loud", words: `Loud at ${formatInstant(at)}: ${describeConditionMet(turn.reason)}` };
  }
  if (turn.kind !== "unmuted") return undefined;
  const sign = turn.reason.kind === "by-person" ? "unmuted-by-person" : "unmuted";
  return { at, sign, words: `Unmuted at ${formatInstant(at)}: ${describeUnmuteReason(turn.reason)}` };
}

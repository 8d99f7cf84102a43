import type { Instant } from "../../core/instant.ts";
import type { UnmuteReason } from "../../core/mute.ts";
import { equalVolumeConditions } from "../../core/volume-condition.ts";
import { endsMute, isMute, type MuteCondition } from "./counts.ts";
import type { TimelineEntry } from "./entry.ts";

/** What a picture shows of a condition: the mutes that have it, and the unmutes. */
export interface Curve {
  readonly of: MuteCondition;
  readonly mutes: readonly Mute[];
  readonly unmutes: readonly Unmute[];
}

/** A mute from its beginning to its end, or to the end of the timeline. */
interface Mute {
  readonly from: Instant;
  to: Instant;
}

/** The end of a mute other than by a resolve command. */
export interface Unmute {
  readonly at: Instant;
  readonly reason: UnmuteReason;
}

/** One curve for each issue and condition, in the order of their first mutes. */
export function curvesOf(entries: readonly TimelineEntry[]): Curve[] {
  return muteConditions(entries).map((of) => curveOf(entries, of));
}

function muteConditions(entries: readonly TimelineEntry[]): MuteCondition[] {
  const found: MuteCondition[] = [];
  for (const { issue, turn } of entries.flatMap(({ turningPoints }) => turningPoints)) {
    if (turn.kind !== "muted") continue;
    const { conditions, sinceMute } = turn.terms;
    for (const condition of conditions) {
      const isKnown = found.some(
        (each) =>
          each.issue === issue && each.sinceMute === sinceMute && equalVolumeConditions(each.condition, condition),
      );
      if (!isKnown) found.push({ issue, condition, sinceMute });
    }
  }
  return found;
}

function curveOf(entries: readonly TimelineEntry[], of: MuteCondition): Curve {
  const mutes: Mute[] = [];
  const unmutes: Unmute[] = [];
  let mute: Mute | undefined;
  const end = entries.at(-1)?.at ?? 0;
  for (const { at, turningPoints } of entries) {
    for (const point of turningPoints) {
      if (point.issue !== of.issue) continue;
      if (mute !== undefined && endsMute(point)) {
        mute.to = at;
        if (point.turn.kind === "unmuted") unmutes.push({ at, reason: point.turn.reason });
        mute = undefined;
      }
      if (isMute(point, of)) mutes.push((mute = { from: at, to: end }));
    }
  }
  return { of, mutes, unmutes };
}

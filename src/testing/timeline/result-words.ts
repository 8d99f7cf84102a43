import { describeAlertReason, describeNoRegressionReason, describeRegressionReason } from "../../core/alert.ts";
import { formatInstant } from "../../core/instant.ts";
import type { IssueState, Resolution } from "../../core/issue.ts";
import { describeUnmuteReason, type Mute } from "../../core/mute.ts";
import type { Turn } from "../../core/turning-point.ts";
import { describeVolumeCondition } from "../../core/volume-condition.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";

/** The outcome of an event in words; `""` if it was only counted. */
export function eventResult(outcome: DigestOutcome): string {
  if (outcome.kind === "refused") return "refused";
  if (outcome.kind === "duplicate") return "a duplicate";
  if (outcome.created) return describeAlertReason({ kind: "new-issue" });
  if (outcome.regressed !== null) return describeRegressionReason(outcome.regressed);
  if (outcome.notRegressed !== null) return `no regression. ${describeNoRegressionReason(outcome.notRegressed)}`;
  return outcome.unmuted === null ? "" : describeUnmuteReason(outcome.unmuted);
}

/**
 * What a command led to, in words; `""` where its name says it.
 *
 * @param asked - what it asked for, in words
 * @param turn - its entry in the history
 * @param state - the issue's state after it
 */
export function commandResult(asked: string, turn: Turn | undefined, state: IssueState): string {
  if (turn?.kind === "reopened") return turn.withdrawn === undefined ? "" : describeWithdrawn(turn.withdrawn);
  switch (state.status) {
    case "open":
      return "";
    case "resolved":
      return describeResolution(asked, state.resolution);
    case "muted":
      return describeMute(state.mute);
  }
}

/** The claims of a resolution, those of earlier commands included; `""` if there is only the one that was asked for. */
function describeResolution(asked: string, resolution: Resolution): string {
  if (resolution.kind !== "by-release") return "";
  const where = `in ${resolution.releases.join(", ")}`;
  return asked.endsWith(where) ? "" : `fix claimed ${where}`;
}

/** When a mute ends, in words. */
function describeMute({ deadline, volume }: Mute): string {
  const ends = volume?.conditions.map(describeVolumeCondition) ?? [];
  if (deadline !== null) ends.push(formatInstant(deadline.at));
  const since = (volume?.countedFrom ?? 0) > 0 ? ", counted from now" : "";
  return ends.length === 0 ? "for ever" : `until ${ends.join(", or until ")}${since}`;
}

/**
 * A turning point as a line of its own, for one that is no result of its step's own action: the release that an issue waited
 * for, a mute that the clock ended, claims in a release that was retired. `undefined` for all others.
 */
export function describeConsequence(turn: Turn): string | undefined {
  switch (turn.kind) {
    case "next-materialized":
      return `next release: ${turn.release} is the fix`;
    case "claims-withdrawn":
      return describeWithdrawn(turn.releases);
    case "unmuted":
      return turn.reason.kind === "deadline-passed" && turn.reason.noticedBy === "clock"
        ? `unmuted: ${describeUnmuteReason(turn.reason)}`
        : undefined;
    case "first-seen":
    case "resolved":
    case "muted":
    case "regressed":
    case "reopened":
    case "annotated":
      return undefined;
  }
}

function describeWithdrawn(releases: readonly string[]): string {
  return `fix no longer claimed in ${releases.join(", ")}`;
}

import { ALERT_KINDS, type AlertKind } from "../../core/alert-reason.ts";
import { describeAlertReason } from "../../core/alert.ts";
import { describeCondition, describeConditionMet, type Condition } from "../../core/conditions/condition.ts";
import { describeMilliseconds, describePeriods } from "../../core/duration.ts";
import { formatInstant } from "../../core/instant.ts";
import type { IssueState, Resolution } from "../../core/issue.ts";
import { describeUnmuteReason, type MuteTerms } from "../../core/mute.ts";
import type { Project } from "../../core/project.ts";
import { describeNoRegressionReason, describeRegressionReason } from "../../core/regression.ts";
import type { Turn } from "../../core/turning-point.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import type { TimelineProject } from "./timeline.ts";

/** The outcome of an event in words; `""` if it was only counted. */
export function eventResult(outcome: DigestOutcome): string {
  if (outcome.kind === "refused") return "refused";
  if (outcome.kind === "duplicate") return "a duplicate";
  if (outcome.created) return describeAlertReason({ kind: "new-issue" });
  if (outcome.regressed !== null) return describeRegressionReason(outcome.regressed);
  if (outcome.notRegressed !== null) return `no regression. ${describeNoRegressionReason(outcome.notRegressed)}`;
  if (outcome.discarded) return "discarded";
  if (outcome.undiscarded !== null) return describeConditionMet(outcome.undiscarded);
  if (outcome.loud !== null) return describeConditionMet(outcome.loud);
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
  switch (turn?.kind) {
    case "reopened":
      return turn.withdrawn === undefined ? "" : describeWithdrawn(turn.withdrawn);
    case "resolved":
      return state.status === "resolved" ? describeResolution(asked, state.resolution) : "";
    case "muted":
      return describeMute(turn.terms);
    case "discarded":
      return describeDiscard(turn.conditions);
    case "watched":
      return turn.conditions === null ? "as its project says" : describeWatch(turn.conditions);
    default:
      return "";
  }
}

/** What was set of a project, in words. */
export function projectResult(given: TimelineProject, project: Project): string {
  const { watch, stateEnvironments, autoResolveAfterMs, alerts } = project;
  const isGiven = (kind: AlertKind): boolean => given.alerts?.[kind] !== undefined;
  return [
    ...(given.watch === undefined ? [] : [`watches ${describeWatch(watch.conditions)}`]),
    ...(given.stateEnvironments === undefined ? [] : [describeStateEnvironments(stateEnvironments)]),
    ...(given.autoResolveAfterMs === undefined ? [] : [describeAutoResolve(autoResolveAfterMs)]),
    ...ALERT_KINDS.filter(isGiven).map((kind) => `${kind} alerts ${alerts[kind] ? "on" : "off"}`),
  ].join("; ");
}

function describeStateEnvironments(environments: readonly string[] | null): string {
  const names = environments?.map((name) => (name === "" ? "no environment" : name)) ?? ["all environments"];
  return `events of ${names.join(", ")} change states`;
}

function describeAutoResolve(afterMs: number | null): string {
  return afterMs === null
    ? "resolves no quiet issues"
    : `resolves issues after ${describeMilliseconds(afterMs)} without events`;
}

/** The claims of a resolution, those of earlier commands included; `""` if there is only the one that was asked for. */
function describeResolution(asked: string, resolution: Resolution): string {
  if (resolution.kind !== "by-release") return "";
  const where = `in ${resolution.releases.join(", ")}`;
  return asked.endsWith(where) ? "" : `fix claimed ${where}`;
}

/** When a mute ends, and begins again, in words. */
function describeMute({ deadline, conditions, sinceMute, again }: MuteTerms): string {
  const ends = conditions.map(describeCondition);
  if (deadline !== null) ends.push(formatInstant(deadline.at));
  const since = sinceMute ? ", counted from now" : "";
  const quiet = again && `; again after ${describePeriods(again.quietFor)} without events`;
  return (ends.length === 0 ? "for ever" : `until ${ends.join(", or until ")}${since}`) + (quiet ?? "");
}

/** When a discard ends, in words. */
function describeDiscard(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? "for ever" : `until ${conditions.map(describeCondition).join(", or until ")}`;
}

/** What open issues are watched for, in words. */
function describeWatch(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? "for nothing" : `for ${conditions.map(describeCondition).join(", or for ")}`;
}

/**
 * A turning point as a line of its own, for one that is no result of its step's own action: the release that an issue waited
 * for, a mute that the clock ended or began again, an issue that the clock resolved, claims in a release that was retired.
 * `undefined` for all others.
 *
 * @param isByClock - whether the step was no command and no event of the issue
 */
export function describeConsequence(turn: Turn, isByClock: boolean): string | undefined {
  switch (turn.kind) {
    case "next-materialized":
      return `next release: ${turn.release} is the fix`;
    case "claims-withdrawn":
      return describeWithdrawn(turn.releases);
    case "unmuted":
      return turn.reason.kind === "deadline-passed" && turn.reason.noticedBy === "clock"
        ? `unmuted: ${describeUnmuteReason(turn.reason)}`
        : undefined;
    case "auto-resolved":
      return `resolved: ${describeMilliseconds(turn.quietForMs)} without events`;
    case "muted":
      return isByClock ? `muted again: ${describeMute(turn.terms)}` : undefined;
    case "first-seen":
    case "resolved":
    case "discarded":
    case "undiscarded":
    case "regressed":
    case "loud":
    case "watched":
    case "reopened":
    case "annotated":
    case "merged":
    case "unmerged":
    case "member-merged":
    case "member-unmerged":
      return undefined;
  }
}

function describeWithdrawn(releases: readonly string[]): string {
  return `fix no longer claimed in ${releases.join(", ")}`;
}

import { COMMAND_KINDS, type CheckedCommand, type CommandKind, type ResolveClaim } from "./command.ts";
import type { IssueLifecycleErrorCode } from "./errors.ts";
import type { Instant } from "./instant.ts";
import { OPEN, type Issue, type IssueState, type IssueStatus, type Resolution, type ResolvedState } from "./issue.ts";
import { firstMet, nextCheck, type Mute, type MuteTerms } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import type { Actor, Turn, TurningPointDraft } from "./turning-point.ts";
import { describeVolumeCondition } from "./volume-condition.ts";

/** What a command depends on in addition to the issue. */
export interface CommandContext {
  readonly now: Instant;
  readonly by: Actor;
  /** A comment for the history, or `""`. */
  readonly comment: string;
  /** The issue's counter; only used to mute with conditions. */
  readonly counter: PeriodCounter;
  /** The project's latest release; only used to resolve in it. */
  readonly latestRelease: string | undefined;
}

/** The result of applying a command: the next issue and the effects that the caller must persist, or a refusal. */
export type CommandOutcome = AppliedCommand | DeletedIssue | RefusedCommand;

/** The command changed the issue. */
export interface AppliedCommand {
  readonly kind: "applied";
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
  /** The release in which a fix is claimed, whose mark the caller must update; or `null`. */
  readonly claimedRelease: string | null;
}

/** The caller must delete the issue. */
export interface DeletedIssue {
  readonly kind: "deleted";
}

/** The command is not possible in the issue's state. */
export interface RefusedCommand {
  readonly kind: "refused";
  readonly code: IssueLifecycleErrorCode;
  /** A human-readable reason. */
  readonly message: string;
}

/** For each state, the allowed commands and the state that each leads to; `null`: the issue is deleted. */
export const COMMAND_TRANSITIONS: Readonly<
  Record<IssueStatus, Readonly<Partial<Record<CommandKind, IssueStatus | null>>>>
> = {
  open: { resolve: "resolved", mute: "muted", annotate: "open", delete: null },
  resolved: { resolve: "resolved", reopen: "open", annotate: "resolved", delete: null },
  muted: { resolve: "resolved", mute: "muted", unmute: "open", annotate: "muted", delete: null },
};

/**
 * The commands that are possible in an issue's state. Their arguments may still be refused: a condition that is
 * already met, a release that the issue is already resolved in, the latest release of a project without releases.
 */
export function allowedCommands(issue: Pick<Issue, "state">): readonly CommandKind[] {
  return COMMAND_KINDS.filter((kind) => isAllowed(issue, kind));
}

function isAllowed({ state }: Pick<Issue, "state">, kind: CommandKind): boolean {
  return Object.hasOwn(COMMAND_TRANSITIONS[state.status], kind);
}

/**
 * Applies a command to an issue.
 *
 * @param command - a command that {@link parseCommand} returned
 */
export function applyCommand(issue: Issue, command: CheckedCommand, context: CommandContext): CommandOutcome {
  switch (command.kind) {
    case "resolve":
      return resolve(issue, command.claim, context);
    case "reopen":
      if (!isAllowed(issue, command.kind)) return refuse("not-resolved", "Only a resolved issue can be reopened.");
      return apply(issue, context, OPEN, { kind: "reopened" });
    case "mute":
      if (!isAllowed(issue, command.kind)) {
        return refuse("issue-resolved", "A resolved issue cannot be muted; reopen it first.");
      }
      return mute(issue, command.terms, context);
    case "unmute":
      if (!isAllowed(issue, command.kind)) return refuse("not-muted", "Only a muted issue can be unmuted.");
      return apply(issue, context, OPEN, { kind: "unmuted", reason: { kind: "by-person" } });
    case "annotate":
      return apply(issue, { ...context, comment: command.comment }, issue.state, { kind: "annotated" });
    case "delete":
      return { kind: "deleted" };
  }
}

function resolve(issue: Issue, claim: ResolveClaim, context: CommandContext): CommandOutcome {
  switch (claim.kind) {
    case "plain":
    case "by-next":
      if (issue.state.status === "resolved") return refuse("already-resolved", "The issue is already resolved.");
      return resolveAs(issue, { kind: claim.kind }, context);
    case "by-latest":
      if (context.latestRelease === undefined) return refuse("no-release", "The project has no release yet.");
      return resolveInRelease(issue, context.latestRelease, context);
    case "by-release":
      return resolveInRelease(issue, claim.release, context);
  }
}

function resolveAs(issue: Issue, resolution: Resolution, context: CommandContext): AppliedCommand {
  const state: ResolvedState = { status: "resolved", resolvedAt: context.now, resolution };
  return apply(issue, context, state, { kind: "resolved", claim: resolution });
}

/** A release is added to a resolution by releases (a backport), and replaces any other resolution. */
function resolveInRelease(issue: Issue, release: string, context: CommandContext): CommandOutcome {
  const claimed = claimedReleases(issue.state);
  if (claimed.includes(release)) {
    return refuse("already-resolved", `The issue is already resolved in release ${JSON.stringify(release)}.`);
  }
  const resolvedAt = issue.state.status === "resolved" ? issue.state.resolvedAt : context.now;
  const resolution: Resolution = { kind: "by-release", releases: [...claimed, release] };
  const lastSeenIn = issue.lastSeenIn === release ? undefined : issue.lastSeenIn;
  const outcome = apply(
    { ...issue, lastSeenIn },
    context,
    { status: "resolved", resolvedAt, resolution },
    { kind: "resolved", claim: { kind: "by-release", releases: [release] } },
  );
  return { ...outcome, claimedRelease: release };
}

function claimedReleases(state: IssueState): readonly string[] {
  return state.status === "resolved" && state.resolution.kind === "by-release" ? state.resolution.releases : [];
}

function mute(issue: Issue, terms: MuteTerms, context: CommandContext): CommandOutcome {
  const { deadline, conditions } = terms;
  const { now, counter } = context;
  const countedFrom = terms.sinceMute ? issue.eventCount : 0;
  const met = firstMet({ conditions, countedFrom }, counter, now);
  if (met !== undefined) {
    return refuse(
      "condition-already-met",
      `There are already ${describeVolumeCondition(met.condition)} (${String(met.count)}), so the mute would end at once. ` +
        "Ask for a higher volume, or count only events since the mute.",
    );
  }
  const volume =
    conditions.length === 0
      ? null
      : { conditions, countedFrom, checkAt: nextCheck({ conditions, countedFrom }, counter) };
  const muted: Mute = { mutedAt: now, deadline, volume };
  return apply(issue, context, { status: "muted", mute: muted }, { kind: "muted", terms });
}

function apply(issue: Issue, { now, by, comment }: CommandContext, state: IssueState, turn: Turn): AppliedCommand {
  return {
    kind: "applied",
    issue: { ...issue, state, turningPointCount: issue.turningPointCount + 1 },
    turningPoint: { turn, at: now, by, eventId: null, comment },
    claimedRelease: null,
  };
}

function refuse(code: IssueLifecycleErrorCode, message: string): RefusedCommand {
  return { kind: "refused", code, message };
}

import type { CheckedCommand, CommandKind, ResolveClaim } from "./command.ts";
import type { IssueLifecycleErrorCode } from "./errors.ts";
import type { Instant } from "./instant.ts";
import { OPEN, type Issue, type IssueState, type Resolution, type ResolvedState } from "./issue.ts";
import type { MuteTerms } from "./mute-request.ts";
import { firstMet, nextCheck, type Mute } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import type { Actor, Turn, TurningPointDraft } from "./turning-point.ts";
import { describeVolumeCondition } from "./volume-condition.ts";

/** What a command has to know besides the issue. */
export interface CommandContext {
  /** When the command is given. */
  readonly now: Instant;
  /** Who gives it. */
  readonly by: Actor;
  /** What they have to say about it; `""` for nothing. */
  readonly comment: string;
  /** The issue's counter; only looked at to mute with conditions. */
  readonly counter: PeriodCounter;
  /** The project's latest release; only looked at to resolve by it. */
  readonly latestRelease: string | undefined;
}

/** What came of a command. Nothing has happened yet: the caller stores it. */
export type CommandOutcome = AppliedCommand | DeletedIssue | RefusedCommand;

/** The command applies. */
export interface AppliedCommand {
  /** Tells it from the other outcomes. */
  readonly kind: "applied";
  /** The issue as it is now. */
  readonly issue: Issue;
  /** The entry for its history. */
  readonly turningPoint: TurningPointDraft;
  /** The release whose mark becomes "fixed", or `null`. */
  readonly claimedRelease: string | null;
}

/** The issue is to be forgotten. */
export interface DeletedIssue {
  /** Tells it from the other outcomes. */
  readonly kind: "deleted";
}

/** The command does not fit the issue's state. */
export interface RefusedCommand {
  /** Tells it from the other outcomes. */
  readonly kind: "refused";
  /** The reason, for programs. */
  readonly code: IssueLifecycleErrorCode;
  /** The reason, for people. */
  readonly message: string;
}

/**
 * The commands an issue's state allows. What else can refuse a command is in what it asks for: a condition that is
 * already met, a release it is already resolved in, the latest release of a project without any.
 */
export function allowedCommands({ state }: Pick<Issue, "state">): readonly CommandKind[] {
  switch (state.status) {
    case "open":
      return ["resolve", "mute", "annotate", "delete"];
    case "resolved":
      return ["resolve", "reopen", "annotate", "delete"];
    case "muted":
      return ["resolve", "mute", "unmute", "annotate", "delete"];
  }
}

/**
 * Applies a command to an issue: the next issue and what must follow, or why not.
 *
 * @param issue - the issue as it is
 * @param command - the command, checked by {@link parseCommand}
 * @param context - what else there is to know
 */
export function applyCommand(issue: Issue, command: CheckedCommand, context: CommandContext): CommandOutcome {
  switch (command.kind) {
    case "resolve":
      return resolve(issue, command.claim, context);
    case "reopen":
      if (issue.state.status !== "resolved") return refuse("not-resolved", "Only a resolved issue can be reopened.");
      return apply(issue, context, OPEN, { kind: "reopened" });
    case "mute":
      return mute(issue, command.terms, context);
    case "unmute":
      if (issue.state.status !== "muted") return refuse("not-muted", "Only a muted issue can be unmuted.");
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

function resolveAs(issue: Issue, claim: Resolution, context: CommandContext): AppliedCommand {
  const state: ResolvedState = { status: "resolved", resolvedAt: context.now, resolution: claim };
  return apply(issue, context, state, { kind: "resolved", claim });
}

/** A release adds to a resolution by releases (a back-port) and takes the place of any other. */
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
  if (issue.state.status === "resolved")
    return refuse("issue-resolved", "A resolved issue cannot be muted; reopen it first.");
  const { deadline, conditions } = terms;
  const { now, counter } = context;
  const countedFrom = terms.sinceMute ? issue.eventCount : 0;
  const met = firstMet({ conditions, countedFrom }, counter, now);
  if (met !== undefined) {
    return refuse(
      "condition-already-met",
      `There are already ${describeVolumeCondition(met.condition)} (${String(met.count)}), so the mute would end at once; ` +
        "ask for more, or count only events since the mute.",
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

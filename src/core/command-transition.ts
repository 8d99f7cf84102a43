import { isMet, NO_USERS, type Evidence, type UserCounts } from "./conditions/condition-rule.ts";
import { describeCondition, ruleOf, type Condition } from "./conditions/condition.ts";
import { COMMAND_KINDS, type CheckedCommand, type CommandKind, type ResolveClaim } from "./command.ts";
import type { IssueLifecycleErrorCode } from "./errors.ts";
import type { Instant } from "./instant.ts";
import {
  signsOf,
  withState,
  type Issue,
  type IssueState,
  type IssueStatus,
  type OpenState,
  type Resolution,
  type ResolvedState,
} from "./issue.ts";
import { nextCheck, type Mute, type MuteTerms, type MuteVolume } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import type { FixedMark } from "./release-mark.ts";
import type { KnownRelease, Release } from "./release.ts";
import { claimsResolution, presentClaims } from "./resolution-claims.ts";
import type { Actor, Turn, TurningPointDraft } from "./turning-point.ts";

/** What a command depends on in addition to the issue. */
export interface CommandContext {
  readonly now: Instant;
  readonly by: Actor;
  /** A comment for the history, or `""`. */
  readonly comment: string;
  /** The issue's counter; only used to mute with conditions. */
  readonly counter: PeriodCounter;
  /** The issue's users; only used to mute with conditions on users. Default: none. */
  readonly users?: UserCounts;
  readonly releases: CommandReleases;
}

/** What a command depends on in the releases of the issue's project. */
export interface CommandReleases {
  /** The highest number that a release of the project has; 0 for none. */
  readonly count: number;
  /** The latest release of the line in which the issue was last seen, or else the project's; only used to resolve in it or the next one. */
  readonly latest: KnownRelease | undefined;
  /** The release that the command names, or why no fix can be claimed in it. */
  readonly named: Release | RefusedCommand | undefined;
  /** The fix claims that the command withdraws, or why it cannot. */
  readonly withdrawn: readonly FixedMark[] | RefusedCommand;
}

/** The releases of a command that does not depend on any. */
export const NO_COMMAND_RELEASES: CommandReleases = Object.freeze({
  count: 0,
  latest: undefined,
  named: undefined,
  withdrawn: [],
});

/** The result of applying a command: the next issue and the effects that the caller must persist, or a refusal. */
export type CommandOutcome = AppliedCommand | DeletedIssue | RefusedCommand;

/** The command changed the issue. */
export interface AppliedCommand {
  readonly kind: "applied";
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
  /** The release in which a fix is claimed, whose mark the caller must update; or `null`. */
  readonly claimedRelease: Release | null;
  /** The marks whose fix claims the caller must withdraw. */
  readonly withdrawn: readonly FixedMark[];
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
  open: { resolve: "resolved", mute: "muted", discard: "discarded", watch: "open", annotate: "open", delete: null },
  resolved: {
    resolve: "resolved",
    reopen: "open",
    discard: "discarded",
    watch: "resolved",
    annotate: "resolved",
    delete: null,
  },
  muted: {
    resolve: "resolved",
    mute: "muted",
    unmute: "open",
    discard: "discarded",
    watch: "muted",
    annotate: "muted",
    delete: null,
  },
  discarded: { discard: "discarded", undiscard: "open", watch: "discarded", annotate: "discarded", delete: null },
  merged: {},
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
  const refusal = refusalOfMerged(issue);
  if (refusal !== undefined) return refusal;
  switch (command.kind) {
    case "resolve":
      if (!isAllowed(issue, command.kind)) return issueDiscarded("resolved");
      return resolve(issue, command.claim, context);
    case "reopen":
      if (!isAllowed(issue, command.kind)) return refuse("not-resolved", "Only a resolved issue can be reopened.");
      return reopen(issue, context);
    case "mute":
      if (issue.state.status === "discarded") return issueDiscarded("muted");
      if (!isAllowed(issue, command.kind)) {
        return refuse("issue-resolved", "A resolved issue cannot be muted; reopen it first.");
      }
      return mute(issue, command.terms, context);
    case "unmute":
      if (!isAllowed(issue, command.kind)) return refuse("not-muted", "Only a muted issue can be unmuted.");
      return apply(issue, context, openedAt(context), { kind: "unmuted", reason: { kind: "by-person" } });
    case "discard":
      return discard(issue, command.conditions, context);
    case "undiscard":
      if (!isAllowed(issue, command.kind)) {
        return refuse("not-discarded", "Only an issue whose events are discarded can be undiscarded.");
      }
      return apply(issue, context, openedAt(context), { kind: "undiscarded", reason: { kind: "by-person" } });
    case "watch":
      return watch(issue, command.conditions, context);
    case "annotate":
      return annotate(issue, { ...context, comment: command.comment });
    case "delete":
      return { kind: "deleted" };
  }
}

/** Why no command is possible for an issue that was merged into another; `undefined` for one that was not. */
export function refusalOfMerged({ state }: Pick<Issue, "state">): RefusedCommand | undefined {
  if (state.status !== "merged") return undefined;
  const message = `The issue was merged into issue ${state.into}: give the command to that one, or unmerge it first.`;
  return refuse("issue-merged", message);
}

function resolve(issue: Issue, claim: ResolveClaim, context: CommandContext): CommandOutcome {
  switch (claim.kind) {
    case "plain":
      return resolvePlainly(issue, context);
    case "by-next":
      if (issue.state.status === "resolved") return alreadyResolved();
      if (context.releases.latest === undefined) return noRelease();
      return resolveAs(issue, { kind: "by-next" }, context);
    case "by-latest":
      return context.releases.latest === undefined
        ? noRelease()
        : resolveInRelease(issue, context.releases.latest, context);
    case "by-release":
      return resolveInNamedRelease(issue, context);
  }
}

/** Resolving plainly what is resolved plainly moves the time of the resolution to now. */
function resolvePlainly(issue: Issue, context: CommandContext): CommandOutcome {
  const { state } = issue;
  if (state.status === "resolved" && state.resolution.kind !== "plain") return alreadyResolved();
  return resolveAs(issue, { kind: "plain" }, context);
}

function resolveAs(issue: Issue, resolution: Resolution, context: CommandContext): AppliedCommand {
  const { now, releases } = context;
  const state: ResolvedState = { status: "resolved", resolvedAt: now, afterRelease: releases.count, resolution };
  return apply(issue, context, state, { kind: "resolved", claim: resolution });
}

function alreadyResolved(): RefusedCommand {
  return refuse("already-resolved", "The issue is already resolved.");
}

function noRelease(): RefusedCommand {
  return refuse("no-release", "The project knows no release yet. Resolve the issue plainly, or register a release.");
}

function resolveInNamedRelease(issue: Issue, context: CommandContext): CommandOutcome {
  const { named } = context.releases;
  if (named === undefined) return noRelease();
  return "code" in named ? named : resolveInRelease(issue, named, context);
}

/** A release is added to a resolution by releases (a backport), and replaces any other resolution. */
function resolveInRelease(issue: Issue, release: Release, context: CommandContext): CommandOutcome {
  const { version } = release;
  const { state } = issue;
  const before = presentClaims(state);
  if (before.some((claim) => claim.release === version)) {
    return refuse("already-resolved", `The issue is already resolved in release ${JSON.stringify(version)}.`);
  }
  const { resolvedAt, afterRelease } =
    state.status === "resolved" ? state : { resolvedAt: context.now, afterRelease: context.releases.count };
  const resolution = claimsResolution([...before, { release: version, claimedAt: context.now }], resolvedAt);
  const seenNumber = issue.lastSeenIn === version ? 0 : issue.seenNumber;
  const outcome = apply(
    { ...issue, seenNumber },
    context,
    { status: "resolved", resolvedAt, afterRelease, resolution },
    { kind: "resolved", claim: { kind: "by-release", releases: [version] } },
  );
  return { ...outcome, claimedRelease: release };
}

function reopen(issue: Issue, context: CommandContext): CommandOutcome {
  const { withdrawn } = context.releases;
  if ("code" in withdrawn) return withdrawn;
  const releases = withdrawn.map(({ version }) => version);
  const turn: Turn = { kind: "reopened", ...(releases.length > 0 && { withdrawn: releases }) };
  return { ...apply(issue, context, openedAt(context), turn), withdrawn };
}

/** Nothing is known about the conditions: they are armed by the first event before which they are not met. */
function watch(issue: Issue, conditions: readonly Condition[] | null, context: CommandContext): CommandOutcome {
  const state = issue.state.status === "open" ? { ...openedAt(context), ...signsOf(issue.state) } : issue.state;
  return apply({ ...issue, watch: conditions }, context, state, { kind: "watched", conditions });
}

/** A person has looked at the issue: an alert that was not raised is not needed any more, and it is not muted again. */
function annotate(issue: Issue, context: CommandContext): CommandOutcome {
  const { state } = issue;
  const annotated: IssueState =
    state.status === "open"
      ? { ...openedAt(context), ...signsOf(state), ...(state.watch !== undefined && { watch: state.watch }) }
      : state;
  return apply(issue, context, annotated, { kind: "annotated" });
}

/** The state of an open issue that a person has just looked at. */
function openedAt({ now }: CommandContext): OpenState {
  return { status: "open", quietFrom: now };
}

function mute(issue: Issue, terms: MuteTerms, context: CommandContext): CommandOutcome {
  const { now, counter, users = NO_USERS } = context;
  const countedFrom = terms.sinceMute ? issue.eventCount : 0;
  const evidence: Evidence = { counter, at: now, countedFrom, firstSeenAt: issue.firstSeenAt, users };
  const conditions = terms.conditions.map((condition) => ruleOf(condition).asMuted(evidence));
  const met = metNow(conditions, evidence);
  if (met !== undefined) {
    return alreadyMet(met, "The mute would end at once. Ask for more, or count only since the mute.");
  }
  const { deadline, again } = terms;
  const volume = conditions.length === 0 ? null : volumeOf(issue, conditions, evidence);
  const muted: Mute = { mutedAt: now, deadline, volume, ...(again !== undefined && { again }) };
  return apply(issue, context, { status: "muted", mute: muted }, { kind: "muted", terms: { ...terms, conditions } });
}

function issueDiscarded(participle: "resolved" | "muted"): RefusedCommand {
  return refuse("issue-discarded", `An issue whose events are discarded cannot be ${participle}; undiscard it first.`);
}

/** Discarding what is discarded replaces the conditions that end it, and goes on counting what was discarded. */
function discard(issue: Issue, requested: readonly Condition[], context: CommandContext): CommandOutcome {
  const { now, counter } = context;
  const evidence: Evidence = { counter, at: now, countedFrom: 0, firstSeenAt: issue.firstSeenAt, users: NO_USERS };
  const conditions = requested.map((condition) => ruleOf(condition).asMuted(evidence));
  const met = metNow(conditions, evidence);
  if (met !== undefined) return alreadyMet(met, "The discard would end at once. Ask for more.");
  const { eventCount } = issue.state.status === "discarded" ? issue.state.discard : issue;
  const checkAt = conditions.length === 0 ? 0 : nextCheck(conditions, evidence);
  const next: IssueState = { status: "discarded", discard: { discardedAt: now, eventCount, conditions, checkAt } };
  return apply(issue, context, next, { kind: "discarded", conditions });
}

/** A condition that is met, and what counts towards it. */
interface MetNow {
  readonly condition: Condition;
  readonly count: number;
}

/** The first of some conditions that is met. */
function metNow(conditions: readonly Condition[], evidence: Evidence): MetNow | undefined {
  for (const condition of conditions) {
    const standing = ruleOf(condition).standing(evidence);
    if (isMet(standing)) return { condition, count: standing.count };
  }
  return undefined;
}

function alreadyMet({ condition, count }: MetNow, remedy: string): RefusedCommand {
  return refuse(
    "condition-already-met",
    `The condition is already met: ${describeCondition(condition)} (${String(count)}). ${remedy}`,
  );
}

function volumeOf({ turningPointCount }: Issue, conditions: readonly Condition[], evidence: Evidence): MuteVolume {
  const { countedFrom } = evidence;
  const checkAt = nextCheck(conditions, evidence);
  const hasUsers = conditions.some((condition) => ruleOf(condition).countsUsers);
  return { conditions, countedFrom, checkAt, ...(hasUsers && { usersSince: turningPointCount + 1 }) };
}

function apply(issue: Issue, { now, by, comment }: CommandContext, state: IssueState, turn: Turn): AppliedCommand {
  return {
    kind: "applied",
    issue: withState(issue, state),
    turningPoint: { turn, at: now, by, eventId: null, comment },
    claimedRelease: null,
    withdrawn: [],
  };
}

/** Refuses a command. */
export function refuse(code: IssueLifecycleErrorCode, message: string): RefusedCommand {
  return { kind: "refused", code, message };
}

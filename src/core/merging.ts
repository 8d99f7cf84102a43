import { NO_USERS, type Evidence } from "./conditions/condition-rule.ts";
import { ruleOf, type Condition } from "./conditions/condition.ts";
import type { Instant } from "./instant.ts";
import {
  MAX_ISSUE_ENVIRONMENTS,
  OPEN,
  signsOf,
  withState,
  type Issue,
  type IssueState,
  type OpenState,
} from "./issue.ts";
import { PeriodCounter } from "./period-counter.ts";
import { wasSeen, withdrawClaim, type MarkedRelease, type ReleaseMark } from "./release-mark.ts";
import type { Actor, Turn, TurningPointDraft } from "./turning-point.ts";

/** The most issues that can be merged into one. */
export const MAX_MERGED_ISSUES = 100;

/** Who merges issues or takes them apart, when, and what they say about it. */
export interface MergeContext {
  readonly now: Instant;
  readonly by: Actor;
  /** A comment for the histories of both issues, or `""`. */
  readonly comment: string;
}

/** An issue after a merge or its end, with what its history says of that. */
export interface MergedIssue {
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
}

/** An issue with its counter. */
export interface CountedIssue {
  readonly issue: Issue;
  readonly counter: PeriodCounter;
}

/**
 * The own part of an issue into which another is merged for the first time: what it has counted itself. It has no history of its own.
 *
 * @param identity - the id and number of the part
 */
export function ownPartOf(target: Issue, identity: Pick<Issue, "id" | "number">, now: Instant): Issue {
  const { id, number } = identity;
  const state: IssueState = { status: "merged", into: target.id, as: "own-part", at: now };
  return { ...target, id, number, watch: null, turningPointCount: 0, parts: null, state };
}

/**
 * An issue that becomes a member of another. What it was resolved or muted for is over: the other one's state is that of both.
 *
 * @param ownPart - its own part, if others had been merged into it: they are members of the other one from now on
 */
export function mergeInto(
  member: Issue,
  ownPart: Issue | undefined,
  target: Issue,
  context: MergeContext,
): MergedIssue {
  const own = ownPart ?? member;
  const alone: Issue = {
    ...member,
    ...sumOf([own]),
    eventCount: own.eventCount,
    userCount: own.userCount,
    parts: null,
  };
  const issue = withState(alone, { status: "merged", into: target.id, as: "member", at: context.now });
  return { issue, turningPoint: turningPointOf({ kind: "merged", into: target.id }, context) };
}

/**
 * An issue after another was merged into it, with those that had been merged into that one. What it had counted since a mute still
 * counts, and the other's events count as if they had come before it; conditions are judged by all from the next event on.
 *
 * @param target - its counter gets what the other one has counted
 * @param members - the ids of the members that it gets; at least one
 * @param newUsers - how many users of the other one were no users of the issue
 * @param ownPart - the id of its own part
 * @returns the issue after each member that it gets, the last of them being the result
 */
export function withMembers(
  target: CountedIssue,
  added: CountedIssue,
  members: readonly string[],
  newUsers: number,
  ownPart: string,
  context: MergeContext,
): readonly [MergedIssue, ...MergedIssue[]] {
  const { issue, counter } = target;
  const more = added.counter.total;
  counter.add(added.counter);
  const sum: Issue = {
    ...issue,
    ...sumOf([issue, added.issue]),
    eventCount: counter.total,
    userCount: issue.userCount + newUsers,
    parts: { ownPart, members: [...(issue.parts?.members ?? []), ...members] },
  };
  const state = stateWithMore(sum, more, counter, context.now);
  const steps = members.map((member, place): MergedIssue => {
    const turned = { ...sum, state, turningPointCount: sum.turningPointCount + place + 1 };
    return { issue: turned, turningPoint: turningPointOf({ kind: "member-merged", member }, context) };
  });
  const [first, ...others] = steps;
  if (first === undefined) throw new Error("There is nothing to merge.");
  return [first, ...others];
}

/**
 * An issue after a member was taken out of it: the sum of what is left. What counts since a mute or a discard begins anew.
 *
 * @param rest - its own part and the other members; at least one
 * @param userCount - how many users these have together
 */
export function withoutMember(
  target: Issue,
  member: string,
  rest: readonly CountedIssue[],
  userCount: number,
  context: MergeContext,
): MergedIssue & { readonly counter: PeriodCounter } {
  const counter = new PeriodCounter();
  for (const each of rest) counter.add(each.counter);
  const members = target.parts?.members.filter((id) => id !== member) ?? [];
  const parts = target.parts === null || members.length === 0 ? null : { ...target.parts, members };
  const left: Issue = {
    ...target,
    ...sumOf(rest.map(({ issue }) => issue)),
    eventCount: counter.total,
    userCount,
    parts,
  };
  const issue = withState(left, beginAnew(left.state, left, counter, context.now));
  return { issue, counter, turningPoint: turningPointOf({ kind: "member-unmerged", member }, context) };
}

/**
 * A member that is on its own again, in the state of the target; open, if that is gone. What counts since a mute or a discard begins
 * anew, and so does what it is watched for.
 *
 * @param from - the id of the target
 */
export function unmergeFrom(
  { issue: member, counter }: CountedIssue,
  from: string,
  target: Issue | undefined,
  context: MergeContext,
): MergedIssue {
  const { state } = target ?? { state: OPEN };
  const taken: IssueState = state.status === "open" ? { ...OPEN, ...signsOf(state) } : state;
  const issue = withState({ ...member, seenNumber: 0 }, beginAnew(taken, member, counter, context.now));
  return { issue, turningPoint: turningPointOf({ kind: "unmerged", from }, context) };
}

/**
 * The mark of an issue for a release after another was merged into it: its own, if it has one, because nobody knows which of the two came
 * later.
 */
export function markOfBoth(target: ReleaseMark | undefined, member: ReleaseMark): ReleaseMark {
  if (target === undefined) return member;
  return target.last === "fixed" ? { ...target, seen: target.seen || wasSeen(member) } : target;
}

/** The fix claims that a member takes along: its mark for a release when it is on its own again; `undefined` for none. */
export function markOfUnmerged(own: ReleaseMark | undefined, target: ReleaseMark | undefined): ReleaseMark | undefined {
  if (target?.last === "fixed") return { ...target, seen: own !== undefined && wasSeen(own) };
  return own?.last === "fixed" ? withdrawClaim(own) : own;
}

/**
 * The mark of an issue for a release after a member was taken out of it; `undefined` for none. A claim that the member had brought along
 * goes with it. Another one that only events of the member had contradicted stands again.
 *
 * @param member - the member's own mark for the release
 * @param rest - those of what is left of the issue
 */
export function markOfRest(
  target: ReleaseMark,
  member: ReleaseMark | undefined,
  rest: readonly ReleaseMark[],
): ReleaseMark | undefined {
  const { fixedAt } = target;
  const seen = rest.some(wasSeen);
  const isOfRest = rest.some((mark) => mark.fixedAt === fixedAt);
  if (fixedAt === null || (member?.fixedAt === fixedAt && !isOfRest)) {
    return seen ? { ...markedOnly(target), last: "seen", fixedAt: null } : undefined;
  }
  if (target.last === "fixed" || !seen) return { ...markedOnly(target), last: "fixed", fixedAt, seen };
  return target;
}

function markedOnly({ version, line, number, orderKey, releasedAt }: ReleaseMark): MarkedRelease {
  return { version, line, number, orderKey, releasedAt };
}

type Summed = Pick<
  Issue,
  | "title"
  | "transaction"
  | "level"
  | "firstSeenAt"
  | "lastSeenAt"
  | "environments"
  | "latestEventId"
  | "lastSeenIn"
  | "seenNumber"
>;

/** What several issues show together: of what only the newest event says, that of the one that was seen last. */
function sumOf(issues: readonly Issue[]): Summed {
  const newestFirst = issues.toSorted((one, other) => other.lastSeenAt - one.lastSeenAt);
  // Of an issue without a newest event all that it could show was erased.
  const shown = newestFirst.find(({ latestEventId }) => latestEventId !== "") ?? newestFirst[0];
  if (shown === undefined) throw new Error("There is nothing to add up.");
  const { title, transaction, level, latestEventId } = shown;
  const environments = [...new Set(issues.flatMap((issue) => issue.environments))];
  return {
    title,
    transaction,
    level,
    firstSeenAt: Math.min(...issues.map((issue) => issue.firstSeenAt)),
    lastSeenAt: Math.max(...issues.map((issue) => issue.lastSeenAt)),
    environments: environments.slice(0, MAX_ISSUE_ENVIRONMENTS),
    latestEventId,
    lastSeenIn: newestFirst.find((issue) => issue.lastSeenIn !== undefined)?.lastSeenIn,
    // The mark may have become a fix claim.
    seenNumber: 0,
  };
}

/** The state of an issue that has `more` events of another one: they come before what counts from a mute or a discard on. */
function stateWithMore(issue: Issue, more: number, counter: PeriodCounter, now: Instant): IssueState {
  const { state } = issue;
  switch (state.status) {
    case "open":
      return openAgain(state, now);
    case "resolved":
    case "merged":
      return state;
    case "muted": {
      const { volume } = state.mute;
      if (volume === null) return state;
      const countedFrom = volume.countedFrom === 0 ? 0 : volume.countedFrom + more;
      const conditions = usualAnew(volume.conditions, issue, counter, now);
      return { ...state, mute: { ...state.mute, volume: { ...volume, conditions, countedFrom, checkAt: 0 } } };
    }
    case "discarded": {
      const conditions = usualAnew(state.discard.conditions, issue, counter, now);
      const eventCount = state.discard.eventCount + more;
      return { ...state, discard: { ...state.discard, conditions, eventCount, checkAt: 0 } };
    }
  }
}

/** The state of an issue that has other counts than before: what counts from a mute or a discard on begins with its next turning point. */
function beginAnew(state: IssueState, issue: Issue, counter: PeriodCounter, now: Instant): IssueState {
  const { eventCount, turningPointCount } = issue;
  switch (state.status) {
    case "open":
      return openAgain(state, now);
    case "resolved":
    case "merged":
      return state;
    case "muted": {
      const { volume } = state.mute;
      if (volume === null) return state;
      const { conditions, countedFrom, usersSince } = volume;
      const anew = {
        conditions: usualAnew(conditions, issue, counter, now),
        countedFrom: countedFrom === 0 ? 0 : eventCount,
        checkAt: 0,
        ...(usersSince !== undefined && { usersSince: turningPointCount + 1 }),
      };
      return { ...state, mute: { ...state.mute, mutedAt: now, volume: anew } };
    }
    case "discarded": {
      const conditions = usualAnew(state.discard.conditions, issue, counter, now);
      return { ...state, discard: { discardedAt: now, eventCount, conditions, checkAt: 0 } };
    }
  }
}

/** Conditions with what is usual by other counts than before. */
function usualAnew(
  conditions: readonly Condition[],
  { firstSeenAt }: Pick<Issue, "firstSeenAt">,
  counter: PeriodCounter,
  now: Instant,
): readonly Condition[] {
  const evidence: Evidence = { counter, at: now, countedFrom: 0, firstSeenAt, users: NO_USERS };
  return conditions.map((condition) => ruleOf(ruleOf(condition).asRequested).asMuted(evidence));
}

/** A person has looked at an open issue, and it is not known any more when what it is watched for can be met. */
function openAgain(state: OpenState, now: Instant): IssueState {
  const { watch } = state;
  return {
    status: "open",
    quietFrom: now,
    ...signsOf(state),
    ...(watch !== undefined && { watch: { ...watch, checkAt: 0, lookAt: 0 } }),
  };
}

function turningPointOf(turn: Turn, { now, by, comment }: MergeContext): TurningPointDraft {
  return { turn, at: now, by, eventId: null, comment };
}

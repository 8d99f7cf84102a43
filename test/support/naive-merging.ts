import type { NaiveIssue, NaiveHappening } from "./naive-issue.ts";
import type { NaiveRelease } from "./naive-releases.ts";

/*
 * The naive model of merging: an issue into which others are merged is made anew, from all that ever happened to its parts, at each
 * merge and at each end of one.
 */

/** The parts of an issue into which others are merged: its own first. */
function partsOf({ ownPart, members }: NaiveIssue): readonly NaiveIssue[] {
  return ownPart === undefined ? [] : [ownPart, ...members];
}

/** Merges an issue into another, with those that were merged into it. */
export function mergeNaively(target: NaiveIssue, member: NaiveIssue, newIssue: () => NaiveIssue, now: number): void {
  if (target.ownPart === undefined) {
    const own = newIssue();
    copyEvents([target], own);
    own.happenings = [...target.happenings];
    own.state = { kind: "merged", into: target };
    target.ownPart = own;
  }
  const { total } = member.past.counter;
  const [events, length] = [[...member.past.all, ...target.past.all], member.past.length];
  target.happenings = releasesOf([target, member]).flatMap((release) => mergedIn(target, member, release));
  copyEvents([target, member], target);
  target.past.reset(events);
  const { state } = target;
  if (state.kind === "muted") {
    const { occurrences, countedFrom } = state.since;
    const since = { occurrences: occurrences + length, countedFrom: countedFrom === 0 ? 0 : countedFrom + total };
    target.state = { ...state, since, conditions: target.asUsual(state.conditions, now) };
  }
  if (state.kind === "discarded") {
    target.state = { ...state, before: state.before + total, conditions: target.asUsual(state.conditions, now) };
  }
  const members = [member, ...member.members];
  leaveOwn(member);
  for (const each of members) {
    target.members.push(each);
    target.history.push("member-merged");
    each.turn({ kind: "merged", into: target }, "merged");
    forgetAttention(each);
  }
  target.attend(now);
}

/** Leaves to an issue, whose members go to another one, what its own part has. */
function leaveOwn(issue: NaiveIssue): void {
  const { ownPart } = issue;
  if (ownPart === undefined) return;
  issue.happenings = releasesOf([issue]).flatMap((release) => leftBehind(issue, undefined, [ownPart], release));
  copyEvents([ownPart], issue);
  issue.ownPart = undefined;
  issue.members = [];
}

/** Takes a member out of an issue. */
export function unmergeNaively(target: NaiveIssue, member: NaiveIssue, now: number): void {
  const releases = releasesOf([target, member]);
  const left = partsOf(target).filter((part) => part !== member);
  const ofMember = releases.flatMap((release) => takenAlong(target, member, release));
  target.happenings = releases.flatMap((release) => leftBehind(target, member, left, release));
  member.happenings = ofMember;
  target.members = target.members.filter((each) => each !== member);
  copyEvents(left, target);
  if (target.members.length === 0) target.ownPart = undefined;
  const { state } = target;
  member.turn(state.kind === "open" ? { kind: "open" } : state, "unmerged");
  target.history.push("member-unmerged");
  for (const issue of [target, member]) {
    beginAnew(issue, now);
    issue.attend(now);
  }
}

function forgetAttention(issue: NaiveIssue): void {
  issue.isUnheard = false;
  issue.ended = undefined;
  issue.attendedAt = undefined;
}

/** What counts since a mute or a discard begins anew. */
function beginAnew(issue: NaiveIssue, now: number): void {
  const { state, past } = issue;
  const { total } = past.counter;
  if (state.kind === "muted") {
    const since = { occurrences: past.length, countedFrom: state.since.countedFrom === 0 ? 0 : total };
    // Without conditions nothing counts.
    const at = state.conditions.length === 0 ? state.at : now;
    issue.state = { ...state, at, since, conditions: issue.asUsual(state.conditions, now) };
  }
  if (state.kind === "discarded") {
    issue.state = { ...state, at: now, before: total, conditions: issue.asUsual(state.conditions, now) };
  }
}

/** Gives an issue the events of some, with what follows from them alone. */
function copyEvents(from: readonly NaiveIssue[], to: NaiveIssue): void {
  const newestFirst = from.toSorted((one, other) => other.past.last - one.past.last);
  to.title = newestFirst[0]?.title ?? "";
  to.titleAt = newestFirst[0]?.past.last ?? 0;
  to.lastSeenIn = newestFirst.find(({ lastSeenIn }) => lastSeenIn !== undefined)?.lastSeenIn;
  const [events, environments] = [
    from.flatMap(({ past }) => past.all),
    new Set(from.flatMap((issue) => issue.environments)),
  ];
  to.past.reset(events);
  to.environments.splice(0, to.environments.length, ...environments);
}

function releasesOf(issues: readonly NaiveIssue[]): NaiveRelease[] {
  return [...new Set(issues.flatMap(({ happenings }) => happenings.map(({ release }) => release)))];
}

function claimIn({ happenings }: NaiveIssue, release: NaiveRelease): NaiveHappening | undefined {
  return happenings.findLast((each) => each.release === release && each.what === "fixed");
}

function seenIn({ happenings }: NaiveIssue, release: NaiveRelease): NaiveHappening | undefined {
  return happenings.findLast((each) => each.release === release && each.what === "seen");
}

/** Of two issues that have something in a release, the target decides. */
function mergedIn(target: NaiveIssue, member: NaiveIssue, release: NaiveRelease): NaiveHappening[] {
  const own = target.happenings.filter((each) => each.release === release);
  if (own.length === 0) return member.happenings.filter((each) => each.release === release);
  const seen = seenIn(member, release);
  return target.lastIn(release)?.what === "fixed" && seen !== undefined ? [seen, ...own] : own;
}

/** A member takes the claims that stand for the target instead of its own. */
function takenAlong(target: NaiveIssue, member: NaiveIssue, release: NaiveRelease): NaiveHappening[] {
  const [claim, seen] = [claimIn(target, release), seenIn(member, release)];
  const others = seen === undefined ? [] : [seen];
  return target.lastIn(release)?.what === "fixed" && claim !== undefined ? [...others, claim] : others;
}

/** A claim that only the member contradicted stands again, unless the member had brought it along. */
function leftBehind(
  target: NaiveIssue,
  member: NaiveIssue | undefined,
  left: readonly NaiveIssue[],
  release: NaiveRelease,
): NaiveHappening[] {
  const [claim, seen] = [claimIn(target, release), left.map((part) => seenIn(part, release)).find((each) => each)];
  const isOf = (issue: NaiveIssue): boolean => claimIn(issue, release)?.at === claim?.at;
  const isOfMember = member !== undefined && isOf(member) && !left.some(isOf);
  const claims = claim === undefined || isOfMember ? [] : [claim];
  if (seen === undefined) return claims;
  return target.lastIn(release)?.what === "fixed" ? [seen, ...claims] : [...claims, seen];
}

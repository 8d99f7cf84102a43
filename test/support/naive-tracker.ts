import { isDeepStrictEqual } from "node:util";
import type { NewEvent } from "../../src/index.ts";
import { parseCondition, type Command, type Condition } from "../../src/core/index.ts";
import { NaiveIssue, type NaiveMet, type NaiveState } from "./naive-issue.ts";
import { mergeNaively, unmergeNaively } from "./naive-merging.ts";
import type { NaiveOccurrence } from "./naive-past.ts";
import { isLine, NaiveReleases, type NaiveRelease } from "./naive-releases.ts";
import { readNaively } from "./naive-versions.ts";
import { NaiveWatch } from "./naive-watch.ts";

/** The outcome of one event in the model. */
export type NaiveOutcome =
  | "duplicate"
  | "created"
  | "counted"
  | "discarded"
  | `${"regressed" | "not regressed" | "unmuted" | "undiscarded" | "loud"}: ${string}`;

/** What an event of the model says. */
export type NaiveEvent = Required<Pick<NewEvent, "id" | "type" | "release">> & {
  readonly receivedAt: number;
  readonly occurredAt: number | undefined;
  readonly carries?: NaiveLoad | undefined;
};

/** What an event of the model may carry besides. */
export type NaiveLoad = Pick<NewEvent, "count" | "userId" | "environment">;

/** An event that arrived, in the terms of the tracker's clock. */
interface NaiveArrival extends NaiveOccurrence {
  readonly group: string;
  readonly occurredAt: number;
  readonly environment: string;
}

/** The release of an event: one, a retired one, or none in a project that knows none. */
type NaiveEventRelease = NaiveRelease | "none";

type Resolve = Extract<Command, { kind: "resolve" }>;
type Reopen = Extract<Command, { kind: "reopen" }>;

/**
 * A naive model of a tracker with one project: the numbered rules in their plainest form, without regard to cost. It digests
 * events one by one, and stores nothing but what happened.
 */
export class NaiveTracker {
  readonly issues = new Map<string, NaiveIssue>();
  readonly alerts: string[] = [];
  readonly releases = new NaiveReleases();
  /** What open issues are watched for. */
  watch: readonly Condition[] = [];
  /** The environments whose events may change states; `null` for all. */
  stateEnvironments: readonly string[] | null = null;
  /** After how long without an event open issues are resolved; `null` for never. */
  autoResolveAfterMs: number | null = null;
  readonly #eventIds = new Set<string>();
  #issueCount = 0;
  /** The release in which the present event left a mark. */
  #marked: NaiveRelease | undefined;

  digest(event: NaiveEvent, now: number): NaiveOutcome {
    if (this.#eventIds.has(event.id)) return "duplicate";
    this.#eventIds.add(event.id);
    const at = Math.min(event.receivedAt, now);
    const occurredAt = Math.min(event.occurredAt ?? at, at);
    const { count: n = 1, userId: user = null, environment = "" } = event.carries ?? {};
    const isElsewhere = this.stateEnvironments?.includes(environment) === false;
    const arrival = { at, occurredAt, n, user, environment, isElsewhere, group: event.type };
    const own = this.issues.get(event.type);
    const issue = own?.state.kind === "merged" ? own.state.into : own;
    const part = own?.state.kind === "merged" ? own : issue?.ownPart;
    const outcome = this.#digest(issue, event, arrival);
    if (part === undefined || issue === undefined) return outcome;
    if (outcome === "discarded") part.past.add({ ...arrival, user: null, isDiscarded: true });
    else part.count(arrival, environment, event.type);
    if (this.#marked !== undefined) leaveMarkIn(part, this.#marked, occurredAt);
    return outcome;
  }

  #digest(issue: NaiveIssue | undefined, event: NaiveEvent, arrival: NaiveArrival): NaiveOutcome {
    this.#marked = undefined;
    if (arrival.isElsewhere === true) return this.#countElsewhere(issue ?? this.#newIssue(event.type), arrival);
    const named = this.#releaseOf(event.release, arrival.at);
    return issue === undefined
      ? this.#open(event.type, named, arrival)
      : this.#continue(issue, named ?? this.#assumed(issue), arrival);
  }

  /** Merges an issue into another, with its members. Returns the code with which that is refused, or `undefined`. */
  merge(group: string, into: string, now: number): string | undefined {
    const [issue, target] = [this.issues.get(group), this.issues.get(into)];
    if (issue === undefined || target === undefined) return "unknown-issue";
    if (issue === target) return "invalid-input";
    if (issue.state.kind === "merged" || target.state.kind === "merged") return "issue-merged";
    mergeNaively(target, issue, () => this.#numbered(), now);
    return undefined;
  }

  unmerge(group: string, now: number): string | undefined {
    const issue = this.issues.get(group);
    if (issue === undefined) return "unknown-issue";
    if (issue.state.kind !== "merged") return "not-merged";
    unmergeNaively(issue.state.into, issue, now);
    return undefined;
  }

  /** All issues, own parts too. */
  get all(): NaiveIssue[] {
    return [...this.issues.values()].flatMap((issue) => [
      issue,
      ...(issue.ownPart === undefined ? [] : [issue.ownPart]),
    ]);
  }

  /** Registers a release. Returns the code with which that is refused, or `undefined`. */
  register(text: string, releasedAt: number | undefined, now: number): string | undefined {
    const date = Math.min(releasedAt ?? now, now);
    const found = this.releases.find(text);
    if (readNaively(text) === undefined) return "invalid-input";
    if (found?.standing === "retired") return "release-retired";
    this.#change(() => {
      if (found?.standing !== "known") this.releases.makeKnown(text, date);
      else if (releasedAt !== undefined) found.date = date;
    });
    return undefined;
  }

  retire(text: string): string | undefined {
    const found = this.releases.find(text);
    if (readNaively(text) === undefined) return "invalid-input";
    if (found === undefined || found.standing === "announced") return "unknown-release";
    if (found.standing === "retired") return undefined;
    this.#change(() => {
      found.standing = "retired";
      for (const issue of this.all) this.#forget(issue, found);
    });
    return undefined;
  }

  restore(text: string): string | undefined {
    const found = this.releases.find(text);
    if (readNaively(text) === undefined) return "invalid-input";
    if (found === undefined || found.standing === "announced") return "unknown-release";
    if (found.standing === "retired") this.#change(() => this.releases.makeKnown(text, found.date));
    return undefined;
  }

  /** Applies a command. Returns the code with which it is refused, or `undefined`. */
  command(group: string, command: Command, now: number): string | undefined {
    const issue = this.issues.get(group);
    if (issue === undefined) return "unknown-issue";
    if (issue.state.kind === "merged") return "issue-merged";
    const refused = this.#apply(group, issue, command, now);
    if (refused === undefined) issue.attend(now);
    return refused;
  }

  #apply(group: string, issue: NaiveIssue, command: Command, now: number): string | undefined {
    switch (command.kind) {
      case "resolve":
        return this.#resolve(issue, command.in, now);
      case "reopen":
        return this.#reopen(issue, command.withdraw ?? false);
      case "mute":
        return issue.mute(command, now);
      case "unmute":
        return issue.state.kind === "muted" ? issue.turn({ kind: "open" }, "unmuted") : "not-muted";
      case "discard":
        return issue.discard(command.conditions ?? [], now);
      case "undiscard":
        return issue.state.kind === "discarded" ? issue.turn({ kind: "open" }, "undiscarded") : "not-discarded";
      case "watch":
        issue.own = command.conditions?.map((each) => parseCondition(each)) ?? null;
        return issue.turn(issue.state, "watched");
      case "annotate":
        return issue.turn(issue.state, "annotated");
      case "delete":
        for (const [name, each] of this.issues) if (issue.members.includes(each)) this.issues.delete(name);
        this.issues.delete(group);
        return undefined;
    }
  }

  /** Ends the mutes that end by the clock, mutes issues again that were quiet, and resolves those that were quiet for longest. */
  tick(now: number): void {
    for (const issue of this.issues.values()) {
      const { state } = issue;
      if (state.kind === "open") issue.muteAgain(now);
      if (state.kind !== "muted" || !state.wakes || state.until > now) continue;
      issue.unmute(now);
      issue.attendedAt = now;
      this.alerts.push("unmute");
    }
    const quietMs = this.autoResolveAfterMs;
    if (quietMs === null) return;
    for (const issue of this.issues.values()) issue.autoResolve(now, quietMs, this.releases.count);
  }

  /** The release that an event names, which it makes known; `undefined` if it names none. */
  #releaseOf(text: string, receivedAt: number): NaiveRelease | undefined {
    if (readNaively(text) === undefined) return undefined;
    const found = this.releases.find(text);
    if (found?.standing === "known" || found?.standing === "retired") return found;
    return this.#change(() => this.releases.makeKnown(text, receivedAt));
  }

  /** The release that an event of an issue without one belongs to. */
  #assumed({ lastSeenIn, state }: NaiveIssue): NaiveEventRelease {
    const claimed = state.kind === "resolved" ? state.claims.map(({ release }) => release) : [];
    const latest = [lastSeenIn, ...claimed].map((each) => each && this.releases.latestIn(each.version));
    const [last] = latest.filter((each) => each !== undefined).sort((one, other) => other.number - one.number);
    return last ?? this.releases.latest() ?? "none";
  }

  #newIssue(group: string): NaiveIssue {
    const issue = this.#numbered();
    this.issues.set(group, issue);
    return issue;
  }

  #numbered(): NaiveIssue {
    return new NaiveIssue(++this.#issueCount);
  }

  /** An event of an environment that changes no states opens an issue, and else changes nothing. */
  #countElsewhere(issue: NaiveIssue, arrival: NaiveArrival): NaiveOutcome {
    if (issue.state.kind === "discarded") {
      issue.past.add({ ...arrival, user: null, isDiscarded: true });
      return "discarded";
    }
    issue.count(arrival, arrival.environment, arrival.group);
    if (issue.history.length === 0) {
      issue.history.push("first-seen");
      issue.isUnheard = true;
      return "created";
    }
    const { state } = issue;
    // Since a mute, what counts are events that may change states.
    if (state.kind === "muted" && state.since.countedFrom > 0) {
      issue.state = { ...state, since: { ...state.since, countedFrom: state.since.countedFrom + arrival.n } };
    }
    return issue.state.kind === "resolved" ? `not regressed: other-environment ${arrival.environment}` : "counted";
  }

  #open(group: string, named: NaiveRelease | undefined, arrival: NaiveArrival): NaiveOutcome {
    const issue = this.#newIssue(group);
    const watch = this.#watchOf(issue);
    watch.lookBefore(arrival.at);
    issue.count(arrival, arrival.environment, arrival.group);
    this.#marked = leaveMark(issue, named ?? this.releases.latest() ?? "none", arrival.occurredAt);
    issue.history.push("first-seen");
    this.alerts.push("new-issue");
    watch.lookAfter(arrival.at, true);
    issue.watched = watch;
    return "created";
  }

  #continue(issue: NaiveIssue, release: NaiveEventRelease, arrival: NaiveArrival): NaiveOutcome {
    const { at, occurredAt } = arrival;
    const watch = this.#watchOf(issue);
    watch.lookBefore(at);
    if (issue.state.kind === "discarded") {
      issue.past.add({ ...arrival, user: null, isDiscarded: true });
      if (issue.metCondition() === undefined) return "discarded";
      issue.past.keepLast(arrival);
      issue.see(arrival, arrival.environment, arrival.group);
    } else {
      issue.count(arrival, arrival.environment, arrival.group);
    }
    const { state } = issue;
    const isNext = release !== "none" && issue.waitsFor(release) && this.releases.becameLatest().includes(release);
    if (isNext && state.kind === "resolved" && occurredAt >= state.at) issue.materialize(release);
    const outcome = this.#judge(issue, release, at, occurredAt);
    this.#marked = leaveMark(issue, release, occurredAt);
    const isAlerted = this.#follow(issue, outcome, at);
    if (issue.state.kind !== "open") return outcome;
    issue.watched = watch;
    const place = watch.lookAfter(at, isAlerted);
    const condition = place === undefined ? undefined : watch.conditions[place];
    if (condition === undefined) return outcome;
    issue.turn(issue.state, "loud");
    this.alerts.push("loud");
    return `loud: ${metInShort({ condition, standing: issue.past.standing(condition, at) })}`;
  }

  /** Changes the state as an event's outcome says. Returns whether that, or what nobody heard of before, raises an alert. */
  #follow(issue: NaiveIssue, outcome: NaiveOutcome, at: number): boolean {
    const alert = alertOf(outcome) ?? (issue.state.kind === "open" && issue.isUnheard ? "new-issue" : undefined);
    if (alert === "regression") issue.turn({ kind: "open" }, "regressed");
    if (outcome.startsWith("undiscarded")) issue.turn({ kind: "open" }, "undiscarded");
    else if (alert === "unmute") issue.unmute(at);
    if (alert === undefined) return false;
    issue.isUnheard = false;
    this.alerts.push(alert);
    return true;
  }

  /** What is known of what an issue is watched for: nothing if it is watched for something else now. */
  #watchOf({ own, watched, past }: NaiveIssue): NaiveWatch {
    const conditions = own ?? this.watch;
    return watched !== undefined && isDeepStrictEqual(watched.conditions, conditions)
      ? watched
      : new NaiveWatch(conditions, past);
  }

  #judge(issue: NaiveIssue, release: NaiveEventRelease, receivedAt: number, occurredAt: number): NaiveOutcome {
    const { state } = issue;
    switch (state.kind) {
      case "open":
        return "counted";
      case "muted": {
        if (receivedAt > state.until) return "unmuted: deadline";
        const met = issue.metCondition();
        return met === undefined ? "counted" : `unmuted: ${metInShort(met)}`;
      }
      case "discarded": {
        const met = issue.metCondition();
        return met === undefined ? "discarded" : `undiscarded: ${metInShort(met)}`;
      }
      case "resolved":
        return judgeResolved(issue, state, release, occurredAt);
      case "merged":
        throw new Error("A merged issue has no state of its own.");
    }
  }

  /**
   * Changes the releases, and gives the issues that wait for it the next one that appears by that. An issue that waits again
   * because its fix was retired gets the next one of those that appeared since it was resolved.
   */
  #change<Result>(change: () => Result): Result {
    const before = new Set(this.releases.becameLatest());
    const waited = new Set([...this.issues.values()].filter(isWaiting));
    const marked = new Map(Array.from(this.issues.values(), (issue) => [issue, issue.happenings]));
    const result = change();
    const latest = this.releases.becameLatest();
    const appearing = latest.filter((release) => !before.has(release));
    for (const issue of this.issues.values()) {
      const next = (waited.has(issue) ? appearing : latest).find(
        (release) => issue.waitsFor(release) && marked.get(issue)?.some((each) => isLine(each.release, release)),
      );
      if (next !== undefined) issue.materialize(next);
    }
    return result;
  }

  /** Forgets what happened in a release that is retired. */
  #forget(issue: NaiveIssue, retired: NaiveRelease): void {
    issue.happenings = issue.happenings.filter(({ release }) => release !== retired);
    const { state } = issue;
    if (state.kind !== "resolved" || !state.claims.some(({ release }) => release === retired)) return;
    const claims = state.claims.filter(({ release }) => release !== retired);
    const left = this.releases.known.length === 0 ? "plain" : "next";
    issue.turn({ ...state, claims, by: claims.length > 0 ? "release" : left }, "claims-withdrawn");
  }

  #reopen(issue: NaiveIssue, withdraw: NonNullable<Reopen["withdraw"]>): string | undefined {
    const { state } = issue;
    const listed = typeof withdraw === "boolean" ? [] : withdraw.map((text) => this.releases.find(text));
    const isClaimed = (release: NaiveRelease | undefined): boolean =>
      release !== undefined && issue.lastIn(release)?.what === "fixed";
    if (!listed.every(isClaimed)) return "not-claimed";
    if (state.kind !== "resolved") return "not-resolved";
    const present = withdraw === true ? state.claims.map(({ release }) => release) : listed;
    for (const release of present) if (release !== undefined) issue.withdraw(release);
    return issue.turn({ kind: "open" }, "reopened");
  }

  #resolve(issue: NaiveIssue, how: Resolve["in"], now: number): string | undefined {
    const { state } = issue;
    if (state.kind === "discarded") return "issue-discarded";
    const after = this.releases.count;
    if (how === undefined) {
      if (state.kind === "resolved" && state.by !== "plain") return "already-resolved";
      return issue.turn({ kind: "resolved", by: "plain", at: now, after, claims: [] }, "resolved");
    }
    if (how === "next-release") {
      if (state.kind === "resolved") return "already-resolved";
      if (this.releases.latest() === undefined) return "no-release";
      return issue.turn({ kind: "resolved", by: "next", at: now, after, claims: [] }, "resolved");
    }
    const release = how === "latest-release" ? this.#latestFor(issue) : this.#claimable(how.release, how.announce);
    if (typeof release === "string") return release;
    const present = state.kind === "resolved" ? state : { at: now, after, claims: [] };
    if (present.claims.some((claim) => claim.release === release)) return "already-resolved";
    issue.happenings.push({ what: "fixed", release, at: now });
    const claims = [...present.claims, { release, at: now }];
    const next: NaiveState = { kind: "resolved", by: "release", at: present.at, after: present.after, claims };
    return issue.turn(next, "resolved");
  }

  #latestFor({ lastSeenIn }: NaiveIssue): NaiveRelease | string {
    return (lastSeenIn && this.releases.latestIn(lastSeenIn.version)) ?? this.releases.latest() ?? "no-release";
  }

  /** The release of a claim, which may be announced by it; or the code with which it is refused. */
  #claimable(text: string, announce = false): NaiveRelease | string {
    const found = this.releases.find(text);
    if (found !== undefined) return found.standing === "retired" ? "release-retired" : found;
    const version = readNaively(text);
    if (version === undefined) return "release-not-comparable";
    return announce || this.releases.canBeAnnounced(version) ? this.releases.announce(text) : "release-not-comparable";
  }
}

function judgeResolved(
  issue: NaiveIssue,
  state: NaiveState & { kind: "resolved" },
  release: NaiveEventRelease,
  occurredAt: number,
): NaiveOutcome {
  if (release !== "none" && release.standing === "retired") return "not regressed: release-retired";
  if (occurredAt < state.at) return "not regressed: occurred-before-resolution";
  if (state.by === "plain") return "regressed: plainly";
  if (state.by === "next") return "not regressed: awaiting-next-release";
  const deciding = release === "none" ? undefined : issue.deciding(release);
  if (deciding === undefined) return "not regressed: before-every-fix";
  if (deciding.what === "seen") return `not regressed: known-to-be-broken in ${deciding.release.text}`;
  if (occurredAt < deciding.at) return "not regressed: occurred-before-resolution";
  return `regressed: fixed in ${deciding.release.text}`;
}

function isWaiting({ state }: NaiveIssue): boolean {
  return state.kind === "resolved" && state.by === "next";
}

/** Returns the release, if the event leaves a mark in it. */
function leaveMark(issue: NaiveIssue, release: NaiveEventRelease, occurredAt: number): NaiveRelease | undefined {
  if (release === "none" || release.standing === "retired" || issue.isTooOld(release, occurredAt)) return undefined;
  leaveMarkIn(issue, release, occurredAt);
  return release;
}

function leaveMarkIn(issue: NaiveIssue, release: NaiveRelease, at: number): void {
  issue.happenings.push({ what: "seen", release, at });
  issue.lastSeenIn = release;
}

function alertOf(outcome: NaiveOutcome): "regression" | "unmute" | undefined {
  if (outcome.startsWith("regressed")) return "regression";
  return outcome.startsWith("unmuted") || outcome.startsWith("undiscarded") ? "unmute" : undefined;
}

/** A condition that was met, what counted, and what was usual. */
export function metInShort({ condition, standing: { count, usual } }: NaiveMet): string {
  return `${JSON.stringify(condition, Object.keys(condition).sort())} by ${String(count)}, usually ${String(usual)}`;
}

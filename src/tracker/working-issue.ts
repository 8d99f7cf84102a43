import { bucketOf, minuteOf } from "../core/calendar.ts";
import { isAhead, isIssueAhead, recoverIssue, recoverMark } from "../core/clock-recovery.ts";
import { NO_USERS } from "../core/conditions/condition-rule.ts";
import { ruleOf } from "../core/conditions/condition.ts";
import type { CheckedEvent } from "../core/event.ts";
import {
  applyEvent,
  countInPart,
  isDiscarded,
  leavesMark,
  needsEvidence,
  openIssue,
  type EventTransition,
  type ReceivedEvent,
} from "../core/event-transition.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue, IssueState } from "../core/issue.ts";
import {
  applyNextRelease,
  awaitsNextRelease,
  isNextRelease,
  type NextReleaseTransition,
} from "../core/next-release.ts";
import { PeriodCounter, type CounterHead } from "../core/period-counter.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";
import type { Alerting } from "../core/raised-alert.ts";
import { NO_EVIDENCE, type EventRelease, type ReleaseEvidence } from "../core/regression.ts";
import { nearestMark, type ReleaseMark } from "../core/release-mark.ts";
import type { KnownRelease } from "../core/release.ts";
import { presentClaims } from "../core/resolution-claims.ts";
import { isLookDue, lookBefore, watchOf, type Watch, type WatchLook } from "../core/watch-state.ts";
import type { GroupRef, IssueUser, IssueUserRef, MarkRequest } from "../ports/issue-store.ts";
import type { Changes } from "./changes.ts";
import { askedWindows, StoredUserCounts, usersSince, WorkingUsers, type WantedUserCounts } from "./issue-users.ts";
import type { NewLatestRelease } from "./next-release.ts";
import type { PlacedEvent, ProjectReleases } from "./project-releases.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** An event of the batch, with its release and its user. */
export interface ExpectedEvent extends PlacedEvent {
  readonly event: CheckedEvent;
  /** The hash of its user; `null` for none. */
  readonly user: string | null;
  /** Whether it was old when it arrived. */
  readonly isOld: boolean;
  /** Whether events of its environment may change states. */
  readonly mayChangeState: boolean;
  /** The part of its issue that counts it too; `undefined` for an issue into which none is merged. */
  readonly part: EventPart | undefined;
}

/** One or more events that an issue is about to count. */
interface EventsToCount {
  /** The number of its events after them. */
  readonly total: number;
  /** When the oldest of them was received. */
  readonly from: Instant;
  /** When the newest of them was received. */
  readonly until: Instant;
}

/** What an event did to its issue. */
export interface AppliedEvent {
  /** The event's release is the one that the issue waited for; or `undefined`. */
  readonly next: NextReleaseTransition | undefined;
  readonly transition: EventTransition;
}

/** The part of an issue with merged ones to which an event belongs. */
export interface EventPart {
  readonly issue: WorkingIssue;
  /** Whether it is an issue that was merged into the other one; else that one's own part. */
  readonly isMember: boolean;
}

/**
 * An issue while the events of a batch are applied to it, in three steps: the batch adds its events by `addEvent`, loads
 * what `neededCounter` and the other `needed` methods return, and applies the events one by one.
 */
export class WorkingIssue {
  readonly project: Project;
  readonly releases: ProjectReleases;
  readonly #group: GroupRef;
  readonly #now: Instant;
  /** The issue as it was loaded; `undefined` for a group without one. */
  readonly #stored: Issue | undefined;
  readonly #expected: ExpectedEvent[] = [];
  #current: Issue | undefined;
  #friendlyId = "";
  /** Has the newest minute and the total only, unless the stored buckets are needed. */
  #counter: PeriodCounter;
  #bucketsChanged = false;
  /** What the issue is watched for, if it is open; `undefined` for nothing, now and before. */
  readonly #watch: Watch | undefined;
  /** The users of the issue; `undefined` if neither events nor conditions ask for any. */
  #users: WorkingUsers | undefined;
  /** The marks that the events may need, by order key. */
  readonly #marks: ReleaseMark[] = [];
  readonly #changedMarks = new Map<string, ReleaseMark>();

  constructor(releases: ProjectReleases, project: Project, group: GroupRef, stored: Issue | undefined, now: Instant) {
    this.releases = releases;
    this.project = project;
    this.#group = group;
    this.#now = now;
    this.#stored = stored;
    this.#current = stored;
    this.#counter = stored === undefined ? new PeriodCounter() : PeriodCounter.ofOneMinute(headOf(stored));
    if (stored !== undefined) this.#friendlyId = friendlyIdOf(project.slug, stored.number);
    const conditions = stored?.watch ?? project.watch.conditions;
    // What is known about former conditions has to be forgotten, also when there are no others.
    const isKnown = stored?.state.status === "open" && stored.state.watch !== undefined;
    this.#watch = conditions.length > 0 || isKnown ? watchOf(conditions) : undefined;
  }

  /** The issue's id; `undefined` before its first event. */
  get id(): string | undefined {
    return this.#current?.id;
  }

  /** The number of the event of the issue that was applied last. */
  get lastEventNumber(): number {
    return this.#current?.lastEventNumber ?? 0;
  }

  /** Whether the issue waits for the next release. */
  get awaitsNext(): boolean {
    return this.#current !== undefined && awaitsNextRelease(this.#current.state);
  }

  /** The issue as it was loaded; `undefined` for a group without one. */
  get stored(): Issue | undefined {
    return this.#stored;
  }

  /** Whether the issue waits for the next release, and its events may bring it to the line of one that is pending for it. */
  mayComeLateTo({ release, reached }: NewLatestRelease): boolean {
    if (!this.awaitsNext || (this.#stored?.number ?? 0) <= reached) return false;
    return this.#expected.some(
      // An event without a release may belong to any line.
      ({ named }) => named === undefined || (named.kind === "release" && named.release.line === release.line),
    );
  }

  /** Whether the issue still waits for the next release, though it has come to the line of this one since. */
  missed(release: KnownRelease): boolean {
    return this.#current !== undefined && isNextRelease(this.#current, release) && this.hasMarkIn(release.line);
  }

  /** Adds an event of the batch to those that will be applied. */
  addEvent(expected: ExpectedEvent): void {
    this.#expected.push(expected);
    if (expected.user !== null) this.#users ??= new WorkingUsers(undefined);
  }

  /**
   * The id of the stored issue if its stored buckets are needed: if an event is in another minute than the newest, or in no minute, if
   * a clock was ahead, or if there are enough events to meet a condition.
   */
  neededCounter(): string | undefined {
    const stored = this.#stored;
    if (stored === undefined) return undefined;
    const { newestMinute } = headOf(stored);
    const isNeeded =
      this.#expected.some(
        ({ event, mayChangeState }) => !mayChangeState || minuteOf(event.receivedAt) !== newestMinute,
      ) ||
      isIssueAhead(stored, this.#now) ||
      this.#areConditionsDue(stored);
    return isNeeded ? stored.id : undefined;
  }

  /** Whether the events may meet a condition of the issue's mute, or one that it is watched for. */
  #areConditionsDue(stored: Issue): boolean {
    const isWatched = this.#watch !== undefined;
    if (!isWatched && !hasEndingConditions(stored.state)) return false;
    let [total, from, until] = [stored.eventCount, this.#now, 0];
    for (const { event } of this.#expected) {
      total += event.count;
      from = Math.min(from, event.receivedAt);
      until = Math.max(until, event.receivedAt);
    }
    return this.#isConditionDue(stored, { total, from, until });
  }

  #isConditionDue({ state, firstSeenAt, lastSeenAt }: Issue, { total, from, until }: EventsToCount): boolean {
    switch (state.status) {
      case "open": {
        // Conditions are judged at the newest time counted. An event before the first one makes usual days quieter.
        const at = Math.max(until, lastSeenAt);
        return this.#watch !== undefined && (isLookDue(this.#watch, state.watch, total, at) || from < firstSeenAt);
      }
      case "resolved":
        // Any event may be a regression.
        return this.#watch !== undefined;
      case "muted": {
        const { deadline, volume } = state.mute;
        const isPast = deadline !== null && until > deadline.at;
        return (volume !== null && total >= volume.checkAt) || (isPast && this.#watch !== undefined);
      }
      case "discarded":
        return state.discard.conditions.length > 0 && total >= state.discard.checkAt;
      case "merged":
        return false;
    }
  }

  /** The stored users that the events need. */
  neededUsers(): IssueUserRef[] {
    const issueId = this.#stored?.id;
    if (issueId === undefined || this.#users === undefined || this.#discardsAll) return [];
    const users = new Set(this.#expected.map(({ user }) => user));
    return Array.from(users).flatMap((user) => (user === null ? [] : { issueId, user }));
  }

  /** Sets a stored user. */
  setStoredUser(user: string, stored: IssueUser | undefined): void {
    const lastDay = Math.min(stored?.lastDay ?? 0, bucketOf("day", this.#now));
    this.#users?.setStored(user, stored && this.#wasSeenAhead ? { ...stored, lastDay } : stored);
  }

  /** The numbers of stored users that conditions may ask for while the events are applied. */
  neededUserCounts(): WantedUserCounts | undefined {
    const issue = this.#current;
    if (this.#stored === undefined || issue === undefined || !this.#areConditionsDue(issue)) return undefined;
    const mute = issue.state.status === "muted" ? issue.state.mute : undefined;
    const conditions = [...(mute?.volume?.conditions ?? []), ...(this.#watch?.conditions ?? [])];
    if (!conditions.some((condition) => ruleOf(condition).countsUsers)) return undefined;
    const counts = new StoredUserCounts(issue.id, usersSince(issue.state));
    this.#users = new WorkingUsers(counts);
    const times = new Map(this.#expected.map(({ event: { receivedAt } }) => [bucketOf("day", receivedAt), receivedAt]));
    const windows = [mute?.mutedAt ?? 0, ...times.values()].flatMap((at) =>
      [0, mute?.volume?.countedFrom ?? 0].flatMap((countedFrom) =>
        askedWindows(conditions, { counter: this.#counter, at, countedFrom, firstSeenAt: issue.firstSeenAt }),
      ),
    );
    return { counts, windows };
  }

  /**
   * The stored marks that the releases of events need: none while all events are of the release in which the issue is known to
   * be seen last.
   *
   * @param formerKeys - the former order keys of releases that get another one in this batch
   */
  neededMarks(formerKeys: readonly string[]): MarkRequest[] {
    const stored = this.#stored;
    if (stored === undefined || this.#discardsAll) return [];
    const releases = this.#expected.flatMap(({ named }) => (named?.kind === "release" ? [named.release] : []));
    const needed = releases.some((release) => needsEvidence(stored, release)) ? releases : [];
    // An event without a release may belong to a release that another event of the batch makes known.
    const isUnnamed = this.#expected.some(({ named }) => named === undefined);
    const former = needed.length > 0 || isUnnamed ? formerKeys : [];
    const keys = new Set([...needed.map(({ orderKey }) => orderKey), ...former]);
    return Array.from(keys, (upTo) => ({ issueId: stored.id, upTo, limit: 1 }));
  }

  /** Asks for the releases that decide about the events besides their own. */
  needReleases(): void {
    const { releases } = this;
    const isUnnamed = this.#expected.some(({ named }) => named === undefined);
    if (isUnnamed) for (const text of this.#lineTextsOfBatch()) releases.needLineOf(text);
    const lines = this.#expected.map(({ named }) => (named?.kind === "release" ? named.release.line : undefined));
    for (const { release } of this.#stored === undefined ? [] : presentClaims(this.#stored.state)) {
      const claimed = releases.read(release)?.place.line;
      if (lines.some((line) => line !== claimed)) releases.needClaimed(release);
    }
  }

  /** The stored marks that events without a release may need. */
  neededMarksOfUnnamed(): MarkRequest[] {
    const stored = this.#stored;
    if (stored === undefined || this.#discardsAll) return [];
    if (this.#expected.every(({ named }) => named !== undefined)) return [];
    const candidates = this.#candidates();
    const named = this.#expected.flatMap(({ named: of }) => (of?.kind === "release" ? [of.release] : []));
    const areNamedLoaded = named.some((release) => needsEvidence(stored, release));
    if (!areNamedLoaded && !candidates.some((release) => needsEvidence(stored, release))) return [];
    const needed = areNamedLoaded ? candidates : [...candidates, ...named];
    const keys = new Set(needed.map(({ orderKey }) => orderKey));
    return Array.from(keys, (upTo) => ({ issueId: stored.id, upTo, limit: 1 }));
  }

  /** The releases that the events without a release may belong to. */
  #candidates(): KnownRelease[] {
    const texts = this.#lineTextsOfBatch();
    const candidates = new Set<KnownRelease>();
    for (const { named, newest } of this.#expected) {
      if (named !== undefined) continue;
      for (const release of this.releases.candidates(texts, newest)) {
        candidates.add(release);
        // From then on it is the release in which the issue was last seen.
        if (!texts.includes(release.version)) texts.push(release.version);
      }
    }
    return [...candidates];
  }

  /** Whether all events of the batch are discarded: then nothing but the issue and its counter is needed. */
  get #discardsAll(): boolean {
    const state = this.#stored?.state;
    return state?.status === "discarded" && !hasEndingConditions(state);
  }

  /** Whether the issue has a mark in a line, among those that were loaded. */
  hasMarkIn(line: string): boolean {
    return this.#marks.some((mark) => mark.line === line);
  }

  /** Whether the newest event was counted by a clock that was ahead. */
  get #wasSeenAhead(): boolean {
    return this.#stored !== undefined && isAhead(this.#stored.lastSeenAt, this.#now);
  }

  /** Sets the counter from its stored bytes, and sets back what a clock that was ahead had written. */
  setCounter(bytes: Uint8Array | undefined): void {
    if (this.#stored === undefined) return;
    this.#counter = restoreCounter(this.#stored, bytes);
    this.#current = recoverIssue(this.#stored, this.#counter, this.#now);
    this.#bucketsChanged = this.#current !== this.#stored;
  }

  /** Adds a stored mark. */
  setStoredMark(mark: ReleaseMark): void {
    const recovered = recoverMark(mark, this.#now);
    if (recovered === mark) this.#setMark(mark);
    else this.#changeMark(recovered);
  }

  /**
   * Gives the mark of a release that becomes known, if there is one, the release as it is from then on.
   *
   * @param formerKey - the release's order key before
   */
  moveMark(formerKey: string, release: KnownRelease): void {
    const place = this.#marks.findIndex((each) => each.orderKey === formerKey);
    const [mark] = place < 0 ? [] : this.#marks.splice(place, 1);
    if (mark === undefined) return;
    const { orderKey, number, releasedAt } = release;
    const moved = { ...mark, orderKey, number, releasedAt };
    if (this.#changedMarks.delete(formerKey)) this.#changeMark(moved);
    else this.#setMark(moved);
  }

  /**
   * Applies the next event.
   *
   * @param newIdentity - the id and number of the issue, if the event opens it
   */
  apply(expected: ExpectedEvent, alerting: Alerting, newIdentity: () => Pick<Issue, "id" | "number">): AppliedEvent {
    const { event, named, newest, isOld, mayChangeState, part } = expected;
    const look = mayChangeState && !isOld ? this.#look(event) : undefined;
    this.#count(expected);
    const release = named ?? this.releases.assumed(this.#lineTexts(), newest);
    const { id, title, transaction, content, receivedAt, occurredAt, count, environment } = event;
    const identity = this.#current ?? newIdentity();
    const isOfNewUser = this.#isDiscarded(expected) ? false : this.#noteUser(identity.id, expected);
    const received: ReceivedEvent = {
      id,
      title,
      transaction,
      level: content.level,
      release,
      receivedAt,
      occurredAt,
      alerting,
      count,
      environment,
      isOld,
      mayChangeState,
      isOfNewUser,
    };
    const next = mayChangeState ? this.#nextBy(received) : undefined;
    const before = this.#current;
    const transition = this.#transition(received, expected, look, identity);
    this.#current = transition.issue;
    if (part !== undefined && before !== undefined) this.#countInPart(part, expected, received, before, transition);
    if (transition.mark !== null) this.#changeMark(transition.mark);
    return { next, transition: part === undefined ? transition : { ...transition, issue: this.#current } };
  }

  /** Counts an event that was applied to the issue in the part of it to which the event belongs. */
  #countInPart(
    { issue: part, isMember }: EventPart,
    expected: ExpectedEvent,
    received: ReceivedEvent,
    before: Issue,
    { issue, change }: EventTransition,
  ): void {
    const evidence = this.#evidence(before, received.release, expected);
    const release: EventRelease = leavesMark(before, received, evidence) ? received.release : { kind: "none" };
    part.#countAsPart(expected, { ...received, release }, change.kind === "discarded");
    // The events of a member have the numbers of the member.
    if (isMember) this.#current = { ...issue, lastEventNumber: before.lastEventNumber };
  }

  #countAsPart(expected: ExpectedEvent, received: ReceivedEvent, isDiscarded: boolean): void {
    const part = this.#current;
    if (part === undefined) return;
    this.#count(expected);
    const { release } = received;
    const nearest = release.kind === "release" ? nearestMark(this.#marks, release.release) : undefined;
    const isOfNewUser = !isDiscarded && this.#noteUser(part.id, expected);
    const counted = countInPart(part, { ...received, isOfNewUser }, this.#counter, nearest, isDiscarded);
    this.#current = counted.issue;
    if (counted.mark !== null) this.#changeMark(counted.mark);
  }

  #count({ event: { receivedAt, count }, mayChangeState }: ExpectedEvent): void {
    if (minuteOf(receivedAt) !== this.#counter.newestMinute) this.#bucketsChanged = true;
    if (mayChangeState) {
      this.#counter.inc(receivedAt, count);
      return;
    }
    this.#counter.incTotal(receivedAt, count);
    this.#bucketsChanged = true;
  }

  /** Looks at what the issue is watched for before an event is counted, if the event may change anything about it. */
  #look({ receivedAt, count }: CheckedEvent): WatchLook | undefined {
    const watch = this.#watch;
    if (watch === undefined) return undefined;
    const issue = this.#current;
    const events = { total: this.#counter.total + count, from: receivedAt, until: receivedAt };
    if (issue !== undefined && !this.#isConditionDue(issue, events)) return undefined;
    const state = issue?.state.status === "open" ? issue.state.watch : undefined;
    const firstSeenAt = issue?.firstSeenAt ?? receivedAt;
    const users = this.#users ?? NO_USERS;
    return lookBefore(watch, state, { counter: this.#counter, at: receivedAt, countedFrom: 0, firstSeenAt, users });
  }

  /** Whether an event that was counted is discarded. */
  #isDiscarded(expected: ExpectedEvent): boolean {
    return this.#current !== undefined && isDiscarded(this.#current, expected, this.#counter);
  }

  /** Notes the user of an event, and returns whether it is new to the issue. */
  #noteUser(issueId: string, { event: { receivedAt }, user, mayChangeState }: ExpectedEvent): boolean {
    if (user === null || this.#users === undefined) return false;
    const turn = this.#current?.turningPointCount ?? 0;
    return this.#users.note(issueId, user, mayChangeState ? receivedAt : undefined, turn);
  }

  /** Makes a release the fix, if it is the one that the issue waits for. */
  applyNextRelease(release: KnownRelease, at: Instant, eventId: string | null): NextReleaseTransition | undefined {
    const mark = this.#marks.find(({ orderKey }) => orderKey === release.orderKey);
    const transition = this.#current && applyNextRelease(this.#current, release, at, eventId, mark);
    if (transition === undefined) return undefined;
    this.#current = transition.issue;
    this.#changeMark(transition.mark);
    return transition;
  }

  /** One of the values of this issue, with its friendly id. */
  tracked(issue: Issue): TrackedIssue {
    return { ...issue, friendlyId: this.#friendlyId };
  }

  /** Adds what has to be written of the issue itself. */
  addTo(changes: Changes): void {
    const issue = this.#current;
    if (issue === undefined || issue === this.#stored) return;
    if (this.#stored === undefined) changes.newIssues.push({ issue, group: this.#group });
    else changes.updates.push({ before: this.#stored, after: issue });
    if (this.#bucketsChanged && !this.#counter.inOneMinute) changes.counters.set(issue.id, this.#counter.encode());
    for (const mark of this.#changedMarks.values()) changes.marks.push({ issueId: issue.id, mark });
    if (this.#stored !== undefined) changes.setBackUsers(this.#stored);
    if (this.#users !== undefined) changes.users.push(...this.#users.changed());
  }

  /** An event of the issue itself brings its next release, unless it occurred before the issue was resolved. */
  #nextBy({ id, release, receivedAt, occurredAt }: ReceivedEvent): NextReleaseTransition | undefined {
    const issue = this.#current;
    if (issue === undefined || release.kind !== "release" || !isNextRelease(issue, release.release)) return undefined;
    if (issue.state.status === "resolved" && occurredAt < issue.state.resolvedAt) return undefined;
    return this.applyNextRelease(release.release, receivedAt, id);
  }

  #transition(
    received: ReceivedEvent,
    placed: PlacedEvent,
    look: WatchLook | undefined,
    { id, number }: Pick<Issue, "id" | "number">,
  ): EventTransition {
    const watching = { look, users: this.#users };
    if (this.#current !== undefined) {
      const evidence = this.#evidence(this.#current, received.release, placed);
      return applyEvent(this.#current, received, this.#counter, evidence, watching);
    }
    this.#friendlyId = friendlyIdOf(this.project.slug, number);
    return openIssue({ id, number, projectId: this.project.id }, received, this.#counter, watching);
  }

  #evidence({ state }: Issue, release: EventRelease, { newest }: PlacedEvent): ReleaseEvidence {
    if (release.kind !== "release") return NO_EVIDENCE;
    const claims = presentClaims(state).flatMap(({ release: text, claimedAt }) => {
      const known = this.releases.knownRelease(text, newest);
      return known === undefined ? [] : [{ release: known, claimedAt }];
    });
    return { nearest: nearestMark(this.#marks, release.release), claims };
  }

  /** Releases of the lines that an event without a release may belong to: where the issue was last seen, or claimed to be fixed. */
  #lineTexts(): string[] {
    const issue = this.#current;
    if (issue === undefined) return [];
    const claimed = presentClaims(issue.state).map(({ release }) => release);
    return issue.lastSeenIn === undefined ? claimed : [issue.lastSeenIn, ...claimed];
  }

  /** The same, with the releases in which the issue occurs in the batch. */
  #lineTextsOfBatch(): string[] {
    const named = this.#expected.flatMap(({ named: of }) => (of?.kind === "release" ? [of.release.version] : []));
    return [...this.#lineTexts(), ...named];
  }

  #setMark(mark: ReleaseMark): void {
    const found = this.#marks.findIndex((each) => each.orderKey >= mark.orderKey);
    const place = found < 0 ? this.#marks.length : found;
    const replaced = this.#marks[place]?.orderKey === mark.orderKey ? 1 : 0;
    this.#marks.splice(place, replaced, mark);
  }

  #changeMark(mark: ReleaseMark): void {
    this.#setMark(mark);
    this.#changedMarks.set(mark.orderKey, mark);
  }
}

/** Whether an issue's mute or discard ends by conditions. */
function hasEndingConditions(state: IssueState): boolean {
  if (state.status === "muted") return state.mute.volume !== null;
  return state.status === "discarded" && state.discard.conditions.length > 0;
}

/** An issue's counter. Without stored bytes all its events are in one minute. */
export function restoreCounter(issue: Issue, bytes: Uint8Array | undefined): PeriodCounter {
  const head = headOf(issue);
  return bytes === undefined ? PeriodCounter.ofOneMinute(head) : PeriodCounter.decode(bytes, head);
}

/** The part of a counter that changes with every event, and so is stored in the issue. */
function headOf(issue: Issue): CounterHead {
  return { newestMinute: minuteOf(issue.lastSeenAt), total: issue.eventCount };
}

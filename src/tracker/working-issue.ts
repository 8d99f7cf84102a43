import { minuteOf } from "../core/calendar.ts";
import { isIssueAhead, recoverIssue, recoverMark } from "../core/clock-recovery.ts";
import type { CheckedEvent } from "../core/event.ts";
import {
  applyEvent,
  needsEvidence,
  openIssue,
  type EventTransition,
  type ReceivedEvent,
} from "../core/event-transition.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
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
import type { GroupRef, MarkRequest } from "../ports/issue-store.ts";
import type { Changes } from "./changes.ts";
import type { PlacedEvent, ProjectReleases } from "./project-releases.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** An event of the batch, with its release. */
interface ExpectedEvent extends PlacedEvent {
  readonly event: CheckedEvent;
}

/** What an event did to its issue. */
export interface AppliedEvent {
  /** The event's release is the one that the issue waited for; or `undefined`. */
  readonly next: NextReleaseTransition | undefined;
  readonly transition: EventTransition;
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
  #minuteChanged = false;
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
  }

  /** The issue's id; `undefined` before its first event. */
  get id(): string | undefined {
    return this.#current?.id;
  }

  /** Whether the issue waits for the next release. */
  get awaitsNext(): boolean {
    return this.#current !== undefined && awaitsNextRelease(this.#current.state);
  }

  /** Adds an event of the batch to those that will be applied. */
  addEvent(event: CheckedEvent, placed: PlacedEvent): void {
    this.#expected.push({ event, ...placed });
  }

  /**
   * The id of the stored issue if its stored buckets are needed: if an event is in another minute than the newest, if a clock was
   * ahead, or if there are enough events to meet a condition of the mute.
   */
  neededCounter(): string | undefined {
    const stored = this.#stored;
    if (stored === undefined) return undefined;
    const { newestMinute, total } = headOf(stored);
    const volume = stored.state.status === "muted" ? stored.state.mute.volume : null;
    const isNeeded =
      this.#expected.some(({ event }) => minuteOf(event.receivedAt) !== newestMinute) ||
      isIssueAhead(stored, this.#now) ||
      (volume !== null && total + this.#expected.length >= volume.checkAt);
    return isNeeded ? stored.id : undefined;
  }

  /**
   * The stored marks that the releases of events need: none while all events are of the release in which the issue is known to
   * be seen last.
   *
   * @param formerKeys - the former order keys of releases that get another one in this batch
   */
  neededMarks(formerKeys: readonly string[]): MarkRequest[] {
    const stored = this.#stored;
    if (stored === undefined) return [];
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
    if (stored === undefined || this.#expected.every(({ named }) => named !== undefined)) return [];
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

  /** Whether the issue has a mark in a line, among those that were loaded. */
  hasMarkIn(line: string): boolean {
    return this.#marks.some((mark) => mark.line === line);
  }

  /** Sets the counter from its stored bytes, and sets back what a clock that was ahead had written. */
  setCounter(bytes: Uint8Array | undefined): void {
    if (this.#stored === undefined) return;
    this.#counter = restoreCounter(this.#stored, bytes);
    this.#current = recoverIssue(this.#stored, this.#counter, this.#now);
    this.#minuteChanged = this.#current !== this.#stored;
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
  apply(
    event: CheckedEvent,
    placed: PlacedEvent,
    alerting: Alerting,
    newIdentity: () => Pick<Issue, "id" | "number">,
  ): AppliedEvent {
    if (minuteOf(event.receivedAt) !== this.#counter.newestMinute) this.#minuteChanged = true;
    this.#counter.inc(event.receivedAt);
    const release = placed.named ?? this.releases.assumed(this.#lineTexts(), placed.newest);
    const { id, title, transaction, receivedAt, occurredAt } = event;
    const received: ReceivedEvent = { id, title, transaction, release, receivedAt, occurredAt, alerting };
    const next = this.#nextBy(received);
    const transition = this.#transition(received, placed, newIdentity);
    this.#current = transition.issue;
    if (transition.mark !== null) this.#changeMark(transition.mark);
    return { next, transition };
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
    if (this.#minuteChanged && !this.#counter.inOneMinute) changes.counters.set(issue.id, this.#counter.encode());
    for (const mark of this.#changedMarks.values()) changes.marks.push({ issueId: issue.id, mark });
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
    newIdentity: () => Pick<Issue, "id" | "number">,
  ): EventTransition {
    if (this.#current !== undefined) {
      const evidence = this.#evidence(this.#current, received.release, placed);
      return applyEvent(this.#current, received, this.#counter, evidence);
    }
    const identity = newIdentity();
    this.#friendlyId = friendlyIdOf(this.project.slug, identity.number);
    return openIssue({ ...identity, projectId: this.project.id }, received);
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

/** An issue's counter. Without stored bytes all its events are in one minute. */
export function restoreCounter(issue: Issue, bytes: Uint8Array | undefined): PeriodCounter {
  const head = headOf(issue);
  return bytes === undefined ? PeriodCounter.ofOneMinute(head) : PeriodCounter.decode(bytes, head);
}

/** The part of a counter that changes with every event, and so is stored in the issue. */
function headOf(issue: Issue): CounterHead {
  return { newestMinute: minuteOf(issue.lastSeenAt), total: issue.eventCount };
}

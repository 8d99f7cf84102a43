import { minuteOf } from "../core/calendar.ts";
import type { CheckedEvent } from "../core/event.ts";
import {
  applyNextRelease,
  openIssue,
  applyEvent,
  type EventTransition,
  type NextReleaseTransition,
  type ReceivedEvent,
} from "../core/event-transition.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { PeriodCounter, type CounterHead } from "../core/period-counter.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";
import type { KnownRelease } from "../core/release.ts";
import { nearestMark, type ReleaseMark } from "../core/release-mark.ts";
import type { GroupRef, MarkRequest } from "../ports/issue-store.ts";
import type { Changes } from "./changes.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** An event with the release it belongs to. */
interface ExpectedEvent {
  readonly event: CheckedEvent;
  readonly release: KnownRelease;
}

/**
 * An issue while the events of a batch are applied to it, in three steps: the batch announces its events by `expect`, loads
 * what `neededCounter` and `neededMarks` return, and applies the events one by one.
 */
export class WorkingIssue {
  readonly project: Project;
  readonly #group: GroupRef;
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

  constructor(project: Project, group: GroupRef, stored: Issue | undefined) {
    this.project = project;
    this.#group = group;
    this.#stored = stored;
    this.#current = stored;
    this.#counter = stored === undefined ? new PeriodCounter() : PeriodCounter.ofOneMinute(headOf(stored));
    if (stored !== undefined) this.#friendlyId = friendlyIdOf(project.slug, stored.number);
  }

  /** The issue's id; `undefined` before its first event. */
  get id(): string | undefined {
    return this.#current?.id;
  }

  /** Announces an event of the batch. */
  expect(event: CheckedEvent, release: KnownRelease): void {
    this.#expected.push({ event, release });
  }

  /**
   * The id of the stored issue if its stored buckets are needed: if an event is in another minute than the newest, or there
   * are enough events to meet a condition of the mute.
   */
  neededCounter(): string | undefined {
    const stored = this.#stored;
    if (stored === undefined) return undefined;
    const { newestMinute, total } = headOf(stored);
    const volume = stored.state.status === "muted" ? stored.state.mute.volume : null;
    const isNeeded =
      this.#expected.some(({ event }) => minuteOf(event.receivedAt) !== newestMinute) ||
      (volume !== null && total + this.#expected.length >= volume.checkAt);
    return isNeeded ? stored.id : undefined;
  }

  /**
   * The stored marks that are needed: none while all events are of the release that the issue is known to be seen in.
   *
   * @param formerKeys - the former order keys of releases that get another one in this batch
   */
  neededMarks(formerKeys: readonly string[]): MarkRequest[] {
    const stored = this.#stored;
    if (stored === undefined) return [];
    if (this.#expected.every(({ release }) => release.version === stored.lastSeenIn)) return [];
    const orderKeys = new Set(this.#expected.map(({ release }) => release.orderKey));
    return Array.from([...orderKeys, ...formerKeys], (upTo) => ({ issueId: stored.id, upTo, limit: 1 }));
  }

  /** Sets the counter from its stored bytes. */
  setCounter(bytes: Uint8Array | undefined): void {
    if (this.#stored !== undefined) this.#counter = restoreCounter(this.#stored, bytes);
  }

  /** Adds a stored mark, or replaces that of the same release. */
  setMark(mark: ReleaseMark): void {
    const found = this.#marks.findIndex((each) => each.orderKey >= mark.orderKey);
    const place = found < 0 ? this.#marks.length : found;
    const replaced = this.#marks[place]?.orderKey === mark.orderKey ? 1 : 0;
    this.#marks.splice(place, replaced, mark);
  }

  /** Moves the mark of a release to the release's new order key, if there is one. */
  moveMark(formerKey: string, { orderKey }: KnownRelease): void {
    const place = this.#marks.findIndex((each) => each.orderKey === formerKey);
    const [mark] = place < 0 ? [] : this.#marks.splice(place, 1);
    if (mark !== undefined) this.setMark({ ...mark, orderKey });
  }

  /**
   * Applies the next event.
   *
   * @param newIdentity - the id and number of the issue, if the event opens it
   */
  apply(event: CheckedEvent, release: KnownRelease, newIdentity: () => Pick<Issue, "id" | "number">): EventTransition {
    if (minuteOf(event.receivedAt) !== this.#counter.newestMinute) this.#minuteChanged = true;
    this.#counter.inc(event.receivedAt);
    const transition = this.#transition(event, release, newIdentity);
    this.#current = transition.issue;
    if (transition.mark !== null) this.#changeMark(transition.mark);
    return transition;
  }

  /** Makes a release that became the latest the fix, if the issue awaits the next release. */
  applyNextRelease(release: KnownRelease, at: Instant, eventId: string | null): NextReleaseTransition | undefined {
    const transition = this.#current && applyNextRelease(this.#current, release, at, eventId);
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

  #transition(
    event: CheckedEvent,
    release: KnownRelease,
    newIdentity: () => Pick<Issue, "id" | "number">,
  ): EventTransition {
    const { id, title, transaction, receivedAt, occurredAt } = event;
    const received: ReceivedEvent = { id, title, transaction, release, receivedAt, occurredAt };
    if (this.#current !== undefined) {
      return applyEvent(this.#current, received, this.#counter, nearestMark(this.#marks, release));
    }
    const identity = newIdentity();
    this.#friendlyId = friendlyIdOf(this.project.slug, identity.number);
    return openIssue({ ...identity, projectId: this.project.id }, received);
  }

  #changeMark(mark: ReleaseMark): void {
    this.setMark(mark);
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

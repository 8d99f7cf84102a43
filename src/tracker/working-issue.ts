import { minuteOf } from "../core/calendar.ts";
import type { CheckedEvent } from "../core/event.ts";
import {
  materializeNext,
  openIssue,
  receiveEvent,
  type EventTransition,
  type MaterializedNext,
  type ReceivedEvent,
} from "../core/event-transition.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { PeriodCounter } from "../core/period-counter.ts";
import { friendlyIdOf, type Project } from "../core/project.ts";
import type { KnownRelease } from "../core/release.ts";
import { nearestMark, type ReleaseMark } from "../core/release-mark.ts";
import type { GroupRef, MarkRequest } from "../ports/issue-store.ts";
import type { Changes } from "./changes.ts";
import { headOf, restoreCounter } from "./stored-counter.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** An issue of a batch, while the batch's events are folded over it. */
export class WorkingIssue {
  readonly project: Project;
  readonly #group: GroupRef;
  /** As the store gave it; `undefined` for a group that has no issue yet. */
  readonly #stored: Issue | undefined;
  readonly #expected: { readonly event: CheckedEvent; readonly release: KnownRelease }[] = [];
  #current: Issue | undefined;
  #friendlyId = "";
  /** Without the stored buckets, while nothing needs them: then it only knows the newest minute and the total. */
  #counter: PeriodCounter;
  #minuteChanged = false;
  /** The marks that the batch's events may ask for, in release order. */
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

  /** Says that an event will come, so that what it needs can be loaded. */
  expect(event: CheckedEvent, release: KnownRelease): void {
    this.#expected.push({ event, release });
  }

  /**
   * The stored issue whose buckets are needed, if they are: when an event lies in another minute than the newest, or
   * when enough events come that a muted issue's conditions have to be looked at.
   */
  counterNeeded(): Issue | undefined {
    const stored = this.#stored;
    if (stored === undefined) return undefined;
    const { newestMinute, total } = headOf(stored);
    const volume = stored.state.status === "muted" ? stored.state.mute.volume : null;
    const isNeeded =
      this.#expected.some(({ event }) => minuteOf(event.receivedAt) !== newestMinute) ||
      (volume !== null && total + this.#expected.length >= volume.checkAt);
    return isNeeded ? stored : undefined;
  }

  /**
   * The stored marks that are needed: none while all events are of the release that the issue is known to have been
   * seen in last.
   */
  marksNeeded(): MarkRequest[] {
    const stored = this.#stored;
    if (stored === undefined) return [];
    if (this.#expected.every(({ release }) => release.version === stored.lastSeenIn)) return [];
    const orderKeys = new Set(this.#expected.map(({ release }) => release.orderKey));
    return Array.from(orderKeys, (orderKey) => ({ issueId: stored.id, orderKey }));
  }

  /** Gives the issue its stored buckets, if it has some. */
  useCounter(bytes: Uint8Array | undefined): void {
    if (this.#stored !== undefined) this.#counter = restoreCounter(this.#stored, bytes);
  }

  /** Gives the issue a stored mark. */
  useMark(mark: ReleaseMark): void {
    const found = this.#marks.findIndex((each) => each.orderKey >= mark.orderKey);
    const place = found < 0 ? this.#marks.length : found;
    const replaced = this.#marks[place]?.orderKey === mark.orderKey ? 1 : 0;
    this.#marks.splice(place, replaced, mark);
  }

  /** Gives the mark of a release that was only announced its place, if there is one. */
  moveMark(from: string, { orderKey }: KnownRelease): void {
    const place = this.#marks.findIndex((each) => each.orderKey === from);
    const [mark] = place < 0 ? [] : this.#marks.splice(place, 1);
    if (mark !== undefined) this.useMark({ ...mark, orderKey });
  }

  /**
   * Takes the next event.
   *
   * @param identity - gives the issue its id and number, if the event opens it
   */
  receive(event: CheckedEvent, release: KnownRelease, identity: () => Pick<Issue, "id" | "number">): EventTransition {
    if (minuteOf(event.receivedAt) !== this.#counter.newestMinute) this.#minuteChanged = true;
    this.#counter.inc(event.receivedAt);
    const transition = this.#fold(event, release, identity);
    this.#current = transition.issue;
    if (transition.mark !== null) this.#changeMark(transition.mark);
    return transition;
  }

  /** Makes a release that just became the latest the fix, if the issue waits for the next one. */
  materializeNext(release: KnownRelease, at: Instant, eventId: string | null): MaterializedNext | undefined {
    const transition = this.#current && materializeNext(this.#current, release, at, eventId);
    if (transition === undefined) return undefined;
    this.#current = transition.issue;
    this.#changeMark(transition.mark);
    return transition;
  }

  /** One of the values this issue has had, as a host sees it. */
  view(issue: Issue): TrackedIssue {
    return { ...issue, friendlyId: this.#friendlyId };
  }

  /** Notes what has to be written of the issue itself. */
  gather(changes: Changes): void {
    const issue = this.#current;
    if (issue === undefined || issue === this.#stored) return;
    if (this.#stored === undefined) changes.newIssues.push({ issue, group: this.#group });
    else changes.updates.push({ before: this.#stored, after: issue });
    if (this.#minuteChanged && !this.#counter.inOneMinute) changes.counters.set(issue.id, this.#counter.encode());
    for (const mark of this.#changedMarks.values()) changes.marks.push({ issueId: issue.id, mark });
  }

  #fold(event: CheckedEvent, release: KnownRelease, identity: () => Pick<Issue, "id" | "number">): EventTransition {
    const { id, title, transaction, receivedAt, occurredAt } = event;
    const received: ReceivedEvent = { id, title, transaction, release, receivedAt, occurredAt };
    if (this.#current !== undefined) {
      return receiveEvent(this.#current, received, this.#counter, nearestMark(this.#marks, release));
    }
    const given = identity();
    this.#friendlyId = friendlyIdOf(this.project.slug, given.number);
    return openIssue({ ...given, projectId: this.project.id }, received);
  }

  #changeMark(mark: ReleaseMark): void {
    this.useMark(mark);
    this.#changedMarks.set(mark.orderKey, mark);
  }
}

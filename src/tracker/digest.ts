import type { CheckedEvent } from "../core/event.ts";
import type { EventTransition } from "../core/event-transition.ts";
import type { UnmuteReason } from "../core/mute.ts";
import type { Project } from "../core/project.ts";
import type { RegressionReason } from "../core/regression.ts";
import type { KnownRelease } from "../core/release.ts";
import type { EventRef, StoredEvent, StoreTransaction } from "../ports/issue-store.ts";
import { Changes, type Surroundings } from "./changes.ts";
import { loadBatch, type Asked, type BatchEntry } from "./digest-batch.ts";
import { materializeStored, type NewLatestRelease } from "./materialize-next.ts";
import { placeReleases } from "./release-registrar.ts";
import type { TrackedIssue } from "./tracked-issue.ts";
import { loadWorkingIssues, type LoadedBatch } from "./working-batch.ts";
import type { WorkingIssue } from "./working-issue.ts";

/** An event that was taken in. */
export interface DigestedEvent {
  /** Tells it from a {@link DuplicateEvent}. */
  readonly kind: "digested";
  /** The event's id: the one given, or the one made for it. */
  readonly eventId: string;
  /** The issue, its counts included, as it was right after this event. */
  readonly issue: TrackedIssue;
  /** Whether the event opened the issue. */
  readonly created: boolean;
  /** Why the event is a regression, if it is one. */
  readonly regressed: RegressionReason | null;
  /** Why the event ended the issue's mute, if it did. */
  readonly unmuted: UnmuteReason | null;
}

/** An event whose id is known: nothing was changed. */
export interface DuplicateEvent {
  /** Tells it from a {@link DigestedEvent}. */
  readonly kind: "duplicate";
  /** The event's id. */
  readonly eventId: string;
  /** The issue that the event with this id belongs to. It may have been deleted since. */
  readonly issueId: string;
}

/** What came of one event. */
export type DigestOutcome = DigestedEvent | DuplicateEvent;

/** What came of a batch. */
export interface DigestedBatch {
  /** One outcome per event, in the events' order. */
  readonly outcomes: DigestOutcome[];
  /** Whether there is something to deliver. */
  readonly raisesAlerts: boolean;
}

/**
 * Takes a batch of checked events through grouping, counting, regression and un-muting: reads all it needs in a few
 * statements, folds the events in memory in their order, and writes the outcome in a few statements.
 *
 * The outcome is the same as that of digesting the events one by one.
 */
export async function digestBatch(
  transaction: StoreTransaction,
  batch: readonly CheckedEvent[],
  strategy: string,
  surroundings: Surroundings,
): Promise<DigestedBatch> {
  const entries = await loadBatch(transaction, batch, strategy);
  const fresh = entries.filter((each) => !each.repeats && each.identity.answer === undefined);
  const placed = await placeReleases(transaction, fresh);
  const loaded = await loadWorkingIssues(transaction, placed.entries);
  for (const [projectId, releases] of placed.registered) await transaction.saveReleases(projectId, releases);

  const changes = new Changes(surroundings);
  const { digested, newLatest, causes } = fold(loaded, changes, surroundings.newId);
  for (const issue of loaded.issues) issue.gather(changes);
  await changes.writeTo(transaction);
  for (const each of newLatest) {
    if ((await materializeStored(transaction, each, surroundings)) > 0) causes.add(each.event);
  }
  const events = Array.from(digested.values(), ({ event, outcome }) => storedEvent(event, outcome, causes.has(event)));
  if (events.length > 0) await transaction.insertEvents(events);
  return { outcomes: entries.map((each) => outcomeOf(each, digested)), raisesAlerts: changes.raisesAlerts };
}

/** What became of the events of a batch that are no duplicates, in their order. */
type DigestedEvents = ReadonlyMap<
  Asked<EventRef, string>,
  { readonly event: CheckedEvent; readonly outcome: DigestedEvent }
>;

/** What folding a batch came to. */
interface Folded {
  readonly digested: DigestedEvents;
  /** The releases that became the latest, each with the event that brought it. */
  readonly newLatest: readonly (NewLatestRelease & { readonly event: CheckedEvent })[];
  /** The events that caused a turning point, of whatever issue. */
  readonly causes: Set<CheckedEvent>;
}

/** Folds the events over their issues, one by one, in order. */
function fold({ entries, issues }: LoadedBatch, changes: Changes, newId: () => string): Folded {
  const digested = new Map<Asked<EventRef, string>, { event: CheckedEvent; outcome: DigestedEvent }>();
  const newLatest: (NewLatestRelease & { event: CheckedEvent })[] = [];
  const causes = new Set<CheckedEvent>();
  const issueCounts = new Map<string, number>();
  for (const { entry, release, bringsLatest, placedFrom, issue } of entries) {
    const { event, project: stored } = entry;
    const { project } = stored;
    if (placedFrom !== null) moveLoadedMarks(issues, project, placedFrom, release);
    if (bringsLatest) {
      const latest = { project, release, at: event.receivedAt, eventId: event.id, event };
      newLatest.push(latest);
      if (materializeLoaded(issues, latest, changes)) causes.add(event);
    }
    const transition = issue.receive(event, release, () => {
      const number = (issueCounts.get(project.id) ?? stored.issueCount) + 1;
      issueCounts.set(project.id, number);
      return { id: newId(), number };
    });
    const { turningPoint, alert } = transition;
    if (turningPoint !== null) {
      causes.add(event);
      changes.turn(project, { issue: transition.issue, turningPoint, alert }, event);
    }
    digested.set(entry.identity, { event, outcome: digestedEvent(event, transition, issue) });
  }
  return { digested, newLatest, causes };
}

function moveLoadedMarks(issues: readonly WorkingIssue[], project: Project, from: string, release: KnownRelease): void {
  for (const issue of issues) if (issue.project.id === project.id) issue.moveMark(from, release);
}

/** Whether any of the loaded issues had waited for the release. */
function materializeLoaded(
  issues: readonly WorkingIssue[],
  { project, release, at, eventId }: NewLatestRelease,
  changes: Changes,
): boolean {
  let any = false;
  for (const issue of issues) {
    if (issue.project.id !== project.id) continue;
    const transition = issue.materializeNext(release, at, eventId);
    if (transition === undefined) continue;
    any = true;
    changes.turn(project, transition, null);
  }
  return any;
}

function storedEvent(event: CheckedEvent, { issue }: DigestedEvent, kept: boolean): StoredEvent {
  return {
    projectId: event.projectId,
    id: event.id,
    issueId: issue.id,
    release: event.release,
    receivedAt: event.receivedAt,
    occurredAt: event.clientOccurredAt,
    kept,
    data: event.data,
  };
}

function digestedEvent(event: CheckedEvent, { issue, change }: EventTransition, working: WorkingIssue): DigestedEvent {
  return {
    kind: "digested",
    eventId: event.id,
    issue: working.view(issue),
    created: change.kind === "created",
    regressed: change.kind === "regressed" ? change.reason : null,
    unmuted: change.kind === "unmuted" ? change.reason : null,
  };
}

function outcomeOf({ event, identity, repeats }: BatchEntry, digested: DigestedEvents): DigestOutcome {
  const outcome = digested.get(identity)?.outcome;
  if (outcome !== undefined && !repeats) return outcome;
  return { kind: "duplicate", eventId: event.id, issueId: outcome?.issue.id ?? identity.answer ?? "" };
}

import type { Alert } from "../core/alert.ts";
import type { ConditionMet } from "../core/conditions/condition.ts";
import type { IssueLifecycleError } from "../core/errors.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { EventTransition } from "../core/event-transition.ts";
import type { UnmuteReason } from "../core/mute.ts";
import type { Project } from "../core/project.ts";
import type { NoRegressionReason, RegressionReason } from "../core/regression.ts";
import type { StoredEvent, StoreTransaction } from "../ports/issue-store.ts";
import { eachWithPauses, isTurnLong, pause } from "../ports/pause.ts";
import { storeRepeats } from "../ports/progress.ts";
import { alertingAt, Changes, NO_ALERTS, type OperationContext, type RaisedAlerts } from "./changes.ts";
import { EventBatch, type NewEntry } from "./event-batch.ts";
import type { MergedGroups } from "./merged-groups.ts";
import { addNextReleases, type NewLatestRelease } from "./next-release.ts";
import { applyPendingAtOnce, applyPendingToLoaded, pendingFor } from "./pending-releases.ts";
import { placeReleasesAnew } from "./place-releases.ts";
import { projectNotFound } from "./projects.ts";
import type { TrackedIssue } from "./tracked-issue.ts";

/** The outcome of an event that was counted. */
export interface DigestedEvent {
  readonly kind: "digested";
  /** The event's id: its own, or the one made for it. */
  readonly eventId: string;
  /** The issue right after this event. */
  readonly issue: TrackedIssue;
  /** The id of the issue that was merged into it, if the event is one of that issue; else `null`. */
  readonly member: string | null;
  /** Whether the event opened the issue. */
  readonly created: boolean;
  /** Why the event is a regression, or `null`. */
  readonly regressed: RegressionReason | null;
  /** For an event of a resolved issue that is no regression, why it is none; else `null`. */
  readonly notRegressed: NoRegressionReason | null;
  /** Why the event ended the issue's mute, or `null`. */
  readonly unmuted: UnmuteReason | null;
  /** Whether the event was discarded: counted, and nothing else of it stored but its id. */
  readonly discarded: boolean;
  /** Which condition the event met that ended the discard of its issue's events, or `null`. */
  readonly undiscarded: ConditionMet | null;
  /** Which condition that the open issue is watched for the event met, or `null`. */
  readonly loud: ConditionMet | null;
}

/** The outcome of an event whose id is already stored: nothing was changed. */
export interface DuplicateEvent {
  readonly kind: "duplicate";
  readonly eventId: string;
  /** The issue of the event with this id. It may have been deleted since. */
  readonly issueId: string;
}

/**
 * The outcome of an event of a batch whose issue cannot be read: nothing of it was stored, while the other events of the batch
 * were digested. Digest it again when the issue is repaired or deleted.
 */
export interface RefusedEvent {
  readonly kind: "refused";
  readonly eventId: string;
  /** The issue that cannot be read. `issues.delete` removes it: the event then opens a new one. */
  readonly issueId: string;
  /** Why it cannot be read: an error with the code `corrupt-data`. */
  readonly error: IssueLifecycleError;
}

/** The outcome of one event of a batch. */
export type DigestOutcome = DigestedEvent | DuplicateEvent | RefusedEvent;

/** What becomes of a call: one outcome per event, in order; or an error, and nothing of it was digested. */
export type CallResult = { readonly outcomes: DigestOutcome[] } | { readonly error: IssueLifecycleError };

/** What becomes of a batch. */
interface DigestedBatch {
  /** One result per call, in order. */
  readonly results: readonly CallResult[];
  readonly raised: RaisedAlerts;
  /** The projects that have a pending release by it. */
  readonly withPending: readonly string[];
}

/**
 * How many events are prepared and written at once: all that is known of them is in memory, and building the writes of
 * 10,000 new issues would keep the process from anything else for too long.
 */
export const EVENTS_AT_ONCE = 1_000;

/** What is known of groups before a batch is loaded. */
export interface GroupContext {
  /** The version of the grouping strategy. */
  readonly strategy: string;
  readonly merged: MergedGroups;
}

/**
 * Digests the checked events of several calls in one transaction. The result is the same as that of digesting the events one by
 * one. Calls with an event of an unknown project are left out, and events of issues that cannot be read. A call with many events
 * is digested in parts; calls that are digested together never have that many.
 *
 * @param part - how many events a part has
 * @throws the error of the first call if nothing is left
 */
export async function digestBatch(
  transaction: StoreTransaction,
  calls: readonly (readonly CheckedEvent[])[],
  groups: GroupContext,
  context: OperationContext,
  part: number,
): Promise<DigestedBatch> {
  const [events = []] = calls;
  if (calls.length > 1 || events.length <= part) {
    const digested = await digestPart(transaction, calls, groups, context);
    const errors = digested.results.flatMap((result) => ("error" in result ? [result.error] : []));
    const [first] = errors;
    if (first !== undefined && errors.length === calls.length) throw first;
    return digested;
  }
  const outcomes: DigestOutcome[] = [];
  const alerts: Alert[] = [];
  const withPending = new Set<string>();
  let stored = true;
  for (let start = 0; start < events.length; start += part) {
    const one = [events.slice(start, start + part)];
    const digested = await digestPart(transaction, one, groups, context);
    for (const result of digested.results) {
      if ("error" in result) throw result.error;
      outcomes.push(...result.outcomes);
    }
    alerts.push(...digested.raised.alerts);
    stored &&= digested.raised.stored;
    for (const projectId of digested.withPending) withPending.add(projectId);
  }
  return { results: [{ outcomes }], raised: { alerts, stored }, withPending: [...withPending] };
}

/** Loads what events need, applies them to their issues in memory, in order, and writes the result. */
async function digestPart(
  transaction: StoreTransaction,
  calls: readonly (readonly CheckedEvent[])[],
  groups: GroupContext,
  context: OperationContext,
): Promise<DigestedBatch> {
  const failed = new Map<number, IssueLifecycleError>();
  // To parse a large batch takes a while.
  if (isTurnLong()) await pause();
  const batch = await loadBatch(transaction, calls, failed, groups, context);
  const changes = new Changes(context);
  const applied = await applyEvents(batch, changes, context);
  const results = resultsOf(calls, failed, applied.outcomes);
  if (batch.issues.length === 0) return { results, raised: NO_ALERTS, withPending: [] };
  addReleases(batch, changes);
  await eachWithPauses(batch.issues, (issue) => {
    issue.addTo(changes);
  });
  changes.addedGroups.push(...batch.addedGroups);
  const withPending = await addNextOfOthers(transaction, batch, applied, changes);
  for (const event of storedEvents(applied)) changes.events.push(event);
  const raised = await changes.writeTo(transaction);
  return { results, raised, withPending };
}

/**
 * Makes the releases that became the latest by the batch the fix of the issues outside of it that waited for them.
 *
 * @returns the projects in which others are left
 */
async function addNextOfOthers(
  transaction: StoreTransaction,
  batch: EventBatch,
  { newLatest, causes }: AppliedEvents,
  changes: Changes,
): Promise<readonly string[]> {
  const changed = new Set(batch.issues.map(({ id }) => id));
  const isChanged = (id: string): boolean => changed.has(id);
  const withPending: string[] = [];
  for (const { project, candidates } of newLatest.values()) {
    // Later steps could not know that an issue of the batch came to the release's line only after the release.
    const isLate = batch.issuesOf(project.id).some((issue) => candidates.some(({ release }) => issue.missed(release)));
    const limit = isLate ? Number.MAX_SAFE_INTEGER : undefined;
    const { awaited, isLast } = await addNextReleases(transaction, project.id, candidates, changes, isChanged, limit);
    if (!isLast) withPending.push(project.id);
    for (const candidate of candidates) if (awaited.has(candidate) || !isLast) causes.add(candidate.event);
  }
  return withPending;
}

/** The result of each call, whose outcomes follow each other. */
function resultsOf(
  calls: readonly (readonly CheckedEvent[])[],
  failed: ReadonlyMap<number, IssueLifecycleError>,
  outcomes: readonly DigestOutcome[],
): CallResult[] {
  let start = 0;
  return calls.map((events, index) => {
    const error = failed.get(index);
    if (error !== undefined) return { error };
    const end = start + events.length;
    const own = outcomes.slice(start, end);
    start = end;
    return { outcomes: own };
  });
}

/**
 * Loads what a batch needs. Starts over with what cannot be read left out, without calls that fail, with what issues are merged into or
 * have for parts, and after the releases of a project had to be placed anew.
 *
 * @param failed - gets the errors of the calls that fail
 */
async function loadBatch(
  transaction: StoreTransaction,
  calls: readonly (readonly CheckedEvent[])[],
  failed: Map<number, IssueLifecycleError>,
  groups: GroupContext,
  context: OperationContext,
): Promise<EventBatch> {
  const unreadable = new Map<string, IssueLifecycleError>();
  const placed = new Set<string>();
  const related = new Set<string>();
  for (;;) {
    const events = calls.flatMap((each, index) => (failed.has(index) ? [] : each));
    const batch = new EventBatch(events, { ...context, ...groups }, unreadable, related);
    if (events.length === 0) return batch;
    const loaded = await transaction.load(batch.request);
    for (const id of batch.missing) related.add(id);
    if (batch.missing.size > 0) continue;
    if (await applyPendingFirst(transaction, batch, context)) continue;
    const found = await batch.restore(loaded, transaction);
    if (found.size === 0 && batch.toPlace.length === 0 && batch.ofUnknownProjects.length === 0) return batch;
    for (const [id, error] of found) unreadable.set(id, error);
    for (const projectId of new Set(batch.toPlace)) {
      if (placed.has(projectId)) throw storeRepeats("releases that were placed anew");
      placed.add(projectId);
      await placeReleasesAnew(transaction, projectId, context);
    }
    const unknown = new Set(batch.ofUnknownProjects);
    for (const [index, each] of calls.entries()) {
      const event = each.find((one) => unknown.has(one));
      if (event !== undefined) failed.set(index, projectNotFound(`${event.field}.projectId`, event.projectId));
    }
  }
}

/**
 * Applies pending releases to the issues of a batch. If an issue that waits, and that none of them concerns yet, may come to the line
 * of one by an event of the batch, applies them to all issues of the project: later steps could not know which came first.
 *
 * @returns whether anything was written: then the batch has to be loaded again
 */
async function applyPendingFirst(
  transaction: StoreTransaction,
  batch: EventBatch,
  context: OperationContext,
): Promise<boolean> {
  const waiting = batch.issues.filter((issue) => issue.awaitsNext);
  const issues = waiting.flatMap(({ stored }) => stored ?? []);
  const pending = await pendingFor(transaction, issues);
  if (pending.size === 0) return false;
  if (await applyPendingToLoaded(transaction, issues, context, pending)) return true;
  const late = waiting.filter((issue) => pending.get(issue.project.id)?.some((each) => issue.mayComeLateTo(each)));
  for (const projectId of new Set(late.map(({ project }) => project.id))) {
    await transaction.load({ timelines: [{ projectId, lines: [] }] });
    await applyPendingAtOnce(transaction, projectId, context);
  }
  return late.length > 0;
}

/** A release that became the latest of its line by an event. */
interface NewLatestByEvent extends NewLatestRelease {
  readonly event: CheckedEvent;
}

/** The releases of a project that became the latest of their lines, in order. */
interface NewLatestReleases {
  readonly project: Project;
  readonly candidates: NewLatestByEvent[];
}

/** An event that is not a duplicate. */
interface DigestedEntry {
  readonly event: CheckedEvent;
  /** The hash of its user; `null` for none. */
  readonly user: string | null;
  readonly issueId: string;
  /** Its number in its issue. */
  readonly number: number;
  readonly isDiscarded: boolean;
}

/** The result of applying a batch. */
interface AppliedEvents {
  readonly outcomes: DigestOutcome[];
  /** The events that are not duplicates, with the ids of their issues. */
  readonly digested: DigestedEntry[];
  /** By project. */
  readonly newLatest: Map<string, NewLatestReleases>;
  /** The events that caused a turning point of any issue. */
  readonly causes: Set<CheckedEvent>;
}

async function applyEvents(batch: EventBatch, changes: Changes, context: OperationContext): Promise<AppliedEvents> {
  const applied: AppliedEvents = { outcomes: [], digested: [], newLatest: new Map(), causes: new Set() };
  const issueCounts = new Map<string, number>();
  await eachWithPauses(batch.entries, (entry) => {
    const { event } = entry;
    if (entry.kind === "refused") {
      applied.outcomes.push({ kind: "refused", eventId: event.id, issueId: entry.issueId, error: entry.error });
      return;
    }
    const { stored } = entry;
    if (entry.kind === "duplicate") {
      applied.outcomes.push({ kind: "duplicate", eventId: event.id, issueId: stored.found ?? "" });
      return;
    }
    const { project, issueCount } = entry.project;
    applyNewRelease(batch, entry, applied, changes);
    const alerting = alertingAt(project, event.receivedAt, context);
    const { next, transition } = entry.issue.apply(entry, alerting, () => {
      const number = (issueCounts.get(project.id) ?? issueCount) + 1;
      issueCounts.set(project.id, number);
      return { id: context.newId(), number };
    });
    const { issue, turningPoint, alert } = transition;
    if (next !== undefined) changes.addTurningPoint(next);
    if (turningPoint !== null) changes.addTurningPoint({ issue, turningPoint });
    if (next !== undefined || turningPoint !== null) applied.causes.add(event);
    if (alert !== null) changes.addAlert(project, issue, alert, event, event.receivedAt);
    // A member keeps its events.
    const owner = entry.part?.isMember === true ? entry.part.issue : entry.issue;
    const { id: issueId = issue.id, lastEventNumber: number } = owner;
    stored.found = issueId;
    const isDiscarded = transition.change.kind === "discarded";
    applied.digested.push({ event, user: entry.user, issueId, number, isDiscarded });
    applied.outcomes.push(digestedEvent(entry, transition));
  });
  return applied;
}

/** Updates the loaded issues for a release that an event makes known. */
function applyNewRelease(batch: EventBatch, entry: NewEntry, applied: AppliedEvents, changes: Changes): void {
  const { event, newRelease } = entry;
  if (newRelease === undefined) return;
  const { release, announcedKey } = newRelease;
  const { project } = entry.project;
  if (release.becameLatest) {
    const newLatest = applied.newLatest.get(project.id) ?? { project, candidates: [] };
    newLatest.candidates.push({ release, at: event.receivedAt, eventId: event.id, reached: 0, event });
    applied.newLatest.set(project.id, newLatest);
  }
  if (announcedKey !== null) {
    for (const issue of batch.issuesOf(project.id)) issue.moveMark(announcedKey, release);
  }
  for (const issue of batch.waitingIssuesOf(project.id)) {
    if (!issue.hasMarkIn(release.line)) continue;
    const transition = issue.applyNextRelease(release, event.receivedAt, event.id);
    if (transition === undefined) continue;
    applied.causes.add(event);
    changes.addTurningPoint(transition);
  }
}

function addReleases(batch: EventBatch, changes: Changes): void {
  for (const { projectId, newRelease } of batch.newReleases()) {
    const { release, announcedKey } = newRelease;
    changes.releases.push({ projectId, release });
    if (announcedKey === null || announcedKey === release.orderKey) continue;
    changes.movedMarks.push({ projectId, from: announcedKey, to: release.orderKey });
  }
}

function digestedEvent({ event, issue: working, part }: NewEntry, { issue, change }: EventTransition): DigestedEvent {
  return {
    kind: "digested",
    eventId: event.id,
    issue: working.tracked(issue),
    member: part?.isMember === true ? (part.issue.id ?? null) : null,
    created: change.kind === "created",
    regressed: change.kind === "regressed" ? change.reason : null,
    notRegressed: change.kind === "none" ? change.notRegressed : null,
    unmuted: change.kind === "unmuted" ? change.reason : null,
    discarded: change.kind === "discarded",
    undiscarded: change.kind === "undiscarded" ? change.reason : null,
    loud: change.kind === "loud" ? change.reason : null,
  };
}

function storedEvents({ digested, causes }: AppliedEvents): StoredEvent[] {
  return digested.map(({ event, user, issueId, number, isDiscarded }) => ({
    projectId: event.projectId,
    id: event.id,
    issueId,
    number,
    count: event.count,
    receivedAt: event.receivedAt,
    kept: causes.has(event),
    ...(isDiscarded
      ? NOTHING_SAID
      : {
          content: event.content,
          environment: event.environment,
          user,
          release: event.release,
          occurredAt: event.clientOccurredAt,
          data: event.data,
        }),
  }));
}

/** What is stored of what an event says that is discarded. */
const NOTHING_SAID = {
  content: null,
  environment: "",
  user: null,
  release: "",
  occurredAt: null,
  data: null,
} as const;

import { DEFAULT_EVENT_LEVEL } from "../core/event-level.ts";
import { ERASED_TITLE, withoutEvent } from "../core/erasure.ts";
import type { EventContent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import { partIdsOf, type Issue } from "../core/issue.ts";
import type { UnreadableAt } from "../core/page.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import { mayChangeStates, type Project } from "../core/project.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import { isCorruptData, isReadable, isUnreadable } from "../core/unreadable.ts";
import type {
  EventHead,
  EventRef,
  IssueStore,
  IssueUpdate,
  IssueUserRef,
  StoredEvent,
  StoreReader,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import { forgetInAlerts, titlesOf } from "./alert-erasure.ts";
import { IssueFamilies, loadWithRelatives } from "./issue-families.ts";
import { inReads, inSteps } from "./in-steps.ts";
import { storedUsers, withFewerUsers } from "./user-erasure.ts";
import { restoreCounter } from "./working-issue.ts";

/** How many events, issues or turning points a step looks at or changes. */
const STEP = 300;

/** What an issue shows of an event with this content, as its newest one. */
export type Shown = (content: EventContent) => Pick<Issue, "title" | "transaction" | "level">;

/** What an erasure works with. */
export interface ErasureContext {
  readonly store: IssueStore;
  readonly shown: Shown;
}

/** What is left of an issue's stored events. */
interface Rest {
  /** The event with the newest `receivedAt` of those with content; `undefined` for none. */
  newest: EventHead | undefined;
  /** Those of the users of erased events that are users of others too. */
  readonly users: Set<string>;
}

/** Walks through all events of a project, in pages. */
export async function eachEvent(
  store: IssueStore,
  projectId: string,
  visit: (event: EventHead) => void,
): Promise<void> {
  await inReads(
    store,
    "a list of events",
    async (reader, after) => {
      const { entries, next } = await reader.pageEvents({ projectId, after, limit: STEP });
      return { count: entries.length, next, entries };
    },
    // A store in memory may return all of them.
    ({ entries }) => eachWithPauses(entries, visit),
  );
}

/**
 * Erases events of a project: from histories and alerts what says of them, and then, in transactions of their own, the events, what
 * they count, and users and issues that had no other event.
 *
 * What leads to them goes last, so that an erasure that did not come to its end can begin anew.
 */
export async function eraseEvents(
  context: ErasureContext,
  projectId: string,
  erased: readonly EventHead[],
): Promise<void> {
  if (erased.length === 0) return;
  const { store } = context;
  const rest = await findRest(store, projectId, erased);
  await forgetInHistories(store, projectId, erased);
  const eventIds = new Set(erased.map(({ id }) => id));
  const titles = new Map<string, string>();
  // First of all, because new alerts have the titles that their issues show.
  for (const some of chunksOf([...rest])) {
    const shown = await store.transaction((transaction) => showOthers(transaction, context, projectId, eventIds, some));
    for (const [issueId, title] of shown) titles.set(issueId, title);
  }
  await forgetInAlerts(store, { projectId, eventIds, titles });
  for (const some of chunksOf(erased)) {
    await store.transaction((transaction) => eraseSome(transaction, projectId, some, rest));
  }
}

/** What is left of the issues of erased events. */
async function findRest(
  store: IssueStore,
  projectId: string,
  erased: readonly EventHead[],
): Promise<ReadonlyMap<string, Rest>> {
  const ids = new Set(erased.map(({ id }) => id));
  const users = new Set(erased.map(({ user }) => user));
  const rest = new Map<string, Rest>(erased.map(({ issueId }) => [issueId, { newest: undefined, users: new Set() }]));
  await eachEvent(store, projectId, (event) => {
    const of = rest.get(event.issueId);
    if (of === undefined || ids.has(event.id)) return;
    if (event.user !== null && users.has(event.user)) of.users.add(event.user);
    // No issue shows an event that was discarded.
    if (event.hasContent && (of.newest === undefined || isNewer(event, of.newest))) of.newest = event;
  });
  return rest;
}

function isNewer(one: EventHead, other: EventHead): boolean {
  return one.receivedAt === other.receivedAt ? one.number > other.number : one.receivedAt > other.receivedAt;
}

/** Only events that are kept caused turning points. A release that was to come to more issues by an event comes without naming it. */
async function forgetInHistories(store: IssueStore, projectId: string, erased: readonly EventHead[]): Promise<void> {
  const ids = new Set(erased.flatMap(({ id, kept }) => (kept ? id : [])));
  if (ids.size === 0) return;
  await store.transaction(async (transaction) => {
    await transaction.load({ timelines: [{ projectId, lines: [] }] });
    const pending = await transaction.findPendingReleases([projectId]);
    const named = pending.filter(({ eventId }) => eventId !== null && ids.has(eventId));
    await transaction.write({ pendingReleases: named.map((each) => ({ ...each, eventId: null })) });
  });
  await inSteps(store, "forgetting events", async (transaction, after) => {
    const { next } = await transaction.forgetEvents({ projectId, ids: [...ids], after, limit: STEP });
    return { count: 0, next };
  });
}

function chunksOf<Value>(values: readonly Value[]): Value[][] {
  const count = Math.ceil(values.length / STEP);
  return Array.from({ length: count }, (_, index) => values.slice(index * STEP, (index + 1) * STEP));
}

/** An event; `undefined` if it is gone, or its issue, or if it cannot be read. */
export async function readableEvent(reader: StoreReader, ref: EventRef): Promise<StoredEvent | undefined> {
  try {
    return await reader.findEvent(ref);
  } catch (error) {
    if (isCorruptData(error)) return undefined;
    throw error;
  }
}

/**
 * Lets issues that show an erased event show the newest one of the others: what a target shows, the part shows that has the newest event.
 *
 * @returns the titles from then on of the issues whose alerts may have the title of an erased event
 */
async function showOthers(
  transaction: StoreTransaction,
  { shown }: ErasureContext,
  projectId: string,
  erased: ReadonlySet<string>,
  rests: readonly (readonly [issueId: string, rest: Rest])[],
): Promise<ReadonlyMap<string, string>> {
  const ids = rests.map(([issueId]) => issueId);
  const families = new IssueFamilies(await loadWithRelatives(transaction, ids));
  const displayed = new Map<string, DisplayedEvent>();
  for (const [issueId, rest] of rests) {
    const part = families.find(families.partOf(issueId));
    if (part === undefined || !erased.has(part.latestEventId)) continue;
    const id = rest.newest?.id;
    const event = id === undefined ? undefined : await readableEvent(transaction, { projectId, id });
    const content = event?.content ?? null;
    const other =
      content === null ? { title: ERASED_TITLE, transaction: "", level: DEFAULT_EVENT_LEVEL } : shown(content);
    displayed.set(part.id, { ...other, latestEventId: event?.id ?? "" });
  }
  for (const target of families.all) {
    if (target.parts === null || !erased.has(target.latestEventId)) continue;
    const event = await displayedByNewestPart(transaction, target, displayed);
    if (event !== undefined) displayed.set(target.id, event);
  }
  const updates: IssueUpdate[] = [];
  for (const before of families.all) {
    const event = displayed.get(before.id);
    if (event !== undefined) updates.push({ before, after: { ...before, ...event } });
  }
  await transaction.write({ updates });
  return titlesOf(transaction, [...ids, ...(await targetsOf(transaction, families, ids))]);
}

/** What an issue shows of the event that it had last. */
type DisplayedEvent = Pick<Issue, "title" | "transaction" | "level" | "latestEventId">;

/**
 * What the part of a target shows that has the newest event of all parts.
 *
 * @param displayed - what parts show from now on
 */
async function displayedByNewestPart(
  transaction: StoreTransaction,
  target: Issue,
  displayed: ReadonlyMap<string, DisplayedEvent>,
): Promise<DisplayedEvent | undefined> {
  let newest: { readonly at: Instant; readonly event: DisplayedEvent } | undefined;
  const parts = (await transaction.findIssues({ ids: partIdsOf(target) })).filter(isReadable);
  for (const { id, projectId, lastSeenAt, title, transaction: named, level, latestEventId } of parts) {
    const event = displayed.get(id) ?? { title, transaction: named, level, latestEventId };
    const stored = await readableEvent(transaction, { projectId, id: event.latestEventId });
    // Of an evicted event it is only known that it was the newest one.
    const at = stored?.receivedAt ?? (event.latestEventId === "" ? 0 : lastSeenAt);
    if (newest === undefined || at > newest.at) newest = { at, event };
  }
  return newest?.event;
}

/** The ids of all issues that issues are or were merged into: their alerts may have the titles of events of these. */
async function targetsOf(
  reader: StoreReader,
  families: IssueFamilies,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const targets = new Set<string>();
  for (const id of ids) {
    const issue = families.find(id);
    let before: number | null = (issue?.turningPointCount ?? 0) < 2 ? 0 : null;
    while (before !== 0) {
      const points = await reader.pageHistory(id, before, STEP);
      for (const point of points) {
        if (!isUnreadable(point) && point.turn.kind === "merged") targets.add(point.turn.into);
      }
      const last = points.at(-1);
      before = last === undefined || points.length < STEP ? 0 : numberOf(last);
    }
  }
  return targets;
}

function numberOf(point: TurningPoint | UnreadableAt<number>): number {
  return isUnreadable(point) ? point.position : point.number;
}

/** Erases some events, as far as they are still stored, with what they count, and users and issues that had no other event. */
async function eraseSome(
  transaction: StoreTransaction,
  projectId: string,
  erased: readonly EventHead[],
  rest: ReadonlyMap<string, Rest>,
): Promise<void> {
  const events = erased.map(({ id }) => ({ projectId, id }));
  const ids = [...new Set(erased.map(({ issueId }) => issueId))];
  const loaded = await loadWithRelatives(transaction, ids, {
    projectIds: [projectId],
    details: ({ issues }) => ({ counters: issues.map(({ id }) => id) }),
  });
  const families = new IssueFamilies(loaded);
  const project = loaded.projects.get(projectId)?.project;
  // Under the locks of their issues: another erasure may have been faster, and the id may be that of another event since.
  const { duplicateOf } = await transaction.load({ events });
  const stored = erased.filter(({ issueId }, place) => duplicateOf[place] === issueId);
  if (project === undefined || stored.length === 0) return;
  const erasedUsers = await usersToErase(transaction, families, usersAlone(stored, rest));
  const countedBy = eventsByIssue(families, stored);
  const usersByIssue = Map.groupBy(erasedUsers, ({ issueId }) => issueId);
  const counters = new Map<string, Uint8Array>();
  const after = new Map<string, Issue>();
  for (const before of families.all) {
    const ofIssue = countedBy
      .get(before.id)
      ?.map((event) => ({ event, mergedAt: mergedAtOf(families, event, before) }));
    if (ofIssue === undefined) continue;
    const { issue, buckets } = uncounted(before, loaded.counters.get(before.id), ofIssue, project);
    if (buckets !== undefined) counters.set(before.id, buckets);
    after.set(before.id, withFewerUsers(issue, usersByIssue.get(before.id)?.length ?? 0));
  }
  const deletedIssues = withoutEmpty(families, after);
  for (const id of deletedIssues) counters.delete(id);
  const updates = [...families.all].flatMap((before): IssueUpdate[] => {
    const changed = after.get(before.id);
    return changed === undefined || deletedIssues.includes(before.id) ? [] : [{ before, after: changed }];
  });
  const erasedEvents = stored.map(({ id }) => ({ projectId, id }));
  await transaction.write({ updates, counters, erasedUsers, erasedEvents, deletedIssues });
}

/** The events that each issue has counted: an event of a part counts in the sum of the parts, too. */
function eventsByIssue(families: IssueFamilies, events: readonly EventHead[]): ReadonlyMap<string, EventHead[]> {
  const byIssue = new Map<string, EventHead[]>();
  for (const event of events) {
    for (const id of [families.partOf(event.issueId), families.targetOf(event.issueId)]) {
      if (id !== undefined) byIssue.set(id, [...(byIssue.get(id) ?? []), event]);
    }
  }
  return byIssue;
}

/** When the issue of an event was merged into a target that has counted the event; 0 for an event of the issue itself. */
function mergedAtOf(families: IssueFamilies, { issueId }: EventHead, { id }: Issue): Instant {
  const state = families.find(issueId)?.state;
  return state?.status === "merged" && state.into === id ? state.at : 0;
}

/**
 * Takes issues without events out of those that they are merged into. An own part without events stays as long as there are others.
 *
 * @param after - the issues that change, as they will be
 * @returns the issues to delete
 */
function withoutEmpty(families: IssueFamilies, after: Map<string, Issue>): string[] {
  const deleted: string[] = [];
  const isEmpty = (id: string): boolean => after.get(id)?.eventCount === 0;
  for (const issue of families.all) {
    const { state, parts } = issue;
    const isOwnPart = state.status === "merged" && state.as === "own-part";
    if (!isOwnPart && isEmpty(issue.id)) deleted.push(issue.id);
    if (parts === null) continue;
    const members = parts.members.filter((id) => !isEmpty(id));
    if (members.length === 0) deleted.push(parts.ownPart);
    if (members.length === parts.members.length) continue;
    const left = after.get(issue.id) ?? issue;
    after.set(issue.id, { ...left, parts: members.length === 0 ? null : { ...parts, members } });
  }
  return deleted;
}

/** Those of the users of issues that are stored. A target loses those whom no other part has. */
async function usersToErase(
  transaction: StoreTransaction,
  families: IssueFamilies,
  alone: readonly IssueUserRef[],
): Promise<IssueUserRef[]> {
  const ofParts = await storedUsers(
    transaction,
    alone.map(({ issueId, user }) => ({ issueId: families.partOf(issueId), user })),
  );
  const ofTargets = new Map<string, IssueUserRef>();
  for (const { issueId, user } of alone) {
    const target = families.targetOf(issueId);
    if (target !== undefined) ofTargets.set(nameOfUser({ issueId: target, user }), { issueId: target, user });
  }
  if (ofTargets.size === 0) return ofParts;
  const refs = Array.from(ofTargets.values(), ({ issueId, user }) => {
    const target = families.find(issueId);
    const ids = target === undefined ? [issueId] : [issueId, ...partIdsOf(target)];
    return ids.map((id) => ({ issueId: id, user }));
  });
  const stored = new Set((await storedUsers(transaction, refs.flat())).map(nameOfUser));
  // These are erased by the same write.
  for (const erased of ofParts) stored.delete(nameOfUser(erased));
  const isStored = (ref: IssueUserRef): boolean => stored.has(nameOfUser(ref));
  return [
    ...ofParts,
    ...refs.flatMap(([target, ...parts]) => (target && isStored(target) && !parts.some(isStored) ? target : [])),
  ];
}

function nameOfUser({ issueId, user }: IssueUserRef): string {
  return `${issueId} ${user}`;
}

/** The users of erased events who have no other event of the issue. */
function usersAlone(erased: readonly EventHead[], rest: ReadonlyMap<string, Rest>): IssueUserRef[] {
  const users = new Map<string, IssueUserRef>();
  for (const { issueId, user } of erased) {
    if (user === null || rest.get(issueId)?.users.has(user) === true) continue;
    users.set(nameOfUser({ issueId, user }), { issueId, user });
  }
  return [...users.values()];
}

/**
 * An issue without what some events counted, and its counter, as far as that is stored apart. Where the counter cannot be read, the counts
 * stay as they are.
 */
function uncounted(
  before: Issue,
  buckets: Uint8Array | undefined,
  erased: readonly { readonly event: EventHead; readonly mergedAt: Instant }[],
  project: Project,
): { readonly issue: Issue; readonly buckets: Uint8Array | undefined } {
  const counter = readableCounter(before, buckets);
  if (counter === undefined) return { issue: before, buckets: undefined };
  let issue = before;
  for (const { event, mergedAt } of erased) {
    const { count, receivedAt, environment, hasContent } = event;
    // Of an event that was discarded the environment is not known.
    const mayChangeState = !hasContent || mayChangeStates(project, environment);
    issue = withoutEvent(issue, counter, { count, receivedAt, mayChangeState, hasContent, mergedAt });
  }
  return { issue, buckets: buckets === undefined && counter.inOneMinute ? undefined : counter.encode() };
}

function readableCounter(issue: Issue, buckets: Uint8Array | undefined): PeriodCounter | undefined {
  try {
    return restoreCounter(issue, buckets);
  } catch (error) {
    if (isCorruptData(error)) return undefined;
    throw error;
  }
}

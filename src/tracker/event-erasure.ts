import { ERASED_TITLE, withoutEvent } from "../core/erasure.ts";
import type { EventContent } from "../core/event.ts";
import type { Issue } from "../core/issue.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import { mayChangeStates, type Project } from "../core/project.ts";
import { isCorruptData, isUnreadable } from "../core/unreadable.ts";
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
import { forgetInAlerts } from "./alert-erasure.ts";
import { inReads, inSteps } from "./in-steps.ts";
import { storedUsers, withFewerUsers } from "./user-erasure.ts";
import { restoreCounter } from "./working-issue.ts";

/** How many events, issues or turning points a step looks at or changes. */
const STEP = 300;

/** What an issue shows of an event with this content, as its newest one. */
export type Shown = (content: EventContent) => Pick<Issue, "title" | "transaction">;

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
  await inReads(store, "a list of events", async (reader, after) => {
    const { entries, next } = await reader.pageEvents({ projectId, after, limit: STEP });
    // A store in memory may return all of them.
    await eachWithPauses(entries, visit);
    return { count: entries.length, next };
  });
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
 * Lets issues that show an erased event show the newest one of the others.
 *
 * @returns the titles of the issues from then on
 */
async function showOthers(
  transaction: StoreTransaction,
  { shown }: ErasureContext,
  projectId: string,
  erased: ReadonlySet<string>,
  rests: readonly (readonly [issueId: string, rest: Rest])[],
): Promise<ReadonlyMap<string, string>> {
  const newest = new Map(rests.map(([issueId, rest]) => [issueId, rest.newest?.id]));
  const titles = new Map(rests.map(([issueId]) => [issueId, ERASED_TITLE]));
  const { issues } = await transaction.load({ issues: { ids: [...newest.keys()] } });
  const updates: IssueUpdate[] = [];
  for (const before of issues) {
    if (isUnreadable(before)) continue;
    titles.set(before.id, before.title);
    if (!erased.has(before.latestEventId)) continue;
    const id = newest.get(before.id);
    const event = id === undefined ? undefined : await readableEvent(transaction, { projectId, id });
    const content = event?.content ?? null;
    const other = content === null ? { title: ERASED_TITLE, transaction: "" } : shown(content);
    titles.set(before.id, other.title);
    updates.push({ before, after: { ...before, ...other, latestEventId: event?.id ?? "" } });
  }
  await transaction.write({ updates });
  return titles;
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
  const loaded = await transaction.load({
    projectIds: [projectId],
    issues: { ids },
    details: () => ({ counters: ids }),
  });
  const project = loaded.projects.get(projectId)?.project;
  // Under the locks of their issues: another erasure may have been faster, and the id may be that of another event since.
  const { duplicateOf } = await transaction.load({ events });
  const stored = erased.filter(({ issueId }, place) => duplicateOf[place] === issueId);
  if (project === undefined || stored.length === 0) return;
  const erasedUsers = await storedUsers(transaction, usersAlone(stored, rest));
  const byIssue = Map.groupBy(stored, ({ issueId }) => issueId);
  const usersByIssue = Map.groupBy(erasedUsers, ({ issueId }) => issueId);
  const updates: IssueUpdate[] = [];
  const counters = new Map<string, Uint8Array>();
  const deletedIssues: string[] = [];
  for (const before of loaded.issues) {
    if (isUnreadable(before)) continue;
    const buckets = loaded.counters.get(before.id);
    const after = uncounted(before, buckets, byIssue.get(before.id) ?? [], project);
    if (after.issue.eventCount < 1) {
      deletedIssues.push(before.id);
      continue;
    }
    if (after.buckets !== undefined) counters.set(before.id, after.buckets);
    updates.push({ before, after: withFewerUsers(after.issue, usersByIssue.get(before.id)?.length ?? 0) });
  }
  const erasedEvents = stored.map(({ id }) => ({ projectId, id }));
  await transaction.write({ updates, counters, erasedUsers, erasedEvents, deletedIssues });
}

/** The users of erased events who have no other event of the issue. */
function usersAlone(erased: readonly EventHead[], rest: ReadonlyMap<string, Rest>): IssueUserRef[] {
  const users = new Map<string, IssueUserRef>();
  for (const { issueId, user } of erased) {
    if (user === null || rest.get(issueId)?.users.has(user) === true) continue;
    users.set(`${issueId} ${user}`, { issueId, user });
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
  erased: readonly EventHead[],
  project: Project,
): { readonly issue: Issue; readonly buckets: Uint8Array | undefined } {
  const counter = readableCounter(before, buckets);
  if (counter === undefined) return { issue: before, buckets: undefined };
  let issue = before;
  for (const { count, receivedAt, environment, hasContent } of erased) {
    // Of an event that was discarded the environment is not known.
    const mayChangeState = !hasContent || mayChangeStates(project, environment);
    issue = withoutEvent(issue, counter, { count, receivedAt, mayChangeState, hasContent });
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

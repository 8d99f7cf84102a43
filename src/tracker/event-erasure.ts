import { ERASED_TITLE, withoutEvent, type ErasedMentions } from "../core/erasure.ts";
import type { EventContent } from "../core/event.ts";
import { ISSUE_STATUSES, type Issue } from "../core/issue.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import { mayChangeStates, type Project } from "../core/project.ts";
import { isCorruptData, isUnreadable } from "../core/unreadable.ts";
import type {
  EventHead,
  EventRef,
  IssuePageRequest,
  IssuePosition,
  IssueStore,
  IssueUpdate,
  IssueUserRef,
  StoredEvent,
  StoreReader,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { alertedIssues, forgetInAlerts } from "./alert-erasure.ts";
import { inReads, inSteps } from "./in-steps.ts";
import { isBehind, positionOf } from "./issue-filter.ts";
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
    for (const event of entries) visit(event);
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
  const mentions = await mentionsOf(context, projectId, erased, rest);
  // From then on no new alert says of them.
  for (const some of chunksOf([...rest])) {
    await store.transaction((transaction) => showOthers(transaction, context.shown, mentions, some));
  }
  await forgetInAlerts(store, mentions);
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

/** What alerts may say of the events: their ids, and titles that are not those of what is left of their issues. */
async function mentionsOf(
  { store, shown }: ErasureContext,
  projectId: string,
  erased: readonly EventHead[],
  rest: ReadonlyMap<string, Rest>,
): Promise<ErasedMentions> {
  const alerted = await alertedIssues(store, projectId);
  const named = new Set(newestOfEach(erased));
  for (const event of erased) if (alerted.has(event.issueId)) named.add(event);
  const eventIds = new Set(erased.map(({ id }) => id));
  const titles = new Map<string, Set<string>>();
  const left = new Map<string, string>();
  const add = (issueId: string, title: string | undefined): void => {
    if (title !== undefined) titles.set(issueId, (titles.get(issueId) ?? new Set()).add(title));
  };
  for (const events of chunksOf([...named])) {
    await store.read(async (reader) => {
      for (const { id, issueId } of events) add(issueId, await titleOf(reader, shown, projectId, id));
    });
  }
  for (const ids of chunksOf([...rest.keys()])) {
    await store.read(async (reader) => {
      for (const issue of await reader.findIssues({ ids })) {
        const newest = rest.get(issue.id)?.newest;
        const isShown = !isUnreadable(issue) && !eventIds.has(issue.latestEventId);
        const title = isShown ? issue.title : newest && (await titleOf(reader, shown, projectId, newest.id));
        // Which may be another one than that of its content, by a grouping strategy of the host.
        if (!isShown && !isUnreadable(issue)) add(issue.id, issue.title);
        left.set(issue.id, title ?? ERASED_TITLE);
      }
    });
  }
  return { projectId, eventIds, issueIds: new Set(rest.keys()), titles, left };
}

/** The newest of the events of each issue: until it is erased, new alerts may have its title. */
function newestOfEach(events: readonly EventHead[]): Iterable<EventHead> {
  const newest = new Map<string, EventHead>();
  for (const event of events) {
    const other = newest.get(event.issueId);
    if (other === undefined || isNewer(event, other)) newest.set(event.issueId, event);
  }
  return newest.values();
}

function chunksOf<Value>(values: readonly Value[]): Value[][] {
  const count = Math.ceil(values.length / STEP);
  return Array.from({ length: count }, (_, index) => values.slice(index * STEP, (index + 1) * STEP));
}

/** The title that an issue has by an event, if that is stored. */
async function titleOf(reader: StoreReader, shown: Shown, projectId: string, id: string): Promise<string | undefined> {
  const content = (await readableEvent(reader, { projectId, id }))?.content ?? null;
  return content === null ? undefined : shown(content).title;
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

/** Lets issues that show an erased event show the newest one of the others. */
async function showOthers(
  transaction: StoreTransaction,
  shown: Shown,
  { projectId, eventIds }: ErasedMentions,
  rests: readonly (readonly [issueId: string, rest: Rest])[],
): Promise<void> {
  const newest = new Map(rests.map(([issueId, rest]) => [issueId, rest.newest?.id]));
  const { issues } = await transaction.load({ issues: { ids: [...newest.keys()] } });
  const updates: IssueUpdate[] = [];
  for (const before of issues) {
    if (isUnreadable(before) || !eventIds.has(before.latestEventId)) continue;
    const id = newest.get(before.id);
    const event = id === undefined ? undefined : await readableEvent(transaction, { projectId, id });
    const content = event?.content ?? null;
    const other = content === null ? { title: ERASED_TITLE, transaction: "" } : shown(content);
    updates.push({ before, after: { ...before, ...other, latestEventId: event?.id ?? "" } });
  }
  await transaction.write({ updates });
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
  const changes = new ErasureChanges(transaction, project);
  for (const issue of loaded.issues) {
    if (isUnreadable(issue)) continue;
    const own = stored.filter(({ issueId }) => issueId === issue.id);
    await changes.erase(issue, loaded.counters.get(issue.id), own, rest.get(issue.id));
  }
  const { updates, counters, erasedUsers, deletedIssues } = changes;
  const erasedEvents = stored.map(({ id }) => ({ projectId, id }));
  await transaction.write({ updates, counters, erasedUsers, erasedEvents, deletedIssues });
}

/** Collects what becomes of issues without some of their events. */
class ErasureChanges {
  readonly updates: IssueUpdate[] = [];
  readonly counters = new Map<string, Uint8Array>();
  readonly erasedUsers: IssueUserRef[] = [];
  readonly deletedIssues: string[] = [];
  readonly #transaction: StoreTransaction;
  readonly #project: Project;

  constructor(transaction: StoreTransaction, project: Project) {
    this.#transaction = transaction;
    this.#project = project;
  }

  async erase(
    before: Issue,
    buckets: Uint8Array | undefined,
    erased: readonly EventHead[],
    rest: Rest | undefined,
  ): Promise<void> {
    let after = this.#uncounted(before, buckets, erased);
    if (after.eventCount < 1) {
      this.deletedIssues.push(before.id);
      return;
    }
    const users = await this.#usersLeft(before.id, erased, rest);
    this.erasedUsers.push(...users);
    after = { ...after, userCount: Math.max(0, after.userCount - users.length) };
    this.updates.push({ before, after });
  }

  /** The issue without what the events counted. Where the counter cannot be read, the counts stay as they are. */
  #uncounted(before: Issue, buckets: Uint8Array | undefined, erased: readonly EventHead[]): Issue {
    const counter = readableCounter(before, buckets);
    if (counter === undefined) return before;
    let after = before;
    for (const { count, receivedAt, environment, hasContent } of erased) {
      // Of an event that was discarded the environment is not known.
      const mayChangeState = !hasContent || mayChangeStates(this.#project, environment);
      after = withoutEvent(after, counter, { count, receivedAt, mayChangeState, hasContent });
    }
    const hasBuckets = buckets !== undefined || !counter.inOneMinute;
    if (hasBuckets && after.eventCount > 0) this.counters.set(before.id, counter.encode());
    return after;
  }

  /** The users of erased events who have no other event of the issue that is stored. */
  async #usersLeft(issueId: string, erased: readonly EventHead[], rest: Rest | undefined): Promise<IssueUserRef[]> {
    const users = new Set(erased.flatMap(({ user }) => (user === null || rest?.users.has(user) === true ? [] : user)));
    const refs = Array.from(users, (user) => ({ issueId, user }));
    const found = await this.#transaction.findUsers(refs);
    return refs.filter((_, place) => found[place] !== undefined);
  }
}

function readableCounter(issue: Issue, buckets: Uint8Array | undefined): PeriodCounter | undefined {
  try {
    return restoreCounter(issue, buckets);
  } catch (error) {
    if (isCorruptData(error)) return undefined;
    throw error;
  }
}

/** Erases a user from all issues of a project, in pages of them. */
export async function eraseUser(store: IssueStore, projectId: string, user: string): Promise<void> {
  let after: IssuePosition | null = null;
  do {
    const from: IssuePosition | null = after;
    after = await store.transaction((transaction) => eraseUserInPage(transaction, projectId, user, from));
  } while (after !== null);
}

/** @returns where the page ended; `null` for the last page */
async function eraseUserInPage(
  transaction: StoreTransaction,
  projectId: string,
  user: string,
  after: IssuePosition | null,
): Promise<IssuePosition | null> {
  const request: IssuePageRequest = {
    projectId,
    statuses: ISSUE_STATUSES,
    search: "",
    environment: null,
    order: "first-seen",
    descending: false,
    after,
    limit: STEP,
  };
  const { entries } = await transaction.pageIssues(request);
  const usersOf = async (ids: readonly string[]): Promise<readonly IssueUserRef[]> => {
    const refs = ids.map((issueId) => ({ issueId, user }));
    const found = await transaction.findUsers(refs);
    return refs.filter((_, place) => found[place] !== undefined);
  };
  const ids = (await usersOf(entries.map(({ id }) => id))).map(({ issueId }) => issueId);
  if (ids.length > 0) {
    const { issues } = await transaction.load({ issues: { ids } });
    // Once more under the locks of the issues: another erasure may have been faster.
    const erasedUsers = await usersOf(ids);
    const left = new Set(erasedUsers.map(({ issueId }) => issueId));
    const updates = issues.flatMap((before): IssueUpdate[] => {
      if (isUnreadable(before) || !left.has(before.id)) return [];
      return [{ before, after: { ...before, userCount: Math.max(0, before.userCount - 1) } }];
    });
    await transaction.write({ updates, erasedUsers });
  }
  const last = entries.at(-1);
  if (last === undefined || entries.length < STEP) return null;
  const end = positionOf(last, "first-seen");
  if (!isBehind(end, after, request)) throw storeRepeats("a page of issues");
  return end;
}

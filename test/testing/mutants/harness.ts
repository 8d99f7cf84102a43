import { ALL_ISSUES } from "../../../src/core/issue-list.ts";
import { IssueLifecycleError } from "../../../src/core/errors.ts";
import type { EventContent } from "../../../src/core/event.ts";
import type { Alert } from "../../../src/core/alert.ts";
import { ISSUE_STATUSES, type Issue } from "../../../src/core/issue.ts";
import type { KnownRelease, Release, ReleaseLine, ReleaseTimeline, RetiredRelease } from "../../../src/core/release.ts";
import type { Project } from "../../../src/core/project.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import { createMemoryStore, memoryStoreOn } from "../../../src/memory/memory-store.ts";
import { MemoryTables, type AlertRow } from "../../../src/memory/memory-tables.ts";
import {
  type AlertLease,
  type AlertMove,
  type AlertSettlement,
  type OutboxEntry,
  type OutboxReader,
  type OutboxStatus,
  type OutboxTransaction,
  type TallySelection,
} from "../../../src/ports/alert-outbox.ts";
import type {
  IssueMark,
  IssuePageRequest,
  IssueCountRequest,
  IssueStore,
  IssueUpdate,
  IssueUser,
  Loaded,
  LoadRequest,
  StoreChanges,
  StoredEvent,
  StoreTransaction,
  UserCountRequest,
} from "../../../src/ports/issue-store.ts";
import type { ConformanceSubject, HostTransaction, RawReader } from "../../../src/testing/index.ts";

export type Replaced = Partial<StoreTransaction>;
export type ReplacedOutbox = Partial<OutboxTransaction>;

/** An object with some methods replaced. */
export function replacing<Inner extends object>(inner: Inner, replaced: Partial<Inner>): Inner {
  return new Proxy(inner, {
    get(target, name) {
      const own: unknown = Reflect.get(replaced, name);
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (...input: unknown[]) => Reflect.apply(member, target, input) : member;
    },
  });
}

/** A memory store whose transactions have some methods replaced. Its reads are transactions too, so that they have them. */
export function withMethods(replace: (inner: StoreTransaction) => Replaced): () => IssueStore {
  return () => {
    const store = createMemoryStore();
    return {
      ...store,
      transaction: (work) => store.transaction((inner) => work(replacing(inner, replace(inner)))),
      read: (work) => store.transaction((inner) => work(replacing(inner, replace(inner)))),
    };
  };
}

/** A memory store that writes other changes than it was given. */
export function writing(change: (changes: StoreChanges) => StoreChanges): () => IssueStore {
  return withMethods((inner) => ({ write: (changes) => inner.write(change(changes)) }));
}

/** A memory store that loads by another request, or returns something else. */
export function loading(
  change: (loaded: Loaded, request: LoadRequest) => Loaded,
  changeRequest: (request: LoadRequest) => LoadRequest = (request) => request,
): () => IssueStore {
  return withMethods((inner) => ({
    load: async (request) => change(await inner.load(changeRequest(request)), request),
  }));
}

export function outboxOf({ outbox }: StoreTransaction): OutboxTransaction {
  if (outbox === undefined) throw new Error("The memory store has an outbox.");
  return outbox;
}

/** A memory store whose outbox has some methods replaced. */
export function withOutbox(replace: (outbox: OutboxTransaction) => ReplacedOutbox): () => IssueStore {
  return withMethods((inner) => ({ outbox: replacing(outboxOf(inner), replace(outboxOf(inner))) }));
}

/** What a store held when a transaction was requested, and what it holds. */
export interface Seen {
  /** The alerts that there were. */
  readonly alerts: readonly AlertRow[];
  /** The tallies that there were. */
  readonly tallies: MemoryTables["tallies"];
  /** The releases that there were in the project of most cases. */
  readonly releases: ReadonlyMap<string, Release>;
  /** Its timeline's count. */
  readonly releaseCount: number;
  /** Its groups' issues, by strategy and key. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The tables as they are. */
  readonly tables: MemoryTables;
}

/** A memory store whose transactions can read the tables, and what they held before concurrent transactions ran. */
export function withTables(replace: (inner: StoreTransaction, seen: Seen) => Replaced): () => IssueStore {
  return () => {
    const tables = new MemoryTables();
    const store = memoryStoreOn(tables);
    return {
      ...store,
      transaction: (work) => {
        const seen = {
          alerts: [...tables.alerts.values()],
          tallies: new Map(tables.tallies),
          releases: new Map(tables.ofProject.get("shop")?.releases),
          releaseCount: tables.projects.get("shop")?.releaseCount ?? 0,
          groups: new Map(
            Array.from(tables.ofProject.get("shop")?.groups ?? [], ([strategy, keys]) => [strategy, new Map(keys)]),
          ),
          tables,
        };
        return store.transaction((inner) => work(replacing(inner, replace(inner, seen))));
      },
    };
  };
}

/** As {@link withTables}, with methods of the outbox replaced. */
export function withOutboxTables(replace: (outbox: OutboxTransaction, seen: Seen) => ReplacedOutbox): () => IssueStore {
  return withTables((inner, seen) => ({ outbox: replacing(outboxOf(inner), replace(outboxOf(inner), seen)) }));
}

/** The alerts in a state, the first thousand of them. */
export async function alertsIn(outbox: OutboxReader, status: OutboxStatus): Promise<readonly OutboxEntry[]> {
  return allReadable(await outbox.page({ status, after: null, limit: 1_000 }));
}

/** Those of some alerts that are in a state. */
export async function idsIn(outbox: OutboxReader, status: OutboxStatus, ids: readonly string[]): Promise<string[]> {
  const found = (await alertsIn(outbox, status)).map(({ alert }) => alert.id);
  return ids.filter((id) => found.includes(id));
}

export function byAlertId(one: { readonly alert: Alert }, other: { readonly alert: Alert }): number {
  return one.alert.id < other.alert.id ? -1 : 1;
}

/** When a pending alert is due; never, for others. */
export function dueTimeOf({ state }: OutboxEntry): number {
  return state.status === "pending" ? state.dueAt : Infinity;
}

/** Orders an issue's alerts by something else than their turning points. */
export function orderedBy(turnOf: (alert: Alert) => number): () => IssueStore {
  const alerts = new Map<string, Alert>();
  const restore = <Entry extends { readonly alert: Alert }>(entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => ({ ...entry, alert: alerts.get(entry.alert.id) ?? entry.alert }));
  return withMethods((inner) => {
    const outbox = outboxOf(inner);
    return {
      write: async (changes) => {
        const added = changes.alerts ?? [];
        for (const alert of added) alerts.set(alert.id, alert);
        const turned = added.map((alert) => (alert.issue === null ? alert : { ...alert, turningPoint: turnOf(alert) }));
        await inner.write({ ...changes, alerts: turned });
      },
      outbox: replacing(outbox, {
        page: async (request) => restore(allReadable(await outbox.page(request))),
        claim: async (claim) => restore(await outbox.claim(claim)),
      }),
    };
  });
}

/** The first pending alert of each issue, among some that there are or were. */
export function firstOfIssues(rows: Iterable<AlertRow>): Map<string, AlertRow> {
  const first = new Map<string, AlertRow>();
  for (const row of rows) {
    const { alert, state } = row;
    if (alert.issue === null || state.status !== "pending") continue;
    const known = first.get(alert.issue.id)?.alert.turningPoint ?? Infinity;
    if (alert.turningPoint < known) first.set(alert.issue.id, row);
  }
  return first;
}

/** Claims later alerts of an issue too, where the first one may be passed. */
export function overtaking(mayPass: (first: AlertRow, seen: Seen, now: number) => boolean): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    claim: async (claim) => {
      const claimed = await outbox.claim(claim);
      if (!claim.inOrder) return claimed;
      const others = Array.from(firstOfIssues(seen.tables.alerts.values())).filter(
        ([id, first]) =>
          claim.issueIds?.includes(id) !== false &&
          first.lease?.token !== claim.lease.token &&
          mayPass(first, seen, claim.now),
      );
      const more = { issueIds: others.map(([id]) => id), inOrder: false, limit: claim.limit - claimed.length };
      return [...claimed, ...(await outbox.claim({ ...claim, ...more }))];
    },
  }));
}

/** A memory store that treats alerts otherwise that have to wait since a claim in order. */
export function withWaiting(
  replace: (outbox: OutboxTransaction, isWaiting: (entry: { readonly alert: Alert }) => boolean) => ReplacedOutbox,
): () => IssueStore {
  const waiting = new Set<string>();
  return withOutbox((outbox) => {
    const replaced = replace(outbox, ({ alert }) => waiting.has(alert.id));
    return {
      ...replaced,
      claim: async (claim) => {
        const claimed = await (replaced.claim ?? ((given) => outbox.claim(given)))(claim);
        if (!claim.inOrder) return claimed;
        waiting.clear();
        const pending = await alertsIn(outbox, "pending");
        for (const { alert } of pending) {
          const isBefore = (other: Alert): boolean =>
            other.issue?.id === alert.issue?.id && (other.turningPoint ?? 0) < (alert.turningPoint ?? 0);
          if (pending.some((other) => isBefore(other.alert))) waiting.add(alert.id);
        }
        return claimed;
      },
    };
  });
}

/** Settles alerts under leases that are made of those given and those that hold them. */
export function settlingUnder(leaseOf: (given: AlertLease, held: AlertLease) => AlertLease): () => IssueStore {
  const leases = new Map<string, AlertLease>();
  return withOutbox((outbox) => ({
    claim: async (claim) => {
      const claimed = await outbox.claim(claim);
      for (const { alert } of claimed) leases.set(alert.id, claim.lease);
      return claimed;
    },
    settle: (settlements) =>
      outbox.settle(
        settlements.map((each) => ({ ...each, lease: leaseOf(each.lease, leases.get(each.id) ?? each.lease) })),
      ),
  }));
}

/** Settles alerts with other outcomes. */
export function settlingAs(outcomeOf: (settlement: AlertSettlement) => AlertSettlement): () => IssueStore {
  return withOutbox((outbox) => ({ settle: (settlements) => outbox.settle(settlements.map(outcomeOf)) }));
}

export type Move<To extends AlertMove["to"]> = Extract<AlertMove, { readonly to: To }>;

/** Replaces what the outbox does when alerts are discarded. */
export function discarding(
  discard: (move: Move<"discarded">, outbox: OutboxTransaction, seen: Seen) => Promise<readonly string[]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    move: (move) => (move.to === "discarded" ? discard(move, outbox, seen) : outbox.move(move)),
  }));
}

/** Replaces what the outbox does when alerts are redriven. */
export function redriving(
  redrive: (move: Move<"pending">, outbox: OutboxTransaction, seen: Seen) => Promise<readonly string[]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    move: (move) => (move.to === "pending" ? redrive(move, outbox, seen) : outbox.move(move)),
  }));
}

/** Replaces what the outbox does when alerts are set back. */
export function settingBack(
  setBack: (move: Move<"due">, outbox: OutboxTransaction, seen: Seen) => Promise<readonly string[]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    move: (move) => (move.to === "due" ? setBack(move, outbox, seen) : outbox.move(move)),
  }));
}

/** Pending alerts that are due after an instant, the first due first. */
export async function dueAfter(outbox: OutboxReader, at: number): Promise<string[]> {
  const pending = await alertsIn(outbox, "pending");
  return pending.filter((entry) => dueTimeOf(entry) > at).map(({ alert }) => alert.id);
}

/** Lets alerts stay with their holders, whatever else is done with them. */
export function keepLeases({ tables }: Seen, leases: ReadonlyMap<string, AlertRow["lease"]>): void {
  for (const [id, lease] of leases) {
    const row = tables.alerts.get(id);
    if (row !== undefined) tables.alerts.set(id, { ...row, lease });
  }
}

export function leasesOf({ tables }: Seen, ids: readonly string[]): ReadonlyMap<string, AlertRow["lease"]> {
  return new Map(ids.map((id) => [id, tables.alerts.get(id)?.lease ?? null]));
}

/** Replaces what the outbox does when ended tallies are locked. */
export function lockingEnded(
  lock: (
    selection: Extract<TallySelection, { readonly endedAt: number }>,
    outbox: OutboxTransaction,
    seen: Seen,
  ) => ReturnType<OutboxTransaction["lockTallies"]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    lockTallies: (selection) =>
      "endedAt" in selection ? lock(selection, outbox, seen) : outbox.lockTallies(selection),
  }));
}

type Timelines = ReadonlyMap<string, ReleaseTimeline>;
export type ChangeTimeline = (timeline: ReleaseTimeline, releases: readonly Release[]) => ReleaseTimeline;

/** Methods that return other timelines, by all releases of the project, the last in order first. */
export function timelineMethods(
  inner: StoreTransaction,
  change: ChangeTimeline,
): Pick<Replaced, "findTimelines" | "load"> {
  const changed = async (timelines: Timelines): Promise<Timelines> => {
    const result = new Map<string, ReleaseTimeline>();
    for (const [id, timeline] of timelines) {
      result.set(id, change(timeline, allReadable(await inner.pageReleases(id, null, 10_000))));
    }
    return result;
  };
  return {
    findTimelines: async (requests) => changed(await inner.findTimelines(requests)),
    load: async (request) => {
      const loaded = await inner.load(request);
      return { ...loaded, timelines: await changed(loaded.timelines) };
    },
  };
}

/** A memory store that returns other timelines. */
export function changingTimelines(change: ChangeTimeline): () => IssueStore {
  return withMethods((inner) => timelineMethods(inner, change));
}

/** A memory store that returns other lines, by their known releases, or by all. */
export function changingLines(
  change: (line: ReleaseLine, releases: readonly Release[]) => ReleaseLine,
  ofAll = false,
): () => IssueStore {
  return changingTimelines((timeline, releases) => ({
    ...timeline,
    lines: new Map(
      Array.from(timeline.lines, ([name, line]) => {
        const ofLine = releases.filter((each) => each.line === name && (ofAll || each.standing === "known"));
        return [name, change(line, ofLine)];
      }),
    ),
  }));
}

/** A memory store that counts releases in another way. */
export function countingReleases(countOf: (count: number, releases: readonly Release[]) => number): () => IssueStore {
  return withMethods((inner) => ({
    findProjects: async (selection) => {
      const counted = [];
      for (const stored of await inner.findProjects(selection)) {
        const releases = allReadable(await inner.pageReleases(stored.project.id, null, 10_000));
        counted.push({ ...stored, releaseCount: countOf(stored.releaseCount, releases) });
      }
      return counted;
    },
  }));
}

export function byNumber(releases: readonly Release[]): Release[] {
  return releases.toSorted((one, other) => one.number - other.number);
}

export function isKnown(release: Release): release is KnownRelease {
  return release.standing === "known";
}

export function knownAgain(release: RetiredRelease): KnownRelease {
  return { ...release, standing: "known", becameLatest: true };
}

/** A request for a project's issues. */
export function allOf(projectId: string): Omit<IssuePageRequest, "limit"> {
  const any = { statuses: ISSUE_STATUSES, ...ALL_ISSUES } as const;
  return { projectId, ...any, order: "first-seen", after: null, descending: false };
}

/** A memory store that lists issues by environment in another way. */
export function listingEnvironments(
  isIn: (environments: readonly string[], environment: string) => boolean,
): () => IssueStore {
  return withMethods((inner) => ({
    pageIssues: async (request) => {
      const { environment, limit } = request;
      if (environment === null) return inner.pageIssues(request);
      const all = await inner.pageIssues({ ...request, environment: null, limit: 10_000 });
      const found = allReadable(all.entries).filter(({ environments }) => isIn(environments, environment));
      return { ...all, entries: found.slice(0, limit) };
    },
  }));
}

/** A memory store that counts issues by another request. */
export function counting(change: (request: IssueCountRequest) => IssueCountRequest): () => IssueStore {
  return withMethods((inner) => ({ countIssues: (request) => inner.countIssues(change(request)) }));
}

/** A memory store that counts users by another request. */
export function countingUsers(change: (request: UserCountRequest) => UserCountRequest): () => IssueStore {
  return withMethods((inner) => ({ countUsers: (requests) => inner.countUsers(requests.map(change)) }));
}

/** A memory store that writes other projects. */
export function savingProjects(change: (project: Project) => Project): () => IssueStore {
  return writing(({ projects = [], ...changes }) => ({ ...changes, projects: projects.map(change) }));
}

/** A memory store that writes other events. */
export function storingEvents(change: (event: StoredEvent) => StoredEvent): () => IssueStore {
  return writing(({ events = [], ...changes }) => ({ ...changes, events: events.map(change) }));
}

/** A memory store that writes other contents of events. */
export function storingContents(change: (content: EventContent) => EventContent): () => IssueStore {
  return storingEvents((event) => ({ ...event, content: event.content && change(event.content) }));
}

/** A memory store that updates issues in another way. */
export function updatingIssues(change: (update: IssueUpdate) => Partial<Issue>): () => IssueStore {
  return writing(({ updates = [], ...changes }) => ({
    ...changes,
    updates: updates.map((update) => ({ ...update, after: { ...update.after, ...change(update) } })),
  }));
}

/** A memory store in which users that a failed transaction has saved stay. */
export function keepingUsersOfFailures(): IssueStore {
  const store = createMemoryStore();
  return {
    ...store,
    transaction: async (work) => {
      const saved: IssueUser[] = [];
      try {
        return await store.transaction((inner) =>
          work(
            replacing(inner, {
              write: async (changes) => {
                saved.push(...(changes.users ?? []));
                await inner.write(changes);
              },
            }),
          ),
        );
      } catch (error) {
        await swallow(store.transaction((inner) => inner.write({ users: saved })));
        throw error;
      }
    },
  };
}

/** The marks at an order key, of all issues. */
export async function marksAt(
  inner: StoreTransaction,
  projectId: string,
  orderKey: string | null,
): Promise<readonly IssueMark[]> {
  const { entries: issues } = await inner.pageIssues({ ...allOf(projectId), limit: 10_000 });
  const found = await inner.findMarks(issues.map(({ id }) => ({ issueId: id, upTo: orderKey, limit: 1 })));
  return found.flatMap((marks, index) =>
    allReadable(marks)
      .filter((mark) => mark.orderKey === orderKey)
      .map((mark) => ({ issueId: issues[index]?.id ?? "", mark })),
  );
}

/** Replaces what the outbox does when tallies that end last are locked. */
export function lockingLast(
  lock: (
    selection: Extract<TallySelection, { readonly endsAfter: number }>,
    outbox: OutboxTransaction,
    seen: Seen,
  ) => ReturnType<OutboxTransaction["lockTallies"]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    lockTallies: (selection) =>
      "endsAfter" in selection ? lock(selection, outbox, seen) : outbox.lockTallies(selection),
  }));
}

/** Runs every method call in a transaction of its own, like a store that forgets to begin one. */
export function autocommit(): IssueStore {
  const store = createMemoryStore();
  const callIn = (member: (inner: StoreTransaction) => object): object =>
    new Proxy<object>(
      {},
      {
        get:
          (_, name) =>
          (...input: unknown[]) =>
            store.transaction(async (inner) => {
              const method: unknown = Reflect.get(member(inner), name);
              if (typeof method !== "function") throw new Error(`There is no method ${String(name)}.`);
              const result: unknown = await Reflect.apply(method, member(inner), input);
              return result;
            }),
      },
    );
  const outbox = callIn(outboxOf);
  const perCall = new Proxy(
    callIn((inner) => inner),
    {
      get: (target, name): unknown => (name === "outbox" ? outbox : Reflect.get(target, name)),
    },
  );
  const isTransaction = (value: object): value is StoreTransaction => value === perCall;
  if (!isTransaction(perCall)) throw new Error("unreachable");
  return { ...store, transaction: (work) => work(perCall), read: (work) => work(perCall) };
}

/** Swallows a refusal. */
async function swallow(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!IssueLifecycleError.is(error)) throw error;
  }
}

/** Writes some members in a call of their own, in which a refusal is swallowed. */
export function swallowing(...members: readonly (keyof StoreChanges)[]): () => IssueStore {
  return withMethods((inner) => ({
    write: async (changes) => {
      const isOwn = ([name]: [string, unknown]): boolean => members.some((member) => member === name);
      const entries = Object.entries(changes);
      await swallow(inner.write(Object.fromEntries(entries.filter(isOwn))));
      await inner.write(Object.fromEntries(entries.filter((entry) => !isOwn(entry))));
    },
  }));
}

/** A deliberately wrong store. */
export interface Mutant {
  readonly name: string;
  /** The id of the case that sees it. Others may see it too. */
  readonly seenBy: string;
  readonly open: () => IssueStore;
  /** A second handle on the same data. By default it is the same handle. */
  readonly openSecond?: (store: IssueStore) => IssueStore;
  /** Begins a transaction of the host, where the mutant is about that. By default the store can join none. */
  readonly beginHost?: (store: IssueStore) => Promise<HostTransaction>;
  /** A look at the data, where the mutant is about that. */
  readonly raw?: (store: IssueStore) => RawReader;
}

/** Reads through the store itself: enough where the store does not lie. */
export function honest(store: IssueStore): RawReader {
  return {
    countIssues: async (projectId) =>
      store.read(async (reader) => {
        return (await reader.pageIssues({ ...allOf(projectId), limit: 1_000 })).entries.length;
      }),
    countEvents: async (projectId) =>
      store.read(async (reader) => {
        const events = await Promise.all(["a", "b", "c"].map((id) => reader.findEvent({ projectId, id })));
        return events.filter((event) => event !== undefined).length;
      }),
    titleOf: async (id) => store.read(async (reader) => allReadable(await reader.findIssues({ ids: [id] }))[0]?.title),
  };
}

/** Keeps changed issues in a cache that is never written out. */
export function writesOnlyToItsCache(): Mutant {
  const inner = createMemoryStore();
  const cache = new Map<string, Issue>();
  const cached = (issues: readonly Issue[]): Issue[] => issues.map((issue) => cache.get(issue.id) ?? issue);
  const replace = (transaction: StoreTransaction): Replaced => ({
    write: async ({ updates = [], ...changes }) => {
      for (const { after } of updates) cache.set(after.id, after);
      await transaction.write(changes);
    },
    findIssues: async (selection) => cached(allReadable(await transaction.findIssues(selection))),
  });
  return {
    name: "writes changes only to its cache",
    seenBy: "writes-are-real",
    open: () => ({
      ...inner,
      transaction: (work) => inner.transaction((each) => work(replacing(each, replace(each)))),
      read: (work) => inner.transaction((each) => work(replacing(each, replace(each)))),
    }),
    raw: () => honest(inner),
  };
}

/** The harness of the mutants around a store that is right: what they are compared with. */
export const CONTROL: Omit<Mutant, "seenBy"> = { name: "with nothing wrong", open: withMethods(() => ({})) };

/** A mutant as a subject: both handles are the same store, and by default the data is read through it. */
export function subjectOf({
  name,
  open,
  openSecond = (store) => store,
  raw = honest,
  beginHost,
}: Omit<Mutant, "seenBy">): ConformanceSubject {
  const lacks = beginHost === undefined && { lacks: { "host-transactions": "it can join none" } };
  return {
    name,
    ...lacks,
    open: async () => {
      const store = open();
      const host = beginHost && { beginHost: () => beginHost(store) };
      return { store, openSecond: async () => openSecond(store), raw: raw(store), ...host };
    },
  };
}

import { IssueLifecycleError } from "../../src/core/errors.ts";
import type { EventContent } from "../../src/core/event.ts";
import type { Alert } from "../../src/core/alert.ts";
import { ISSUE_STATUSES, type Issue } from "../../src/core/issue.ts";
import type { KnownRelease, Release, ReleaseLine, ReleaseTimeline, RetiredRelease } from "../../src/core/release.ts";
import type { ReleaseMark } from "../../src/core/release-mark.ts";
import type { Project } from "../../src/core/project.ts";
import type { TurningPoint } from "../../src/core/turning-point.ts";
import { allReadable } from "../../src/core/unreadable.ts";
import { createMemoryStore, memoryStoreOn } from "../../src/memory/memory-store.ts";
import { MemoryTables, tallyKeyOf, type AlertRow } from "../../src/memory/memory-tables.ts";
import {
  outboxPositionOf,
  type AlertLease,
  type AlertMove,
  type AlertSettlement,
  type ClaimedAlert,
  type OutboxEntry,
  type OutboxReader,
  type OutboxStatus,
  type OutboxTransaction,
  type TallyScope,
  type TallySelection,
} from "../../src/ports/alert-outbox.ts";
import type {
  GroupRef,
  IssueMark,
  IssuePageRequest,
  IssueStore,
  IssueUpdate,
  IssueUser,
  Loaded,
  LoadRequest,
  StoreChanges,
  StoredEvent,
  StoreTransaction,
  UserCountRequest,
} from "../../src/ports/issue-store.ts";
import type { ConformanceSubject, RawReader } from "../../src/testing/index.ts";

type Replaced = Partial<StoreTransaction>;
type ReplacedOutbox = Partial<OutboxTransaction>;

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
function withMethods(replace: (inner: StoreTransaction) => Replaced): () => IssueStore {
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
function writing(change: (changes: StoreChanges) => StoreChanges): () => IssueStore {
  return withMethods((inner) => ({ write: (changes) => inner.write(change(changes)) }));
}

/** A memory store that loads by another request, or returns something else. */
function loading(
  change: (loaded: Loaded, request: LoadRequest) => Loaded,
  changeRequest: (request: LoadRequest) => LoadRequest = (request) => request,
): () => IssueStore {
  return withMethods((inner) => ({
    load: async (request) => change(await inner.load(changeRequest(request)), request),
  }));
}

function outboxOf({ outbox }: StoreTransaction): OutboxTransaction {
  if (outbox === undefined) throw new Error("The memory store has an outbox.");
  return outbox;
}

/** A memory store whose outbox has some methods replaced. */
function withOutbox(replace: (outbox: OutboxTransaction) => ReplacedOutbox): () => IssueStore {
  return withMethods((inner) => ({ outbox: replacing(outboxOf(inner), replace(outboxOf(inner))) }));
}

/** What a store held when a transaction was requested, and what it holds. */
interface Seen {
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
function withTables(replace: (inner: StoreTransaction, seen: Seen) => Replaced): () => IssueStore {
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
function withOutboxTables(replace: (outbox: OutboxTransaction, seen: Seen) => ReplacedOutbox): () => IssueStore {
  return withTables((inner, seen) => ({ outbox: replacing(outboxOf(inner), replace(outboxOf(inner), seen)) }));
}

/** The alerts in a state, the first thousand of them. */
async function alertsIn(outbox: OutboxReader, status: OutboxStatus): Promise<readonly OutboxEntry[]> {
  return allReadable(await outbox.page({ status, after: null, limit: 1_000 }));
}

/** Those of some alerts that are in a state. */
async function idsIn(outbox: OutboxReader, status: OutboxStatus, ids: readonly string[]): Promise<string[]> {
  const found = (await alertsIn(outbox, status)).map(({ alert }) => alert.id);
  return ids.filter((id) => found.includes(id));
}

function byAlertId(one: { readonly alert: Alert }, other: { readonly alert: Alert }): number {
  return one.alert.id < other.alert.id ? -1 : 1;
}

/** When a pending alert is due; never, for others. */
function dueTimeOf({ state }: OutboxEntry): number {
  return state.status === "pending" ? state.dueAt : Infinity;
}

/** Orders an issue's alerts by something else than their turning points. */
function orderedBy(turnOf: (alert: Alert) => number): () => IssueStore {
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
function firstOfIssues(rows: Iterable<AlertRow>): Map<string, AlertRow> {
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
function overtaking(mayPass: (first: AlertRow, seen: Seen, now: number) => boolean): () => IssueStore {
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

/** Settles alerts under leases that are made of those given and those that hold them. */
function settlingUnder(leaseOf: (given: AlertLease, held: AlertLease) => AlertLease): () => IssueStore {
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
function settlingAs(outcomeOf: (settlement: AlertSettlement) => AlertSettlement): () => IssueStore {
  return withOutbox((outbox) => ({ settle: (settlements) => outbox.settle(settlements.map(outcomeOf)) }));
}

type Move<To extends AlertMove["to"]> = Extract<AlertMove, { readonly to: To }>;

/** Replaces what the outbox does when alerts are discarded. */
function discarding(
  discard: (move: Move<"discarded">, outbox: OutboxTransaction, seen: Seen) => Promise<readonly string[]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    move: (move) => (move.to === "discarded" ? discard(move, outbox, seen) : outbox.move(move)),
  }));
}

/** Replaces what the outbox does when alerts are redriven. */
function redriving(
  redrive: (move: Move<"pending">, outbox: OutboxTransaction, seen: Seen) => Promise<readonly string[]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    move: (move) => (move.to === "pending" ? redrive(move, outbox, seen) : outbox.move(move)),
  }));
}

/** Replaces what the outbox does when alerts are set back. */
function settingBack(
  setBack: (move: Move<"due">, outbox: OutboxTransaction, seen: Seen) => Promise<readonly string[]>,
): () => IssueStore {
  return withOutboxTables((outbox, seen) => ({
    move: (move) => (move.to === "due" ? setBack(move, outbox, seen) : outbox.move(move)),
  }));
}

/** Pending alerts that are due after an instant, the first due first. */
async function dueAfter(outbox: OutboxReader, at: number): Promise<string[]> {
  const pending = await alertsIn(outbox, "pending");
  return pending.filter((entry) => dueTimeOf(entry) > at).map(({ alert }) => alert.id);
}

/** Lets alerts stay with their holders, whatever else is done with them. */
function keepLeases({ tables }: Seen, leases: ReadonlyMap<string, AlertRow["lease"]>): void {
  for (const [id, lease] of leases) {
    const row = tables.alerts.get(id);
    if (row !== undefined) tables.alerts.set(id, { ...row, lease });
  }
}

function leasesOf({ tables }: Seen, ids: readonly string[]): ReadonlyMap<string, AlertRow["lease"]> {
  return new Map(ids.map((id) => [id, tables.alerts.get(id)?.lease ?? null]));
}

/** Replaces what the outbox does when ended tallies are locked. */
function lockingEnded(
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
type ChangeTimeline = (timeline: ReleaseTimeline, releases: readonly Release[]) => ReleaseTimeline;

/** Methods that return other timelines, by all releases of the project, the last in order first. */
function timelineMethods(inner: StoreTransaction, change: ChangeTimeline): Pick<Replaced, "findTimelines" | "load"> {
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
function changingTimelines(change: ChangeTimeline): () => IssueStore {
  return withMethods((inner) => timelineMethods(inner, change));
}

/** A memory store that returns other lines, by their known releases, or by all. */
function changingLines(
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
function countingReleases(countOf: (count: number, releases: readonly Release[]) => number): () => IssueStore {
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

function byNumber(releases: readonly Release[]): Release[] {
  return releases.toSorted((one, other) => one.number - other.number);
}

function isKnown(release: Release): release is KnownRelease {
  return release.standing === "known";
}

function knownAgain(release: RetiredRelease): KnownRelease {
  return { ...release, standing: "known", becameLatest: true };
}

/** A request for a project's issues. */
function allOf(projectId: string): Omit<IssuePageRequest, "limit"> {
  const any = { statuses: ISSUE_STATUSES, search: "", environment: null } as const;
  return { projectId, ...any, order: "first-seen", after: null, descending: false };
}

/** A memory store that lists issues by environment in another way. */
function listingEnvironments(
  isIn: (environments: readonly string[], environment: string) => boolean,
): () => IssueStore {
  return withMethods((inner) => ({
    pageIssues: async (request) => {
      const { environment, limit } = request;
      if (environment === null) return inner.pageIssues(request);
      const all = await inner.pageIssues({ ...request, environment: null, limit: 10_000 });
      return allReadable(all)
        .filter(({ environments }) => isIn(environments, environment))
        .slice(0, limit);
    },
  }));
}

/** A memory store that counts users by another request. */
function countingUsers(change: (request: UserCountRequest) => UserCountRequest): () => IssueStore {
  return withMethods((inner) => ({ countUsers: (requests) => inner.countUsers(requests.map(change)) }));
}

/** A memory store that writes other projects. */
function savingProjects(change: (project: Project) => Project): () => IssueStore {
  return writing(({ projects = [], ...changes }) => ({ ...changes, projects: projects.map(change) }));
}

/** A memory store that writes other events. */
function storingEvents(change: (event: StoredEvent) => StoredEvent): () => IssueStore {
  return writing(({ events = [], ...changes }) => ({ ...changes, events: events.map(change) }));
}

/** A memory store that writes other contents of events. */
function storingContents(change: (content: EventContent) => EventContent): () => IssueStore {
  return storingEvents((event) => ({ ...event, content: event.content && change(event.content) }));
}

/** A memory store that updates issues in another way. */
function updatingIssues(change: (update: IssueUpdate) => Partial<Issue>): () => IssueStore {
  return writing(({ updates = [], ...changes }) => ({
    ...changes,
    updates: updates.map((update) => ({ ...update, after: { ...update.after, ...change(update) } })),
  }));
}

/** A memory store in which users that a failed transaction has saved stay. */
function keepingUsersOfFailures(): IssueStore {
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
async function marksAt(
  inner: StoreTransaction,
  projectId: string,
  orderKey: string | null,
): Promise<readonly IssueMark[]> {
  const issues = await inner.pageIssues({ ...allOf(projectId), limit: 10_000 });
  const found = await inner.findMarks(issues.map(({ id }) => ({ issueId: id, upTo: orderKey, limit: 1 })));
  return found.flatMap((marks, index) =>
    allReadable(marks)
      .filter((mark) => mark.orderKey === orderKey)
      .map((mark) => ({ issueId: issues[index]?.id ?? "", mark })),
  );
}

/** Replaces what the outbox does when tallies that end last are locked. */
function lockingLast(
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
function autocommit(): IssueStore {
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
function swallowing(...members: readonly (keyof StoreChanges)[]): () => IssueStore {
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
  readonly open: () => IssueStore;
  /** A look at the data, where the mutant is about that. */
  readonly raw?: (store: IssueStore) => RawReader;
}

/** Reads through the store itself: enough where the store does not lie. */
function honest(store: IssueStore): RawReader {
  return {
    countIssues: async (projectId) =>
      store.read(async (reader) => {
        return (await reader.pageIssues({ ...allOf(projectId), limit: 1_000 })).length;
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
function writesOnlyToItsCache(): Mutant {
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
    open: () => ({
      ...inner,
      transaction: (work) => inner.transaction((each) => work(replacing(each, replace(each)))),
      read: (work) => inner.transaction((each) => work(replacing(each, replace(each)))),
    }),
    raw: () => honest(inner),
  };
}

const HOUR_MS = 3_600_000;

/** The harness of the mutants around a store that is right: what they are compared with. */
export const CONTROL: Mutant = { name: "with nothing wrong", open: withMethods(() => ({})) };

/** What stores get wrong: each once, and nothing else. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "loses a transaction's result",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: async (work) => {
          await store.transaction(work);
          return Reflect.get({}, "the result");
        },
      };
    },
  },
  {
    name: "leaves behind what a failed transaction wrote",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: async (work) => {
          const outcome = await store.transaction(async (each) => {
            const [settled] = await Promise.allSettled([work(each)]);
            return settled;
          });
          if (outcome.status === "rejected") throw outcome.reason;
          return outcome.value;
        },
      };
    },
  },
  {
    name: "puts its own error in place of the work's",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          store.transaction(work).catch((error: unknown) => {
            if (IssueLifecycleError.is(error)) throw error;
            throw new Error("the transaction failed", { cause: error });
          }),
      };
    },
  },
  { name: "begins no transaction", open: autocommit },
  {
    name: "does not see its own events",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          store.transaction((inner) => work(replacing(inner, { findEvent: () => Promise.resolve(undefined) }))),
      };
    },
  },
  {
    name: "fails on an empty batch",
    open: withMethods((inner) => ({
      write: async (changes) => {
        if (changes.marks?.length === 0) throw new Error("syntax error near values ()");
        await inner.write(changes);
      },
    })),
  },
  {
    name: "fails on a write of nothing",
    open: withMethods((inner) => ({
      write: async (changes) => {
        if (Object.keys(changes).length === 0) throw new Error("There is nothing to write.");
        await inner.write(changes);
      },
    })),
  },
  {
    name: "cuts a text at NUL",
    open: writing(({ newIssues = [], ...changes }) => ({
      ...changes,
      newIssues: newIssues.map(({ issue, group }) => ({
        issue: { ...issue, title: issue.title.split("\0")[0] ?? "" },
        group,
      })),
    })),
  },
  {
    name: "takes lone surrogates for each other",
    open: writing(({ turningPoints = [], ...changes }) => ({
      ...changes,
      turningPoints: turningPoints.map((point) => ({ ...point, comment: point.comment.toWellFormed() })),
    })),
  },
  { name: "goes on after closing", open: () => ({ ...createMemoryStore(), close: () => Promise.resolve() }) },
  writesOnlyToItsCache(),
  {
    name: "forgets the issue count when a project is saved again",
    open: withMethods((inner) => ({
      findProjects: async (selection) =>
        (await inner.findProjects(selection)).map((stored) =>
          stored.project.slug === "Store" ? { ...stored, issueCount: 0 } : stored,
        ),
    })),
  },
  {
    name: "lists projects by slug, capitals first",
    open: withMethods((inner) => ({
      findProjects: async (selection) =>
        [...(await inner.findProjects(selection))].sort((one, other) =>
          one.project.slug < other.project.slug ? -1 : 1,
        ),
    })),
  },
  { name: "gives a slug away silently", open: swallowing("projects") },
  {
    name: "swaps two fields",
    open: withMethods((inner) => ({
      findIssues: async (selection) => {
        const found = allReadable(await inner.findIssues(selection));
        if ("ids" in selection) return found;
        return found.map((issue) => ({ ...issue, title: issue.transaction, transaction: issue.title }));
      },
    })),
  },
  {
    name: "takes what is no id for an error",
    open: withMethods((inner) => ({
      load: (request) => {
        const { issues } = request;
        if (issues !== undefined && "ids" in issues && issues.ids.includes("")) throw new Error("invalid UUID");
        return inner.load(request);
      },
    })),
  },
  {
    name: "does not write a member that becomes undefined",
    open: writing(({ updates = [], ...changes }) => ({
      ...changes,
      updates: updates.map(({ before, after }) => ({
        before,
        after: { ...after, lastSeenIn: after.lastSeenIn ?? before.lastSeenIn },
      })),
    })),
  },
  {
    name: "is off by one in the event count",
    open: writing(({ updates = [], ...changes }) => ({
      ...changes,
      updates: updates.map(({ before, after }) => ({ before, after: { ...after, eventCount: after.eventCount + 1 } })),
    })),
  },
  { name: "takes a group twice", open: swallowing("newIssues") },
  {
    name: "deletes before it writes",
    open: withMethods((inner) => ({
      write: async ({ deletedIssues = [], ...changes }) => {
        await inner.write({ deletedIssues });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "updates issues before it adds them",
    open: withMethods((inner) => ({
      write: async ({ updates = [], ...changes }) => {
        const stored = await inner.findIssues({ ids: updates.map(({ before }) => before.id) });
        await inner.write({ updates: updates.filter(({ before }) => stored.some(({ id }) => id === before.id)) });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "adds marks before the issues that they are of",
    open: withMethods((inner) => ({
      write: async ({ marks = [], ...changes }) => {
        const stored = await inner.findIssues({ ids: marks.map(({ issueId }) => issueId) });
        await inner.write({ marks: marks.filter(({ issueId }) => stored.some(({ id }) => id === issueId)) });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "adds alerts after it deletes their issues",
    open: withMethods((inner) => ({
      write: async ({ alerts = [], ...changes }) => {
        await inner.write(changes);
        await inner.write({ alerts });
      },
    })),
  },
  {
    name: "keeps the history of a deleted issue",
    open: () => {
      const store = createMemoryStore();
      const history: TurningPoint[] = [];
      return {
        ...store,
        transaction: (work) =>
          store.transaction((inner) =>
            work(
              replacing(inner, {
                write: async (changes) => {
                  history.push(...(changes.turningPoints ?? []));
                  await inner.write(changes);
                },
              }),
            ),
          ),
        read: (work) =>
          store.read((inner) =>
            work(
              replacing(inner, {
                pageHistory: async (issueId, before, limit) => {
                  const page = await inner.pageHistory(issueId, before, limit);
                  return page.length > 0 ? page : history.filter((point) => point.issueId === issueId).slice(0, limit);
                },
              }),
            ),
          ),
      };
    },
  },
  {
    name: "keeps the alerts of a deleted issue",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const { deletedIssues = [] } = changes;
        const rows = [...tables.alerts].filter(
          ([, { alert }]) => alert.issue !== null && deletedIssues.includes(alert.issue.id),
        );
        await inner.write(changes);
        for (const [id, row] of rows) tables.alerts.set(id, row);
      },
    })),
  },
  {
    name: "returns the highest waiting issues first",
    open: withMethods((inner) => ({
      load: async (request) => {
        const { issues } = request;
        if (issues === undefined || !("awaitingNextIn" in issues)) return inner.load(request);
        const loaded = await inner.load({ ...request, issues: { ...issues, limit: 1_000 } });
        return { ...loaded, issues: loaded.issues.toReversed().slice(0, issues.limit) };
      },
    })),
  },
  {
    name: "wakes only after the deadline",
    open: loading(
      (loaded) => loaded,
      (request) =>
        request.issues !== undefined && "wakesUntil" in request.issues
          ? { ...request, issues: { ...request.issues, wakesUntil: request.issues.wakesUntil - 1 } }
          : request,
    ),
  },
  {
    name: "skips ties at the end of a page",
    open: withMethods((inner) => ({
      pageIssues: (request) => {
        const { after, descending } = request;
        if (after === null) return inner.pageIssues(request);
        return inner.pageIssues({ ...request, after: { ...after, number: descending ? 0 : Number.MAX_SAFE_INTEGER } });
      },
    })),
  },
  {
    name: "searches the titles that issues were opened with",
    open: () => {
      const titles = new Map<string, string>();
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { issue } of changes.newIssues ?? []) titles.set(issue.id, issue.title);
        },
        pageIssues: async (request) => {
          const page = await inner.pageIssues({ ...request, search: "", limit: 1_000 });
          return page
            .filter(({ id }) => (titles.get(id) ?? "").toLowerCase().includes(request.search))
            .slice(0, request.limit);
        },
      }))();
    },
  },
  {
    name: "takes upper and lower case for the same",
    open: withMethods((inner) => ({
      findIssues: (selection) =>
        inner.findIssues("ids" in selection ? { ids: selection.ids.map((id) => id.toLowerCase()) } : selection),
    })),
  },
  {
    name: "takes a thousand of a batch",
    open: writing((changes) => ({ ...changes, events: (changes.events ?? []).slice(0, 1_000) })),
  },
  {
    name: "repeats a page for ever",
    open: withMethods((inner) => ({ pageIssues: (request) => inner.pageIssues({ ...request, after: null }) })),
  },
  {
    name: "never comes to the end of an eviction",
    open: withMethods((inner) => ({
      evictEvents: async (request) => ({ ...(await inner.evictEvents(request)), next: "" }),
    })),
  },
  {
    name: "selects by the first state only",
    open: withMethods((inner) => ({
      pageIssues: (request) => inner.pageIssues({ ...request, statuses: request.statuses.slice(0, 1) }),
    })),
  },
  {
    name: "takes a search for a pattern",
    open: withMethods((inner) => ({
      pageIssues: (request) =>
        inner.pageIssues({ ...request, search: /^[%_]+$/u.test(request.search) ? "" : request.search }),
    })),
  },
  {
    name: "returns the oldest turning points first",
    open: withMethods((inner) => ({
      pageHistory: async (issueId, before, limit) => [...(await inner.pageHistory(issueId, before, limit))].reverse(),
    })),
  },
  {
    name: "has room for 255 bytes of a counter",
    open: writing((changes) => ({
      ...changes,
      counters: new Map(Array.from(changes.counters ?? [], ([id, bytes]) => [id, bytes.slice(0, 255)])),
    })),
  },
  {
    name: "repeats the last release of a page",
    open: withMethods((inner) => ({
      pageReleases: async (projectId, before, limit) => {
        const all = allReadable(await inner.pageReleases(projectId, null, 1_000));
        return all.filter(({ orderKey }) => before === null || orderKey <= before).slice(0, limit);
      },
    })),
  },
  {
    name: "finds releases by version",
    open: withMethods((inner) => {
      const all = async (projectId: string) => allReadable(await inner.pageReleases(projectId, null, 1_000));
      return {
        findReleases: async (refs) => {
          const found = [];
          for (const { projectId, name } of refs)
            found.push((await all(projectId)).find(({ version }) => version === name));
          return found;
        },
      };
    }),
  },
  {
    name: "keeps the first version of a release that is saved again",
    open: withMethods((inner) => ({
      write: async ({ releases = [], ...changes }) => {
        const before = await inner.findReleases(
          releases.map(({ projectId, release: { name, line } }) => ({ projectId, name, line })),
        );
        const saved = releases.map(({ projectId, release }, index) => ({
          projectId,
          release: { ...release, version: before[index]?.version ?? release.version },
        }));
        await inner.write({ ...changes, releases: saved });
      },
    })),
  },
  {
    name: "removes no release",
    open: writing(({ deletedReleases: _, ...changes }) => changes),
  },
  {
    name: "removes a release of that name from every project",
    open: writing(({ deletedReleases = [], ...changes }) => ({
      ...changes,
      deletedReleases: ["shop", "blog"].flatMap((projectId) => deletedReleases.map((ref) => ({ ...ref, projectId }))),
    })),
  },
  {
    name: "counts the releases that there are",
    open: countingReleases((_, releases) => releases.length),
  },
  {
    name: "counts releases by their numbers only",
    open: countingReleases((count, releases) =>
      count > 7 ? Math.max(...releases.map(({ number }) => number)) : count,
    ),
  },
  {
    name: "lowers the release count with the number of a release",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { projectId, release } of changes.releases ?? []) {
          const stored = tables.projects.get(projectId);
          if (stored !== undefined) tables.projects.set(projectId, { ...stored, releaseCount: release.number });
        }
      },
    })),
  },
  {
    name: "forgets the release count when a project is saved again",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { id } of changes.projects ?? []) {
          const stored = tables.projects.get(id);
          if (stored !== undefined) tables.projects.set(id, { ...stored, releaseCount: 0 });
        }
      },
    })),
  },
  {
    name: "takes the last release in order for the latest",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      latest: releases.find(isKnown),
    })),
  },
  {
    name: "takes the newest release for the latest",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      latest: byNumber(releases).findLast(isKnown),
    })),
  },
  {
    name: "looks at known releases only for what placed the newest",
    open: changingTimelines((timeline, releases) => ({
      ...timeline,
      placedBy: byNumber(releases).findLast(isKnown)?.placedBy,
    })),
  },
  {
    name: "takes the newest release of a line for its latest",
    open: changingLines((line, releases) => ({ ...line, latest: byNumber(releases).findLast(isKnown) })),
  },
  {
    name: "has no lines without a known release",
    open: changingTimelines((timeline) => ({
      ...timeline,
      lines: new Map(Array.from(timeline.lines).filter(([, { latest }]) => latest !== undefined)),
    })),
  },
  {
    name: "takes a release that was the latest, and is retired, for the latest",
    open: () => {
      const latest = new Set<string>();
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { release } of changes.releases ?? []) {
            if (release.standing === "known" && release.becameLatest) latest.add(release.name);
          }
        },
        ...timelineMethods(inner, (timeline, releases) => {
          const found = byNumber(releases).findLast(({ name }) => latest.has(name));
          return found?.standing === "retired" ? { ...timeline, latest: knownAgain(found) } : timeline;
        }),
      }))();
    },
  },
  {
    name: "takes a retired release for the latest of its line",
    open: changingLines((line, releases) => {
      const last = releases.find(({ standing }) => standing !== "announced");
      return last?.standing === "retired" ? { ...line, latest: knownAgain(last) } : line;
    }, true),
  },
  {
    name: "keeps lines by name alone, for all projects",
    open: withMethods((inner) => ({
      findTimelines: async (requests) => {
        const [shop] = (
          await inner.findTimelines([{ projectId: "shop", lines: requests.flatMap(({ lines }) => lines) }])
        ).values();
        const timelines = await inner.findTimelines(requests);
        return new Map(
          Array.from(timelines, ([id, timeline]) => [
            id,
            timeline.count > 0 && shop ? { ...timeline, lines: shop.lines } : timeline,
          ]),
        );
      },
    })),
  },
  {
    name: "keeps the first mark of a release",
    open: withMethods((inner) => ({
      write: async ({ marks = [], ...changes }) => {
        await inner.write(changes);
        for (const { issueId, mark } of marks) {
          const [known = []] = await inner.findMarks([{ issueId, upTo: null, limit: 1_000 }]);
          if (!allReadable(known).some(({ orderKey }) => orderKey === mark.orderKey)) {
            await inner.write({ marks: [{ issueId, mark }] });
          }
        }
      },
    })),
  },
  {
    name: "looks for marks below a release, not at it",
    open: withMethods((inner) => ({
      findMarks: async (requests) => {
        const found = await inner.findMarks(requests.map((request) => ({ ...request, limit: request.limit + 1 })));
        return found.map((marks, index) =>
          allReadable(marks)
            .filter(({ orderKey }) => orderKey !== requests[index]?.upTo)
            .slice(0, requests[index]?.limit),
        );
      },
    })),
  },
  {
    name: "returns one mark, however many are requested",
    open: withMethods((inner) => ({
      findMarks: (requests) => inner.findMarks(requests.map((request) => ({ ...request, limit: 1 }))),
    })),
  },
  {
    name: "stores the release with a mark",
    open: () => {
      const marks = new Map<string, ReleaseMark>();
      const keyOf = (issueId: string, orderKey: string): string => `${issueId} ${orderKey}`;
      return withMethods((inner) => ({
        write: async (changes) => {
          await inner.write(changes);
          for (const { issueId, mark } of changes.marks ?? []) marks.set(keyOf(issueId, mark.orderKey), mark);
        },
        findMarks: async (requests) =>
          (await inner.findMarks(requests)).map((found, index) =>
            allReadable(found).map((mark) => {
              const stored = marks.get(keyOf(requests[index]?.issueId ?? "", mark.orderKey));
              return stored === undefined ? mark : { ...mark, releasedAt: stored.releasedAt };
            }),
          ),
      }))();
    },
  },
  {
    name: "leaves marks where they are",
    open: writing(({ movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: movedMarks.filter(({ to }) => to === null),
    })),
  },
  {
    name: "leaves the marks of a retired release",
    open: writing(({ movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: movedMarks.filter(({ to }) => to !== null),
    })),
  },
  {
    name: "moves marks in every project",
    open: writing(({ movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: ["shop", "blog"].flatMap((projectId) => movedMarks.map((move) => ({ ...move, projectId }))),
    })),
  },
  {
    name: "keeps the mark that was there, where one is moved to it",
    open: withMethods((inner) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        const { projects = [], deletedReleases = [], releases = [], ...others } = changes;
        await inner.write({ projects, deletedReleases, releases });
        for (const move of movedMarks) {
          for (const { issueId, mark } of await marksAt(inner, move.projectId, move.to)) {
            if ((await marksAt(inner, move.projectId, move.from)).some((moved) => moved.issueId === issueId)) {
              await inner.write({ deletedMarks: [{ issueId, orderKey: move.from }], marks: [{ issueId, mark }] });
            }
          }
          await inner.write({ movedMarks: [move] });
        }
        await inner.write(others);
      },
    })),
  },
  {
    name: "lets a moved mark replace the one that was there",
    open: withMethods((inner) => ({
      write: async ({ movedMarks = [], ...changes }) => {
        const { projects = [], deletedReleases = [], releases = [], ...others } = changes;
        await inner.write({ projects, deletedReleases, releases });
        for (const move of movedMarks) {
          const present = await marksAt(inner, move.projectId, move.to);
          const moved = await marksAt(inner, move.projectId, move.from);
          const replaced = present.filter(({ issueId }) => moved.some((each) => each.issueId === issueId));
          await inner.write({
            deletedMarks: replaced.map(({ issueId, mark }) => ({ issueId, orderKey: mark.orderKey })),
          });
          await inner.write({ movedMarks: [move] });
        }
        await inner.write(others);
      },
    })),
  },
  {
    name: "removes no marks",
    open: writing(({ deletedMarks: _, ...changes }) => changes),
  },
  {
    name: "removes the marks of all issues for a release",
    open: writing(({ deletedMarks = [], movedMarks = [], ...changes }) => ({
      ...changes,
      movedMarks: [...movedMarks, ...deletedMarks.map(({ orderKey: from }) => ({ projectId: "shop", from, to: null }))],
    })),
  },
  {
    name: "saves marks before it moves others",
    open: withMethods((inner) => ({
      write: async ({ movedMarks, ...changes }) => {
        await inner.write(changes);
        await inner.write({ movedMarks: movedMarks ?? [] });
      },
    })),
  },
  {
    name: "removes marks after it saves them",
    open: withMethods((inner) => ({
      write: async ({ deletedMarks, ...changes }) => {
        await inner.write(changes);
        await inner.write({ deletedMarks: deletedMarks ?? [] });
      },
    })),
  },
  {
    name: "removes releases after it adds them",
    open: withMethods((inner) => ({
      write: async ({ deletedReleases, ...changes }) => {
        await inner.write(changes);
        await inner.write({ deletedReleases: deletedReleases ?? [] });
      },
    })),
  },
  {
    name: "selects issues that occurred after a fix, too",
    open: withMethods((inner) => ({
      load: async (request) => {
        const { issues } = request;
        if (issues === undefined || !("fixedIn" in issues)) return inner.load(request);
        const { projectId, orderKey } = issues.fixedIn;
        const ids = (await marksAt(inner, projectId, orderKey)).map(({ issueId }) => issueId);
        return inner.load({ ...request, issues: { ids: ids.slice(0, issues.limit) } });
      },
    })),
  },
  {
    name: "selects as many fixed issues as there are",
    open: loading(
      (loaded) => loaded,
      (request) =>
        request.issues !== undefined && "fixedIn" in request.issues
          ? { ...request, issues: { ...request.issues, limit: 1_000 } }
          : request,
    ),
  },
  {
    name: "returns a release that others have moved meanwhile as it was before",
    open: withTables((inner, seen) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        if (request.timelines !== undefined) return loaded;
        const releases = loaded.releases.map((release) => release && (seen.releases.get(release.name) ?? release));
        return { ...loaded, releases };
      },
    })),
  },
  {
    name: "returns a timeline that others have changed meanwhile as it was before",
    open: withTables((inner, { releaseCount }) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const timelines = Array.from(
          loaded.timelines,
          ([id, timeline]) => [id, id === "shop" ? { ...timeline, count: releaseCount } : timeline] as const,
        );
        return { ...loaded, timelines: new Map(timelines) };
      },
    })),
  },
  {
    name: "keeps the first day and turn of a user",
    open: withMethods((inner) => ({
      write: async ({ users = [], ...changes }) => {
        const found = await inner.findUsers(users);
        await inner.write({ ...changes, users: users.filter((_, place) => found[place] === undefined) });
      },
    })),
  },
  {
    name: "finds users by their hash alone, for all issues",
    open: () => {
      const known = new Map<string, IssueUser>();
      return withMethods((inner) => ({
        write: async (changes) => {
          for (const user of changes.users ?? []) known.set(user.user, user);
          await inner.write(changes);
        },
        findUsers: async (refs) =>
          (await inner.findUsers(refs)).map((user, place) => user ?? known.get(refs[place]?.user ?? "")),
      }))();
    },
  },
  {
    name: "leaves out users that are not stored",
    open: withMethods((inner) => ({
      findUsers: async (refs) => (await inner.findUsers(refs)).filter((user) => user !== undefined),
    })),
  },
  {
    name: "does not see its own users",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          store.transaction((inner) =>
            work(replacing(inner, { countUsers: (requests) => Promise.resolve(requests.map(() => 0)) })),
          ),
      };
    },
  },
  { name: "leaves behind users that a failed transaction saved", open: keepingUsersOfFailures },
  {
    name: "counts users after the day, not on it",
    open: countingUsers(({ fromDay, ...request }) => ({ ...request, fromDay: fromDay === null ? null : fromDay + 1 })),
  },
  {
    name: "counts users after the turn, not since it",
    open: countingUsers(({ fromTurn, ...request }) => ({
      ...request,
      fromTurn: fromTurn === null ? null : fromTurn + 1,
    })),
  },
  { name: "counts users beyond the limit", open: countingUsers((request) => ({ ...request, limit: 100_000 })) },
  {
    name: "counts users by the day only, where a turn is given too",
    open: countingUsers((request) => (request.fromDay === null ? request : { ...request, fromTurn: null })),
  },
  {
    name: "counts users by the turn only, where a day is given too",
    open: countingUsers((request) => (request.fromTurn === null ? request : { ...request, fromDay: null })),
  },
  {
    name: "counts as many users since a turn as on the days, where both are given",
    open: withMethods((inner) => ({
      countUsers: async (requests) => {
        const byDay = await inner.countUsers(
          requests.map((each) => (each.fromDay === null ? each : { ...each, fromTurn: null })),
        );
        const byTurn = await inner.countUsers(
          requests.map((each) => (each.fromTurn === null ? each : { ...each, fromDay: null })),
        );
        return byDay.map((count, place) => Math.min(count, byTurn[place] ?? 0));
      },
    })),
  },
  { name: "sets no users back", open: writing(({ latestUserDays: _, ...changes }) => changes) },
  {
    name: "sets back the users of all issues",
    open: withMethods((inner) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        const issues = await inner.pageIssues({ ...allOf("shop"), limit: 10_000 });
        const all = latestUserDays.flatMap(({ day }) => issues.map(({ id }) => ({ issueId: id, day })));
        await inner.write({ ...changes, latestUserDays: all });
      },
    })),
  },
  {
    name: "moves the days of users forward, too",
    open: withTables((inner, { tables }) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        const moved = latestUserDays.flatMap(({ issueId, day }) =>
          Array.from(tables.users.get(issueId)?.rows.values() ?? [], (user) => ({ ...user, lastDay: day })),
        );
        await inner.write({ users: moved });
        await inner.write(changes);
      },
    })),
  },
  {
    name: "sets users back after it saves others",
    open: withMethods((inner) => ({
      write: async ({ latestUserDays = [], ...changes }) => {
        await inner.write(changes);
        await inner.write({ latestUserDays });
      },
    })),
  },
  {
    name: "keeps the users of a deleted issue",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const { deletedIssues = [] } = changes;
        const users = [...tables.users].filter(([id]) => deletedIssues.includes(id));
        await inner.write(changes);
        for (const [id, each] of users) tables.users.set(id, each);
      },
    })),
  },
  {
    name: "takes an environment for any that contains it",
    open: listingEnvironments((environments, environment) => environments.some((each) => each.includes(environment))),
  },
  {
    name: "takes upper and lower case of environments for the same",
    open: listingEnvironments((environments, environment) =>
      environments.some((each) => each.toLowerCase() === environment.toLowerCase()),
    ),
  },
  {
    name: "looks for an environment in the text of the list",
    open: listingEnvironments((environments, environment) =>
      JSON.stringify(environments).includes(JSON.stringify(environment)),
    ),
  },
  {
    name: "looks at the first environment only",
    open: listingEnvironments(([first], environment) => first === environment),
  },
  {
    name: "leaves issues of other environments out of a page that is full",
    open: withMethods((inner) => ({
      pageIssues: async (request) => {
        const { environment } = request;
        const page = allReadable(await inner.pageIssues({ ...request, environment: null }));
        return page.filter(({ environments }) => environment === null || environments.includes(environment));
      },
    })),
  },
  { name: "stores every event as one", open: storingEvents((event) => ({ ...event, count: 1 })) },
  { name: "stores no environment with events", open: storingEvents((event) => ({ ...event, environment: "" })) },
  { name: "stores no user with events", open: storingEvents((event) => ({ ...event, user: null })) },
  {
    name: "takes an event without content for one without text",
    open: storingEvents((event) => ({
      ...event,
      content: event.content ?? { level: "error", type: "", value: "", transaction: "" },
    })),
  },
  { name: "takes no data for an empty text", open: storingEvents((event) => ({ ...event, data: event.data ?? "" })) },
  { name: "stores all events as errors", open: storingContents((content) => ({ ...content, level: "error" })) },
  {
    name: "has room for 65,535 characters of a value",
    open: storingContents((content) => ({ ...content, value: content.value.slice(0, 65_535) })),
  },
  {
    name: "has room for 600 characters of a type",
    open: storingContents((content) => ({ ...content, type: content.type.slice(0, 600) })),
  },
  { name: "stores no operation with events", open: storingContents((content) => ({ ...content, transaction: "" })) },
  {
    name: "forgets what a project watches for",
    open: savingProjects((project) => ({ ...project, watch: { conditions: [] } })),
  },
  {
    name: "takes all environments of a project for none",
    open: savingProjects((project) => ({ ...project, stateEnvironments: project.stateEnvironments ?? [] })),
  },
  {
    name: "has room for 50 environments of a project",
    open: savingProjects((project) => ({
      ...project,
      stateEnvironments: project.stateEnvironments?.slice(0, 50) ?? null,
    })),
  },
  {
    name: "switches no alerts of loud issues off",
    open: savingProjects((project) => ({ ...project, alerts: { ...project.alerts, loud: true } })),
  },
  { name: "does not update the number of users", open: updatingIssues(({ before: { userCount } }) => ({ userCount })) },
  {
    name: "adds environments to issues, but removes none",
    open: updatingIssues(({ before, after }) => ({
      environments: [...new Set([...before.environments, ...after.environments])],
    })),
  },
  {
    name: "has room for 10,000 characters of environments",
    open: updatingIssues(({ after: { environments } }) => {
      return JSON.stringify(environments).length > 10_000 ? { environments: environments.slice(0, 9) } : {};
    }),
  },
  {
    name: "takes an issue that is watched for nothing for one that is watched as its project is",
    open: updatingIssues(({ after: { watch } }) => (watch?.length === 0 ? { watch: null } : {})),
  },
  {
    name: "wakes muted issues only",
    open: loading((loaded, { issues }) => {
      if (issues === undefined || !("wakesUntil" in issues)) return loaded;
      return { ...loaded, issues: allReadable(loaded.issues).filter(({ state }) => state.status === "muted") };
    }),
  },
  {
    name: "slips by a time zone",
    open: writing(({ events = [], ...changes }) => ({
      ...changes,
      events: events.map((event) => ({ ...event, receivedAt: event.receivedAt + HOUR_MS })),
    })),
  },
  {
    name: "takes no time for the time 0",
    open: writing(({ events = [], ...changes }) => ({
      ...changes,
      events: events.map((event) => ({ ...event, occurredAt: event.occurredAt ?? 0 })),
    })),
  },
  { name: "ignores an event that is stored", open: swallowing("events") },
  {
    name: "evicts events of the very instant",
    open: withMethods((inner) => ({
      evictEvents: (request) => inner.evictEvents({ ...request, receivedBefore: request.receivedBefore + 1 }),
    })),
  },
  {
    name: "counts no evicted event",
    open: withMethods((inner) => ({
      evictEvents: async (request) => ({ ...(await inner.evictEvents(request)), evicted: 0 }),
    })),
  },
  {
    name: "answers a digest in another order",
    open: loading((loaded) => ({ ...loaded, duplicateOf: [...loaded.duplicateOf].sort() })),
  },
  {
    name: "leaves out groups that have no issue",
    open: loading((loaded) => ({ ...loaded, grouped: loaded.grouped.filter((issue) => issue !== undefined) })),
  },
  {
    name: "finds no issues of former groups",
    open: loading((loaded) => ({ ...loaded, formerGrouped: loaded.formerGrouped.map(() => undefined) })),
  },
  {
    name: "leaves out former groups that have no issue",
    open: loading((loaded) => ({
      ...loaded,
      formerGrouped: loaded.formerGrouped.filter((issue) => issue !== undefined),
    })),
  },
  {
    name: "finds the first former group only",
    open: loading(
      (loaded, { formerGroups = [] }) => ({
        ...loaded,
        formerGrouped: formerGroups.map((_, place) => (place === 0 ? loaded.formerGrouped[0] : undefined)),
      }),
      ({ formerGroups = [], ...request }) => ({ ...request, formerGroups: formerGroups.slice(0, 1) }),
    ),
  },
  {
    name: "finds a former group of any strategy",
    open: withTables((inner, { tables }) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const { formerGroups = [] } = request;
        const ofAny = formerGroups.map(({ projectId, key }) =>
          [...(tables.ofProject.get(projectId)?.groups.values() ?? [])].flatMap((keys) => keys.get(key) ?? []).at(0),
        );
        return { ...loaded, formerGrouped: ofAny.map((id) => tables.issues.get(id ?? "")) };
      },
    })),
  },
  {
    name: "loads the projects of requested groups only",
    open: loading((loaded, { formerGroups = [], groups = [], ...request }) => ({
      ...loaded,
      projects:
        formerGroups.length > 0 && groups.length === 0 && Object.keys(request).length === 0
          ? new Map()
          : loaded.projects,
    })),
  },
  { name: "adds a taken group without a word", open: swallowing("addedGroups") },
  { name: "adds no groups", open: writing(({ addedGroups: _, ...changes }) => changes) },
  {
    name: "adds one group of a batch",
    open: writing(({ addedGroups = [], ...changes }) => ({ ...changes, addedGroups: addedGroups.slice(0, 1) })),
  },
  {
    name: "moves a taken group to the issue that it is added to",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        for (const { group } of changes.addedGroups ?? []) {
          tables.ofProject.get(group.projectId)?.groups.get(group.strategy)?.delete(group.key);
        }
        await inner.write(changes);
      },
    })),
  },
  {
    name: "frees only the group that opened a deleted issue",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const ids = changes.deletedIssues ?? [];
        const added = ids.flatMap((id) =>
          (tables.ofIssue.get(id)?.groups ?? []).slice(1).map((group) => ({ id, group })),
        );
        await inner.write(changes);
        for (const { id, group } of added) {
          tables.ofProject.get(group.projectId)?.groups.get(group.strategy)?.set(group.key, id);
        }
      },
    })),
  },
  {
    name: "lets concurrent transactions add one group each",
    open: withTables((inner, { groups, tables }) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const idOf = ({ strategy, key }: GroupRef): string => groups.get(strategy)?.get(key) ?? "";
        const { formerGroups = [] } = request;
        const seenAt = (request.groups ?? []).map((group) => tables.issues.get(idOf(group)));
        return formerGroups.length === 0 ? loaded : { ...loaded, grouped: seenAt };
      },
      write: (changes) => {
        const { addedGroups = [] } = changes;
        const isNew = ({ group }: { readonly group: GroupRef }): boolean =>
          tables.ofProject.get(group.projectId)?.groups.get(group.strategy)?.has(group.key) !== true;
        const raced = addedGroups.filter((each) => isNew(each) || groups.get(each.group.strategy)?.has(each.group.key));
        return inner.write({ ...changes, addedGroups: raced });
      },
    })),
  },
  {
    name: "loads projects only when they are requested",
    open: loading((loaded, { projectIds = [] }) => ({
      ...loaded,
      projects: new Map(Array.from(loaded.projects).filter(([id]) => projectIds.includes(id))),
    })),
  },
  {
    name: "loads timelines only when they are requested",
    open: loading((loaded, { timelines = [] }) => ({
      ...loaded,
      timelines: new Map(
        Array.from(loaded.timelines).filter(([id]) => timelines.some(({ projectId }) => projectId === id)),
      ),
    })),
  },
  {
    name: "takes an announced release for a known one",
    open: loading((loaded, { releases = [], timelines = [] }) => ({
      ...loaded,
      timelines: new Map(
        Array.from(loaded.timelines).filter(
          ([id]) =>
            timelines.some(({ projectId }) => projectId === id) ||
            releases.some(({ projectId }, index) => projectId === id && loaded.releases[index] === undefined),
        ),
      ),
    })),
  },
  {
    name: "loads requested lines only",
    open: loading((loaded, { timelines = [] }) => ({
      ...loaded,
      timelines: new Map(
        Array.from(loaded.timelines, ([id, timeline]) => {
          const lines = timelines.find(({ projectId }) => projectId === id)?.lines ?? [];
          return [
            id,
            { ...timeline, lines: new Map(Array.from(timeline.lines).filter(([name]) => lines.includes(name))) },
          ];
        }),
      ),
    })),
  },
  {
    name: "requests details before it has loaded the rest",
    open: withMethods((inner) => ({
      load: async (request) => {
        const { details } = request;
        if (details === undefined) return inner.load(request);
        const nothing = {
          projects: new Map(),
          duplicateOf: [],
          grouped: [],
          formerGrouped: [],
          issues: [],
          releases: [],
          timelines: new Map(),
        };
        const requested = details(nothing);
        return inner.load({ ...request, details: () => requested });
      },
    })),
  },
  {
    name: "requests details twice",
    open: withMethods((inner) => ({
      load: ({ details, ...request }) =>
        inner.load(
          details === undefined
            ? request
            : {
                ...request,
                details: (loaded) => {
                  details(loaded);
                  return details(loaded);
                },
              },
        ),
    })),
  },
  {
    name: "loads no counters",
    open: loading((loaded) => ({ ...loaded, counters: new Map() })),
  },
  {
    name: "loads marks in the order of issues",
    open: loading((loaded) => ({ ...loaded, marks: loaded.marks.toReversed() })),
  },
  {
    name: "forgets the grouping strategy",
    open: withMethods((inner) => {
      const forget = <Group extends { readonly strategy: string }>(group: Group): Group => ({
        ...group,
        strategy: "any",
      });
      return {
        write: ({ newIssues = [], ...changes }) =>
          inner.write({
            ...changes,
            newIssues: newIssues.map(({ issue, group }) => ({ issue, group: forget(group) })),
          }),
        load: ({ groups = [], ...request }) => inner.load({ ...request, groups: groups.map(forget) }),
      };
    }),
  },
  {
    name: "takes the time it received an event for the time it occurred",
    open: writing(({ alerts = [], ...changes }) => ({
      ...changes,
      alerts: alerts.map((alert) =>
        alert.issue === null || alert.event === null
          ? alert
          : { ...alert, event: { ...alert.event, occurredAt: alert.event.occurredAt ?? alert.event.receivedAt } },
      ),
    })),
  },
  {
    name: "makes new alerts due when they are raised",
    open: withMethods((inner) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { id, raisedAt } of changes.alerts ?? []) {
          await outboxOf(inner).move({ to: "pending", ids: [id], from: null, dueAt: raisedAt });
        }
      },
    })),
  },
  {
    name: "cuts an error at NUL",
    open: settlingAs((each) =>
      each.outcome === "done" || each.outcome === "released"
        ? each
        : { ...each, error: each.error.split("\0")[0] ?? "", memo: each.memo },
    ),
  },
  {
    name: "lists alerts by id",
    open: withOutbox((outbox) => ({
      page: async (request) => allReadable(await outbox.page(request)).sort(byAlertId),
    })),
  },
  {
    name: "repeats alerts of one time where pages meet",
    open: withOutbox((outbox) => ({
      page: (request) => outbox.page({ ...request, after: request.after && { ...request.after, id: "" } }),
    })),
  },
  {
    name: "counts an alert as held at the end of its lease",
    open: withOutbox((outbox) => ({ count: (now) => outbox.count(now - 1) })),
  },
  {
    name: "counts what waits among what is held",
    open: withOutbox((outbox) => ({
      count: async (now) => {
        const counts = await outbox.count(now);
        return { ...counts, waiting: 0, leased: counts.leased + counts.waiting };
      },
    })),
  },
  {
    name: "counts alerts of issues only",
    open: withOutbox((outbox) => ({
      count: async (now) => {
        const counts = await outbox.count(now);
        const others = (await alertsIn(outbox, "pending")).filter(({ alert }) => alert.issue === null);
        return { ...counts, waiting: counts.waiting - others.filter((entry) => dueTimeOf(entry) > now).length };
      },
    })),
  },
  {
    name: "does not count attempts",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, attempts: each.attempts - 1 })),
    })),
  },
  {
    name: "claims one more than the limit",
    open: withOutbox((outbox) => ({ claim: (claim) => outbox.claim({ ...claim, limit: claim.limit + 1 }) })),
  },
  {
    name: "returns claimed alerts by id",
    open: withOutbox((outbox) => ({
      claim: async (claim) => [...(await outbox.claim(claim))].sort(byAlertId),
    })),
  },
  {
    name: "takes an empty list of issues for all issues",
    open: withOutbox((outbox) => ({
      claim: (claim) => outbox.claim({ ...claim, issueIds: claim.issueIds?.length === 0 ? null : claim.issueIds }),
    })),
  },
  {
    name: "claims alerts about no issue with those of any",
    open: withOutboxTables((outbox, { tables }) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        if (claim.issueIds === null) return claimed;
        const others = [...tables.alerts.values()].filter((row) => row.alert.issue === null);
        return [
          ...claimed,
          ...others.map(({ alert, attempts, memo }): ClaimedAlert => ({ alert, dueAt: 0, attempts, memo })),
        ];
      },
    })),
  },
  {
    name: "returns one alert to two claims",
    open: withOutbox((outbox) => ({
      claim: (claim) => outbox.claim({ ...claim, lease: { ...claim.lease, until: claim.now } }),
    })),
  },
  {
    name: "claims what was due when it began",
    open: withOutboxTables((outbox, { alerts }) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        if (claim.inOrder || claim.issueIds !== null) return claimed;
        return alerts
          .filter((row) => dueTimeOf(row) <= claim.now)
          .sort((one, other) => dueTimeOf(one) - dueTimeOf(other) || byAlertId(one, other))
          .slice(0, claim.limit)
          .map(({ alert, state, attempts, memo }) => ({
            alert,
            dueAt: outboxPositionOf({ alert, state }).at,
            attempts: attempts + 1,
            memo,
          }));
      },
    })),
  },
  {
    name: "claims in no order",
    open: withOutbox((outbox) => ({ claim: (claim) => outbox.claim({ ...claim, inOrder: false }) })),
  },
  { name: "has alerts of an issue in the order of their ids", open: orderedBy(({ id }) => Number(id.slice(-12))) },
  {
    name: "has alerts of an issue in the order in which they are due",
    open: redriving(async (move, outbox, { tables }) => {
      const moved = await outbox.move(move);
      for (const id of moved) tables.pendingOf.get(tables.alerts.get(id)?.alert.issue?.id ?? "")?.put(id, move.dueAt);
      return moved;
    }),
  },
  {
    name: "looks for the next in order among those due longest only",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const due = (await alertsIn(outbox, "pending")).filter((entry) => dueTimeOf(entry) <= claim.now);
        const longest = due.slice(0, claim.limit).map(({ alert }) => alert.id);
        const claimed = await outbox.claim(claim);
        return claim.inOrder ? claimed.filter(({ alert }) => longest.includes(alert.id)) : claimed;
      },
    })),
  },
  {
    name: "lets alerts pass one that waits for its next attempt",
    open: overtaking((first, _, now) => first.lease === null && dueTimeOf(first) > now),
  },
  {
    name: "lets alerts pass one that is held",
    open: overtaking((first, _, now) => first.lease !== null && dueTimeOf(first) > now),
  },
  {
    name: "lets alerts pass one that was claimed meanwhile",
    open: overtaking((first, { alerts }, now) => {
      const before = firstOfIssues(alerts).get(first.alert.issue?.id ?? "");
      return first.lease !== null && dueTimeOf(first) > now && before !== undefined && dueTimeOf(before) <= now;
    }),
  },
  {
    name: "lets a dead alert delay others",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const dead = await alertsIn(outbox, "dead");
        const isDelayed = ({ alert }: ClaimedAlert): boolean =>
          dead.some((each) => each.alert.issue?.id === alert.issue?.id);
        const claimed = await outbox.claim(claim);
        return claim.inOrder ? claimed.filter((each) => !isDelayed(each)) : claimed;
      },
    })),
  },
  {
    name: "takes a failed alert for a done one",
    open: settlingAs((each) =>
      each.outcome === "failed" ? { id: each.id, lease: each.lease, outcome: "done" } : each,
    ),
  },
  {
    name: "does not return the memo of a claimed alert",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, memo: null })),
    })),
  },
  {
    name: "keeps the memo of a former attempt, where one stores none",
    open: withOutboxTables((outbox, { tables }) => ({
      settle: (settlements) =>
        outbox.settle(
          settlements.map((each) =>
            each.outcome === "done" || each.outcome === "released"
              ? each
              : { ...each, memo: each.memo ?? tables.alerts.get(each.id)?.memo ?? null },
          ),
        ),
    })),
  },
  {
    name: "tries dead alerts again after an hour",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const dead = (await alertsIn(outbox, "dead")).filter(
          ({ state }) => state.status === "dead" && state.diedAt < claim.now - HOUR_MS,
        );
        const ids = dead.map(({ alert }) => alert.id);
        await outbox.move({ to: "pending", ids, from: null, dueAt: claim.now });
        return outbox.claim(claim);
      },
    })),
  },
  { name: "settles without comparing the lease", open: settlingUnder((_, held) => held) },
  {
    name: "takes leases with the same end for the same",
    open: settlingUnder((given, held) => (given.until === held.until ? held : given)),
  },
  {
    name: "does not compare the ends of leases",
    open: settlingUnder((given, held) => (given.token === held.token ? held : given)),
  },
  {
    name: "forgets who discarded an alert",
    open: discarding((move, outbox) => outbox.move({ ...move, by: { kind: "system" } })),
  },
  {
    name: "discards alerts that were discarded before",
    open: discarding(async (move, outbox) => {
      const ids = await idsIn(outbox, "discarded", move.ids);
      await outbox.move({ to: "pending", ids, from: null, dueAt: move.at });
      return outbox.move(move);
    }),
  },
  {
    name: "discards pending alerts only",
    open: discarding(async (move, outbox) => {
      const dead = await idsIn(outbox, "dead", move.ids);
      return outbox.move({ ...move, ids: move.ids.filter((id) => !dead.includes(id)) });
    }),
  },
  {
    name: "leaves a discarded alert to its holder",
    open: discarding(async (move, outbox, seen) => {
      const leases = leasesOf(seen, move.ids);
      const discarded = await outbox.move(move);
      keepLeases(seen, leases);
      return discarded;
    }),
  },
  {
    name: "leaves a redriven alert to its holder",
    open: redriving(async (move, outbox, seen) => {
      const leases = leasesOf(seen, move.ids);
      const redriven = await outbox.move(move);
      keepLeases(seen, leases);
      return redriven;
    }),
  },
  {
    name: "redrives alerts from any state",
    open: redriving((move, outbox) => outbox.move({ ...move, from: null })),
  },
  {
    name: "counts an attempt that was not made",
    open: settlingAs((each) =>
      each.outcome === "released" ? { ...each, outcome: "failed", error: "not tried", memo: null } : each,
    ),
  },
  {
    name: "redrives dead alerts only",
    open: redriving(async (move, outbox, { tables }) => {
      // Seeds move alerts that were never claimed to when they are due.
      const isFresh = (id: string): boolean => tables.alerts.get(id)?.attempts === 0;
      const dead = await idsIn(outbox, "dead", move.ids);
      return outbox.move({ ...move, ids: move.ids.filter((id) => dead.includes(id) || isFresh(id)) });
    }),
  },
  {
    name: "counts on from the attempts before an alert was redriven",
    open: redriving(async (move, outbox, { tables }) => {
      const before = move.ids.map((id) => tables.alerts.get(id)?.attempts ?? 0);
      const redriven = await outbox.move(move);
      for (const [index, id] of move.ids.entries()) {
        const row = tables.alerts.get(id);
        if (row !== undefined) tables.alerts.set(id, { ...row, attempts: before[index] ?? 0 });
      }
      return redriven;
    }),
  },
  {
    name: "does not say when a claimed alert was due",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, dueAt: claim.now })),
    })),
  },
  {
    name: "sets no alert back",
    open: settingBack(async () => []),
  },
  {
    name: "sets back alerts that are due at the very instant",
    open: settingBack((move, outbox) => outbox.move({ ...move, dueAfter: move.dueAfter - 1 })),
  },
  {
    name: "sets back all alerts that are due later, whatever the limit",
    open: settingBack((move, outbox) => outbox.move({ ...move, limit: 10_000 })),
  },
  {
    name: "sets back those alerts first that are due first",
    open: settingBack(async (move, outbox) => {
      const ids = (await dueAfter(outbox, move.dueAfter)).slice(0, move.limit);
      const [last] = ids.slice(-1);
      if (last === undefined) return [];
      const all = await outbox.move({ ...move, limit: 10_000 });
      const others = all.filter((id) => !ids.includes(id));
      await outbox.move({ to: "pending", ids: others, from: null, dueAt: move.dueAfter + 1 });
      return ids;
    }),
  },
  {
    name: "sets back no alert that is leased",
    open: settingBack(async (move, outbox, { tables }) => {
      const late = await dueAfter(outbox, move.dueAfter);
      const leased = late.flatMap((id) => tables.alerts.get(id) ?? []).filter(({ lease }) => lease !== null);
      const moved = await outbox.move(move);
      for (const row of leased) tables.alerts.set(row.alert.id, row);
      return moved.filter((id) => leased.every(({ alert }) => alert.id !== id));
    }),
  },
  {
    name: "leaves an alert that was set back to its holder",
    open: settingBack(async (move, outbox, seen) => {
      const leases = leasesOf(seen, await dueAfter(outbox, move.dueAfter));
      const moved = await outbox.move(move);
      keepLeases(seen, leases);
      return moved;
    }),
  },
  {
    name: "redrives alerts instead of setting them back",
    open: settingBack(async (move, outbox) => {
      const ids = await outbox.move(move);
      return outbox.move({ to: "pending", ids, from: null, dueAt: 0 });
    }),
  },
  {
    name: "forgets the error of an alert that was redriven",
    open: withOutbox((outbox) => ({
      page: async (request) =>
        allReadable(await outbox.page(request)).map((entry) =>
          entry.attempts > 0 ? entry : { ...entry, lastError: null },
        ),
    })),
  },
  {
    name: "evicts alerts that ended at the very instant",
    open: withOutbox((outbox) => ({
      evict: (eviction) => outbox.evict({ ...eviction, endedBefore: eviction.endedBefore + 1 }),
    })),
  },
  {
    name: "evicts as many alerts as there are",
    open: withOutbox((outbox) => ({ evict: (eviction) => outbox.evict({ ...eviction, limit: 10_000 }) })),
  },
  {
    name: "evicts pending alerts that were due long ago",
    open: withOutboxTables((outbox, { tables }) => ({
      evict: async (eviction) => {
        const evicted = await outbox.evict(eviction);
        for (const [id, row] of tables.alerts) if (dueTimeOf(row) < HOUR_MS) tables.alerts.delete(id);
        return evicted;
      },
    })),
  },
  {
    name: "counts notifications about an issue with those of its project",
    open: withOutbox((outbox) => {
      const ofProject = ({ projectId }: TallyScope): TallyScope => ({ projectId, issueId: null });
      return {
        lockTallies: (selection) =>
          outbox.lockTallies("scopes" in selection ? { scopes: selection.scopes.map(ofProject) } : selection),
        writeTallies: ({ save = [], remove = [] }) =>
          outbox.writeTallies({ save: save.map((tally) => ({ ...tally, issueId: null })), remove }),
      };
    }),
  },
  {
    name: "keeps the first tally of a scope",
    open: withOutboxTables((outbox, { tables }) => ({
      writeTallies: ({ save = [], remove = [] }) =>
        outbox.writeTallies({ save: save.filter((tally) => !tables.tallies.has(tallyKeyOf(tally))), remove }),
    })),
  },
  {
    name: "does not lock the tallies that it reads",
    open: withOutboxTables((outbox, { tallies }) => {
      let hasSaved = false;
      return {
        lockTallies: async (selection) =>
          hasSaved || !("scopes" in selection)
            ? outbox.lockTallies(selection)
            : selection.scopes.flatMap((scope) => tallies.get(tallyKeyOf(scope)) ?? []),
        writeTallies: async (changes) => {
          hasSaved = true;
          await outbox.writeTallies(changes);
        },
      };
    }),
  },
  {
    name: "locks the stored tallies, and saves over those that others added meanwhile",
    open: withOutboxTables((outbox, { tallies }) => {
      let hasSaved = false;
      return {
        lockTallies: async (selection) =>
          outbox.lockTallies(
            hasSaved || !("scopes" in selection)
              ? selection
              : { scopes: selection.scopes.filter((scope) => tallies.has(tallyKeyOf(scope))) },
          ),
        writeTallies: async (changes) => {
          hasSaved = true;
          await outbox.writeTallies(changes);
        },
      };
    }),
  },
  {
    name: "returns a tally that ended to concurrent transactions",
    open: withOutboxTables((outbox, { tallies }) => {
      let hasRead = false;
      return {
        lockTallies: async (selection) => {
          const locked = await outbox.lockTallies(selection);
          if (hasRead || !("endedAt" in selection)) return locked;
          hasRead = true;
          return [...tallies.values()].filter(({ endsAt }) => endsAt <= selection.endedAt).slice(0, selection.limit);
        },
      };
    }),
  },
  {
    name: "does not remove tallies",
    open: withOutbox((outbox) => ({ writeTallies: ({ save = [] }) => outbox.writeTallies({ save }) })),
  },
  {
    name: "ends a period only after its end",
    open: lockingEnded((selection, outbox) => outbox.lockTallies({ ...selection, endedAt: selection.endedAt - 1 })),
  },
  {
    name: "returns as many tallies as have ended",
    open: lockingEnded((selection, outbox) => outbox.lockTallies({ ...selection, limit: 10_000 })),
  },
  {
    name: "returns tallies that end at the very instant",
    open: lockingLast((selection, outbox) => outbox.lockTallies({ ...selection, endsAfter: selection.endsAfter - 1 })),
  },
  {
    name: "returns as many tallies as end later",
    open: lockingLast((selection, outbox) => outbox.lockTallies({ ...selection, limit: 10_000 })),
  },
  {
    name: "returns those tallies first that end first",
    open: lockingLast(async (selection, outbox) => {
      const all = await outbox.lockTallies({ ...selection, limit: 10_000 });
      return all.toSorted((one, other) => one.endsAt - other.endsAt).slice(0, selection.limit);
    }),
  },
];

/** A mutant as a subject: both handles are the same store, and by default the data is read through it. */
export function subjectOf({ name, open, raw = honest }: Mutant): ConformanceSubject {
  return {
    name,
    open: async () => {
      const store = open();
      return { store, openSecond: async () => store, raw: raw(store) };
    },
  };
}

import {
  createMemoryStore,
  IssueLifecycleError,
  type Alert,
  type AlertLease,
  type AlertSettlement,
  type ClaimedAlert,
  type Issue,
  type IssueStore,
  type OutboxEntry,
  type OutboxStatus,
  type StoreReader,
  type StoreTransaction,
  type TurningPoint,
} from "../../src/index.ts";
import { memoryStoreOn } from "../../src/memory/memory-store.ts";
import { MemoryTables, tallyKeyOf, type AlertRow } from "../../src/memory/memory-tables.ts";
import type { ConformanceSubject, RawReader } from "../../src/testing/index.ts";

type Replaced = Partial<StoreTransaction>;

/** A transaction or reader with some methods replaced. */
function replacing<Reader extends StoreReader>(inner: Reader, replaced: Replaced): Reader {
  return new Proxy(inner, {
    get(target, name) {
      const own: unknown = Reflect.get(replaced, name);
      if (own !== undefined) return own;
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? (...given: unknown[]) => Reflect.apply(method, target, given) : method;
    },
  });
}

/** A memory store whose transactions have some methods replaced, and whose reads too, where they have them. */
function withMethods(replace: (inner: StoreTransaction) => Replaced): () => IssueStore {
  return () => {
    const store = createMemoryStore();
    return {
      ...store,
      transaction: (work) => store.transaction((inner) => work(replacing(inner, replace(inner)))),
      // A read is a transaction that does not write: so that one replacement serves both.
      read: (work) => store.transaction((inner) => work(replacing(inner, replace(inner)))),
    };
  };
}

/** A look at what a store held when a transaction was asked for, and at what it holds. */
interface Seen {
  /** The alerts there were. */
  readonly alerts: readonly AlertRow[];
  /** The tallies there were. */
  readonly tallies: MemoryTables["tallies"];
  /** What there is. */
  readonly tables: MemoryTables;
}

/** A memory store whose transactions can look at the tables, and go by what was there before others had their turn. */
function withTables(replace: (inner: StoreTransaction, seen: Seen) => Replaced): () => IssueStore {
  return () => {
    const tables = new MemoryTables();
    const store = memoryStoreOn(tables);
    return {
      ...store,
      transaction: (work) => {
        const seen = { alerts: [...tables.alerts.values()], tallies: new Map(tables.tallies), tables };
        return store.transaction((inner) => work(replacing(inner, replace(inner, seen))));
      },
    };
  };
}

/** The alerts in a state, the first thousand of them. */
function alertsIn(reader: StoreReader, status: OutboxStatus): Promise<readonly OutboxEntry[]> {
  return reader.pageAlerts({ status, after: null, limit: 1_000 });
}

/** Those of some alerts that are in a state. */
async function idsIn(reader: StoreReader, status: OutboxStatus, ids: readonly string[]): Promise<string[]> {
  const found = (await alertsIn(reader, status)).map(({ alert }) => alert.id);
  return ids.filter((id) => found.includes(id));
}

function byAlertId(one: { readonly alert: Alert }, other: { readonly alert: Alert }): number {
  return one.alert.id < other.alert.id ? -1 : 1;
}

/** When a pending alert is due; never, for others. */
function dueTimeOf({ state }: OutboxEntry): number {
  return state.status === "pending" ? state.dueAt : Infinity;
}

/** Has alerts of an issue in an order that is not that of their turning points. */
function orderedBy(turnOf: (alert: Alert, dueAt: number) => number): () => IssueStore {
  const alerts = new Map<string, Alert>();
  const restore = <Entry extends { readonly alert: Alert }>(entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => ({ ...entry, alert: alerts.get(entry.alert.id) ?? entry.alert }));
  return withMethods((inner) => ({
    insertAlerts: async (given, dueAt) => {
      for (const alert of given) alerts.set(alert.id, alert);
      const turned = given.map((alert) =>
        alert.issue === null ? alert : { ...alert, turningPoint: turnOf(alert, dueAt) },
      );
      await inner.insertAlerts(turned, dueAt);
    },
    pageAlerts: async (request) => restore(await inner.pageAlerts(request)),
    claimAlerts: async (claim) => restore(await inner.claimAlerts(claim)),
  }));
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

/** Lets later alerts of an issue go where the first one may be passed. */
function overtaking(mayPass: (first: AlertRow, seen: Seen, now: number) => boolean): () => IssueStore {
  return withTables((inner, seen) => ({
    claimAlerts: async (claim) => {
      const claimed = await inner.claimAlerts(claim);
      if (!claim.inOrder) return claimed;
      const others = Array.from(firstOfIssues(seen.tables.alerts.values())).filter(
        ([id, first]) =>
          claim.issueIds?.includes(id) !== false &&
          first.lease?.token !== claim.lease.token &&
          mayPass(first, seen, claim.now),
      );
      const more = { issueIds: others.map(([id]) => id), inOrder: false, limit: claim.limit - claimed.length };
      return [...claimed, ...(await inner.claimAlerts({ ...claim, ...more }))];
    },
  }));
}

/** Settles alerts under leases that are somehow made of those given and those that hold them. */
function settlingUnder(leaseOf: (given: AlertLease, held: AlertLease) => AlertLease): () => IssueStore {
  const leases = new Map<string, AlertLease>();
  return withMethods((inner) => ({
    claimAlerts: async (claim) => {
      const claimed = await inner.claimAlerts(claim);
      for (const { alert } of claimed) leases.set(alert.id, claim.lease);
      return claimed;
    },
    settleAlerts: (settlements) =>
      inner.settleAlerts(
        settlements.map((each) => ({ ...each, lease: leaseOf(each.lease, leases.get(each.id) ?? each.lease) })),
      ),
  }));
}

/** Takes what comes of claimed alerts for something else. */
function settlingAs(outcomeOf: (settlement: AlertSettlement) => AlertSettlement): () => IssueStore {
  return withMethods((inner) => ({ settleAlerts: (settlements) => inner.settleAlerts(settlements.map(outcomeOf)) }));
}

/** Leaves alerts with those who hold them, whatever else is done with them. */
function keepLeases({ tables }: Seen, leases: ReadonlyMap<string, AlertRow["lease"]>): void {
  for (const [id, lease] of leases) {
    const row = tables.alerts.get(id);
    if (row !== undefined) tables.alerts.set(id, { ...row, lease });
  }
}

function leasesOf({ tables }: Seen, ids: readonly string[]): ReadonlyMap<string, AlertRow["lease"]> {
  return new Map(ids.map((id) => [id, tables.alerts.get(id)?.lease ?? null]));
}

/** Every call of a method a transaction of its own: what a store does that forgets to begin one. */
function autocommit(): IssueStore {
  const store = createMemoryStore();
  const perCall = new Proxy<object>(
    {},
    {
      get:
        (_, name) =>
        (...given: unknown[]) =>
          store.transaction(async (inner) => {
            const method: unknown = Reflect.get(inner, name);
            if (typeof method !== "function") throw new Error(`no method ${String(name)}`);
            const result: unknown = await Reflect.apply(method, inner, given);
            return result;
          }),
    },
  );
  const isTransaction = (value: object): value is StoreTransaction => value === perCall;
  if (!isTransaction(perCall)) throw new Error("unreachable");
  return { ...store, transaction: (work) => work(perCall), read: (work) => work(perCall) };
}

/** Swallows a refusal, and goes on as if nothing had happened. */
async function swallow(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!IssueLifecycleError.is(error)) throw error;
  }
}

/** A deliberately wrong store. */
export interface Mutant {
  readonly name: string;
  readonly open: () => IssueStore;
  /** A look at the data, where the mutant is about that. */
  readonly raw?: (store: IssueStore) => RawReader;
}

/** Asks the store itself: no look behind its back at all, but enough where the store does not lie. */
function honest(store: IssueStore): RawReader {
  const statuses = ["open", "muted", "resolved"] as const;
  return {
    countIssues: async (projectId) =>
      store.read(async (reader) => {
        const request = { projectId, statuses, search: "", after: null, limit: 1_000, descending: false } as const;
        return (await reader.pageIssues({ ...request, order: "first-seen" })).length;
      }),
    countEvents: async (projectId) =>
      store.read(async (reader) => {
        const events = await Promise.all(["a", "b", "c"].map((id) => reader.findEvent({ projectId, id })));
        return events.filter((event) => event !== undefined).length;
      }),
    titleOf: async (id) => store.read(async (reader) => (await reader.findIssues([id])).get(id)?.title),
  };
}

/** Keeps changed issues in a cache that is never written out. */
function writesOnlyToItsCache(): Mutant {
  const inner = createMemoryStore();
  const cache = new Map<string, Issue>();
  const replace = (transaction: StoreTransaction): Replaced => ({
    updateIssues: async (updates) => {
      for (const { after } of updates) cache.set(after.id, after);
    },
    findIssues: async (ids) => {
      const found = await transaction.findIssues(ids);
      return new Map(Array.from(found, ([id, issue]) => [id, cache.get(id) ?? issue]));
    },
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
      saveMarks: async (marks) => {
        if (marks.length === 0) throw new Error("syntax error near values ()");
        await inner.saveMarks(marks);
      },
    })),
  },
  {
    name: "cuts a text at NUL",
    open: withMethods((inner) => ({
      insertIssues: (issues) =>
        inner.insertIssues(
          issues.map(({ issue, group }) => ({ issue: { ...issue, title: issue.title.split("\0")[0] ?? "" }, group })),
        ),
    })),
  },
  {
    name: "takes half characters for each other",
    open: withMethods((inner) => ({
      insertTurningPoints: (points) =>
        inner.insertTurningPoints(points.map((point) => ({ ...point, comment: point.comment.toWellFormed() }))),
    })),
  },
  { name: "goes on after closing", open: () => ({ ...createMemoryStore(), close: () => Promise.resolve() }) },
  writesOnlyToItsCache(),
  {
    name: "forgets the issue count when a project is saved again",
    open: withMethods((inner) => {
      return {
        findProjects: async (ids) => {
          const found = await inner.findProjects(ids);
          return new Map(
            Array.from(found, ([id, stored]) => [
              id,
              stored.project.slug === "Store" ? { ...stored, issueCount: 0 } : stored,
            ]),
          );
        },
      };
    }),
  },
  {
    name: "lists projects by slug, capitals first",
    open: withMethods((inner) => ({
      listProjects: async () =>
        [...(await inner.listProjects())].sort((one, other) => (one.project.slug < other.project.slug ? -1 : 1)),
    })),
  },
  {
    name: "gives a slug away silently",
    open: withMethods((inner) => ({ saveProject: (project) => swallow(inner.saveProject(project)) })),
  },
  {
    name: "swaps two fields",
    open: withMethods((inner) => ({
      findIssueByNumber: async (projectId, number) => {
        const issue = await inner.findIssueByNumber(projectId, number);
        return issue && { ...issue, title: issue.transaction, transaction: issue.title };
      },
    })),
  },
  {
    name: "does not write a member that becomes undefined",
    open: withMethods((inner) => ({
      updateIssues: (updates) =>
        inner.updateIssues(
          updates.map(({ before, after }) => ({
            before,
            after: { ...after, lastSeenIn: after.lastSeenIn ?? before.lastSeenIn },
          })),
        ),
    })),
  },
  {
    name: "is off by one in the event count",
    open: withMethods((inner) => ({
      updateIssues: (updates) =>
        inner.updateIssues(
          updates.map(({ before, after }) => ({ before, after: { ...after, eventCount: after.eventCount + 1 } })),
        ),
    })),
  },
  {
    name: "takes a group twice",
    open: withMethods((inner) => ({ insertIssues: (issues) => swallow(inner.insertIssues(issues)) })),
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
                insertTurningPoints: async (points) => {
                  history.push(...points);
                  await inner.insertTurningPoints(points);
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
      deleteIssues: async (ids) => {
        const rows = [...tables.alerts].filter(([, { alert }]) => alert.issue !== null && ids.includes(alert.issue.id));
        await inner.deleteIssues(ids);
        for (const [id, row] of rows) tables.alerts.set(id, row);
      },
    })),
  },
  {
    name: "gives the highest waiting issues first",
    open: withMethods((inner) => ({
      lockIssuesAwaitingNext: async (projectId, limit) =>
        [...(await inner.lockIssuesAwaitingNext(projectId, 1_000))].reverse().slice(0, limit),
    })),
  },
  {
    name: "wakes only after the deadline",
    open: withMethods((inner) => ({ lockIssuesToWake: (now, limit) => inner.lockIssuesToWake(now - 1, limit) })),
  },
  {
    name: "skips equals at the end of a page",
    open: withMethods((inner) => ({
      pageIssues: (request) => {
        const { after, descending } = request;
        if (after === null) return inner.pageIssues(request);
        return inner.pageIssues({ ...request, after: { ...after, number: descending ? 0 : Number.MAX_SAFE_INTEGER } });
      },
    })),
  },
  {
    name: "goes by what issues were when they were opened",
    open: () => {
      const titles = new Map<string, string>();
      return withMethods((inner) => ({
        insertIssues: async (issues) => {
          await inner.insertIssues(issues);
          for (const { issue } of issues) titles.set(issue.id, issue.title);
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
      findIssues: (ids) => inner.findIssues(ids.map((id) => id.toLowerCase())),
    })),
  },
  {
    name: "takes a thousand of a batch",
    open: withMethods((inner) => ({ insertEvents: (events) => inner.insertEvents(events.slice(0, 1_000)) })),
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
    name: "looks at the first state only",
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
    name: "gives the oldest turning points first",
    open: withMethods((inner) => ({
      pageHistory: async (issueId, before, limit) => [...(await inner.pageHistory(issueId, before, limit))].reverse(),
    })),
  },
  {
    name: "has room for 255 bytes of a counter",
    open: withMethods((inner) => ({
      saveCounters: (counters) =>
        inner.saveCounters(new Map(Array.from(counters, ([id, bytes]) => [id, bytes.slice(0, 255)]))),
    })),
  },
  {
    name: "repeats the last release of a page",
    open: withMethods((inner) => ({
      pageReleases: async (projectId, before, limit) => {
        const all = await inner.pageReleases(projectId, null, 1_000);
        return all.filter(({ orderKey }) => before === null || orderKey <= before).slice(0, limit);
      },
    })),
  },
  {
    name: "takes the release without a name for the latest",
    open: withMethods((inner) => ({
      findTimelines: async (ids) => {
        const timelines = await inner.findTimelines(ids);
        return new Map(Array.from(timelines, ([id, timeline]) => [id, { ...timeline, latest: timeline.head }]));
      },
    })),
  },
  {
    name: "keeps the first mark of a release",
    open: withMethods((inner) => ({
      saveMarks: async (marks) => {
        for (const { issueId, mark } of marks) {
          const known = await inner.pageMarks(issueId, null, 1_000);
          if (!known.some(({ orderKey }) => orderKey === mark.orderKey)) await inner.saveMarks([{ issueId, mark }]);
        }
      },
    })),
  },
  {
    name: "looks for marks below a release, not at it",
    open: withMethods((inner) => ({
      findNearestMarks: async (requests) =>
        Promise.all(requests.map(async ({ issueId, orderKey }) => (await inner.pageMarks(issueId, orderKey, 1))[0])),
    })),
  },
  {
    name: "leaves marks where an announced release was",
    open: withMethods((inner) => ({
      saveReleases: async (projectId, releases) => {
        const before = await inner.findReleases(releases.map(({ version }) => ({ projectId, version })));
        const unmoved = releases.map((each, index) => ({
          ...each,
          orderKey: before[index]?.orderKey ?? each.orderKey,
        }));
        await inner.saveReleases(projectId, unmoved);
      },
    })),
  },
  {
    name: "slips by a time zone",
    open: withMethods((inner) => ({
      insertEvents: (events) =>
        inner.insertEvents(events.map((event) => ({ ...event, receivedAt: event.receivedAt + HOUR_MS }))),
    })),
  },
  {
    name: "takes no time for the time 0",
    open: withMethods((inner) => ({
      insertEvents: (events) =>
        inner.insertEvents(events.map((event) => ({ ...event, occurredAt: event.occurredAt ?? 0 }))),
    })),
  },
  {
    name: "passes over an event that is stored",
    open: withMethods((inner) => ({ insertEvents: (events) => swallow(inner.insertEvents(events)) })),
  },
  {
    name: "evicts events of the very instant",
    open: withMethods((inner) => ({
      evictEvents: (request) => inner.evictEvents({ ...request, receivedBefore: request.receivedBefore + 1 }),
    })),
  },
  {
    name: "counts an eviction's last step only",
    open: withMethods((inner) => ({
      evictEvents: async (request) => ({ ...(await inner.evictEvents(request)), evicted: 0 }),
    })),
  },
  {
    name: "answers a digest in another order",
    open: withMethods((inner) => ({
      loadForDigest: async (request) => {
        const snapshot = await inner.loadForDigest(request);
        return { ...snapshot, duplicateOf: [...snapshot.duplicateOf].sort() };
      },
    })),
  },
  {
    name: "forgets the grouping strategy",
    open: withMethods((inner) => ({
      insertIssues: (issues) =>
        inner.insertIssues(issues.map(({ issue, group }) => ({ issue, group: { ...group, strategy: "any" } }))),
      loadForDigest: (request) =>
        inner.loadForDigest({ ...request, groups: request.groups.map((group) => ({ ...group, strategy: "any" })) }),
    })),
  },
  {
    name: "takes the time it received an event for the time it occurred",
    open: withMethods((inner) => ({
      insertAlerts: (alerts, dueAt) =>
        inner.insertAlerts(
          alerts.map((alert) =>
            alert.issue === null || alert.event === null
              ? alert
              : { ...alert, event: { ...alert.event, occurredAt: alert.event.occurredAt ?? alert.event.receivedAt } },
          ),
          dueAt,
        ),
    })),
  },
  {
    name: "cuts what went wrong at NUL",
    open: settlingAs((each) =>
      each.outcome === "done" || each.outcome === "released"
        ? each
        : { ...each, error: each.error.split("\0")[0] ?? "", memo: each.memo },
    ),
  },
  {
    name: "lists alerts by id",
    open: withMethods((inner) => ({
      pageAlerts: async (request) => [...(await inner.pageAlerts(request))].sort(byAlertId),
    })),
  },
  {
    name: "repeats alerts of one time where pages meet",
    open: withMethods((inner) => ({
      pageAlerts: (request) => inner.pageAlerts({ ...request, after: request.after && { ...request.after, id: "" } }),
    })),
  },
  {
    name: "counts an alert as held at the end of its lease",
    open: withMethods((inner) => ({ countAlerts: (now) => inner.countAlerts(now - 1) })),
  },
  {
    name: "counts what waits among what is held",
    open: withMethods((inner) => ({
      countAlerts: async (now) => {
        const counts = await inner.countAlerts(now);
        return { ...counts, waiting: 0, leased: counts.leased + counts.waiting };
      },
    })),
  },
  {
    name: "counts alerts of issues only",
    open: withMethods((inner) => ({
      countAlerts: async (now) => {
        const counts = await inner.countAlerts(now);
        const others = (await alertsIn(inner, "pending")).filter(({ alert }) => alert.issue === null);
        return { ...counts, waiting: counts.waiting - others.filter((entry) => dueTimeOf(entry) > now).length };
      },
    })),
  },
  {
    name: "does not count attempts",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) =>
        (await inner.claimAlerts(claim)).map((each) => ({ ...each, attempts: each.attempts - 1 })),
    })),
  },
  {
    name: "claims one more than it is asked for",
    open: withMethods((inner) => ({ claimAlerts: (claim) => inner.claimAlerts({ ...claim, limit: claim.limit + 1 }) })),
  },
  {
    name: "gives claimed alerts by id",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) => [...(await inner.claimAlerts(claim))].sort(byAlertId),
    })),
  },
  {
    name: "takes no issues for all of them",
    open: withMethods((inner) => ({
      claimAlerts: (claim) =>
        inner.claimAlerts({ ...claim, issueIds: claim.issueIds?.length === 0 ? null : claim.issueIds }),
    })),
  },
  {
    name: "claims alerts about no issue with those of any",
    open: withTables((inner, { tables }) => ({
      claimAlerts: async (claim) => {
        const claimed = await inner.claimAlerts(claim);
        if (claim.issueIds === null) return claimed;
        const others = [...tables.alerts.values()].filter((row) => row.alert.issue === null);
        return [...claimed, ...others.map(({ alert, attempts, memo }): ClaimedAlert => ({ alert, attempts, memo }))];
      },
    })),
  },
  {
    name: "lets two claims have one alert",
    open: withMethods((inner) => ({
      claimAlerts: (claim) => inner.claimAlerts({ ...claim, lease: { ...claim.lease, until: claim.now } }),
    })),
  },
  {
    name: "hands out what was due when it began",
    open: withTables((inner, { alerts }) => ({
      claimAlerts: async (claim) => {
        const claimed = await inner.claimAlerts(claim);
        if (claim.inOrder || claim.issueIds !== null) return claimed;
        return alerts
          .filter((row) => dueTimeOf(row) <= claim.now)
          .sort((one, other) => dueTimeOf(one) - dueTimeOf(other) || byAlertId(one, other))
          .slice(0, claim.limit)
          .map(({ alert, attempts, memo }) => ({ alert, attempts: attempts + 1, memo }));
      },
    })),
  },
  {
    name: "claims in no order",
    open: withMethods((inner) => ({ claimAlerts: (claim) => inner.claimAlerts({ ...claim, inOrder: false }) })),
  },
  { name: "has alerts of an issue in the order of their ids", open: orderedBy(({ id }) => Number(id.slice(-12))) },
  { name: "has alerts of an issue in the order in which they are due", open: orderedBy((_, dueAt) => dueAt) },
  {
    name: "looks for the next in order among the longest due only",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) => {
        const due = (await alertsIn(inner, "pending")).filter((entry) => dueTimeOf(entry) <= claim.now);
        const longest = due.slice(0, claim.limit).map(({ alert }) => alert.id);
        const claimed = await inner.claimAlerts(claim);
        return claim.inOrder ? claimed.filter(({ alert }) => longest.includes(alert.id)) : claimed;
      },
    })),
  },
  {
    name: "lets alerts pass one that waits for its next attempt",
    open: overtaking((first, _, now) => first.lease === null && dueTimeOf(first) > now),
  },
  {
    name: "lets alerts pass one that somebody holds",
    open: overtaking((first, _, now) => first.lease !== null && dueTimeOf(first) > now),
  },
  {
    name: "lets alerts pass one that somebody came to hold meanwhile",
    open: overtaking((first, { alerts }, now) => {
      const before = firstOfIssues(alerts).get(first.alert.issue?.id ?? "");
      return first.lease !== null && dueTimeOf(first) > now && before !== undefined && dueTimeOf(before) <= now;
    }),
  },
  {
    name: "lets a dead alert hold back others",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) => {
        const dead = await alertsIn(inner, "dead");
        const isHeldBack = ({ alert }: ClaimedAlert): boolean =>
          dead.some((each) => each.alert.issue?.id === alert.issue?.id);
        const claimed = await inner.claimAlerts(claim);
        return claim.inOrder ? claimed.filter((each) => !isHeldBack(each)) : claimed;
      },
    })),
  },
  {
    name: "takes a failed alert for one that is done",
    open: settlingAs((each) =>
      each.outcome === "failed" ? { id: each.id, lease: each.lease, outcome: "done" } : each,
    ),
  },
  {
    name: "does not give the memo to who claims",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) => (await inner.claimAlerts(claim)).map((each) => ({ ...each, memo: null })),
    })),
  },
  {
    name: "keeps the memo of an attempt before, where one leaves none",
    open: withTables((inner, { tables }) => ({
      settleAlerts: (settlements) =>
        inner.settleAlerts(
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
    open: withMethods((inner) => ({
      claimAlerts: async (claim) => {
        const dead = (await alertsIn(inner, "dead")).filter(
          ({ state }) => state.status === "dead" && state.diedAt < claim.now - HOUR_MS,
        );
        await inner.redriveAlerts({ status: null, ids: dead.map(({ alert }) => alert.id), dueAt: claim.now });
        return inner.claimAlerts(claim);
      },
    })),
  },
  { name: "settles without looking at the lease", open: settlingUnder((_, held) => held) },
  {
    name: "takes leases that end at one time for the same",
    open: settlingUnder((given, held) => (given.until === held.until ? held : given)),
  },
  {
    name: "does not look at when a lease ends",
    open: settlingUnder((given, held) => (given.token === held.token ? held : given)),
  },
  {
    name: "forgets who discarded an alert",
    open: withMethods((inner) => ({
      discardAlerts: (discard) => inner.discardAlerts({ ...discard, by: { kind: "system" } }),
    })),
  },
  {
    name: "discards alerts that were discarded before",
    open: withMethods((inner) => ({
      discardAlerts: async (discard) => {
        const ids = await idsIn(inner, "discarded", discard.ids);
        await inner.redriveAlerts({ status: null, ids, dueAt: discard.discardedAt });
        return inner.discardAlerts(discard);
      },
    })),
  },
  {
    name: "discards pending alerts only",
    open: withMethods((inner) => ({
      discardAlerts: async (discard) => {
        const dead = await idsIn(inner, "dead", discard.ids);
        return inner.discardAlerts({ ...discard, ids: discard.ids.filter((id) => !dead.includes(id)) });
      },
    })),
  },
  {
    name: "leaves a discarded alert to who holds it",
    open: withTables((inner, seen) => ({
      discardAlerts: async (discard) => {
        const leases = leasesOf(seen, discard.ids);
        const discarded = await inner.discardAlerts(discard);
        keepLeases(seen, leases);
        return discarded;
      },
    })),
  },
  {
    name: "leaves an alert that is driven again to who holds it",
    open: withTables((inner, seen) => ({
      redriveAlerts: async (redrive) => {
        const leases = leasesOf(seen, redrive.ids);
        const redriven = await inner.redriveAlerts(redrive);
        keepLeases(seen, leases);
        return redriven;
      },
    })),
  },
  {
    name: "drives alerts again whatever their state",
    open: withMethods((inner) => ({
      redriveAlerts: (redrive) => inner.redriveAlerts({ ...redrive, status: null }),
    })),
  },
  {
    name: "counts an attempt that was not made",
    open: settlingAs((each) =>
      each.outcome === "released" ? { ...each, outcome: "failed", error: "not tried", memo: null } : each,
    ),
  },
  {
    name: "drives dead alerts only",
    open: withMethods((inner) => ({
      redriveAlerts: async (redrive) =>
        inner.redriveAlerts({ ...redrive, ids: await idsIn(inner, "dead", redrive.ids) }),
    })),
  },
  {
    name: "counts on from the attempts before an alert was driven again",
    open: withTables((inner, { tables }) => ({
      redriveAlerts: async (redrive) => {
        const before = redrive.ids.map((id) => tables.alerts.get(id)?.attempts ?? 0);
        const redriven = await inner.redriveAlerts(redrive);
        for (const [index, id] of redrive.ids.entries()) {
          const row = tables.alerts.get(id);
          if (row !== undefined) tables.alerts.set(id, { ...row, attempts: before[index] ?? 0 });
        }
        return redriven;
      },
    })),
  },
  {
    name: "forgets what went wrong before an alert was driven again",
    open: withMethods((inner) => ({
      pageAlerts: async (request) =>
        (await inner.pageAlerts(request)).map((entry) => (entry.attempts > 0 ? entry : { ...entry, lastError: null })),
    })),
  },
  {
    name: "evicts alerts that ended at the very instant",
    open: withMethods((inner) => ({
      evictAlerts: (eviction) => inner.evictAlerts({ ...eviction, endedBefore: eviction.endedBefore + 1 }),
    })),
  },
  {
    name: "evicts as many alerts as there are",
    open: withMethods((inner) => ({ evictAlerts: (eviction) => inner.evictAlerts({ ...eviction, limit: 10_000 }) })),
  },
  {
    name: "evicts pending alerts that were due long ago",
    open: withTables((inner, { tables }) => ({
      evictAlerts: async (eviction) => {
        const evicted = await inner.evictAlerts(eviction);
        for (const [id, row] of tables.alerts) if (dueTimeOf(row) < HOUR_MS) tables.alerts.delete(id);
        return evicted;
      },
    })),
  },
  {
    name: "counts messages about an issue with those of its project",
    open: withMethods((inner) => ({
      lockAlertTallies: (scopes) =>
        inner.lockAlertTallies(scopes.map(({ projectId }) => ({ projectId, issueId: null }))),
      saveAlertTallies: (tallies) => inner.saveAlertTallies(tallies.map((tally) => ({ ...tally, issueId: null }))),
    })),
  },
  {
    name: "keeps the first tally of a scope",
    open: withTables((inner, { tables }) => ({
      saveAlertTallies: (tallies) =>
        inner.saveAlertTallies(tallies.filter((tally) => !tables.tallies.has(tallyKeyOf(tally)))),
    })),
  },
  {
    name: "does not lock the tallies that it reads",
    open: withTables((inner, { tallies }) => {
      let hasSaved = false;
      return {
        lockAlertTallies: async (scopes) =>
          hasSaved ? inner.lockAlertTallies(scopes) : scopes.flatMap((scope) => tallies.get(tallyKeyOf(scope)) ?? []),
        saveAlertTallies: async (saved) => {
          hasSaved = true;
          await inner.saveAlertTallies(saved);
        },
      };
    }),
  },
  {
    name: "locks the tallies there are, and saves over those that others made meanwhile",
    open: withTables((inner, { tallies }) => {
      let hasSaved = false;
      return {
        lockAlertTallies: async (scopes) =>
          inner.lockAlertTallies(hasSaved ? scopes : scopes.filter((scope) => tallies.has(tallyKeyOf(scope)))),
        saveAlertTallies: async (saved) => {
          hasSaved = true;
          await inner.saveAlertTallies(saved);
        },
      };
    }),
  },
  {
    name: "gives a tally that ended to all who ask at once",
    open: withTables((inner, { tallies }) => {
      let hasTaken = false;
      return {
        takeEndedTallies: async (now, limit) => {
          const taken = await inner.takeEndedTallies(now, limit);
          if (hasTaken) return taken;
          hasTaken = true;
          return [...tallies.values()].filter(({ endsAt }) => endsAt <= now).slice(0, limit);
        },
      };
    }),
  },
  {
    name: "gives tallies that ended again and again",
    open: withMethods((inner) => ({
      takeEndedTallies: async (now, limit) => {
        const taken = await inner.takeEndedTallies(now, limit);
        await inner.saveAlertTallies(taken);
        return taken;
      },
    })),
  },
  {
    name: "takes a period for over only after its end",
    open: withMethods((inner) => ({ takeEndedTallies: (now, limit) => inner.takeEndedTallies(now - 1, limit) })),
  },
  {
    name: "gives as many tallies as have ended",
    open: withMethods((inner) => ({ takeEndedTallies: (now) => inner.takeEndedTallies(now, 10_000) })),
  },
];

/** A mutant as a subject: both handles are the store, and where it does not lie about its data it is asked itself. */
export function subjectOf({ name, open, raw = honest }: Mutant): ConformanceSubject {
  return {
    name,
    open: async () => {
      const store = open();
      return { store, openSecond: async () => store, raw: raw(store) };
    },
  };
}

import {
  createMemoryStore,
  IssueLifecycleError,
  type AlertLease,
  type Issue,
  type IssueStore,
  type StoreReader,
  type StoreTransaction,
  type TurningPoint,
} from "../../src/index.ts";
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
    name: "lists alerts by id",
    open: withMethods((inner) => ({
      pendingAlerts: async (limit) =>
        [...(await inner.pendingAlerts(1_000))]
          .sort((one, other) => (one.alert.id < other.alert.id ? -1 : 1))
          .slice(0, limit),
    })),
  },
  {
    name: "does not count attempts",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) =>
        (await inner.claimAlerts(claim)).map((pending) => ({ ...pending, attempts: pending.attempts - 1 })),
    })),
  },
  {
    name: "lets two claims have one alert",
    open: withMethods((inner) => ({
      claimAlerts: async (claim) => {
        const claimed = await inner.claimAlerts({ ...claim, lease: { ...claim.lease, until: claim.now } });
        return claimed.map((pending) => ({ ...pending, dueAt: claim.lease.until }));
      },
    })),
  },
  {
    name: "takes a failed alert for a delivered one",
    open: withMethods((inner) => ({
      settleAlerts: (settlements) =>
        inner.settleAlerts(settlements.map(({ id, lease }) => ({ id, lease, outcome: "delivered" }))),
    })),
  },
  {
    name: "settles without looking at the lease",
    open: () => {
      const leases = new Map<string, AlertLease>();
      return withMethods((inner) => ({
        claimAlerts: async (claim) => {
          const claimed = await inner.claimAlerts(claim);
          for (const { alert } of claimed) leases.set(alert.id, claim.lease);
          return claimed;
        },
        settleAlerts: (settlements) =>
          inner.settleAlerts(settlements.map((each) => ({ ...each, lease: leases.get(each.id) ?? each.lease }))),
      }))();
    },
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

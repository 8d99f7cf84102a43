import { ALL_ISSUES } from "../../src/core/issue-list.ts";
import { isDeepStrictEqual } from "node:util";
import Database from "better-sqlite3";
import fc from "fast-check";
import { Kysely, SqliteDialect } from "kysely";
import { describe, expect, test } from "vitest";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type DigestOutcome,
  type IssueStore,
  type IssueTracker,
  type IssueTrackerOptions,
} from "../../src/index.ts";
import type { Issue, TurningPoint } from "../../src/core/index.ts";
import { ISSUE_STATUSES } from "../../src/core/index.ts";
import { kyselyStore, migrate, sqliteDialect } from "../../src/kysely/index.ts";
import { allReadable } from "../../src/core/unreadable.ts";
import type {
  CommittedChanges,
  EndedOperation,
  EventTally,
  StoreTransaction,
  TrackerHooks,
} from "../../src/ports/index.ts";
import { createRecordingSink, createVirtualClock, toSnapshot } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, MINUTE, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const PROJECTS = ["shop", "blog"];

/** All issues with their histories. */
type Contents = ReadonlyMap<string, { readonly issue: Issue; readonly history: readonly TurningPoint[] }>;

async function contentsOf(store: IssueStore): Promise<Contents> {
  return store.read(async (reader) => {
    const contents = new Map<string, { issue: Issue; history: readonly TurningPoint[] }>();
    for (const projectId of PROJECTS) {
      const { entries } = await reader.pageIssues({
        projectId,
        statuses: ISSUE_STATUSES,
        ...ALL_ISSUES,
        order: "first-seen",
        descending: false,
        after: null,
        limit: 1_000,
      });
      for (const issue of allReadable(entries)) {
        const history = allReadable(await reader.pageHistory(issue.id, null, 1_000));
        contents.set(issue.id, { issue, history: history.toSorted((one, other) => one.number - other.number) });
      }
    }
    return contents;
  });
}

/** What is different, as hooks should say it. */
function difference(before: Contents, after: Contents): CommittedChanges {
  const created: Issue[] = [];
  const changed: Issue[] = [];
  const turningPoints: TurningPoint[] = [];
  for (const [id, { issue, history }] of after) {
    const known = before.get(id);
    if (known === undefined) created.push(issue);
    else if (!isDeepStrictEqual(known.issue, issue)) changed.push(issue);
    turningPoints.push(...history.slice(known?.history.length ?? 0));
  }
  return { created, changed, deleted: [...before.keys()].filter((id) => !after.has(id)), turningPoints };
}

/** The same changes in one order, without issues that were written as they were. */
function sorted(changes: CommittedChanges, before: Contents): unknown {
  const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1);
  const isOther = (issue: Issue): boolean => !isDeepStrictEqual(before.get(issue.id)?.issue, issue);
  return {
    created: changes.created.toSorted(byId),
    changed: changes.changed.filter(isOther).toSorted(byId),
    deleted: changes.deleted.toSorted(),
    turningPoints: changes.turningPoints.toSorted((one, other) =>
      one.issueId === other.issueId ? one.number - other.number : one.issueId < other.issueId ? -1 : 1,
    ),
  };
}

/** What happens to a transaction. */
type Fate = "commits" | "conflicts once" | "fails at its begin" | "fails at its end";

/** Ends a transaction of the store without a commit. */
class RolledBack extends Error {}

/**
 * A store whose transactions meet with fates, one after the other. After each commit it finds out by itself what is different.
 */
class FatefulStore {
  readonly #store: IssueStore;
  readonly #fates: Fate[];
  #before: Contents = new Map();
  #last: Promise<unknown> = Promise.resolve();
  readonly commits: { readonly before: Contents; readonly changes: CommittedChanges }[] = [];

  constructor(store: IssueStore, fates: readonly Fate[]) {
    this.#store = store;
    this.#fates = [...fates];
  }

  port(): IssueStore {
    return {
      transaction: (work) => this.#oneByOne(() => this.#transaction(work)),
      read: (work) => this.#oneByOne(() => this.#store.read(work)),
      close: () => this.#store.close(),
    };
  }

  /** A commit and the look at what it changed must not be parted by another one. */
  #oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #transaction<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result> {
    const fate = this.#fates.shift() ?? "commits";
    const failure = new IssueLifecycleError("store-conflict", "Another one was faster.", { retryable: true });
    if (fate === "fails at its begin") throw failure;
    if (fate !== "commits") {
      await this.#store
        .transaction(async (transaction) => {
          await work(transaction);
          throw new RolledBack();
        })
        .catch((error: unknown) => {
          if (!(error instanceof RolledBack)) throw error;
        });
      if (fate === "fails at its end") throw failure;
    }
    const result = await this.#store.transaction(work);
    const before = this.#before;
    this.#before = await contentsOf(this.#store);
    const changes = difference(before, this.#before);
    if (Object.values(changes).some((each: readonly unknown[]) => each.length > 0))
      this.commits.push({ before, changes });
    return result;
  }
}

/** One call of a tracker, with the name of its operation. */
interface Call {
  readonly name: string;
  readonly make: (tracker: IssueTracker) => Promise<unknown>;
  /** The projects of the events of a digest, in their order. */
  readonly projectIds?: readonly string[];
}

const issueId = fc.constantFrom("SHOP-1", "SHOP-2", "SHOP-3", "BLOG-1");

/** Events of three groups, with ids that come again, and now and then of a project that does not exist. */
const event = fc.record(
  {
    projectId: fc.constantFrom("shop", "shop", "shop", "shop", "shop", "blog", "blog", "none"),
    type: fc.constantFrom("A", "B", "C"),
    id: fc.constantFrom("1", "2", "3", "4", "5"),
    release: fc.constantFrom("1.0.0", "1.1.0", "2.0.0"),
  },
  { requiredKeys: ["projectId", "type"] },
);

/** Commands on one issue. Most of them do not apply in some state. */
const commands = {
  "issues.resolve": (tracker: IssueTracker, id: string) => tracker.issues.resolve(id, { by: "ann" }),
  "issues.reopen": (tracker: IssueTracker, id: string) => tracker.issues.reopen(id),
  "issues.mute": (tracker: IssueTracker, id: string) =>
    tracker.issues.mute(id, { conditions: [{ period: "total", nrOfPeriods: 1, volume: 5 }] }),
  "issues.unmute": (tracker: IssueTracker, id: string) => tracker.issues.unmute(id),
  "issues.discard": (tracker: IssueTracker, id: string) => tracker.issues.discard(id),
  "issues.undiscard": (tracker: IssueTracker, id: string) => tracker.issues.undiscard(id),
  "issues.watch": (tracker: IssueTracker, id: string) => tracker.issues.watch(id, { conditions: [{ kind: "spike" }] }),
  "issues.annotate": (tracker: IssueTracker, id: string) => tracker.issues.annotate(id, "see #77"),
  "issues.merge": (tracker: IssueTracker, id: string) => tracker.issues.merge(id, { into: "SHOP-1" }),
  "issues.unmerge": (tracker: IssueTracker, id: string) => tracker.issues.unmerge(id),
  "issues.delete": (tracker: IssueTracker, id: string) => tracker.issues.delete(id),
};

/** Calls that are not of one issue. */
const others = {
  tick: (tracker: IssueTracker) => tracker.tick(),
  "issues.bulk": (tracker: IssueTracker) =>
    tracker.issues.bulk(
      { filter: { projectId: "shop", status: ["open", "muted"] } },
      { kind: "resolve", in: "next-release" },
    ),
  "releases.register": (tracker: IssueTracker) => tracker.releases.register({ projectId: "shop", version: "1.5.0" }),
  "releases.retire": (tracker: IssueTracker) => tracker.releases.retire({ projectId: "shop", version: "2.0.0" }),
  "projects.save": (tracker: IssueTracker) => tracker.projects.save({ id: "shop", autoResolveAfterMs: 5 * MINUTE }),
  "events.evict": (tracker: IssueTracker) => tracker.events.evict({ projectId: "shop", keepPerIssue: 1 }),
  "events.erase": (tracker: IssueTracker) => tracker.events.erase("shop", "1"),
};

const digestOne = event.map((given): Call => ({
  name: "digest",
  make: (tracker) => tracker.digest(given),
  projectIds: [given.projectId],
}));
const digestMany = fc.array(event, { maxLength: 4 }).map((given): Call => ({
  name: "digest",
  make: (tracker) => tracker.digest(given),
  projectIds: given.map(({ projectId }) => projectId),
}));
const command = fc
  .tuple(fc.constantFrom(...Object.entries(commands)), issueId)
  .map(([[name, make], id]): Call => ({ name, make: (tracker) => make(tracker, id) }));
const other = fc.constantFrom(...Object.entries(others)).map(([name, make]): Call => ({ name, make }));
const call = fc.oneof(
  { arbitrary: digestOne, weight: 3 },
  { arbitrary: digestMany, weight: 2 },
  { arbitrary: command, weight: 4 },
  { arbitrary: other, weight: 1 },
);

/** Calls at the same time, one after the other. */
const script = fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 });
const fates = fc.array(
  fc.constantFrom<Fate>("commits", "commits", "commits", "conflicts once", "fails at its begin", "fails at its end"),
  { maxLength: 20 },
);

/** What a caller sees of a call. */
type Seen = { readonly name: string } & (
  | { readonly outcome: "succeeded"; readonly events: readonly EventTally[] }
  | { readonly outcome: "failed"; readonly error: unknown }
);

/** What a hook is told, as far as a caller can know it. */
function seenBy(ended: EndedOperation): Seen {
  const { name } = ended;
  return ended.outcome === "failed"
    ? { name, outcome: "failed", error: ended.error }
    : { name, outcome: "succeeded", events: ended.events };
}

/** What became of the events of a call, counted one by one. */
function naiveTallies(outcomes: readonly DigestOutcome[], projectIds: readonly string[]): readonly EventTally[] {
  return [...new Set(projectIds)].map((projectId) => {
    const own = outcomes.filter((_outcome, index) => projectIds[index] === projectId);
    const digested = own.filter((each) => each.kind === "digested");
    return {
      projectId,
      digested: digested.filter((each) => !each.discarded).length,
      duplicate: own.filter((each) => each.kind === "duplicate").length,
      refused: own.filter((each) => each.kind === "refused").length,
      discarded: digested.filter((each) => each.discarded).length,
    };
  });
}

function isOutcomes(value: unknown): value is DigestOutcome | readonly DigestOutcome[] {
  return typeof value === "object" && value !== null;
}

/** Makes calls, and notes what their callers see, in the order in which they see it. */
async function play(tracker: IssueTracker, steps: readonly (readonly Call[])[], passTime: () => void): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const step of steps) {
    passTime();
    await Promise.all(
      step.map(({ name, make, projectIds }) =>
        make(tracker).then(
          (value) => {
            const outcomes = projectIds !== undefined && isOutcomes(value) ? [value].flat() : [];
            seen.push({ name, outcome: "succeeded", events: naiveTallies(outcomes, projectIds ?? []) });
          },
          (error: unknown) => {
            seen.push({ name, outcome: "failed", error });
          },
        ),
      ),
    );
  }
  await tracker.settled();
  return seen;
}

/** A tracker on a store, with two projects and a clock of its own, whose ids are the same at every run. */
async function begin(store: IssueStore, options: Partial<IssueTrackerOptions>) {
  const clock = createVirtualClock(START);
  let ids = 0;
  const newId = (): string => `019b0000-0000-7000-8000-${String(++ids).padStart(12, "0")}`;
  const tracker = createIssueTracker({ store, clock, newId, alertSink: () => undefined, ...options });
  for (const id of PROJECTS) await tracker.projects.save({ id });
  return { tracker, clock };
}

describe.each(storesForStories())("hooks on $name", ({ name, open }) => {
  test("see exactly what was committed, in order and once, whatever fails", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(script, fates, fc.boolean(), async (steps, given, gatherDigests) => {
        const store = await open();
        const fateful = new FatefulStore(store, [...PROJECTS.map((): Fate => "commits"), ...given]);
        const committed: CommittedChanges[] = [];
        const ended: Seen[] = [];
        const hooks: TrackerHooks = {
          committed: (changes) => committed.push(changes),
          ended: (each) => ended.push(seenBy(each)),
        };
        // Without deliveries: after a failure they wait for the clock.
        const options = { hooks, gatherDigests, alertSink: "elsewhere", onError: () => undefined } as const;
        const { tracker, clock } = await begin(fateful.port(), options);
        ended.length = 0;
        const seen = await play(tracker, steps, () => {
          clock.advanceBy(MINUTE);
        });
        expect(ended).toEqual(seen);
        expect(committed).toHaveLength(fateful.commits.length);
        for (const [index, { before, changes }] of fateful.commits.entries()) {
          expect(sorted(committed[index] ?? changes, before)).toEqual(sorted(changes, before));
        }
        await tracker.close();
      }),
      { numRuns: rounds(name === "memory" ? { quick: 25, full: 300 } : { quick: 3, full: 30 }) },
    );
  });

  test("change nothing when they throw, reject, or never begin the operation", { timeout: 300_000 }, async () => {
    const failing: readonly TrackerHooks[] = [
      {
        around: () => {
          throw new Error("around");
        },
        ended: () => {
          throw new Error("ended");
        },
        committed: async () => {
          throw new Error("committed");
        },
        delivered: () => {
          throw new Error("delivered");
        },
      },
      { around: () => undefined },
      {
        around: (_operation, run) => {
          run();
          run();
          return () => {
            throw new Error("end");
          };
        },
      },
    ];
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const results = await Promise.all(
          [[], failing].map(async (hooks) => {
            const store = await open();
            const errors: unknown[] = [];
            const { tracker, clock } = await begin(store, { hooks, onError: (error) => errors.push(error) });
            const oneByOne = steps.flat().map((each) => [each]);
            const seen = await play(tracker, oneByOne, () => {
              clock.advanceBy(MINUTE);
            });
            const contents = await contentsOf(store);
            await tracker.close();
            return { errors, rest: toSnapshot({ seen, contents }) };
          }),
        );
        const [plain, hooked] = results;
        expect(hooked?.rest).toEqual(plain?.rest);
        expect(plain?.errors).toEqual([]);
        const messages = new Set(hooked?.errors.map((error) => (error instanceof Error ? error.message : "")));
        for (const each of ["around", "ended", "end"]) expect(messages).toContain(each);
      }),
      { numRuns: rounds(name === "memory" ? { quick: 10, full: 100 } : { quick: 1, full: 10 }) },
    );
  });

  test("are called after the commit: whoever reads then sees the change", async () => {
    const store = await open();
    const reader = createIssueTracker({ store });
    const reads: Promise<unknown>[] = [];
    const committed: TrackerHooks["committed"] = ({ created, turningPoints }) => {
      for (const { id } of created) reads.push(reader.issues.get(id).then((issue) => issue?.friendlyId));
      for (const { issueId: id, turn } of turningPoints) {
        reads.push(reader.issues.history(id).then(({ items }) => items.some((each) => each.turn.kind === turn.kind)));
      }
    };
    const { tracker } = await begin(store, { hooks: { committed } });
    await tracker.digest([
      { projectId: "shop", type: "A" },
      { projectId: "shop", type: "A" },
    ]);
    await tracker.issues.resolve("SHOP-1");
    expect(await Promise.all(reads)).toEqual(["SHOP-1", true, true]);
    await tracker.close();
  });
});

describe("hooks", () => {
  /** A tracker in memory whose hooks note what they are told. */
  async function watched(options: Partial<IssueTrackerOptions> = {}) {
    const told: string[] = [];
    const sink = createRecordingSink();
    const hooks: TrackerHooks = {
      around: ({ name, issueId, projectId }, run) => {
        told.push(["begins", name, issueId ?? projectId ?? ""].join(" ").trim());
        run();
        return ({ outcome }) => told.push(`${outcome} ${name}`);
      },
      ended: (each) => {
        const code = each.outcome === "failed" && IssueLifecycleError.is(each.error) ? ` ${each.error.code}` : "";
        told.push(`ended ${each.name}${code}`);
      },
      committed: ({ created, changed, deleted, turningPoints }) => {
        const kinds = turningPoints.map(({ turn }) => turn.kind).join(",");
        told.push(
          `committed +${String(created.length)} ~${String(changed.length)} -${String(deleted.length)} ${kinds}`.trim(),
        );
      },
      delivered: ({ kind }) => told.push(`delivery ${kind}`),
    };
    const { tracker } = await begin(createMemoryStore(), { alertSink: sink.deliver, hooks, ...options });
    told.length = 0;
    return { tracker, told, sink };
  }

  test("are told of the begin, the commit and the end of a call, then of the delivery", async () => {
    const { tracker, told } = await watched();
    await tracker.digest({ projectId: "shop", type: "A" });
    expect(told.splice(0)).toEqual([
      "begins digest",
      "committed +1 ~0 -0 first-seen",
      "succeeded digest",
      "ended digest",
    ]);
    await tracker.settled();
    const { id } = await tracker.issues.resolve("shop-1");
    expect(told.splice(0)).toEqual([
      `begins alerts.deliver ${id}`,
      "succeeded alerts.deliver",
      "ended alerts.deliver",
      "delivery delivered",
      "begins issues.resolve shop-1",
      "committed +0 ~1 -0 resolved",
      "succeeded issues.resolve",
      "ended issues.resolve",
    ]);
    await tracker.close();
  });

  test("are told of what is refused, and of the sink's own error", async () => {
    const { tracker, told, sink } = await watched({ onError: () => undefined });
    sink.failWith(new Error("down"));
    await failureOf(tracker.issues.resolve("SHOP-9"));
    await failureOf(tracker.digest([{ projectId: "none", type: "A" }]));
    await failureOf(Promise.resolve(Reflect.apply(tracker.issues.resolve, undefined, [7])));
    await tracker.digest({ projectId: "shop", type: "A" });
    await tracker.settled();
    expect(told.filter((each) => /^ended|^failed|delivery/u.test(each))).toEqual([
      "failed issues.resolve",
      "ended issues.resolve unknown-issue",
      "failed digest",
      "ended digest unknown-project",
      "failed issues.resolve",
      "ended issues.resolve invalid-input",
      "ended digest",
      "failed alerts.deliver",
      "ended alerts.deliver",
      "delivery failed",
    ]);
    await tracker.close();
  });

  test("see calls of digest that share a transaction as one each, and their commit once", async () => {
    const { tracker, told } = await watched({ alertSink: "elsewhere" });
    await Promise.all(["A", "B", "C"].map((type) => tracker.digest({ projectId: "shop", type })));
    expect(told.filter((each) => each === "ended digest")).toHaveLength(3);
    expect(told.filter((each) => each.startsWith("committed"))).toEqual([
      "committed +3 ~0 -0 first-seen,first-seen,first-seen",
    ]);
    await tracker.close();
  });

  test("see a bulk command's chunks, also those before one that fails", async () => {
    const { tracker, told } = await watched({ alertSink: "elsewhere" });
    await tracker.digest(
      Array.from({ length: 501 }, (_each, index) => ({ projectId: "shop", type: `E${String(index)}` })),
    );
    await tracker.issues.resolve("SHOP-501");
    told.length = 0;
    const onRefused = (): never => {
      throw new Error("enough");
    };
    await failureOf(tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "mute" }, { onRefused }));
    expect(told).toEqual([
      "begins issues.bulk",
      `committed +0 ~500 -0 ${Array.from({ length: 500 }, () => "muted").join(",")}`,
      "failed issues.bulk",
      "ended issues.bulk",
    ]);
    await tracker.close();
  });

  test("nest in their order, and end in the other", async () => {
    const told: string[] = [];
    const hooks = ["one", "two"].map((name): TrackerHooks => ({
      around: (_operation, run) => {
        told.push(`${name} begins`);
        run();
        return () => told.push(`${name} ends`);
      },
      ended: () => told.push(`${name} ended`),
    }));
    const tracker = createIssueTracker({ store: createMemoryStore(), hooks });
    await tracker.projects.save({ id: "shop" });
    expect(told).toEqual(["one begins", "two begins", "two ends", "one ends", "one ended", "two ended"]);
    await tracker.close();
  });

  test("measure how long an operation takes, and say nothing of reads", async () => {
    const ended: EndedOperation[] = [];
    const { tracker } = await begin(createMemoryStore(), { hooks: { ended: (each) => ended.push(each) } });
    ended.length = 0;
    const begun = performance.now();
    await tracker.digest({ projectId: "shop", type: "A" });
    const took = performance.now() - begun;
    await tracker.issues.list({ projectId: "shop" });
    await tracker.projects.get("shop");
    await tracker.stats();
    const [digest, ...more] = ended.filter(({ name }) => name !== "alerts.deliver");
    expect(more).toEqual([]);
    expect(digest?.durationMs).toBeGreaterThan(0);
    expect(digest?.durationMs).toBeLessThanOrEqual(took);
    await tracker.close();
  });

  test("cover every method that changes something", async () => {
    const READS = {
      issues: [
        "list",
        "count",
        "counts",
        "get",
        "getMany",
        "history",
        "eventCounts",
        "eventCountsOfMany",
        "muteProgress",
        "watchProgress",
        "discardProgress",
        "releases",
        "occursInLatestRelease",
      ],
      releases: ["list", "latest"],
      projects: ["get", "list"],
      events: ["get", "list", "next", "previous"],
      alerts: ["counts", "list", "start", "stop", "wake", "drain", "dispatchOnce"],
      users: [],
      actors: [],
    } as const;
    const names: string[] = [];
    const { tracker } = await begin(createMemoryStore(), { hooks: { ended: ({ name }) => names.push(name) } });
    names.length = 0;
    const changing: string[] = [];
    for (const [group, reads] of Object.entries(READS)) {
      const methods: unknown = Reflect.get(tracker, group);
      for (const name of Object.keys(Object(methods))) {
        if (reads.some((each) => each === name)) continue;
        changing.push(`${group}.${name}`);
        const method: unknown = Reflect.get(Object(methods), name);
        if (typeof method === "function") await failureOf(Promise.resolve(Reflect.apply(method, undefined, [])));
      }
    }
    expect(names).toEqual(changing);
    expect(names).toContain("issues.bulk");
    await tracker.close();
  });

  test("are told of operations in a host's transaction, but not of commits, which are the host's", async () => {
    const db = new Kysely<object>({ dialect: new SqliteDialect({ database: new Database(":memory:") }) });
    await migrate({ db, dialect: sqliteDialect });
    const ended: EndedOperation[] = [];
    const committed: CommittedChanges[] = [];
    const tracker = createIssueTracker({
      store: kyselyStore({ db, dialect: sqliteDialect }),
      hooks: { ended: (each) => ended.push(each), committed: (changes) => committed.push(changes) },
    });
    await tracker.projects.save({ id: "shop" });
    await db.transaction().execute(async (transaction) => {
      await tracker.withTransaction(transaction).digest({ projectId: "shop", type: "A" });
    });
    await tracker.issues.resolve("SHOP-1");
    expect(ended.map(({ name, inHostTransaction }) => [name, inHostTransaction])).toEqual([
      ["projects.save", false],
      ["digest", true],
      ["issues.resolve", false],
    ]);
    expect(committed.map(({ turningPoints }) => turningPoints.map(({ turn }) => turn.kind))).toEqual([["resolved"]]);
    await tracker.close();
    await db.destroy();
  });

  test.each([
    ["hooks", "committed"],
    ["hooks", null],
    ["hooks.commited", { commited: () => undefined }],
    ["hooks.ended", { ended: true }],
    ["hooks[1].around", [{}, { around: {} }]],
    ["hooks[0]", [() => undefined]],
  ])("that are none are refused, naming the field: %s", (field, hooks) => {
    const options = { store: createMemoryStore(), hooks };
    const create = (): unknown => Reflect.apply(createIssueTracker, undefined, [options]);
    expect(create).toThrow(IssueLifecycleError);
    expect(create).toThrow(
      new RegExp(`^options\\.${field.replace("hooks.commited", "hooks").replaceAll(/[[\]]/gu, "\\$&")}`, "u"),
    );
  });
});

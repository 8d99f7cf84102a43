import { describe, expect, test } from "vitest";
import { createIssueTracker, type IssueTracker } from "../../src/index.ts";
import { createKeyValueStore, type KeyValueEngine } from "../../src/kv/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { memoryEngine } from "../support/key-value-engines.ts";
import { START } from "../support/scenario.ts";

/** A tracker, and how many entries its store has read and written. */
async function openWorld() {
  const counts = { read: 0, written: 0 };
  const engine = memoryEngine();
  const counting: KeyValueEngine = {
    async begin(mode) {
      const transaction = await engine.begin(mode);
      return {
        get: (key) => {
          counts.read++;
          return transaction.get(key);
        },
        range: async (range) => {
          const entries = await transaction.range(range);
          counts.read += 1 + entries.length;
          return entries;
        },
        put: (key, value) => {
          counts.written++;
          return transaction.put(key, value);
        },
        remove: (key) => {
          counts.written++;
          return transaction.remove(key);
        },
        commit: () => transaction.commit(),
        rollback: () => transaction.rollback(),
      };
    },
  };
  const store = createKeyValueStore(counting);
  const tracker = createIssueTracker({ store, clock: createVirtualClock(START), alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  return {
    store,
    tracker,
    /** How much work reads and writes. */
    costOf: async (work: () => Promise<unknown>): Promise<{ readonly read: number; readonly written: number }> => {
      Object.assign(counts, { read: 0, written: 0 });
      await work();
      return { ...counts };
    },
  };
}

/** Opens issues, each with a release, a user and a history of its own. */
async function fill(tracker: IssueTracker, issues: number): Promise<void> {
  for (let index = 0; index < issues; index++) {
    const event = { projectId: "shop", type: `E${String(index)}`, release: `1.0.${String(index)}` };
    await tracker.digest({ ...event, userId: `user ${String(index)}` });
    await tracker.digest({ projectId: "shop", type: "E0", release: event.release, userId: `user ${String(index)}` });
    await tracker.issues.annotate("SHOP-1", "hm");
  }
}

const WORK: readonly (readonly [string, (world: Awaited<ReturnType<typeof openWorld>>) => Promise<unknown>])[] = [
  ["a digest of a known issue", ({ tracker }) => tracker.digest({ projectId: "shop", type: "E0", release: "1.0.0" })],
  [
    "a digest of a new issue and release",
    ({ tracker }) => tracker.digest({ projectId: "shop", type: "N", release: "9.0" }),
  ],
  ["a command", ({ tracker }) => tracker.issues.resolve("SHOP-1", { in: "latest-release" })],
  ["a page of issues", ({ tracker }) => tracker.issues.list({ projectId: "shop", limit: 5, sort: "event-count" })],
  [
    "a page of issues in one state",
    ({ tracker }) => tracker.issues.list({ projectId: "shop", limit: 5, status: "open" }),
  ],
  [
    "a count of issues up to a number",
    ({ tracker }) => tracker.issues.count({ projectId: "shop", status: "open" }, { upTo: 5 }),
  ],
  ["a page of a history", ({ tracker }) => tracker.issues.history("SHOP-1", { limit: 5 })],
  ["a page of releases", ({ tracker }) => tracker.releases.list("shop", { limit: 5 })],
  [
    "a count of users up to a limit",
    async ({ tracker, store }) => {
      const issueId = (await tracker.issues.get("SHOP-1"))?.id ?? "";
      await store.read((reader) => reader.countUsers([{ issueId, fromDay: 0, fromTurn: null, limit: 5 }]));
    },
  ],
  [
    "a claim of alerts in order",
    ({ store }) =>
      store.transaction(async ({ outbox }) =>
        outbox?.claim({ lease: { token: "t", until: START + 1 }, now: START, limit: 5, issueIds: null, inOrder: true }),
      ),
  ],
];

describe("a key-value store", () => {
  test("reads and writes as much for a call, however much is stored", async () => {
    const costs = [];
    for (const issues of [8, 24]) {
      const world = await openWorld();
      await fill(world.tracker, issues);
      const ofWork = [];
      for (const [what, work] of WORK) ofWork.push([what, await world.costOf(() => work(world))]);
      costs.push(ofWork);
    }
    expect(costs[1]).toEqual(costs[0]);
  });

  test("reads each counted entry once for stats, and writes nothing", async () => {
    const { tracker, costOf } = await openWorld();
    await fill(tracker, 20);
    let entries = 0;
    for (const count of Object.values<number>({ ...(await tracker.stats()) })) entries += count;
    // Each kind takes one range here, and each read looks at the version of the keys.
    const { read, written } = await costOf(() => tracker.stats());
    expect(written).toBe(0);
    expect(read).toBeGreaterThanOrEqual(entries + 10);
    expect(read).toBeLessThanOrEqual(entries + 20);
  });

  test("claims the alert of another issue at no cost of a backlog that has to wait", async () => {
    const costs = [];
    for (const backlog of [2, 40]) {
      const { tracker, costOf, store } = await openWorld();
      for (let index = 0; index < backlog; index++) {
        await tracker.digest({ projectId: "shop", type: "loud" });
        await tracker.issues.resolve("SHOP-1");
      }
      await tracker.digest({ projectId: "shop", type: "other" });
      const claim = { lease: { token: "t", until: START + 1 }, now: START, limit: 5, issueIds: null, inOrder: true };
      costs.push(await costOf(() => store.transaction(async ({ outbox }) => outbox?.claim(claim))));
    }
    expect(costs[1]).toEqual(costs[0]);
  });
});

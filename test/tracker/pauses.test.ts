import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueTracker, type NewEvent } from "../../src/index.ts";
import { eachWithPauses, isTurnLong } from "../../src/ports/pause.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { HOUR, START } from "../support/scenario.ts";

const MANY = 1_100;
const ALL = { filter: { projectId: "shop", status: ["open", "resolved", "muted"] } } as const;

/** Works for longer than a turn of the event loop should last. */
function workForLong(): void {
  isTurnLong();
  const until = performance.now() + 15;
  while (performance.now() < until) void 0;
}

/** How often the rest of the process came to run while some work went on, which may ask for it. */
async function turnsDuring(work: (turns: () => number) => Promise<unknown>): Promise<number> {
  let turns = 0;
  const count = (): NodeJS.Immediate =>
    setImmediate(() => {
      turns++;
      next = count();
    });
  let next = count();
  await work(() => turns);
  clearImmediate(next);
  return turns;
}

const eventsOf = (prefix: string, count: number): NewEvent[] =>
  Array.from({ length: count }, (_, index) => ({ projectId: "shop", type: `${prefix}${String(index)}x` }));

/** What takes long on many issues. */
const WORK: readonly (readonly [what: string, work: (tracker: IssueTracker) => Promise<unknown>])[] = [
  ["a digest of many events", (tracker) => tracker.digest(eventsOf("F", 2_000))],
  ["a command on all issues", (tracker) => tracker.issues.bulk(ALL, { kind: "resolve" })],
  ["the deletion of all issues", (tracker) => tracker.issues.bulk(ALL, { kind: "delete" })],
  ["the end of many mutes", (tracker) => tracker.tick(START + 2 * HOUR)],
  ["an eviction of events", (tracker) => tracker.events.evict({ projectId: "shop", receivedBefore: START + HOUR })],
  [
    "many digests one after the other",
    async (tracker) => {
      for (const event of eventsOf("G", 500)) await tracker.digest(event);
    },
  ],
  ["the delivery of many alerts", (tracker) => tracker.alerts.drain()],
  [
    "many reads one after the other",
    async (tracker) => {
      for (let read = 0; read < 200; read++) await tracker.issues.list({ projectId: "shop" });
    },
  ],
];

describe.each([
  ["memory", async () => createMemoryStore()],
  ["SQLite", () => openSqliteStore({ filename: ":memory:" })],
] as const)("on %s", (_name, open) => {
  test.each(WORK)("%s lets the rest of the process run", async (_what, work) => {
    const store = await open();
    const options = { store, clock: createVirtualClock(START) };
    const raising = createIssueTracker({ ...options, alertSink: "elsewhere" });
    await raising.projects.save({ id: "shop" });
    await raising.digest(eventsOf("E", MANY));
    await raising.issues.bulk(ALL, { kind: "mute", until: START + HOUR, wakeOn: "deadline" });
    const tracker = createIssueTracker({ ...options, alertSink: () => undefined, alerts: { limits: null } });
    const turns = await turnsDuring(async () => {
      workForLong();
      await work(tracker);
    });
    expect(turns).toBeGreaterThan(0);
    await tracker.close();
  });
});

describe("work on many values", () => {
  test("pauses whenever a turn of the event loop has lasted for long", async () => {
    const done: { readonly value: number; readonly turn: number }[] = [];
    await turnsDuring((turns) =>
      eachWithPauses([1, 2, 3, 4, 5], (value) => {
        done.push({ value, turn: turns() });
        workForLong();
      }),
    );
    expect(done.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(done.map(({ turn }) => turn)).size).toBe(5);
  });

  test("does not pause where it takes no time", async () => {
    expect(await turnsDuring(() => eachWithPauses([], () => undefined))).toBe(0);
  });
});

describe("a long transaction of openSqliteStore", () => {
  test("pauses between its statements, and others of the store wait for its end", async () => {
    const store = await openSqliteStore({ filename: ":memory:" });
    const order: string[] = [];
    const long = store.transaction(async (transaction) => {
      for (const step of ["1", "2", "3"]) {
        workForLong();
        await transaction.findProjects({ after: null, limit: 1_000 });
        order.push(step);
      }
    });
    const turns = await turnsDuring(async () => {
      await Promise.all([long, store.read(async () => void order.push("read"))]);
    });
    expect(order).toEqual(["1", "2", "3", "read"]);
    expect(turns).toBeGreaterThanOrEqual(3);
    await store.close();
  });
});

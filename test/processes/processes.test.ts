import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore, volumeCondition } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { bundle } from "../support/bundle.ts";
import { rounds } from "../support/effort.ts";
import { temporaryDatabase } from "../support/files.ts";
import { Scenario, START } from "../support/scenario.ts";
import { allAtOnce } from "../support/starting-line.ts";
import { stateOf, takeStep, timeOfStep, wasTaken } from "../support/script.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("worker.ts");

const KILLS = rounds({ quick: 5, full: 25 });

describe("a process that is killed in the middle of digests", () => {
  test(
    `leaves exactly what was acknowledged, or that and the step it was at: ${String(KILLS)} times`,
    { timeout: 300_000 },
    async () => {
      const filename = temporaryDatabase();
      const seed = await Scenario.begin(await openSqliteStore({ filename }));
      await seed.tracker.close();
      const model = createVirtualClock(START);
      const expected = createIssueTracker({ store: createMemoryStore(), clock: model, alertSink: "elsewhere" });
      await expected.projects.save({ id: "shop" });
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const acknowledged = await runUntilKilled(filename, next, 1 + ((kill * 7) % 23));
        const survivor = createIssueTracker({
          store: await openSqliteStore({ filename }),
          clock: createVirtualClock(timeOfStep(acknowledged + 1)),
        });
        const tookOneMore = await wasTaken(survivor, acknowledged + 1);
        for (; next <= acknowledged + (tookOneMore ? 1 : 0); next++) {
          model.advanceTo(timeOfStep(next));
          await takeStep(expected, next);
        }
        model.advanceTo(Math.max(model.now(), timeOfStep(acknowledged + 1)));
        expect(await stateOf(survivor)).toEqual(await stateOf(expected));
        await survivor.close();
      }
      expect(next).toBeGreaterThan(KILLS);
      const database = new Database(filename);
      expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      database.close();
    },
  );
});

describe("a process that is killed while many calls of digest share transactions", () => {
  test(
    `has lost no event that it acknowledged, and counted none twice: ${String(KILLS)} times`,
    { timeout: 300_000 },
    async () => {
      const filename = temporaryDatabase();
      const seed = await Scenario.begin(await openSqliteStore({ filename }));
      await seed.tracker.close();
      const acknowledged = new Set<string>();
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const worker = new Worker(PROGRAM, "flood", filename, String(next), "64");
        const killAt = acknowledged.size + 1 + ((kill * 97) % 331);
        for await (const id of worker.lines()) {
          acknowledged.add(id);
          next = Math.max(next, Number(id) + 1);
          if (acknowledged.size >= killAt) worker.kill();
        }
        expect([await worker.ended, worker.errors]).toEqual(["SIGKILL", ""]);
        // Those that it was about to acknowledge may be stored, and are not made again.
        next += 64;
      }
      const survivor = createIssueTracker({ store: await openSqliteStore({ filename }) });
      const stored: boolean[] = [];
      for (let id = 0; id < next; id++) stored.push((await survivor.events.get("shop", String(id))) !== undefined);
      expect([...acknowledged].filter((id) => stored[Number(id)] !== true)).toEqual([]);
      const { items } = await survivor.issues.list({ projectId: "shop" });
      expect(items.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(stored.filter(Boolean).length);
      await survivor.close();
    },
  );
});

/** Lets a process take steps and kills it after a number of them. Returns the last one that it acknowledged. */
async function runUntilKilled(filename: string, from: number, steps: number): Promise<number> {
  const worker = new Worker(PROGRAM, "script", filename, String(from));
  let acknowledged = from - 1;
  for await (const line of worker.lines()) {
    if (line !== "ready") acknowledged = Number(line);
    if (acknowledged >= from + steps - 1) worker.kill();
  }
  expect([await worker.ended, worker.errors]).toEqual(["SIGKILL", ""]);
  return acknowledged;
}

describe("two processes that digest into one file", () => {
  test("lose nothing, and unmute exactly once", { timeout: 120_000 }, async () => {
    const filename = temporaryDatabase();
    const story = await Scenario.begin(await openSqliteStore({ filename }), {
      alertSink: () => Promise.reject(new Error("no receiver")),
    });
    const { issue } = await story.event();
    await story.tracker.settled();
    await story.tracker.issues.mute(issue.id, { conditions: [volumeCondition(200, "hour")], sinceMute: true });
    const workers = [
      new Worker(PROGRAM, "digest", filename, "0", "150"),
      new Worker(PROGRAM, "digest", filename, "150", "150"),
    ];
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(await story.history(issue.id)).toEqual(["first-seen", "muted", "unmuted"]);
    const [point] = (await story.tracker.issues.history(issue.id)).items;
    expect(point).toMatchObject({ turn: { kind: "unmuted", reason: { kind: "volume-reached", count: 200 } } });
    expect(await story.tracker.issues.get(issue.id)).toMatchObject({ eventCount: 301, state: { status: "open" } });
    const [hour] = await story.tracker.issues.eventCounts(issue.id, { period: "hour", nrOfPeriods: 1 });
    expect(hour?.count).toBe(301);
    const alerts = (await story.tracker.alerts.list()).items;
    expect(alerts.map(({ alert }) => alert.kind).sort()).toEqual(["new-issue", "unmute"]);
    for (let index = 0; index < 300; index++)
      expect(await story.tracker.events.get("shop", `e-${String(index)}`)).toBeDefined();
    await story.tracker.close();
  });
});

describe("twenty processes that open a new file at once", () => {
  test("all find their tables, created once", { timeout: 120_000 }, async () => {
    const filename = temporaryDatabase();
    await allAtOnce(Array.from({ length: 20 }, () => new Worker(PROGRAM, "open", filename)));
    const tracker = createIssueTracker({ store: await openSqliteStore({ filename }) });
    expect((await tracker.issues.list({ projectId: "shop" })).items).toMatchObject([{ eventCount: 20 }]);
    await tracker.close();
    const database = new Database(filename);
    expect(database.prepare("select count(*) from issue_lifecycle_schema").pluck().get()).toBe(1);
    database.close();
  });
});

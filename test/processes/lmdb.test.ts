import { describe, expect, test } from "vitest";
import { openLmdbEngine } from "../../examples/lmdb-store/lmdb-engine.ts";
import { createIssueTracker, createMemoryStore, volumeCondition, type IssueTracker } from "../../src/index.ts";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { bundle } from "../support/bundle.ts";
import { rounds } from "../support/effort.ts";
import { temporaryDatabase } from "../support/files.ts";
import { Scenario, START } from "../support/scenario.ts";
import { stateOf, takeStep, timeOfStep, wasTaken } from "../support/script.ts";
import { allAtOnce } from "../support/starting-line.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("lmdb-worker.ts");

const PROCESSES = 3;
const BATCHES = rounds({ quick: 15, full: 200 });
const KILLS = rounds({ quick: 2, full: 25 });

/** A tracker on a file, for as long as work lasts. */
async function withTracker<Result>(
  filename: string,
  now: number,
  work: (tracker: IssueTracker) => Promise<Result>,
): Promise<Result> {
  const engine = openLmdbEngine(filename);
  const clock = createVirtualClock(now);
  const tracker = createIssueTracker({ store: createKeyValueStore(engine), clock, alertSink: "elsewhere" });
  try {
    return await work(tracker);
  } finally {
    await tracker.close();
    await engine.close();
  }
}

describe("three processes that digest into one file of LMDB", () => {
  test("lose nothing, number issues once, and unmute and alert once", { timeout: 120_000 }, async () => {
    const filename = temporaryDatabase();
    await withTracker(filename, START, async (tracker) => {
      await tracker.projects.save({ id: "shop" });
      await tracker.digest({ projectId: "shop", type: "E" });
      await tracker.issues.mute("SHOP-1", { conditions: [volumeCondition(BATCHES, "hour")], sinceMute: true });
    });
    await allAtOnce(
      Array.from(
        { length: PROCESSES },
        (_, process) => new Worker(PROGRAM, "digest", filename, String(process), String(BATCHES)),
      ),
    );
    await withTracker(filename, START, async (tracker) => {
      const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen", limit: 1_000 });
      const created = 2 + PROCESSES * BATCHES;
      expect(items.map(({ number }) => number).sort((one, other) => one - other)).toEqual(
        Array.from({ length: created }, (_, index) => index + 1),
      );
      const countOf = (title: string): number | undefined => items.find((each) => each.title === title)?.eventCount;
      expect([countOf("E"), countOf("Common")]).toEqual([1 + PROCESSES * BATCHES, BATCHES]);
      expect(items.filter(({ title }) => title.startsWith("New")).every(({ eventCount }) => eventCount === 1)).toBe(
        true,
      );
      const history = (await tracker.issues.history("SHOP-1")).items.map(({ turn }) => turn.kind);
      expect(history).toEqual(["unmuted", "muted", "first-seen"]);
      const [hour] = await tracker.issues.eventCounts("SHOP-1", { period: "hour", nrOfPeriods: 1 });
      expect(hour?.count).toBe(1 + PROCESSES * BATCHES);
      const alerts = (await tracker.alerts.list({ limit: 1_000 })).items.map(({ alert }) => alert);
      expect(alerts.filter(({ kind }) => kind === "unmute")).toHaveLength(1);
      const opened = alerts.filter(({ kind }) => kind === "new-issue").map(({ issue }) => issue?.friendlyId);
      expect([opened.length, new Set(opened).size]).toEqual([created, created]);
    });
  });
});

describe("a process that is killed while it writes to a file of LMDB", () => {
  test(
    `leaves exactly what was acknowledged, or that and the step it was at: ${String(KILLS)} times`,
    { timeout: 300_000 },
    async () => {
      const filename = temporaryDatabase();
      await withTracker(filename, START, async (tracker) => tracker.projects.save({ id: "shop" }));
      const model = await Scenario.begin(createMemoryStore(), { alertSink: "elsewhere", alerts: {} });
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const acknowledged = await runUntilKilled(filename, next, 1 + ((kill * 7) % 23));
        await withTracker(filename, timeOfStep(acknowledged + 1), async (survivor) => {
          const last = acknowledged + ((await wasTaken(survivor, acknowledged + 1)) ? 1 : 0);
          for (; next <= last; next++) {
            model.clock.advanceTo(timeOfStep(next));
            await takeStep(model.tracker, next);
          }
          model.clock.advanceTo(Math.max(model.clock.now(), timeOfStep(acknowledged + 1)));
          expect(await stateOf(survivor)).toEqual(await stateOf(model.tracker));
        });
      }
      expect(next).toBeGreaterThan(KILLS);
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

import { readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { bundle } from "../support/bundle.ts";
import { SERVERS, SQLITE, type SharedPlace } from "../support/databases.ts";
import { rounds } from "../support/effort.ts";
import { temporaryDatabase } from "../support/files.ts";
import { START } from "../support/scenario.ts";
import { tablesIn } from "../support/tables.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("server-worker.ts");

const DISPATCHERS = 4;
/** The most notifications that a dispatcher has in flight. */
const CONCURRENCY = 4;
const ROUNDS_WITH_KILLS = rounds({ quick: 2, full: 4 });
/** The most rounds: an issue has at most three alerts, and each may be refused once. */
const ROUNDS_WITHOUT_KILLS = 4;
const NEW_ISSUES = 60;
const OLD_ISSUES = 20;

/** Raises an alert on each new issue, and two more on some. Returns the ids of all. */
async function raiseAlerts(place: SharedPlace): Promise<string[]> {
  const tables = tablesIn(place, place.connect());
  await migrate(tables);
  const tracker = createIssueTracker({
    store: kyselyStore(tables),
    clock: createVirtualClock(START),
    alertSink: "elsewhere",
  });
  await tracker.projects.save({ id: "shop" });
  const eventsOf = (issues: number) =>
    Array.from({ length: issues }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` }));
  await tracker.digest(eventsOf(NEW_ISSUES));
  for (let times = 0; times < 2; times++) {
    await tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve" });
    await tracker.digest(eventsOf(OLD_ISSUES));
  }
  const { items } = await tracker.alerts.list({ limit: 1_000 });
  expect(items).toHaveLength(NEW_ISSUES + 2 * OLD_ISSUES);
  return items.map(({ alert }) => alert.id);
}

/** Lets dispatchers work at once until they have nothing to do or are killed. Returns the number of those killed. */
async function deliverInRound(place: SharedPlace, what: string, round: number, file: string): Promise<number> {
  const { kind, where } = place.address;
  const withKills = round < ROUNDS_WITH_KILLS;
  const workers = Array.from({ length: DISPATCHERS }, (_, index) => {
    const killedAfter = withKills ? 1 + ((round + index) % 5) : 0;
    return new Worker(PROGRAM, what, kind, where, String(round), String(killedAfter), file);
  });
  const ends = await Promise.all(
    workers.map(async (worker) => {
      for await (const line of worker.lines()) if (line === "ready") worker.go();
      return [await worker.ended, worker.errors];
    }),
  );
  for (const end of ends)
    expect([
      [0, ""],
      ["SIGKILL", ""],
    ]).toContainEqual(end);
  return ends.filter(([ended]) => ended === "SIGKILL").length;
}

/** The positions of the notifications in the file, alert by alert. */
function deliveriesIn(file: string): { issue: string; turningPoint: number; id: string }[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [issue = "", turningPoint = "", id = ""] = line.split(" ");
    return { issue, turningPoint: Number(turningPoint), id };
  });
}

describe.each([SQLITE, ...SERVERS])("dispatchers in several processes on $name", ({ makePlace }) => {
  async function begin(): Promise<{ place: SharedPlace; file: string; ids: string[] }> {
    const place = await makePlace();
    onTestFinished(() => place.drop());
    const file = `${temporaryDatabase()}.deliveries`;
    writeFileSync(file, "");
    return { place, file, ids: await raiseAlerts(place) };
  }

  /** The remaining alerts. */
  async function countsIn(place: SharedPlace): Promise<unknown> {
    const store = kyselyStore(tablesIn(place, place.connect()));
    return createIssueTracker({ store, clock: createVirtualClock(START) }).alerts.counts();
  }

  const NONE = { due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 };

  test(
    "deliver each alert once when none is killed, also what a sink fails on at first",
    { timeout: 120_000 },
    async () => {
      const { place, file, ids } = await begin();
      for (let round = ROUNDS_WITH_KILLS; round < ROUNDS_WITH_KILLS + 2; round++) {
        expect(await deliverInRound(place, "deliver", round, file)).toBe(0);
      }
      expect(
        deliveriesIn(file)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(ids.toSorted());
      expect(await countsIn(place)).toEqual(NONE);
    },
  );

  test.each(["deliver", "deliver-in-order"])(
    "%s each alert at least once when some are killed between delivery and settlement, and only what they had under way twice",
    { timeout: 240_000 },
    async (what) => {
      const { place, file, ids } = await begin();
      let kills = 0;
      for (let round = 0; round < ROUNDS_WITH_KILLS; round++) kills += await deliverInRound(place, what, round, file);
      for (let round = 0; round < ROUNDS_WITHOUT_KILLS; round++) {
        if (isDeepStrictEqual(await countsIn(place), NONE)) break;
        expect(await deliverInRound(place, what, ROUNDS_WITH_KILLS + round, file)).toBe(0);
      }
      const delivered = deliveriesIn(file);
      // There are enough alerts for all of them in the first two rounds.
      expect(kills).toBeGreaterThanOrEqual(2 * DISPATCHERS);
      expect(new Set(delivered.map(({ id }) => id))).toEqual(new Set(ids));
      // A notification has at most three alerts here.
      expect(delivered.length - ids.length).toBeGreaterThan(0);
      expect(delivered.length - ids.length).toBeLessThanOrEqual(kills * CONCURRENCY * 3);
      expect(await countsIn(place)).toEqual(NONE);
      if (what === "deliver") return;
      const reached = new Map<string, number>();
      for (const { issue, turningPoint } of delivered) {
        expect(turningPoint).toBeGreaterThanOrEqual(reached.get(issue) ?? 0);
        reached.set(issue, turningPoint);
      }
    },
  );
});

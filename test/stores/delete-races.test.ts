import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { markSeen, type KnownRelease } from "../../src/core/index.ts";
import { createIssueTracker, IssueLifecycleError, type IssueStore, type IssueTracker } from "../../src/index.ts";
import { kyselyStore } from "../../src/kysely/index.ts";
import { SERVERS, SQLITE, type SharedDatabaseKind } from "../support/databases.ts";
import { MINUTE, START } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

const ROUNDS = 25;

/** The tables with rows of issues. */
const CHILDREN = ["groups", "counters", "release_marks", "turning_points"] as const;

/** Two stores with their own connections, as in two processes. */
async function openPair({ makePlace }: SharedDatabaseKind) {
  const place = await makePlace();
  onTestFinished(() => place.drop());
  const db = place.connect();
  const stores: readonly [IssueStore, IssueStore] = [await openStore(tablesIn(place)), kyselyStore(tablesIn(place))];
  const table = (name: string) =>
    sql.table(`${place.schema === undefined ? "" : `${place.schema}.`}issue_lifecycle_${name}`);
  const count = async (name: string): Promise<number> => {
    const issues = sql`select id from ${table("issues")}`;
    const query = sql<{ n: unknown }>`select count(*) as n from ${table(name)} where issue_id not in (${issues})`;
    return Number((await query.execute(db)).rows[0]?.n);
  };
  return {
    stores,
    /** How many rows there are of issues that do not exist, by table. */
    orphans: async () => Promise.all(CHILDREN.map(async (name) => [name, await count(name)])),
  };
}

const NO_ORPHANS = CHILDREN.map((name) => [name, 0]);

/** Events of the issue of a round, each of another minute and release. */
function eventsOf(round: number, from: number) {
  return Array.from({ length: 6 }, (_, index) => ({
    projectId: "shop",
    type: `T${String(round)}`,
    release: `${String(round)}.${String(from + index)}.0`,
    receivedAt: START + (from + index) * MINUTE,
  }));
}

/** Opens the issue of a round by one event: it has neither counters nor marks of its own yet. */
async function openIssue(tracker: IssueTracker, round: number): Promise<string> {
  const [first] = await tracker.digest(eventsOf(round, 0).slice(0, 1));
  return first?.kind === "digested" ? first.issue.id : "";
}

/** A release in a place of its own. */
function releaseAt(number: number): KnownRelease {
  const name = `9.${String(number)}`;
  const place = { line: "nine", lineNumber: 99, orderKey: `9.${String(number)}`, placedBy: "test" };
  return { ...place, name, version: name, number, standing: "known", releasedAt: START, becameLatest: false };
}

/** Runs work whose issue may be gone already. Returns how long it took, in milliseconds. */
async function racing(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work().catch((error: unknown) => {
    if (!IssueLifecycleError.is(error) || error.code !== "unknown-issue") throw error;
  });
  return performance.now() - begin;
}

describe.each([SQLITE, ...SERVERS])("an issue that is deleted while others change it, on $name", (kind) => {
  test("leaves no rows behind, and nobody waits for seconds", { timeout: 120_000 }, async () => {
    const { stores, orphans } = await openPair(kind);
    const [one, other] = [
      createIssueTracker({ store: stores[0], alertSink: "elsewhere" }),
      createIssueTracker({ store: stores[1], alertSink: "elsewhere" }),
    ];
    await one.projects.save({ id: "shop" });
    const durations: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const id = await openIssue(one, round);
      const race = [
        racing(() => one.digest(eventsOf(round, 10))),
        racing(() => other.issues.annotate(id, "still there?")),
        racing(() => one.issues.resolve(id, { in: { release: `${String(round)}.0.0` } })),
        racing(() => (round % 2 === 0 ? other : one).issues.delete(id)),
        racing(() => other.digest(eventsOf(round, 20))),
      ];
      durations.push(...(await Promise.all(race)));
    }
    expect(await orphans()).toEqual(NO_ORPHANS);
    expect(Math.max(...durations)).toBeLessThan(2_000);
  });

  test("leaves no rows behind when a store deletes it without having loaded it", { timeout: 120_000 }, async () => {
    const { stores, orphans } = await openPair(kind);
    const [changing, deleting] = stores;
    const tracker = createIssueTracker({ store: changing, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    const releases = Array.from({ length: 40 }, (_, number) => releaseAt(number));
    await changing.transaction((each) =>
      each.write({ releases: releases.map((release) => ({ projectId: "shop", release })) }),
    );
    const durations: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const id = await openIssue(tracker, round);
      const loaded = Promise.withResolvers<undefined>();
      const change = changing.transaction(async (transaction) => {
        const { issues } = await transaction.load({ issues: { ids: [id] } });
        loaded.resolve(undefined);
        if (issues.length === 0) return;
        const point = { issueId: id, turn: { kind: "annotated" }, at: START, by: { kind: "system" } } as const;
        // New rows, which no lock of the deletion protects, in many statements: some come after it has deleted the old ones.
        for (let number = 10; number < 40; number++) {
          await transaction.write({
            counters: new Map([[id, new Uint8Array([number])]]),
            marks: [{ issueId: id, mark: markSeen(releaseAt(number), undefined) }],
            turningPoints: [{ ...point, number, eventId: null, comment: "" }],
          });
        }
      });
      await loaded.promise;
      const race = [
        racing(() => change),
        racing(() => deleting.transaction((each) => each.write({ deletedIssues: [id] }))),
      ];
      durations.push(...(await Promise.all(race)));
    }
    expect(await orphans()).toEqual(NO_ORPHANS);
    expect(Math.max(...durations)).toBeLessThan(2_000);
  });
});

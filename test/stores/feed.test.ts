import type { Kysely } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, type IssueTracker } from "../../src/index.ts";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES, SERVERS, type DatabaseKind } from "../support/databases.ts";
import { rounds } from "../support/effort.ts";
import { START } from "../support/scenario.ts";
import { tablesIn } from "../support/tables.ts";

const WRITERS = 4;
const READERS = 3;
/** What each writer does. */
const TURNS = rounds({ quick: 6, full: 150 });

/** Opens handles on one database, each with a connection pool of its own. */
async function openHandles({ makePlace }: DatabaseKind, count: number) {
  const place = await makePlace();
  onTestFinished(() => place.drop());
  const first = tablesIn(place);
  await migrate(first);
  return Array.from({ length: count }, (_, index): { readonly db: Kysely<object>; readonly tracker: IssueTracker } => {
    const tables = index === 0 ? first : tablesIn(place, place.connect());
    const tracker = createIssueTracker({
      store: kyselyStore(tables),
      clock: createVirtualClock(START),
      alertSink: "elsewhere",
    });
    onTestFinished(() => tracker.close());
    return { db: tables.db, tracker };
  });
}

/** Opens issues, adds to histories, and rolls some of that back, as a host may. */
async function writeSome(tracker: IssueTracker, db: Kysely<object>, writer: number): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    const type = `W${String(writer)}t${String(turn)}x`;
    const event = { projectId: "shop", type };
    if (turn % 4 === 3) {
      const work = db.transaction().execute(async (transaction) => {
        const joined = tracker.withTransaction(transaction);
        await joined.digest({ ...event, type: `${type} of the host` });
        // The transaction stays open while others commit.
        for (let look = 0; look < 3; look++) await joined.issues.get("SHOP-1");
        if (turn % 8 === 7) throw new Error("on purpose");
      });
      await work.catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== "on purpose") throw error;
      });
    } else {
      const outcomes = await tracker.digest([event, { projectId: "shop", type: "shared by all writers" }]);
      const [outcome] = outcomes;
      if (outcome?.kind === "digested") await tracker.issues.annotate(outcome.issue.id, "hm");
    }
    await tracker.issues.annotate("SHOP-1", `${String(writer)} ${String(turn)}`);
  }
}

/** Reads until the writers have ended and nothing is left. */
async function follow(tracker: IssueTracker, limit: number, haveEnded: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor = "feed:0"; ;) {
    const wereAtTheEnd = haveEnded();
    const page = await tracker.feed({ cursor, limit });
    seen.push(...page.entries.map(({ issueId, turningPoint: { number } }) => `${issueId} ${String(number)}`));
    cursor = page.next;
    if (page.hasMore) continue;
    if (wereAtTheEnd) return seen;
    await new Promise(setImmediate);
  }
}

async function expectFollowed(tracker: IssueTracker, seen: readonly string[]): Promise<void> {
  const expected: string[] = [];
  const { items } = await tracker.issues.list({ projectId: "shop", limit: 1_000 });
  for (const { id, turningPointCount } of items) {
    const history = Array.from({ length: turningPointCount }, (_, index) => `${id} ${String(index + 1)}`);
    expect(seen.filter((name) => name.startsWith(id))).toEqual(history);
    expected.push(...history);
  }
  expect(seen.toSorted()).toEqual(expected.sort());
}

describe.each(DATABASES)("the feed on $name", (kind) => {
  test("is seen by each of several readers in full, while others write, roll back and give positions", async () => {
    const isShared = kind.isServer;
    const handles = await openHandles(kind, isShared ? WRITERS + READERS : 1);
    const [first] = handles;
    if (first === undefined) throw new Error("no handle");
    await first.tracker.projects.save({ id: "shop" });
    await first.tracker.digest({ projectId: "shop", type: "the first" });
    let ended = 0;
    const at = (place: number) => handles[isShared ? place : 0] ?? first;
    const writers = Array.from({ length: isShared ? WRITERS : 1 }, async (_, writer) => {
      const { tracker, db } = at(writer);
      await writeSome(tracker, db, writer);
      ended++;
    });
    const readers = Array.from({ length: READERS }, (_, reader) =>
      follow(at(WRITERS + reader).tracker, [1, 7, 100][reader] ?? 50, () => ended === writers.length),
    );
    await Promise.all(writers);
    const feeds = await Promise.all(readers);
    for (const seen of feeds) {
      await expectFollowed(first.tracker, seen);
      expect(seen).toEqual(feeds[0]);
    }
  }, 60_000);
});

describe.each(SERVERS)("the feed on $name", (kind) => {
  test("has what a transaction wrote that began before others and is committed after them, behind these", async () => {
    const [one, other] = await openHandles(kind, 2);
    if (one === undefined || other === undefined) throw new Error("no handle");
    for (const id of ["shop", "blog"]) await one.tracker.projects.save({ id });
    const { next } = await one.tracker.feed({ from: "end" });
    const [written, read] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const early = one.db
      .transaction()
      .setIsolationLevel("read committed")
      .execute(async (transaction) => {
        await one.tracker.withTransaction(transaction).digest({ projectId: "shop", type: "A" });
        written.resolve(undefined);
        await read.promise;
      });
    await written.promise;
    await other.tracker.digest({ projectId: "blog", type: "A" });
    const before = await other.tracker.feed({ cursor: next });
    expect(before.entries.map(({ friendlyId }) => friendlyId)).toEqual(["BLOG-1"]);
    read.resolve(undefined);
    await early;
    const after = await other.tracker.feed({ cursor: before.next });
    expect(after.entries.map(({ friendlyId }) => friendlyId)).toEqual(["SHOP-1"]);
    expect((await one.tracker.feed({ cursor: next })).entries).toEqual([...before.entries, ...after.entries]);
  });
});

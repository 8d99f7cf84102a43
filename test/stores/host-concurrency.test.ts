import { sql, type Kysely } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, type IssueTracker } from "../../src/index.ts";
import { kyselyStore } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES_FOR_STORIES, SERVERS, type Place } from "../support/databases.ts";
import { failureOf } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

const places: Place[] = [];

afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
});

const EVENT = { projectId: "shop", type: "TypeError", value: "x" };

describe.each(DATABASES_FOR_STORIES)("the tracker itself, inside of a host's transaction on $name", ({ makePlace }) => {
  test("fails with a clear error instead of hanging when the transaction holds the only connection", async () => {
    const place = await makePlace();
    places.push(place);
    const db = place.connect({ poolSize: 1 });
    const tables = tablesIn(place, db);
    const tracker = createIssueTracker({ store: await openStore({ ...tables, connectionTimeoutMs: 50 }) });
    await tracker.projects.save({ id: "shop" });
    const wrong = db.transaction().execute(() => tracker.digest(EVENT));
    expect(await failureOf(wrong)).toMatchObject({
      code: "store-busy",
      retryable: true,
      message: expect.stringContaining("use tracker.withTransaction(transaction)"),
    });
    // Nothing of it is written later, and the connection is free.
    expect((await tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    expect(await tracker.digest(EVENT)).toMatchObject({ created: true });
  });

  test("waits without a limit for its own work, which is no transaction of a host", async () => {
    const place = await makePlace();
    places.push(place);
    const tables = { ...tablesIn(place, place.connect({ poolSize: 1 })), connectionTimeoutMs: 100 };
    const tracker = createIssueTracker({ store: await openStore({ ...tables, connectionTimeoutMs: 10_000 }) });
    await tracker.projects.save({ id: "shop" });
    const waiting = createIssueTracker({ store: kyselyStore(tables) });
    const big = Array.from({ length: 3_000 }, (_, index) => ({
      ...EVENT,
      id: String(index),
      type: `T${String(index)}`,
    }));
    const outcomes = await Promise.all([waiting.digest(big), waiting.digest({ ...EVENT, id: "last" })]);
    expect(outcomes[0]).toHaveLength(3_000);
    expect(outcomes[1]).toMatchObject({ kind: "digested" });
  });
});

describe.each(SERVERS)("a host's transaction on $name", ({ name, makePlace, dialect }) => {
  const waitsForLocks = dialect.locking.kind === "rows" && dialect.locking.limitWaiting(1) !== null;

  test("locks an issue until it ends: others wait, and fail if it takes too long", async () => {
    const place = await makePlace();
    places.push(place);
    const tracker = createIssueTracker({ store: await openStore(tablesIn(place)) });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest(EVENT);
    const db = place.connect({ poolSize: 1 });
    // Where only the host can limit the wait for a lock, it does.
    if (!waitsForLocks) await sql`set session innodb_lock_wait_timeout = 1`.execute(db);
    const other = createIssueTracker({ store: kyselyStore({ ...tablesIn(place, db), busyTimeoutMs: 0 }) });
    await place
      .connect()
      .transaction()
      .execute(async (transaction) => {
        await tracker.withTransaction(transaction).digest(EVENT);
        expect(await failureOf(other.digest(EVENT))).toMatchObject({ code: "store-busy", retryable: true });
      });
    expect(await other.digest(EVENT)).toMatchObject({ kind: "digested", issue: { eventCount: 3 } });
  });

  test("keeps digests of other issues waiting for 100 ms at most, though calls share transactions", async () => {
    const place = await makePlace();
    places.push(place);
    const tracker = createIssueTracker({ store: await openStore(tablesIn(place)) });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest([EVENT, { ...EVENT, type: "RangeError" }]);
    const db = place.connect();
    let waiting: Promise<unknown> | undefined;
    await db.transaction().execute(async (transaction) => {
      await tracker.withTransaction(transaction).digest(EVENT);
      waiting = tracker.digest(EVENT);
      // A read keeps later calls from joining that one, whose transaction may not have begun.
      await tracker.issues.list({ projectId: "shop" });
      expect(await tracker.digest({ ...EVENT, type: "RangeError" })).toMatchObject({ issue: { eventCount: 2 } });
    });
    expect(await waiting).toMatchObject({ issue: { eventCount: 3 } });
  });

  const LEVELS = [undefined, "read committed", "repeatable read", "serializable"] as const;
  const START = Date.UTC(2026, 10, 23, 9);

  /** Digests in a host's transaction that had read before another digest was committed, and retries it after a conflict. */
  async function digestBesides(
    tracker: IssueTracker,
    db: Kysely<object>,
    level: (typeof LEVELS)[number],
    event: { readonly type: string; readonly release: string },
  ): Promise<void> {
    const others = [() => tracker.digest({ ...EVENT, ...event, id: "other", receivedAt: START + 120_000 })];
    // On MySQL such a transaction locks what it reads: other writers would wait for it, and it waits for them here.
    const isLocking = level === "serializable" && name !== "PostgreSQL";
    if (isLocking) await Promise.all(others.splice(0).map((write) => write()));
    const begin = level === undefined ? db.transaction() : db.transaction().setIsolationLevel(level);
    const attempt = (): Promise<unknown> =>
      begin.execute(async (transaction) => {
        const inside = tracker.withTransaction(transaction);
        await inside.issues.list({ projectId: "shop" });
        await Promise.all(others.splice(0).map((write) => write()));
        return inside.digest({ ...EVENT, ...event, id: "host", receivedAt: START + 180_000 });
      });
    try {
      await attempt();
    } catch (error) {
      expect(error).toMatchObject({ code: "store-conflict", retryable: true });
      await attempt();
    }
  }

  describe.each([
    { type: "TypeError", release: "", what: "an existing issue", friendlyId: "SHOP-1", counts: [1, 0, 1, 1, 0] },
    { type: "RangeError", release: "1.0.0", what: "a new issue", friendlyId: "SHOP-2", counts: [0, 0, 1, 1, 0] },
  ])("that has read before other transactions counted $what", ({ type, release, friendlyId, counts }) => {
    test.each(LEVELS)("loses none of their counts, at the isolation level %s", async (level) => {
      const place = await makePlace();
      places.push(place);
      const db = place.connect();
      const clock = createVirtualClock(START + 240_000);
      const tracker = createIssueTracker({ store: await openStore(tablesIn(place, db)), clock });
      await tracker.projects.save({ id: "shop" });
      await tracker.digest({ ...EVENT, receivedAt: START });
      await digestBesides(tracker, db, level, { type, release });
      const issue = await tracker.issues.get(friendlyId);
      const series = await tracker.issues.eventCounts(issue?.id ?? "", { period: "minute", nrOfPeriods: 5 });
      expect(series.map(({ count }) => count)).toEqual(counts);
      const numbers = (await tracker.releases.list("shop")).items.map((each) => each.number);
      expect(numbers).toEqual(release === "" ? [] : [1]);
    });
  });
});

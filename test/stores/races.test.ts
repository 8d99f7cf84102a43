import { CompiledQuery, sql, type Kysely } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, type IssueTracker } from "../../src/index.ts";
import { kyselyStore, mysqlDialect, postgresDialect } from "../../src/kysely/index.ts";
import { DATABASES_FOR_STORIES, SERVERS, type DatabaseKind, type Place } from "../support/databases.ts";
import { DAY, failureOf } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

const places: Place[] = [];

afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
});

interface Racers {
  readonly place: Place;
  readonly one: IssueTracker;
  readonly other: IssueTracker;
}

/** Two trackers with separate connections, as in two processes. */
async function openRacers({ makePlace }: DatabaseKind): Promise<Racers> {
  const place = await makePlace();
  places.push(place);
  // Each call has a transaction of its own: these are what races.
  const alone = { alertSink: "elsewhere", gatherDigests: false } as const;
  const one = createIssueTracker({ store: await openStore(tablesIn(place)), ...alone });
  const other = createIssueTracker({ store: kyselyStore(tablesIn(place)), ...alone });
  await one.projects.save({ id: "shop" });
  return { place, one, other };
}

/** Resolves for all callers when each of them has called it. */
function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let waiting = 0;
  return async () => {
    if (++waiting === count) resolve(undefined);
    // A retry after a failure finds it open.
    await promise;
  };
}

async function idsOf(tracker: IssueTracker): Promise<string[]> {
  return (await tracker.issues.list({ projectId: "shop" })).items.map(({ id }) => id);
}

describe.each(DATABASES_FOR_STORIES)("on $name, by two trackers at once", (kind) => {
  test("changes of one project that are saved at once are all kept", async () => {
    const { one, other } = await openRacers(kind);
    await Promise.all([
      one.projects.save({ id: "shop", slug: "web" }),
      other.projects.save({ id: "shop", alerts: { unmute: false } }),
      one.projects.save({ id: "shop", alerts: { regression: false } }),
      other.projects.save({ id: "shop", alerts: { "new-issue": false } }),
      one.projects.save({ id: "shop", stateEnvironments: ["production"] }),
      other.projects.save({ id: "shop", watch: { conditions: [{ kind: "spike" }] } }),
      one.projects.save({ id: "shop", alerts: { loud: false } }),
      other.projects.save({ id: "shop", autoResolveAfterMs: DAY }),
    ]);
    expect(await one.projects.get("shop")).toEqual({
      id: "shop",
      slug: "web",
      alerts: { "new-issue": false, regression: false, unmute: false, loud: false },
      watch: { conditions: [{ kind: "spike", floor: 10, factor: 3 }] },
      stateEnvironments: ["production"],
      autoResolveAfterMs: DAY,
    });
  });

  test.each([
    ["version", "1.0.0", (round: number) => `2.${String(round)}.0`],
    ["date", "build-first", (round: number) => `build-${String(round)}`],
  ])(
    "a fix claimed in a release while its first event arrives is a fix in that release, ordered by %s",
    async (_order, broken, releaseOf) => {
      const { one, other } = await openRacers(kind);
      for (let round = 0; round < 10; round++) {
        const release = releaseOf(round);
        const type = `T${String(round)}`;
        const outcomes = await one.digest([
          { projectId: "shop", type, release: broken },
          { projectId: "shop", type: `${type} too`, release: broken },
        ]);
        const [issue, second] = outcomes.flatMap((each) => (each.kind === "digested" ? each.issue : []));
        const claim = { in: { release, announce: true } };
        // In half of the rounds the release is announced already.
        if (round % 2 === 0) await other.issues.resolve(second?.id ?? "", claim);
        await Promise.all([
          one.issues.resolve(issue?.id ?? "", claim),
          other.digest({ projectId: "shop", type: "elsewhere", release }),
        ]);
        expect(await one.digest({ projectId: "shop", type, release: broken })).toMatchObject({ regressed: null });
        expect(await one.digest({ projectId: "shop", type, release })).toMatchObject({
          regressed: { kind: "fixed-in-release", fixedIn: release },
        });
      }
      const releases = (await one.releases.list("shop")).items;
      expect(new Set(releases.map(({ number }) => number)).size).toBe(releases.length);
    },
  );

  test("a mark is kept while the date of its release is corrected", async () => {
    const { one, other } = await openRacers(kind);
    const release = "build-1";
    await one.digest({ projectId: "shop", type: "first", release });
    const types = Array.from({ length: 20 }, (_, index) => `T${String(index)}`);
    await Promise.all([
      ...types.map((type) => one.digest({ projectId: "shop", type, release })),
      ...types.map((_, hour) =>
        other.releases.register({ projectId: "shop", version: release, releasedAt: (1 + hour) * 3_600_000 }),
      ),
    ]);
    const marks = await Promise.all((await idsOf(one)).map(async (id) => (await one.issues.releases(id)).items));
    const [known] = (await one.releases.list("shop")).items;
    const { orderKey, releasedAt } = known?.standing === "known" ? known : expect.fail("not known");
    expect(marks).toEqual(
      ["first", ...types].map(() => [expect.objectContaining({ last: "seen", orderKey, releasedAt })]),
    );
  });

  test("no mark and no fix claim is left in a release that is retired while it is seen and claimed", async () => {
    const { one, other } = await openRacers(kind);
    const types = Array.from({ length: 20 }, (_, index) => `T${String(index)}`);
    await one.digest(types.map((type) => ({ projectId: "shop", type, release: "1.0.0" })));
    await one.digest({ projectId: "shop", type: "first", release: "999.9.9" });
    const ids = await idsOf(one);
    const claims = Promise.allSettled(ids.map((id) => one.issues.resolve(id, { in: { release: "999.9.9" } })));
    await Promise.all([
      ...types.map((type) => one.digest({ projectId: "shop", type, release: "999.9.9" })),
      claims,
      other.releases.retire({ projectId: "shop", version: "999.9.9" }),
    ]);
    for (const claim of await claims) {
      if (claim.status === "rejected") expect(claim.reason).toMatchObject({ code: "release-retired" });
    }
    for (const id of ids) {
      const versions = (await one.issues.releases(id)).items.map(({ version }) => version);
      expect(versions).not.toContain("999.9.9");
      expect(JSON.stringify((await one.issues.get(id))?.state)).not.toContain("999.9.9");
    }
  });

  test("issues that wait for the next release get it, whichever transaction brings it first", async () => {
    const { one, other } = await openRacers(kind);
    const types = Array.from({ length: 20 }, (_, index) => `T${String(index)}`);
    await one.digest(types.map((type) => ({ projectId: "shop", type, release: "1.0.0" })));
    await one.issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve", in: "next-release" });
    await Promise.all([
      one.digest(types.map((type) => ({ projectId: "shop", id: `one ${type}`, type, release: "1.0.0" }))),
      other.releases.register({ projectId: "shop", version: "2.0.0" }),
      one.releases.register({ projectId: "shop", version: "2.0.0" }),
      other.digest({ projectId: "shop", type: "new", release: "2.0.0" }),
    ]);
    const histories = await Promise.all((await idsOf(one)).map((id) => one.issues.history(id)));
    const materialized = histories.map(
      ({ items }) => items.filter(({ turn }) => turn.kind === "next-materialized").length,
    );
    expect(materialized.sort()).toEqual([0, ...types.map(() => 1)]);
  });
});

describe.each(SERVERS)("on $name", (kind) => {
  test("transactions that wait for each other both succeed: the aborted one is retried", async () => {
    const { place, one } = await openRacers(kind);
    await one.digest(["A", "B"].map((type) => ({ projectId: "shop", type })));
    const [a = "", b = ""] = await idsOf(one);
    const stores = [kyselyStore(tablesIn(place)), kyselyStore(tablesIn(place))];
    const bothHoldOne = barrier(2);
    let attempts = 0;
    const orders = [
      [a, b],
      [b, a],
    ];
    const locked = await Promise.all(
      stores.map((store, index) =>
        store.transaction(async (transaction) => {
          attempts++;
          const found = [];
          for (const id of orders[index] ?? []) {
            found.push((await transaction.load({ issues: { ids: [id] } })).issues.length);
            await bothHoldOne();
          }
          return found;
        }),
      ),
    );
    expect(locked).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(attempts).toBeGreaterThanOrEqual(3);
  });

  test("a host's transaction that is aborted in favour of another one gets a retryable error", async () => {
    const { place, one } = await openRacers(kind);
    await one.digest(["A", "B"].map((type) => ({ projectId: "shop", type })));
    const [a = "", b = ""] = await idsOf(one);
    const bothHoldOne = barrier(2);
    const db = place.connect();
    const within = (first: string, second: string) =>
      db.transaction().execute(async (transaction) => {
        const { issues } = one.withTransaction(transaction);
        await issues.annotate(first, "first");
        await bothHoldOne();
        try {
          await issues.annotate(second, "second");
        } catch (error) {
          // The database may have ended the transaction: a later write would be committed at once.
          if (kind.dialect === mysqlDialect) {
            const again = one.withTransaction(transaction).issues.annotate(second, "again");
            expect(await failureOf(again)).toMatchObject({ code: "transaction-ended" });
          }
          throw error;
        }
      });
    const settled = await Promise.allSettled([within(a, b), within(b, a)]);
    const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(failures).toMatchObject([{ code: "store-conflict", retryable: true }]);
    const histories = await Promise.all([a, b].map((id) => one.issues.history(id)));
    expect(histories.map(({ items }) => items.length)).toEqual([2, 2]);
  });

  test("the first events of new groups and releases wait for each other: none has to be retried", async () => {
    const { place, one } = await openRacers(kind);
    const statements: string[] = [];
    const db = place.connect({ log: ({ query }) => void statements.push(query.sql) });
    const store = kyselyStore(tablesIn(place, db));
    const tracker = createIssueTracker({ store, alertSink: "elsewhere", gatherDigests: false });
    for (let round = 0; round < 5; round++) {
      const release = `1.${String(round)}.0`;
      const types = [`A${String(round)}`, `B${String(round)}`];
      const batch = (racer: number) =>
        types.map((type) => ({ projectId: "shop", id: `${String(racer)} ${type}`, type, release }));
      await Promise.all(Array.from({ length: 8 }, (_, racer) => tracker.digest(batch(racer))));
    }
    // On MariaDB the last writes are in one block with the commit.
    expect(statements.filter((each) => /^commit$|; commit; end$/u.test(each))).toHaveLength(40);
    expect(statements.filter((each) => each === "rollback")).toEqual([]);
    const { items } = await one.issues.list({ projectId: "shop", sort: "first-seen" });
    expect(items.map(({ number, eventCount }) => [number, eventCount])).toEqual(
      Array.from({ length: 10 }, (_, index) => [10 - index, 8]),
    );
  });

  test("a connection that is lost is a retryable error, and the next call has another one", async () => {
    const { place, one } = await openRacers(kind);
    const db = place.connect({ poolSize: 1 });
    const tracker = createIssueTracker({ store: kyselyStore(tablesIn(place, db)), alertSink: "elsewhere" });
    const end = await connectionOf(db, kind);
    const lost = kyselyStore(tablesIn(place, db)).transaction(async (transaction) => {
      await transaction.findProjects({ ids: ["shop"] });
      await place.connect().executeQuery(end);
      await transaction.findProjects({ ids: ["shop"] });
    });
    expect(await failureOf(lost)).toMatchObject({ code: "store-failed", retryable: true });
    expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: true });
    expect(await idsOf(one)).toHaveLength(1);
  });
});

/** Ends the connection of an instance that has only one, from another connection. */
async function connectionOf(db: Kysely<object>, { dialect }: DatabaseKind): Promise<CompiledQuery> {
  const isPostgres = dialect === postgresDialect;
  const question = isPostgres ? "select pg_backend_pid() as id" : "select connection_id() as id";
  const { rows } = await sql<{ id: unknown }>`${sql.raw(question)}`.execute(db);
  const id = String(Number(rows[0]?.id));
  return CompiledQuery.raw(isPostgres ? `select pg_terminate_backend(${id})` : `kill ${id}`);
}

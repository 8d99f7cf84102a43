import { sql, type Kysely, type Transaction } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, type Alert, type IssueTracker } from "../../src/index.ts";
import { kyselyStore } from "../../src/kysely/index.ts";
import { DATABASES, type DatabaseKind, type Place } from "../support/databases.ts";
import { failureOf } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

/** A host with its own table in the same database as this library's. */
interface Host {
  readonly db: Kysely<object>;
  readonly place: Place;
  readonly tracker: IssueTracker;
  readonly alerts: readonly Alert[];
  /** Writes a row into the host's table. */
  write(transaction: Kysely<object>, id: number): Promise<void>;
  /** The rows of the host's table. */
  rows(): Promise<number[]>;
}

const hosts: Host[] = [];

async function openHost({ makePlace }: DatabaseKind): Promise<Host> {
  const place = await makePlace();
  const db = place.connect();
  const alerts: Alert[] = [];
  const store = await openStore(tablesIn(place, db));
  const tracker = createIssueTracker({ store, alertSink: (alert) => void alerts.push(alert) });
  await tracker.projects.save({ id: "shop" });
  const orders = sql.table(place.schema === undefined ? "orders" : `${place.schema}.orders`);
  await sql`create table ${orders} (id bigint primary key)`.execute(db);
  const host: Host = {
    db,
    place,
    tracker,
    alerts,
    write: async (transaction, id) => {
      await sql`insert into ${orders} (id) values (${id})`.execute(transaction);
    },
    rows: async () => {
      const { rows } = await sql<{ id: unknown }>`select id from ${orders} order by id`.execute(db);
      return rows.map(({ id }) => Number(id));
    },
  };
  hosts.push(host);
  return host;
}

afterEach(async () => {
  for (const { tracker, place } of hosts.splice(0)) {
    await tracker.close();
    await place.drop();
  }
});

const EVENT = { projectId: "shop", id: "e1", type: "TypeError", value: "x" };

describe.each(DATABASES)("within a host's transaction on $name", (kind) => {
  test("what the tracker writes is committed with the host's own rows", async () => {
    const host = await openHost(kind);
    await host.db.transaction().execute(async (transaction) => {
      await host.write(transaction, 1);
      const tracker = host.tracker.withTransaction(transaction);
      expect(await tracker.digest(EVENT)).toMatchObject({ kind: "digested", created: true });
    });
    expect(await host.rows()).toEqual([1]);
    expect(await host.tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: 1 });
  });

  test("what the tracker writes is rolled back with the host's own rows", async () => {
    const host = await openHost(kind);
    await host.tracker.digest({ ...EVENT, id: "before" });
    await host.tracker.settled();
    const { items } = await host.tracker.issues.list({ projectId: "shop" });
    const id = items[0]?.id ?? "";
    const rolledBack = host.db.transaction().execute(async (transaction) => {
      await host.write(transaction, 1);
      const tracker = host.tracker.withTransaction(transaction);
      await tracker.digest([EVENT, { ...EVENT, id: "e2", type: "RangeError", release: "2.0.0" }]);
      await tracker.issues.resolve(id, { in: { release: "9.0.0" } });
      await tracker.projects.save({ id: "shop", slug: "other" });
      await tracker.projects.save({ id: "new" });
      await tracker.releases.register({ projectId: "shop", version: "3.0.0" });
      throw new Error("the host rolls back");
    });
    expect(await failureOf(rolledBack)).toMatchObject({ message: "the host rolls back" });
    expect(await host.rows()).toEqual([]);
    const issues = await host.tracker.issues.list({ projectId: "shop" });
    expect(issues.items).toEqual(items);
    expect((await host.tracker.projects.list()).map(({ slug }) => slug)).toEqual(["shop"]);
    expect((await host.tracker.releases.list("shop")).items.map(({ version }) => version)).toEqual([""]);
    expect((await host.tracker.alerts.list()).items).toEqual([]);
    expect(await host.tracker.digest(EVENT)).toMatchObject({ kind: "digested" });
  });

  test("a call that fails leaves nothing behind, and the host can continue and commit", async () => {
    const host = await openHost(kind);
    await host.db.transaction().execute(async (transaction) => {
      await host.write(transaction, 1);
      const tracker = host.tracker.withTransaction(transaction);
      const first = await tracker.digest(EVENT);
      expect(
        await failureOf(
          tracker.digest([
            { ...EVENT, id: "e2" },
            { ...EVENT, projectId: "none" },
          ]),
        ),
      ).toMatchObject({
        code: "unknown-project",
      });
      const id = first.kind === "digested" ? first.issue.id : "";
      expect(await failureOf(tracker.issues.unmute(id))).toMatchObject({ code: "not-muted" });
      await host.write(transaction, 2);
      await tracker.digest({ ...EVENT, id: "e3" });
    });
    expect(await host.rows()).toEqual([1, 2]);
    expect(await host.tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: 2 });
    expect(await host.tracker.events.get("shop", "e2")).toBeUndefined();
  });

  test("a write that fails half-way leaves nothing behind", async () => {
    const host = await openHost(kind);
    const sameId = createIssueTracker({
      store: kyselyStore(tablesIn(host.place, host.db)),
      newId: () => "01900000-0000-7000-8000-000000000001",
    });
    await host.db.transaction().execute(async (transaction) => {
      // Two new issues with one id: the second cannot be inserted.
      const batch = [EVENT, { ...EVENT, id: "e2", type: "RangeError" }];
      expect(await failureOf(sameId.withTransaction(transaction).digest(batch))).toMatchObject({
        code: "store-conflict",
        retryable: true,
      });
      await host.write(transaction, 1);
    });
    expect(await host.rows()).toEqual([1]);
    expect((await host.tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    expect((await host.tracker.releases.list("shop")).items).toEqual([]);
  });

  test("alerts are stored in it, and delivered after the commit", async () => {
    const host = await openHost(kind);
    await host.db.transaction().execute(async (transaction) => {
      const tracker = host.tracker.withTransaction(transaction);
      await tracker.digest(EVENT);
      await tracker.tick();
    });
    expect(host.alerts).toEqual([]);
    expect(await host.tracker.alerts.drain()).toMatchObject({ delivered: 1, failed: 0 });
    expect(host.alerts).toMatchObject([{ reason: { kind: "new-issue" }, event: { id: "e1" } }]);
  });

  test("reads see what the transaction has written", async () => {
    const host = await openHost(kind);
    await host.db.transaction().execute(async (transaction) => {
      const { digest, issues, releases } = host.tracker.withTransaction(transaction);
      await digest({ ...EVENT, release: "1.0.0" });
      expect((await issues.list({ projectId: "shop" })).items).toHaveLength(1);
      expect(await releases.latest("shop")).toMatchObject({ version: "1.0.0" });
    });
  });

  test("concurrent calls run one after the other", async () => {
    const host = await openHost(kind);
    await host.db.transaction().execute(async (transaction) => {
      const tracker = host.tracker.withTransaction(transaction);
      const ids = Array.from({ length: 20 }, (_, index) => String(index));
      const settled = await Promise.allSettled([
        ...ids.map((id) => tracker.digest({ ...EVENT, id })),
        tracker.digest({ ...EVENT, projectId: "none" }),
      ]);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
    });
    expect(await host.tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: 20 });
  });

  test("so do concurrent calls through several trackers on one transaction", async () => {
    const host = await openHost(kind);
    await host.db.transaction().execute(async (transaction) => {
      const settled = await Promise.allSettled([
        host.tracker.withTransaction(transaction).digest({ ...EVENT, id: "first" }),
        host.tracker.withTransaction(transaction).digest([
          { ...EVENT, id: "failing" },
          { ...EVENT, projectId: "none" },
        ]),
        host.tracker.withTransaction(transaction).digest({ ...EVENT, id: "last" }),
      ]);
      expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    });
    const kept = await Promise.all(["first", "failing", "last"].map((id) => host.tracker.events.get("shop", id)));
    expect(kept.map((event) => event?.id)).toEqual(["first", undefined, "last"]);
  });

  test("bulk commands run in the transaction", async () => {
    const host = await openHost(kind);
    const types = Array.from({ length: 30 }, (_, index) => `T${String(index)}`);
    await host.tracker.digest(types.map((type) => ({ ...EVENT, id: type, type })));
    await host.tracker.settled();
    const bulk = host.db.transaction().execute(async (transaction) => {
      const { issues } = host.tracker.withTransaction(transaction);
      const outcome = await issues.bulk({ filter: { projectId: "shop" } }, { kind: "resolve" });
      expect(outcome.applied).toBe(30);
      throw new Error("back");
    });
    expect(await failureOf(bulk)).toMatchObject({ message: "back" });
    expect((await host.tracker.issues.list({ projectId: "shop", status: "open" })).items).toHaveLength(30);
  });

  test("anything but a transaction is refused", async () => {
    const host = await openHost(kind);
    for (const given of [host.db, {}, null, undefined, "transaction", 1]) {
      expect(() => Reflect.apply(host.tracker.withTransaction, undefined, [given])).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "transaction" }),
      );
    }
    const ended: Transaction<object>[] = [];
    await host.db.transaction().execute(async (transaction) => {
      ended.push(transaction);
    });
    const [over] = ended;
    expect(
      over === undefined ? undefined : await failureOf(host.tracker.withTransaction(over).digest(EVENT)),
    ).toMatchObject({
      code: "store-failed",
    });
  });
});

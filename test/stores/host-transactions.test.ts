import Database from "better-sqlite3";
import fc from "fast-check";
import { Kysely, sql, SqliteDialect, type LogEvent } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, type Alert, type IssueTracker } from "../../src/index.ts";
import {
  fromBetterSqlite3,
  kyselyStore,
  migrate,
  mysqlDialect,
  postgresDialect,
  sqliteDialect,
  type DatabaseKind as DatabaseKindName,
} from "../../src/kysely/index.ts";
import { anyText } from "../support/arbitraries.ts";
import { DATABASES_FOR_STORIES, SERVERS, type DatabaseKind, type Place } from "../support/databases.ts";
import { rounds } from "../support/effort.ts";
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

describe.each(DATABASES_FOR_STORIES)("within a host's transaction on $name", (kind) => {
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

  test("what the tracker has written is counted by its stats, before the commit too", async () => {
    const { db, tracker } = await openHost(kind);
    await db.transaction().execute(async (transaction) => {
      const joined = tracker.withTransaction(transaction);
      await joined.digest([EVENT, { ...EVENT, id: "e2" }]);
      expect(await joined.stats()).toMatchObject({ projects: 1, issues: 1, groups: 1, events: 2, alerts: 1 });
    });
    expect(await tracker.stats()).toMatchObject({ issues: 1, events: 2 });
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
    expect((await host.tracker.projects.list()).items.map(({ slug }) => slug)).toEqual(["shop"]);
    expect((await host.tracker.releases.list("shop")).items).toEqual([]);
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
    const otherKind: DatabaseKindName = host.place.dialect.kind === "mysql" ? "postgres" : "mysql";
    const client = { kind: otherKind, connection: {}, query: async () => [], execute: async () => 0 };
    expect(() => host.tracker.withTransaction(client)).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "transaction.kind" }),
    );
  });

  test("texts of any kind are stored as they are", async () => {
    const host = await openHost(kind);
    const fixed = ["'", "\\", "\\'", "''", "$1", "$$", "?", "`", '"', "\u0000", "\ud800", "😀", "%", "{}", "-- ", "/*"];
    const random = fc.sample(anyText({ maxLength: 40 }), 40);
    const texts = [...fixed, ...fixed.map((each) => `a${each}b${each}`), ...random, "long'\\".repeat(20_000)];
    const events = texts.map((value, place) => ({
      ...EVENT,
      id: `${String(place)} ${value.slice(0, 40)}`,
      value,
      data: { value },
    }));
    const single = { ...EVENT, id: "'\\$1?", type: "'\\$1?", value: "\u0000'" };
    await host.db.transaction().execute(async (transaction) => {
      const tracker = host.tracker.withTransaction(transaction);
      await tracker.digest(events);
      await tracker.digest(single);
    });
    for (const { id, data, value } of events) {
      const stored = await host.tracker.events.get("shop", id);
      expect([stored?.id, stored?.data, stored?.value]).toEqual([id, data, value]);
    }
    expect(await host.tracker.digest(single)).toMatchObject({ kind: "duplicate" });
  });

  test("a digest may be larger than a statement of the database", { timeout: 60_000 }, async () => {
    const host = await openHost(kind);
    const count = rounds({ quick: 40, full: 800 });
    const note = `'"\\😀`.repeat(2_000);
    const events = Array.from({ length: count }, (_, place) => ({ ...EVENT, id: String(place), data: { note } }));
    await host.db.transaction().execute(async (transaction) => {
      await host.tracker.withTransaction(transaction).digest(events);
    });
    expect(await host.tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: count });
    expect((await host.tracker.events.get("shop", String(count - 1)))?.data).toEqual({ note });
  });

  test.each(["commit", "rollback"] as const)("calls after the %s are refused", async (end) => {
    const host = await openHost(kind);
    const transaction = await host.db.startTransaction().execute();
    const tracker = host.tracker.withTransaction(transaction);
    await host.write(transaction, 1);
    await tracker.digest(EVENT);
    await transaction[end]().execute();
    const ended = { code: "transaction-ended", retryable: false };
    expect(await failureOf(tracker.digest({ ...EVENT, id: "late" }))).toMatchObject(ended);
    expect(await failureOf(tracker.issues.list({ projectId: "shop" }))).toMatchObject(ended);
    expect(await host.tracker.events.get("shop", "late")).toBeUndefined();
    expect(await host.rows()).toEqual(end === "commit" ? [1] : []);
    await host.db.transaction().execute((next) => host.write(next, 2));
  });

  test("savepoints of the host have any names, and stay usable", async () => {
    const host = await openHost(kind);
    for (const name of ["issue_lifecycle", "s1"]) {
      const transaction = await host.db.startTransaction().execute();
      const tracker = host.tracker.withTransaction(transaction);
      await tracker.digest({ ...EVENT, id: `${name} before` });
      const within = await transaction.savepoint(name).execute();
      await tracker.digest({ ...EVENT, id: `${name} undone` });
      expect(await failureOf(tracker.issues.unmute("SHOP-1"))).toMatchObject({ code: "not-muted" });
      await tracker.issues.list({ projectId: "shop" });
      await within.rollbackToSavepoint(name).execute();
      await tracker.digest({ ...EVENT, id: `${name} after` });
      await within.releaseSavepoint(name).execute();
      await transaction.commit().execute();
      const kept = ["before", "undone", "after"].map((id) => host.tracker.events.get("shop", `${name} ${id}`));
      expect((await Promise.all(kept)).map((event) => event?.id)).toEqual([
        `${name} before`,
        undefined,
        `${name} after`,
      ]);
    }
    expect(await host.tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: 4 });
  });

  test("a driver's own transaction is one too, and its client refuses the next one", async () => {
    const host = await openHost(kind);
    const wire = await host.place.openWire();
    await wire.send("begin");
    const tracker = host.tracker.withTransaction(wire.client());
    await tracker.digest(EVENT);
    expect((await tracker.issues.list({ projectId: "shop" })).items).toHaveLength(1);
    await wire.send("rollback");
    expect(await failureOf(tracker.digest(EVENT))).toMatchObject({ code: "transaction-ended" });
    await wire.send("begin");
    // SQLite does not tell transactions of one connection from each other.
    if (host.place.dialect.kind !== "sqlite") {
      expect(await failureOf(tracker.digest(EVENT))).toMatchObject({ code: "transaction-ended" });
    }
    const next = host.tracker.withTransaction(wire.client());
    expect(await next.digest(EVENT)).toMatchObject({ created: true });
    await wire.send("commit");
    await wire.close();
    expect(await host.tracker.issues.get("SHOP-1")).toMatchObject({ eventCount: 1 });
  });
});

describe("within a host's transaction of Kysely on SQLite", () => {
  async function openSqliteHost() {
    const database = new Database(":memory:");
    const db = new Kysely<object>({ dialect: new SqliteDialect({ database }) });
    database.exec("create table orders (id integer)");
    await migrate({ db, dialect: sqliteDialect });
    const tracker = createIssueTracker({ store: kyselyStore({ db, dialect: sqliteDialect }) });
    await tracker.projects.save({ id: "shop" });
    return { database, db, tracker };
  }

  test("what other code writes on the same connection meanwhile stays", async () => {
    const { database, db, tracker } = await openSqliteHost();
    let inserted = 0;
    const state = { isOver: false };
    const other = (async () => {
      while (!state.isOver) {
        database.prepare("insert into orders values (?)").run(++inserted);
        // Turns of the event loop end now and then, or a call that pauses would never go on.
        await (inserted % 100 === 0 ? new Promise(setImmediate) : Promise.resolve());
      }
    })();
    for (let id = 0; id < 10; id++) {
      await db
        .transaction()
        .execute((transaction) => tracker.withTransaction(transaction).digest({ ...EVENT, id: String(id) }));
    }
    state.isOver = true;
    await other;
    expect(database.prepare("select count(*) from orders").pluck().get()).toBe(inserted);
  });

  test("calls that only read work where nothing can be written", async () => {
    const { database, db, tracker } = await openSqliteHost();
    database.pragma("query_only = 1");
    await db.transaction().execute(async (transaction) => {
      expect((await tracker.withTransaction(transaction).issues.list({ projectId: "shop" })).items).toEqual([]);
    });
  });

  test("no statement fails and nothing is logged where all is well", async () => {
    const { database, tracker } = await openSqliteHost();
    const failed: string[] = [];
    const log = ({ level, query }: LogEvent): void => {
      if (level === "error") failed.push(query.sql);
    };
    const logged = new Kysely<object>({ dialect: new SqliteDialect({ database }), log });
    await logged.transaction().execute(async (transaction) => {
      await tracker.withTransaction(transaction).digest(EVENT);
      await tracker.withTransaction(transaction).issues.list({ projectId: "shop" });
    });
    expect(failed).toEqual([]);
  });

  test.each(["Kysely", "better-sqlite3"])(
    "an error for which SQLite rolls back is reported as it is, through %s",
    async (library) => {
      const { database, db, tracker } = await openSqliteHost();
      const prefix = "issue_lifecycle_";
      database.exec(
        `create trigger full before insert on ${prefix}events begin select raise(rollback, 'no space'); end`,
      );
      const digest = async (transaction: object): Promise<void> => {
        expect(await failureOf(tracker.withTransaction(transaction).digest(EVENT))).toMatchObject({
          code: "store-failed",
          message: expect.stringContaining("no space"),
        });
      };
      if (library === "Kysely") {
        await db
          .transaction()
          .execute(digest)
          .catch(() => undefined);
      } else {
        database.exec("begin");
        await digest(fromBetterSqlite3(database));
      }
      expect(database.inTransaction).toBe(false);
    },
  );
});

describe.each(SERVERS.filter(({ dialect }) => dialect === mysqlDialect))(
  "within a host's transaction on $name",
  (kind) => {
    test("each connection's settings are checked", async () => {
      const host = await openHost(kind);
      const wire = await host.place.openWire();
      for (const [setting, isRight] of [
        ["set names utf8mb4", true],
        ["set names latin1", false],
      ] as const) {
        await wire.send(setting);
        await wire.send("begin");
        const digest = host.tracker.withTransaction(wire.client()).digest(EVENT);
        if (isRight) await digest;
        else expect(await failureOf(digest)).toMatchObject({ code: "store-failed" });
        await wire.send("commit");
      }
      await wire.close();
    });

    test("a connection without autocommit is in a transaction", async () => {
      const host = await openHost(kind);
      const wire = await host.place.openWire();
      await wire.send("set autocommit = 0");
      await host.tracker.withTransaction(wire.client()).digest(EVENT);
      await wire.send("rollback");
      expect((await host.tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
      await host.tracker.withTransaction(wire.client()).digest(EVENT);
      await wire.send("commit");
      await wire.close();
      expect((await host.tracker.issues.list({ projectId: "shop" })).items).toHaveLength(1);
    });
  },
);

describe.each(SERVERS.filter(({ dialect }) => dialect === postgresDialect))(
  "within a host's transaction on $name",
  (kind) => {
    test.each(["Kysely", "node-postgres"])(
      "a write that takes too long leaves the transaction usable, through %s",
      async (library) => {
        const host = await openHost(kind);
        await host.tracker.digest(["A", "B"].map((type) => ({ ...EVENT, id: type, type })));
        const wire = await host.place.openWire();
        await host.db.transaction().execute(async (blocking) => {
          await host.tracker.withTransaction(blocking).digest({ ...EVENT, id: "same", type: "A" });
          // The other issue is free; the event's id is what this one has to wait for.
          const digest = async (transaction: object): Promise<void> => {
            const late = host.tracker.withTransaction(transaction).digest({ ...EVENT, id: "same", type: "B" });
            expect(await failureOf(late)).toMatchObject({
              code: "store-failed",
              message: expect.stringContaining("timeout"),
            });
          };
          if (library === "Kysely") {
            await host.db.transaction().execute(async (transaction) => {
              await sql`set local statement_timeout = 100`.execute(transaction);
              await host.write(transaction, 1);
              await digest(transaction);
              await host.write(transaction, 2);
            });
          } else {
            const orders = `${host.place.schema ?? ""}.orders`;
            for (const text of ["begin", "set local statement_timeout = 100", `insert into ${orders} values (1)`])
              await wire.send(text);
            await digest(wire.client());
            for (const text of [`insert into ${orders} values (2)`, "commit"]) await wire.send(text);
          }
        });
        expect(await host.rows()).toEqual([1, 2]);
        await wire.close();
      },
    );
  },
);

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { build } from "esbuild";
import { CamelCasePlugin, Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from "kysely";
import { createPool } from "mysql2";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore } from "../../src/index.ts";
import {
  checkSchema,
  kyselyStore,
  migrate,
  mysqlDialect,
  postgresDialect,
  sqliteDialect,
} from "../../src/kysely/index.ts";
import { LATEST_VERSION } from "../../src/kysely/migrations/migrations.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { requireSupportedDriver, requireSupportedNode } from "../../src/sqlite/platform.ts";
import { temporaryDatabase } from "../support/files.ts";
import { failureOf, Scenario, START } from "../support/scenario.ts";

describe("the embedded store", () => {
  test("keeps everything in its file", async () => {
    const filename = temporaryDatabase();
    const before = await Scenario.begin(await openSqliteStore({ filename }));
    const { issue } = await before.event({ release: "1.0.0" });
    await before.tracker.issues.mute(issue.id, { until: START + 1_000 });
    await before.tracker.close();
    const after = createIssueTracker({ store: await openSqliteStore({ filename }) });
    expect(await after.issues.get("SHOP-1")).toMatchObject({ id: issue.id, state: { status: "muted" } });
    expect((await after.issues.history(issue.id)).items).toHaveLength(2);
    await after.close();
  });

  test("uses write-ahead logging", async () => {
    const filename = temporaryDatabase();
    const store = await openSqliteStore({ filename, durability: "power" });
    const database = new Database(filename);
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    database.close();
    await store.close();
  });

  test("lets two handles use one file at once: nothing is lost, nothing counted twice", async () => {
    const filename = temporaryDatabase();
    const one = await Scenario.begin(await openSqliteStore({ filename }));
    const two = createIssueTracker({ store: await openSqliteStore({ filename }), clock: one.clock });
    const events = (from: number) =>
      Array.from({ length: 40 }, (_, index) => ({
        projectId: "shop",
        id: String(from + index),
        type: `T${String(index % 4)}`,
      }));
    await Promise.all([
      ...events(0).map((each) => one.tracker.digest(each)),
      ...events(20).map((each) => two.digest(each)),
    ]);
    const { items } = await two.issues.list({ projectId: "shop" });
    expect(items.map(({ eventCount }) => eventCount)).toEqual([15, 15, 15, 15]);
    expect(new Set(items.map(({ number }) => number))).toEqual(new Set([1, 2, 3, 4]));
    await two.close();
    await one.tracker.close();
  });

  test("reports another writer that held the file for too long as retryable", async () => {
    const filename = temporaryDatabase();
    const story = await Scenario.begin(await openSqliteStore({ filename, busyTimeoutMs: 0 }));
    const other = new Database(filename);
    other.exec("begin immediate");
    expect(await failureOf(story.event())).toMatchObject({ code: "store-busy", retryable: true });
    other.exec("rollback");
    expect((await story.event()).created).toBe(true);
    other.close();
    await story.tracker.close();
  });

  test("reports SQLite's error with its cause and the file's name", async () => {
    expect(await failureOf(openSqliteStore({ filename: "/no/such/folder/issues.sqlite" }))).toMatchObject({
      code: "store-failed",
      message: expect.stringContaining("directory does not exist"),
    });
    const filename = temporaryDatabase();
    writeFileSync(filename, "this is no database, but long enough to be taken for one".repeat(100));
    expect(await failureOf(openSqliteStore({ filename }))).toMatchObject({
      code: "store-failed",
      message: `Cannot open ${JSON.stringify(filename)}: SQLite failed: file is not a database`,
      cause: expect.objectContaining({ code: "SQLITE_NOTADB" }),
    });
  });

  test.each(["esm", "cjs"] as const)(
    "says what to do in an %s bundle, which cannot hold better-sqlite3",
    async (format) => {
      const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-bundle-"));
      const outfile = join(folder, `app.${format === "esm" ? "mjs" : "cjs"}`);
      const contents = `import { openSqliteStore } from "./src/sqlite/index.ts";
      openSqliteStore({ filename: ":memory:" }).catch(({ code, message }) => console.log(code + ": " + message));`;
      const stdin = { contents, resolveDir: join(import.meta.dirname, "../.."), loader: "ts" as const };
      await build({ stdin, outfile, bundle: true, platform: "node", format, logLevel: "error" });
      const { stdout } = await promisify(execFile)(process.execPath, [outfile]);
      rmSync(folder, { recursive: true });
      expect(stdout).toMatch(
        /^unsupported-platform: .*npm install better-sqlite3@13.* mark it external in your bundler/u,
      );
    },
  );

  test.each([
    [{}, "options.filename"],
    [{ filename: "" }, "options.filename"],
    [{ filename: " " }, "options.filename"],
    [{ filename: " a.sqlite" }, "options.filename"],
    [{ filename: "a\0b" }, "options.filename"],
    [{ filename: ":memory:", tablePrefix: "sqlite_" }, "options.tablePrefix"],
    [{ filename: ":memory:", durability: "yes" }, "options.durability"],
    [{ filename: ":memory:", busyTimeoutMs: -1 }, "options.busyTimeoutMs"],
    [{ filename: ":memory:", tablePrefix: "No; drop table" }, "options.tablePrefix"],
    [{ filename: ":memory:", durabilty: "power" }, "options"],
    [{ filename: ":memory:", busyTimeoutMs: null }, "options.busyTimeoutMs"],
    [undefined, "options"],
    [null, "options"],
  ])("refuses %j", async (options, field) => {
    expect(await failureOf(Reflect.apply(openSqliteStore, undefined, [options]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });

  test.each(["18.20.0", "20.20.2", "22.13.1"])("refuses Node %s, which would crash", (version) => {
    expect(() => {
      requireSupportedNode(version);
    }).toThrow(
      expect.objectContaining({
        code: "unsupported-platform",
        message: `issue-lifecycle/sqlite needs Node 22.14 or newer; this is Node ${version}.`,
      }),
    );
  });

  test.each(["22.14.0", "22.20.1", "24.0.0", "26.1.0"])("takes Node %s", (version) => {
    expect(() => {
      requireSupportedNode(version);
    }).not.toThrow();
  });

  test.each([
    ["12.11.1", "24.0.0"],
    ["12.2.0", "26.1.0"],
    ["11.10.0", "24.21.0"],
  ])("refuses better-sqlite3 %s on Node %s, which would abort", (driver, node) => {
    expect(() => {
      requireSupportedDriver(driver, node);
    }).toThrow(
      expect.objectContaining({
        code: "unsupported-platform",
        message: `better-sqlite3 ${driver} aborts the process on Node ${node}; install 13: npm install better-sqlite3@13`,
      }),
    );
  });

  test.each([
    ["12.11.1", "22.20.1"],
    ["13.0.0", "22.14.0"],
    ["13.2.0", "24.0.0"],
    ["14.0.0", "26.1.0"],
  ])("takes better-sqlite3 %s on Node %s", (driver, node) => {
    expect(() => {
      requireSupportedDriver(driver, node);
    }).not.toThrow();
  });

  test("keeps nothing of a deleted issue: no row once its events are evicted", async () => {
    const filename = temporaryDatabase();
    const story = await Scenario.begin(await openSqliteStore({ filename }));
    const { issue } = await story.event({ release: "1.0.0", data: "x" });
    story.clock.advanceBy(60_000);
    await story.event({ release: "1.1.0", data: "y" });
    await story.tracker.issues.mute(issue.id, { until: START + 120_000, wakeOn: "deadline" });
    story.clock.advanceBy(60_000);
    await story.tracker.tick();
    const database = new Database(filename);
    const counts = (): Record<string, unknown> =>
      Object.fromEntries(
        [
          "issues",
          "groups",
          "counters",
          "release_marks",
          "turning_points",
          "events",
          "event_data",
          "project_releases",
        ].map((table) => [table, database.prepare(`select count(*) from issue_lifecycle_${table}`).pluck().get()]),
      );
    expect(Object.values(counts()).every((count) => Number(count) > 0)).toBe(true);
    await story.tracker.issues.delete(issue.id);
    expect(await story.tracker.events.evict({ projectId: "shop", receivedBefore: 0 })).toBe(2);
    const { project_releases: releases, ...rest } = counts();
    expect(releases).toBe(2);
    expect(new Set(Object.values(rest))).toEqual(new Set([0]));
    database.close();
    await story.tracker.close();
  });

  test("reports rows that something else wrote as corrupt", async () => {
    const filename = temporaryDatabase();
    const story = await Scenario.begin(await openSqliteStore({ filename }));
    const { issue } = await story.event();
    await story.tracker.issues.mute(issue.id);
    await story.tracker.settled();
    const database = new Database(filename);
    const corrupt = expect.objectContaining({ code: "corrupt-data" });
    for (const state of [
      "{",
      "5",
      '{"status":"asleep"}',
      '{"status":"muted","mute":{"mutedAt":"yesterday"}}',
      '{"status":"resolved","resolvedAt":1,"resolution":{"kind":"by-release"}}',
    ]) {
      database.prepare("update issue_lifecycle_issues set state = ?").run(state);
      await expect(story.tracker.issues.get(issue.id)).rejects.toThrow(corrupt);
    }
    database.prepare("update issue_lifecycle_issues set state = null").run();
    database
      .prepare("update issue_lifecycle_turning_points set turn = ?")
      .run('{"kind":"unmuted","reason":{"kind":"boredom"}}');
    await expect(story.tracker.issues.history(issue.id)).rejects.toThrow(corrupt);
    database
      .prepare("insert into issue_lifecycle_counters values (?, ?)")
      .run(database.prepare("select id from issue_lifecycle_issues").pluck().get(), Buffer.from([9]));
    await expect(story.tracker.issues.eventCounts(issue.id, { period: "day" })).rejects.toThrow(corrupt);
    database.close();
    await story.tracker.close();
  });
});

/** A proxy that fails at every access. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe("a store in a host's own Kysely instance", () => {
  const hosted = () => {
    const database = new Database(":memory:");
    const db = new Kysely<{ users: { id: number } }>({
      dialect: new SqliteDialect({ database }),
    });
    return { database, db };
  };

  test("uses tables of its own, by a prefix, and leaves the instance open", async () => {
    const { database, db } = hosted();
    await db.schema.createTable("users").addColumn("id", "integer").execute();
    for (const tablePrefix of ["a_", "b_"]) {
      await migrate({ db, dialect: sqliteDialect, tablePrefix });
      const tracker = createIssueTracker({ store: kyselyStore({ db, dialect: sqliteDialect, tablePrefix }) });
      await tracker.projects.save({ id: tablePrefix === "a_" ? "one" : "two" });
      expect((await tracker.projects.list()).items).toHaveLength(1);
      await tracker.close();
    }
    const names = database.prepare("select name from sqlite_schema where name not like 'sqlite_%'").pluck().all();
    expect(names.filter((name) => name !== "users" && !/^[ab]_/u.test(String(name)))).toEqual([]);
    await db.insertInto("users").values({ id: 1 }).execute();
    await db.destroy();
  });

  test("migrates once: where nothing is to do, it is one select", async () => {
    const { database, db } = hosted();
    const statements: string[] = [];
    await migrate({ db, dialect: sqliteDialect });
    const schema = database.prepare("select sql from sqlite_schema order by name").pluck().all();
    const logged = new Kysely<object>({
      dialect: new SqliteDialect({ database }),
      log: ({ query }) => void statements.push(query.sql),
    });
    await migrate({ db: logged, dialect: sqliteDialect });
    expect(statements).toEqual(['select * from "issue_lifecycle_schema"']);
    expect(database.prepare("select sql from sqlite_schema order by name").pluck().all()).toEqual(schema);
  });

  test("refuses tables that a newer version changed so that this one cannot work with them, and accepts others", async () => {
    const { database, db } = hosted();
    await migrate({ db, dialect: sqliteDialect });
    const newer = String(LATEST_VERSION + 1);
    database.exec(`update issue_lifecycle_schema set version = ${newer}, usable_from = 1`);
    await migrate({ db, dialect: sqliteDialect });
    database.exec(`update issue_lifecycle_schema set usable_from = ${newer}`);
    expect(await failureOf(migrate({ db, dialect: sqliteDialect }))).toMatchObject({ code: "schema-newer" });
  });

  test("says to call migrate() when the tables are missing", async () => {
    const { db } = hosted();
    const tracker = createIssueTracker({ store: kyselyStore({ db, dialect: sqliteDialect }) });
    expect(await failureOf(tracker.projects.list())).toMatchObject({
      code: "schema-outdated",
      message: expect.stringMatching(/no such table: issue_lifecycle_projects\. .* Call migrate\(\) first/u),
    });
  });

  test("reports an instance that the host destroyed by an error of this library", async () => {
    const { db } = hosted();
    await migrate({ db, dialect: sqliteDialect });
    const tracker = createIssueTracker({ store: kyselyStore({ db, dialect: sqliteDialect }) });
    await db.destroy();
    const failed = { code: "store-failed", cause: expect.any(Error) };
    expect(await failureOf(tracker.projects.list())).toMatchObject(failed);
    expect(await failureOf(tracker.projects.save({ id: "shop" }))).toMatchObject(failed);
    expect(await failureOf(migrate({ db, dialect: sqliteDialect }))).toMatchObject(failed);
  });

  test("refuses a transaction of the host", async () => {
    const { db } = hosted();
    await db.transaction().execute(async (trx) => {
      expect(() => kyselyStore({ db: trx, dialect: sqliteDialect })).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "options.db" }),
      );
      await Promise.resolve();
    });
  });

  test.each([
    ["options", undefined],
    ["options.db", { dialect: sqliteDialect }],
    ["options.db", { db: new Database(":memory:"), dialect: sqliteDialect }],
    ["options.dialect", { db: hosted().db }],
    ["options.dialect", { db: hosted().db, dialect: {} }],
    ["options.tablePrefix", { db: hosted().db, dialect: sqliteDialect, tablePrefix: "A-" }],
    ["options.busyTimeoutMs", { db: hosted().db, dialect: sqliteDialect, busyTimeoutMs: Number.NaN }],
    ["options.connectionTimeoutMs", { db: hosted().db, dialect: sqliteDialect, connectionTimeoutMs: 0 }],
    ["options", { db: hosted().db, dialect: sqliteDialect, tableprefix: "a_" }],
    ["options.db", { db: revoked(), dialect: sqliteDialect }],
  ])("refuses bad %s before anything is done", async (field, options) => {
    const refusal = { code: "invalid-input", field };
    expect(await failureOf(Reflect.apply(migrate, undefined, [options]))).toMatchObject(refusal);
    expect(await failureOf(Reflect.apply(checkSchema, undefined, [options]))).toMatchObject(refusal);
    expect(() => {
      Reflect.apply(kyselyStore, undefined, [options]);
    }).toThrow(expect.objectContaining(refusal));
  });

  test.each([
    ["postgres", "postgresDialect"],
    ["pg", "postgresDialect"],
    ["mysql", "mysqlDialect"],
    ["mariadb", "mysqlDialect"],
    ["sqlite", "sqliteDialect"],
  ])("names the dialect to pass instead of %j", (dialect, exported) => {
    const options = { db: hosted().db, dialect };
    expect(() => Reflect.apply(kyselyStore, undefined, [options])).toThrow(
      `options.dialect: got "${dialect}"; allowed is a dialect of this library, such as ${exported}: import { ${exported} } from "issue-lifecycle/kysely".`,
    );
  });

  test("names the dialect of the instance's database instead of another one", async () => {
    const instances = {
      sqliteDialect: hosted().db,
      postgresDialect: new Kysely<object>({ dialect: new PostgresDialect({ pool: new pg.Pool() }) }),
      mysqlDialect: new Kysely<object>({ dialect: new MysqlDialect({ pool: createPool({}) }) }),
    };
    for (const dialect of [sqliteDialect, postgresDialect, mysqlDialect]) {
      for (const [name, db] of Object.entries(instances)) {
        const create = () => kyselyStore({ db, dialect });
        if (name === dialect.exportedAs) expect(create).not.toThrow();
        else
          expect(create).toThrow(`options.dialect: got ${dialect.exportedAs}; allowed is ${name}, because options.db`);
      }
    }
  });

  test("names the pool of mysql2/promise, which never calls back, as a likely reason for having no connection", async () => {
    const pool = { getConnection: () => new Promise(() => undefined), end: () => undefined };
    const db = new Kysely<object>({ dialect: Reflect.construct(MysqlDialect, [{ pool }]) });
    const store = kyselyStore({ db, dialect: mysqlDialect, connectionTimeoutMs: 10 });
    expect(await failureOf(store.read((reader) => reader.findProjects({ after: null, limit: 1_000 })))).toMatchObject({
      code: "store-busy",
      message: expect.stringContaining(`Kysely's MysqlDialect needs a pool of "mysql2", not of "mysql2/promise".`),
    });
  });

  test("does not use the host's plugins, which may rename things", async () => {
    const { database } = hosted();
    const db = new Kysely<object>({ dialect: new SqliteDialect({ database }), plugins: [new CamelCasePlugin()] });
    await migrate({ db, dialect: sqliteDialect });
    const story = await Scenario.begin(kyselyStore({ db, dialect: sqliteDialect }));
    expect((await story.event()).issue).toMatchObject({ eventCount: 1 });
    expect(await story.status((await story.event()).issue.id)).toBe("open");
  });
});

describe("the memory store", () => {
  test("is empty each time it is made", async () => {
    const story = await Scenario.begin(createMemoryStore());
    await story.event();
    expect((await createIssueTracker({ store: createMemoryStore() }).projects.list()).items).toEqual([]);
  });
});

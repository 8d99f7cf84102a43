import { CompiledQuery, sql, type Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import {
  checkSchema,
  getMigrations,
  kyselyStore,
  migrate,
  mysqlDialect,
  planMigrations,
  postgresDialect,
  sqliteDialect,
  type QueryRunner,
  type TablesOptions,
} from "../../src/kysely/index.ts";
import { LATEST_VERSION } from "../../src/kysely/migrations/migrations.ts";
import { DATABASES, SQLITE, type DatabaseKind, type Place } from "../support/databases.ts";
import { failureOf } from "../support/scenario.ts";
import { describeSchema, manifestOf } from "../support/schema-manifest.ts";
import { tablesIn } from "../support/tables.ts";
import { createFormerTables } from "./fixtures/former-tables.ts";

const places: Place[] = [];

afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
});

interface Tables extends TablesOptions {
  readonly db: Kysely<object>;
}

async function makeTables({ makePlace }: DatabaseKind): Promise<Tables> {
  const place = await makePlace();
  places.push(place);
  const db = place.connect();
  return { ...tablesIn(place, db), db };
}

/** Checks that the tables work. */
async function digestOne(tables: TablesOptions): Promise<void> {
  const tracker = createIssueTracker({ store: kyselyStore(tables) });
  await tracker.projects.save({ id: "shop" });
  expect(await tracker.digest({ projectId: "shop", type: "E" })).toMatchObject({ created: true });
}

/** Runs the statements of a script one by one, like a client. */
async function runScript(db: QueryRunner, script: string): Promise<void> {
  for (const statement of script.split(/;\n/u).filter((each) => each.trim() !== "")) {
    await db.executeQuery(CompiledQuery.raw(statement));
  }
}

/** The parts of a script after that of a version, in a transaction if the script is in one. */
function partsAfter(script: string, version: number): string {
  const parts = script.split(/^(?=-- version \d+: )/mu);
  const versionOf = (part: string): number => Number(/^-- version (\d+)/u.exec(part)?.[1] ?? Infinity);
  return version === LATEST_VERSION ? "" : parts.filter((part) => versionOf(part) > version).join("");
}

function schemaTable({ schema, tablePrefix = "issue_lifecycle_" }: TablesOptions) {
  return sql.table(schema === undefined ? `${tablePrefix}schema` : `${schema}.${tablePrefix}schema`);
}

describe.each(DATABASES)("the tables on $name", (kind) => {
  test("are created by migrate(), which does nothing when it is called again", async () => {
    const tables = await makeTables(kind);
    expect(await failureOf(checkSchema(tables))).toMatchObject({
      code: "schema-outdated",
      message: expect.stringContaining("The tables are not there"),
    });
    await migrate(tables);
    await digestOne(tables);
    const before = await describeSchema(kind.dialect, tables.db, tables.schema);
    await migrate(tables);
    await checkSchema(tables);
    expect(await describeSchema(kind.dialect, tables.db, tables.schema)).toEqual(before);
  });

  test("are checked by one select when they are up to date", async () => {
    const tables = await makeTables(kind);
    await migrate(tables);
    const statements: string[] = [];
    const db = places[0]?.connect({ log: ({ query }) => void statements.push(query.sql) });
    await migrate({ ...tables, db: db ?? tables.db });
    expect(statements).toEqual([expect.stringMatching(/^select \* from \S+schema\S?$/u)]);
  });

  test("are those of the manifest", async () => {
    const tables = await makeTables(kind);
    await migrate(tables);
    const described = await describeSchema(kind.dialect, tables.db, tables.schema);
    await expect(described).toMatchFileSnapshot(manifestOf(kind.dialect));
  });

  test("are created alike by the script that planMigrations() returns, which can be run again", async () => {
    const tables = await makeTables(kind);
    const { schema } = tables;
    const script = planMigrations(kind.dialect, schema === undefined ? {} : { schema });
    await tables.db.connection().execute(async (connection) => {
      await runScript(connection, script);
      const again = kind.dialect === sqliteDialect ? partsAfter(script, LATEST_VERSION) : script;
      await runScript(connection, again);
    });
    await checkSchema(tables);
    const described = await describeSchema(kind.dialect, tables.db, tables.schema);
    await expect(described).toMatchFileSnapshot(manifestOf(kind.dialect));
    await digestOne(tables);
    await migrate(tables);
  });

  test("are upgraded by the parts of the script after their version, which say to which version each leads", async () => {
    const tables = await makeTables(kind);
    const { schema } = tables;
    const script = planMigrations(kind.dialect, schema === undefined ? {} : { schema });
    const former = LATEST_VERSION - 1;
    await createFormerTables(tables, tables.db, former);
    expect(await failureOf(checkSchema(tables))).toMatchObject({
      message: expect.stringContaining(`have version ${String(former)}`),
    });
    await tables.db.connection().execute((connection) => runScript(connection, partsAfter(script, former)));
    await checkSchema(tables);
    await expect(await describeSchema(kind.dialect, tables.db, schema)).toMatchFileSnapshot(manifestOf(kind.dialect));
  });

  test("are created by a host's own migrator, among its own migrations", async () => {
    const tables = await makeTables(kind);
    const { db, schema } = tables;
    if (schema !== undefined && kind.dialect !== mysqlDialect) await sql`create schema ${sql.id(schema)}`.execute(db);
    const ours = getMigrations(kind.dialect, schema === undefined ? {} : { schema });
    const theirs = { a_host: { up: async () => undefined }, z_host: { up: async () => undefined } };
    const provider = { getMigrations: async () => ({ ...theirs, ...ours }) };
    const where = schema === undefined ? {} : { migrationTableSchema: schema };
    const migrator = new Migrator({
      db,
      provider,
      migrationTableName: "host_migration",
      migrationLockTableName: "host_lock",
      ...where,
    });
    const { error, results } = await migrator.migrateToLatest();
    expect(error).toBeUndefined();
    expect(results?.map(({ migrationName }) => migrationName)).toEqual(["a_host", ...Object.keys(ours), "z_host"]);
    await checkSchema(tables);
    await digestOne(tables);
  });

  test("may have another prefix, beside other tables", async () => {
    const tables = await makeTables(kind);
    const long = { ...tables, tablePrefix: `p${"_x".repeat(15)}` };
    for (const each of [tables, long, { ...tables, tablePrefix: "q" }]) {
      await migrate(each);
      await digestOne(each);
      await checkSchema(each);
    }
  });

  test("of a newer version are used, unless its changes are breaking", async () => {
    const tables = await makeTables(kind);
    await migrate(tables);
    const set = (version: number, usableFrom: number) =>
      sql`update ${schemaTable(tables)} set version = ${version}, usable_from = ${usableFrom}`.execute(tables.db);
    await set(1_000, 1);
    await migrate(tables);
    await checkSchema(tables);
    await set(1_000, 1_000);
    for (const refusing of [migrate, checkSchema]) {
      expect(await failureOf(refusing(tables))).toMatchObject({
        code: "schema-newer",
        message: expect.stringContaining("Upgrade issue-lifecycle"),
      });
    }
    await sql`delete from ${schemaTable(tables)}`.execute(tables.db);
    expect(await failureOf(checkSchema(tables))).toMatchObject({ code: "schema-outdated" });
  });

  test("that newer code has changed in a breaking way stop a process that runs on, within ten seconds", async () => {
    const tables = await makeTables(kind);
    await migrate(tables);
    const store = kyselyStore(tables);
    const tracker = createIssueTracker({ store });
    await tracker.projects.save({ id: "shop" });
    const set = (usableFrom: number) =>
      sql`update ${schemaTable(tables)} set version = 1000, usable_from = ${usableFrom}`.execute(tables.db);
    const now = performance.now();
    const clock = vi.spyOn(performance, "now");
    onTestFinished(() => {
      clock.mockRestore();
    });
    await set(1);
    clock.mockReturnValue(now + 11_000);
    await tracker.projects.save({ id: "shop", slug: "compatible" });
    await set(1_000);
    clock.mockReturnValue(now + 22_000);
    const refusals = [
      failureOf(tracker.projects.save({ id: "shop", slug: "other" })),
      failureOf(tracker.projects.get("shop")),
    ];
    expect(await Promise.all(refusals)).toMatchObject([{ code: "schema-newer" }, { code: "schema-newer" }]);
    await set(1);
    expect(await tracker.projects.get("shop")).toMatchObject({ slug: "compatible" });
    await tracker.close();
  });

  test("that lack a column are reported by checkSchema()", async () => {
    const tables = await makeTables(kind);
    await migrate(tables);
    const { schema } = tables;
    const table = sql.table(
      schema === undefined ? "issue_lifecycle_turning_points" : `${schema}.issue_lifecycle_turning_points`,
    );
    await sql`alter table ${table} drop column comment`.execute(tables.db);
    expect(await failureOf(checkSchema(tables))).toMatchObject({
      code: "schema-outdated",
      message: expect.stringContaining("comment"),
    });
  });
});

describe("a SQLite file of version 0.1.0", () => {
  test("is upgraded: it lists its issues by event count, and keeps its alerts", async () => {
    const tables = await makeTables(SQLITE);
    const { db } = tables;
    await migrate(tables);
    const store = kyselyStore(tables);
    const { digest, projects, issues, alerts } = createIssueTracker({ store, alertSink: "elsewhere" });
    await projects.save({ id: "shop" });
    const counts = [64, 3, 127, 1, 63, 128, 2, 100];
    await digest(
      counts.flatMap((count) => Array.from({ length: count }, () => ({ projectId: "shop", type: String(count) }))),
    );
    const [entry] = (await alerts.list()).items;
    if (entry === undefined || entry.alert.issue === null) throw new Error("There is an alert on an issue.");
    const { id, project, issue, reason, turningPoint, raisedAt } = entry.alert;
    const former = { version: 1, id, reason, project, issue, eventId: "e1", turningPoint, raisedAt };
    const bytes = (uuid: string): string => `x'${uuid.replaceAll("-", "")}'`;
    for (const statement of [
      "drop table issue_lifecycle_outbox",
      "drop table issue_lifecycle_tallies",
      "drop table issue_lifecycle_project_releases",
      "drop table issue_lifecycle_release_marks",
      ...planMigrations(SQLITE.dialect)
        .split(";\n")
        .filter((each) => /^create table .*issue_lifecycle_(alerts|releases|marks)" \(/u.test(each)),
      `insert into issue_lifecycle_alerts (due_at, id, issue_id, alert, attempts, last_error)
       values (1, ${bytes(id)}, ${bytes(issue.id)}, '${JSON.stringify(former)}', 3, 'Error: down')`,
      "drop index issue_lifecycle_issues_by_event_count",
      "create index issue_lifecycle_issues_by_event_count on issue_lifecycle_issues (project_key, status, event_count_class)",
      "update issue_lifecycle_issues set event_count_class = floor(log2(event_count))",
      "update issue_lifecycle_schema set version = 1, usable_from = 1",
    ]) {
      await db.executeQuery(CompiledQuery.raw(statement));
    }
    expect(await failureOf(checkSchema(tables))).toMatchObject({ code: "schema-outdated" });

    await migrate(tables);
    await expect(await describeSchema(SQLITE.dialect, db, undefined)).toMatchFileSnapshot(manifestOf(SQLITE.dialect));
    const listed: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await issues.list({ projectId: "shop", sort: "event-count", limit: 2, ...(cursor && { cursor }) });
      listed.push(...page.items.map(({ eventCount }) => eventCount));
      cursor = page.next;
    }
    expect(listed).toEqual(counts.toSorted((one, other) => other - one));
    const event = { id: "e1", release: "", receivedAt: raisedAt, occurredAt: null };
    expect((await alerts.list()).items).toEqual([
      {
        alert: { ...entry.alert, event },
        state: { status: "pending", dueAt: 1 },
        attempts: 3,
        lastError: "Error: down",
        memo: null,
      },
    ]);
  });
});

describe("names of tables", () => {
  test.each(["", "A", "1a", "a-b", "a b", "pg_x", "sqlite_x", "x".repeat(32), "a;drop table users", 7])(
    "cannot begin with %j",
    async (tablePrefix) => {
      const options = { ...(await makeTables(SQLITE)), tablePrefix };
      for (const refusing of [migrate, checkSchema, kyselyStore]) {
        const attempt = async (): Promise<unknown> => Reflect.apply(refusing, undefined, [options]);
        expect(await failureOf(attempt())).toMatchObject({ code: "invalid-input", field: "options.tablePrefix" });
      }
    },
  );

  test.each(["", "1a", "a b", "a.b", 'a"b', "a`b", "a'b", "pg_x", "x".repeat(64), 7, null])(
    "cannot be in a schema called %j",
    (schema) => {
      for (const dialect of [postgresDialect, mysqlDialect]) {
        expect(() => Reflect.apply(planMigrations, undefined, [dialect, { schema }])).toThrow(
          expect.objectContaining({ code: "invalid-input", field: "options.schema" }),
        );
      }
    },
  );

  test("are in no schema on SQLite", () => {
    expect(() => planMigrations(sqliteDialect, { schema: "main" })).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "options.schema" }),
    );
  });

  test.each([
    ["options", [sqliteDialect, null]],
    ["options", [sqliteDialect, { tableprefix: "a_" }]],
    ["dialect", ["sqlite"]],
    ["dialect", [null]],
    ["dialect", []],
  ])("are refused with bad %s, before a statement is built", (field, given) => {
    for (const plan of [planMigrations, getMigrations]) {
      expect(() => Reflect.apply(plan, undefined, given)).toThrow(
        expect.objectContaining({ code: "invalid-input", field }),
      );
    }
  });
});

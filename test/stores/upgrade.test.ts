import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { sql, type RawBuilder } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, type Alert, type IssueTracker } from "../../src/index.ts";
import { checkSchema, getMigrations, kyselyStore, migrate, sqliteDialect } from "../../src/kysely/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES } from "../support/databases.ts";
import { temporaryDatabase } from "../support/files.ts";
import { failureOf, HOUR } from "../support/scenario.ts";
import { describeSchema, manifestOf } from "../support/schema-manifest.ts";
import { tablesIn } from "../support/tables.ts";
import { everythingIn } from "./fixtures/everything.ts";

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

/** A SQLite file as the code of version 4 of the tables left it. See `fixtures/record.ts`. */
function formerFile(): string {
  const filename = temporaryDatabase();
  const database = new Database(filename);
  database.exec(fixture("version-4.sql"));
  database.close();
  return filename;
}

/** What a tracker of that code returned. */
function recorded(): { readonly now: number; readonly everything: unknown } {
  // The kind "held-back" is called "throttled" now.
  return JSON.parse(fixture("version-4.json").replaceAll('"held-back"', '"throttled"'));
}

/** As JSON holds it: without members that are `undefined`. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("a SQLite file of version 4", () => {
  const open = async (filename: string, alertSink?: (alert: Alert) => void) => {
    const clock = createVirtualClock(recorded().now);
    const alerts = { limits: { periodMs: HOUR, perIssue: 2, perProject: 3 } };
    const store = await openSqliteStore({ filename });
    const tracker = createIssueTracker({ store, clock, alerts, ...(alertSink && { alertSink }) });
    onTestFinished(() => tracker.close());
    return { tracker, clock };
  };

  const idOf = async (tracker: IssueTracker, title: string): Promise<string> => {
    const { items } = await tracker.issues.list({ projectId: "shop", search: title });
    const issue = items.find((each) => each.title === title);
    if (issue === undefined) throw new Error(`no issue ${title}`);
    return issue.id;
  };

  test("returns all that it holds: issues in every state, histories, counts, marks, releases, events and alerts", async () => {
    const { tracker } = await open(formerFile());
    expect(asJson(await everythingIn(tracker))).toEqual(recorded().everything);
  });

  test("has the same tables as a new one", async () => {
    const filename = formerFile();
    await (await open(filename)).tracker.close();
    const database = new Database(filename);
    const lines = database.prepare("select sql from sqlite_master where sql is not null").pluck().all();
    database.close();
    await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot(manifestOf(sqliteDialect));
  });

  test("continues where it stopped: deadlines, conditions, resolutions, and the alerts in the outbox", async () => {
    const delivered: Alert[] = [];
    const { tracker, clock } = await open(formerFile(), (alert) => void delivered.push(alert));
    const digest = (type: string, release = "1.0.0") => tracker.digest({ projectId: "shop", type, release });
    expect(await digest("ByRelease")).toMatchObject({ regressed: { fixedIn: "1.0.0" } });
    expect(await digest("Plain")).toMatchObject({ regressed: { kind: "resolved-plainly" } });
    expect(await digest("NextEvent")).toMatchObject({ unmuted: { kind: "deadline-passed" } });
    expect(await digest("Since")).toMatchObject({ unmuted: null });
    expect(await digest("ByNext", "2.0.0")).toMatchObject({ regressed: { fixedIn: "2.0.0" } });
    expect(await digest("Announced", "build 99")).toMatchObject({ regressed: { fixedIn: "build 99" } });
    expect(await tracker.digest({ projectId: "shop", id: "a2", type: "A" })).toMatchObject({ kind: "duplicate" });
    clock.advanceBy(2 * HOUR);
    expect(await tracker.tick()).toEqual({ unmuted: 1, unreadable: [] });
    expect((await tracker.issues.get(await idOf(tracker, "Clock")))?.state.status).toBe("open");
    await tracker.alerts.drain();
    const throttled = delivered.flatMap(({ reason }) => (reason.kind === "throttled" ? reason : []));
    expect(throttled.toSorted((one, other) => one.from - other.from)).toMatchObject([
      { counts: { "new-issue": expect.any(Number), unmute: 1 } },
      { examples: expect.arrayContaining([expect.objectContaining({ title: "Over" })]) },
    ]);
    expect((await tracker.alerts.list({ status: "dead" })).items).toMatchObject([
      { alert: { issue: { title: "Dead" } } },
    ]);
  });
});

describe.each(DATABASES)("tables of version 4 on $name", ({ dialect, makePlace }) => {
  test("are upgraded with what they hold, also after a process that ended in the middle", async () => {
    const place = await makePlace();
    onTestFinished(() => place.drop());
    const db = place.connect();
    const tables = tablesIn(place, db);
    const { schema } = tables;
    const table = (name: string) => sql.table(`${schema === undefined ? "" : `${schema}.`}issue_lifecycle_${name}`);
    const run = (statement: RawBuilder<unknown>) => statement.execute(db);
    if (schema !== undefined && dialect.name === "PostgreSQL") await run(sql`create schema ${sql.id(schema)}`);
    const migrations = Object.entries(getMigrations(dialect, schema === undefined ? {} : { schema }));
    for (const [name, { up }] of migrations) {
      if (name < "issue_lifecycle_0005") await db.connection().execute((connection) => up(connection));
    }
    const throttled = { counts: { "new-issue": 2, regression: 0, unmute: 1 }, examples: [] };
    const noIssue = Buffer.alloc(16);
    await run(
      sql`insert into ${table("projects")} (${sql.ref("key")}, id, slug, slug_key, alert_new_issue, alert_regression, alert_unmute, issue_count, release_count) values (7, 'shop', 'shop', 'SHOP', 1, 1, 1, 0, 0)`,
    );
    for (const [id, heldBack] of [
      [noIssue, JSON.stringify(throttled)],
      [Buffer.alloc(16, 1), null],
    ]) {
      await run(sql`insert into ${table("alert_tallies")} values (7, ${id}, 1000, 2000, 5, ${heldBack})`);
    }
    expect(await failureOf(checkSchema(tables))).toMatchObject({ code: "schema-outdated" });

    // A process ended after the statements of version 5, and before it had noted the version.
    const [, version5] = migrations.find(([name]) => name.startsWith("issue_lifecycle_0005")) ?? [];
    await db.connection().execute(async (connection) => version5?.up(connection));
    await run(sql`update ${table("schema")} set version = 4, usable_from = 3`);

    await migrate(tables);
    await checkSchema(tables);
    await expect(await describeSchema(dialect, db, schema)).toMatchFileSnapshot(manifestOf(dialect));
    const tallies = await kyselyStore(tables).transaction(
      async ({ outbox }) => (await outbox?.lockTallies({ endedAt: 2_000, limit: 9 })) ?? [],
    );
    expect(tallies.toSorted((one, other) => (one.issueId ?? "").localeCompare(other.issueId ?? ""))).toEqual([
      { projectId: "shop", issueId: null, startsAt: 1_000, endsAt: 2_000, admitted: 5, throttled },
      expect.objectContaining({ issueId: "01010101-0101-0101-0101-010101010101", admitted: 5 }),
    ]);
    // Code of version 4 stops with `schema-newer`.
    const { rows } = await sql<{ usable_from: unknown }>`select usable_from from ${table("schema")}`.execute(db);
    expect(Number(rows[0]?.usable_from)).toBe(5);
  });
});

import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, type IssueTracker, type NewEvent } from "../../src/index.ts";
import { kyselyStore, migrate, mysqlDialect, type StoreDialect } from "../../src/kysely/index.ts";
import { DATABASES, SERVERS, type DatabaseKind, type Place } from "../support/databases.ts";
import { tablesIn } from "../support/tables.ts";

const places: Place[] = [];

afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
});

/** A tracker, perhaps with another dialect than the database's, and the statements that it has run. */
async function opened({ makePlace, dialect: own }: DatabaseKind, dialect: StoreDialect = own) {
  const place = await makePlace();
  places.push(place);
  const statements: string[] = [];
  const db = place.connect({ log: ({ query }) => void statements.push(query.sql) });
  const tables = { ...tablesIn(place, db), dialect };
  await migrate(tables);
  const open = (): IssueTracker => createIssueTracker({ store: kyselyStore(tables), alertSink: "elsewhere" });
  const tracker = open();
  await tracker.projects.save({ id: "shop" });
  return { tracker, open, statements, db, place };
}

const EVENT: NewEvent = { projectId: "shop", type: "E", release: "1.0.0" };

describe.each(DATABASES)("on $name", (kind) => {
  test("a project that has another key than before is found, with what belongs to it", async () => {
    const { tracker, open, db, place } = await opened(kind);
    await tracker.digest(EVENT);
    const name = (table: string) =>
      place.schema === undefined
        ? sql.table(`issue_lifecycle_${table}`)
        : sql.id(place.schema, `issue_lifecycle_${table}`);
    for (const table of ["issues", "groups", "project_releases", "release_marks", "events"]) {
      await sql`update ${name(table)} set project_key = project_key + 100`.execute(db);
    }
    await sql`update ${name("projects")} set ${sql.ref("key")} = ${sql.ref("key")} + 100`.execute(db);
    expect(await tracker.digest({ ...EVENT, id: "second" })).toMatchObject({
      created: false,
      issue: { eventCount: 2 },
    });
    expect(await open().digest({ ...EVENT, id: "second" })).toMatchObject({ kind: "duplicate" });
    expect(await tracker.digest({ ...EVENT, type: "new" })).toMatchObject({ created: true, issue: { number: 2 } });
  });

  test("events that are too long to be sent with others are stored in the same transaction", async () => {
    const { tracker } = await opened(kind);
    const long = "x".repeat(1_200_000);
    const events = ["one", "two", "three"].map((id) => ({ ...EVENT, id, data: { long, id } }));
    await tracker.digest([{ ...EVENT, id: "short" }, ...events, { ...EVENT, id: "last", type: "new" }]);
    for (const { id, data } of events) expect((await tracker.events.get("shop", id))?.data).toEqual(data);
    expect((await tracker.issues.list({ projectId: "shop" })).items.map(({ eventCount }) => eventCount)).toEqual([
      1, 4,
    ]);
  });
});

/** MariaDB as if it had no blocks, as MySQL. */
const WITHOUT_BLOCKS: StoreDialect = {
  ...mysqlDialect,
  together: mysqlDialect.together && { ...mysqlDialect.together, isSupported: async () => false },
};

describe.each(SERVERS.filter(({ dialect }) => dialect === mysqlDialect))("on $name without blocks", (kind) => {
  test("statements follow one by one", async () => {
    const { tracker, statements } = await opened(kind, WITHOUT_BLOCKS);
    await tracker.digest(EVENT);
    statements.length = 0;
    expect(await tracker.digest({ ...EVENT, id: "second" })).toMatchObject({
      created: false,
      issue: { eventCount: 2 },
    });
    expect(statements.filter((each) => each.includes("not atomic"))).toEqual([]);
    expect(statements.slice(0, 2)).toEqual(["set transaction isolation level read committed", "begin"]);
    expect(statements.at(-1)).toBe("commit");
    expect(await tracker.digest({ ...EVENT, id: "second" })).toMatchObject({ kind: "duplicate" });
  });
});

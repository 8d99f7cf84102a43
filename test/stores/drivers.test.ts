import Database from "better-sqlite3";
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect, type Dialect } from "kysely";
import { createPool, type PoolOptions } from "mysql2";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIssueTracker, type NewEvent } from "../../src/index.ts";
import { kyselyStore, migrate, mysqlDialect, postgresDialect, sqliteDialect } from "../../src/kysely/index.ts";
import { MYSQL_URL, POSTGRES_URL } from "../support/connections.ts";
import { SERVERS, type Place } from "../support/databases.ts";
import { temporaryDatabase } from "../support/files.ts";
import { failureOf, START } from "../support/scenario.ts";
import { tablesIn } from "../support/tables.ts";

/** Texts that some databases or drivers damage. */
const TEXTS = [
  "plain",
  "",
  " ends with blanks  ",
  "😀 4 bytes",
  "\ud800 half",
  "nul \0 here",
  "\\ ' \" ` % _ ?",
  "é É e\u0301",
  "日本語",
  "\u001a\ue000",
];

/** Stores issues with such texts, numbers and instants, and returns all that is read back: the same for all settings of a driver. */
async function live(db: Kysely<object>, dialect: typeof sqliteDialect, schema?: string): Promise<unknown> {
  const tables = {
    db,
    dialect,
    ...(schema === undefined ? {} : { schema }),
    tablePrefix: `p${String(Math.floor(Math.random() * 1e9))}_`,
  };
  await migrate(tables);
  let id = 0;
  const tracker = createIssueTracker({
    store: kyselyStore(tables),
    alertSink: "elsewhere",
    clock: { now: () => START + 60_000 },
    newId: () => `01900000-0000-7000-8000-${String(++id).padStart(12, "0")}`,
  });
  await tracker.projects.save({ id: "shop 😀\0", slug: "shop", alerts: { regression: false } });
  const events = TEXTS.map((text, index): NewEvent => ({
    projectId: "shop 😀\0",
    id: `event ${text}`,
    type: "E",
    value: text,
    transaction: text,
    release: text,
    data: { text, index, big: Number.MAX_SAFE_INTEGER },
    receivedAt: START + index,
    occurredAt: START - index,
  }));
  const [first, ...rest] = events;
  const outcomes = [
    first === undefined ? [] : await tracker.digest(first),
    await tracker.digest(rest),
    await tracker.digest(events),
  ];
  const { items } = await tracker.issues.list({ projectId: "shop 😀\0", search: "😀" });
  await tracker.issues.mute(items[0]?.id ?? "", { until: START + 99_999_999, by: "ann 😀", comment: "half \ud800" });
  const stored = await Promise.all(events.map((event) => tracker.events.get("shop 😀\0", event.id ?? "")));
  const history = await tracker.issues.history(items[0]?.id ?? "");
  const releases = await tracker.releases.list("shop 😀\0");
  const alerts = (await tracker.alerts.list({ limit: 100 })).items;
  const projects = await tracker.projects.list();
  await tracker.close();
  return { outcomes, items, stored, history, releases, alerts, projects };
}

/** The same on SQLite with its driver's defaults. */
async function asExpected(): Promise<unknown> {
  return liveOn(new SqliteDialect({ database: new Database(temporaryDatabase()) }), sqliteDialect);
}

async function liveOn(dialect: Dialect, storeDialect: typeof sqliteDialect, schema?: string): Promise<unknown> {
  const db = new Kysely<object>({ dialect });
  try {
    return await live(db, storeDialect, schema);
  } finally {
    await db.destroy();
  }
}

test("better-sqlite3 may return integers as bigints", async () => {
  const database = new Database(temporaryDatabase());
  database.defaultSafeIntegers(true);
  expect(await liveOn(new SqliteDialect({ database }), sqliteDialect)).toEqual(await asExpected());
});

describe.each(SERVERS)("what is stored on $name is returned unchanged", ({ makePlace, dialect }) => {
  let place: Place | undefined;

  beforeAll(async () => {
    place = await makePlace();
    // Creates the schema, where this library does that.
    await migrate(tablesIn(place));
  });

  afterAll(async () => {
    await place?.drop();
  });

  const settings = dialect === postgresDialect ? POSTGRES_SETTINGS : MYSQL_SETTINGS;

  test.each(Object.keys(settings))("with %s", async (name) => {
    const made = settings[name]?.();
    if (made === undefined) throw new Error("no such settings");
    expect(await liveOn(made, dialect, place?.schema)).toEqual(await asExpected());
  });
});

const POSTGRES_SETTINGS: Readonly<Record<string, () => Dialect>> = {
  "the driver's defaults": () => postgres({}),
  "integers as bigints": () => postgres({ types: bigints() }),
  "a session in Kathmandu": () => postgres({ options: "-c timezone=Asia/Kathmandu" }),
  "an old form of bytes": () => postgres({ options: "-c bytea_output=escape" }),
};

function postgres(config: pg.PoolConfig): Dialect {
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: POSTGRES_URL, ...config }) });
}

function bigints(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, BigInt);
  return types;
}

const MYSQL_SETTINGS: Readonly<Record<string, () => Dialect>> = {
  "the driver's defaults": () => mysql({}),
  "integers as texts": () => mysql({ supportBigNumbers: true, bigNumberStrings: true }),
  "affected rows instead of found rows": () => mysql({ flags: ["-FOUND_ROWS"] }),
  "a session in Kathmandu": () => mysql({ timezone: "+05:45", dateStrings: true }),
  "a lax sql_mode with quoted names": () => mysql({}, "set session sql_mode = 'ANSI_QUOTES'"),
};

function mysql(options: PoolOptions, ...statements: string[]): Dialect {
  const pool = createPool({ uri: MYSQL_URL ?? "", connectionLimit: 3, ...options });
  pool.on("connection", (connection) => {
    for (const statement of statements) connection.query(statement);
  });
  return new MysqlDialect({ pool });
}

describe.each(SERVERS.filter(({ dialect }) => dialect === mysqlDialect))("on $name", ({ makePlace }) => {
  test.each([
    ["a character set that cannot hold every text", "set names latin1", "character set has to be utf8mb4"],
    [
      "a mode in which the driver's escapes have another meaning",
      "set session sql_mode = 'NO_BACKSLASH_ESCAPES'",
      "NO_BACKSLASH_ESCAPES",
    ],
  ])("a connection with %s is refused, before anything is written", async (_what, statement, message) => {
    const place = await makePlace();
    const db = new Kysely<object>({ dialect: mysql({}, statement) });
    const tables = tablesIn(place, db);
    const refused = { code: "store-failed", message: expect.stringContaining(message) };
    expect(await failureOf(migrate(tables))).toMatchObject(refused);
    await migrate(tablesIn(place));
    const tracker = createIssueTracker({ store: kyselyStore(tables) });
    expect(await failureOf(tracker.projects.save({ id: "shop" }))).toMatchObject(refused);
    const within = db
      .transaction()
      .execute((transaction) => tracker.withTransaction(transaction).projects.save({ id: "shop" }));
    expect(await failureOf(within)).toMatchObject(refused);
    await db.destroy();
    await place.drop();
  });
});

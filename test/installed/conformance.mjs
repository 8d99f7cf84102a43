// The whole conformance suite, on the kind of store that the first argument names.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kyselyStore, migrate, mysqlDialect, postgresDialect, sqliteDialect } from "issue-lifecycle/kysely";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { describeConformance, runConformance } from "issue-lifecycle/testing";
import { Kysely, MysqlDialect, PostgresDialect, sql, SqliteDialect } from "kysely";

/** Files, a new one for each case. */
function files(connectTo) {
  const folder = mkdtempSync(join(import.meta.dirname, "files-"));
  let filename;
  return {
    tables: { dialect: sqliteDialect },
    connect: () => connectTo(filename),
    openEmbedded: () => openSqliteStore({ filename }),
    clear: async () => void (filename = join(folder, uniqueName())),
    drop: async () => rmSync(folder, { recursive: true }),
  };
}

/** Files that better-sqlite3 opens. */
async function sqliteFiles() {
  const { default: Database } = await import("better-sqlite3");
  const open = (filename) => new SqliteDialect({ database: new Database(filename, { timeout: 0 }) });
  return files((filename) => new Kysely({ dialect: open(filename) }));
}

/** Files that the runtime's own SQLite opens. */
async function ownSqliteFiles() {
  const { connectToOwnSqlite } = await import("./own-sqlite.mjs");
  return files(connectToOwnSqlite);
}

/** A schema of its own on a server. */
async function postgresSchema() {
  const { default: pg } = await import("pg");
  const schema = uniqueName();
  // Nothing here has to survive the server.
  const settings = {
    connectionString: process.env.ISSUE_LIFECYCLE_TEST_POSTGRES_URL,
    options: "-c synchronous_commit=off",
  };
  const connect = () => new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool(settings) }) });
  return {
    tables: { dialect: postgresDialect, schema },
    connect,
    clear: () => once(connect, (db) => empty(db, schema)),
    drop: () => once(connect, (db) => sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db)),
  };
}

/** A database of its own on a server. */
async function mysqlDatabase() {
  const { createPool } = await import("mysql2");
  const schema = uniqueName();
  const uri = process.env.ISSUE_LIFECYCLE_TEST_MYSQL_URL;
  const connect = () => new Kysely({ dialect: new MysqlDialect({ pool: createPool({ uri }) }) });
  await once(connect, (db) => sql`create database ${sql.id(schema)}`.execute(db));
  return {
    tables: { dialect: mysqlDialect, schema },
    connect,
    clear: () => once(connect, (db) => empty(db, schema)),
    drop: () => once(connect, (db) => sql`drop database ${sql.id(schema)}`.execute(db)),
  };
}

async function once(connect, work) {
  const db = connect();
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** Empties all tables of a schema but the one that holds their version: making them anew takes servers long. */
async function empty(db, schema) {
  const found = sql`select table_name as name from information_schema.tables where table_schema = ${schema}`;
  const { rows } = await found.execute(db);
  const tables = rows.map(({ name }) => name).filter((name) => name !== "issue_lifecycle_schema");
  for (const name of tables) await sql`delete from ${sql.table(`${schema}.${name}`)}`.execute(db);
}

function uniqueName() {
  return `lifecycle_installed_${randomUUID().slice(0, 8)}`;
}

/** Looks at the tables by a connection of its own. */
function rawReader(db, schema) {
  const table = (name) => sql.table(schema === undefined ? name : `${schema}.${name}`);
  const count = async (name, projectId) => {
    const project = sql`select ${sql.ref("key")} from ${table("issue_lifecycle_projects")} where id = ${projectId}`;
    const counted = sql`select count(*) as n from ${table(name)} where project_key = (${project})`;
    return Number((await counted.execute(db)).rows[0].n);
  };
  return {
    countIssues: (projectId) => count("issue_lifecycle_issues", projectId),
    countEvents: (projectId) => count("issue_lifecycle_events", projectId),
    titleOf: async (issueId) => {
      const id = Buffer.from(issueId.replaceAll("-", ""), "hex");
      const { rows } = await sql`select title from ${table("issue_lifecycle_issues")} where id = ${id}`.execute(db);
      return rows[0]?.title;
    },
  };
}

async function openOnKysely({ tables }, connect) {
  const db = connect();
  await migrate({ db, ...tables });
  return kyselyStore({ db, ...tables });
}

/** Begins a transaction as a host does that works with Kysely. */
async function beginHost(db) {
  const transaction = await db.startTransaction().execute();
  return {
    transaction,
    commit: () => transaction.commit().execute(),
    rollback: () => transaction.rollback().execute(),
  };
}

/** A store for one case. */
async function openSubject(place, openStore) {
  await place.clear();
  const instances = [];
  const connect = () => {
    const db = place.connect();
    instances.push(db);
    return db;
  };
  const open = () => openStore(place, connect);
  const store = await open();
  const other = connect();
  return {
    store,
    openSecond: open,
    raw: rawReader(other, place.tables.schema),
    beginHost: () => beginHost(other),
    dispose: async () => {
      for (const db of instances) await db.destroy();
    },
  };
}

const KINDS = {
  embedded: {
    makePlace: sqliteFiles,
    openStore: ({ openEmbedded }) => openEmbedded(),
    lacks: { "host-transactions": "it has a connection of its own" },
  },
  sqlite: { makePlace: sqliteFiles, openStore: openOnKysely },
  "own-sqlite": { makePlace: ownSqliteFiles, openStore: openOnKysely },
  postgres: { makePlace: postgresSchema, openStore: openOnKysely },
  mysql: { makePlace: mysqlDatabase, openStore: openOnKysely },
};

const [kind] = process.argv.slice(2);
const { makePlace, openStore, lacks } = KINDS[kind];
const place = await makePlace();
try {
  const report = await runConformance({ name: kind, open: () => openSubject(place, openStore), lacks });
  const { passed, skipped } = report.counts;
  if (!report.conforms || (skipped > 0 && lacks === undefined) || passed === 0) {
    throw new Error(describeConformance(report));
  }
  console.log(`all ${String(passed)} cases hold`);
} finally {
  await place.drop();
}

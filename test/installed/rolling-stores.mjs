// The stores that processes of a rolling deployment share.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kyselyStore, migrate, mysqlDialect, postgresDialect } from "issue-lifecycle/kysely";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { Kysely, MysqlDialect, PostgresDialect, sql } from "kysely";

const BUSY_TIMEOUT_MS = 60_000;

/** Connects to a server, and gives the dialect of its tables. */
const CONNECT = {
  postgres: async () => {
    const { default: pg } = await import("pg");
    const connectionString = process.env.ISSUE_LIFECYCLE_TEST_POSTGRES_URL;
    const pool = new pg.Pool({ connectionString, options: "-c synchronous_commit=off", max: 3 });
    return { db: new Kysely({ dialect: new PostgresDialect({ pool }) }), dialect: postgresDialect };
  },
  mysql: async () => {
    const { createPool } = await import("mysql2");
    const pool = createPool({ uri: process.env.ISSUE_LIFECYCLE_TEST_MYSQL_URL, connectionLimit: 3 });
    return { db: new Kysely({ dialect: new MysqlDialect({ pool }) }), dialect: mysqlDialect };
  },
};

/** Opens the store at a place, and creates its tables or upgrades them. */
export async function openStore(kind, where) {
  if (kind === "sqlite") return openSqliteStore({ filename: where, busyTimeoutMs: BUSY_TIMEOUT_MS });
  const { db, dialect } = await CONNECT[kind]();
  const tables = { db, dialect, schema: where, busyTimeoutMs: BUSY_TIMEOUT_MS };
  await migrate(tables);
  const store = kyselyStore(tables);
  return {
    ...store,
    close: async () => {
      await store.close();
      await db.destroy();
    },
  };
}

/** Makes an empty place: a file, a schema or a database. */
export async function makePlace(kind) {
  if (kind === "sqlite") {
    const folder = mkdtempSync(join(import.meta.dirname, "file-"));
    return { where: join(folder, "issues.sqlite"), drop: async () => rmSync(folder, { recursive: true }) };
  }
  const where = `lifecycle_rolling_${randomUUID().slice(0, 8)}`;
  const what = kind === "postgres" ? sql`schema` : sql`database`;
  const execute = async (statement) => {
    const { db } = await CONNECT[kind]();
    await statement.execute(db);
    await db.destroy();
  };
  await execute(sql`create ${what} ${sql.id(where)}`);
  const cascade = kind === "postgres" ? sql`cascade` : sql``;
  return { where, drop: () => execute(sql`drop ${what} ${sql.id(where)} ${cascade}`) };
}

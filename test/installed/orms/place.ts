import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mysqlDialect, postgresDialect, sqliteDialect, type TablesOptions } from "issue-lifecycle/kysely";
import { Kysely, MysqlDialect, PostgresDialect, sql, SqliteDialect, type Dialect } from "kysely";

/** Where a host's tables are. */
export interface Place {
  readonly kind: "postgres" | "mysql" | "sqlite";
  /** The server, with the schema as the first of its search path or the database; for SQLite the file. */
  readonly url: string;
}

/** A place, through this library's own connection. */
export interface OpenPlace extends Place {
  readonly tables: TablesOptions & { readonly db: Kysely<object> };
  /** Deletes all rows. */
  clear(): Promise<void>;
  drop(): Promise<void>;
}

/** Makes a schema of its own on the server that the environment names, or a file. */
export async function makePlace(kind: string): Promise<OpenPlace> {
  const name = `lifecycle_orms_${randomUUID().slice(0, 8)}`;
  switch (kind) {
    case "postgres":
      return makePostgresSchema(name);
    case "mysql":
      return makeMysqlDatabase(name);
    case "sqlite":
      return makeSqliteFile();
    default:
      throw new Error(`There are no places of the kind ${kind}.`);
  }
}

async function makePostgresSchema(name: string): Promise<OpenPlace> {
  const { default: pg } = await import("pg");
  const url = new URL(serverUrl("ISSUE_LIFECYCLE_TEST_POSTGRES_URL"));
  url.searchParams.set("options", `-c search_path=${name}`);
  const db = kysely(new PostgresDialect({ pool: new pg.Pool({ connectionString: url.href, max: 2 }) }));
  await sql`create schema ${sql.id(name)}`.execute(db);
  return {
    kind: "postgres",
    url: url.href,
    tables: { db, dialect: postgresDialect },
    clear: () => empty(db, sql`current_schema()`),
    drop: () => end(db, sql`drop schema ${sql.id(name)} cascade`.execute(db)),
  };
}

async function makeMysqlDatabase(name: string): Promise<OpenPlace> {
  const { createConnection, createPool } = await import("mysql2");
  const server = serverUrl("ISSUE_LIFECYCLE_TEST_MYSQL_URL");
  const connection = createConnection(server).promise();
  await connection.query(`create database ${name}`);
  await connection.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = kysely(new MysqlDialect({ pool: createPool({ uri: url.href, connectionLimit: 2 }) }));
  return {
    kind: "mysql",
    url: url.href,
    tables: { db, dialect: mysqlDialect },
    clear: () => empty(db, sql`database()`),
    drop: () => end(db, sql`drop database ${sql.id(name)}`.execute(db)),
  };
}

async function makeSqliteFile(): Promise<OpenPlace> {
  const { default: Database } = await import("better-sqlite3");
  const folder = mkdtempSync(join(tmpdir(), "lifecycle-orms-"));
  const file = join(folder, "host.sqlite");
  const db = kysely(new SqliteDialect({ database: new Database(file, { timeout: 0 }) }));
  return {
    kind: "sqlite",
    url: file,
    tables: { db, dialect: sqliteDialect },
    clear: async () => {
      const { rows } = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'`.execute(db);
      await emptyTables(db, rows);
    },
    drop: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

function serverUrl(variable: string): string {
  const url = process.env[variable];
  if (url === undefined) throw new Error(`No server: ${variable} is not set.`);
  return url;
}

function kysely(dialect: Dialect): Kysely<object> {
  return new Kysely<object>({ dialect });
}

async function empty(db: Kysely<object>, schema: ReturnType<typeof sql>): Promise<void> {
  const tables = sql<{
    name: string;
  }>`select table_name as name from information_schema.tables where table_schema = ${schema}`;
  await emptyTables(db, (await tables.execute(db)).rows);
}

/** Empties tables, but not the one that holds their version. */
async function emptyTables(db: Kysely<object>, tables: readonly { readonly name: string }[]): Promise<void> {
  for (const { name } of tables) {
    if (name !== "issue_lifecycle_schema") await sql`delete from ${sql.table(name)}`.execute(db);
  }
}

async function end(db: Kysely<object>, dropping: Promise<unknown>): Promise<void> {
  await dropping;
  await db.destroy();
}

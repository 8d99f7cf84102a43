import { PGlite } from "@electric-sql/pglite";
import Database from "better-sqlite3";
import { Kysely, MysqlDialect, PGliteDialect, PostgresDialect, sql, SqliteDialect } from "kysely";
import { createPool, type PoolOptions } from "mysql2";
import pg from "pg";
import { mysqlDialect, postgresDialect, sqliteDialect, type StoreDialect } from "../../src/kysely/index.ts";
import { temporaryDatabase } from "./files.ts";

/** A place for tables in a database: a schema or database of its own, that is gone when it is dropped. */
export interface Place {
  readonly dialect: StoreDialect;
  /** The schema, where a test has one of its own. */
  readonly schema: string | undefined;
  /** Makes a Kysely instance, as another process would have it. */
  connect(): Kysely<object>;
  /** Closes all instances, and drops what was made here. */
  drop(): Promise<void>;
}

/** A kind of database that tests run on. */
export interface DatabaseKind {
  readonly name: string;
  readonly dialect: StoreDialect;
  /** Whether handles can work at the same time, as on a server. */
  readonly isServer: boolean;
  makePlace(): Promise<Place>;
}

/** The servers that the environment names. */
const POSTGRES_URL = process.env["ISSUE_LIFECYCLE_TEST_POSTGRES_URL"];
const MYSQL_URL = process.env["ISSUE_LIFECYCLE_TEST_MYSQL_URL"];

/** Names that no other run of the tests uses. */
function uniqueName(): string {
  return `lifecycle_test_${String(process.pid)}_${Math.random().toString(36).slice(2, 10)}`;
}

/** Instances that are closed together. */
class Instances {
  readonly #instances: Kysely<object>[] = [];

  add(db: Kysely<object>): Kysely<object> {
    this.#instances.push(db);
    return db;
  }

  async close(): Promise<void> {
    for (const db of this.#instances.splice(0)) await db.destroy();
  }
}

const sqliteFile: DatabaseKind = {
  name: "SQLite",
  dialect: sqliteDialect,
  isServer: false,
  makePlace: async () => {
    const filename = temporaryDatabase();
    const instances = new Instances();
    return {
      dialect: sqliteDialect,
      schema: undefined,
      connect: () =>
        instances.add(
          new Kysely<object>({ dialect: new SqliteDialect({ database: new Database(filename, { timeout: 0 }) }) }),
        ),
      drop: () => instances.close(),
    };
  },
};

let sharedPglite: PGlite | undefined;

/** PostgreSQL in this process. */
export const PGLITE: DatabaseKind = {
  name: "PostgreSQL in this process (PGlite)",
  dialect: postgresDialect,
  isServer: false,
  makePlace: async () => {
    sharedPglite ??= new PGlite();
    const pglite = sharedPglite;
    await pglite.waitReady;
    const schema = uniqueName();
    // One database per test file: starting one takes seconds. It ends with the process.
    return {
      dialect: postgresDialect,
      schema,
      connect: () => new Kysely<object>({ dialect: new PGliteDialect({ pglite }) }),
      drop: async () => {
        await pglite.exec(`drop schema if exists ${schema} cascade`);
      },
    };
  },
};

/** A pool on a PostgreSQL server whose commits do not wait for the disk: nothing here has to survive the server. */
function postgresPool(url: string): pg.Pool {
  return new pg.Pool({ connectionString: url, options: "-c synchronous_commit=off", max: 10 });
}

function postgresServer(url: string): DatabaseKind {
  return {
    name: "PostgreSQL",
    dialect: postgresDialect,
    isServer: true,
    makePlace: async () => {
      const schema = uniqueName();
      const instances = new Instances();
      const connect = () =>
        instances.add(new Kysely<object>({ dialect: new PostgresDialect({ pool: postgresPool(url) }) }));
      return {
        dialect: postgresDialect,
        schema,
        connect,
        drop: async () => {
          await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(connect());
          await instances.close();
        },
      };
    },
  };
}

/** A pool on a MySQL or MariaDB server. */
function mysqlPool(url: string, options: PoolOptions = {}): ReturnType<typeof createPool> {
  return createPool({ uri: url, connectionLimit: 10, ...options });
}

function mysqlServer(url: string): DatabaseKind {
  return {
    name: "MySQL or MariaDB",
    dialect: mysqlDialect,
    isServer: true,
    makePlace: async () => {
      const schema = uniqueName();
      const instances = new Instances();
      const connect = () => instances.add(new Kysely<object>({ dialect: new MysqlDialect({ pool: mysqlPool(url) }) }));
      await sql`create database ${sql.id(schema)}`.execute(connect());
      return {
        dialect: mysqlDialect,
        schema,
        connect,
        drop: async () => {
          await sql`drop database ${sql.id(schema)}`.execute(connect());
          await instances.close();
        },
      };
    },
  };
}

/** Databases without a server, and the servers that the environment names. */
export const SERVERS: readonly DatabaseKind[] = [
  ...(POSTGRES_URL === undefined ? [] : [postgresServer(POSTGRES_URL)]),
  ...(MYSQL_URL === undefined ? [] : [mysqlServer(MYSQL_URL)]),
];

/** All databases that tests run on here. */
export const DATABASES: readonly DatabaseKind[] = [sqliteFile, PGLITE, ...SERVERS];

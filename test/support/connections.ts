import Database from "better-sqlite3";
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect, type Dialect, type Logger } from "kysely";
import {
  mysqlDialect,
  postgresDialect,
  sqliteDialect,
  type StoreDialect,
  type TablesOptions,
} from "../../src/kysely/index.ts";

// A driver is loaded where it is used: a process that works on a file starts in half the time without them.

/** A kind of database that several processes can use. */
export type SharedKind = keyof typeof SHARED_KINDS;

/** Where tables are that several processes use. */
export interface Address {
  readonly kind: SharedKind;
  /** The file; on a server, which the environment names, the schema. */
  readonly where: string;
}

/** How to connect. */
export interface ConnectOptions {
  /** How many connections a pool has. */
  readonly poolSize?: number;
  /** Is called with every statement after it ran. */
  readonly log?: Logger;
}

/** The servers that the environment names. */
export const POSTGRES_URL = process.env["ISSUE_LIFECYCLE_TEST_POSTGRES_URL"];
export const MYSQL_URL = process.env["ISSUE_LIFECYCLE_TEST_MYSQL_URL"];

const POOL_SIZE = 10;

const SHARED_KINDS = {
  sqlite: { store: sqliteDialect, connect: sqliteFile },
  postgres: { store: postgresDialect, connect: postgresPool },
  mysql: { store: mysqlDialect, connect: mysqlPool },
} satisfies Record<string, { store: StoreDialect; connect: (where: string, poolSize: number) => Dialect }>;

/** Whether a word names a kind of database. */
export function isSharedKind(word: string | undefined): word is SharedKind {
  return word !== undefined && Object.hasOwn(SHARED_KINDS, word);
}

/** Makes a Kysely instance. */
export function connectTo({ kind, where }: Address, options: ConnectOptions = {}): Kysely<object> {
  const { poolSize = POOL_SIZE, log } = options;
  const dialect = SHARED_KINDS[kind].connect(where, poolSize);
  return new Kysely<object>(log === undefined ? { dialect } : { dialect, log });
}

/** How long a process waits for locks: a machine that stands still for some seconds is no fault of the library. */
const BUSY_TIMEOUT_MS = 60_000;

/** The tables at an address. */
export function tablesAt({ kind, where }: Address, db: Kysely<object>): TablesOptions {
  const tables = { db, dialect: SHARED_KINDS[kind].store, busyTimeoutMs: BUSY_TIMEOUT_MS };
  return kind === "sqlite" ? tables : { ...tables, schema: where };
}

/**
 * A file, without SQLite's own waiting, which blocks the thread. Commits do not wait for the disk: nothing has to survive the
 * machine, and what a process has written survives the process.
 */
function sqliteFile(filename: string): Dialect {
  // To open it may have to wait: for another process that restores what one that was killed has left.
  const database = new Database(filename);
  database.pragma("synchronous = off");
  database.pragma("busy_timeout = 0");
  return new SqliteDialect({ database });
}

/** A pool on a PostgreSQL server whose commits do not wait for the disk: nothing has to survive the server. */
function postgresPool(_schema: string, max: number): Dialect {
  const connectionString = requireUrl(POSTGRES_URL);
  return new PostgresDialect({
    pool: async () => {
      const { default: pg } = await import("pg");
      const pool = new pg.Pool({ connectionString, options: "-c synchronous_commit=off", max });
      // Without a listener, a lost connection would end the process. The statement's own error reports it too.
      pool.on("error", ignore);
      pool.on("connect", (client) => client.on("error", ignore));
      return pool;
    },
  });
}

/** A pool on a MySQL or MariaDB server. */
function mysqlPool(_schema: string, connectionLimit: number): Dialect {
  const uri = requireUrl(MYSQL_URL);
  return new MysqlDialect({ pool: async () => (await import("mysql2")).createPool({ uri, connectionLimit }) });
}

function ignore(): void {
  // The statement on the connection fails too.
}

function requireUrl(url: string | undefined): string {
  if (url === undefined) throw new Error("the environment names no such server");
  return url;
}

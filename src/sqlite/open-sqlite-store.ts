import type BetterSqlite3 from "better-sqlite3";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, requireText } from "../core/input.ts";
import { object, oneOf, withDefault, type Shape } from "../core/shape.ts";
import { Database } from "../kysely/connections/database.ts";
import { translate } from "../kysely/connections/session.ts";
import { transactionsByStatements } from "../kysely/connections/transactions.ts";
import { busyTimeout, untilNotBusy } from "../kysely/connections/waiting.ts";
import { SQLITE_TRANSACTIONS, sqliteDialect } from "../kysely/dialects/sqlite.ts";
import { LoadCache } from "../kysely/load-cache.ts";
import { storeOn } from "../kysely/kysely-store.ts";
import { migrateOn, migrationTimeout } from "../kysely/migrations/migrate.ts";
import { statementCompiler, tablePrefix } from "../kysely/schema/table-names.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { BetterSqlite3Connection } from "./better-sqlite3-connection.ts";
import { Checkpoints } from "./checkpoints.ts";
import { loadBetterSqlite3, requireSupportedNode } from "./platform.ts";

/** Options of {@link openSqliteStore}. */
export interface SqliteStoreOptions {
  /** The database file, created if it does not exist; `":memory:"` for a database in memory. */
  readonly filename: string;
  /**
   * What committed data survives. `"process"`: a crash of the process, but a power failure may lose the last transactions
   * (never earlier ones). `"power"`: a power failure too; each commit then waits for the disk. Default `"process"`.
   */
  readonly durability?: "process" | "power";
  /**
   * How long to wait for another writer, in this process or another one, in milliseconds. Default 5,000; at most a week.
   * While another process migrates the file, opening waits for at least a minute.
   */
  readonly busyTimeoutMs?: number;
  /** The start of each table's name. Default `issue_lifecycle_`. */
  readonly tablePrefix?: string;
}

/** SQLite's names of the durabilities. */
const SYNCHRONOUS = { process: "normal", power: "full" } as const;

/**
 * The most that SQLite keeps of changed and read pages, instead of its 16 MB: a commit writes the changed ones at once, which takes
 * about 4 ms a megabyte.
 */
const CACHE_KIB = 10_000;

/**
 * Opens the store in a SQLite file, through better-sqlite3, with safe settings, and creates or upgrades its tables. Any
 * number of processes on one machine can open the same file.
 *
 * @throws `IssueLifecycleError` `unsupported-platform` on a Node older than 22.14, without better-sqlite3, or with
 *   better-sqlite3 12 on Node 24 or newer; `invalid-input`, `schema-newer`, or SQLite's error
 * @example
 * ```ts
 * import { createIssueTracker } from "issue-lifecycle";
 * import { openSqliteStore } from "issue-lifecycle/sqlite";
 *
 * const tracker = createIssueTracker({ store: await openSqliteStore({ filename: "issues.sqlite" }) });
 * ```
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<IssueStore> {
  requireSupportedNode(process.versions.node);
  const checked = sqliteOptions("options", options);
  return sqliteStoreOn(await openFile(checked.filename), checked);
}

/** The store in an open database, which it closes. The database's own waiting has to be off. */
export async function sqliteStoreOn(
  file: BetterSqlite3.Database,
  { filename, durability, busyTimeoutMs, tablePrefix: prefix }: Required<SqliteStoreOptions>,
): Promise<IssueStore> {
  const names = { prefix, schema: undefined };
  const builder = { db: statementCompiler(sqliteDialect, names), dialect: sqliteDialect, names };
  const synchronous = SYNCHRONOUS[durability];
  const checkpoints = new Checkpoints(file, synchronous);
  const connection = new BetterSqlite3Connection(file, checkpoints);
  try {
    await useWriteAheadLog(file, busyTimeoutMs);
    file.pragma(`synchronous = ${synchronous}`);
    file.pragma(`cache_size = -${String(CACHE_KIB)}`);
    checkpoints.begin();
    await migrateOn(databaseOn(connection, migrationTimeout(busyTimeoutMs)), builder);
  } catch (error) {
    await connection.close();
    throw openingError(filename, error);
  }
  const cache = new LoadCache(versionReader(file));
  const store = storeOn(databaseOn(connection, busyTimeoutMs), builder.db, sqliteDialect, cache);
  return {
    ...store,
    async close() {
      await store.close();
      await connection.close();
    },
  };
}

function databaseOn(connection: BetterSqlite3Connection, busyTimeoutMs: number): Database {
  const transactions = transactionsByStatements(
    (work) => connection.provide(work),
    sqliteDialect,
    SQLITE_TRANSACTIONS,
    busyTimeoutMs,
  );
  return new Database(transactions, sqliteDialect, { busyTimeoutMs, connectionTimeoutMs: null });
}

/** Reads what changes when any connection writes: the one when others do, the other when this one does. */
function versionReader(file: BetterSqlite3.Database): () => string {
  const ofOthers = file.prepare<[], number>("pragma data_version").pluck();
  const ofThis = file.prepare<[], number>("select total_changes()").pluck();
  return () => `${String(ofOthers.get())} ${String(ofThis.get())}`;
}

/** A file name. better-sqlite3 cuts it off at a NUL and trims blanks, which would name another file. */
const filename: Shape<string> = (field, value) => {
  const name = requireText(field, value, 1, 4_096);
  if (name.trim() === name && !name.includes("\0")) return name;
  throw invalidInput(field, name, `a name without NUL and without blanks at its ends, such as "issues.sqlite"`);
};

/** The options, checked, with their defaults. */
export const sqliteOptions = object<Required<SqliteStoreOptions>>(
  {
    filename,
    durability: withDefault(oneOf(["process", "power"]), "process"),
    busyTimeoutMs: busyTimeout,
    tablePrefix,
  },
  `{ filename: "issues.sqlite" }`,
);

/** SQLite's own waiting is off, because it blocks the thread, and the other writer may be in this process. */
async function openFile(name: string): Promise<BetterSqlite3.Database> {
  const BetterSqlite3Database = await loadBetterSqlite3();
  try {
    return new BetterSqlite3Database(name, { timeout: 0 });
  } catch (error) {
    throw openingError(name, error);
  }
}

/**
 * Switches a file to write-ahead logging, in which readers and a writer do not wait for each other. The file keeps the
 * setting. When several processes open a new file at once, all but one of them have to wait.
 */
async function useWriteAheadLog(file: BetterSqlite3.Database, timeoutMs: number): Promise<void> {
  await untilNotBusy(timeoutMs, async () => {
    try {
      if (file.pragma("journal_mode", { simple: true }) !== "wal") file.pragma("journal_mode = wal");
    } catch (error) {
      throw translate(error, sqliteDialect);
    }
  });
}

/** Adds the file's name to the error of opening it. */
function openingError(name: string, cause: unknown): IssueLifecycleError {
  const error = translate(cause, sqliteDialect);
  if (error.code !== "store-failed") return error;
  return new IssueLifecycleError(error.code, `Cannot open ${JSON.stringify(name)}: ${error.message}`, {
    retryable: error.retryable,
    cause: error.cause,
  });
}

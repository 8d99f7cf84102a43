import type BetterSqlite3 from "better-sqlite3";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, orElse, requireObject, requireOneOf, requireText } from "../core/input.ts";
import { SQLITE_TRANSACTIONS, sqliteDialect } from "../kysely/dialects/sqlite/sqlite-dialect.ts";
import { Database } from "../kysely/database.ts";
import { migrateOn } from "../kysely/migrate.ts";
import { DEFAULT_CONNECTION_TIMEOUT_MS, requireBusyTimeout } from "../kysely/patience.ts";
import { translate } from "../kysely/session.ts";
import { storeOn } from "../kysely/sql-store.ts";
import { DEFAULT_TABLE_PREFIX, requireTablePrefix, statementCompiler } from "../kysely/table-names.ts";
import { transactionsByStatements } from "../kysely/transactions.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { BetterSqlite3Runner } from "./better-sqlite3-runner.ts";
import { requireSupportedDriver, requireSupportedNode } from "./platform.ts";
import { useWriteAheadLog } from "./write-ahead-log.ts";

/** How to open an embedded store. */
export interface SqliteStoreOptions {
  /** The database file, created if it is not there; `":memory:"` for one that ends with the process. */
  readonly filename: string;
  /**
   * What is safe when. `"process"`: what was acknowledged survives the end of the process, however sudden; a power cut
   * may take the last transactions, but never harms the rest. `"power"`: it survives that too, at the price of waiting
   * for the disk. Default `"process"`.
   */
  readonly durability?: "process" | "power";
  /**
   * How long to wait for another process, or another store of this one, that is writing, in milliseconds. Default
   * `DEFAULT_BUSY_TIMEOUT_MS`, 5 seconds; at most a week.
   */
  readonly busyTimeoutMs?: number;
  /** What the tables' names begin with. Default {@link DEFAULT_TABLE_PREFIX}. */
  readonly tablePrefix?: string;
}

/**
 * How much is written to the log before it is moved to the file: 16 MB instead of SQLite's 4. The pages that every event
 * changes are then moved less often.
 */
const PAGES_PER_CHECKPOINT = 4_000;

/** What SQLite calls it. */
const SYNCHRONOUS = { process: "normal", power: "full" } as const;

/**
 * Opens the embedded store: a SQLite file, by better-sqlite3, with sound settings and its tables up to date. Any number of
 * processes on one machine may open the same file.
 *
 * @throws `IssueLifecycleError` `unsupported-platform` on a Node older than 22.14, without better-sqlite3, or with
 *   better-sqlite3 12 on Node 24 or newer; `invalid-input`, `schema-newer`, or what SQLite failed with
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
  const { filename, synchronous, prefix, busyTimeoutMs } = parseOptions(options);
  const file = await openDatabase(filename);
  const names = { prefix, schema: undefined };
  const builder = { db: statementCompiler(sqliteDialect, names), dialect: sqliteDialect, names };
  const transactions = transactionsByStatements(
    new BetterSqlite3Runner(file),
    sqliteDialect,
    SQLITE_TRANSACTIONS,
    busyTimeoutMs,
  );
  const timeouts = { busyTimeoutMs, connectionTimeoutMs: DEFAULT_CONNECTION_TIMEOUT_MS };
  const database = new Database(transactions, sqliteDialect, timeouts);
  try {
    await useWriteAheadLog(file, busyTimeoutMs);
    file.pragma(`synchronous = ${synchronous}`);
    file.pragma(`wal_autocheckpoint = ${String(PAGES_PER_CHECKPOINT)}`);
    await migrateOn(database, builder);
  } catch (error) {
    file.close();
    throw translate(error, sqliteDialect);
  }
  const store = storeOn(database, builder.db, sqliteDialect);
  return {
    ...store,
    async close() {
      await store.close();
      file.close();
    },
  };
}

function parseOptions(options: SqliteStoreOptions) {
  const given = requireObject("options", options);
  const durability = requireOneOf("options.durability", orElse(given["durability"], "process"), ["process", "power"]);
  return {
    filename: requireFilename(given["filename"]),
    synchronous: SYNCHRONOUS[durability],
    prefix: requireTablePrefix(orElse(given["tablePrefix"], DEFAULT_TABLE_PREFIX)),
    busyTimeoutMs: requireBusyTimeout("options.busyTimeoutMs", given["busyTimeoutMs"]),
  };
}

/** What better-sqlite3 would silently cut off at its ends, or at a NUL, is refused: it would be another file. */
function requireFilename(value: unknown): string {
  const filename = requireText("options.filename", value, 1, 4_096);
  if (filename.trim() === filename && !filename.includes("\0")) return filename;
  throw invalidInput("options.filename", filename, "a name without NUL, and without blanks at its ends");
}

/** SQLite's own waiting is switched off, because it holds up the thread and so perhaps the writer it waits for. */
async function openDatabase(filename: string): Promise<BetterSqlite3.Database> {
  const Database = await loadBetterSqlite3();
  try {
    return new Database(filename, { timeout: 0 });
  } catch (error) {
    throw translate(error, sqliteDialect);
  }
}

async function loadBetterSqlite3(): Promise<typeof BetterSqlite3> {
  try {
    const { default: manifest } = await import("better-sqlite3/package.json", { with: { type: "json" } });
    requireSupportedDriver(manifest.version, process.versions.node);
    return (await import("better-sqlite3")).default;
  } catch (error) {
    if (IssueLifecycleError.is(error)) throw error;
    throw new IssueLifecycleError(
      "unsupported-platform",
      "issue-lifecycle/sqlite cannot load the package better-sqlite3: npm install better-sqlite3@13",
      { cause: error },
    );
  }
}

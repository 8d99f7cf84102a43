import { invalidInput, orElse, requireObject } from "../core/input.ts";
import type { StoreDialect } from "./dialect.ts";
import type { HostKysely } from "./host-kysely.ts";
import { requireBusyTimeout } from "./patience.ts";
import { DEFAULT_TABLE_PREFIX, requireTablePrefix } from "./table-names.ts";

/** Where the tables are. */
export interface TablesOptions {
  /** The host's Kysely instance. */
  readonly db: HostKysely;
  /** What the database is. */
  readonly dialect: StoreDialect;
  /** What the tables' names begin with. Default {@link DEFAULT_TABLE_PREFIX}. */
  readonly tablePrefix?: string;
  /**
   * How long to wait for another writer, in milliseconds. Default `DEFAULT_BUSY_TIMEOUT_MS`, 5 seconds; at most a week.
   * SQLite's own timeout comes on top, and holds up the thread: set it to 0.
   */
  readonly busyTimeoutMs?: number;
}

/**
 * Checks what a caller without types may have got wrong, and fills in the defaults.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function checkTablesOptions(options: TablesOptions): Required<TablesOptions> {
  const given = requireObject("options", options);
  const db = requireObject("options.db", given["db"]);
  if (typeof db["connection"] !== "function" || typeof db["withoutPlugins"] !== "function") {
    throw invalidInput("options.db", db, "a Kysely instance");
  }
  if (db["isTransaction"] === true) {
    throw invalidInput("options.db", db, "a Kysely instance that is no transaction");
  }
  const dialect = requireObject("options.dialect", given["dialect"]);
  if (typeof dialect["beginWriting"] !== "string") {
    throw invalidInput("options.dialect", dialect, "a dialect of this library, such as sqliteDialect");
  }
  return {
    db: options.db.withoutPlugins(),
    dialect: options.dialect,
    tablePrefix: requireTablePrefix(orElse(given["tablePrefix"], DEFAULT_TABLE_PREFIX)),
    busyTimeoutMs: requireBusyTimeout("options.busyTimeoutMs", given["busyTimeoutMs"]),
  };
}

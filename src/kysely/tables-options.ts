import { invalidInput, orElse, refuseOtherMembers, requireObject } from "../core/input.ts";
import type { Timeouts } from "./database.ts";
import type { StoreDialect } from "./dialect.ts";
import type { HostKysely } from "./host-kysely.ts";
import { requireBusyTimeout, requireConnectionTimeout } from "./patience.ts";
import { DEFAULT_TABLE_PREFIX, requireSchemaName, requireTablePrefix, type TableNames } from "./table-names.ts";

/** What the tables are called. */
export interface TableNamesOptions {
  /** What the tables' names begin with. Default {@link DEFAULT_TABLE_PREFIX}. */
  readonly tablePrefix?: string;
  /**
   * The schema the tables are in (PostgreSQL), or the database (MySQL). Default: where the connection looks first. Not for
   * SQLite.
   */
  readonly schema?: string;
}

/** Where the tables are. */
export interface TablesOptions extends TableNamesOptions {
  /** The host's Kysely instance. */
  readonly db: HostKysely;
  /** What the database is. */
  readonly dialect: StoreDialect;
  /**
   * How long to wait for another writer, in milliseconds. Default `DEFAULT_BUSY_TIMEOUT_MS`, 5 seconds; at most a week.
   * SQLite's own timeout comes on top, and holds up the thread: set it to 0. On MySQL the server's
   * `innodb_lock_wait_timeout` counts instead.
   */
  readonly busyTimeoutMs?: number;
  /**
   * How long to wait for a connection while no work of this store has one, in milliseconds: then somebody else holds all
   * of them, perhaps the very transaction that waits for this work. Default `DEFAULT_CONNECTION_TIMEOUT_MS`, 10 seconds;
   * at least 1, at most a week.
   */
  readonly connectionTimeoutMs?: number;
}

/** Options that were checked. */
export interface CheckedTables extends Timeouts {
  readonly db: HostKysely;
  readonly dialect: StoreDialect;
  readonly names: TableNames;
}

const OPTION_NAMES = [
  "db",
  "dialect",
  "tablePrefix",
  "schema",
  "busyTimeoutMs",
  "connectionTimeoutMs",
] satisfies (keyof TablesOptions)[];

/**
 * Checks what a caller without types may have got wrong, and fills in the defaults.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function checkTablesOptions(options: TablesOptions): CheckedTables {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, OPTION_NAMES);
  const db = requireObject("options.db", given["db"]);
  if (["connection", "transaction", "withoutPlugins"].some((name) => typeof db[name] !== "function")) {
    throw invalidInput("options.db", db, "a Kysely instance");
  }
  if (db["isTransaction"] === true) {
    throw invalidInput(
      "options.db",
      db,
      "a Kysely instance that is no transaction; for work in one there is tracker.withTransaction(transaction)",
    );
  }
  const dialect = requireDialect("options.dialect", options.dialect);
  return {
    db: options.db.withoutPlugins(),
    dialect,
    names: checkTableNames(dialect, options),
    busyTimeoutMs: requireBusyTimeout("options.busyTimeoutMs", given["busyTimeoutMs"]),
    connectionTimeoutMs: requireConnectionTimeout("options.connectionTimeoutMs", given["connectionTimeoutMs"]),
  };
}

/** Checks that something is a dialect of this library. */
export function requireDialect(field: string, dialect: StoreDialect): StoreDialect {
  const given = requireObject(field, dialect);
  if (typeof given["failureKind"] === "function" && typeof given["rows"] === "object") return dialect;
  throw invalidInput(field, given, "a dialect of this library: sqliteDialect, postgresDialect or mysqlDialect");
}

/** Checks what the tables are to be called. */
export function checkTableNames(dialect: StoreDialect, { tablePrefix, schema }: TableNamesOptions): TableNames {
  const prefix = requireTablePrefix(orElse(tablePrefix, DEFAULT_TABLE_PREFIX));
  if (schema === undefined) return { prefix, schema };
  if (!dialect.hasSchemas) {
    throw invalidInput("options.schema", schema, `nothing: ${dialect.name} has one schema per connection`);
  }
  return { prefix, schema: requireSchemaName(schema) };
}

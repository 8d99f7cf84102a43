import { Kysely, sql, type QueryExecutorProvider } from "kysely";
import { IssueLifecycleError } from "../../core/errors.ts";
import { invalidInput, readMember } from "../../core/input.ts";
import { object, optional, type Shape } from "../../core/shape.ts";
import type { StoreDialect, TableNames } from "../dialects/dialect.ts";
import { mysqlDialect } from "../dialects/mysql.ts";
import { postgresDialect } from "../dialects/postgres.ts";
import { sqliteDialect } from "../dialects/sqlite.ts";
import { tablePrefix } from "../schema/table-names.ts";
import type { Timeouts } from "./database.ts";
import type { HostKysely } from "./host-kysely.ts";
import { busyTimeout, connectionTimeout } from "./waiting.ts";

/** The names of this library's tables. */
export interface TableNamesOptions {
  /** The start of each table's name. Default {@link DEFAULT_TABLE_PREFIX}. */
  readonly tablePrefix?: string;
  /** The tables' schema (PostgreSQL) or database (MySQL). Default: the connection's own. Not for SQLite. */
  readonly schema?: string;
}

/** Where this library's tables are. */
export interface TablesOptions extends TableNamesOptions {
  /** The host's Kysely instance. */
  readonly db: HostKysely;
  /** The kind of database: {@link sqliteDialect}, {@link postgresDialect} or {@link mysqlDialect}. */
  readonly dialect: StoreDialect;
  /**
   * How long to wait for another writer, in milliseconds. Default {@link DEFAULT_BUSY_TIMEOUT_MS}, 5 seconds; at most a
   * week. SQLite's own timeout is added, and blocks the thread: set it to 0. On MySQL the server's
   * `innodb_lock_wait_timeout` counts instead.
   */
  readonly busyTimeoutMs?: number;
  /**
   * How long to wait for a connection while no work of this store has one, in milliseconds: something else holds all of
   * them then, perhaps the transaction that waits for this work. Default {@link DEFAULT_CONNECTION_TIMEOUT_MS}, 10 seconds;
   * at least 1, at most a week.
   */
  readonly connectionTimeoutMs?: number;
}

/** Checked options. */
export interface CheckedTables extends Timeouts {
  readonly db: HostKysely;
  readonly dialect: StoreDialect;
  readonly names: TableNames;
}

/** The dialects of this library. */
const DIALECTS = [sqliteDialect, postgresDialect, mysqlDialect];

const schemaName: Shape<string> = (field, value) => {
  if (typeof value === "string" && /^(?!pg_)[A-Za-z_][A-Za-z0-9_$-]{0,62}$/u.test(value)) return value;
  throw invalidInput(
    field,
    value,
    `1 to 63 letters, digits, underscores, hyphens and dollar signs, the first a letter or an underscore, such as "issues"; PostgreSQL reserves pg_`,
  );
};

const hostKysely: Shape<HostKysely> = (field, value) => {
  if (!isHostKysely(field, value)) {
    throw invalidInput(
      field,
      value,
      "a Kysely instance, such as new Kysely({ dialect: new PostgresDialect({ pool }) })",
    );
  }
  if (readMember(field, value, "isTransaction") === true) {
    throw invalidInput(
      field,
      value,
      "a Kysely instance that is not a transaction; in a transaction, use tracker.withTransaction(transaction)",
    );
  }
  return value;
};

function isHostKysely(field: string, value: unknown): value is HostKysely {
  return hasMembers(field, value, { connection: "function", transaction: "function", withoutPlugins: "function" });
}

const storeDialect: Shape<StoreDialect> = (field, value) => {
  if (isStoreDialect(field, value)) return value;
  const name = typeof value === "string" ? value : "";
  const [, exported = "postgresDialect"] = EXPORTED_FOR.find(([pattern]) => pattern.test(name)) ?? [];
  throw invalidInput(
    field,
    value,
    `a dialect of this library, such as ${exported}: import { ${exported} } from "issue-lifecycle/kysely"`,
  );
};

const EXPORTED_FOR: readonly (readonly [RegExp, string])[] = [
  [/^(my|maria)/iu, "mysqlDialect"],
  [/sqlite/iu, "sqliteDialect"],
];

function isStoreDialect(field: string, value: unknown): value is StoreDialect {
  return hasMembers(field, value, { failureKind: "function", rows: "object", migrationLock: "object" });
}

function hasMembers(field: string, value: unknown, types: Readonly<Record<string, string>>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(types).every(([name, type]) => typeof readMember(field, value, name) === type);
}

/** Options with their defaults filled in. */
interface GivenNames {
  readonly tablePrefix: string;
  readonly schema: string | undefined;
}
type GivenTables = GivenNames & Required<Omit<TablesOptions, keyof TableNamesOptions>>;

const NAMES = { tablePrefix, schema: optional(schemaName) };
const namesOptions = object<GivenNames>(NAMES, `{ schema: "issues" }`);
const tablesOptions = object<GivenTables>(
  {
    ...NAMES,
    db: hostKysely,
    dialect: storeDialect,
    busyTimeoutMs: busyTimeout,
    connectionTimeoutMs: connectionTimeout,
  },
  "{ db, dialect: postgresDialect }",
);

/**
 * Checks options, and fills in the defaults.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function checkTablesOptions(options: unknown): CheckedTables {
  const checked = tablesOptions("options", options);
  const { dialect, busyTimeoutMs, connectionTimeoutMs } = checked;
  requireDialectOf(checked.db, dialect);
  return {
    db: checked.db.withoutPlugins(),
    dialect,
    names: namesFor(dialect, checked),
    busyTimeoutMs,
    connectionTimeoutMs,
  };
}

/**
 * Checks a dialect, and the names of tables in such a database.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function checkTableNames(dialect: unknown, options: unknown): { dialect: StoreDialect; names: TableNames } {
  const checked = storeDialect("dialect", dialect);
  return { dialect: checked, names: namesFor(checked, namesOptions("options", options)) };
}

function namesFor(dialect: StoreDialect, { tablePrefix: prefix, schema }: GivenNames): TableNames {
  if (schema !== undefined && !dialect.hasSchemas) {
    throw invalidInput("options.schema", schema, `nothing: ${dialect.name} has one schema per connection`);
  }
  return { prefix, schema };
}

/**
 * Refuses a dialect for another database than the instance's. They are recognized by the statements that they compile:
 * quotes of names and placeholders of parameters. An instance that compiles like none of the dialects is accepted.
 */
function requireDialectOf(db: HostKysely, dialect: StoreDialect): void {
  const compiled = compileProbe(() => db.withoutPlugins());
  const compiles = ({ compiling }: StoreDialect): boolean =>
    compileProbe(() => new Kysely({ dialect: compiling })) === compiled;
  if (compiled === undefined || compiles(dialect)) return;
  const right = DIALECTS.find(compiles);
  if (right === undefined) return;
  throw new IssueLifecycleError(
    "invalid-input",
    `options.dialect: got ${dialect.exportedAs}; allowed is ${right.exportedAs}, because options.db is a Kysely instance for ${right.name}.`,
    { field: "options.dialect" },
  );
}

/** A statement as an instance compiles it; `undefined` for one that cannot compile. */
function compileProbe(instance: () => unknown): string | undefined {
  try {
    const db = instance();
    if (!isCompiler(db)) return undefined;
    // Without the sign that hides values from SQLite's planner, which only this library's compiler writes.
    return sql`select ${1} as ${sql.ref("probe")}`.compile(db).sql.replace("+", "");
  } catch {
    return undefined;
  }
}

function isCompiler(db: unknown): db is QueryExecutorProvider {
  return typeof db === "object" && db !== null && "getExecutor" in db && typeof db.getExecutor === "function";
}

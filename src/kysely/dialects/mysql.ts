import { DummyDriver, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, sql, type RawBuilder } from "kysely";
import { hasBlocks, mariadbRoundTrips } from "../connections/mariadb-round-trips.ts";
import type {
  ColumnKind,
  ConditionalSql,
  FailureKind,
  InputColumn,
  NamedIndex,
  NewColumn,
  RowsSql,
  StoreDialect,
  TableNames,
} from "./dialect.ts";
import { codeOf, errnoOf, isNetworkFailure } from "./failures.ts";
import { encodeAsArray, INPUT_ROWS, matchesInput } from "./input-rows.ts";

/** Input rows by `json_table`, which MySQL and MariaDB have in common. */
const mysqlRows: RowsSql = {
  seeksFromInput: false,
  maxLength: 1_000_000,
  encode: encodeAsArray,
  read: (columns, json) =>
    sql`(select ${sql.join(columns.map(readColumn))} from json_table(${json}, '$[*]' columns (${sql.join(columns.map(typedColumn))})) as sent)`,
  join: sql`straight_join`,
  joinShared: ({ table, input, key }) =>
    sql`${input} as ${INPUT_ROWS} straight_join ${table} on ${matchesInput(table, key)}`,
  // For the other databases' forms of these statements the planner would read all rows of the table.
  update: ({ table, input, key }, assignments) =>
    sql`update ${input} as ${INPUT_ROWS} straight_join ${table} on ${matchesInput(table, key)} set ${sql.join(assignments.map(({ column, value }) => sql`${table}.${sql.ref(column)} = ${value}`))}`,
  delete: ({ table, input, key }) =>
    sql`delete ${table} from ${input} as ${INPUT_ROWS} straight_join ${table} on ${matchesInput(table, key)}`,
  onConflict: (_key, columns) =>
    sql`on duplicate key update ${sql.join(columns.map((each) => sql`${sql.ref(each)} = values(${sql.ref(each)})`))}`,
};

/**
 * MySQL 8.0.17 or newer and MariaDB 10.6 or newer, with InnoDB, through `mysql2` or any Kysely dialect whose errors have
 * MySQL's numbers in `errno`.
 *
 * Writers use the isolation level read committed and lock the rows they change. Texts in keys are stored as bytes, because
 * MySQL and MariaDB have no common collation that distinguishes all texts.
 */
export const mysqlDialect: StoreDialect = {
  kind: "mysql",
  name: "MySQL",
  exportedAs: "mysqlDialect",
  compiling: {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
  transactions: { kind: "isolation-level", writing: "read committed", reading: "repeatable read" },
  locking: {
    kind: "rows",
    lock: sql`for update`,
    share: sql`lock in share mode`,
    lockSkippingLocked: sql`for update skip locked`,
    // At the default level, repeatable read, a plain select shows an older state than a locking one, and nothing fails.
    latest: sql`lock in share mode`,
    limitWaiting: () => null,
  },
  tables: {
    integer: "bigint",
    generatedKey: { type: "bigint", suffix: sql`auto_increment` },
    text: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
    key: (maxBytes) => sql`varbinary(${sql.lit(maxBytes)})`,
    bytes: sql`longblob`,
    keyBytes: (length) => sql`binary(${sql.lit(length)})`,
    widenKey: (table, column, maxBytes) =>
      sql`alter table ${table} modify ${sql.ref(column)} varbinary(${sql.lit(maxBytes)})`,
    addColumn,
    createIndex,
    dropIndex,
    clusteredSuffix: sql`engine = innodb`,
    plainSuffix: sql`engine = innodb`,
    indexes: "in-table",
    createSchema: () => null,
  },
  migrationLock: {
    kind: "on-connection",
    lock: (names, timeoutMs) =>
      sql`select get_lock(${lockName(names)}, ${sql.lit(Math.ceil(timeoutMs / 1_000))}) as locked`,
    unlock: (names) => sql`do release_lock(${lockName(names)})`,
  },
  rows: mysqlRows,
  hasSchemas: true,
  seeksRangesInIndexes: false,
  leastPacketBytes: 4_194_304,
  connectionAdvice: `Kysely's MysqlDialect needs a pool of "mysql2", not of "mysql2/promise".`,
  equalsIndexed: (column, value) => sql`${column} >= ${value} and ${column} <= ${value}`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  settingsProblem: sql`select case
    when @@character_set_client <> 'utf8mb4' or @@character_set_results <> 'utf8mb4' then 'the connection''s character set has to be utf8mb4'
    when find_in_set('NO_BACKSLASH_ESCAPES', @@sql_mode) > 0 then 'sql_mode must be without NO_BACKSLASH_ESCAPES, which the driver does not respect'
    end as problem`,
  together: { trips: mariadbRoundTrips, isSupported: hasBlocks },
  failureKind: mysqlFailureKind,
};

/** The name of a lock. Locks belong to the server, not to a database, and their names have at most 64 characters. */
function lockName({ prefix, schema }: TableNames): RawBuilder<string> {
  const database = schema === undefined ? sql`database()` : sql.lit(schema);
  return sql`md5(concat(${sql.lit(`issue-lifecycle ${prefix} `)}, ${database}))`;
}

/** MySQL has no "add column if not exists", but statements that are made by others. */
function addColumn({ names, table, column, definition }: NewColumn): ConditionalSql[] {
  const isThere = sql`exists (select 1 from information_schema.columns where ${isOfTable(names, table)} and column_name = ${sql.lit(column)})`;
  return alterIf(sql`not ${isThere}`, names, table, `add column \`${column}\` ${definition}`);
}

function createIndex({ names, table, index }: NamedIndex, columns: readonly string[]): ConditionalSql[] {
  const list = columns.map((column) => `\`${column}\``).join(", ");
  const isMissing = sql`not ${hasIndex(names, table, index)}`;
  return alterIf(isMissing, names, table, `add index \`${names.prefix}${index}\` (${list})`);
}

function dropIndex({ names, table, index }: NamedIndex): ConditionalSql[] {
  return alterIf(hasIndex(names, table, index), names, table, `drop index \`${names.prefix}${index}\``);
}

function hasIndex(names: TableNames, table: string, index: string): RawBuilder<unknown> {
  return sql`exists (select 1 from information_schema.statistics where ${isOfTable(names, table)} and index_name = ${sql.lit(names.prefix + index)})`;
}

function isOfTable({ prefix, schema }: TableNames, table: string): RawBuilder<unknown> {
  const database = schema === undefined ? sql`database()` : sql.lit(schema);
  return sql`table_schema = ${database} and table_name = ${sql.lit(prefix + table)}`;
}

/** Alters a table if a condition holds. */
function alterIf(
  condition: RawBuilder<unknown>,
  { prefix, schema }: TableNames,
  table: string,
  alteration: string,
): ConditionalSql[] {
  const path = schema === undefined ? `\`${prefix}${table}\`` : `\`${schema}\`.\`${prefix}${table}\``;
  const alter = `alter table ${path} ${alteration}`;
  return [
    sql`set @issue_lifecycle_step = if(${condition}, ${sql.lit(alter)}, 'do 0')`,
    sql`prepare issue_lifecycle_step from @issue_lifecycle_step`,
    sql`execute issue_lifecycle_step`,
    sql`deallocate prepare issue_lifecycle_step`,
  ].map((statement) => ({ statement, unless: null }));
}

function readColumn({ name, kind }: InputColumn): RawBuilder<unknown> {
  return kind === "bytes" ? sql`unhex(${sql.ref(name)}) as ${sql.ref(name)}` : sql.ref(name);
}

/**
 * Texts have any length; bytes have to fit a `text`, because MariaDB does not find rows by a longer one. A value that
 * does not fit is an error, instead of null.
 */
function typedColumn({ name, kind }: InputColumn, index: number): RawBuilder<unknown> {
  return sql`${sql.ref(name)} ${sql.raw(TYPES[kind])} path ${sql.lit(`$[${String(index)}]`)} error on error`;
}

const TYPES: Readonly<Record<ColumnKind, string>> = { integer: "bigint", text: "longtext", bytes: "text" };

function mysqlFailureKind(error: unknown): FailureKind {
  switch (errnoOf(error)) {
    case 1062: // ER_DUP_ENTRY
      return "conflict";
    case 1213: // ER_LOCK_DEADLOCK
    case 1020: // ER_CHECKREAD: MariaDB, at repeatable read
      return "overtaken";
    case 1205: // ER_LOCK_WAIT_TIMEOUT
      return "busy";
    case 1305: // ER_SP_DOES_NOT_EXIST: also a savepoint
      return "ended";
    case 1054: // ER_BAD_FIELD_ERROR
    case 1146: // ER_NO_SUCH_TABLE
      return "no-table";
    case 1040: // ER_CON_COUNT_ERROR
    case 1053: // ER_SERVER_SHUTDOWN
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
    case 1927: // ER_CONNECTION_KILLED
      return "unreachable";
    default:
      return isNetworkFailure(error) || isLost(error) ? "unreachable" : "other";
  }
}

/** Whether `mysql2` itself reports that a connection is lost, which has no number. */
function isLost(error: unknown): boolean {
  if (codeOf(error) === "PROTOCOL_CONNECTION_LOST") return true;
  return error instanceof Error && "fatal" in error && error.fatal === true && !("errno" in error);
}

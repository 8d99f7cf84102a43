import { DummyDriver, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type RawBuilder } from "kysely";
import type {
  ConditionalSql,
  FailureKind,
  InputColumn,
  NewColumn,
  RowsSql,
  StoreDialect,
  TransactionSql,
} from "./dialect.ts";
import { codeOf } from "./failures.ts";
import { createIndex, dropIndex } from "./indexes.ts";
import { columnList, encodeAsArray, INPUT_ROWS, matchesInput } from "./input-rows.ts";

/**
 * How transactions begin on SQLite. Writers use `begin immediate`: a transaction that reads first and writes later would
 * fail when another process has written in between.
 */
export const SQLITE_TRANSACTIONS = {
  kind: "statements",
  writing: "begin immediate",
  reading: "begin",
} as const satisfies TransactionSql;

/** Input rows by `json_each`. */
const sqliteRows: RowsSql = {
  seeksFromInput: true,
  // A statement blocks the process, and costs nothing else.
  maxLength: 400_000,
  encode: encodeAsArray,
  read: (columns, json) => sql`(select ${sql.join(columns.map(readColumn))} from json_each(${json}))`,
  // SQLite never reorders a cross join.
  join: sql`cross join`,
  joinShared: ({ table, input, key }) =>
    sql`${input} as ${INPUT_ROWS} cross join ${table} on ${matchesInput(table, key)}`,
  update: ({ table, input, key }, assignments) =>
    sql`update ${table} set ${sql.join(assignments.map(({ column, value }) => sql`${sql.ref(column)} = ${value}`))} from ${input} as ${INPUT_ROWS} where ${matchesInput(table, key)}`,
  delete: ({ table, input, key }) =>
    sql`delete from ${table} where (${columnList(key)}) in (select ${columnList(key)} from ${input} as ${INPUT_ROWS})`,
  onConflict: (key, columns) =>
    sql`on conflict (${columnList(key)}) do update set ${sql.join(columns.map((each) => sql`${sql.ref(each)} = excluded.${sql.ref(each)}`))}`,
};

/**
 * Hides the values of parameters from the planner, by a sign that changes nothing. It would plan some statements anew each time they
 * are run, such as those with a limit, which costs more than running them.
 */
class CompilerHidingValues extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return `+${super.getCurrentParameterPlaceholder()}`;
  }
}

/**
 * SQLite 3.41 or newer, through any Kysely dialect whose errors have SQLite's result codes in `code` or `errcode`, as
 * those of better-sqlite3, `bun:sqlite` and `node:sqlite` do.
 */
export const sqliteDialect: StoreDialect = {
  kind: "sqlite",
  name: "SQLite",
  exportedAs: "sqliteDialect",
  compiling: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new CompilerHidingValues(),
  },
  transactions: SQLITE_TRANSACTIONS,
  locking: { kind: "one-writer" },
  tables: {
    integer: "integer",
    generatedKey: { type: "integer", suffix: sql`` },
    text: "text",
    key: () => "text",
    bytes: "blob",
    keyBytes: () => "blob",
    widenKey: () => null,
    addColumn,
    createIndex,
    dropIndex,
    clusteredSuffix: sql`strict, without rowid`,
    plainSuffix: sql`strict`,
    indexes: "own-statements",
    createSchema: () => null,
  },
  migrationLock: { kind: "transaction" },
  rows: sqliteRows,
  hasSchemas: false,
  seeksRangesInIndexes: true,
  leastPacketBytes: null,
  connectionAdvice: null,
  // The sign hides a literal, as the compiler does it for parameters: the planner would skip a column that it knew to be the same in most of the index.
  equalsIndexed: (column, value) => sql`${column} = +${value}`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  settingsProblem: null,
  together: null,
  failureKind: sqliteFailureKind,
};

/** SQLite has no "add column if not exists". */
function addColumn({ names, table, column, definition }: NewColumn): ConditionalSql[] {
  const name = `${names.prefix}${table}`;
  return [
    {
      statement: sql`alter table ${sql.id(name)} add column ${sql.id(column)} ${sql.raw(definition)}`,
      unless: sql`select 1 from pragma_table_info(${sql.lit(name)}) where name = ${sql.lit(column)}`,
    },
  ];
}

function readColumn({ name, kind }: InputColumn, index: number): RawBuilder<unknown> {
  const value = sql`value ->> ${sql.lit(index)}`;
  return kind === "bytes" ? sql`unhex(${value}) as ${sql.ref(name)}` : sql`${value} as ${sql.ref(name)}`;
}

/** SQLite has one result code for all errors in a statement. */
const NO_TABLE = /no such (table|column)|has no column named/u;

/** Result codes: better-sqlite3 and bun:sqlite have their names in `code`, node:sqlite their numbers in `errcode`. */
const BUSY = { names: /^SQLITE_(BUSY|LOCKED)/u, numbers: [5, 6] };
const NOT_UNIQUE = { names: /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)$/u, numbers: [1_555, 2_067] };

function sqliteFailureKind(error: unknown): FailureKind {
  const code = codeOf(error);
  const number = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
  // The low byte of an extended result code is the primary one.
  if (BUSY.names.test(code) || BUSY.numbers.includes(number & 0xff)) return "busy";
  if (NOT_UNIQUE.names.test(code) || NOT_UNIQUE.numbers.includes(number)) return "conflict";
  return error instanceof Error && NO_TABLE.test(error.message) ? "no-table" : "other";
}

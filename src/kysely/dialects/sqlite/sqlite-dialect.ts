import { DummyDriver, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { StoreDialect, TransactionSql } from "../../dialect.ts";
import { sqliteFailureKind } from "./sqlite-failures.ts";
import { sqliteRows } from "./sqlite-rows.ts";

/**
 * How transactions begin on SQLite. Writers by `begin immediate`: a transaction that reads first and writes later would
 * fail as soon as another process has written in between.
 */
export const SQLITE_TRANSACTIONS = {
  kind: "statements",
  writing: "begin immediate",
  reading: "begin",
} as const satisfies TransactionSql;

/**
 * SQLite 3.41 or newer, by any Kysely dialect whose errors have SQLite's result codes in `code`, as better-sqlite3's do.
 */
export const sqliteDialect: StoreDialect = {
  name: "SQLite",
  compiling: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
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
  // The sign keeps the value from the planner: knowing that it is most of the index, it would pass the column over.
  isGiven: (column, value) => sql`${column} = +${value}`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  settingsProblem: null,
  failureKind: sqliteFailureKind,
};

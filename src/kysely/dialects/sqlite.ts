import { DummyDriver, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { FailureKind, StoreDialect } from "../dialect.ts";

/**
 * SQLite 3.37 or newer, by any Kysely dialect whose errors have SQLite's result codes in `code`, as better-sqlite3's do.
 *
 * Writers begin with `begin immediate`: a transaction that reads first and writes later would fail as soon as another
 * process has written in between.
 */
export const sqliteDialect: StoreDialect = {
  name: "SQLite",
  compiling: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  beginWriting: "begin immediate",
  beginReading: "begin",
  columnTypes: { integer: "integer", generatedKey: "integer", text: "text", bytes: "blob" },
  clusteredTableSuffix: sql`strict, without rowid`,
  plainTableSuffix: sql`strict`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  failureKind,
};

function failureKind(error: unknown): FailureKind {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "busy";
  return code === "SQLITE_CONSTRAINT_PRIMARYKEY" || code === "SQLITE_CONSTRAINT_UNIQUE" ? "conflict" : "other";
}

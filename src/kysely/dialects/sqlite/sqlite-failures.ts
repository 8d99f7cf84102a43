import type { FailureKind } from "../../dialect.ts";

/** SQLite's result codes: by their names, as better-sqlite3 and bun:sqlite say them, and by number, as node:sqlite does. */
const BUSY = /^SQLITE_(BUSY|LOCKED)/u;
const CONFLICT = /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)$/u;
const BUSY_NUMBERS: readonly number[] = [5, 6];
const CONFLICT_NUMBERS: readonly number[] = [1_555, 2_067];

/** What SQLite's result codes mean. */
export function sqliteFailureKind(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "other";
  const code = "code" in error ? String(error.code) : "";
  const number = "errcode" in error ? Number(error.errcode) : 0;
  // A number's low byte says what it is about, the rest what exactly.
  if (BUSY.test(code) || BUSY_NUMBERS.includes(number & 0xff)) return "busy";
  return CONFLICT.test(code) || CONFLICT_NUMBERS.includes(number) ? "conflict" : "other";
}

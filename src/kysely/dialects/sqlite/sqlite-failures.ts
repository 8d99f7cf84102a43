import type { FailureKind } from "../../dialect.ts";

/** What SQLite's result codes mean. */
export function sqliteFailureKind(error: unknown): FailureKind {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "busy";
  return code === "SQLITE_CONSTRAINT_PRIMARYKEY" || code === "SQLITE_CONSTRAINT_UNIQUE" ? "conflict" : "other";
}

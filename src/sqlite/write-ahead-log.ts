import type BetterSqlite3 from "better-sqlite3";
import { sqliteDialect } from "../kysely/dialects/sqlite/sqlite-dialect.ts";
import { untilNotBusy } from "../kysely/patience.ts";
import { translate } from "../kysely/session.ts";

/**
 * Switches a database file to write-ahead logging, in which readers and a writer do not wait for each other. The file
 * remembers it. While several processes open a new file at once, all but one of them have to wait.
 */
export async function useWriteAheadLog(database: BetterSqlite3.Database, timeoutMs: number): Promise<void> {
  await untilNotBusy(timeoutMs, async () => {
    try {
      if (database.pragma("journal_mode", { simple: true }) !== "wal") database.pragma("journal_mode = wal");
    } catch (error) {
      throw translate(error, sqliteDialect);
    }
  });
}

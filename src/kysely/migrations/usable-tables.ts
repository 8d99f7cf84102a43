import type { Database } from "../connections/database.ts";
import type { LifecycleDb } from "../schema/tables.ts";
import { readVersion } from "./migrate.ts";

/** For how long tables that were looked at are taken to be usable. */
const LOOK_EVERY_MS = 10_000;

/**
 * Checks from time to time that this code can still work with the tables, which a newer one may have upgraded meanwhile. Before a
 * transaction, not in it: what its first statement is may decide what it sees.
 */
export function usableTables(database: Database, compiler: LifecycleDb): () => Promise<void> {
  let lookedAt = performance.now();
  return async () => {
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    await database.readOnConnection((session) => readVersion(session, { db: compiler }));
    lookedAt = performance.now();
  };
}

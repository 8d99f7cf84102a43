/**
 * The store in a SQLite file, the default for one machine.
 *
 * @module sqlite
 */
export { openSqliteStore, type SqliteStoreOptions } from "./open-sqlite-store.ts";

/**
 * The embedded default: a store in a SQLite file.
 *
 * @module sqlite
 */
export { openSqliteStore, type SqliteStoreOptions } from "./open-sqlite-store.ts";

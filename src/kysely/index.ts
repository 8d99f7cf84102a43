/**
 * The store over a host's own database, by Kysely.
 *
 * @module kysely
 */
export type { ColumnTypes, FailureKind, StoreDialect } from "./dialect.ts";
export { sqliteDialect } from "./dialects/sqlite.ts";
export type { HostKysely, QueryRunner } from "./host-kysely.ts";
export { kyselyStore } from "./kysely-store.ts";
export { migrate } from "./migrate.ts";
export { DEFAULT_BUSY_TIMEOUT_MS } from "./patience.ts";
export { DEFAULT_TABLE_PREFIX } from "./table-names.ts";
export type { TablesOptions } from "./tables-options.ts";

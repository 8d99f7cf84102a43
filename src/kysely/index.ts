/**
 * The store over a host's own database, by Kysely.
 *
 * @module kysely
 */
export { checkSchema } from "./check-schema.ts";
export type { ColumnKind } from "./columns.ts";
export type {
  Assignment,
  ColumnType,
  FailureKind,
  GeneratedKeySql,
  GivenColumn,
  LockAnswer,
  LockingSql,
  MigrationLock,
  RowsByKey,
  RowsSql,
  SettingsAnswer,
  StoreDialect,
  TablesSql,
  TransactionSql,
} from "./dialect.ts";
export { mysqlDialect } from "./dialects/mysql/mysql-dialect.ts";
export { postgresDialect } from "./dialects/postgres/postgres-dialect.ts";
export { sqliteDialect } from "./dialects/sqlite/sqlite-dialect.ts";
export type { ConnectionSource, HostKysely, HostTransaction, QueryRunner, TransactionStart } from "./host-kysely.ts";
export { kyselyStore } from "./kysely-store.ts";
export { migrate } from "./migrate.ts";
export { DEFAULT_BUSY_TIMEOUT_MS, DEFAULT_CONNECTION_TIMEOUT_MS } from "./patience.ts";
export { getMigrations, planMigrations, type HostMigration } from "./plan-migrations.ts";
export { DEFAULT_TABLE_PREFIX, type TableNames } from "./table-names.ts";
export type { TableNamesOptions, TablesOptions } from "./tables-options.ts";

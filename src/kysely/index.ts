/**
 * The store in a host's own database, through Kysely.
 *
 * @module kysely
 */
export type {
  ConnectionSource,
  HostKysely,
  HostTransaction,
  QueryRunner,
  TransactionStart,
} from "./connections/host-kysely.ts";
export type { TableNamesOptions, TablesOptions } from "./connections/tables-options.ts";
export { DEFAULT_BUSY_TIMEOUT_MS, DEFAULT_CONNECTION_TIMEOUT_MS } from "./connections/waiting.ts";
export type {
  Assignment,
  ColumnKind,
  ColumnType,
  FailureKind,
  GeneratedKeySql,
  InputColumn,
  LockAnswer,
  LockingSql,
  MigrationLock,
  RowsByKey,
  RowsSql,
  SettingsAnswer,
  StoreDialect,
  TableNames,
  TablesSql,
  TransactionSql,
} from "./dialects/dialect.ts";
export { mysqlDialect } from "./dialects/mysql.ts";
export { postgresDialect } from "./dialects/postgres.ts";
export { sqliteDialect } from "./dialects/sqlite.ts";
export { kyselyStore } from "./kysely-store.ts";
export { checkSchema } from "./migrations/check-schema.ts";
export { migrate } from "./migrations/migrate.ts";
export { getMigrations, planMigrations, type HostMigration } from "./migrations/plan-migrations.ts";
export { DEFAULT_TABLE_PREFIX } from "./schema/table-names.ts";

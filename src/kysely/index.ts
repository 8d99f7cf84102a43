/**
 * The store in a host's own database, through Kysely.
 *
 * @module kysely
 */
export { fromBetterSqlite3, type BetterSqlite3Database } from "./adapters/better-sqlite3.ts";
export { fromDrizzle, type DrizzleTransaction } from "./adapters/drizzle.ts";
export { fromKnex, type KnexTransaction } from "./adapters/knex.ts";
export { fromMysql2, type Mysql2Connection } from "./adapters/mysql2.ts";
export { fromPg, type PgClient } from "./adapters/pg.ts";
export {
  mysqlTables,
  postgresTables,
  type Mysql2PromisePool,
  type PostgresPoolOptions,
} from "./adapters/pool-tables.ts";
export { fromPostgresJs, type PostgresJsReserved, type PostgresJsTransaction } from "./adapters/postgres-js.ts";
export { fromPrisma, type PrismaDatabaseKind, type PrismaTransaction } from "./adapters/prisma.ts";
export { fromTypeOrm, type TypeOrmManager } from "./adapters/typeorm.ts";
export type { ConnectionSource, HostKysely, QueryRunner, TransactionStart } from "./connections/host-kysely.ts";
export type { HostTransaction } from "./host/host-connection.ts";
export type { DriverRow, ExecuteNow, TransactionClient } from "./host/transaction-client.ts";
export type { TableNamesOptions, TablesOptions } from "./connections/tables-options.ts";
export { DEFAULT_BUSY_TIMEOUT_MS, DEFAULT_CONNECTION_TIMEOUT_MS } from "./connections/waiting.ts";
export type {
  Assignment,
  ColumnKind,
  ColumnType,
  DatabaseKind,
  FailureKind,
  GeneratedKeySql,
  InputColumn,
  ConditionalSql,
  LockAnswer,
  LockingSql,
  MigrationLock,
  NamedIndex,
  NewColumn,
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

import type { QueryRunner } from "../connections/host-kysely.ts";
import { checkTableNames, type TableNamesOptions } from "../connections/tables-options.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import { statementCompiler } from "../schema/table-names.ts";
import {
  createSchemaTable,
  MIGRATIONS,
  noteVersion,
  type Migration,
  type MigrationBuilder,
  type MigrationStatement,
} from "./migrations.ts";

/** A migration for Kysely's `Migrator`. */
export interface HostMigration {
  up(db: QueryRunner): Promise<void>;
}

/**
 * The statements that {@link migrate} would run in an empty database, as a script: for hosts that may not define tables
 * themselves, or want to review them first. The script upgrades tables of a former version, and does nothing where it was
 * run before. A comment begins the part of each version. SQLite cannot add a column only where it is missing: there, run only the
 * parts after the version of the tables, which is in `issue_lifecycle_schema`.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { planMigrations, postgresDialect } from "issue-lifecycle/kysely";
 *
 * console.log(planMigrations(postgresDialect, { schema: "issues" }));
 * ```
 */
export function planMigrations(dialect: StoreDialect, options: TableNamesOptions = {}): string {
  const builder = builderOf(dialect, options);
  const statements = MIGRATIONS.flatMap((migration) => [
    `-- version ${String(migration.version)}: ${migration.title}`,
    ...stepOf(builder, migration).map((each) => `${each.compile().sql.trim()};`),
  ]);
  const inTransaction = builder.dialect.migrationLock.kind !== "on-connection";
  return `${(inTransaction ? ["begin;", ...statements, "commit;"] : statements).join("\n")}\n`;
}

/**
 * This library's migrations for a host's own `Migrator`, by names that begin with `issue_lifecycle_`. Add them to the
 * host's. Kysely runs migrations in the order of their names, and refuses one that sorts before another that ran already:
 * where the host's names sort otherwise, as dates do, set `allowUnorderedMigrations`, or give these migrations names of the
 * host's own, and keep them.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import type { Kysely } from "kysely";
 * import { Migrator } from "kysely/migration";
 * import { getMigrations, sqliteDialect } from "issue-lifecycle/kysely";
 *
 * async function migrateAll(db: Kysely<object>) {
 *   const provider = { getMigrations: async () => ({ ...getMigrations(sqliteDialect) }) };
 *   const { error } = await new Migrator({ db, provider }).migrateToLatest();
 *   if (error !== undefined) throw error;
 * }
 * ```
 */
export function getMigrations(dialect: StoreDialect, options: TableNamesOptions = {}): Record<string, HostMigration> {
  const builder = builderOf(dialect, options);
  const entries = MIGRATIONS.map((migration): [string, HostMigration] => [
    `issue_lifecycle_${String(migration.version).padStart(4, "0")}_${migration.title}`,
    {
      up: async (db) => {
        for (const each of stepOf(builder, migration)) {
          const isDone = each.unless !== undefined && (await db.executeQuery(each.unless.compile())).rows.length > 0;
          if (!isDone) await db.executeQuery(each.compile());
        }
      },
    },
  ]);
  return Object.fromEntries(entries);
}

function builderOf(given: StoreDialect, options: TableNamesOptions): MigrationBuilder {
  const { dialect, names } = checkTableNames(given, options);
  return { db: statementCompiler(dialect, names), dialect, names };
}

function stepOf(builder: MigrationBuilder, migration: Migration): MigrationStatement[] {
  return [...createSchemaTable(builder), ...migration.statements(builder), ...noteVersion(builder, migration)];
}

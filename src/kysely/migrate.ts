import { CompiledQuery } from "kysely";
import { IssueLifecycleError } from "../core/errors.ts";
import { createSchemaTable, MIGRATIONS, type MigrationBuilder } from "./migrations.ts";
import { untilNotBusy } from "./patience.ts";
import type { Session } from "./session.ts";
import { statementCompiler } from "./table-names.ts";
import { checkTablesOptions, type TablesOptions } from "./tables-options.ts";
import { inTransaction, onConnection } from "./transaction.ts";

/** The version of the tables that this code works with best. */
const LATEST_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/**
 * Brings this library's tables to the version this code needs: creates them, or changes them step by step, all in one
 * transaction. Any number of processes may call it at once. Where nothing is to be done it is one select.
 *
 * @throws `IssueLifecycleError` `invalid-input`; `schema-newer` when the tables were changed by a newer version of this library in a
 *   way that this one cannot work with; else what the database failed with
 */
export async function migrate(options: TablesOptions): Promise<void> {
  const where = checkTablesOptions(options);
  const { db, dialect, tablePrefix: prefix } = where;
  const builder: MigrationBuilder = { db: statementCompiler(dialect, prefix), dialect, prefix };
  const version = await untilNotBusy(where.busyTimeoutMs, () =>
    onConnection(db, dialect, (session) => versionIfAny(session, builder)),
  );
  if (version !== undefined && version >= LATEST_VERSION) return;
  const begin = CompiledQuery.raw(dialect.beginWriting);
  await inTransaction(where, begin, (session) => migrateWithin(session, builder));
}

async function migrateWithin(session: Session, builder: MigrationBuilder): Promise<void> {
  await session.run(createSchemaTable(builder).compile());
  const before = (await readVersion(session, builder)) ?? 0;
  for (const migration of MIGRATIONS) {
    if (migration.version <= before) continue;
    for (const statement of migration.statements(builder)) await session.run(statement.compile());
    await session.run(builder.db.deleteFrom("schema").compile());
    const row = { version: migration.version, usable_from: migration.usableFrom };
    await session.run(builder.db.insertInto("schema").values(row).compile());
  }
}

/** The version of the tables, where the table that says it need not exist. */
async function versionIfAny(session: Session, builder: MigrationBuilder): Promise<number | undefined> {
  try {
    return await readVersion(session, builder);
  } catch (error) {
    if (IssueLifecycleError.is(error) && error.code === "store-failed") return undefined;
    throw error;
  }
}

async function readVersion(session: Session, builder: MigrationBuilder): Promise<number | undefined> {
  const [row] = await session.run(builder.db.selectFrom("schema").selectAll().compile());
  if (row === undefined || row.usable_from <= LATEST_VERSION) return row?.version;
  throw new IssueLifecycleError(
    "schema-newer",
    `The tables have version ${String(row.version)} and need code that knows version ${String(row.usable_from)}; ` +
      `this code knows version ${String(LATEST_VERSION)}. Upgrade issue-lifecycle.`,
  );
}

import { IssueLifecycleError } from "../core/errors.ts";
import { Database } from "./database.ts";
import { createSchemaTable, LATEST_VERSION, MIGRATIONS, noteVersion, type MigrationBuilder } from "./migrations.ts";
import { readVersion, versionIfAny } from "./schema-version.ts";
import type { Session } from "./session.ts";
import { requireSettings } from "./settings.ts";
import { statementCompiler } from "./table-names.ts";
import { checkTablesOptions, type TablesOptions } from "./tables-options.ts";
import { transactionsOf } from "./transactions.ts";

/** How long to wait for other processes that bring the tables up to date, if not longer for any writer, in milliseconds. */
const MIGRATION_TIMEOUT_MS = 60_000;

/**
 * Brings this library's tables to the version this code needs: creates them, or changes them step by step; all in one
 * transaction, where the database can. Any number of processes may call it at once, and a process that ends in the middle
 * leaves something that the next call repairs. Where nothing is to be done it is one select.
 *
 * @throws `IssueLifecycleError` `invalid-input`; `schema-newer` when the tables were changed by a newer version of this library in a
 *   way that this one cannot work with; else what the database failed with
 */
export async function migrate(options: TablesOptions): Promise<void> {
  const { db, dialect, names, ...timeouts } = checkTablesOptions(options);
  const busyTimeoutMs = Math.max(timeouts.busyTimeoutMs, MIGRATION_TIMEOUT_MS);
  const transactions = transactionsOf(db, dialect, busyTimeoutMs);
  await migrateOn(new Database(transactions, dialect, { ...timeouts, busyTimeoutMs }), {
    db: statementCompiler(dialect, names),
    dialect,
    names,
  });
}

/** Brings the tables in a database up to date. */
export async function migrateOn(database: Database, builder: MigrationBuilder): Promise<void> {
  const version = await database.looking((session) => versionIfAny(session, builder));
  if (version !== undefined && version >= LATEST_VERSION) return;
  const { migrationLock } = builder.dialect;
  switch (migrationLock.kind) {
    case "transaction":
      return database.inTransaction("writing", (session) => migrateWithin(session, builder));
    case "in-transaction":
      return database.inTransaction("writing", async (session) => {
        await session.run(migrationLock.lock(builder.names).compile(builder.db));
        await migrateWithin(session, builder);
      });
    case "on-connection":
      return database.onConnection(async (session) => {
        await requireSettings(session, builder.db, builder.dialect);
        const lock = migrationLock.lock(builder.names, MIGRATION_TIMEOUT_MS);
        const [row] = await session.run(lock.compile(builder.db));
        if (row?.locked === null) throw noDatabase(builder);
        if (Number(row?.locked) !== 1) throw stillMigrating();
        try {
          await migrateWithin(session, builder);
        } finally {
          await session.run(migrationLock.unlock(builder.names).compile(builder.db));
        }
      });
  }
}

async function migrateWithin(session: Session, builder: MigrationBuilder): Promise<void> {
  for (const statement of createSchemaTable(builder)) await session.run(statement.compile());
  const before = (await readVersion(session, builder)) ?? 0;
  for (const migration of MIGRATIONS) {
    if (migration.version <= before) continue;
    for (const statement of migration.statements(builder)) await session.run(statement.compile());
    for (const statement of noteVersion(builder, migration)) await session.run(statement.compile());
  }
}

/** The lock has the database's name in it. */
function noDatabase({ dialect }: MigrationBuilder): IssueLifecycleError {
  return new IssueLifecycleError(
    "store-failed",
    `${dialect.name}: the connection has no database; name one as options.schema.`,
  );
}

function stillMigrating(): IssueLifecycleError {
  return new IssueLifecycleError("store-busy", "Another process is bringing the tables up to date, and takes long.", {
    retryable: true,
  });
}

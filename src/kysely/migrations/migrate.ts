import { IssueLifecycleError } from "../../core/errors.ts";
import { Database } from "../connections/database.ts";
import type { Session } from "../connections/session.ts";
import { requireSettings } from "../connections/settings.ts";
import { checkTablesOptions, type TablesOptions } from "../connections/tables-options.ts";
import { transactionsOf } from "../connections/transactions.ts";
import { statementCompiler } from "../schema/table-names.ts";
import { TABLES } from "../schema/tables.ts";
import { statement } from "../statements/statement.ts";
import { createSchemaTable, LATEST_VERSION, MIGRATIONS, noteVersion, type MigrationBuilder } from "./migrations.ts";

/** The least time to wait for other processes that migrate the tables, in milliseconds. */
const MIGRATION_TIMEOUT_MS = 60_000;

/**
 * Creates this library's tables, or upgrades them to the version that this code needs, in one transaction where the database
 * can. Any number of processes may call it at the same time. A process that ends in the middle leaves a state that the next
 * call completes. Where nothing is to do, it is one select.
 *
 * @throws `IssueLifecycleError` `invalid-input`; `schema-newer` when a newer version of this library changed the tables so
 *   that this one cannot work with them; else the database's error
 */
export async function migrate(options: TablesOptions): Promise<void> {
  const { db, dialect, names, ...timeouts } = checkTablesOptions(options);
  const busyTimeoutMs = migrationTimeout(timeouts.busyTimeoutMs);
  const transactions = transactionsOf(db, dialect, busyTimeoutMs);
  await migrateOn(new Database(transactions, dialect, { ...timeouts, busyTimeoutMs }), {
    db: statementCompiler(dialect, names),
    dialect,
    names,
  });
}

/** How long a migration waits for another writer, in milliseconds: at least as long as another process may migrate. */
export function migrationTimeout(busyTimeoutMs: number): number {
  return Math.max(busyTimeoutMs, MIGRATION_TIMEOUT_MS);
}

/** Creates or upgrades the tables in a database. */
export async function migrateOn(database: Database, builder: MigrationBuilder): Promise<void> {
  const version = await database.readOnConnection((session) => versionIfAny(session, builder));
  if (version !== undefined && version >= LATEST_VERSION) return;
  const { migrationLock } = builder.dialect;
  switch (migrationLock.kind) {
    case "transaction":
      return database.inTransaction("writing", (session) => migrateWithin(session, builder));
    case "in-transaction":
      return database.inTransaction("writing", async (session) => {
        await session.rows(migrationLock.lock(builder.names).compile(builder.db));
        await migrateWithin(session, builder);
      });
    case "on-connection":
      return database.onConnection(async (session) => {
        await requireSettings(session, builder.db, builder.dialect);
        const lock = migrationLock.lock(builder.names, MIGRATION_TIMEOUT_MS);
        const [row] = await session.rows(lock.compile(builder.db));
        if (row?.locked === null) throw noDatabase(builder);
        if (Number(row?.locked) !== 1) throw stillMigrating();
        try {
          await migrateWithin(session, builder);
        } finally {
          await session.execute(migrationLock.unlock(builder.names).compile(builder.db));
        }
      });
  }
}

async function migrateWithin(session: Session, builder: MigrationBuilder): Promise<void> {
  for (const each of createSchemaTable(builder)) await session.execute(each.compile());
  const before = (await readVersion(session, builder)) ?? 0;
  for (const migration of MIGRATIONS) {
    if (migration.version <= before) continue;
    for (const each of migration.statements(builder)) {
      const isDone = each.unless !== undefined && (await session.rows(each.unless.compile())).length > 0;
      if (!isDone) await session.execute(each.compile());
    }
    for (const each of noteVersion(builder, migration)) await session.execute(each.compile());
  }
}

/** The lock's name contains the database's. */
function noDatabase({ dialect }: MigrationBuilder): IssueLifecycleError {
  return new IssueLifecycleError(
    "store-failed",
    `${dialect.name}: the connection has no database; name one as options.schema.`,
  );
}

function stillMigrating(): IssueLifecycleError {
  return new IssueLifecycleError("store-busy", "Another process is still migrating the tables.", { retryable: true });
}

/**
 * The version of the tables; `undefined` where none is noted.
 *
 * @throws `IssueLifecycleError` `schema-newer`
 */
export async function readVersion(session: Session, { db }: Pick<MigrationBuilder, "db">): Promise<number | undefined> {
  const select = statement({}, TABLES.schema, () => db.selectFrom("schema").selectAll());
  const row = await session.first(select, {});
  if (row === undefined || row.usable_from <= LATEST_VERSION) return row?.version;
  throw new IssueLifecycleError(
    "schema-newer",
    `The tables have version ${String(row.version)} and need code that supports version ${String(row.usable_from)}; ` +
      `this code supports version ${String(LATEST_VERSION)}. Upgrade issue-lifecycle.`,
  );
}

/** The same, where the table may not exist. Not in a transaction, which the failure might end. */
async function versionIfAny(session: Session, builder: MigrationBuilder): Promise<number | undefined> {
  try {
    return await readVersion(session, builder);
  } catch (error) {
    const isMissing = IssueLifecycleError.is(error) && MISSING.has(error.code) && !error.retryable;
    if (isMissing) return undefined;
    throw error;
  }
}

/** Not every driver's error says that a table is missing. */
const MISSING: ReadonlySet<string> = new Set(["schema-outdated", "store-failed"]);

import { sql } from "kysely";
import { IssueLifecycleError } from "../core/errors.ts";
import { columnsOf, TABLE_NAMES } from "./columns.ts";
import { Database } from "./database.ts";
import { LATEST_VERSION } from "./migrations.ts";
import { versionIfAny } from "./schema-version.ts";
import { requireSettings } from "./settings.ts";
import { statementCompiler } from "./table-names.ts";
import { checkTablesOptions, type TablesOptions } from "./tables-options.ts";
import { transactionsOf } from "./transactions.ts";

/**
 * Checks that this library's tables are there, with all their columns, in a version that this code can work with. Changes
 * nothing: for hosts whose tables are made elsewhere, by what {@link planMigrations} prints or {@link getMigrations} gives.
 *
 * @throws `IssueLifecycleError` `schema-outdated` when they are missing or older, `schema-newer` when they are too new,
 *   `invalid-input`, or what the database failed with
 */
export async function checkSchema(options: TablesOptions): Promise<void> {
  const { db, dialect, names, ...timeouts } = checkTablesOptions(options);
  const compiler = statementCompiler(dialect, names);
  const database = new Database(transactionsOf(db, dialect, timeouts.busyTimeoutMs), dialect, timeouts);
  await database.looking(async (session) => {
    await requireSettings(session, compiler, dialect);
    const version = await versionIfAny(session, { db: compiler, dialect, names });
    if (version === undefined || version < LATEST_VERSION) throw outdated(version);
    for (const table of TABLE_NAMES) {
      const columns = sql.join(columnsOf(table).map((column) => sql.ref(column)));
      await requireColumns(session.run(sql`select ${columns} from ${sql.table(table)} where 1 = 0`.compile(compiler)));
    }
  });
}

/** What a select fails with, in the words of the schema. */
async function requireColumns(selected: Promise<unknown>): Promise<void> {
  try {
    await selected;
  } catch (error) {
    if (!IssueLifecycleError.is(error) || error.retryable) throw error;
    throw new IssueLifecycleError("schema-outdated", `The tables are not as they should be: ${error.message}`, {
      cause: error.cause,
    });
  }
}

function outdated(version: number | undefined): IssueLifecycleError {
  const found = version === undefined ? "are not there" : `have version ${String(version)}`;
  return new IssueLifecycleError(
    "schema-outdated",
    `The tables ${found}; this code needs version ${String(LATEST_VERSION)}. Call migrate(), or run what planMigrations() prints.`,
  );
}

import { sql } from "kysely";
import { IssueLifecycleError } from "../../core/errors.ts";
import { Database } from "../connections/database.ts";
import { requireSettings } from "../connections/settings.ts";
import { checkTablesOptions, type TablesOptions } from "../connections/tables-options.ts";
import { transactionsOf } from "../connections/transactions.ts";
import { columnList } from "../dialects/input-rows.ts";
import { statementCompiler } from "../schema/table-names.ts";
import { columnsOf, TABLE_NAMES } from "../schema/tables.ts";
import { readVersion } from "./migrate.ts";
import { LATEST_VERSION } from "./migrations.ts";

/**
 * Checks that this library's tables exist, with all their columns, in a version that this code can work with. Changes
 * nothing. For hosts that create the tables by the output of {@link planMigrations} or {@link getMigrations}.
 *
 * @throws `IssueLifecycleError` `schema-outdated` when they are missing or older, `schema-newer` when they are too new,
 *   `invalid-input`, or the database's error
 */
export async function checkSchema(options: TablesOptions): Promise<void> {
  const { db, dialect, names, ...timeouts } = checkTablesOptions(options);
  const compiler = statementCompiler(dialect, names);
  const database = new Database(transactionsOf(db, dialect, timeouts.busyTimeoutMs), dialect, timeouts);
  await database.readOnConnection(async (session) => {
    await requireSettings(session, compiler, dialect);
    const version = await requireColumns(() => readVersion(session, { db: compiler }));
    if (version === undefined || version < LATEST_VERSION) throw outdated(version);
    for (const table of TABLE_NAMES) {
      const select = sql`select ${columnList(columnsOf(table))} from ${sql.table(table)} where 1 = 0`;
      await requireColumns(() => session.rows(select.compile(compiler)));
    }
  });
}

/** Reports the failure of a select as an outdated schema. */
async function requireColumns<Result>(select: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await select();
  } catch (error) {
    if (!IssueLifecycleError.is(error) || error.retryable || error.code === "schema-newer") throw error;
    throw new IssueLifecycleError(
      "schema-outdated",
      `The tables are not there, incomplete or not readable: ${error.message}`,
      {
        cause: error.cause,
      },
    );
  }
}

function outdated(version: number | undefined): IssueLifecycleError {
  const found = version === undefined ? "are not there" : `have version ${String(version)}`;
  return new IssueLifecycleError(
    "schema-outdated",
    `The tables ${found}; this code needs version ${String(LATEST_VERSION)}. Call migrate(), or run the output of planMigrations().`,
  );
}

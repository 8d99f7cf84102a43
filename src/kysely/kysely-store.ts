import { invalidInput, requireObject } from "../core/input.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { Database } from "./database.ts";
import type { HostTransaction } from "./host-kysely.ts";
import { storeWithin } from "./host-transaction-store.ts";
import { settingsCheck } from "./settings.ts";
import { storeOn } from "./sql-store.ts";
import { createStatements } from "./statements/index.ts";
import { statementCompiler } from "./table-names.ts";
import { checkTablesOptions, type TablesOptions } from "./tables-options.ts";
import { transactionsOf } from "./transactions.ts";

/**
 * Makes a store over a host's own database, by the host's own Kysely instance. The tables must be there: call
 * {@link migrate} first. Closing the store never closes the instance.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import Database from "better-sqlite3";
 * import { Kysely, SqliteDialect } from "kysely";
 * import { createIssueTracker } from "issue-lifecycle";
 * import { kyselyStore, migrate, sqliteDialect } from "issue-lifecycle/kysely";
 *
 * const db = new Kysely<object>({ dialect: new SqliteDialect({ database: new Database("app.sqlite") }) });
 * await migrate({ db, dialect: sqliteDialect });
 * const tracker = createIssueTracker({ store: kyselyStore({ db, dialect: sqliteDialect }) });
 * ```
 */
export function kyselyStore(options: TablesOptions): IssueStore {
  const { db, dialect, names, ...timeouts } = checkTablesOptions(options);
  const compiler = statementCompiler(dialect, names);
  const database = new Database(transactionsOf(db, dialect, timeouts.busyTimeoutMs), dialect, timeouts);
  const store = storeOn(database, compiler, dialect);
  const inHostTransaction = createStatements(compiler, dialect, true);
  const checkSettings = settingsCheck(compiler, dialect);
  return {
    ...store,
    withTransaction: (transaction) =>
      storeWithin(requireHostTransaction(transaction), dialect, inHostTransaction, checkSettings),
  };
}

function requireHostTransaction(value: object): HostTransaction {
  const given = requireObject("transaction", value);
  if (isHostTransaction(value)) return value;
  throw invalidInput("transaction", given, "a transaction of Kysely's, such as db.transaction().execute() gives");
}

function isHostTransaction(value: object): value is HostTransaction {
  return (
    "isTransaction" in value && value.isTransaction === true && "executeQuery" in value && "withoutPlugins" in value
  );
}

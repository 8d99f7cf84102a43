import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, readMember, requireObject } from "../core/input.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { Database } from "./connections/database.ts";
import type { HostTransaction } from "./connections/host-kysely.ts";
import type { Session } from "./connections/session.ts";
import { settingsCheck } from "./connections/settings.ts";
import { checkTablesOptions, type TablesOptions } from "./connections/tables-options.ts";
import { transactionsOf, type Access } from "./connections/transactions.ts";
import type { StoreDialect } from "./dialects/dialect.ts";
import { storeWithin } from "./host-transaction-store.ts";
import { KyselyReader } from "./reader.ts";
import { statementCompiler } from "./schema/table-names.ts";
import type { LifecycleDb } from "./schema/tables.ts";
import { createStatements } from "./statements/index.ts";
import { KyselyTransaction } from "./transaction.ts";

/**
 * Creates a store in a host's database, through the host's own Kysely instance. The tables have to exist: call
 * {@link migrate} first. Closing the store does not close the instance.
 *
 * @throws `IssueLifecycleError` `invalid-input`. Calls of a store without tables fail with `schema-outdated`
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
  const statements = createStatements(compiler, dialect, true);
  const checkSettings = settingsCheck(compiler, dialect);
  return {
    ...storeOn(database, compiler, dialect),
    withTransaction: (transaction) =>
      storeWithin(requireHostTransaction(transaction), dialect, statements, checkSettings),
  };
}

/** Creates a store in a database to which this library has its own connections. */
export function storeOn(database: Database, compiler: LifecycleDb, dialect: StoreDialect): IssueStore {
  const statements = createStatements(compiler, dialect, false);
  const checkSettings = settingsCheck(compiler, dialect);
  const inFlight = new Set<Promise<unknown>>();
  let closed = false;

  async function run<Result>(access: Access, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = database.inTransaction(access, async (session) => {
      await checkSettings?.(session);
      return work(session);
    });
    inFlight.add(result);
    try {
      return await result;
    } finally {
      inFlight.delete(result);
    }
  }

  return {
    transaction: (work) => run("writing", (session) => work(new KyselyTransaction(session, statements, dialect))),
    read: (work) => run("reading", (session) => work(new KyselyReader(session, statements, dialect))),
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
    },
  };
}

function requireHostTransaction(value: object): HostTransaction {
  if (isHostTransaction(value)) return value;
  throw invalidInput(
    "transaction",
    value,
    "a transaction of Kysely: db.transaction().execute((transaction) => tracker.withTransaction(transaction).digest(...))",
  );
}

function isHostTransaction(value: object): value is HostTransaction {
  const field = "transaction";
  const given = requireObject(field, value);
  const isFunction = (name: string): boolean => typeof readMember(field, given, name) === "function";
  return (
    readMember(field, given, "isTransaction") === true && isFunction("executeQuery") && isFunction("withoutPlugins")
  );
}

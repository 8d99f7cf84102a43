import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { Database } from "./connections/database.ts";
import type { Session } from "./connections/session.ts";
import { roundTripsOf } from "./connections/settings.ts";
import { checkTablesOptions, type TablesOptions } from "./connections/tables-options.ts";
import { transactionsOf, type Access } from "./connections/transactions.ts";
import type { StoreDialect } from "./dialects/dialect.ts";
import type { RoundTrips } from "./connections/round-trips.ts";
import { hostTransactions } from "./host/host-transaction-store.ts";
import type { KnownRows, LoadCache } from "./load-cache.ts";
import type { FormerKeys } from "./project-keys.ts";
import { usableTables } from "./migrations/usable-tables.ts";
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
  return storeOn(database, compiler, dialect);
}

/**
 * Creates a store in a database to which this library has its own connections.
 *
 * @param cache - what transactions know without reading it, where one connection writes at a time
 */
export function storeOn(
  database: Database,
  compiler: LifecycleDb,
  dialect: StoreDialect,
  cache?: LoadCache,
): IssueStore {
  const statements = createStatements(compiler, dialect, false);
  const findTrips = roundTripsOf(database, compiler, dialect);
  const requireUsable = usableTables(database, compiler);
  const formerKeys: FormerKeys = new Map();
  const inFlight = new Set<Promise<unknown>>();
  let closed = false;

  async function begin(): Promise<RoundTrips | null> {
    await requireUsable();
    return findTrips();
  }

  async function run<Result>(access: Access, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = begin().then((trips) => database.inTransaction(access, work, trips));
    inFlight.add(result);
    try {
      return await result;
    } finally {
      inFlight.delete(result);
    }
  }

  return {
    async transaction(work) {
      const known: { rows?: KnownRows | undefined } = {};
      const result = await run("writing", async (session) => {
        known.rows = cache?.take();
        const worked = await work(new KyselyTransaction(session, statements, dialect, formerKeys, known.rows));
        if (known.rows !== undefined) cache?.seal(known.rows);
        return worked;
      });
      if (known.rows !== undefined) cache?.put(known.rows);
      return result;
    },
    read: (work) => run("reading", (session) => work(new KyselyReader(session, statements, dialect, formerKeys))),
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
    },
    withTransaction: hostTransactions(compiler, dialect),
  };
}

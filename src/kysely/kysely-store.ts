import { CompiledQuery } from "kysely";
import { IssueLifecycleError } from "../core/errors.ts";
import { requireInteger } from "../core/input.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { KyselyReader } from "./kysely-reader.ts";
import { KyselyTransaction } from "./kysely-transaction.ts";
import { DEFAULT_BUSY_TIMEOUT_MS, type TablesOptions } from "./migrate.ts";
import { untilNotBusy } from "./patience.ts";
import type { Session } from "./session.ts";
import { createStatements } from "./statements/index.ts";
import { DEFAULT_TABLE_PREFIX, requireTablePrefix, statementCompiler } from "./table-names.ts";
import { inTransaction } from "./transaction.ts";

/** A week: longer than anything should be waited for. */
const MAX_BUSY_TIMEOUT_MS = 7 * 24 * 3_600_000;

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
export function kyselyStore({
  db,
  dialect,
  tablePrefix,
  busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS,
}: TablesOptions): IssueStore {
  const prefix = requireTablePrefix(tablePrefix ?? DEFAULT_TABLE_PREFIX);
  const statements = createStatements(statementCompiler(dialect, prefix), dialect);
  requireInteger("busyTimeoutMs", busyTimeoutMs, 0, MAX_BUSY_TIMEOUT_MS);
  const transactions = { db: db.withoutPlugins(), dialect, busyTimeoutMs };
  const beginWriting = CompiledQuery.raw(dialect.beginWriting);
  const beginReading = CompiledQuery.raw(dialect.beginReading);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function run<Result>(begin: CompiledQuery, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = inTransaction(transactions, begin, work);
    underWay.add(result);
    try {
      return await result;
    } finally {
      underWay.delete(result);
    }
  }

  return {
    transaction: (work) => run(beginWriting, (session) => work(new KyselyTransaction(session, statements))),
    // Reads do not wait for writers, but for the recovery after a crash; they can simply be done again.
    read: (work) =>
      untilNotBusy(busyTimeoutMs, () => run(beginReading, (session) => work(new KyselyReader(session, statements)))),
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
}

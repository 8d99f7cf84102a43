import { CompiledQuery } from "kysely";
import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { KyselyReader } from "./kysely-reader.ts";
import { KyselyTransaction } from "./kysely-transaction.ts";
import { untilNotBusy } from "./patience.ts";
import type { Session } from "./session.ts";
import { createStatements } from "./statements/index.ts";
import { statementCompiler } from "./table-names.ts";
import { checkTablesOptions, type TablesOptions } from "./tables-options.ts";
import { inTransaction } from "./transaction.ts";

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
  const where = checkTablesOptions(options);
  const { dialect, tablePrefix, busyTimeoutMs } = where;
  const statements = createStatements(statementCompiler(dialect, tablePrefix), dialect);
  const beginWriting = CompiledQuery.raw(dialect.beginWriting);
  const beginReading = CompiledQuery.raw(dialect.beginReading);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function run<Result>(begin: CompiledQuery, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (closed) throw new IssueLifecycleError("closed", "The store was closed.");
    const result = inTransaction(where, begin, work);
    underWay.add(result);
    try {
      return await result;
    } finally {
      underWay.delete(result);
    }
  }

  return {
    transaction: (work) => run(beginWriting, (session) => work(new KyselyTransaction(session, statements))),
    // Reads do not wait for other processes' writers, but for the recovery after a crash; they can simply be done again.
    read: (work) =>
      untilNotBusy(busyTimeoutMs, () => run(beginReading, (session) => work(new KyselyReader(session, statements)))),
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
}

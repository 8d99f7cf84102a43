import { CompiledQuery } from "kysely";
import type { StoreDialect } from "./dialect.ts";
import type { ConnectionSource, HostKysely, QueryRunner } from "./host-kysely.ts";
import { untilNotBusy } from "./patience.ts";
import { Session } from "./session.ts";

/** What a transaction may do. */
export type Access = "writing" | "reading";

/** Runs work in transactions of a database, and on connections outside of any. */
export interface Transactions {
  /** Runs work in a transaction on a connection of its own. Says when it has one; what that throws ends it. */
  run<Result>(access: Access, onConnected: () => void, work: (runner: QueryRunner) => Promise<Result>): Promise<Result>;
  /** Runs work on a connection of its own. */
  onConnection<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result>;
}

const COMMIT = CompiledQuery.raw("commit");
const ROLLBACK = CompiledQuery.raw("rollback");

/** Transactions of a host's Kysely instance. */
export function transactionsOf(db: HostKysely, dialect: StoreDialect, busyTimeoutMs: number): Transactions {
  const { transactions: begin } = dialect;
  if (begin.kind === "statements") return transactionsByStatements(db, dialect, begin, busyTimeoutMs);
  return {
    run: (access, onConnected, work) => {
      const start = db.transaction().setIsolationLevel(begin[access]);
      return (access === "reading" ? start.setAccessMode("read only") : start).execute((runner) => {
        onConnected();
        return work(runner);
      });
    },
    onConnection: (work) => db.connection().execute(work),
  };
}

/**
 * Transactions that begin by statements of this library's. Where one has to wait for another writer it keeps the
 * connection, so that the transactions of one instance stay in order.
 */
export function transactionsByStatements(
  source: ConnectionSource,
  dialect: StoreDialect,
  begin: Readonly<Record<Access, string>>,
  busyTimeoutMs: number,
): Transactions {
  const statements = { writing: CompiledQuery.raw(begin.writing), reading: CompiledQuery.raw(begin.reading) };
  return {
    run: (access, onConnected, work) =>
      source.connection().execute(async (runner) => {
        onConnected();
        const session = new Session(runner, dialect);
        await untilNotBusy(busyTimeoutMs, () => session.run(statements[access]));
        try {
          const result = await work(runner);
          // Without write-ahead logging a commit has to wait for readers; it can be tried again.
          await untilNotBusy(busyTimeoutMs, () => session.run(COMMIT));
          return result;
        } catch (error) {
          await rollBack(session);
          throw error;
        }
      }),
    onConnection: (work) => source.connection().execute(work),
  };
}

/** Rolls back what is left to roll back: after some errors the database has already done so, and says that as an error. */
async function rollBack(session: Session): Promise<void> {
  try {
    await session.run(ROLLBACK);
  } catch {
    // The error that led here is the one to report.
  }
}

import { CompiledQuery } from "kysely";
import type { StoreDialect } from "../dialects/dialect.ts";
import type { HostKysely } from "./host-kysely.ts";
import { Session } from "./session.ts";
import { KyselyConnection, type SqlConnection } from "./sql-connection.ts";
import { untilNotBusy } from "./waiting.ts";

/** What a transaction may do. */
export type Access = "writing" | "reading";

/** Runs work in transactions of a database, and on connections outside of any. */
export interface Transactions {
  /** Runs work in a transaction on a connection of its own. An error of `onConnected` ends it before it begins. */
  run<Result>(
    access: Access,
    onConnected: () => void,
    work: (connection: SqlConnection) => Promise<Result>,
  ): Promise<Result>;
  /** Runs work on a connection of its own, outside of any transaction. An error of `onConnected` ends it before it begins. */
  onConnection<Result>(onConnected: () => void, work: (connection: SqlConnection) => Promise<Result>): Promise<Result>;
}

const COMMIT = CompiledQuery.raw("commit");
const ROLLBACK = CompiledQuery.raw("rollback");

/** Transactions of a host's Kysely instance. */
export function transactionsOf(db: HostKysely, dialect: StoreDialect, busyTimeoutMs: number): Transactions {
  const { transactions: begin } = dialect;
  const onConnection: ProvideConnection = (work) =>
    db.connection().execute((runner) => work(new KyselyConnection(runner)));
  if (begin.kind === "statements") return transactionsByStatements(onConnection, dialect, begin, busyTimeoutMs);
  return {
    run: (access, onConnected, work) => {
      const start = db.transaction().setIsolationLevel(begin[access]);
      return (access === "reading" ? start.setAccessMode("read only") : start).execute((runner) => {
        onConnected();
        return work(new KyselyConnection(runner));
      });
    },
    onConnection: noting(onConnection),
  };
}

/** Runs work on a connection of its own. */
export type ProvideConnection = <Result>(work: (connection: SqlConnection) => Promise<Result>) => Promise<Result>;

/**
 * Transactions that this library begins by its own statements. One that waits for another writer keeps its connection, so
 * that the transactions of one instance run in order.
 */
export function transactionsByStatements(
  onConnection: ProvideConnection,
  dialect: StoreDialect,
  begin: Readonly<Record<Access, string>>,
  busyTimeoutMs: number,
): Transactions {
  const statements = { writing: CompiledQuery.raw(begin.writing), reading: CompiledQuery.raw(begin.reading) };
  return {
    run: (access, onConnected, work) =>
      onConnection(async (connection) => {
        onConnected();
        const session = new Session(connection, dialect);
        await untilNotBusy(busyTimeoutMs, () => session.execute(statements[access]));
        try {
          const result = await work(connection);
          // Without write-ahead logging a commit has to wait for readers, and can be repeated.
          await untilNotBusy(busyTimeoutMs, () => session.execute(COMMIT));
          return result;
        } catch (error) {
          await rollBack(session);
          throw error;
        }
      }),
    onConnection: noting(onConnection),
  };
}

/** Runs work on a connection, and says before that there is one. */
function noting(onConnection: ProvideConnection): Transactions["onConnection"] {
  return (onConnected, work) =>
    onConnection((connection) => {
      onConnected();
      return work(connection);
    });
}

/** Rolls back. After some errors the database has done so already, and the statement fails. */
async function rollBack(session: Session): Promise<void> {
  try {
    await session.execute(ROLLBACK);
  } catch {
    // The error that led here is the one to report.
  }
}

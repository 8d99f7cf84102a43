import { CompiledQuery } from "kysely";
import type { StoreDialect } from "./dialect.ts";
import type { HostKysely } from "./host-kysely.ts";
import { untilNotBusy } from "./patience.ts";
import { Session, translate } from "./session.ts";

const COMMIT = CompiledQuery.raw("commit");
const ROLLBACK = CompiledQuery.raw("rollback");

/** Where transactions run. */
export interface TransactionOptions {
  readonly db: HostKysely;
  readonly dialect: StoreDialect;
  /** How long to wait for another writer, in milliseconds. */
  readonly busyTimeoutMs: number;
}

/**
 * Runs work in a transaction on a connection of its own.
 *
 * @param begin - the statement that begins it: Kysely's own transactions can only begin in one way. Where it has to wait
 *   for another writer it keeps the connection, so that the transactions of one instance stay in order.
 */
export async function inTransaction<Result>(
  { db, dialect, busyTimeoutMs }: TransactionOptions,
  begin: CompiledQuery,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  return onConnection(db, dialect, async (session) => {
    await untilNotBusy(busyTimeoutMs, () => session.run(begin));
    try {
      const result = await work(session);
      await session.run(COMMIT);
      return result;
    } catch (error) {
      await rollBack(session);
      throw error;
    }
  });
}

/** Runs work on a connection of its own. Its errors are passed on; those of getting a connection are translated. */
export async function onConnection<Result>(
  db: HostKysely,
  dialect: StoreDialect,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const progress = { connected: false };
  try {
    return await db.connection().execute((connection) => {
      progress.connected = true;
      return work(new Session(connection, dialect));
    });
  } catch (error) {
    throw progress.connected ? error : translate(error, dialect);
  }
}

/** Rolls back what is left to roll back: after some errors the database has already done so, and says that as an error. */
async function rollBack(session: Session): Promise<void> {
  try {
    await session.run(ROLLBACK);
  } catch {
    // The error that led here is the one to report.
  }
}

import { CompiledQuery } from "kysely";
import type { QueryRunner } from "../connections/host-kysely.ts";
import { transactionEnded } from "../connections/session.ts";
import { KyselyConnection, rowsOf, type SqlConnection } from "../connections/sql-connection.ts";
import type { TransactionClient } from "./transaction-client.ts";

/**
 * The part of a host's Kysely transaction that this library uses. Any `Transaction<Database>` of Kysely is one, from
 * `db.transaction().execute()` or `db.startTransaction()`.
 */
export interface HostTransaction {
  /** `true`; `false` for an instance that is not a transaction. */
  readonly isTransaction: boolean;
  getExecutor(): {
    /** Runs work on the transaction's connection, for which other work of the transaction waits. */
    provideConnection<Result>(work: (connection: QueryRunner) => Promise<Result>): Promise<Result>;
    /** Refuses a transaction that has ended, at once. A stream that nothing is read from runs no query. */
    stream(query: CompiledQuery, chunkSize: number): unknown;
  };
}

/** The connection of a host's transaction. */
export interface HostConnection {
  /** Whether Kysely has not noted that the transaction has ended; `null` for a transaction of another library. */
  readonly isActive: (() => boolean) | null;
  /** Whether every statement after the transaction's end is refused, also one that tells what a call has written. */
  readonly refusesLateUse: boolean;
  /** Runs work on the connection, one after the other. */
  use<Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result>;
}

/** The connection of a Kysely transaction. Kysely makes the transaction's other statements wait for a call. */
export function connectionOfKysely(transaction: HostTransaction): HostConnection {
  return {
    isActive: () => isActive(transaction),
    refusesLateUse: false,
    async use(work) {
      const provided: QueryRunner[] = [];
      try {
        return await transaction.getExecutor().provideConnection((runner) => {
          provided.push(runner);
          return work(new KyselyConnection(runner));
        });
      } catch (error) {
        throw provided.length > 0 ? error : transactionEnded(error);
      }
    },
  };
}

const ANY_QUERY = CompiledQuery.raw("select 1");

function isActive(transaction: HostTransaction): boolean {
  try {
    transaction.getExecutor().stream(ANY_QUERY, 1);
    return true;
  } catch {
    return false;
  }
}

/** The last work on each connection, for which the next one waits. */
const lastWork = new WeakMap<object, Promise<unknown>>();

/** The connection of a {@link TransactionClient}. */
export function connectionOfClient(client: TransactionClient): HostConnection {
  const { connection, inOneStep, queryTogether } = client;
  const sender: SqlConnection = {
    rows: async (query) => rowsOf(query, await client.query(query.sql, query.parameters)),
    execute: ({ sql, parameters }) => client.execute(sql, parameters),
    ...(queryTogether !== undefined && { queryTogether }),
    ...(inOneStep !== undefined && {
      inOneStep: (work) => inOneStep((execute) => work(({ sql, parameters }) => execute(sql, parameters))),
    }),
  };
  const begin = async <Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result> => {
    if (client.hasEnded?.() === true) throw transactionEnded();
    return work(sender);
  };
  return {
    isActive: null,
    refusesLateUse: client.refusesLateUse ?? false,
    // Work that need not wait begins at once: a call that the host does not await is then sent before the host's commit.
    use(work) {
      const last = lastWork.get(connection);
      const result = last === undefined ? begin(work) : last.then(() => begin(work));
      const settled = result.then(
        () => undefined,
        () => undefined,
      );
      lastWork.set(connection, settled);
      void settled.then(() => {
        if (lastWork.get(connection) === settled) lastWork.delete(connection);
      });
      return result;
    },
  };
}

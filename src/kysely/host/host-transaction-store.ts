import { v7 as uuidv7 } from "uuid";
import { invalidInput, readMember, requireObject } from "../../core/input.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import { Session, transactionEnded, translate } from "../connections/session.ts";
import { settingsCheck } from "../connections/settings.ts";
import type { SqlConnection } from "../connections/sql-connection.ts";
import type { DatabaseKind, StoreDialect } from "../dialects/dialect.ts";
import { KyselyReader } from "../reader.ts";
import type { LifecycleDb } from "../schema/tables.ts";
import { createStatements, type Statements } from "../statements/index.ts";
import { KyselyTransaction } from "../transaction.ts";
import type { HostCall } from "./host-call.ts";
import {
  connectionOfClient,
  connectionOfKysely,
  type HostConnection,
  type HostTransaction,
} from "./host-connection.ts";
import { HostSession } from "./host-session.ts";
import { KyselySqliteCall } from "./kysely-sqlite-call.ts";
import { MysqlCall } from "./mysql-call.ts";
import { PostgresCall } from "./postgres-call.ts";
import { SqliteCall } from "./sqlite-call.ts";
import type { TransactionClient } from "./transaction-client.ts";

/** A call on a connection. Its name is also that of its savepoint. */
function createCall(
  kind: DatabaseKind,
  connection: SqlConnection,
  { isActive, refusesLateUse }: HostConnection,
): HostCall {
  const name = `issue_lifecycle_${uuidv7().replaceAll("-", "")}`;
  switch (kind) {
    case "sqlite":
      if (isActive !== null) return new KyselySqliteCall(connection, isActive, name);
      if (connection.inOneStep !== undefined) return new SqliteCall(connection, connection.inOneStep, name);
      throw new Error("A client for SQLite needs inOneStep.");
    case "postgres":
      return new PostgresCall(connection, name, refusesLateUse);
    case "mysql":
      return new MysqlCall(connection, name);
  }
}

/**
 * Makes the stores within hosts' transactions, which commit or roll back their writes. A call that fails leaves no writes
 * behind, so that the host can continue. Calls in one transaction run one after the other.
 */
export function hostTransactions(compiler: LifecycleDb, dialect: StoreDialect): (transaction: object) => IssueStore {
  // Most stores are never in a host's transaction.
  let created: Statements | undefined;

  return (transaction) => {
    const statements = (created ??= createStatements(compiler, dialect, true));
    const host = connectionOf(transaction, dialect);
    // Connections of a host may have different settings.
    const checkSettings = settingsCheck(compiler, dialect);
    const inFlight = new Set<Promise<unknown>>();
    let transactionId: string | null = null;

    /** Refuses a call in another transaction than that of the first call, which a pool has begun on the connection since. */
    async function requireSameTransaction(call: HostCall): Promise<void> {
      if (host.isActive !== null) return;
      const id = await call.transactionId();
      transactionId ??= id;
      if (id !== transactionId) throw transactionEnded();
    }

    /** Errors of the work are thrown unchanged; errors of beginning and ending the call are translated. */
    function run<Result>(work: (call: HostCall) => Promise<Result>): Promise<Result> {
      const result = host.use(async (connection) => {
        const call = createCall(dialect.kind, connection, host);
        const failures: unknown[] = [];
        try {
          await call.enter();
          return await leaving(call, async () => {
            await requireSameTransaction(call);
            await checkSettings?.(new Session(call.connection, dialect));
            return work(call).catch((error: unknown) => {
              failures.push(error);
              throw error;
            });
          });
        } catch (error) {
          throw failures.length > 0 ? failures[0] : translate(error, dialect);
        }
      });
      const settled = Promise.allSettled([result]);
      inFlight.add(settled);
      void settled.then(() => inFlight.delete(settled));
      return result;
    }

    return {
      transaction: (work) =>
        run(async (call) => {
          const session = new HostSession(call, dialect);
          const result = await work(new KyselyTransaction(session, statements, dialect));
          await session.flush();
          return result;
        }),
      read: (work) => run((call) => work(new KyselyReader(new Session(call.connection, dialect), statements, dialect))),
      async close() {
        await Promise.all(inFlight);
      },
    };
  };
}

/** Runs a call's work, and ends the call. */
async function leaving<Result>(call: HostCall, work: () => Promise<Result>): Promise<Result> {
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    // After some errors, such as a deadlock, the database has rolled back the transaction, and the call cannot end in it.
    await Promise.allSettled([call.leave()]);
    throw error;
  }
  await call.leave();
  return result;
}

/**
 * The connection of a host's transaction.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
function connectionOf(transaction: object, dialect: StoreDialect): HostConnection {
  if (isKyselyTransaction(transaction)) return connectionOfKysely(transaction);
  if (!isTransactionClient(transaction)) {
    throw invalidInput(
      FIELD,
      transaction,
      "a transaction of Kysely, or what an adapter such as fromPg(client) makes of another library's transaction",
    );
  }
  if (transaction.kind !== dialect.kind) {
    throw invalidInput(`${FIELD}.kind`, transaction.kind, `"${dialect.kind}", because the store is in ${dialect.name}`);
  }
  if (transaction.kind === "sqlite" && transaction.inOneStep === undefined) {
    throw invalidInput(`${FIELD}.inOneStep`, undefined, "a function, which a client for SQLite needs");
  }
  return connectionOfClient(transaction);
}

const FIELD = "transaction";

function isKyselyTransaction(value: object): value is HostTransaction {
  const given = requireObject(FIELD, value);
  return (
    readMember(FIELD, given, "isTransaction") === true && typeof readMember(FIELD, given, "getExecutor") === "function"
  );
}

function isTransactionClient(value: object): value is TransactionClient {
  const given = requireObject(FIELD, value);
  const types = { kind: "string", connection: "object", query: "function", execute: "function" };
  return Object.entries(types).every(([name, type]) => typeof readMember(FIELD, given, name) === type);
}

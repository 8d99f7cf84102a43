import { invalidInput } from "../../core/input.ts";
import type { DatabaseKind } from "../dialects/dialect.ts";
import type { TransactionClient } from "../host/transaction-client.ts";
import { fromBetterSqlite3, isBetterSqlite3 } from "./better-sqlite3.ts";
import { fromMysql2, isMysql2Connection } from "./mysql2.ts";
import { fromPg, isPgClient } from "./pg.ts";
import { fromPostgresJs, isPostgresJs } from "./postgres-js.ts";

/** A client for a driver's own connection; `undefined` for anything else. */
export function fromDriver(connection: unknown): TransactionClient | undefined {
  if (isPgClient(connection)) return fromPg(connection);
  if (isPostgresJs(connection)) return fromPostgresJs(connection);
  if (isMysql2Connection(connection)) return fromMysql2(connection);
  return isBetterSqlite3(connection) ? fromBetterSqlite3(connection) : undefined;
}

/** A library's transaction whose driver connection is not available at once. */
export interface LibraryTransaction {
  /** The name of the adapter's parameter. */
  readonly field: string;
  readonly kind: DatabaseKind;
  /** The object that stands for the connection. */
  readonly connection: object;
  /** The driver's connection. */
  readonly acquired: Promise<unknown>;
  /** Whether the library has ended the transaction, or is about to. */
  hasEnded(): boolean;
}

/** A client for a library's transaction, which bypasses the library and uses the driver's connection. */
export function fromLibrary(transaction: LibraryTransaction): TransactionClient {
  const { field, kind, connection } = transaction;
  const driver = transaction.acquired.then((raw) => {
    const client = fromDriver(raw);
    if (client?.kind === kind) return client;
    throw invalidInput(field, raw, "a transaction on pg, mysql2 or better-sqlite3");
  });
  // A call reports the error.
  driver.catch(() => undefined);
  const inOneStep: TransactionClient["inOneStep"] = async (work) => {
    const client = await driver;
    if (client.inOneStep === undefined) throw new Error("The driver is not synchronous.");
    return client.inOneStep(work);
  };
  const queryTogether: TransactionClient["queryTogether"] = async (statements) => {
    const client = await driver;
    if (client.queryTogether === undefined) throw new Error("The driver runs one statement at a time.");
    return client.queryTogether(statements);
  };
  return {
    kind,
    connection,
    hasEnded: () => transaction.hasEnded(),
    query: async (sql, parameters) => (await driver).query(sql, parameters),
    execute: async (sql, parameters) => (await driver).execute(sql, parameters),
    ...(kind === "sqlite" && { inOneStep }),
    ...(kind === "postgres" && { queryTogether }),
  };
}

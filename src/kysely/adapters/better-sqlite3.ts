import { invalidInput, readMember } from "../../core/input.ts";
import { transactionEnded } from "../connections/session.ts";
import type { TransactionClient } from "../host/transaction-client.ts";
import { hasFunctions, isRow } from "./driver-objects.ts";

/** The part of a better-sqlite3 statement that this library uses. */
interface BetterSqlite3Statement {
  readonly reader: boolean;
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { readonly changes: number };
}

/** The part of a better-sqlite3 `Database` that this library uses. */
export interface BetterSqlite3Database {
  /** @internal */
  readonly inTransaction: boolean;
  /** @internal */
  prepare(sql: string): BetterSqlite3Statement;
  /** @internal */
  pragma(source: string): unknown;
}

/** Whether a value is a `Database` of better-sqlite3. */
export function isBetterSqlite3(value: unknown): value is BetterSqlite3Database {
  if (!hasFunctions("database", value, ["prepare", "pragma"])) return false;
  return typeof readMember("database", value, "inTransaction") === "boolean";
}

/**
 * Makes a transaction of better-sqlite3 usable for `tracker.withTransaction`.
 *
 * `database.transaction(...)` cannot be used, because it commits before an asynchronous call is complete. Run
 * `begin immediate` and `commit` yourself. The database is one connection, so whatever else runs on it until the commit is
 * part of the transaction.
 *
 * @param database - one on which you have run `begin immediate`
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import type { Database } from "better-sqlite3";
 * import type { IssueTracker } from "issue-lifecycle";
 * import { fromBetterSqlite3 } from "issue-lifecycle/kysely";
 *
 * async function recordFailure(database: Database, tracker: IssueTracker, message: string): Promise<void> {
 *   database.exec("begin immediate");
 *   try {
 *     database.prepare("insert into failures (message) values (?)").run(message);
 *     await tracker
 *       .withTransaction(fromBetterSqlite3(database))
 *       .digest({ projectId: "shop", type: "PaymentError", value: message });
 *     database.exec("commit");
 *   } catch (error) {
 *     if (database.inTransaction) database.exec("rollback");
 *     throw error;
 *   }
 * }
 * ```
 */
export function fromBetterSqlite3(database: BetterSqlite3Database): TransactionClient {
  if (!isBetterSqlite3(database) || !database.inTransaction) {
    throw invalidInput(
      "database",
      database,
      `a Database of better-sqlite3 in a transaction: database.exec("begin immediate")`,
    );
  }
  const run = (sql: string, parameters: readonly unknown[]): number => {
    const statement = prepareIn(database, sql);
    if (!statement.reader) return statement.run(...parameters).changes;
    statement.all(...parameters);
    return 0;
  };
  return {
    kind: "sqlite",
    connection: database,
    query: async (sql, parameters) => {
      const statement = prepareIn(database, sql);
      if (statement.reader) return statement.all(...parameters).filter(isRow);
      statement.run(...parameters);
      return [];
    },
    execute: async (sql, parameters) => run(sql, parameters),
    inOneStep: async (work) => work(run),
  };
}

/** Prepares a statement in a transaction: outside of one, a savepoint would begin one. */
function prepareIn(database: BetterSqlite3Database, sql: string): BetterSqlite3Statement {
  if (!database.inTransaction) throw transactionEnded();
  return database.prepare(sql);
}

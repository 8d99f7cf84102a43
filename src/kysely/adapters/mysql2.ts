import { invalidInput, readMember } from "../../core/input.ts";
import type { DriverRow, TransactionClient } from "../host/transaction-client.ts";
import { hasFunctions, isRow } from "./driver-objects.ts";

/** A statement as mysql2 takes it, with the settings that a connection may have changed. */
interface Mysql2Statement {
  readonly sql: string;
  readonly values: unknown[];
  readonly rowsAsArray: false;
  readonly nestTables: false;
  typeCast(field: unknown, next: () => unknown): unknown;
}

/** The part of the connections of mysql2 and mysql2/promise that this library uses. */
export interface Mysql2Connection {
  /** @internal */
  query(statement: Mysql2Statement): unknown;
  /** @internal */
  beginTransaction(...given: never[]): unknown;
  /** Only pools have it. @internal */
  readonly getConnection?: never;
}

/** A connection of mysql2, which mysql2/promise wraps. */
interface CallbackConnection extends Mysql2Connection {
  query(statement: Mysql2Statement, done?: (error: Error | null | undefined, result: unknown) => void): unknown;
}

/** Whether a value is a connection of mysql2 or mysql2/promise. */
export function isMysql2Connection(value: unknown): value is Mysql2Connection {
  return callbackConnectionOf(value) !== undefined;
}

/** A connection of mysql2, or the one that a connection of mysql2/promise wraps; `undefined` for anything else. */
function callbackConnectionOf(value: unknown): CallbackConnection | undefined {
  if (isCallbackConnection(value)) return value;
  if (!hasFunctions("connection", value, ["query", "beginTransaction"])) return undefined;
  const wrapped = readMember("connection", value, "connection");
  return isCallbackConnection(wrapped) ? wrapped : undefined;
}

function isCallbackConnection(value: unknown): value is CallbackConnection {
  return hasFunctions("connection", value, ["query", "beginTransaction", "promise"]);
}

/**
 * Makes a transaction of mysql2 usable for `tracker.withTransaction`.
 *
 * @param connection - a connection of mysql2 or mysql2/promise on which you have begun a transaction
 * @throws `IssueLifecycleError` `invalid-input`, also for a pool, whose statements run on any of its connections
 * @example
 * ```ts
 * import type { IssueTracker } from "issue-lifecycle";
 * import { fromMysql2 } from "issue-lifecycle/kysely";
 * import type { Pool } from "mysql2/promise";
 *
 * async function recordFailure(pool: Pool, tracker: IssueTracker, message: string): Promise<void> {
 *   const connection = await pool.getConnection();
 *   try {
 *     await connection.beginTransaction();
 *     await connection.query("insert into failures (message) values (?)", [message]);
 *     await tracker
 *       .withTransaction(fromMysql2(connection))
 *       .digest({ projectId: "shop", type: "PaymentError", value: message });
 *     await connection.commit();
 *   } catch (error) {
 *     await connection.rollback();
 *     throw error;
 *   } finally {
 *     connection.release();
 *   }
 * }
 * ```
 */
export function fromMysql2(connection: Mysql2Connection): TransactionClient {
  const inner = callbackConnectionOf(connection);
  if (inner === undefined) {
    throw invalidInput(
      "connection",
      connection,
      "a connection of mysql2 or mysql2/promise: await pool.getConnection()",
    );
  }
  const run = (sql: string, parameters: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const values = parameters.map((each) =>
        each instanceof Uint8Array ? Buffer.from(each.buffer, each.byteOffset, each.byteLength) : each,
      );
      inner.query({ sql, values, rowsAsArray: false, nestTables: false, typeCast: asDriver }, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  return {
    kind: "mysql",
    connection: inner,
    query: async (sql, parameters) => rowsOf(await run(sql, parameters)),
    execute: async (sql, parameters) => affectedRowsOf(await run(sql, parameters)),
  };
}

/** Converts a value as the driver does, without what the connection's own `typeCast` would make of it. */
function asDriver(_field: unknown, next: () => unknown): unknown {
  return next();
}

function rowsOf(result: unknown): readonly DriverRow[] {
  return Array.isArray(result) ? result.filter(isRow) : [];
}

function affectedRowsOf(result: unknown): number {
  return typeof result === "object" && result !== null && "affectedRows" in result ? Number(result.affectedRows) : 0;
}

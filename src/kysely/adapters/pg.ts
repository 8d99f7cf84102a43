import { invalidInput } from "../../core/input.ts";
import type { DriverRow, TransactionClient } from "../host/transaction-client.ts";
import { hasFunctions } from "./driver-objects.ts";

/** The part of node-postgres' `Client` and `PoolClient` that this library uses. A `Pool` has no `escapeIdentifier`. */
export interface PgClient {
  /** @internal */
  query(text: string, values: unknown[]): Promise<{ readonly rows: DriverRow[]; readonly rowCount: number | null }>;
  /** @internal */
  escapeIdentifier(text: string): string;
}

/** Whether a value is a `Client` or a `PoolClient`. */
export function isPgClient(value: unknown): value is PgClient {
  return hasFunctions("client", value, ["query", "escapeIdentifier"]);
}

/**
 * Makes a transaction of node-postgres usable for `tracker.withTransaction`.
 *
 * @param client - a client of `pool.connect()`, or a `Client`, on which you have run `begin`
 * @throws `IssueLifecycleError` `invalid-input`, also for a pool, whose statements run on any of its connections
 * @example
 * ```ts
 * import type { IssueTracker } from "issue-lifecycle";
 * import { fromPg } from "issue-lifecycle/kysely";
 * import type { Pool } from "pg";
 *
 * async function recordFailure(pool: Pool, tracker: IssueTracker, message: string): Promise<void> {
 *   const client = await pool.connect();
 *   try {
 *     await client.query("begin");
 *     await client.query("insert into failures (message) values ($1)", [message]);
 *     await tracker.withTransaction(fromPg(client)).digest({ projectId: "shop", type: "PaymentError", value: message });
 *     await client.query("commit");
 *   } catch (error) {
 *     await client.query("rollback");
 *     throw error;
 *   } finally {
 *     client.release();
 *   }
 * }
 * ```
 */
export function fromPg(client: PgClient): TransactionClient {
  if (!isPgClient(client)) throw invalidInput("client", client, "a client of node-postgres: await pool.connect()");
  return {
    kind: "postgres",
    connection: client,
    query: async (sql, parameters) => (await client.query(sql, [...parameters])).rows,
    execute: async (sql, parameters) => (await client.query(sql, [...parameters])).rowCount ?? 0,
    queryTogether: async (statements) => [await client.query(statements, [])].flat().map(({ rows }) => rows),
  };
}

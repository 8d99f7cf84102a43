import { invalidInput, readMember } from "../../core/input.ts";
import type { TransactionClient } from "../host/transaction-client.ts";
import { fromDriver } from "./driver-client.ts";
import { hasFunctions } from "./driver-objects.ts";

/** A transaction or a database of Drizzle, as far as its types say what it is. The connection is not in its types. */
export interface DrizzleTransaction {
  /** @internal */
  select(...given: never[]): unknown;
  /** @internal */
  transaction(...given: never[]): unknown;
}

/**
 * Makes a transaction of Drizzle usable for `tracker.withTransaction`, on node-postgres, postgres.js, mysql2 and
 * better-sqlite3.
 *
 * On better-sqlite3, `db.transaction(...)` cannot be used, because it commits before an asynchronous call is complete. Run
 * `begin immediate` and `commit` yourself, and pass the database.
 *
 * @param transaction - of `db.transaction(...)`; a database on which you have begun a transaction if it is one connection
 * @throws `IssueLifecycleError` `invalid-input`, also for a database with a pool, and for other drivers
 * @example
 * ```js
 * await db.transaction(async (transaction) => {
 *   await transaction.insert(failures).values({ message });
 *   await tracker
 *     .withTransaction(fromDrizzle(transaction))
 *     .digest({ projectId: "shop", type: "PaymentError", value: message });
 * });
 * ```
 */
export function fromDrizzle(transaction: DrizzleTransaction): TransactionClient {
  const field = "transaction";
  const session = hasFunctions(field, transaction, ["select"]) ? readMember(field, transaction, "session") : undefined;
  const connection =
    typeof session === "object" && session !== null ? readMember(`${field}.session`, session, "client") : undefined;
  const client = fromDriver(connection);
  if (client !== undefined) return client;
  throw invalidInput(
    field,
    transaction,
    "a transaction of Drizzle on node-postgres, postgres.js, mysql2 or better-sqlite3: db.transaction((transaction) => ...)",
  );
}

import { invalidInput, readMember } from "../../core/input.ts";
import type { DatabaseKind } from "../dialects/dialect.ts";
import type { TransactionClient } from "../host/transaction-client.ts";
import { fromLibrary } from "./driver-client.ts";
import { hasFunctions } from "./driver-objects.ts";

/** The part of a transaction of Knex that this library uses. A Knex instance has no `isCompleted`. */
export interface KnexTransaction {
  /** @internal */
  isCompleted(): boolean;
  /** @internal */
  readonly client: { acquireConnection(): Promise<unknown>; readonly driverName: string };
  /** @internal */
  readonly parentTransaction?: KnexTransaction | undefined;
}

const KINDS = new Map<string, DatabaseKind>([
  ["pg", "postgres"],
  ["mysql2", "mysql"],
  ["better-sqlite3", "sqlite"],
]);

/**
 * Makes a transaction of Knex usable for `tracker.withTransaction`, on `pg`, `mysql2` and `better-sqlite3`.
 *
 * @param transaction - of `knex.transaction(...)`, or a nested one
 * @throws `IssueLifecycleError` `invalid-input`, also for a Knex instance that is no transaction, and for other drivers
 * @example
 * ```js
 * await knex.transaction(async (transaction) => {
 *   await transaction("failures").insert({ message });
 *   await tracker.withTransaction(fromKnex(transaction)).digest({ projectId: "shop", type: "PaymentError", value: message });
 * });
 * ```
 */
export function fromKnex(transaction: KnexTransaction): TransactionClient {
  const field = "transaction";
  if (!isKnexTransaction(transaction)) {
    throw invalidInput(field, transaction, "a transaction of Knex: knex.transaction((transaction) => ...)");
  }
  const { client } = transaction;
  const kind = KINDS.get(client.driverName);
  if (kind === undefined) {
    const allowed = `a transaction on ${[...KINDS.keys()].join(", ")}; this one is on ${client.driverName}`;
    throw invalidInput(field, transaction, allowed);
  }
  return fromLibrary({
    field,
    kind,
    connection: outermost(transaction).client,
    acquired: client.acquireConnection(),
    hasEnded: () => transaction.isCompleted(),
  });
}

function isKnexTransaction(value: unknown): value is KnexTransaction {
  if (!hasFunctions("transaction", value, ["isCompleted"])) return false;
  return hasFunctions("transaction.client", readMember("transaction", value, "client"), ["acquireConnection"]);
}

/** The transaction that has the connection. */
function outermost(transaction: KnexTransaction): KnexTransaction {
  let current = transaction;
  while (current.parentTransaction !== undefined) current = current.parentTransaction;
  return current;
}

import type { Write } from "../connections/round-trips.ts";
import type { SqlConnection } from "../connections/sql-connection.ts";

/**
 * One call of the tracker in a host's transaction.
 *
 * The host may end its transaction at any moment, because nothing makes it wait for the call. So a call proves that it is
 * in the transaction in which it began, in the same step in which it writes: between the two, no other statement runs on the
 * connection.
 */
export interface HostCall {
  /** The connection, for reads. */
  readonly connection: SqlConnection;
  /**
   * Begins the call, or continues it after a group of writes.
   *
   * @throws `IssueLifecycleError` `transaction-ended`; the connection is as it was before
   */
  enter(): Promise<void>;
  /** Names the transaction, so that it can be distinguished from a later one; `null` where the database cannot. */
  transactionId(): Promise<string | null>;
  /**
   * Runs all of the writes, or none of them.
   *
   * @throws `IssueLifecycleError` `transaction-ended` if the transaction in which the call began has ended, else the
   *   database's error
   */
  write(writes: readonly Write[]): Promise<void>;
  /** Ends the call. After a failed statement, makes the transaction usable again where that is possible. */
  leave(): Promise<void>;
}

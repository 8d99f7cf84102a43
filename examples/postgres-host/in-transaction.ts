import { setTimeout as pause } from "node:timers/promises";
import { IssueLifecycleError } from "issue-lifecycle";
import type { Kysely, Transaction } from "kysely";

/** How often a transaction is begun at most. */
const MAX_ATTEMPTS = 5;

/**
 * Runs work in a transaction, and again from its beginning where the tracker says that this may help: when another
 * transaction was faster, or held what this one needed. So the work must do nothing but write to the transaction.
 */
export async function inTransaction<Tables, Result>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !IssueLifecycleError.is(error) || !error.retryable) throw error;
      await pause(20 * attempt * Math.random());
    }
  }
}

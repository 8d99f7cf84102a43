import { setTimeout as pause } from "node:timers/promises";
import { IssueLifecycleError } from "issue-lifecycle";
import type { Kysely, Transaction } from "kysely";

/** The most attempts of a transaction. */
const MAX_ATTEMPTS = 5;

/**
 * Runs work in a transaction, and retries it after a retryable error of the tracker, such as a conflict. The work may run
 * several times, so it must have no effects other than its writes.
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

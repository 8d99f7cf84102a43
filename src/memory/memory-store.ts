import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { MemoryOutboxReader } from "./memory-outbox.ts";
import { MemoryReader } from "./memory-reader.ts";
import { MemoryTables } from "./memory-tables.ts";
import { MemoryTransaction } from "./memory-transaction.ts";

/**
 * Creates a store in the memory of this process: for tests, for experiments, and for applications that need no
 * history after a restart. Transactions run one after the other; one that fails is rolled back.
 *
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 *
 * const tracker = createIssueTracker({ store: createMemoryStore() });
 * ```
 */
export function createMemoryStore(): IssueStore {
  return memoryStoreOn(new MemoryTables());
}

/** A store on the given tables. */
export function memoryStoreOn(tables: MemoryTables): IssueStore {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** Runs work after all earlier work has ended. */
  function enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) return Promise.reject(new IssueLifecycleError("closed", "The store was closed."));
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    transaction: (work) =>
      enqueue(async () => {
        const transaction = new MemoryTransaction(tables);
        try {
          return await work(transaction);
        } catch (error) {
          transaction.rollBack();
          throw error;
        }
      }),
    read: (work) => enqueue(() => work(new MemoryReader(tables, new MemoryOutboxReader(tables)))),
    async close() {
      closed = true;
      await last;
    },
  };
}

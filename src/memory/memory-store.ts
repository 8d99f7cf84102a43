import { IssueLifecycleError } from "../core/errors.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { MemoryReader } from "./memory-reader.ts";
import { MemoryTables } from "./memory-tables.ts";
import { MemoryTransaction } from "./memory-transaction.ts";

/**
 * Makes a store that keeps everything in this process' memory: for tests, for trying things out, and for hosts that do
 * not need to remember. It is transactional: what fails leaves nothing behind. Transactions run one after the other.
 *
 * @example
 * ```ts
 * import { createIssueTracker } from "issue-lifecycle";
 * import { createMemoryStore } from "issue-lifecycle/memory";
 *
 * const tracker = createIssueTracker({ store: createMemoryStore() });
 * ```
 */
export function createMemoryStore(): IssueStore {
  return memoryStoreOn(new MemoryTables());
}

/** A store on tables that somebody else may look at. */
export function memoryStoreOn(tables: MemoryTables): IssueStore {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** Runs work when all work before it has ended. */
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
    read: (work) => enqueue(() => work(new MemoryReader(tables))),
    async close() {
      closed = true;
      await last;
    },
  };
}

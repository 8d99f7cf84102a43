import type { IssueStore } from "../../src/ports/index.ts";

/** Ends the first run of the work of a transaction, so that the store rolls it back. */
const ROLL_BACK = new Error("This run is rolled back.");

/**
 * A store that runs the work of each read and transaction twice, as every store may: a transaction after a conflict at its end, a read
 * for whatever reason. Only what the second run returns counts.
 */
export function runningWorkAgain(store: IssueStore): IssueStore {
  return {
    ...store,
    async transaction(work) {
      try {
        await store.transaction(async (transaction) => {
          await work(transaction);
          throw ROLL_BACK;
        });
      } catch (error) {
        if (error !== ROLL_BACK) throw error;
      }
      return store.transaction(work);
    },
    async read(work) {
      await store.read(work);
      return store.read(work);
    },
  };
}

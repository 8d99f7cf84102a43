import type { IssueStore } from "../ports/issue-store.ts";
import { isTurnLong, pause } from "../ports/pause.ts";
import type { GatheredDigests } from "./gathered-digests.ts";

/**
 * A store that lets the rest of the process run after a transaction or read whenever the turn of the event loop has lasted for long: on
 * SQLite and in memory one call after the other would never end it.
 */
export function withPauses(store: IssueStore): IssueStore {
  return {
    async transaction(work) {
      const result = await store.transaction(work);
      if (isTurnLong()) await pause();
      return result;
    },
    async read(work) {
      const result = await store.read(work);
      if (isTurnLong()) await pause();
      return result;
    },
    close: () => store.close(),
  };
}

/** A store whose transactions and reads come after the digests that were requested before them, where it keeps an order. */
export function inOrder(store: IssueStore, gathered: GatheredDigests): IssueStore {
  return {
    transaction(work) {
      gathered.flush();
      return store.transaction(work);
    },
    read(work) {
      gathered.flush();
      return store.read(work);
    },
    close: () => store.close(),
  };
}

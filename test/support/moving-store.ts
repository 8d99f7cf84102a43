import type { IssueStore } from "../../src/index.ts";

/** A store whose contents are moved: it is one store first, and another one later. */
export interface MovingStore {
  readonly store: IssueStore;
  moveTo(next: IssueStore): void;
}

/** Makes a moving store that is `first` at first. */
export function movingStore(first: IssueStore): MovingStore {
  let present = first;
  return {
    store: {
      transaction: (work) => present.transaction(work),
      read: (work) => present.read(work),
      close: () => present.close(),
    },
    moveTo(next) {
      present = next;
    },
  };
}

import { createMemoryStore, type IssueStore } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";

/** A kind of store that all behaviour is shown on. */
export interface StoreKind {
  readonly name: string;
  /** Opens a store that holds nothing yet. */
  open(): Promise<IssueStore>;
}

/** All stores of this library. */
export const STORES: readonly StoreKind[] = [
  { name: "memory", open: async () => createMemoryStore() },
  { name: "SQLite", open: () => openSqliteStore({ filename: ":memory:" }) },
];

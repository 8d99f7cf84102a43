import type { Kysely } from "kysely";
import { afterAll } from "vitest";
import { createMemoryStore, type IssueStore } from "../../src/index.ts";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { DATABASES_OF_STORIES, type DatabaseKind, type Place } from "./databases.ts";
import { rounds } from "./effort.ts";
import { checking, memoryEngine } from "./key-value-engines.ts";
import { openEmbedded } from "./sqlite-image.ts";
import { runningWorkAgain } from "./work-again.ts";
import { emptyTables, openStore, tablesIn } from "./tables.ts";

/** A kind of store on which all behaviour is tested. */
export interface StoreKind {
  readonly name: string;
  /** How often it runs the work of a read or transaction, where it is not once. */
  readonly runs?: number;
  /** Opens an empty store. */
  open(): Promise<IssueStore>;
}

/** The key-value store, in the full run only: it has the conformance suite and stories of its own in the quick one. */
const KEY_VALUE: StoreKind = {
  name: "a sorted map",
  open: async () => createKeyValueStore(checking(memoryEngine())),
};

/**
 * The stores of this library that are available here, for one test file, at whose end they are dropped. In the quick run they are memory
 * and SQLite: the conformance suite shows that the others keep and return the same. The one in memory runs all work twice, as a store may.
 */
export function storesForStories(): readonly StoreKind[] {
  const all = [
    { name: "memory", runs: 2, open: async () => runningWorkAgain(createMemoryStore()) },
    { name: "SQLite", open: openEmbedded },
    ...DATABASES_OF_STORIES.map((kind) => ({ name: kind.name, open: opener(kind) })),
    ...Array.from({ length: rounds({ quick: 0, full: 1 }) }, () => KEY_VALUE),
  ];
  return all.slice(0, rounds({ quick: 2, full: all.length }));
}

/** Opens stores in one place of a database, with one pool, because servers have few connections. */
function opener({ makePlace }: DatabaseKind): () => Promise<IssueStore> {
  let shared: Promise<{ place: Place; db: Kysely<object> }> | undefined;
  /** Prefixes of tables whose store was closed, to be used again. */
  const free: string[] = [];
  let opened = 0;
  afterAll(async () => {
    await (await shared)?.place.drop();
  }, 60_000);
  return async () => {
    shared ??= makePlace().then((place) => ({ place, db: place.connect({ poolSize: 4 }) }));
    const { place, db } = await shared;
    const tablePrefix = free.pop() ?? `t${String(++opened)}_`;
    const store = await openStore({ ...tablesIn(place, db), tablePrefix });
    let closed = false;
    return {
      ...store,
      close: async () => {
        await store.close();
        if (closed) return;
        closed = true;
        await emptyTables({ ...tablesIn(place, db), tablePrefix });
        free.push(tablePrefix);
      },
    };
  };
}

import { sql, type Kysely } from "kysely";
import { afterAll } from "vitest";
import { createMemoryStore, type IssueStore } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { PGLITE, SERVERS, type DatabaseKind, type Place } from "./databases.ts";
import { openStore, tablesIn } from "./tables.ts";

/** A kind of store that all behaviour is shown on. */
export interface StoreKind {
  readonly name: string;
  /** Opens a store that holds nothing yet. */
  open(): Promise<IssueStore>;
}

/** All stores of this library that can be had here. */
export const STORES: readonly StoreKind[] = [
  { name: "memory", open: async () => createMemoryStore() },
  { name: "SQLite", open: () => openSqliteStore({ filename: ":memory:" }) },
  ...[PGLITE, ...SERVERS].map((kind) => ({ name: kind.name, open: opener(kind) })),
];

/** The tables that tests write to. */
const TABLES = [
  "projects",
  "issues",
  "groups",
  "counters",
  "marks",
  "releases",
  "events",
  "event_data",
  "turning_points",
  "outbox",
  "alert_tallies",
];

/** Opens stores in one place of a database, with one pool, because servers have few connections. */
function opener({ makePlace }: DatabaseKind): () => Promise<IssueStore> {
  let shared: Promise<{ place: Place; db: Kysely<object> }> | undefined;
  /** Prefixes of tables whose store was closed: emptying them is faster than making new ones. */
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
        const before = place.schema === undefined ? tablePrefix : `${place.schema}.${tablePrefix}`;
        for (const table of TABLES) await sql`delete from ${sql.table(before + table)}`.execute(db);
        free.push(tablePrefix);
      },
    };
  };
}

import { afterAll } from "vitest";
import { createMemoryStore, type IssueStore } from "../../src/index.ts";
import { kyselyStore, migrate } from "../../src/kysely/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { PGLITE, SERVERS, type DatabaseKind, type Place } from "./databases.ts";

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
  ...[PGLITE, ...SERVERS].map((kind) => ({ name: kind.name, open: () => openIn(kind) })),
];

const places: Place[] = [];

async function openIn({ makePlace }: DatabaseKind): Promise<IssueStore> {
  const place = await makePlace();
  places.push(place);
  const { dialect, schema } = place;
  const tables = { db: place.connect(), dialect, ...(schema === undefined ? {} : { schema }) };
  await migrate(tables);
  return kyselyStore(tables);
}

afterAll(async () => {
  for (const place of places.splice(0)) await place.drop();
});

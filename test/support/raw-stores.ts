import { sql, type Kysely } from "kysely";
import type { IssueStore } from "../../src/index.ts";
import { createBatchEngine, createKeyValueStore } from "../../src/kv/index.ts";
import { KEYS } from "../../src/kv/keys.ts";
import { hexOf } from "../../src/kv/bytes.ts";
import { memoryStoreOn } from "../../src/memory/memory-store.ts";
import { MemoryTables } from "../../src/memory/memory-tables.ts";
import { DATABASES_FOR_STORIES, type DatabaseKind, type Place } from "./databases.ts";
import { MemoryStorage } from "./key-value-engines.ts";
import { openStore, tablesIn } from "./tables.ts";

/** A store, and all that it has stored. */
interface RawStore {
  readonly store: IssueStore;
  /** All stored values as texts, read by other means than the store: a line for each row or entry, sorted. */
  dump(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A kind of store of which all that is stored can be read. */
export interface RawStoreKind {
  readonly name: string;
  open(): Promise<RawStore>;
}

/** All stores of this library that are available here. */
export const RAW_STORES: readonly RawStoreKind[] = [
  { name: "memory", open: async () => openMemory() },
  { name: "a sorted map", open: async () => openSortedMap() },
  ...DATABASES_FOR_STORIES.map((kind) => ({ name: kind.name, open: () => openDatabase(kind) })),
];

function openMemory(): RawStore {
  const tables = new MemoryTables();
  const store = memoryStoreOn(tables);
  const isCounter = (line: string): boolean => line.startsWith("/lastPosition ");
  return {
    store,
    dump: async () =>
      linesOf("", tables)
        .filter((line) => !isCounter(line))
        .sort(),
    close: () => store.close(),
  };
}

/** A line for each value in an object, with the way that leads to it. */
function linesOf(path: string, value: unknown): string[] {
  if (value instanceof Uint8Array) return [`${path} ${hexOf(value)}`];
  if (value instanceof Map) return [...value].flatMap(([key, each]) => linesOf(`${path}/${String(key)}`, each));
  if (typeof value !== "object" || value === null) return [`${path} ${String(value)}`];
  return Object.entries(value).flatMap(([name, each]) => linesOf(`${path}/${name}`, each));
}

function openSortedMap(): RawStore {
  const storage = new MemoryStorage();
  const store = createKeyValueStore(createBatchEngine(storage));
  const range = { from: Uint8Array.of(), to: Uint8Array.of(0xff), reverse: false, limit: 1_000_000 };
  const counter = hexOf(KEYS.lastNumber);
  return {
    store,
    dump: async () =>
      storage
        .range(range)
        .filter(([key]) => hexOf(key) !== counter)
        .map(([key, value]) => `${textOf(key)} ${textOf(value)}`)
        .sort(),
    close: () => store.close(),
  };
}

async function openDatabase({ makePlace }: DatabaseKind): Promise<RawStore> {
  const place = await makePlace();
  const db = place.connect();
  const store = await openStore(tablesIn(place, db));
  return {
    store,
    async dump() {
      const lines: string[] = [];
      for (const table of await tablesOf(place, db)) {
        const { rows } = await sql<object>`select * from ${sql.table(table)}`.execute(db);
        for (const row of rows) {
          const values = Object.entries(row).map(([name, value]) => `${name}=${textOf(value)}`);
          lines.push(`${table} ${values.join(" ")}`);
        }
      }
      return lines.sort();
    },
    async close() {
      await store.close();
      await place.drop();
    },
  };
}

/** The names of all tables of a place, from the database's catalogue. */
async function tablesOf({ schema }: Place, db: Kysely<object>): Promise<string[]> {
  const query =
    schema === undefined
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = ${schema}`;
  const { rows } = await query.execute(db);
  return rows.map(({ name }) => (schema === undefined ? name : `${schema}.${name}`));
}

/** A value as a text, bytes both as digits and as the text that they may be. */
function textOf(value: unknown): string {
  return value instanceof Uint8Array ? `${hexOf(value)} ${Buffer.from(value).toString("utf8")}` : String(value);
}

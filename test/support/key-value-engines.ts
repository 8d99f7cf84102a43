import type { ClassicLevel } from "classic-level";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { IssueLifecycleError } from "../../src/index.ts";
import { compareBytes, endOf } from "../../src/kv/bytes.ts";
import {
  createBatchEngine,
  MAX_KEY_BYTES,
  type BatchStorage,
  type KeyChange,
  type KeyRange,
  type KeyValueEngine,
  type KeyValueEntry,
  type KeyValueTransaction,
} from "../../src/kv/index.ts";
import { hashText, namedPart, requireIdPart, type TextHash } from "../../src/kv/key-parts.ts";
import { KEYS } from "../../src/kv/keys.ts";
import { anyText, arrayOf, count, looseObject } from "../../src/core/shape.ts";
import { SortedMap } from "../../src/kv/sorted-map.ts";
import { pairOf, readJson } from "../../src/kv/values.ts";
import type { RawReader } from "../../src/testing/index.ts";

/** A sorted map in memory, for `createBatchEngine`. */
export class MemoryStorage implements BatchStorage {
  readonly #map = new SortedMap<Uint8Array>();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#map.get(key);
  }

  range(range: KeyRange): readonly KeyValueEntry[] {
    const entries: KeyValueEntry[] = [];
    for (const { key, value } of this.#map.range(range)) {
      entries.push([key, value]);
      if (entries.length === range.limit) break;
    }
    return entries;
  }

  write(batch: readonly KeyChange[]): void {
    for (const { key, value } of batch) {
      if (value === undefined) this.#map.delete(key);
      else this.#map.set(key, value);
    }
  }
}

/** An engine in memory. */
export function memoryEngine(): KeyValueEngine {
  return createBatchEngine(new MemoryStorage());
}

/** An engine on LevelDB, as in the guide: its bindings return a `Buffer` for each key and value. */
export function levelEngine(database: ClassicLevel<Uint8Array, Uint8Array>): KeyValueEngine {
  return createBatchEngine({
    get: (key) => database.get(key),
    range: ({ from, to, reverse, limit }) => database.iterator({ gte: from, lt: to, reverse, limit }).all(),
    write: (batch) =>
      database.batch(
        batch.map(({ key, value }) => (value === undefined ? { type: "del", key } : { type: "put", key, value })),
      ),
  });
}

/**
 * An engine in memory whose transactions are all open at once, each on its own snapshot: one that has written fails at the commit if
 * another one committed meanwhile.
 */
export function optimisticEngine(): KeyValueEngine {
  let storage = new MemoryStorage();
  let version = 0;
  return {
    concurrent: "all",
    async begin(mode): Promise<KeyValueTransaction> {
      const begunAt = version;
      const snapshot = storage;
      let batch: readonly KeyChange[] = [];
      const transaction = await createBatchEngine({
        get: (key) => snapshot.get(key),
        range: (range) => snapshot.range(range),
        write: (changes) => void (batch = changes),
      }).begin(mode);
      return {
        get: (key) => transaction.get(key),
        range: (range) => transaction.range(range),
        put: (key, value) => transaction.put(key, value),
        remove: (key) => transaction.remove(key),
        rollback: () => transaction.rollback(),
        commit: async () => {
          await transaction.commit();
          if (batch.length === 0) return;
          if (version !== begunAt) throw conflict();
          version++;
          // Others still read the snapshots that they have begun with.
          const next = new MemoryStorage();
          next.write(snapshot.range(ALL_KEYS).map(([key, value]) => ({ key, value })));
          next.write(batch);
          storage = next;
        },
      };
    },
  };
}

const ALL_KEYS = { from: Uint8Array.of(0), to: Uint8Array.of(0xff), reverse: false, limit: Number.MAX_SAFE_INTEGER };

function conflict(): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", "Another transaction was faster.", { retryable: true });
}

/** An engine on a table of two columns in a file, by SQLite of Node. */
export class SqliteEngine implements KeyValueEngine {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(filename: string) {
    this.#database = new DatabaseSync(filename, { timeout: 0 });
    this.#database.exec("pragma journal_mode = wal; pragma synchronous = normal");
    this.#database.exec("create table if not exists kv (key blob primary key, value blob not null) without rowid");
  }

  begin(mode: "read" | "write"): KeyValueTransaction {
    const database = this.#database;
    const run = (sql: string, ...values: (Uint8Array | number)[]) => {
      try {
        const statement = this.#statements.get(sql) ?? database.prepare(sql);
        this.#statements.set(sql, statement);
        return statement.all(...values);
      } catch (error) {
        throw Reflect.get(Object(error), "errcode") === 5 ? busy(error) : error;
      }
    };
    run(mode === "write" ? "begin immediate" : "begin");
    return {
      get: (key) => run("select value from kv where key = ?", key).map(({ value }) => bytesOf(value))[0],
      range: ({ from, to, reverse, limit }) =>
        run(
          `select key, value from kv where key >= ? and key < ? order by key ${reverse ? "desc" : "asc"} limit ?`,
          from,
          to,
          limit,
        ).map(({ key, value }) => [bytesOf(key), bytesOf(value)]),
      put: (key, value) => void run("insert or replace into kv values (?, ?)", key, value),
      remove: (key) => void run("delete from kv where key = ?", key),
      commit: () => void run("commit"),
      rollback: () => void run("rollback"),
    };
  }

  close(): void {
    this.#database.close();
  }
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error("no bytes");
}

function busy(cause: unknown): IssueLifecycleError {
  return new IssueLifecycleError("store-busy", "Another connection is writing.", { retryable: true, cause });
}

/** An engine that refuses keys which the contract does not allow, and changes of bytes that it has handed out. */
export function checking(engine: KeyValueEngine): KeyValueEngine {
  const check = (key: Uint8Array): void => {
    if (key.length < 1 || key.length > MAX_KEY_BYTES) throw new Error(`a key of ${String(key.length)} bytes`);
  };
  return {
    ...(engine.concurrent !== undefined && { concurrent: engine.concurrent }),
    async begin(mode) {
      const transaction = await engine.begin(mode);
      const writable = (): void => {
        if (mode === "read") throw new Error("a write in a transaction for reading");
      };
      return {
        get: (key) => {
          check(key);
          return transaction.get(key);
        },
        range: (range) => {
          [range.from, range.to].forEach(check);
          if (range.limit < 1 || !Number.isSafeInteger(range.limit)) throw new Error(`limit ${String(range.limit)}`);
          if (compareBytes(range.from, range.to) > 0) throw new Error("a range that ends before it begins");
          return transaction.range(range);
        },
        put: (key, value) => {
          writable();
          check(key);
          return transaction.put(key, value);
        },
        remove: (key) => {
          writable();
          check(key);
          return transaction.remove(key);
        },
        commit: () => transaction.commit(),
        rollback: () => transaction.rollback(),
      };
    },
  };
}

/** What is read of a list of projects, and of an issue. */
const projectList = arrayOf(pairOf(anyText, looseObject<{ internalNumber: number }>({ internalNumber: count })));
const titledIssue = looseObject<{ details: { title: string } }>({ details: looseObject({ title: anyText }) });

/** Reads an engine's keys past the store. */
export function rawReader(engine: KeyValueEngine, hash: TextHash = hashText): RawReader {
  const read = async <Result>(work: (transaction: KeyValueTransaction) => Promise<Result>): Promise<Result> => {
    const transaction = await engine.begin("read");
    try {
      return await work(transaction);
    } finally {
      await transaction.rollback();
    }
  };
  const countIn = (projectId: string, prefixOf: (project: number) => Uint8Array): Promise<number> =>
    read(async (transaction) => {
      const bytes = await transaction.get(new Uint8Array([...KEYS.projects, ...namedPart(projectId, hash)]));
      const projects = bytes === undefined ? [] : readJson("projects", bytes, projectList);
      const project = projects.find(([id]) => id === projectId)?.[1].internalNumber;
      if (project === undefined) return 0;
      const from = prefixOf(project);
      return (await transaction.range({ from, to: endOf(from), reverse: false, limit: 1_000_000 })).length;
    });
  return {
    countIssues: (projectId) => countIn(projectId, (project) => KEYS.issuesByNumber(project)),
    countEvents: (projectId) => countIn(projectId, KEYS.events),
    titleOf: (issueId) =>
      read(async (transaction) => {
        const bytes = await transaction.get(KEYS.issue(requireIdPart(issueId)));
        return bytes && readJson("an issue", bytes, titledIssue).details.title;
      }),
  };
}

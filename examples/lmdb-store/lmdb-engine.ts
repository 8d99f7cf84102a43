import type { KeyRange, KeyValueEngine, KeyValueEntry, KeyValueTransaction } from "issue-lifecycle/kv";
import { ABORT, open, type RangeOptions, type RootDatabase } from "lmdb";

/** An engine on a file of LMDB. */
export interface LmdbEngine extends KeyValueEngine {
  /** Closes the file. Close the stores on the engine first. */
  close(): Promise<void>;
}

type Database = RootDatabase<Uint8Array, Uint8Array>;

/**
 * Opens a file of LMDB, or creates it. Open each file once in a process: all its stores share one engine.
 *
 * Several processes may use one file. LMDB has one writer at a time, in all of them together: a process that begins a transaction
 * while another one writes **blocks its thread** until that one has committed, some milliseconds later. Reads never wait.
 */
export function openLmdbEngine(path: string): LmdbEngine {
  // Without overlapping, a commit returns when the file is on the disk.
  const database: Database = open({ path, keyEncoding: "binary", encoding: "binary", overlappingSync: false });
  return {
    // Each transaction for reading has a snapshot of its own.
    concurrent: "reads",
    begin: (mode) => (mode === "read" ? beginRead(database) : beginWrite(database)),
    close: () => database.close(),
  };
}

function beginRead(database: Database): KeyValueTransaction {
  const transaction = database.useReadTransaction();
  const refuse = (): never => {
    throw new Error("A transaction for reading writes nothing.");
  };
  const done = (): void => {
    transaction.done();
  };
  return {
    // Not by `get`: while this process also writes, that reads the transaction for writing.
    get: (key) => entriesIn(database, { start: key, end: key, inclusiveEnd: true, transaction })[0]?.[1],
    range: (range) => entriesIn(database, { ...optionsOf(range), transaction }),
    put: refuse,
    remove: refuse,
    commit: done,
    rollback: done,
  };
}

function beginWrite(database: Database): KeyValueTransaction {
  const end = Promise.withResolvers<unknown>();
  // The transaction stays open until this promise is fulfilled. All calls of the database without another transaction are in it.
  const ended = database.transactionSync(() => end.promise);
  return {
    get(key) {
      const value = database.get(key);
      return value && new Uint8Array(value);
    },
    range: (range) => entriesIn(database, optionsOf(range)),
    put(key, value) {
      database.putSync(key, value);
    },
    remove(key) {
      database.removeSync(key);
    },
    async commit() {
      end.resolve(undefined);
      await ended;
    },
    async rollback() {
      end.resolve(ABORT);
      // A commit may have failed before: that is known.
      await ended.catch(() => undefined);
    },
  };
}

/** The entries of a range. Copies what LMDB uses again. */
function entriesIn(database: Database, options: RangeOptions): KeyValueEntry[] {
  return Array.from(database.getRange(options), ({ key, value }) => [new Uint8Array(key), new Uint8Array(value)]);
}

/** LMDB begins with the upper bound if it goes backwards. */
function optionsOf({ from, to, reverse, limit }: KeyRange): RangeOptions {
  if (!reverse) return { start: from, end: to, limit };
  return { start: to, exclusiveStart: true, end: from, inclusiveEnd: true, reverse, limit };
}

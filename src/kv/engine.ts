import { callback, looseObject, oneOf, withDefault } from "../core/shape.ts";

/** A key and its value. */
export type KeyValueEntry = readonly [key: Uint8Array, value: Uint8Array];

/** Which entries to read. */
export interface KeyRange {
  /** The first key that may be returned. */
  readonly from: Uint8Array;
  /** The first key after the range: it is not returned. */
  readonly to: Uint8Array;
  /** Whether the greatest key comes first. */
  readonly reverse: boolean;
  /** The most entries to return: 1 to 2^31 - 1. */
  readonly limit: number;
}

/** The reads of a transaction. */
export interface KeyValueReader {
  /** The value of a key, or `undefined` if it has none. */
  get(key: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined>;

  /**
   * The entries of a range in the order of their keys. MUST return all of them, or the first `limit` in the requested direction if
   * there are more.
   */
  range(range: KeyRange): readonly KeyValueEntry[] | Promise<readonly KeyValueEntry[]>;
}

/**
 * A transaction of an engine. The store ends each by one call of `commit` or `rollback`, and calls nothing after that, except for
 * `rollback` after a `commit` that failed. A transaction that was begun for reading is committed too.
 */
export interface KeyValueTransaction extends KeyValueReader {
  /** Saves a value, in place of the one that the key may have. Never called in a transaction for reading. */
  put(key: Uint8Array, value: Uint8Array): void | Promise<void>;

  /** Removes a key, if it has a value. Never called in a transaction for reading. */
  remove(key: Uint8Array): void | Promise<void>;

  /**
   * Makes all writes visible at once. When it returns, or its promise is fulfilled, they MUST be as durable as the engine can make
   * them. When it fails, none of them may be visible.
   */
  commit(): void | Promise<void>;

  /** Discards all writes. MUST accept a transaction whose `commit` has failed. */
  rollback(): void | Promise<void>;
}

/**
 * An ordered key-value store with transactions, such as LMDB, a table of two columns, or a sorted map. These MUSTs hold:
 *
 * - Keys are 1 to {@link MAX_KEY_BYTES} bytes. They MUST be ordered as unsigned bytes; a key that another one begins with comes
 *   before it. Values are any bytes, the empty value included; events with much data make values of some megabytes.
 * - Transactions MUST be serializable: the result of those that commit is that of running them one after the other. All reads
 *   of one transaction MUST see the same state.
 * - Reads, those of ranges included, MUST see the transaction's own writes.
 * - Bytes that an engine returns MUST NOT change later: it copies what it uses again. The store does not change bytes that it gives
 *   or gets.
 * - Every method may return its result or a promise of it. The store calls one method of a transaction after the other, if
 *   the host does so with the store's.
 * - An engine reports that the same work may succeed later by an `IssueLifecycleError` with the code `store-busy` or
 *   `store-conflict`, from `begin`, any method of a transaction, or `commit`. The store then rolls back and runs the work again: up
 *   to {@link MAX_ATTEMPTS} times in all, after random pauses that grow to 250 ms. Then it passes the error on. It passes other
 *   `IssueLifecycleError`s on at once. Any other error becomes a `store-failed` with this error as its `cause`.
 * - The store owns all keys of the engine. An engine that shares its database with other data adds a prefix to each key.
 */
export interface KeyValueEngine {
  /**
   * Begins a transaction. The store never begins a second one of the same engine object while one is open, unless `concurrent`
   * allows it.
   *
   * @param mode - `"read"` if nothing will be written
   */
  begin(mode: "read" | "write"): KeyValueTransaction | Promise<KeyValueTransaction>;

  /**
   * Which transactions may be open at the same time. Default `"none"`: those of all stores on this engine object take turns.
   *
   * - `"reads"`: transactions for reading, beside each other and beside one for writing. Each MUST read its own snapshot. Reads
   *   do not wait for turns then.
   * - `"all"`: all transactions. Those that conflict MUST wait for each other, or fail with `store-conflict`.
   */
  readonly concurrent?: "none" | "reads" | "all";
}

/** The longest key, in bytes. */
export const MAX_KEY_BYTES = 500;

/** The greatest {@link KeyRange.limit}: what a 32-bit integer holds. */
export const MAX_RANGE_LIMIT: number = 2 ** 31 - 1;

/** How often the store runs work at most while the engine is busy or reports conflicts. */
export const MAX_ATTEMPTS = 12;

/** The shape of an engine. It may be an object of a class, so it may have other members. */
export const engineShape = looseObject({
  begin: callback(),
  concurrent: withDefault(oneOf(["none", "reads", "all"]), "none"),
});

/** The shape of a transaction, which may have other members too. */
export const transactionShape = looseObject({
  get: callback(),
  range: callback(),
  put: callback(),
  remove: callback(),
  commit: callback(),
  rollback: callback(),
});

import { callback, looseObject } from "../core/shape.ts";
import { compareBytes, keyAfter } from "./bytes.ts";
import { SortedMap } from "./sorted-map.ts";
import {
  MAX_RANGE_LIMIT,
  type KeyRange,
  type KeyValueEngine,
  type KeyValueEntry,
  type KeyValueReader,
  type KeyValueTransaction,
} from "./engine.ts";

/** A change of one key. */
export interface KeyChange {
  readonly key: Uint8Array;
  /** The new value; `undefined` removes the key. */
  readonly value: Uint8Array | undefined;
}

/**
 * An ordered key-value store that has no transactions, but writes several changes at once: LevelDB, or a sorted map. Nothing else
 * may write to it while a transaction is open, so it belongs to one process and one engine object.
 */
export interface BatchStorage extends KeyValueReader {
  /** Makes all changes, which are in the order of their keys, or none of them. MUST have the durability that `KeyValueTransaction.commit` asks for. */
  write(batch: readonly KeyChange[]): void | Promise<void>;
}

const storageShape = looseObject({ get: callback(), range: callback(), write: callback() });

/**
 * Makes an engine of a storage without transactions: it collects the writes of a transaction, overlays reads with them, and hands
 * them over at the commit. Transactions take turns. Make one engine for a storage: two know nothing of each other.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a storage without the required members
 */
export function createBatchEngine(storage: BatchStorage): KeyValueEngine {
  storageShape("storage", storage);
  // Turns belong to the storage, so that they are kept where the engine is copied.
  let lastEnd = Promise.resolve();
  return {
    concurrent: "all",
    async begin() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const before = lastEnd;
      lastEnd = before.then(() => promise);
      await before;
      return new BatchTransaction(storage, () => {
        resolve(undefined);
      });
    },
  };
}

/** A change of a key; no value removes it. */
type Change = Pick<KeyChange, "value">;

class BatchTransaction implements KeyValueTransaction {
  readonly #storage: BatchStorage;
  readonly #onEnd: () => void;
  #changes = new SortedMap<Change>();

  /** @param onEnd - is called when it has ended */
  constructor(storage: BatchStorage, onEnd: () => void) {
    this.#storage = storage;
    this.#onEnd = onEnd;
  }

  get(key: Uint8Array): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const change = this.#changes.get(key);
    return change === undefined ? this.#storage.get(key) : change.value;
  }

  async range({ from, to, reverse, limit }: KeyRange): Promise<readonly KeyValueEntry[]> {
    const merged: KeyValueEntry[] = [];
    let part = { from, to, reverse };
    // Where many keys were removed, the parts grow.
    for (let wanted = limit; ; wanted = Math.min(2 * wanted, MAX_RANGE_LIMIT)) {
      const stored = await this.#storage.range({ ...part, limit: wanted });
      const last = stored.length < wanted ? undefined : stored.at(-1)?.[0];
      const [read, rest] = split(part, last);
      for (const entry of this.#overlay(stored, read)) {
        merged.push(entry);
        if (merged.length === limit) return merged;
      }
      if (last === undefined) return merged;
      part = rest;
    }
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#changes.set(key, { value });
  }

  remove(key: Uint8Array): void {
    this.#changes.set(key, { value: undefined });
  }

  async commit(): Promise<void> {
    const all = { from: new Uint8Array(), to: AFTER_ALL_KEYS, reverse: false };
    const batch = Array.from(this.#changes.range(all), ({ key, value: { value } }) => ({ key, value }));
    try {
      if (batch.length > 0) await this.#storage.write(batch);
    } finally {
      this.#onEnd();
    }
  }

  rollback(): void {
    this.#changes = new SortedMap();
    this.#onEnd();
  }

  /** Stored entries with the changes in their range. */
  *#overlay(stored: readonly KeyValueEntry[], range: Omit<KeyRange, "limit">): Generator<KeyValueEntry> {
    const sign = range.reverse ? -1 : 1;
    let place = 0;
    for (const { key, value: change } of this.#changes.range(range)) {
      for (let entry = stored[place]; entry !== undefined; entry = stored[++place]) {
        const distance = sign * compareBytes(entry[0], key);
        if (distance < 0) yield entry;
        else if (distance > 0) break;
      }
      if (change.value !== undefined) yield [key, change.value];
    }
    yield* stored.slice(place);
  }
}

/** A range up to and with the last key that was read of it, and what is left; all of it, if it was read to its end. */
function split<Range extends Omit<KeyRange, "limit">>(range: Range, last: Uint8Array | undefined): [Range, Range] {
  if (last === undefined) return [range, range];
  const middle = range.reverse ? last : keyAfter(last);
  const [lower, upper] = [
    { ...range, to: middle },
    { ...range, from: middle },
  ];
  return range.reverse ? [upper, lower] : [lower, upper];
}

/** No key of the store begins with this byte. */
const AFTER_ALL_KEYS = Uint8Array.of(0xff);

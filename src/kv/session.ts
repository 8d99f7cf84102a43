import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, requireArray, requireBytes } from "../core/input.ts";
import { compareBytes, endOf, hexOf, keyAfter } from "./bytes.ts";
import { MAX_RANGE_LIMIT, type KeyRange, type KeyValueEntry, type KeyValueTransaction } from "./engine.ts";

/** The most entries that a scan reads at once. */
const CHUNK = 200;

/** The bounds of a range. */
export type KeyBounds = Pick<KeyRange, "from" | "to">;

/** The range of all keys that begin with a prefix. */
export function within(prefix: Uint8Array): KeyBounds {
  return { from: prefix, to: endOf(prefix) };
}

/** How to read a range. */
interface ScanOptions {
  /** Default: the smallest key comes first. */
  readonly reverse?: boolean;
  /** How many entries the caller expects to need, so that no more are read at first. Default: many. */
  readonly expected?: number;
}

/** Calls an engine's transaction, checks what it returns, and reports its errors as this library's. */
export class Session {
  readonly #transaction: KeyValueTransaction;
  #failure: IssueLifecycleError | undefined;
  #ended = false;

  constructor(transaction: KeyValueTransaction) {
    this.#transaction = transaction;
  }

  /** The first error of the engine in this transaction. */
  get failure(): IssueLifecycleError | undefined {
    return this.#failure;
  }

  /** The value of a key. */
  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#requireOpen();
    try {
      const value: unknown = await this.#transaction.get(key);
      return value === undefined ? undefined : plainBytes("engine.get()", value);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** The first entries of a range, at most `limit`. */
  async range({ from, to }: KeyBounds, limit: number, reverse = false): Promise<readonly KeyValueEntry[]> {
    this.#requireOpen();
    try {
      const most = Math.min(limit, MAX_RANGE_LIMIT);
      const request = { from, to, reverse, limit: most };
      return requireEntries(await this.#transaction.range(request), request);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** The entries of a range, read in parts. Entries that are written or removed meanwhile may be missing or not. */
  async *scan(
    { from, to }: KeyBounds,
    { reverse = false, expected = CHUNK }: ScanOptions = {},
  ): AsyncGenerator<KeyValueEntry> {
    let bounds = { from, to };
    for (let limit = Math.max(1, Math.min(expected, CHUNK)); ; limit = CHUNK) {
      const entries = await this.range(bounds, limit, reverse);
      yield* entries;
      const last = entries.at(-1);
      if (last === undefined || entries.length < limit) return;
      bounds = reverse ? { from, to: last[0] } : { from: keyAfter(last[0]), to };
    }
  }

  /** Saves a value. */
  async put(key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#requireOpen();
    try {
      await this.#transaction.put(key, value);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Removes a key. */
  async remove(key: Uint8Array): Promise<void> {
    this.#requireOpen();
    try {
      await this.#transaction.remove(key);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Removes all keys of a range. */
  async removeAll(bounds: KeyBounds): Promise<void> {
    for await (const [key] of this.scan(bounds)) await this.remove(key);
  }

  /** Removes the first keys with some prefixes, at most `limit`. Returns how many there were. */
  async removeSome(prefixes: readonly Uint8Array[], limit: number): Promise<number> {
    let removed = 0;
    for (const prefix of prefixes) {
      while (removed < limit) {
        const entries = await this.range(within(prefix), limit - removed);
        for (const [key] of entries) await this.remove(key);
        removed += entries.length;
        if (entries.length === 0) break;
      }
    }
    return removed;
  }

  /** Commits. */
  async commit(): Promise<void> {
    this.#ended = true;
    try {
      await this.#transaction.commit();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Rolls back. */
  async rollback(): Promise<void> {
    this.#ended = true;
    await this.#transaction.rollback();
  }

  /** What is called too late could write into the next transaction. */
  #requireOpen(): void {
    if (!this.#ended) return;
    throw new IssueLifecycleError("transaction-ended", "The transaction had ended before this call. Await every call.");
  }

  #fail(error: unknown): IssueLifecycleError {
    const failure = engineFailure(error);
    this.#failure ??= failure;
    return failure;
  }
}

/** The entries that an engine returned. With keys that are out of order or range a scan might never end. */
function requireEntries(value: unknown, { from, to, reverse, limit }: KeyRange): readonly KeyValueEntry[] {
  const sign = reverse ? -1 : 1;
  let previous: Uint8Array | undefined;
  return requireArray("engine.range()", value, 0, limit).map((entry, index) => {
    const field = `engine.range()[${String(index)}]`;
    const [given, bytes] = requireArray(field, entry, 2, 2);
    const key = plainBytes(`${field}[0]`, given);
    if (compareBytes(key, from) < 0 || compareBytes(key, to) >= 0) {
      throw invalidInput(`${field}[0]`, hexOf(key), `a key from ${hexOf(from)} on, before ${hexOf(to)}`);
    }
    if (previous !== undefined && sign * compareBytes(key, previous) <= 0) {
      const place = reverse ? "before" : "after";
      throw invalidInput(`${field}[0]`, hexOf(key), `a key ${place} the previous one, ${hexOf(previous)}`);
    }
    previous = key;
    return [key, plainBytes(`${field}[1]`, bytes)];
  });
}

/** Bytes that an engine returned. A `Buffer` becomes what it is made of: its methods differ from those of other arrays of bytes. */
function plainBytes(field: string, value: unknown): Uint8Array {
  const { buffer, byteOffset, byteLength } = requireBytes(field, value);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** An engine's error as this library's. What an engine returns wrongly is its failure, not the caller's invalid input. */
export function engineFailure(cause: unknown): IssueLifecycleError {
  if (IssueLifecycleError.is(cause) && cause.code !== "invalid-input") return cause;
  const reason = cause instanceof Error ? cause.message : "for an unknown reason";
  return new IssueLifecycleError("store-failed", `The key-value engine failed: ${reason}`, { cause });
}

import { compareBytes } from "./bytes.ts";
import type { KeyRange } from "./engine.ts";

/** A key with a value. */
interface Entry<Value> {
  readonly key: Uint8Array;
  readonly value: Value;
}

/** The most entries of a block: so many move at most when one is added. */
const MAX_BLOCK = 512;

/** A map whose keys are in the order of their bytes: a list of short sorted blocks. */
export class SortedMap<Value> {
  /** No block is empty. */
  readonly #blocks: Entry<Value>[][] = [];

  /** The value of a key. */
  get(key: Uint8Array): Value | undefined {
    return this.#find(key).entry?.value;
  }

  /** Saves a value. */
  set(key: Uint8Array, value: Value): void {
    const { block, index, entry } = this.#find(key);
    const entries = this.#blocks[block];
    if (entries === undefined) {
      this.#blocks.push([{ key, value }]);
      return;
    }
    entries.splice(index, entry === undefined ? 0 : 1, { key, value });
    if (entries.length > MAX_BLOCK) this.#blocks.splice(block + 1, 0, entries.splice(MAX_BLOCK / 2));
  }

  /** Removes a key. */
  delete(key: Uint8Array): void {
    const { block, index, entry } = this.#find(key);
    const entries = this.#blocks[block];
    if (entries === undefined || entry === undefined) return;
    entries.splice(index, 1);
    if (entries.length === 0) this.#blocks.splice(block, 1);
  }

  /** The entries of a range, in the order of their keys or the reverse. The map must not change meanwhile. */
  *range({ from, to, reverse }: Omit<KeyRange, "limit">): Generator<Entry<Value>> {
    const [first, end] = [this.#find(from), this.#find(to)];
    const blocks = this.#blocks.slice(first.block, end.block + 1);
    for (const [place, block] of reverse ? [...blocks.entries()].reverse() : blocks.entries()) {
      const low = place === 0 ? first.index : 0;
      const high = place === blocks.length - 1 ? end.index : block.length;
      for (let index = 0; index < high - low; index++) {
        const entry = block[reverse ? high - 1 - index : low + index];
        if (entry !== undefined) yield entry;
      }
    }
  }

  /** The place of a key: that of the first entry that is not before it, or behind the last one. And its entry, if it has one. */
  #find(key: Uint8Array): Place<Value> {
    const last = Math.max(0, this.#blocks.length - 1);
    const block = firstWhere(last, (place) => !isBefore(this.#blocks[place]?.at(-1), key));
    const entries = this.#blocks[block] ?? [];
    const index = firstWhere(entries.length, (place) => !isBefore(entries[place], key));
    const entry = entries[index];
    return { block, index, entry: entry !== undefined && compareBytes(entry.key, key) === 0 ? entry : undefined };
  }
}

/** Where a key is, or would be. */
interface Place<Value> {
  readonly block: number;
  readonly index: number;
  readonly entry: Entry<Value> | undefined;
}

function isBefore(entry: Entry<unknown> | undefined, key: Uint8Array): boolean {
  return entry !== undefined && compareBytes(entry.key, key) < 0;
}

/** Binary search: the first place of a test that all later places pass. */
function firstWhere(length: number, passes: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

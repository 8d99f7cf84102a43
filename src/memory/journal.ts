import type { WaitingList } from "./waiting-list.ts";

/** Remembers how to take back what a transaction did. */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** Sets a map's entry. */
  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const before = map.get(key);
    if (before === undefined) this.#undo.push(() => map.delete(key));
    else this.#undo.push(() => map.set(key, before));
    map.set(key, value);
  }

  /** Removes a map's entry, if it is there. */
  delete<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key);
    if (before === undefined) return;
    this.#undo.push(() => map.set(key, before));
    map.delete(key);
  }

  /** Lets an issue wait at a place in a list, or no longer. */
  putWaiting(list: WaitingList, id: string, place: number | undefined): void {
    const before = list.placeOf(id);
    if (before === place) return;
    this.#undo.push(() => {
      list.put(id, before);
    });
    list.put(id, place);
  }

  /** Appends to an array. */
  push<Value>(array: Value[], value: Value): void {
    this.#undo.push(() => array.pop());
    array.push(value);
  }

  /** Puts a value into a sorted array, in place of the one with the same key or in between. */
  putSorted<Value>(array: Value[], value: Value, keyOf: (value: Value) => SortKey): void {
    const place = firstNotBefore(array, keyOf(value), keyOf);
    const before = array[place];
    if (before !== undefined && keyOf(before) === keyOf(value)) {
      this.#undo.push(() => array.splice(place, 1, before));
      array.splice(place, 1, value);
    } else {
      this.#undo.push(() => array.splice(place, 1));
      array.splice(place, 0, value);
    }
  }

  /** Keeps only the values of an array that pass a test: one pass, however many go. */
  retain<Value>(array: Value[], passes: (value: Value) => boolean): void {
    const before = array.slice();
    this.#undo.push(() => {
      replaceAll(array, before);
    });
    replaceAll(array, before.filter(passes));
  }

  /** Takes the value with a key out of a sorted array. */
  removeSorted<Value, Key extends SortKey>(array: Value[], key: Key, keyOf: (value: Value) => Key): void {
    const place = firstNotBefore(array, key, keyOf);
    const before = array[place];
    if (before === undefined || keyOf(before) !== key) return;
    this.#undo.push(() => array.splice(place, 0, before));
    array.splice(place, 1);
  }

  /** Takes back everything, last first. */
  rollBack(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) undo();
  }
}

function replaceAll<Value>(array: Value[], values: readonly Value[]): void {
  array.length = 0;
  for (const value of values) array.push(value);
}

/** What sorted arrays are sorted by. */
type SortKey = string | number;

/** The place of the first value whose key is not before the one given. */
export function firstNotBefore<Value, Key extends SortKey>(
  array: readonly Value[],
  key: Key,
  keyOf: (value: Value) => Key,
): number {
  let low = 0;
  let high = array.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = array[middle];
    if (value !== undefined && keyOf(value) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { DueQueue } from "./due-queue.ts";
import type { NumberedIssues } from "./numbered-issues.ts";

/** Changes tables and records how to undo each change. */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** Sets a map's entry. */
  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    const before = map.get(key);
    if (before === undefined) this.#undo.push(() => map.delete(key));
    else this.#undo.push(() => map.set(key, before));
    map.set(key, value);
  }

  /** Deletes a map's entry, if there is one. */
  delete<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key);
    if (before === undefined) return;
    this.#undo.push(() => map.set(key, before));
    map.delete(key);
  }

  /** Puts an id at a place in a queue; `undefined` removes it. */
  enqueue(queue: DueQueue, id: string, place: number | undefined): void {
    const before = queue.placeOf(id);
    if (before === place) return;
    this.#undo.push(() => {
      queue.put(id, before);
    });
    queue.put(id, place);
  }

  /** Sets the id of an issue's number; `undefined` removes it. */
  number(issues: NumberedIssues, number: number, id: string | undefined): void {
    const before = issues.get(number);
    if (before === id) return;
    this.#undo.push(() => {
      issues.put(number, before);
    });
    issues.put(number, id);
  }

  /** Appends to an array. */
  push<Value>(array: Value[], value: Value): void {
    this.#undo.push(() => array.pop());
    array.push(value);
  }

  /** Inserts a value into a sorted array, or replaces the one with the same key. */
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

  /** Removes the value with a key from a sorted array, if there is one. */
  removeSorted<Value, Key extends SortKey>(array: Value[], key: Key, keyOf: (value: Value) => Key): void {
    const place = firstNotBefore(array, key, keyOf);
    const before = array[place];
    if (before === undefined || keyOf(before) !== key) return;
    this.#undo.push(() => array.splice(place, 0, before));
    array.splice(place, 1);
  }

  /** Undoes all changes, last first. */
  rollBack(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) undo();
  }
}

/** The keys that arrays are sorted by, ascending. */
type SortKey = string | number;

/** The place of the first value of a sorted array whose key is `key` or greater. */
export function firstNotBefore<Value, Key extends SortKey>(
  array: readonly Value[],
  key: Key,
  keyOf: (value: Value) => Key,
): number {
  return firstWhere(array, (value) => keyOf(value) >= key);
}

/** The place of the first value of a sorted array whose key is greater than `key`. */
export function firstAfter<Value, Key extends SortKey>(
  array: readonly Value[],
  key: Key,
  keyOf: (value: Value) => Key,
): number {
  return firstWhere(array, (value) => keyOf(value) > key);
}

/** Binary search: all values before the place fail the test, all others pass it. */
function firstWhere<Value>(array: readonly Value[], passes: (value: Value) => boolean): number {
  let low = 0;
  let high = array.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = array[middle];
    if (value !== undefined && !passes(value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

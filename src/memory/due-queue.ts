/** An id and its place in the queue. */
interface Entry {
  readonly id: string;
  readonly place: number;
}

/**
 * A priority queue of ids: each has a place, and the lowest places come first. A binary heap, so that reading the first
 * entries costs the same however many others there are. A removed or moved entry stays in the heap until it comes first.
 */
export class DueQueue {
  /** The current entry of each id. The heap may also contain outdated entries. */
  readonly #entries = new Map<string, Entry>();
  #heap: Entry[] = [];

  get size(): number {
    return this.#entries.size;
  }

  /** The place of an id, or `undefined` if it is not in the queue. */
  placeOf(id: string): number | undefined {
    return this.#entries.get(id)?.place;
  }

  /** Adds an id at a place, or moves it there; `undefined` removes it. */
  put(id: string, place: number | undefined): void {
    if (place === undefined) {
      this.#entries.delete(id);
      return;
    }
    const entry = { id, place };
    this.#entries.set(id, entry);
    this.#push(entry);
    if (this.#heap.length > 2 * this.#entries.size + 100) this.#removeOutdated();
  }

  /** The first ids with places up to `upTo`, at most `limit`; equal places by id. */
  first(limit: number, upTo: number): string[] {
    const found: Entry[] = [];
    while (found.length < limit) {
      const [entry] = this.#heap;
      if (entry === undefined || (this.#isCurrent(entry) && entry.place > upTo)) break;
      this.#pop();
      if (this.#isCurrent(entry)) found.push(entry);
    }
    for (const entry of found) this.#push(entry);
    return found.map(({ id }) => id);
  }

  #isCurrent(entry: Entry): boolean {
    return this.#entries.get(entry.id) === entry;
  }

  /** A sorted array is a heap. */
  #removeOutdated(): void {
    this.#heap = [...this.#entries.values()].sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >>> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  /** Removes the first entry. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[place] = child;
      place = child === left ? 2 * place + 1 : 2 * place + 2;
    }
    heap[place] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.place < other.place || (one.place === other.place && one.id < other.id);
}

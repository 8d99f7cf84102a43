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
    } else {
      const entry = { id, place };
      this.#entries.set(id, entry);
      this.#push(entry);
    }
    if (this.#heap.length > 2 * this.#entries.size + 100) this.removeOutdated();
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

  /** Drops removed entries. Makes a heap of the current ones, from its lowest level up: sorting them would take ten times as long. */
  removeOutdated(): void {
    this.#heap = [...this.#entries.values()];
    for (let place = (this.#heap.length >>> 1) - 1; place >= 0; place--) {
      const entry = this.#heap[place];
      if (entry !== undefined) this.#sink(entry, place);
    }
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
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last, 0);
  }

  /** Puts an entry at a place, or below it, where the lower entries of each pair are above. */
  #sink(entry: Entry, from: number): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) break;
      heap[place] = child;
      place = child === left ? 2 * place + 1 : 2 * place + 2;
    }
    heap[place] = entry;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.place < other.place || (one.place === other.place && one.id < other.id);
}

/** An id at its place in a list. */
interface Entry {
  readonly id: string;
  readonly place: number;
}

/**
 * Things that wait for something, each with a number that says whose turn comes first. Whoever asks for the first ones pays for
 * those only, however many others wait: the list is a heap. What was taken off is dropped from it when its turn comes.
 */
export class WaitingList {
  /** What waits, each with the entry that counts: entries of former places may be left in the heap. */
  readonly #entries = new Map<string, Entry>();
  #heap: Entry[] = [];

  /** How many wait. */
  get size(): number {
    return this.#entries.size;
  }

  /** The place of an id, or `undefined` if it does not wait. */
  placeOf(id: string): number | undefined {
    return this.#entries.get(id)?.place;
  }

  /** Lets an id wait at a place, or no longer. */
  put(id: string, place: number | undefined): void {
    if (place === undefined) {
      this.#entries.delete(id);
      return;
    }
    const entry = { id, place };
    this.#entries.set(id, entry);
    this.#push(entry);
    if (this.#heap.length > 2 * this.#entries.size + 100) this.#forgetFormerPlaces();
  }

  /** The first ids, at most `limit`, with places not above `upTo`; equals by id. */
  first(limit: number, upTo: number): string[] {
    const found: Entry[] = [];
    while (found.length < limit) {
      const [entry] = this.#heap;
      if (entry === undefined || (this.#counts(entry) && entry.place > upTo)) break;
      this.#pop();
      if (this.#counts(entry)) found.push(entry);
    }
    for (const entry of found) this.#push(entry);
    return found.map(({ id }) => id);
  }

  #counts(entry: Entry): boolean {
    return this.#entries.get(entry.id) === entry;
  }

  /** An array in order is a heap too. */
  #forgetFormerPlaces(): void {
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

  /** Takes the first entry off. */
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

/**
 * Issues that wait for something, each with a number that says whose turn comes first. Made for being drained from its
 * beginning: it is put in order when it is read after something was added, and what is taken off is passed over.
 */
export class WaitingList {
  readonly #places = new Map<string, number>();
  /** The ids in order, from `#start` on; some may be gone. Absent when it has to be put in order. */
  #order: string[] | undefined;
  #start = 0;

  /** An issue's place, or `undefined` if it does not wait. */
  placeOf(id: string): number | undefined {
    return this.#places.get(id);
  }

  /** Lets an issue wait at a place, or no longer. */
  put(id: string, place: number | undefined): void {
    if (place === undefined) {
      this.#places.delete(id);
    } else {
      this.#places.set(id, place);
      this.#order = undefined;
    }
  }

  /** The first ids, at most `limit`, with places not above `upTo`; equals by id. */
  first(limit: number, upTo: number): string[] {
    const order = (this.#order ??= this.#sorted());
    const found: string[] = [];
    for (let index = this.#start; index < order.length && found.length < limit; index++) {
      const id = order[index] ?? "";
      const place = this.#places.get(id);
      if (place !== undefined && place <= upTo) found.push(id);
      else if (place !== undefined) break;
      else if (index === this.#start) this.#start++;
    }
    return found;
  }

  #sorted(): string[] {
    this.#start = 0;
    return Array.from(this.#places)
      .sort(([id, place], [otherId, otherPlace]) => place - otherPlace || (id < otherId ? -1 : 1))
      .map(([id]) => id);
  }
}

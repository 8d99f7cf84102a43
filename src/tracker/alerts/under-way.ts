/** Deliveries that are under way, and what went wrong with those that have ended. */
export class UnderWay {
  /** What went wrong, in the order in which it did. */
  readonly errors: unknown[] = [];
  readonly #pending = new Set<Promise<void>>();

  /** How many there are. */
  get size(): number {
    return this.#pending.size;
  }

  /** Whether anything went wrong. */
  get hasFailed(): boolean {
    return this.errors.length > 0;
  }

  /** Adds one. It never goes unheard, even if it fails before anybody waits. */
  add(delivery: Promise<void>): void {
    const ended = delivery
      .catch((error: unknown) => {
        this.errors.push(error);
      })
      .finally(() => this.#pending.delete(ended));
    this.#pending.add(ended);
  }

  /** Waits until one has ended, or for something else. */
  async nextOr(other: Promise<unknown>): Promise<void> {
    await Promise.race([...this.#pending, other]);
  }

  /** Waits for all of them. */
  async end(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}

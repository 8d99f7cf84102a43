/** Deliveries that are under way. */
export class UnderWay {
  readonly #pending = new Set<Promise<void>>();
  #next = Promise.withResolvers<undefined>();

  /** How many there are. */
  get size(): number {
    return this.#pending.size;
  }

  /** Adds one, which does not fail. */
  add(delivery: Promise<void>): void {
    this.#pending.add(delivery);
    void delivery.finally(() => {
      this.#pending.delete(delivery);
      this.wake();
    });
  }

  /** Waits until one has ended, or somebody is to be woken. */
  async next(): Promise<void> {
    await this.#next.promise;
  }

  /** Wakes those who wait for the next one. */
  wake(): void {
    this.#next.resolve(undefined);
    this.#next = Promise.withResolvers();
  }

  /** Waits for all of them. */
  async all(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}

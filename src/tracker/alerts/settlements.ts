import type { AlertSettlement } from "../../ports/alert-outbox.ts";
import type { IssueStore } from "../../ports/issue-store.ts";

/** Notes what came of deliveries. What ends while a transaction is under way is noted together in the next one. */
export class Settlements {
  readonly #store: IssueStore;
  #waiting: AlertSettlement[] = [];
  #next: Promise<ReadonlySet<string>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: IssueStore) {
    this.#store = store;
  }

  /**
   * Notes some.
   *
   * @returns ids of alerts that were settled: of these, those that were still held
   */
  settle(settlements: readonly AlertSettlement[]): Promise<ReadonlySet<string>> {
    this.#waiting.push(...settlements);
    this.#next ??= this.#settleNext();
    return this.#next;
  }

  #settleNext(): Promise<ReadonlySet<string>> {
    const next = this.#last.then(async () => {
      const settlements = this.#waiting;
      this.#waiting = [];
      this.#next = undefined;
      return new Set(await this.#store.transaction((transaction) => transaction.settleAlerts(settlements)));
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

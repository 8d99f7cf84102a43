import type { AlertLease, AlertSettlement, ClaimedAlert } from "../ports/alert-outbox.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { AlertResult } from "./retry.ts";

/**
 * The alerts that a dispatcher is delivering, each with the lease that holds it. An alert may be claimed again by its own
 * dispatcher (after the clock jumped, its lease may be over by the clock alone): then the new lease holds it.
 */
export class HeldAlerts {
  readonly #store: IssueStore;
  readonly #leases = new Map<string, AlertLease>();
  readonly #claims = new Set<Promise<unknown>>();
  #queue: AlertSettlement[] = [];
  #next: Promise<ReadonlySet<string>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: IssueStore) {
    this.#store = store;
  }

  add(alerts: readonly ClaimedAlert[], lease: AlertLease): void {
    for (const { alert } of alerts) this.#leases.set(alert.id, lease);
  }

  remove(alerts: readonly ClaimedAlert[]): void {
    for (const { alert } of alerts) this.#leases.delete(alert.id);
  }

  has(alertId: string): boolean {
    return this.#leases.has(alertId);
  }

  /** Runs a claim, which ends by holding what it has claimed. */
  async whileClaiming<Result>(claim: () => Promise<Result>): Promise<Result> {
    const claiming = claim();
    const ended = claiming.catch(() => undefined);
    this.#claims.add(ended);
    try {
      return await claiming;
    } finally {
      this.#claims.delete(ended);
    }
  }

  /**
   * Holds alerts under a new lease.
   *
   * @returns the alerts that are no longer held: their delivery has ended since they were claimed again
   */
  renew(alerts: readonly ClaimedAlert[], lease: AlertLease): readonly ClaimedAlert[] {
    const held = alerts.filter(({ alert }) => this.has(alert.id));
    this.add(held, lease);
    return alerts.filter(({ alert }) => !this.has(alert.id));
  }

  /**
   * Stores the results of a delivery.
   *
   * @returns the results that were stored; not those of alerts that another dispatcher holds, or that a person moved
   */
  async settle(results: readonly AlertResult[]): Promise<readonly AlertResult[]> {
    const settlements = results.flatMap((result): AlertSettlement[] => {
      const lease = this.#leases.get(result.id);
      return lease === undefined ? [] : [{ ...result, lease }];
    });
    const settled = await this.#write(settlements);
    // A claim in flight may hold them under a new lease.
    if (settled.size < settlements.length) await Promise.all(this.#claims);
    const renewed = settlements.filter(({ id, lease }) => !settled.has(id) && this.#leases.get(id) !== lease);
    const stored = settlements.filter(({ id }) => settled.has(id));
    return renewed.length === 0 ? stored : [...stored, ...(await this.settle(renewed))];
  }

  /** Makes claimed alerts due again when they were due before, as if they had not been claimed. */
  async release(alerts: readonly ClaimedAlert[], lease: AlertLease): Promise<void> {
    await this.#write(alerts.map(({ alert: { id }, dueAt }) => ({ id, lease, outcome: "released", dueAt })));
  }

  /** Settlements that arrive during a transaction are written together, in the next one. */
  #write(settlements: readonly AlertSettlement[]): Promise<ReadonlySet<string>> {
    this.#queue.push(...settlements);
    this.#next ??= this.#writeNext();
    return this.#next;
  }

  #writeNext(): Promise<ReadonlySet<string>> {
    const next = this.#last.then(async () => {
      const settlements = this.#queue;
      this.#queue = [];
      this.#next = undefined;
      return new Set(await this.#store.transaction(async ({ outbox }) => outbox?.settle(settlements) ?? []));
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

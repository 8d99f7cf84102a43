import type { AlertLease, AlertSettlement, ClaimedAlert } from "../ports/alert-outbox.ts";
import type { ClaimedNotification } from "./claim.ts";
import type { AlertResult } from "./retry.ts";

/** An alert that is being delivered, and the lease that holds it. */
interface HeldAlert {
  readonly claimed: ClaimedAlert;
  readonly lease: AlertLease;
}

/** Results of deliveries that have ended, which are stored together. */
export interface Ended {
  readonly notifications: readonly ClaimedNotification[];
  readonly settlements: readonly AlertSettlement[];
}

/**
 * The alerts that a dispatcher is delivering, each with the lease that holds it. An alert may be claimed again by its own
 * dispatcher (after the clock jumped, its lease may be over by the clock alone): then the new lease holds it.
 */
export class HeldAlerts {
  readonly #store: (ended: Ended) => Promise<ReadonlySet<string>>;
  readonly #held = new Map<string, HeldAlert>();
  readonly #claims = new Set<Promise<unknown>>();
  #queue = emptyQueue();
  #next: Promise<ReadonlySet<string>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param store - stores results in a transaction, and returns the ids of the alerts that were settled */
  constructor(store: (ended: Ended) => Promise<ReadonlySet<string>>) {
    this.#store = store;
  }

  add(alerts: readonly ClaimedAlert[], lease: AlertLease): void {
    for (const claimed of alerts) this.#held.set(claimed.alert.id, { claimed, lease });
  }

  /** Holds alerts no longer, unless they were claimed anew after they were settled. */
  remove(alerts: readonly ClaimedAlert[]): void {
    for (const claimed of alerts) {
      if (this.#held.get(claimed.alert.id)?.claimed === claimed) this.#held.delete(claimed.alert.id);
    }
  }

  has(alertId: string): boolean {
    return this.#held.has(alertId);
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
    return alerts.filter(({ alert: { id } }) => {
      const held = this.#held.get(id);
      if (held !== undefined) this.#held.set(id, { ...held, lease });
      return held === undefined;
    });
  }

  /**
   * Stores the results of a delivery.
   *
   * @returns the results that were stored; not those of alerts that another dispatcher holds, or that a person moved
   */
  async settle(notification: ClaimedNotification, results: readonly AlertResult[]): Promise<readonly AlertResult[]> {
    const settlements = results.flatMap((result): AlertSettlement[] => {
      const held = this.#held.get(result.id);
      return held === undefined ? [] : [{ ...result, lease: held.lease }];
    });
    const settled = await this.#write({ notifications: [notification], settlements });
    // A claim in flight may hold them under a new lease.
    if (settlements.some(({ id }) => !settled.has(id))) await Promise.all(this.#claims);
    const renewed = settlements.filter(({ id, lease }) => !settled.has(id) && this.#held.get(id)?.lease !== lease);
    const stored = settlements.filter(({ id }) => settled.has(id));
    return renewed.length === 0 ? stored : [...stored, ...(await this.settle(notification, renewed))];
  }

  /** Makes claimed alerts due again when they were due before, as if they had not been claimed. */
  async release(alerts: readonly ClaimedAlert[], lease: AlertLease): Promise<void> {
    const settlements = alerts.map(({ alert: { id }, dueAt }) => ({ id, lease, outcome: "released" as const, dueAt }));
    await this.#write({ notifications: [], settlements });
  }

  /** Results of deliveries that end during a transaction are stored together, in the next one. */
  #write({ notifications, settlements }: Ended): Promise<ReadonlySet<string>> {
    this.#queue.notifications.push(...notifications);
    this.#queue.settlements.push(...settlements);
    this.#next ??= this.#writeNext();
    return this.#next;
  }

  #writeNext(): Promise<ReadonlySet<string>> {
    const next = this.#last.then(() => {
      const ended = this.#queue;
      this.#queue = emptyQueue();
      this.#next = undefined;
      return this.#store(ended);
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

function emptyQueue(): { notifications: ClaimedNotification[]; settlements: AlertSettlement[] } {
  return { notifications: [], settlements: [] };
}

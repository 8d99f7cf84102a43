import type { AlertLease } from "../ports/alert-outbox.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { Instant } from "../core/instant.ts";
import type { Clock } from "../ports/clock.ts";
import { startTimeout } from "./attempt.ts";
import { claimNotifications, PROCESS_ENDED, type Claimed, type ClaimedNotification } from "./claim.ts";
import { deliverNotification, type DeliveryParts } from "./delivery.ts";
import type { DeliveryOutcome } from "./delivery-report.ts";

/** The dependencies of {@link InFlight}. */
export interface InFlightParts extends DeliveryParts {
  readonly store: IssueStore;
  readonly clock: Required<Clock>;
  readonly newId: () => string;
  /** Receives the error of one delivery; the others continue. */
  readonly onError: (error: unknown) => void;
  /** Is called when a delivery has ended. */
  readonly onEnd: () => void;
}

/** How often a dispatcher checks its clock and the tallies while it delivers without a pause, in milliseconds. */
const CHECK_MS = 1_000;

/** The deliveries of a dispatcher that are in flight, at most as many as its concurrency. */
export class InFlight {
  readonly #parts: InFlightParts;
  readonly #deliveries = new Set<Promise<void>>();
  readonly #totals = { delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 };
  #claiming = 0;
  #checkedAt: Instant | undefined;
  #change = Promise.withResolvers<undefined>();

  constructor(parts: InFlightParts) {
    this.#parts = parts;
  }

  /** The results of all deliveries so far. */
  get totals(): DeliveryOutcome {
    return { ...this.#totals };
  }

  get isEmpty(): boolean {
    return this.#deliveries.size === 0;
  }

  get isClaiming(): boolean {
    return this.#claiming > 0;
  }

  /** How many more notifications may be claimed. */
  get free(): number {
    return this.#parts.options.concurrency - this.#deliveries.size - this.#claiming;
  }

  /** Waits until a delivery or a claim has ended, or {@link InFlight.wake} is called. */
  async next(): Promise<void> {
    await this.#change.promise;
  }

  wake(): void {
    this.#change.resolve(undefined);
    this.#change = Promise.withResolvers();
  }

  /** Waits for all deliveries, and for those that begin meanwhile. */
  async all(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  /**
   * Claims as many due notifications as there is room for, and begins to deliver them.
   *
   * @param isFirst - whether it is the first claim of several that follow each other
   */
  async claim(isFirst: boolean): Promise<{ readonly anyDue: boolean; readonly deliveries: readonly Promise<void>[] }> {
    const { store, newId, options, clock, held } = this.#parts;
    const now = clock.now();
    const limit = this.free;
    const lease = { token: newId(), until: now + options.leaseMs };
    // The time of the attempts includes the transaction, like the lease.
    const timeout = startTimeout(options.leaseMs, clock);
    const isCheckDue = isFirst || this.#isCheckDue(now);
    const request = { ...options, lease, now, limit, newId, isCheckDue, isInFlight: (id: string) => held.has(id) };
    this.#claiming += limit;
    let deliveries: readonly Promise<void>[] = [];
    try {
      const claimed = await held.whileClaiming(async () => {
        const found = await store.transaction((transaction) => claimNotifications(transaction, request));
        if (isCheckDue) this.#checkedAt = found?.isCheckDue === true ? undefined : now;
        if (found !== undefined) deliveries = this.#begin(found, lease, timeout.signal);
        return found;
      });
      return { anyDue: claimed?.anyDue ?? false, deliveries };
    } finally {
      this.#claiming -= limit;
      this.wake();
      void Promise.all(deliveries).then(timeout.cancel);
    }
  }

  /** Nothing ends, and nothing is ahead, before the clock has moved. */
  #isCheckDue(now: Instant): boolean {
    const checkedAt = this.#checkedAt;
    return checkedAt === undefined || now < checkedAt || now - checkedAt >= CHECK_MS;
  }

  #begin(claimed: Claimed, lease: AlertLease, timeout: AbortSignal): readonly Promise<void>[] {
    const { held } = this.#parts;
    this.#countEnded(claimed);
    const finished = held.renew(claimed.inFlight, lease);
    const deliveries = claimed.notifications.map((notification) =>
      this.#run(() => this.#deliver(notification, lease, timeout)),
    );
    if (finished.length > 0) deliveries.push(this.#run(() => held.release(finished, lease)));
    return deliveries;
  }

  async #deliver(notification: ClaimedNotification, lease: AlertLease, timeout: AbortSignal): Promise<void> {
    for (const { outcome } of await deliverNotification(notification, lease, timeout, this.#parts)) {
      if (outcome === "done") this.#totals.delivered++;
      else if (outcome !== "released") this.#totals[outcome]++;
    }
  }

  /** Runs something as a delivery in flight. The returned promise never rejects. */
  #run(work: () => Promise<void>): Promise<void> {
    const { onError, onEnd } = this.#parts;
    const delivery = work()
      .catch(onError)
      .finally(() => {
        onEnd();
        this.#deliveries.delete(delivery);
        this.wake();
      });
    this.#deliveries.add(delivery);
    return delivery;
  }

  /** Counts and reports the alerts that the claim itself settled. */
  #countEnded({ throttled, exhausted, tooOld }: Claimed): void {
    const { report } = this.#parts;
    for (const { alert, parts } of throttled) {
      this.#totals.throttled += parts.length;
      report({ kind: "throttled", alert });
    }
    for (const { claimed, reason } of tooOld) {
      this.#totals.discarded++;
      report({ kind: "discarded", alert: claimed.alert, reason });
    }
    for (const { alert, attempts } of exhausted) {
      this.#totals.dead++;
      report({ kind: "dead", alert, attempt: attempts - 1, durationMs: 0, error: PROCESS_ENDED });
    }
  }
}

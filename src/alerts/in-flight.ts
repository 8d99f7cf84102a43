import type { AlertLease } from "../ports/alert-outbox.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import type { Instant } from "../core/instant.ts";
import type { Clock } from "../ports/clock.ts";
import { startTimeout } from "./attempt.ts";
import { claimNotifications, hasEndedAll, PROCESS_ENDED, type Claimed, type ClaimedNotification } from "./claim.ts";
import { deliverNotification, type DeliveryParts } from "./delivery.ts";
import type { DeliveryOutcome } from "./delivery-outcome.ts";
import { HeldAlerts, type Ended } from "./held-alerts.ts";

/** The dependencies of {@link InFlight}. */
export interface InFlightParts extends Omit<DeliveryParts, "held"> {
  readonly store: IssueStore;
  readonly clock: Required<Clock>;
  readonly newId: () => string;
  /** Receives the error of one delivery; the others continue. */
  readonly onError: (error: unknown) => void;
  /** Whether the dispatcher wants more, so that the transaction that stores results claims again. */
  readonly mayClaimMore: () => boolean;
}

/** How often a dispatcher checks its clock and the tallies while it delivers without a pause, in milliseconds. */
const CHECK_MS = 1_000;

const NONE_SETTLED: ReadonlySet<string> = new Set();

/** Deliveries that have begun, and that not every caller waits for. */
interface Begun {
  readonly deliveries: readonly Promise<void>[];
}

/**
 * The deliveries of a dispatcher that are in flight, at most as many as its concurrency. One transaction stores the results of
 * those that have ended, and claims as many notifications again.
 */
export class InFlight {
  readonly #parts: InFlightParts;
  readonly #held = new HeldAlerts((ended) => this.#store(ended));
  /** Those whose results are not stored yet. */
  readonly #notifications = new Set<ClaimedNotification>();
  readonly #deliveries = new Set<Promise<void>>();
  readonly #totals = { delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 };
  #mayBeDue = false;
  #claiming = 0;
  #checkedAt: Instant | undefined;
  /** Whether the last claim ended all that was due. */
  #isBacklog = false;
  #change = Promise.withResolvers<undefined>();

  constructor(parts: InFlightParts) {
    this.#parts = parts;
  }

  /** The results of all deliveries so far. */
  get totals(): DeliveryOutcome {
    return { ...this.#totals };
  }

  /** Whether alerts may be due that were not claimed. */
  get mayBeDue(): boolean {
    return this.#mayBeDue;
  }

  /** Notes that alerts may be due, or that none is wanted. */
  noteDue(mayBeDue: boolean): void {
    this.#mayBeDue = mayBeDue;
  }

  get isEmpty(): boolean {
    return this.#deliveries.size === 0;
  }

  get isClaiming(): boolean {
    return this.#claiming > 0;
  }

  /** How many more notifications may be claimed. */
  get free(): number {
    return this.#parts.options.concurrency - this.#notifications.size - this.#claiming;
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
   * @returns the deliveries
   */
  async claim(isFirst: boolean): Promise<Begun> {
    const isCheckDue = isFirst || this.#isCheckDue(this.#parts.clock.now());
    return this.#claim(isCheckDue, [], () => Promise.resolve(NONE_SETTLED));
  }

  /**
   * Stores results. Claims as many notifications again in the same transaction, unless that may take long, or nothing more is to
   * be delivered.
   *
   * @returns the ids of the alerts that were settled
   */
  async #store({ notifications, settlements }: Ended): Promise<ReadonlySet<string>> {
    const { store, clock, mayClaimMore, options } = this.#parts;
    let settled: ReadonlySet<string> | undefined;
    const settle = async ({ outbox }: StoreTransaction): Promise<ReadonlySet<string>> => {
      settled = undefined;
      return (settled = new Set(await outbox?.settle(settlements)));
    };
    if (mayClaimMore() && this.#roomAfter(notifications) > 0 && !this.#isCheckDue(clock.now())) {
      try {
        await this.#claim(false, notifications, settle);
        // Until the commit, other claims found that an alert which was raised meanwhile has to wait for one of these.
        if (options.inOrder) this.#mayBeDue = true;
        return settled ?? NONE_SETTLED;
      } catch (error) {
        // A claim that fails must not cost the results: sinks would get these alerts again.
        if (settled === undefined) throw error;
      }
    }
    const stored = await store.transaction(settle);
    this.#makeRoom(notifications);
    // An alert that waited for one of these may be due now.
    this.#mayBeDue = true;
    return stored;
  }

  /**
   * @param ended - deliveries that make room
   * @param settle - begins the transaction, and returns the ids of alerts that are in flight no longer
   */
  async #claim(
    isCheckDue: boolean,
    ended: readonly ClaimedNotification[],
    settle: (transaction: StoreTransaction) => Promise<ReadonlySet<string>>,
  ): Promise<Begun> {
    const { store, newId, options, clock } = this.#parts;
    const now = clock.now();
    const limit = this.#roomAfter(ended);
    const lease = { token: newId(), until: now + options.leaseMs };
    // The time of the attempts includes the transaction, like the lease.
    const timeout = startTimeout(options.leaseMs, clock);
    this.#mayBeDue = false;
    this.#claiming += limit;
    let deliveries: readonly Promise<void>[] = [];
    try {
      await this.#held.whileClaiming(async () => {
        let found: Claimed | undefined;
        try {
          found = await store.transaction(async (transaction) => {
            const settled = await settle(transaction);
            const isInFlight = (id: string): boolean => this.#held.has(id) && !settled.has(id);
            const request = { ...options, lease, now, limit, newId, isCheckDue, isInFlight };
            return claimNotifications(transaction, { ...request, isBacklog: this.#isBacklog });
          });
        } finally {
          // What was claimed takes its room in the same step.
          this.#claiming -= limit;
        }
        this.#makeRoom(ended);
        if (isCheckDue) this.#checkedAt = found?.isCheckDue === true ? undefined : now;
        if (found !== undefined) deliveries = this.#begin(found, lease, timeout.signal);
      });
      return { deliveries };
    } finally {
      this.wake();
      void Promise.all(deliveries).then(timeout.cancel);
    }
  }

  /** How many notifications may be claimed when the results of some deliveries are stored. */
  #roomAfter(ended: readonly ClaimedNotification[]): number {
    return this.free + ended.filter((each) => this.#notifications.has(each)).length;
  }

  #makeRoom(ended: readonly ClaimedNotification[]): void {
    for (const each of ended) this.#notifications.delete(each);
  }

  /** Nothing ends, and nothing is ahead, before the clock has moved. */
  #isCheckDue(now: Instant): boolean {
    const checkedAt = this.#checkedAt;
    return checkedAt === undefined || now < checkedAt || now - checkedAt >= CHECK_MS;
  }

  #begin(claimed: Claimed, lease: AlertLease, timeout: AbortSignal): readonly Promise<void>[] {
    this.#countEnded(claimed);
    this.#mayBeDue ||= claimed.anyDue;
    this.#isBacklog = hasEndedAll(claimed);
    const finished = this.#held.renew(claimed.inFlight, lease);
    const deliveries = claimed.notifications.map((notification) =>
      this.#run(() => this.#deliver(notification, lease, timeout)),
    );
    if (finished.length > 0) deliveries.push(this.#run(() => this.#held.release(finished, lease)));
    return deliveries;
  }

  async #deliver(notification: ClaimedNotification, lease: AlertLease, timeout: AbortSignal): Promise<void> {
    this.#notifications.add(notification);
    try {
      const parts = { ...this.#parts, held: this.#held };
      for (const { outcome } of await deliverNotification(notification, lease, timeout, parts)) {
        if (outcome === "done") this.#totals.delivered++;
        else if (outcome !== "released") this.#totals[outcome]++;
      }
    } finally {
      this.#notifications.delete(notification);
    }
  }

  /** Runs something as a delivery in flight. The returned promise never rejects. */
  #run(work: () => Promise<void>): Promise<void> {
    const delivery = work()
      .catch((error: unknown) => {
        // Its lease may be over.
        this.#mayBeDue = true;
        this.#parts.onError(error);
      })
      .finally(() => {
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

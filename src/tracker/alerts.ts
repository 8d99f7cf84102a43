import { requireInteger } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { PendingAlert } from "../ports/alert-outbox.ts";
import { deliverDue, type DeliveryOptions, type DeliveryOutcome } from "./alert-delivery.ts";
import { MAX_PAGE_SIZE } from "./page.ts";
import { atMost } from "./time-limit.ts";

/** A tracker's alerts. They are stored with the change that caused them, and delivered after it was committed. */
export interface Alerts {
  /**
   * Delivers what is due, and waits for it. A tracker with a sink does this by itself, without anybody waiting, after
   * every change that raises alerts and at every `tick`, which also tries again what a sink failed on and delivers what
   * other processes left behind. Without a sink it does nothing.
   */
  deliver(): Promise<DeliveryOutcome>;
  /**
   * Alerts that were not delivered yet, the longest due first.
   *
   * @param limit - at most how many, 1 to {@link MAX_PAGE_SIZE}; default 50
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  pending(limit?: number): Promise<readonly PendingAlert[]>;
}

/**
 * Delivers alerts one delivery after the other, and again as long as it was asked to meanwhile. What fails outside the
 * sink, a delivery nobody waits for included, is reported.
 */
export class AlertDispatcher {
  readonly #options: DeliveryOptions;
  readonly #onError: (error: unknown) => void;
  #last: Promise<unknown> = Promise.resolve();
  #queued = false;
  #closed = false;
  /** The latest instant that an alert of this tracker is due at: a clock that is set back does not hold it up. */
  #dueAt: Instant = 0;

  constructor(options: DeliveryOptions, onError: (error: unknown) => void) {
    this.#options = { ...options, now: () => Math.max(options.now(), this.#dueAt) };
    this.#onError = onError;
  }

  /** Delivers what is due, after the delivery that is under way. */
  deliver(): Promise<DeliveryOutcome> {
    const next = this.#last.then(() => deliverDue(this.#options));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /**
   * Sees to it that what is due will be delivered; nobody has to wait for it.
   *
   * @param dueAt - when what was just raised is due
   */
  kick(dueAt: Instant): void {
    this.#dueAt = Math.max(this.#dueAt, dueAt);
    if (this.#queued || this.#closed) return;
    this.#queued = true;
    const next = this.#last.then(() => {
      this.#queued = false;
      return deliverDue(this.#options);
    });
    this.#last = next.catch(this.#onError);
  }

  /** Delivers nothing more by itself, and waits for what is under way, but not longer than so many milliseconds. */
  async close(sinkTimeoutMs: number): Promise<void> {
    this.#closed = true;
    await atMost(sinkTimeoutMs, this.settled());
  }

  /** Waits until no delivery is under way or asked for. */
  async settled(): Promise<void> {
    for (let last: unknown; last !== this.#last;) {
      last = this.#last;
      await last;
    }
  }
}

/** The use-cases on alerts. */
export function createAlerts(
  dispatcher: AlertDispatcher | undefined,
  { store }: Pick<DeliveryOptions, "store">,
): Alerts {
  return {
    async deliver() {
      return dispatcher === undefined ? { delivered: 0, failed: 0 } : dispatcher.deliver();
    },
    async pending(limit = 50) {
      requireInteger("limit", limit, 1, MAX_PAGE_SIZE);
      return store.read((reader) => reader.pendingAlerts(limit));
    },
  };
}

import { IssueLifecycleError } from "../core/errors.ts";
import { isReadable } from "../core/unreadable.ts";
import { Attempts, waitAtMost } from "./attempt.ts";
import type { DeliveryOutcome } from "./delivery-outcome.ts";
import { InFlight } from "./in-flight.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeliveryReport } from "../ports/delivery-report.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { CheckedAlertOptions } from "./options.ts";

/** The dependencies of a dispatcher. */
export interface DispatcherParts {
  readonly store: IssueStore;
  readonly sink: AlertSink;
  readonly clock: Required<Clock>;
  readonly newId: () => string;
  readonly options: CheckedAlertOptions;
  readonly report: (report: DeliveryReport) => void;
  /** Receives errors that no caller waits for. Never throws. */
  readonly onError: (error: unknown) => void;
}

/** How many alerts to read to find one that can be read. */
const FIRST_ALERTS = 10;

/** A dispatcher delivers when it is called; a started one also when alerts become due. */
type Mode = "on-call" | "started" | "closed";

/**
 * Delivers the alerts of an outbox: claims due alerts in one transaction, delivers them outside of any, and claims more as soon
 * as a delivery has ended, so that a sink that hangs delays only its own alert. A failed delivery ends no other.
 */
export class AlertDispatcher {
  readonly #parts: DispatcherParts;
  readonly #attempts: Attempts;
  readonly #inFlight: InFlight;
  /** For each caller that waits, the errors since it began to wait. */
  readonly #waiters = new Set<unknown[]>();
  #mode: Mode = "on-call";
  /** Is set while the dispatcher stops: no delivery begins then. */
  #stopping: Promise<void> | undefined;
  /** The loop that delivers all due alerts. There is one at a time; it claims again while alerts may be due. */
  #running: Promise<void> | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(parts: DispatcherParts) {
    const { sink, clock } = parts;
    this.#parts = parts;
    this.#attempts = new Attempts(sink, clock);
    this.#inFlight = new InFlight({
      ...parts,
      attempts: this.#attempts,
      onError: (error) => {
        this.#fail(error);
      },
      mayClaimMore: () => this.#running !== undefined && this.#stopping === undefined,
    });
  }

  /** Delivers as many due notifications as may be in flight, once, and waits for them. */
  async dispatchOnce(): Promise<DeliveryOutcome> {
    await this.#stopping;
    return this.#outcomeOf(async () => {
      while (this.#inFlight.free <= 0) await this.#inFlight.next();
      const { deliveries } = await this.#inFlight.claim(true);
      await Promise.all(deliveries);
    });
  }

  /** Delivers until nothing is due, and waits for it. */
  async drain(): Promise<DeliveryOutcome> {
    await this.#stopping;
    return this.#outcomeOf(() => this.#deliverAll());
  }

  /** Delivers until nothing is due, in the background. */
  wake(): void {
    if (this.#mode !== "closed" && this.#stopping === undefined) void this.#deliverAll();
  }

  /**
   * Delivers from now on whenever alerts are due.
   *
   * @throws {@link IssueLifecycleError} `closed`
   */
  start(): void {
    if (this.#mode === "closed") throw new IssueLifecycleError("closed", "The tracker was closed.");
    this.#mode = "started";
    this.wake();
  }

  /** Ends {@link AlertDispatcher.start} and waits for deliveries in flight; those that take longer are aborted. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#mode === "started") this.#mode = "on-call";
    await this.#stop(timeoutMs);
    // It may have been started again in the meantime.
    if (this.#isStarted) this.wake();
  }

  /** Stops for good. */
  async close(timeoutMs: number): Promise<void> {
    this.#mode = "closed";
    await this.#stop(timeoutMs);
  }

  /** Waits until no delivery is in flight or wanted. */
  async settled(): Promise<void> {
    while (this.#running !== undefined || this.#inFlight.isClaiming || !this.#inFlight.isEmpty) {
      await this.#running;
      if (this.#inFlight.isClaiming) await this.#inFlight.next();
      await this.#inFlight.all();
    }
  }

  get #isStarted(): boolean {
    return this.#mode === "started";
  }

  async #stop(timeoutMs: number): Promise<void> {
    this.#cancelTimer();
    const before = this.#stopping;
    const stop = async (): Promise<void> => {
      await before;
      await waitAtMost(timeoutMs, this.settled());
      this.#attempts.abortAll();
      await this.settled();
      this.#attempts.resume();
    };
    const stopping = stop().finally(() => {
      if (this.#stopping === stopping) this.#stopping = undefined;
    });
    this.#stopping = stopping;
    await stopping;
  }

  /** Waits for work, and rejects with the first error that occurred meanwhile, even one of another caller's delivery. */
  async #outcomeOf(work: () => Promise<void>): Promise<DeliveryOutcome> {
    const before = this.#inFlight.totals;
    const errors: unknown[] = [];
    this.#waiters.add(errors);
    try {
      await work();
    } finally {
      this.#waiters.delete(errors);
    }
    const [first, ...others] = errors;
    for (const error of others) this.#parts.onError(error);
    if (errors.length > 0) throw first;
    return difference(this.#inFlight.totals, before);
  }

  /** Errors go to the callers that wait, or else to the tracker's `onError`. */
  #fail(error: unknown): void {
    if (this.#waiters.size === 0) this.#parts.onError(error);
    for (const errors of this.#waiters) errors.push(error);
  }

  #deliverAll(): Promise<void> {
    this.#inFlight.noteDue(true);
    this.#inFlight.wake();
    return (this.#running ??= this.#run());
  }

  /** Never rejects: errors go to {@link AlertDispatcher.#fail}. */
  async #run(): Promise<void> {
    this.#cancelTimer();
    do {
      await this.#deliverWhileDue();
      if (this.#isStarted) await this.#waitForNext();
      // Nothing is awaited between this check and the end of the loop: no call of #deliverAll can get in between.
    } while (this.#inFlight.mayBeDue);
    this.#running = undefined;
  }

  async #deliverWhileDue(): Promise<void> {
    let isFirst = true;
    const inFlight = this.#inFlight;
    while (inFlight.mayBeDue || !inFlight.isEmpty) {
      if (this.#stopping !== undefined) inFlight.noteDue(false);
      if (inFlight.mayBeDue && inFlight.free > 0) {
        try {
          await inFlight.claim(isFirst);
          isFirst = false;
        } catch (error) {
          this.#fail(error);
        }
      } else if (inFlight.mayBeDue || !inFlight.isEmpty) await inFlight.next();
    }
  }

  /** Sets a timer for when the next alert is due, but for the poll interval at the latest. */
  async #waitForNext(): Promise<void> {
    const { clock, options } = this.#parts;
    let waitMs: number | undefined = options.pollMs;
    try {
      waitMs = await this.#untilNext();
    } catch (error) {
      this.#fail(error);
    }
    if (waitMs === undefined || this.#inFlight.mayBeDue || !this.#isStarted || this.#stopping !== undefined) return;
    this.#cancelTimer = clock.setTimer(waitMs, () => {
      this.wake();
    });
  }

  /** How long to wait before the next claim, in milliseconds; `undefined` for a store without an outbox. */
  async #untilNext(): Promise<number | undefined> {
    const { clock, options, store } = this.#parts;
    const request = { status: "pending", after: null, limit: FIRST_ALERTS } as const;
    const page = await store.read(async ({ outbox }) => outbox?.page(request));
    if (page === undefined) return undefined;
    const entry = page.find(isReadable);
    const dueInMs = entry?.state.status === "pending" ? entry.state.dueAt - clock.now() : 0;
    // An alert that is due but was not claimed waits for something other than its time.
    return dueInMs > 0 ? Math.min(options.pollMs, dueInMs) : options.pollMs;
  }
}

function difference(after: DeliveryOutcome, before: DeliveryOutcome): DeliveryOutcome {
  return {
    delivered: after.delivered - before.delivered,
    failed: after.failed - before.failed,
    dead: after.dead - before.dead,
    throttled: after.throttled - before.throttled,
    discarded: after.discarded - before.discarded,
  };
}

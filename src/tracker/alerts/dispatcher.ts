import { IssueLifecycleError } from "../../core/errors.ts";
import type { AlertSink } from "../../ports/alert-sink.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import { atMost } from "../time-limit.ts";
import type { CheckedAlertOptions } from "./alert-options.ts";
import { claimStories, ENDED_WITH_ITS_PROCESS, type ClaimedStories } from "./claim-stories.ts";
import type { DeliveryOutcome, DeliveryReport } from "./delivery-report.ts";
import { LeaseTimer } from "./lease-timer.ts";
import { StoryDelivery } from "./story-delivery.ts";
import { UnderWay } from "./under-way.ts";

/** What a dispatcher is made of. */
export interface DispatcherParts {
  readonly store: IssueStore;
  readonly sink: AlertSink;
  readonly clock: Required<Clock>;
  readonly newId: () => string;
  readonly options: CheckedAlertOptions;
  /** Hears of what goes wrong where nobody waits. Never throws. */
  readonly onError: (error: unknown) => void;
}

/** Whether a dispatcher delivers when it is told that something is due; when started, by itself from time to time too. */
type Mode = "when-told" | "started" | "closed";

/**
 * Delivers alerts: claims what is due in one transaction, has it delivered outside of any, and takes on more as soon as one
 * delivery has ended, so that a sink that hangs holds up nothing but its own alert. What goes wrong with one ends no other.
 */
export class AlertDispatcher {
  readonly #parts: DispatcherParts;
  readonly #delivery: StoryDelivery;
  readonly #underWay = new UnderWay();
  readonly #totals = { delivered: 0, failed: 0, dead: 0, heldBack: 0 };
  /** Those who wait, and hear of what goes wrong meanwhile. */
  readonly #waiters = new Set<unknown[]>();
  #mode: Mode = "when-told";
  /** While the dispatcher is told to stop, nothing new begins. */
  #ending: Promise<void> | undefined;
  /** The delivery of all that is due. There is one at a time, which looks once more when it is asked to. */
  #running: Promise<void> | undefined;
  #isWanted = false;
  #claiming = 0;
  #callOffTimer: () => void = () => undefined;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    const report = (each: DeliveryReport): void => {
      this.#report(each);
    };
    this.#delivery = new StoryDelivery({ ...parts, report });
  }

  /** Delivers once as much as may be under way at a time, and waits for it. */
  async dispatchOnce(): Promise<DeliveryOutcome> {
    await this.#ending;
    return this.#waitingFor(async () => {
      while (this.#free <= 0) await this.#underWay.next();
      const { deliveries } = await this.#claimAndDeliver(this.#free);
      await Promise.all(deliveries);
    });
  }

  /** Delivers until nothing is due, and waits for it. */
  async drain(): Promise<DeliveryOutcome> {
    await this.#ending;
    return this.#waitingFor(() => this.#deliverAll());
  }

  /** Sees to it that what is due will be delivered; nobody has to wait for it. */
  wake(): void {
    if (this.#mode !== "closed" && this.#ending === undefined) void this.#deliverAll();
  }

  /**
   * Delivers by itself from now on, until it is stopped.
   *
   * @throws `IssueLifecycleError` `closed`
   */
  start(): void {
    if (this.#mode === "closed") throw new IssueLifecycleError("closed", "The tracker was closed.");
    this.#mode = "started";
    this.wake();
  }

  /** Delivers by itself no more but when told, after it has waited for what is under way; what takes longer is told to end. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#mode === "started") this.#mode = "when-told";
    await this.#end(timeoutMs);
    // Somebody may have started it meanwhile.
    if (this.#isStarted()) this.wake();
  }

  /** The same, for good. */
  async close(timeoutMs: number): Promise<void> {
    this.#mode = "closed";
    await this.#end(timeoutMs);
  }

  /** Waits until no delivery is under way or asked for. */
  async settled(): Promise<void> {
    while (this.#running !== undefined || this.#claiming > 0 || this.#underWay.size > 0) {
      await this.#running;
      if (this.#claiming > 0) await this.#underWay.next();
      await this.#underWay.all();
    }
  }

  #isStarted(): boolean {
    return this.#mode === "started";
  }

  async #end(timeoutMs: number): Promise<void> {
    this.#callOffTimer();
    const before = this.#ending;
    const end = async (): Promise<void> => {
      await before;
      await atMost(timeoutMs, this.settled());
      this.#delivery.abortAll();
      await this.settled();
      this.#delivery.resume();
    };
    const ending = end().finally(() => {
      if (this.#ending === ending) this.#ending = undefined;
    });
    this.#ending = ending;
    await ending;
  }

  /** Does something that others may do at the same time, and fails with what goes wrong meanwhile. */
  async #waitingFor(work: () => Promise<void>): Promise<DeliveryOutcome> {
    const before = { ...this.#totals };
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
    return difference(this.#totals, before);
  }

  /** Whoever waits hears of it, or else whoever hears of what goes wrong where nobody waits. */
  #fail(error: unknown): void {
    if (this.#waiters.size === 0) this.#parts.onError(error);
    for (const errors of this.#waiters) errors.push(error);
  }

  #deliverAll(): Promise<void> {
    this.#isWanted = true;
    this.#underWay.wake();
    return (this.#running ??= this.#run());
  }

  /** Never fails: what goes wrong is said to those who wait. */
  async #run(): Promise<void> {
    this.#callOffTimer();
    do {
      await this.#deliverWhileWanted();
      if (this.#mode === "started") await this.#waitForMore();
      // Between this look at what is wanted and the end there is nothing to wait for: nobody can ask for more in between.
    } while (this.#isWanted);
    this.#running = undefined;
  }

  async #deliverWhileWanted(): Promise<void> {
    while (this.#isWanted || this.#underWay.size > 0) {
      if (this.#ending !== undefined) this.#isWanted = false;
      if (this.#isWanted && this.#free > 0) {
        this.#isWanted = false;
        try {
          const { anyDue } = await this.#claimAndDeliver(this.#free);
          this.#isWanted ||= anyDue;
        } catch (error) {
          this.#fail(error);
        }
      } else if (this.#isWanted || this.#underWay.size > 0) await this.#underWay.next();
    }
  }

  /** Sees to it that a started dispatcher looks again: when the first alert is due, but after so long at the latest. */
  async #waitForMore(): Promise<void> {
    const { clock, options, store } = this.#parts;
    let waitMs = options.pollMs;
    try {
      const first = { status: "pending", after: null, limit: 1 } as const;
      const [entry] = await store.read((reader) => reader.pageAlerts(first));
      const dueInMs = entry?.state.status === "pending" ? entry.state.dueAt - clock.now() : 0;
      // What is due, and was not claimed, waits for something else than the time.
      if (dueInMs > 0) waitMs = Math.min(waitMs, dueInMs);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#isWanted || !this.#isStarted() || this.#ending !== undefined) return;
    this.#callOffTimer = clock.setTimer(waitMs, () => {
      this.wake();
    });
  }

  /** Claims what is due and begins to deliver it; says whether anything was. */
  async #claimAndDeliver(limit: number): Promise<{ anyDue: boolean; deliveries: Promise<void>[] }> {
    const { store, newId, options, clock } = this.#parts;
    const now = clock.now();
    // The lease counts from before the transaction: what that takes is not the sink's.
    const lease = new LeaseTimer({ token: newId(), until: now + options.leaseMs }, options.leaseMs, clock);
    const isUnderWay = (alertId: string): boolean => this.#delivery.isUnderWay(alertId);
    const request = { ...options, lease: lease.lease, now, limit, newId, isUnderWay };
    this.#claiming += limit;
    try {
      const claimed = await store.transaction((transaction) => claimStories(transaction, request));
      this.#noteClaim(claimed);
      const ended = this.#delivery.holdUnder(lease.lease, claimed.underWay);
      const deliveries = claimed.stories.map((story) => this.#doing(() => this.#deliver(story, lease)));
      if (ended.length > 0) deliveries.push(this.#doing(() => this.#delivery.giveBack(ended, lease.lease)));
      for (const delivery of deliveries) this.#underWay.add(delivery);
      void Promise.allSettled(deliveries).then(() => {
        lease.callOff();
      });
      return { anyDue: claimed.anyDue, deliveries };
    } catch (error) {
      lease.callOff();
      throw error;
    } finally {
      this.#claiming -= limit;
      this.#underWay.wake();
    }
  }

  /** How many more messages may be under way; those that are being claimed count. */
  get #free(): number {
    return this.#parts.options.concurrency - this.#underWay.size - this.#claiming;
  }

  async #deliver(story: ClaimedStories["stories"][number], lease: LeaseTimer): Promise<void> {
    for (const { outcome } of await this.#delivery.deliver(story, lease)) {
      if (outcome === "done") this.#totals.delivered++;
      else if (outcome !== "released") this.#totals[outcome]++;
    }
  }

  /** Does something that never fails: what goes wrong is said to those who wait. */
  async #doing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(error);
    } finally {
      // What waited for its turn may be due now, also while somebody is looking.
      if (this.#running !== undefined) this.#isWanted = true;
    }
  }

  #noteClaim({ heldBack, exhausted }: ClaimedStories): void {
    for (const { alert, parts } of heldBack) {
      this.#totals.heldBack += parts.length;
      this.#report({ kind: "held-back", alert });
    }
    for (const { alert, attempts } of exhausted) {
      this.#totals.dead++;
      this.#report({ kind: "dead", alert, attempt: attempts - 1, durationMs: 0, error: ENDED_WITH_ITS_PROCESS });
    }
  }

  /** A hook that fails, at once or later, ends nothing. */
  #report(report: DeliveryReport): void {
    const { options, onError } = this.#parts;
    try {
      const answer: unknown = options.onDelivery?.(report);
      Promise.resolve(answer).catch(onError);
    } catch (error) {
      onError(error);
    }
  }
}

function difference(after: DeliveryOutcome, before: DeliveryOutcome): DeliveryOutcome {
  return {
    delivered: after.delivered - before.delivered,
    failed: after.failed - before.failed,
    dead: after.dead - before.dead,
    heldBack: after.heldBack - before.heldBack,
  };
}

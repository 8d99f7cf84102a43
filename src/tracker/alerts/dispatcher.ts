import type { Instant } from "../../core/instant.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import type { AlertSink } from "../../ports/alert-sink.ts";
import type { Clock } from "../../ports/clock.ts";
import { atMost } from "../time-limit.ts";
import type { CheckedAlertOptions } from "./alert-options.ts";
import { closing } from "./attempt.ts";
import { claimStories, ENDED_WITH_ITS_PROCESS, type ClaimedStories } from "./claim-stories.ts";
import type { DeliveryOutcome, DeliveryReport } from "./delivery-report.ts";
import { StoryDelivery } from "./story-delivery.ts";
import { UnderWay } from "./under-way.ts";

/** What a dispatcher is made of. */
export interface DispatcherParts {
  readonly store: IssueStore;
  readonly sink: AlertSink;
  readonly clock: Required<Clock>;
  readonly newId: () => string;
  readonly options: CheckedAlertOptions;
  /** Hears of what goes wrong where nobody waits. */
  readonly onError: (error: unknown) => void;
}

/** Whether a dispatcher delivers when it is told that something is due; when started, by itself from time to time too. */
type Mode = "when-told" | "started" | "stopped";

/**
 * Delivers alerts: claims what is due in one transaction, has it delivered outside of any, and takes on more as soon as one
 * delivery has ended, so that a sink that hangs holds up nothing but its own alert.
 */
export class AlertDispatcher {
  readonly #parts: DispatcherParts;
  readonly #delivery: StoryDelivery;
  readonly #totals = { delivered: 0, failed: 0, dead: 0, heldBack: 0 };
  readonly #once = new Set<Promise<unknown>>();
  #mode: Mode = "when-told";
  #isEnding = false;
  /** The delivery of all that is due. There is one at a time, which looks once more when it is asked to. */
  #running: Promise<void> | undefined;
  #isWanted = false;
  #wake = Promise.withResolvers<undefined>();
  #callOffTimer: () => void = () => undefined;
  /** When the first of the alerts that failed here is due again. */
  #nextRetryAt = Infinity;
  /** The latest instant that an alert of this tracker is due at: a clock that is set back does not hold it up. */
  #dueAt: Instant = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#delivery = new StoryDelivery({
      ...parts,
      report: (report) => {
        this.#report(report);
      },
    });
  }

  /** Delivers once as much as may be under way at a time, and waits for it. */
  async dispatchOnce(): Promise<DeliveryOutcome> {
    const before = { ...this.#totals };
    const underWay = new UnderWay();
    const dispatch = this.#claimAndDeliver(this.#parts.options.concurrency, underWay).then(() => underWay.end());
    this.#once.add(dispatch);
    try {
      await dispatch;
    } finally {
      this.#once.delete(dispatch);
    }
    this.#throwFirst(underWay.errors);
    return this.#since(before);
  }

  /** Delivers until nothing is due, and waits for it. */
  async drain(): Promise<DeliveryOutcome> {
    const before = { ...this.#totals };
    await this.#deliverAll();
    return this.#since(before);
  }

  /**
   * Sees to it that what is due will be delivered; nobody has to wait for it.
   *
   * @param dueAt - when what was just raised is due
   */
  kick(dueAt: Instant): void {
    this.#dueAt = Math.max(this.#dueAt, dueAt);
    if (this.#mode !== "stopped") this.#deliverUnattended();
  }

  /** Delivers by itself from now on, until it is stopped. */
  start(): void {
    this.#mode = "started";
    this.#deliverUnattended();
  }

  /** Delivers nothing more by itself, and waits for what is under way; what takes longer than that is told to end. */
  async stop(timeoutMs: number): Promise<void> {
    this.#mode = "stopped";
    this.#isEnding = true;
    this.#isWanted = false;
    this.#callOffTimer();
    await atMost(timeoutMs, this.settled());
    this.#delivery.abortAll(closing());
    await this.settled();
    this.#delivery.resume();
    this.#isEnding = false;
  }

  /** Waits until no delivery is under way or asked for. */
  async settled(): Promise<void> {
    while (this.#running !== undefined || this.#once.size > 0) {
      await Promise.allSettled([this.#running, ...this.#once]);
    }
  }

  #deliverUnattended(): void {
    const isRunning = this.#running !== undefined;
    const delivery = this.#deliverAll();
    if (!isRunning) delivery.catch(this.#parts.onError);
  }

  #deliverAll(): Promise<void> {
    this.#isWanted = true;
    this.#wake.resolve(undefined);
    return (this.#running ??= this.#run());
  }

  async #run(): Promise<void> {
    this.#callOffTimer();
    this.#nextRetryAt = Infinity;
    const underWay = new UnderWay();
    try {
      while ((this.#isWanted || underWay.size > 0) && !underWay.hasFailed) {
        const free = this.#parts.options.concurrency - underWay.size;
        if (this.#isWanted && free > 0) {
          this.#isWanted = false;
          const anyDue = await this.#claimAndDeliver(free, underWay);
          this.#isWanted ||= anyDue && !this.#isEnding;
        } else {
          this.#wake = Promise.withResolvers();
          await underWay.nextOr(this.#wake.promise);
        }
      }
    } finally {
      // Without a failure there is nothing to wait for, so that nobody can ask for more between the last look and the end.
      if (underWay.size > 0) await underWay.end();
      this.#running = undefined;
      this.#waitForMore();
    }
    this.#throwFirst(underWay.errors);
  }

  /** Sees to it that a started dispatcher looks again. */
  #waitForMore(): void {
    if (this.#mode !== "started") return;
    const { clock, options } = this.#parts;
    const untilRetryMs = Math.max(1, this.#nextRetryAt - this.#now());
    this.#callOffTimer = clock.setTimer(Math.min(options.pollMs, untilRetryMs), () => {
      this.#deliverUnattended();
    });
  }

  /** Claims what is due and begins to deliver it; says whether anything was. */
  async #claimAndDeliver(limit: number, underWay: UnderWay): Promise<boolean> {
    const { store, newId, options } = this.#parts;
    const now = this.#now();
    const lease = { token: newId(), until: now + options.leaseMs };
    const isUnderWay = (alertId: string): boolean => this.#delivery.isUnderWay(alertId);
    const request = { ...options, lease, now, limit, newId, isUnderWay };
    const claimed = await store.transaction((transaction) => claimStories(transaction, request));
    this.#delivery.holdUnder(lease, claimed.underWay);
    this.#noteClaim(claimed);
    for (const story of claimed.stories) {
      const delivery = this.#delivery.deliver(story, lease, () => this.#now());
      underWay.add(
        delivery.then((settlements) => {
          // What waited for its turn may be due now, also while somebody is looking.
          this.#isWanted ||= !this.#isEnding;
          for (const settlement of settlements) {
            this.#totals[settlement.outcome === "done" ? "delivered" : settlement.outcome]++;
            if (settlement.outcome === "failed") this.#nextRetryAt = Math.min(this.#nextRetryAt, settlement.dueAt);
          }
        }),
      );
    }
    return claimed.anyDue;
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

  #report(report: DeliveryReport): void {
    try {
      this.#parts.options.onDelivery?.(report);
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  /** Throws the first of some errors; the others are reported. */
  #throwFirst([...errors]: readonly unknown[]): void {
    if (errors.length === 0) return;
    const [first, ...others] = errors;
    for (const error of others) this.#parts.onError(error);
    throw first;
  }

  #now(): Instant {
    return Math.max(this.#parts.clock.now(), this.#dueAt);
  }

  #since(before: DeliveryOutcome): DeliveryOutcome {
    const { delivered, failed, dead, heldBack } = this.#totals;
    return {
      delivered: delivered - before.delivered,
      failed: failed - before.failed,
      dead: dead - before.dead,
      heldBack: heldBack - before.heldBack,
    };
  }
}

import { invalidInput, orElse, refuseOtherMembers, requireInteger, requireObject } from "../../core/input.ts";
import type { Instant } from "../../core/instant.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import type { DeliveryOutcome } from "./delivery-report.ts";
import type { AlertDispatcher } from "./dispatcher.ts";
import { createOutbox, type Outbox } from "./outbox.ts";

/** How to stop delivering. */
export interface StopOptions {
  /**
   * How long to wait for a sink that is delivering, in milliseconds; then its signal is aborted, and the attempt has failed.
   * Default 10 seconds, at most an hour.
   */
  readonly sinkTimeoutMs?: number;
}

/** A dispatcher that was started. */
export interface RunningDispatcher extends AsyncDisposable {
  /** Stops it, as {@link Alerts.stop}. */
  stop(options?: StopOptions): Promise<void>;
}

/**
 * A tracker's alerts. They are stored with the change that caused them, and delivered after it was committed. A tracker with a sink
 * delivers by itself, without anybody waiting, after every change that raises alerts and at every `tick`; started, it also looks
 * from time to time for what others raised or left behind, and for what is to be tried again.
 */
export interface Alerts extends Outbox {
  /**
   * Delivers from now on whatever is due, until it is stopped: for a process that stays. Starting twice does nothing more.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` for a tracker without a sink, `closed` for one that was closed
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function work(tracker: IssueTracker, untilTold: Promise<void>) {
   *   await using _dispatcher = tracker.alerts.start();
   *   await untilTold;
   * }
   * ```
   */
  start(): RunningDispatcher;
  /**
   * Ends what {@link start} began, and waits for what is under way. Afterwards the tracker delivers as before: after changes of its
   * own, at every `tick`, and when it is told to.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  stop(options?: StopOptions): Promise<void>;
  /**
   * Has what is due delivered, without anybody waiting: after a host's own transaction was committed, in which alerts were raised.
   * Without a sink it does nothing.
   */
  wake(): void;
  /**
   * Delivers what is due until nothing is, and waits for it: for a process that does not stay, such as a function in a cloud, and
   * after a host's own transaction. What the sink fails on is due again later, and not waited for. Without a sink it does nothing.
   *
   * @returns what was delivered meanwhile
   */
  drain(): Promise<DeliveryOutcome>;
  /** Delivers what is due, but once and no more than may be under way at a time, and waits for it. Without a sink it does nothing. */
  dispatchOnce(): Promise<DeliveryOutcome>;
}

const DEFAULT_SINK_TIMEOUT_MS = 10_000;
const MAX_SINK_TIMEOUT_MS = 3_600_000;
const NOTHING: DeliveryOutcome = Object.freeze({ delivered: 0, failed: 0, dead: 0, heldBack: 0 });

/** How long to wait for a sink, as it was asked for. */
export function parseStopOptions(options: unknown): number {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, ["sinkTimeoutMs"]);
  const timeoutMs = orElse(given["sinkTimeoutMs"], DEFAULT_SINK_TIMEOUT_MS);
  return requireInteger("options.sinkTimeoutMs", timeoutMs, 0, MAX_SINK_TIMEOUT_MS);
}

/** The use-cases on alerts. */
export function createAlerts(
  dispatcher: AlertDispatcher | undefined,
  { store, now }: { readonly store: IssueStore; readonly now: () => Instant },
): Alerts {
  async function stop(options: StopOptions = {}): Promise<void> {
    const timeoutMs = parseStopOptions(options);
    await dispatcher?.stop(timeoutMs);
  }
  return {
    ...createOutbox(store, now, () => dispatcher?.wake()),
    start() {
      if (dispatcher === undefined)
        throw invalidInput("options.alertSink", undefined, "a sink, for alerts to be delivered");
      dispatcher.start();
      return { stop, [Symbol.asyncDispose]: () => stop() };
    },
    stop,
    wake: () => dispatcher?.wake(),
    async drain() {
      return dispatcher === undefined ? NOTHING : dispatcher.drain();
    },
    async dispatchOnce() {
      return dispatcher === undefined ? NOTHING : dispatcher.dispatchOnce();
    },
  };
}

import type { Alert } from "../core/alert.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { integer, object, withDefault, type Shape } from "../core/shape.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import type { Clock } from "../ports/clock.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import type { DeliveryOutcome } from "./delivery-outcome.ts";
import { DirectDelivery } from "./direct-delivery.ts";
import { AlertDispatcher } from "./dispatcher.ts";
import { reportingFailures, type DeadAlertPlace } from "./failure-reporter.ts";
import type { CheckedAlertOptions } from "./options.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { reporterTo } from "../ports/reporter.ts";

/** How to stop delivering alerts. */
export interface StopOptions {
  /**
   * How long to wait for a sink that is delivering, in milliseconds; then its signal is aborted and the attempt does not
   * count. Default 10 seconds, at most 1 hour.
   */
  readonly sinkTimeoutMs?: number;
}

/** A started dispatcher. `await using` stops it. */
export interface RunningDispatcher extends AsyncDisposable {
  /** The same as {@link Alerts.stop}. */
  stop(options?: StopOptions): Promise<void>;
}

/**
 * The alerts of a tracker. An alert is stored in the transaction of the change that raises it, and delivered after the commit.
 *
 * A tracker with a sink delivers in the background after each of its changes that raises alerts, and at each `tick`. After
 * {@link Alerts.start} it also delivers when alerts become due: those of other trackers, those that a process left behind, and
 * those to retry.
 *
 * A store without an outbox keeps no alerts: the tracker delivers each of them once, in process, right after the commit. The
 * methods on stored alerts then fail with `no-outbox`, and those that deliver find nothing to deliver.
 */
export interface Alerts extends Outbox {
  /**
   * Delivers alerts whenever they are due, until it is stopped: for a long-running process. Starting twice has no effect.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` for a tracker without a sink, `closed` for one that was closed
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function work(tracker: IssueTracker, shutdown: Promise<void>) {
   *   await using _dispatcher = tracker.alerts.start();
   *   await shutdown;
   * }
   * ```
   */
  start(): RunningDispatcher;
  /**
   * Ends {@link Alerts.start}, and waits for in-flight deliveries. Afterwards the tracker delivers as before it was started.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  stop(options?: StopOptions): Promise<void>;
  /**
   * Delivers due alerts in the background. Call it after you have committed a transaction of your own in which alerts were
   * raised. Does nothing without a sink.
   */
  wake(): void;
  /**
   * Delivers due alerts until none is due, and waits for it: for a short-lived process, such as a serverless function, and
   * after a transaction of your own. Does not wait for retries that are due later. Does nothing without a sink.
   *
   * @returns what was delivered in the meantime
   */
  drain(): Promise<DeliveryOutcome>;
  /** Delivers as many due notifications as {@link AlertOptions.concurrency} allows, once, and waits. Does nothing without a sink. */
  dispatchOnce(): Promise<DeliveryOutcome>;
}

const NOTHING: DeliveryOutcome = Object.freeze({ delivered: 0, failed: 0, dead: 0, throttled: 0, discarded: 0 });

/** Checks {@link StopOptions} and fills in the defaults. */
export const stopOptions = object({
  sinkTimeoutMs: withDefault(integer(0, 3_600_000), 10_000),
} satisfies Record<keyof StopOptions, Shape<unknown>>);

/** The dependencies of alert delivery. */
export interface AlertParts {
  readonly store: IssueStore;
  /** `undefined` for a tracker that delivers no alerts. */
  readonly sink: AlertSink | undefined;
  readonly clock: Required<Clock>;
  readonly newId: () => string;
  readonly options: CheckedAlertOptions;
  /** Receives errors that no caller waits for. Never throws. */
  readonly onError: (error: unknown) => void;
}

/** The alert delivery of a tracker. */
export interface AlertDelivery {
  /** The public methods. */
  readonly alerts: Alerts;
  /**
   * Delivers alerts that a store without an outbox could not keep, in the background, after the change that raised them was
   * committed. Never throws.
   */
  deliverDirectly(alerts: readonly Alert[]): void;
  /** Waits until no delivery is in flight. */
  settled(): Promise<void>;
  /**
   * Waits for in-flight deliveries, and delivers nothing more.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  close(options?: StopOptions): Promise<void>;
}

/** Creates the alert delivery of a tracker. */
export function createAlerts(parts: AlertParts): AlertDelivery {
  const { store, sink, clock, onError } = parts;
  const report = reporterTo(parts.options.onDelivery, onError);
  const reportFailures = (place: DeadAlertPlace) => reportingFailures(report, onError, place);
  const dispatcher = sink && new AlertDispatcher({ ...parts, sink, report: reportFailures("in the outbox") });
  const direct = sink && new DirectDelivery({ ...parts, sink, report: reportFailures("lost") });
  const wake = (): void => dispatcher?.wake();

  async function stop(options: StopOptions = {}): Promise<void> {
    const { sinkTimeoutMs } = stopOptions("options", options);
    await dispatcher?.stop(sinkTimeoutMs);
  }

  const alerts: Alerts = {
    ...createOutbox(store, clock, wake),
    start() {
      if (dispatcher === undefined) {
        const allowed = "a sink for the alerts, such as createIssueTracker({ store, alertSink: console.log })";
        throw new IssueLifecycleError(
          "invalid-input",
          `options.alertSink: there is no function to deliver alerts; allowed is ${allowed}.`,
          {
            field: "options.alertSink",
          },
        );
      }
      dispatcher.start();
      return { stop, [Symbol.asyncDispose]: () => stop() };
    },
    stop,
    wake,
    drain: async () => dispatcher?.drain() ?? NOTHING,
    dispatchOnce: async () => dispatcher?.dispatchOnce() ?? NOTHING,
  };

  return {
    alerts,
    deliverDirectly: (raised) => direct?.deliver(raised),
    async settled() {
      await Promise.all([dispatcher?.settled(), direct?.settled()]);
    },
    async close(options = {}) {
      const { sinkTimeoutMs } = stopOptions("options", options);
      await Promise.all([dispatcher?.close(sinkTimeoutMs), direct?.close(sinkTimeoutMs)]);
    },
  };
}

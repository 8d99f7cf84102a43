import type { Alert } from "../core/alert.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import type { Clock } from "../ports/clock.ts";
import { Attempts, startTimeout, waitAtMost, type TimedResult } from "./attempt.ts";
import { DeliveryError } from "./delivery-error.ts";
import type { DeliveryReport } from "../ports/delivery-report.ts";
import { groupByIssue, withLink } from "./notification.ts";
import type { CheckedAlertOptions } from "./options.ts";

/** The dependencies of {@link DirectDelivery}. */
export interface DirectDeliveryParts {
  readonly sink: AlertSink;
  readonly clock: Required<Clock>;
  readonly options: CheckedAlertOptions;
  /** Receives a `dead` report for each notification that was not delivered. Never throws. */
  readonly report: (report: DeliveryReport) => void;
  /** Receives errors of this class itself. Never throws. */
  readonly onError: (error: unknown) => void;
}

/** The most notifications that wait for others to be delivered. More are reported as failed. */
const MAX_WAITING = 10_000;

/**
 * Delivers alerts in process, for a store without an outbox: once each, after the change that raised them was committed. This
 * is best effort: an alert is lost when the sink fails or the process ends. There are no limits and no retries.
 */
export class DirectDelivery {
  readonly #parts: DirectDeliveryParts;
  readonly #attempts: Attempts;
  readonly #waiting: Alert[] = [];
  readonly #inFlight = new Set<Promise<void>>();

  constructor(parts: DirectDeliveryParts) {
    this.#parts = parts;
    this.#attempts = new Attempts(parts.sink, parts.clock);
  }

  /** Delivers alerts in the background. Never throws: failures are reported. */
  deliver(alerts: readonly Alert[]): void {
    for (const { alert } of groupByIssue(alerts.map((each) => ({ alert: each, memo: null })))) {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(alert);
      else this.#fail(alert, 0, new DeliveryError(`More than ${String(MAX_WAITING)} notifications wait for the sink.`));
    }
    this.#fill();
  }

  /** Waits until all alerts so far were delivered or failed. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  /** Waits for all deliveries; those that take longer are aborted. Later ones fail. */
  async close(timeoutMs: number): Promise<void> {
    await waitAtMost(timeoutMs, this.settled());
    this.#attempts.abortAll();
    await this.settled();
  }

  #fill(): void {
    while (this.#inFlight.size < this.#parts.options.concurrency) {
      const alert = this.#waiting.shift();
      if (alert === undefined) return;
      const delivery = this.#deliver(alert)
        .catch(this.#parts.onError)
        .finally(() => {
          this.#inFlight.delete(delivery);
          this.#fill();
        });
      this.#inFlight.add(delivery);
    }
  }

  async #deliver(raised: Alert): Promise<void> {
    const { clock, options, report } = this.#parts;
    const alert = withLink(raised, options.linkTo, (error) => {
      report({ kind: "link-failed", alert: raised, error });
    });
    const timeout = startTimeout(options.leaseMs, clock);
    try {
      const attempt = { until: clock.now() + options.leaseMs, number: 1, isLast: true, memo: null };
      this.#report(alert, await this.#attempts.begin(alert, attempt, timeout.signal));
    } finally {
      timeout.cancel();
    }
  }

  #report(alert: Alert, result: TimedResult): void {
    const { durationMs } = result;
    switch (result.kind) {
      case "delivered":
        this.#parts.report({ kind: "delivered", alert, attempt: 1, durationMs });
        return;
      case "failed":
        this.#fail(alert, durationMs, result.error);
        return;
      case "not-tried":
        this.#fail(alert, durationMs, new DeliveryError("The tracker was closed before the sink had finished."));
    }
  }

  #fail(alert: Alert, durationMs: number, error: unknown): void {
    this.#parts.report({ kind: "dead", alert, attempt: 1, durationMs, error });
  }
}

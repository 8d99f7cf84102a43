import type { Alert } from "../core/alert.ts";
import type { AlertSink } from "../ports/alert-sink.ts";

/** An alert sink that records the alerts it delivers. */
export interface RecordingSink {
  /** The sink, for the `alertSink` option of a tracker. */
  readonly deliver: AlertSink;
  /** The delivered alerts, oldest first. */
  readonly alerts: readonly Alert[];
  /** Makes every later delivery fail with this error; without an error, deliveries succeed again. */
  failWith(error?: Error): void;
  /** Removes the recorded alerts. */
  clear(): void;
}

/**
 * Creates a recording sink.
 *
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 * import { createRecordingSink } from "issue-lifecycle/testing";
 *
 * const sink = createRecordingSink();
 * const tracker = createIssueTracker({ store: createMemoryStore(), alertSink: sink.deliver });
 * await tracker.projects.save({ id: "shop" });
 * await tracker.digest({ projectId: "shop", value: "it broke" });
 * await tracker.settled();
 * sink.alerts.length; // 1
 * ```
 */
export function createRecordingSink(): RecordingSink {
  const alerts: Alert[] = [];
  let failure: Error | undefined;
  return {
    alerts,
    deliver(alert) {
      if (failure !== undefined) throw failure;
      alerts.push(alert);
    },
    failWith(error) {
      failure = error;
    },
    clear() {
      alerts.length = 0;
    },
  };
}

import type { Alert } from "../core/alert.ts";
import type { AlertSink } from "../ports/alert-sink.ts";

/** An alert sink that remembers what it was given. */
export interface RecordingSink {
  /** The sink, to be given to a tracker. */
  readonly deliver: AlertSink;
  /** The alerts it took, oldest first. */
  readonly alerts: readonly Alert[];
  /** Makes it fail on every alert with this error from now on; without an error it takes them again. */
  failWith(error?: Error): void;
  /** Forgets what it took. */
  clear(): void;
}

/**
 * Makes a recording sink.
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

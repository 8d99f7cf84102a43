import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";

/** One attempt to deliver an alert. */
export interface DeliveryAttempt {
  /**
   * Is aborted when the lease ends, or the tracker is stopped or closed. The tracker then waits no longer and counts the alert
   * as not delivered; a sink that goes on may deliver it a second time. Pass the signal on, such as to `fetch`.
   */
  readonly signal: AbortSignal;
  /** When the lease ends. */
  readonly until: Instant;
  /** Which attempt it is, from 1. Attempts during which a process ended are counted. */
  readonly number: number;
  /** Whether it is the last one: if it fails, the alert is dead. */
  readonly isLast: boolean;
  /** What the sink stored at an earlier attempt, see {@link DeliveryErrorDetails.memo}; else `null`. */
  readonly memo: string | null;
}

/**
 * Delivers an alert to people, such as by e-mail or chat. You pass it to `createIssueTracker({ alertSink })`;
 * `issue-lifecycle/sinks` has some.
 *
 * An alert is delivered when the function returns, or its promise is fulfilled. If it throws or rejects, the alert is retried
 * with exponential backoff; a {@link DeliveryError} can ask for a longer pause, and a {@link PermanentDeliveryError} for no
 * retry. Nothing else is affected.
 *
 * It is called outside of any transaction, several times concurrently. It may receive an alert more than once, because a
 * process may end between a delivery and its acknowledgement: {@link Alert.id} is the idempotency key. It may use the tracker,
 * but must not wait for the tracker's `settled`, `close`, `alerts.drain` or `alerts.stop`: they wait for the sink.
 */
export type AlertSink = (alert: Alert, attempt: DeliveryAttempt) => void | Promise<void>;

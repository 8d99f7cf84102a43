import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";

/** One attempt to deliver an alert. */
export interface DeliveryAttempt {
  /**
   * Is aborted when the attempt's time is over: when its lease ends, or the tracker is closed. By then nobody waits for the sink
   * any more, and the alert counts as not delivered; a sink that goes on may deliver it while somebody else does.
   */
  readonly signal: AbortSignal;
  /** When the lease ends. */
  readonly until: Instant;
  /** Which attempt it is, from 1. Attempts during which a process ended are counted. */
  readonly number: number;
  /** Whether it is the last one: when it fails the alert is dead. */
  readonly isLast: boolean;
  /** What the sink wrote down at an attempt before, as {@link DeliveryError.memo}; else `null`. */
  readonly memo: string | null;
}

/**
 * Delivers an alert to people: sends the e-mail, posts to the chat. The callback a host plugs in. Some are ready to use in
 * `issue-lifecycle/sinks`.
 *
 * An alert counts as delivered when the function returns, or when the promise it returns is fulfilled. When it throws or
 * rejects, the alert is tried again later, after longer and longer pauses; with a {@link DeliveryError} the sink can say when,
 * and with a {@link PermanentDeliveryError} that there is no use in it. Nothing else is affected. An alert may arrive more than
 * once (the process may end between delivery and the note of it): recognise it by {@link Alert.id}.
 *
 * It is called outside any transaction, for several alerts at a time. It may use the tracker, but must not wait for the
 * tracker's `settled`, `close`, `alerts.drain` or `alerts.stop`, which wait for it.
 *
 * @param alert - what a person should hear of
 * @param attempt - see {@link DeliveryAttempt}
 */
export type AlertSink = (alert: Alert, attempt: DeliveryAttempt) => void | Promise<void>;

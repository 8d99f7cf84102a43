import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";

/** The result of delivering a notification, for metrics and logs. */
export type DeliveryReport = {
  /** The alert that the sink received, with the others of its notification as `earlier`. */
  readonly alert: Alert;
} & (
  | {
      readonly kind: "delivered";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
      /** How long the sink took, in milliseconds. */
      readonly durationMs: number;
    }
  | {
      /** The sink failed, and the notification is retried. */
      readonly kind: "failed";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
      /** How long the sink took, in milliseconds. */
      readonly durationMs: number;
      /** What the sink threw. */
      readonly error: unknown;
      /** When it is due again. If it is too old then, it is discarded. */
      readonly retryAt: Instant;
    }
  | {
      /**
       * The sink failed and the notification is not retried, or a process ended during the last attempt. The alerts stay in the
       * outbox and can be redriven, if the store has one.
       */
      readonly kind: "dead";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
      /** How long the sink took, in milliseconds; 0 if a process ended. */
      readonly durationMs: number;
      /** What the sink threw. */
      readonly error: unknown;
    }
  | {
      /** The notification was above a limit. An alert at the end of the period sums it up. */
      readonly kind: "throttled";
    }
  | {
      /** The alert was older than `maxAgeMs`. It stays in the outbox, discarded, and can be redriven. */
      readonly kind: "discarded";
      /** The stored reason, in a sentence. */
      readonly reason: string;
    }
  | {
      /**
       * When the attempt ended, its lease was over and another dispatcher held the alert, or the alert had been discarded or
       * redriven. The result was not stored, and the alert may be delivered again.
       */
      readonly kind: "lease-lost";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
    }
  | {
      /** `linkTo` failed or returned no usable link. The alert is delivered without one. */
      readonly kind: "link-failed";
      readonly error: unknown;
    }
);

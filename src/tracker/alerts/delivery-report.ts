import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";

/** What became of a message, for metrics and logs. A message may tell of several alerts, those in {@link IssueAlert.earlier}. */
export type DeliveryReport = {
  /** What was, or was not, delivered. */
  readonly alert: Alert;
} & (
  | {
      /** The sink took it. */
      readonly kind: "delivered";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
      /** How long the sink took, in milliseconds. */
      readonly durationMs: number;
    }
  | {
      /** The sink failed; it is tried again. */
      readonly kind: "failed";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
      /** How long the sink took, in milliseconds. */
      readonly durationMs: number;
      /** What it threw. */
      readonly error: unknown;
      /** When it is tried again. */
      readonly retryAt: Instant;
    }
  | {
      /** The sink failed for the last time, or a process ended during the last attempt; somebody has to drive it again. */
      readonly kind: "dead";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
      /** How long the sink took, in milliseconds; 0 where a process ended. */
      readonly durationMs: number;
      /** What the sink threw. */
      readonly error: unknown;
    }
  | {
      /** There were too many in this period: an alert at its end will say how many. */
      readonly kind: "held-back";
    }
  | {
      /**
       * The attempt ended when its lease had ended and somebody else held the alert, or it had been discarded or driven again: what
       * came of the attempt is not noted, and another one may deliver it too.
       */
      readonly kind: "lease-lost";
      /** Which attempt it was, from 1. */
      readonly attempt: number;
    }
  | {
      /** The host's function gave no usable link; it goes out without. */
      readonly kind: "link-failed";
      /** What was wrong. */
      readonly error: unknown;
    }
);

/** What a delivery did. Alerts are counted, not messages. */
export interface DeliveryOutcome {
  /** How many the sink took. */
  readonly delivered: number;
  /** How many it failed on that are tried again. */
  readonly failed: number;
  /** How many it failed on that are not. */
  readonly dead: number;
  /** How many were held back because there were too many. */
  readonly heldBack: number;
}

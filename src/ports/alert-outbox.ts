import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";

/** An alert that waits to be delivered. */
export interface PendingAlert {
  /** The alert. */
  readonly alert: Alert;
  /** When it is next due: while somebody holds it, when the lease ends. */
  readonly dueAt: Instant;
  /** How often it was claimed for delivery. */
  readonly attempts: number;
  /** What the last attempt failed with, or `null`. */
  readonly lastError: string | null;
}

/** The right to deliver some alerts, for a while. */
export interface AlertLease {
  /** Names this lease, and no other. */
  readonly token: string;
  /** When it ends: from then on, whoever comes first may claim the alerts again. */
  readonly until: Instant;
}

/** Asks for alerts to deliver. */
export interface AlertClaim {
  /** What to hold them under. */
  readonly lease: AlertLease;
  /** The time. */
  readonly now: Instant;
  /** The most alerts to give. */
  readonly limit: number;
}

/** What came of delivering a claimed alert. */
export type AlertSettlement = {
  /** The alert. */
  readonly id: string;
  /** The lease it was claimed under. */
  readonly lease: AlertLease;
} & (
  | {
      /** The sink took it. */
      readonly outcome: "delivered";
    }
  | {
      /** The sink failed on it. */
      readonly outcome: "failed";
      /** When it is due again. */
      readonly dueAt: Instant;
      /** What went wrong, for people; at most 1,000 characters. */
      readonly error: string;
    }
);

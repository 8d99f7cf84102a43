import type { Alert } from "../core/alert.ts";
import type { Instant } from "../core/instant.ts";
import type { Actor } from "../core/turning-point.ts";

/** How an alert in the outbox stands. A delivered one is there no more. */
export type OutboxState =
  | {
      /** It waits for its delivery, or somebody is at it. */
      readonly status: "pending";
      /** When it is next due: {@link DUE_AT_ONCE} before the first attempt; while somebody holds it, when the lease ends. */
      readonly dueAt: Instant;
    }
  | {
      /** Its last attempt failed, or one failed for good. It is kept, and delivered only if somebody drives it again. */
      readonly status: "dead";
      /** Since when. */
      readonly diedAt: Instant;
    }
  | {
      /** Somebody decided that nobody needs to hear of it. */
      readonly status: "discarded";
      /** When. */
      readonly discardedAt: Instant;
      /** Why, in that person's words. */
      readonly reason: string;
      /** Who it was. */
      readonly by: Actor;
    };

/** When an alert is due that nobody has tried yet: whatever anybody's clock says, and whatever it said when it was raised. */
export const DUE_AT_ONCE: Instant = 0;

/** The states that an alert in the outbox can be in. */
export type OutboxStatus = OutboxState["status"];

/** All of them. */
export const OUTBOX_STATUSES = ["pending", "dead", "discarded"] as const satisfies OutboxStatus[];

/** An alert in the outbox. */
export interface OutboxEntry {
  /** The alert. */
  readonly alert: Alert;
  /** How it stands. */
  readonly state: OutboxState;
  /** How often it was claimed for delivery since it was raised, or last driven again. */
  readonly attempts: number;
  /** What the last attempt failed with, or `null`. */
  readonly lastError: string | null;
  /** What the sink wrote down at an attempt, or `null`. See {@link DeliveryErrorDetails.memo}. */
  readonly memo: string | null;
}

/** How many alerts are in the outbox. Each is counted once. */
export interface OutboxCounts {
  /** Due now: nobody is at them. */
  readonly due: number;
  /** Due later, after an attempt that failed. */
  readonly waiting: number;
  /** Held under a lease that lasts. */
  readonly leased: number;
  /** See {@link OutboxState}. */
  readonly dead: number;
  /** See {@link OutboxState}. */
  readonly discarded: number;
}

/** A place in a list of alerts: where a page ended. */
export interface OutboxPosition {
  /** When the alert is due, died or was discarded. */
  readonly at: Instant;
  /** Its id. */
  readonly id: string;
}

/** An alert's place among those in its state: those come first that are due, died or were discarded first; equals by id. */
export function outboxPositionOf({ alert: { id }, state }: Pick<OutboxEntry, "alert" | "state">): OutboxPosition {
  switch (state.status) {
    case "pending":
      return { at: state.dueAt, id };
    case "dead":
      return { at: state.diedAt, id };
    case "discarded":
      return { at: state.discardedAt, id };
  }
}

/** Which alerts to list. */
export interface OutboxPageRequest {
  /** The state they are in. */
  readonly status: OutboxStatus;
  /** Only those behind this position; `null` for the first page. */
  readonly after: OutboxPosition | null;
  /** The most to give; at least 1. */
  readonly limit: number;
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
  /** Only alerts of these issues; `null` for all. */
  readonly issueIds: readonly string[] | null;
  /** Whether an alert has to wait until no pending one of its issue has a lower {@link IssueAlert.turningPoint}. */
  readonly inOrder: boolean;
}

/** A claimed alert. */
export interface ClaimedAlert {
  /** The alert. */
  readonly alert: Alert;
  /** How often it was claimed, this claim included. */
  readonly attempts: number;
  /** See {@link OutboxEntry.memo}. */
  readonly memo: string | null;
}

/** What came of a claimed alert. */
export type AlertSettlement = {
  /** The alert. */
  readonly id: string;
  /** The lease it was claimed under. */
  readonly lease: AlertLease;
} & (
  | {
      /** It leaves the outbox: the sink took it, or another alert tells of it. */
      readonly outcome: "done";
    }
  | {
      /** It was not tried: the attempt does not count, and its last error and memo stay. */
      readonly outcome: "released";
      /** When it is due again. */
      readonly dueAt: Instant;
    }
  | {
      /** It is tried again later. */
      readonly outcome: "failed";
      /** When it is due again. */
      readonly dueAt: Instant;
      /** What went wrong, for people; at most 1,000 characters. */
      readonly error: string;
      /** What to keep as its memo from now on. */
      readonly memo: string | null;
    }
  | {
      /** It is tried no more. */
      readonly outcome: "dead";
      /** The time. */
      readonly diedAt: Instant;
      /** What went wrong, for people; at most 1,000 characters. */
      readonly error: string;
      /** What to keep as its memo from now on. */
      readonly memo: string | null;
    }
);

/** Sets alerts aside. */
export interface AlertDiscard {
  /** The alerts; free of repetitions. */
  readonly ids: readonly string[];
  /** The time. */
  readonly discardedAt: Instant;
  /** Why. */
  readonly reason: string;
  /** Who wants it. */
  readonly by: Actor;
}

/** Asks for alerts to be delivered once more, from the first attempt on. */
export interface AlertRedrive {
  /** Only those that are in this state; `null` for any. */
  readonly status: OutboxStatus | null;
  /** The alerts; free of repetitions. */
  readonly ids: readonly string[];
  /** When they are due. */
  readonly dueAt: Instant;
}

/** Asks to remove some alerts that ended. */
export interface AlertEviction {
  /** Dead alerts that died, and discarded ones that were discarded, before this instant go. */
  readonly endedBefore: Instant;
  /** The most to remove in this step. */
  readonly limit: number;
}

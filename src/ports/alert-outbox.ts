import type { Alert, ThrottledReason } from "../core/alert.ts";
import type { EventLevel } from "../core/event-level.ts";
import type { Instant } from "../core/instant.ts";
import type { UnreadableAt } from "../core/page.ts";
import type { Actor } from "../core/turning-point.ts";

/** The state of an alert in the outbox. A delivered alert is no longer in it. */
export type OutboxState =
  | {
      /** It waits for delivery, or is being delivered. */
      readonly status: "pending";
      /** When it is next due: {@link DUE_AT_ONCE} before the first attempt; while it is leased, when the lease ends. */
      readonly dueAt: Instant;
    }
  | {
      /** Its last attempt failed, or one failed permanently. It is kept, and delivered only if it is redriven. */
      readonly status: "dead";
      readonly diedAt: Instant;
    }
  | {
      /** It need not be delivered: a person decided so, or it was too old when it was claimed. It is kept. */
      readonly status: "discarded";
      readonly discardedAt: Instant;
      /** The reason that the person gave, or by how much it was too old. */
      readonly reason: string;
      /** The system, if it was too old. */
      readonly by: Actor;
    };

/** When an alert is due that was not tried yet: before every instant, so that a wrong clock cannot delay it. */
export const DUE_AT_ONCE: Instant = 0;

/** The states that an alert in the outbox can be in. */
export type OutboxStatus = OutboxState["status"];

/** All {@link OutboxStatus} values. */
export const OUTBOX_STATUSES = ["pending", "dead", "discarded"] as const satisfies OutboxStatus[];

/** An alert in the outbox. */
export interface OutboxEntry {
  readonly alert: Alert;
  readonly state: OutboxState;
  /** How often it was claimed since it was raised, or last redriven. */
  readonly attempts: number;
  /** What the last attempt failed with, or `null`. */
  readonly lastError: string | null;
  /** What the sink stored at an attempt, or `null`. See `DeliveryError.memo`. */
  readonly memo: string | null;
}

/** The number of alerts in the outbox. Each alert is counted once. */
export interface OutboxCounts {
  /** Pending, due and not leased. */
  readonly due: number;
  /** Pending and due later, after a failed attempt. */
  readonly waiting: number;
  /** Pending and leased. */
  readonly leased: number;
  readonly dead: number;
  readonly discarded: number;
}

/** A position in a list of alerts: where a page ended. */
export interface OutboxPosition {
  /** When the alert is due, died or was discarded. */
  readonly at: Instant;
  /** The alert's id. */
  readonly id: string;
}

/** The position of an alert among those in its state: by when it is due, died or was discarded, ties by id. */
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

/** Compares positions in a list of alerts, for `sort`: by time, ties by id. */
export function compareOutboxPositions(one: OutboxPosition, other: OutboxPosition): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

/** Which alerts to list. */
export interface OutboxPageRequest {
  /** The state they are in. */
  readonly status: OutboxStatus;
  /** Only alerts after this position; `null` for the first page. */
  readonly after: OutboxPosition | null;
  /** The most alerts to return; at least 1. */
  readonly limit: number;
}

/** The exclusive right to deliver some alerts, for a while. Both members together name it: an alert is held under a lease with both. */
export interface AlertLease {
  /** Unique for each claim; at most 100 characters. */
  readonly token: string;
  /** When it ends: from then on the alerts can be claimed again. */
  readonly until: Instant;
}

/** Which alerts to claim. */
export interface AlertClaim {
  /** The lease that will hold them. */
  readonly lease: AlertLease;
  readonly now: Instant;
  /** The most alerts to return. */
  readonly limit: number;
  /** Only alerts of these issues; `null` for all. */
  readonly issueIds: readonly string[] | null;
  /** Whether an alert has to wait while a pending alert of its issue has a lower `turningPoint`. */
  readonly inOrder: boolean;
}

/** A claimed alert. */
export interface ClaimedAlert {
  readonly alert: Alert;
  /** When it was due before it was claimed; for one whose lease had ended, when that was. */
  readonly dueAt: Instant;
  /** How often it was claimed, this claim included. */
  readonly attempts: number;
  /** See {@link OutboxEntry.memo}. */
  readonly memo: string | null;
  /**
   * `true` if no other alert of its issue is pending, leased or not, so that nobody has to look for one. A store that does not know
   * leaves it out.
   */
  readonly isAlone?: true;
}

/** The result of a claimed alert's delivery. */
export type AlertSettlement = {
  /** The alert's id. */
  readonly id: string;
  /** The lease it was claimed under. */
  readonly lease: AlertLease;
} & (
  | {
      /** It leaves the outbox: it was delivered, alone or with another alert, or was throttled. */
      readonly outcome: "done";
    }
  | {
      /** It was not tried: the attempt does not count, and its last error and memo stay. */
      readonly outcome: "released";
      readonly dueAt: Instant;
    }
  | {
      /** It is tried again later. */
      readonly outcome: "failed";
      readonly dueAt: Instant;
      /** What went wrong, for people; at most 1,000 characters. */
      readonly error: string;
      /** The memo to store from now on. */
      readonly memo: string | null;
    }
  | {
      /** It is not tried again. */
      readonly outcome: "dead";
      readonly diedAt: Instant;
      /** What went wrong, for people; at most 1,000 characters. */
      readonly error: string;
      /** The memo to store from now on. */
      readonly memo: string | null;
    }
);

/** Moves alerts to another state, even if they are leased. */
export type AlertMove =
  | {
      /** Pending and dead alerts are kept, and never claimed. */
      readonly to: "discarded";
      /** The alerts; free of duplicates. */
      readonly ids: readonly string[];
      readonly at: Instant;
      readonly reason: string;
      readonly by: Actor;
    }
  | {
      /** Alerts are pending and due again ("redriven"), with no attempt counted. Their last error and memo stay. */
      readonly to: "pending";
      /** The alerts; free of duplicates. */
      readonly ids: readonly string[];
      /** Only those that are in this state when they are moved; `null` for any. */
      readonly from: OutboxStatus | null;
      readonly dueAt: Instant;
    }
  | {
      /**
       * Pending alerts are due at once ({@link DUE_AT_ONCE}), because a clock that was ahead wrote when they are due. Their
       * attempts, last error and memo stay.
       */
      readonly to: "due";
      /** Those that are due, or whose lease ends, after this instant. */
      readonly dueAfter: Instant;
      /** The most alerts to move; at least 1. */
      readonly limit: number;
    };

/** One step of removing alerts that ended. */
export interface AlertEviction {
  /** Alerts that died or were discarded before this instant are removed. */
  readonly endedBefore: Instant;
  /** The most alerts to remove in this step. */
  readonly limit: number;
}

/** What is counted together to throttle alerts: a project's notifications, or those of one of its issues. */
export interface TallyScope {
  readonly projectId: string;
  /** `null` for the whole project. */
  readonly issueId: string | null;
}

/** The alerts of a project that were throttled in a period. */
export interface Throttled extends Pick<ThrottledReason, "counts" | "examples"> {
  /** The highest level among them; `debug`, the lowest, for none. */
  readonly level: EventLevel;
}

/** No throttled alerts. */
export const NOTHING_THROTTLED: Throttled = Object.freeze({
  counts: Object.freeze({ "new-issue": 0, regression: 0, unmute: 0, loud: 0 }),
  examples: Object.freeze([]),
  level: "debug",
});

/** The number of notifications in a period. That of an issue ends with the issue, see `StoreChanges.deletedIssues`. */
export interface AlertTally extends TallyScope {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** How many notifications were sent. */
  readonly admitted: number;
  /** The alerts that were throttled; always none in an issue's tally. */
  readonly throttled: Throttled;
}

/** Which tallies to lock. */
export type TallySelection =
  | { readonly scopes: readonly TallyScope[] }
  /** Tallies whose period ended at or before `endedAt`. */
  | { readonly endedAt: Instant; readonly limit: number }
  /** Tallies whose period ends after `endsAfter`: the last to end first, if there are more than the limit. */
  | { readonly endsAfter: Instant; readonly limit: number };

/** The reads of an outbox. */
export interface OutboxReader {
  /**
   * A page of the alerts in one state, in the order of their positions [alerts-kept], [alerts-paged]. Unreadable ones in a
   * state that cannot be read come first in the first page of pending ones.
   */
  page(request: OutboxPageRequest): Promise<readonly (OutboxEntry | UnreadableAt<OutboxPosition>)[]>;
  /** The number of alerts by their state at an instant [alerts-counted]. */
  count(now: Instant): Promise<OutboxCounts>;
}

/** The alerts that were stored with the changes that caused them, until they are delivered. */
export interface OutboxTransaction extends OutboxReader {
  /**
   * Claims pending alerts that are due, earliest due first, ties by id, and counts an attempt [alerts-claimed],
   * [alerts-claimed-often]. Until
   * the lease ends they are not due. MUST NOT say that an alert is alone while another one of its issue is pending
   * [alerts-claimed-alone]. MUST NOT return an alert to two claims while the first one's lease lasts
   * [alerts-leased], [race-on-alerts]. MUST return only alerts of the given issues, if any are given
   * [alerts-claimed-by-issue]. In order, it MUST NOT return an alert while another of its issue with a lower turning point
   * is pending, leased or not and whenever it is due [alerts-in-order], [race-on-ordered-alerts]; alerts that have to
   * wait do not count towards the limit, and MUST stay pending alerts like any other: listed, counted, moved, and claimed in no
   * order [alerts-waiting]. What a claim in order costs should not depend on how many wait.
   */
  claim(claim: AlertClaim): Promise<readonly ClaimedAlert[]>;

  /**
   * Ends claims: a done alert leaves the outbox, a failed or released one is due again at its `dueAt` [alerts-settled], a
   * released one as if it had not been claimed [alerts-released], a dead one is kept and never claimed [alerts-dead]. MUST
   * ignore alerts that are not held under the given lease: another claim may hold them, or a person may have moved them
   * [alerts-settled-by-holder], [race-on-settlements]. After
   * its lease has ended an alert is still held until it is claimed again.
   *
   * @returns the ids of the alerts that were settled
   */
  settle(settlements: readonly AlertSettlement[]): Promise<readonly string[]>;

  /**
   * Moves alerts to another state [alerts-discarded], [alerts-redriven], or sets back when they are due: those that are due
   * last first, so that the cost does not depend on how many are due earlier [alerts-set-back]. Their current lease can no
   * longer settle them.
   *
   * @returns the ids of the alerts that were moved
   */
  move(move: AlertMove): Promise<readonly string[]>;

  /**
   * Removes some of the dead and discarded alerts that ended before an instant, and no others [alerts-evicted],
   * [race-on-evictions].
   *
   * @returns how many were removed; fewer than the limit when there are no more
   */
  evict(eviction: AlertEviction): Promise<number>;

  /**
   * Puts alerts in the place of those with the same ids, of the same issues and turning points, in whatever state they are; ignores
   * those that are not stored. Their states MUST stay as they are, leases too [alerts-replaced].
   */
  replace(alerts: readonly Alert[]): Promise<void>;

  /**
   * The stored tallies that are selected, in any order [tallies-kept], [tallies-ended], [tallies-ahead]. Until this transaction ends,
   * another transaction MUST NOT change a returned tally. If two transactions save a tally of the same scope that had none,
   * one of them MUST fail with `store-conflict` [race-on-tallies]. MAY leave out tallies that another transaction has
   * locked, if they are not selected by scope.
   */
  lockTallies(selection: TallySelection): Promise<readonly AlertTally[]>;

  /** Saves tallies by their scopes, then removes those of the given scopes. */
  writeTallies(changes: {
    readonly save?: readonly AlertTally[];
    readonly remove?: readonly TallyScope[];
  }): Promise<void>;
}

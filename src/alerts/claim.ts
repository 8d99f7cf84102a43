import type { AlertLease, AlertSettlement, ClaimedAlert, OutboxTransaction } from "../ports/alert-outbox.ts";
import type { StoreTransaction } from "../ports/issue-store.ts";
import type { Instant } from "../core/instant.ts";
import { SYSTEM } from "../core/turning-point.ts";
import { isTooOld, tooOldReason } from "./age.ts";
import { setBackClock } from "./clock-recovery.ts";
import { admit, raiseThrottledAlerts, type Admitted, type AlertLimits } from "./limits.ts";
import { groupByIssue, type Notification } from "./notification.ts";

/** A notification whose alerts were claimed. */
export type ClaimedNotification = Notification<ClaimedAlert>;

/** What to claim, and by which rules. */
export interface ClaimRequest {
  readonly lease: AlertLease;
  readonly now: Instant;
  /** The most notifications. */
  readonly limit: number;
  readonly inOrder: boolean;
  readonly limits: AlertLimits | null;
  readonly maxAttempts: number;
  readonly maxBackoffMs: number;
  readonly maxAgeMs: number | null;
  readonly newId: () => string;
  /** Whether the claim before ended all that was due, so that there may be much more to end. */
  readonly isBacklog: boolean;
  /** Whether to look for tallies whose period ended, and for what a clock wrote that was ahead. */
  readonly isCheckDue: boolean;
  /** Whether this dispatcher is delivering the alert already. */
  readonly isInFlight: (alertId: string) => boolean;
}

/** The result of a claim. */
export interface Claimed extends ClaimedAlerts {
  /** Whether the next claim has to check again, because there was much to set back. */
  readonly isCheckDue: boolean;
}

/** What follows for claimed alerts. */
interface ClaimedAlerts {
  readonly anyDue: boolean;
  /** To deliver. */
  readonly notifications: readonly ClaimedNotification[];
  /** Alerts that this dispatcher is delivering already. The new lease holds them from now on. */
  readonly inFlight: readonly ClaimedAlert[];
  /** Notifications above a limit. They have left the outbox. */
  readonly throttled: readonly ClaimedNotification[];
  /** Alerts whose last attempt never ended, because its process did. They are dead. */
  readonly exhausted: readonly ClaimedAlert[];
  /** Alerts that were too old, and why. They are discarded. */
  readonly tooOld: readonly DiscardedAlert[];
}

/** An alert that was discarded. */
interface DiscardedAlert {
  readonly claimed: ClaimedAlert;
  readonly reason: string;
}

/** The most alerts that are added to the claimed ones of their issues. Any others become notifications of their own. */
const MAX_GROUPED_ALERTS = 200;

/** How many alerts are claimed at once while those before them are not delivered, because they are throttled or too old. */
const MAX_ENDED_ALERTS = 500;

/** The stored error of an alert whose last attempt never ended. */
export const PROCESS_ENDED = "The process, or its connection to the database, ended during the last attempt.";

/**
 * Claims due alerts in one transaction, groups them into notifications, discards those that are too old, and throttles those
 * above the limits. While none is to be delivered, it claims many at once: so a backlog that is throttled takes few statements.
 *
 * @returns `undefined` for a store without an outbox
 */
export async function claimNotifications(
  transaction: StoreTransaction,
  request: ClaimRequest,
): Promise<Claimed | undefined> {
  const { outbox } = transaction;
  if (outbox === undefined) return undefined;
  const isCheckDue = request.isCheckDue && (await setBackClock(outbox, request));
  if (request.isCheckDue) await raiseThrottledAlerts(transaction, outbox, request);
  const many = Math.max(request.limit, MAX_ENDED_ALERTS);
  const first = await claimSome(outbox, request, request.isBacklog ? many : request.limit);
  if (request.isBacklog || !hasEndedAll(first)) return { ...first, isCheckDue };
  return { ...joined(first, await claimSome(outbox, request, many)), isCheckDue };
}

/** Whether none of the alerts that were due is to be delivered. */
export function hasEndedAll({ anyDue, notifications, inFlight }: ClaimedAlerts): boolean {
  return anyDue && notifications.length + inFlight.length === 0;
}

async function claimSome(outbox: OutboxTransaction, request: ClaimRequest, limit: number): Promise<ClaimedAlerts> {
  const { lease, now, inOrder } = request;
  const claimed = await decide(outbox, request, await claimAlerts(outbox, request, limit), request.limit);
  const issueIds = claimed.throttled.flatMap(({ alert }) => alert.issue?.id ?? []);
  if (!inOrder || issueIds.length === 0) return claimed;
  // Where an issue's first alert is throttled, so are those that wait for it.
  const others = await outbox.claim({ lease, now, limit: MAX_ENDED_ALERTS, inOrder: false, issueIds });
  return joined(claimed, await decide(outbox, request, others, 0));
}

/**
 * Decides what follows for claimed alerts.
 *
 * @param room - the most notifications to deliver. Alerts of any others are released.
 */
async function decide(
  outbox: OutboxTransaction,
  request: ClaimRequest,
  claimed: readonly ClaimedAlert[],
  room: number,
): Promise<ClaimedAlerts> {
  const { now, limits, maxAttempts, isInFlight } = request;
  const inFlight = claimed.filter(({ alert }) => isInFlight(alert.id));
  const idle = claimed.filter(({ alert }) => !isInFlight(alert.id));
  const tooOld = await discardTooOld(outbox, request, idle);
  const discarded = new Set(tooOld.map((each) => each.claimed));
  const fresh = idle.filter((each) => !discarded.has(each));
  const exhausted = fresh.filter(({ attempts }) => attempts > maxAttempts);
  const all = groupByIssue(fresh.filter(({ attempts }) => attempts <= maxAttempts));
  const { toSend, throttled, left } = await admit(outbox, all, { limits, now, room });
  await settleAtOnce(outbox, request, { throttled, exhausted, left });
  return { anyDue: claimed.length > 0, notifications: toSend, inFlight, throttled, exhausted, tooOld };
}

function joined(one: ClaimedAlerts, other: ClaimedAlerts): ClaimedAlerts {
  return {
    anyDue: one.anyDue || other.anyDue,
    notifications: [...one.notifications, ...other.notifications],
    inFlight: [...one.inFlight, ...other.inFlight],
    throttled: [...one.throttled, ...other.throttled],
    exhausted: [...one.exhausted, ...other.exhausted],
    tooOld: [...one.tooOld, ...other.tooOld],
  };
}

async function discardTooOld(
  outbox: OutboxTransaction,
  { now, maxAgeMs }: ClaimRequest,
  claimed: readonly ClaimedAlert[],
): Promise<readonly DiscardedAlert[]> {
  const old = claimed.filter((each) => isTooOld(each, now, maxAgeMs));
  if (maxAgeMs === null || old.length === 0) return [];
  const reason = tooOldReason(maxAgeMs);
  await outbox.move({ to: "discarded", ids: old.map(({ alert }) => alert.id), at: now, reason, by: SYSTEM });
  return old.map((each) => ({ claimed: each, reason }));
}

async function claimAlerts(
  outbox: OutboxTransaction,
  { lease, now, inOrder }: ClaimRequest,
  limit: number,
): Promise<readonly ClaimedAlert[]> {
  const first = await outbox.claim({ lease, now, limit, inOrder, issueIds: null });
  const issueIds = [
    ...new Set(first.flatMap(({ alert, isAlone }) => (isAlone === true ? [] : (alert.issue?.id ?? [])))),
  ];
  if (inOrder || issueIds.length === 0) return first;
  return [...first, ...(await outbox.claim({ lease, now, limit: MAX_GROUPED_ALERTS, inOrder, issueIds }))];
}

async function settleAtOnce(
  outbox: OutboxTransaction,
  { lease, now }: ClaimRequest,
  { throttled, exhausted, left }: Pick<ClaimedAlerts, "throttled" | "exhausted"> & Pick<Admitted, "left">,
): Promise<void> {
  const done = throttled.flatMap(({ parts }) =>
    parts.map(({ alert: { id } }): AlertSettlement => ({ id, lease, outcome: "done" })),
  );
  const dead = exhausted.map(({ alert: { id }, memo }): AlertSettlement => {
    return { id, lease, outcome: "dead", diedAt: now, error: PROCESS_ENDED, memo };
  });
  const released = left.flatMap(({ parts }) =>
    parts.map(({ alert: { id }, dueAt }): AlertSettlement => ({ id, lease, outcome: "released", dueAt })),
  );
  const settlements = [...done, ...dead, ...released];
  if (settlements.length > 0) await outbox.settle(settlements);
}

import type { AlertLease, AlertSettlement, ClaimedAlert, OutboxTransaction } from "../ports/alert-outbox.ts";
import type { StoreTransaction } from "../ports/issue-store.ts";
import type { Instant } from "../core/instant.ts";
import { SYSTEM } from "../core/turning-point.ts";
import { isTooOld, tooOldReason } from "./age.ts";
import { setBackClock } from "./clock-recovery.ts";
import { raiseThrottledAlerts, throttle, type AlertLimits } from "./limits.ts";
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
  /** Whether this dispatcher is delivering the alert already. */
  readonly isInFlight: (alertId: string) => boolean;
}

/** The result of a claim. */
export interface Claimed {
  readonly anyDue: boolean;
  /** To deliver. */
  readonly notifications: readonly ClaimedNotification[];
  /** Alerts that this dispatcher is delivering already. The new lease holds them from now on. */
  readonly inFlight: readonly ClaimedAlert[];
  /** Notifications above a limit. They have left the outbox. */
  readonly throttled: readonly ClaimedNotification[];
  /** Alerts whose last attempt never ended, because its process did. They are dead. */
  readonly exhausted: readonly ClaimedAlert[];
  /** Alerts that were too old, if there were any. They are discarded. */
  readonly tooOld: DiscardedAlerts | undefined;
}

/** Alerts that were discarded for the same reason. */
interface DiscardedAlerts {
  readonly alerts: readonly ClaimedAlert[];
  readonly reason: string;
}

/** The most alerts that are added to the claimed ones of their issues. Any others become notifications of their own. */
const MAX_GROUPED_ALERTS = 200;

/** The stored error of an alert whose last attempt never ended. */
export const PROCESS_ENDED = "The process, or its connection to the database, ended during the last attempt.";

/**
 * Claims due alerts in one transaction, groups them into notifications, discards those that are too old, and throttles those
 * above the limits.
 *
 * @returns `undefined` for a store without an outbox
 */
export async function claimNotifications(
  transaction: StoreTransaction,
  request: ClaimRequest,
): Promise<Claimed | undefined> {
  const { outbox } = transaction;
  if (outbox === undefined) return undefined;
  const { now, limits, maxAttempts, isInFlight } = request;
  await setBackClock(outbox, request);
  await raiseThrottledAlerts(transaction, outbox, request);
  const claimed = await claimAlerts(outbox, request);
  const inFlight = claimed.filter(({ alert }) => isInFlight(alert.id));
  const idle = claimed.filter(({ alert }) => !isInFlight(alert.id));
  const tooOld = await discardTooOld(outbox, request, idle);
  const fresh = idle.filter((each) => tooOld?.alerts.includes(each) !== true);
  const exhausted = fresh.filter(({ attempts }) => attempts > maxAttempts);
  const all = groupByIssue(fresh.filter(({ attempts }) => attempts <= maxAttempts));
  const throttled = limits === null ? [] : await throttle(outbox, all, limits, now);
  await settleAtOnce(outbox, request, throttled, exhausted);
  const isThrottled = new Set(throttled);
  const notifications = all.filter((notification) => !isThrottled.has(notification));
  return { anyDue: claimed.length > 0, notifications, inFlight, throttled, exhausted, tooOld };
}

async function discardTooOld(
  outbox: OutboxTransaction,
  { now, maxAgeMs }: ClaimRequest,
  claimed: readonly ClaimedAlert[],
): Promise<DiscardedAlerts | undefined> {
  const alerts = claimed.filter((each) => isTooOld(each, now, maxAgeMs));
  if (maxAgeMs === null || alerts.length === 0) return undefined;
  const reason = tooOldReason(maxAgeMs);
  await outbox.move({ to: "discarded", ids: alerts.map(({ alert }) => alert.id), at: now, reason, by: SYSTEM });
  return { alerts, reason };
}

async function claimAlerts(
  outbox: OutboxTransaction,
  { lease, now, limit, inOrder }: ClaimRequest,
): Promise<readonly ClaimedAlert[]> {
  const first = await outbox.claim({ lease, now, limit, inOrder, issueIds: null });
  const issueIds = [...new Set(first.flatMap(({ alert }) => alert.issue?.id ?? []))];
  if (inOrder || issueIds.length === 0) return first;
  return [...first, ...(await outbox.claim({ lease, now, limit: MAX_GROUPED_ALERTS, inOrder, issueIds }))];
}

async function settleAtOnce(
  outbox: OutboxTransaction,
  { lease, now }: ClaimRequest,
  throttled: readonly ClaimedNotification[],
  exhausted: readonly ClaimedAlert[],
): Promise<void> {
  const done = throttled.flatMap(({ parts }) =>
    parts.map(({ alert: { id } }): AlertSettlement => ({ id, lease, outcome: "done" })),
  );
  const dead = exhausted.map(({ alert: { id }, memo }): AlertSettlement => {
    return { id, lease, outcome: "dead", diedAt: now, error: PROCESS_ENDED, memo };
  });
  if (done.length + dead.length > 0) await outbox.settle([...done, ...dead]);
}

import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";
import type {
  AlertClaim,
  AlertLease,
  AlertSettlement,
  ClaimedAlert,
  OutboxEntry,
  OutboxPageRequest,
  OutboxStatus,
} from "../../ports/alert-outbox.ts";
import { write, type CaseContext } from "./case.ts";
import { MINUTE, NOON } from "./samples.ts";

/*
 * What cases do with the outbox, each in a transaction of its own.
 */

type Store = Pick<CaseContext, "store">;

/** Adds alerts that are due at an instant. */
export function insert(context: Store, alerts: readonly Alert[], dueAt: Instant): Promise<void> {
  return write(context, (transaction) => transaction.insertAlerts(alerts, dueAt));
}

/** A lease. Without an end it lasts longer than most cases look. */
export function lease(token: string, until: Instant = NOON + MINUTE): AlertLease {
  return { token, until };
}

/** Claims what is due at noon, of all issues and in no order, unless more is said. */
export function claim(
  context: Store,
  held: AlertLease,
  more: Partial<AlertClaim> = {},
): Promise<readonly ClaimedAlert[]> {
  const asked = { lease: held, now: NOON, limit: 99, issueIds: null, inOrder: false, ...more };
  return write(context, (transaction) => transaction.claimAlerts(asked));
}

/** Settles alerts, and gives the ids of those that were settled, in order. */
export async function settle(context: Store, ...settlements: readonly AlertSettlement[]): Promise<string[]> {
  return [...(await write(context, (transaction) => transaction.settleAlerts(settlements)))].sort();
}

/** Settles an alert as done. */
export function done(id: string, held: AlertLease): AlertSettlement {
  return { id, lease: held, outcome: "done" };
}

/** Settles an alert as failed. */
export function failed(id: string, held: AlertLease, dueAt: Instant, memo: string | null = null): AlertSettlement {
  return { id, lease: held, outcome: "failed", dueAt, error: "it failed", memo };
}

/** Settles an alert as dead. */
export function dead(id: string, held: AlertLease, diedAt: Instant, memo: string | null = null): AlertSettlement {
  return { id, lease: held, outcome: "dead", diedAt, error: "it died", memo };
}

/** The alerts in a state: the first page of them, which is long enough for all unless more is said. */
export function list(
  { store }: Store,
  status: OutboxStatus,
  more: Partial<OutboxPageRequest> = {},
): Promise<readonly OutboxEntry[]> {
  return store.read((reader) => reader.pageAlerts({ status, after: null, limit: 999, ...more }));
}

/** Everything that is in the outbox. */
export async function everything(context: Store): Promise<Readonly<Record<OutboxStatus, readonly OutboxEntry[]>>> {
  return {
    pending: await list(context, "pending"),
    dead: await list(context, "dead"),
    discarded: await list(context, "discarded"),
  };
}

/** The ids of alerts. */
export function idsOf(entries: readonly { readonly alert: Alert }[]): string[] {
  return entries.map(({ alert }) => alert.id);
}

import type { Alert } from "../../core/alert.ts";
import type { Instant } from "../../core/instant.ts";
import { allReadable } from "../../core/unreadable.ts";
import {
  DUE_AT_ONCE,
  type AlertClaim,
  type AlertEviction,
  type AlertLease,
  type AlertMove,
  type AlertSettlement,
  type AlertTally,
  type ClaimedAlert,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPageRequest,
  type OutboxStatus,
  type OutboxTransaction,
} from "../../ports/alert-outbox.ts";
import type { StoreTransaction } from "../../ports/issue-store.ts";
import { read, transact, type CaseContext } from "./case.ts";
import { MINUTE, NOON } from "./samples.ts";

/*
 * The steps of the outbox cases, each in a transaction of its own.
 */

type Store = Pick<CaseContext, "store">;

/** The outbox of a transaction or a read; fails where there is none. */
export function outboxOf<Outbox>({ outbox }: { readonly outbox?: Outbox }): Outbox {
  if (outbox !== undefined) return outbox;
  throw new Error('The store has no outbox; give it one, or give the reason why there is none in lacks["outbox"].');
}

/** Runs work on the outbox in one transaction. */
export function withOutbox<Result>(
  context: Store,
  work: (outbox: OutboxTransaction) => Promise<Result>,
): Promise<Result> {
  return transact(context, (transaction) => work(outboxOf(transaction)));
}

/** Adds alerts within a transaction, due at an instant. */
export async function addAlerts(
  transaction: StoreTransaction,
  alerts: readonly Alert[],
  dueAt: Instant,
): Promise<void> {
  await transaction.write({ alerts });
  const ids = alerts.map(({ id }) => id);
  if (dueAt !== DUE_AT_ONCE) await outboxOf(transaction).move({ to: "pending", ids, from: null, dueAt });
}

/** Adds alerts that are due at an instant. */
export function insert(context: Store, alerts: readonly Alert[], dueAt: Instant): Promise<void> {
  return transact(context, (transaction) => addAlerts(transaction, alerts, dueAt));
}

/** A lease. By default it ends later than most cases look. */
export function lease(token: string, until: Instant = NOON + MINUTE): AlertLease {
  return { token, until };
}

/** Claims what is due at noon, of all issues and in no order, unless `more` says otherwise. Leaves out which are alone. */
export async function claim(
  context: Store,
  held: AlertLease,
  more: Partial<AlertClaim> = {},
): Promise<readonly ClaimedAlert[]> {
  const request = { lease: held, now: NOON, limit: 99, issueIds: null, inOrder: false, ...more };
  const claimed = await withOutbox(context, (outbox) => outbox.claim(request));
  return claimed.map(({ alert, dueAt, attempts, memo }) => ({ alert, dueAt, attempts, memo }));
}

/** Settles alerts. Returns the sorted ids of those that were settled. */
export async function settle(context: Store, ...settlements: readonly AlertSettlement[]): Promise<string[]> {
  return [...(await withOutbox(context, (outbox) => outbox.settle(settlements)))].sort();
}

export function done(id: string, held: AlertLease): AlertSettlement {
  return { id, lease: held, outcome: "done" };
}

export function failed(id: string, held: AlertLease, dueAt: Instant, memo: string | null = null): AlertSettlement {
  return { id, lease: held, outcome: "failed", dueAt, error: "it failed", memo };
}

export function dead(id: string, held: AlertLease, diedAt: Instant, memo: string | null = null): AlertSettlement {
  return { id, lease: held, outcome: "dead", diedAt, error: "it died", memo };
}

/** Moves alerts. Returns the sorted ids of those that were moved. */
export async function move(context: Store, request: AlertMove): Promise<string[]> {
  return [...(await withOutbox(context, (outbox) => outbox.move(request)))].sort();
}

/** A move to "discarded", at noon and by the system unless `more` says otherwise. */
export function discarding(
  ids: readonly string[],
  more: Partial<Omit<Extract<AlertMove, { readonly to: "discarded" }>, "to" | "ids">> = {},
): AlertMove {
  return { to: "discarded", ids, at: NOON, reason: "noise", by: { kind: "system" }, ...more };
}

/** A move to "pending", from any state unless another is given. */
export function redriving(ids: readonly string[], dueAt: Instant, from: OutboxStatus | null = null): AlertMove {
  return { to: "pending", ids, from, dueAt };
}

/** Removes ended alerts. Returns how many. */
export function evictAlerts(context: Store, eviction: AlertEviction): Promise<number> {
  return withOutbox(context, (outbox) => outbox.evict(eviction));
}

/** The alerts in a state: the first page, which holds all of them unless `more` says otherwise. */
export async function list(
  context: Store,
  status: OutboxStatus,
  more: Partial<OutboxPageRequest> = {},
): Promise<readonly OutboxEntry[]> {
  const request = { status, after: null, limit: 999, ...more };
  return allReadable(await read(context, (reader) => outboxOf(reader).page(request)));
}

/** All alerts in the outbox, by state. */
export async function everything(context: Store): Promise<Readonly<Record<OutboxStatus, readonly OutboxEntry[]>>> {
  return {
    pending: await list(context, "pending"),
    dead: await list(context, "dead"),
    discarded: await list(context, "discarded"),
  };
}

/** The number of alerts by state, at an instant. */
export function count(context: Store, now: Instant): Promise<OutboxCounts> {
  return read(context, (reader) => outboxOf(reader).count(now));
}

/** Returns tallies that ended, and removes them. */
export async function takeEndedTallies(
  outbox: OutboxTransaction,
  endedAt: Instant,
  limit: number,
): Promise<readonly AlertTally[]> {
  const ended = await outbox.lockTallies({ endedAt, limit });
  await outbox.writeTallies({ remove: ended });
  return ended;
}

/** The ids of alerts. */
export function idsOf(entries: readonly { readonly alert: Alert }[]): string[] {
  return entries.map(({ alert }) => alert.id);
}

import type { Instant } from "../core/instant.ts";
import { shorten } from "../core/text.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import type { AlertLease, AlertSettlement, PendingAlert } from "../ports/alert-outbox.ts";
import type { IssueStore } from "../ports/issue-store.ts";

/** What a delivery did. */
export interface DeliveryOutcome {
  /** How many alerts the sink took. */
  readonly delivered: number;
  /** How many it failed on; they are due again. */
  readonly failed: number;
}

/** What a delivery needs. */
export interface DeliveryOptions {
  readonly store: IssueStore;
  readonly sink: AlertSink;
  readonly now: () => Instant;
  readonly newId: () => string;
}

/** How many alerts are claimed at a time. */
const BATCH = 50;
/** How long a claim lasts. A sink that takes longer for a batch may see its alerts delivered twice. */
const LEASE_MS = 5 * 60_000;
const MAX_ERROR_LENGTH = 1_000;

/**
 * Delivers what is due, oldest first: claims alerts in one transaction, calls the sink outside any, and notes the result
 * in another. An alert the sink fails on is due again at once, but left to the next delivery; a sink that fails on a
 * whole batch is left alone until then.
 */
export async function deliverDue(options: DeliveryOptions): Promise<DeliveryOutcome> {
  const failures: AlertSettlement[] = [];
  let delivered = 0;
  for (;;) {
    const batch = await deliverBatch(options);
    for (const failure of batch.failures) failures.push(failure);
    delivered += batch.delivered;
    if (batch.claimed < BATCH || batch.delivered === 0) break;
  }
  await settle(options.store, failures);
  return { delivered, failed: failures.length };
}

async function deliverBatch({ store, sink, now, newId }: DeliveryOptions): Promise<{
  claimed: number;
  delivered: number;
  failures: AlertSettlement[];
}> {
  const claimedAt = now();
  const lease = { token: newId(), until: claimedAt + LEASE_MS };
  const claim = { lease, now: claimedAt, limit: BATCH };
  const claimed = await store.transaction((transaction) => transaction.claimAlerts(claim));
  const settlements: AlertSettlement[] = [];
  for (const pending of claimed) settlements.push(await attempt(sink, pending, lease, now));
  const successes = settlements.filter(({ outcome }) => outcome === "delivered");
  await settle(store, successes);
  const failures = settlements.filter(({ outcome }) => outcome === "failed");
  return { claimed: claimed.length, delivered: successes.length, failures };
}

async function settle(store: IssueStore, settlements: readonly AlertSettlement[]): Promise<void> {
  if (settlements.length > 0) await store.transaction((transaction) => transaction.settleAlerts(settlements));
}

async function attempt(
  sink: AlertSink,
  { alert }: PendingAlert,
  lease: AlertLease,
  now: () => Instant,
): Promise<AlertSettlement> {
  try {
    await sink(alert);
    return { id: alert.id, lease, outcome: "delivered" };
  } catch (error) {
    return { id: alert.id, lease, outcome: "failed", dueAt: now(), error: describe(error) };
  }
}

/** Never fails itself, whatever a sink throws: an error may have a message that cannot be read. */
function describe(error: unknown): string {
  try {
    if (error instanceof Error) return shorten(`${error.name}: ${error.message}`, MAX_ERROR_LENGTH);
    if (typeof error === "string") return shorten(error, MAX_ERROR_LENGTH);
  } catch {
    return "The sink threw something that cannot be described.";
  }
  return "The sink threw something that is no Error.";
}

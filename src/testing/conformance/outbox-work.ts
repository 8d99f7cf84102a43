import type { Alert } from "../../core/alert.ts";
import type { AlertTally } from "../../core/alert-limits.ts";
import type { Issue } from "../../core/issue.ts";
import type { OutboxStatus } from "../../ports/alert-outbox.ts";
import type { StoreReader, StoreTransaction } from "../../ports/issue-store.ts";
import { expectEqual } from "../assertion/assertion.ts";
import { MINUTE, NOON, sampleAlert, sampleTally, SHOP } from "./samples.ts";

/*
 * What can be done with the outbox within one transaction.
 */

const HELD = { token: "held", until: NOON + 5 };
const NOISE = { discardedAt: NOON, reason: "noise", by: { kind: "system" } } as const;
const OF_SHOP = { projectId: SHOP.id, issueId: null };

/** Does with an alert what can be done with it, and looks at the outbox in between. */
export async function readItsAlerts(transaction: StoreTransaction, alert: Alert): Promise<void> {
  const { id } = alert;
  const states = async () => {
    const counts = await transaction.countAlerts(NOON);
    return Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [state] : []));
  };
  const entry = { alert, state: { status: "pending", dueAt: NOON }, attempts: 0, lastError: null, memo: null };
  expectEqual("an alert that was inserted", (await readOutbox(transaction)).pending, [entry]);
  expectEqual("how it stands", await states(), ["due"]);
  const asked = { lease: HELD, now: NOON, limit: 5, issueIds: null, inOrder: true };
  expectEqual("what was claimed", await transaction.claimAlerts(asked), [{ alert, attempts: 1, memo: null }]);
  expectEqual("how it stands when it was claimed", await states(), ["leased"]);
  const died = { id, lease: HELD, outcome: "dead", diedAt: NOON, error: "it died", memo: null } as const;
  expectEqual("what was settled", await transaction.settleAlerts([died]), [id]);
  expectEqual("how it stands when it died", await states(), ["dead"]);
  expectEqual("what was discarded", await transaction.discardAlerts({ ...NOISE, ids: [id] }), [id]);
  expectEqual("how it stands when it was discarded", await states(), ["discarded"]);
  expectEqual("what was driven again", await transaction.redriveAlerts({ status: null, ids: [id], dueAt: NOON + 1 }), [
    id,
  ]);
  expectEqual("how it stands when it was driven again", await states(), ["waiting"]);
}

/** One alert each of an issue that is due, held, dead and discarded, numbered from 1 on, and a tally. */
export async function seedOutbox(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const [due, held, dead, discarded] = [1, 2, 3, 4].map((number) => sampleAlert(issue, number));
  if (due === undefined || held === undefined || dead === undefined || discarded === undefined) return;
  await transaction.insertAlerts([held, dead], NOON);
  await transaction.claimAlerts({ lease: HELD, now: NOON, limit: 5, issueIds: null, inOrder: false });
  const died = { outcome: "dead", diedAt: NOON, error: "it died", memo: "memo" } as const;
  await transaction.settleAlerts([{ ...died, id: dead.id, lease: HELD }]);
  await transaction.insertAlerts([due, discarded], NOON);
  await transaction.discardAlerts({ ...NOISE, ids: [discarded.id] });
  await transaction.saveAlertTallies([sampleTally(OF_SHOP)]);
}

/** Changes all that {@link seedOutbox} made, and adds to it. */
export async function changeOutbox(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const [due, held, dead, discarded] = [1, 2, 3, 4].map((number) => sampleAlert(issue, number).id);
  if (due === undefined || held === undefined || dead === undefined || discarded === undefined) return;
  const lease = { token: "other", until: NOON + 9 };
  await transaction.claimAlerts({ lease, now: NOON, limit: 5, issueIds: null, inOrder: false });
  const failed = { outcome: "failed", dueAt: NOON + 3, error: "it failed", memo: "memo" } as const;
  await transaction.settleAlerts([
    { ...failed, id: due, lease },
    { id: held, lease: HELD, outcome: "done" },
  ]);
  await transaction.redriveAlerts({ status: null, ids: [dead], dueAt: NOON });
  await transaction.evictAlerts({ endedBefore: NOON + 1, limit: 9 });
  await transaction.insertAlerts([sampleAlert(issue, 5)], NOON);
  await transaction.discardAlerts({ ...NOISE, ids: [due, dead] });
  await transaction.takeEndedTallies(NOON + MINUTE, 9);
  await transaction.saveAlertTallies([sampleTally({ ...OF_SHOP, issueId: issue.id })]);
}

/** All that is in the outbox. */
export async function readOutbox(reader: StoreReader) {
  const page = (status: OutboxStatus) => reader.pageAlerts({ status, after: null, limit: 9 });
  return { pending: await page("pending"), dead: await page("dead"), discarded: await page("discarded") };
}

/** The tallies that {@link seedOutbox} and {@link changeOutbox} save of an issue and its project. */
export function readTallies(transaction: StoreTransaction, issue: Issue): Promise<readonly AlertTally[]> {
  return transaction.lockAlertTallies([OF_SHOP, { ...OF_SHOP, issueId: issue.id }]);
}

/** What {@link readTallies} gives when only {@link seedOutbox} was done. */
export const SEEDED_TALLIES: readonly AlertTally[] = [sampleTally(OF_SHOP)];

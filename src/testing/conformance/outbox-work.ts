import type { Alert } from "../../core/alert.ts";
import type { Issue } from "../../core/issue.ts";
import { DUE_AT_ONCE, type AlertTally, type OutboxStatus } from "../../ports/alert-outbox.ts";
import type { StoreReader, StoreTransaction } from "../../ports/issue-store.ts";
import { expectEqual } from "../assertion/assertion.ts";
import { discarding, outboxOf, redriving, takeEndedTallies } from "./outbox.ts";
import { MINUTE, NOON, sampleAlert, sampleTally, SHOP } from "./samples.ts";

/*
 * Work on the outbox within one transaction.
 */

const HELD = { token: "held", until: NOON + 5 };
const OF_SHOP = { projectId: SHOP.id, issueId: null };

/** Takes an alert that this transaction added through every state, and reads the outbox after each step. */
export async function expectOwnOutboxWrites(transaction: StoreTransaction, alert: Alert): Promise<void> {
  const { id } = alert;
  const outbox = outboxOf(transaction);
  const states = async () => {
    const counts = await outbox.count(NOON);
    return Object.entries(counts).flatMap(([state, number]) => (number > 0 ? [state] : []));
  };
  const entry = {
    alert,
    state: { status: "pending", dueAt: DUE_AT_ONCE },
    attempts: 0,
    lastError: null,
    memo: null,
  };
  expectEqual("an alert that was added", (await readOutbox(transaction)).pending, [entry]);
  expectEqual("its state", await states(), ["due"]);
  const request = { lease: HELD, now: NOON, limit: 5, issueIds: null, inOrder: true };
  const claimed = (await outbox.claim(request)).map(({ alert, dueAt, attempts, memo }) => ({
    alert,
    dueAt,
    attempts,
    memo,
  }));
  expectEqual("claimed alerts", claimed, [{ alert, dueAt: DUE_AT_ONCE, attempts: 1, memo: null }]);
  expectEqual("its state when it was claimed", await states(), ["leased"]);
  const died = { id, lease: HELD, outcome: "dead", diedAt: NOON, error: "it died", memo: null } as const;
  expectEqual("settled alerts", await outbox.settle([died]), [id]);
  expectEqual("its state when it died", await states(), ["dead"]);
  expectEqual("discarded alerts", await outbox.move(discarding([id])), [id]);
  expectEqual("its state when it was discarded", await states(), ["discarded"]);
  expectEqual("redriven alerts", await outbox.move(redriving([id], NOON + 1)), [id]);
  expectEqual("its state when it was redriven", await states(), ["waiting"]);
}

const idsFrom1 = (issue: Issue, count: number): string[] =>
  Array.from({ length: count }, (_, index) => sampleAlert(issue, index + 1).id);

/** Adds four alerts of an issue, numbered from 1: one that is due, one held, one dead and one discarded; and a tally. */
export async function seedOutbox(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const [dead = "", discarded = ""] = idsFrom1(issue, 4).slice(2);
  await transaction.write({ alerts: [sampleAlert(issue, 2), sampleAlert(issue, 3)] });
  await outbox.claim({ lease: HELD, now: NOON, limit: 5, issueIds: null, inOrder: false });
  await outbox.settle([{ id: dead, lease: HELD, outcome: "dead", diedAt: NOON, error: "it died", memo: "memo" }]);
  await transaction.write({ alerts: [sampleAlert(issue, 1), sampleAlert(issue, 4)] });
  await outbox.move(discarding([discarded]));
  await outbox.writeTallies({ save: [sampleTally(OF_SHOP)] });
}

/** Adds alerts in every state, and a tally, to what {@link seedOutbox} wrote. */
export async function addToOutbox(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const [first, second, third, fourth] = [11, 12, 13, 14].map((number) => sampleAlert(issue, number));
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) return;
  const lease = { token: "added", until: NOON + 7 };
  await transaction.write({ alerts: [first, second, third] });
  await outbox.claim({ lease, now: NOON, limit: 9, issueIds: [issue.id], inOrder: false });
  await outbox.settle([
    { id: first.id, lease, outcome: "dead", diedAt: NOON, error: "it died", memo: null },
    { id: second.id, lease, outcome: "failed", dueAt: NOON + 3, error: "it failed", memo: null },
    { id: idsFrom1(issue, 2)[1] ?? "", lease: HELD, outcome: "dead", diedAt: NOON, error: "it died", memo: null },
  ]);
  await transaction.write({ alerts: [fourth] });
  await outbox.move(discarding([third.id]));
  await outbox.move(redriving(idsFrom1(issue, 3).slice(2), NOON + 2));
  const ofShop = { admitted: 50, endsAt: NOON + 2 * MINUTE };
  await outbox.writeTallies({ save: [sampleTally(OF_SHOP, ofShop), sampleTally({ ...OF_SHOP, issueId: issue.id })] });
}

/** Changes all that {@link seedOutbox} wrote, and adds to it. */
export async function changeOutbox(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const [due = "", held = "", dead = ""] = idsFrom1(issue, 3);
  const lease = { token: "other", until: NOON + 9 };
  await outbox.claim({ lease, now: NOON, limit: 5, issueIds: null, inOrder: false });
  await outbox.settle([
    { id: due, lease, outcome: "failed", dueAt: NOON + 3, error: "it failed", memo: "memo" },
    { id: held, lease: HELD, outcome: "done" },
  ]);
  await outbox.move(redriving([dead], NOON));
  await outbox.evict({ endedBefore: NOON + 1, limit: 9 });
  await transaction.write({ alerts: [sampleAlert(issue, 5)] });
  await outbox.move(discarding([due, dead]));
  await takeEndedTallies(outbox, NOON + MINUTE, 9);
  await outbox.writeTallies({ save: [sampleTally({ ...OF_SHOP, issueId: issue.id })] });
}

/** All alerts in the outbox, by state. */
export async function readOutbox(reader: StoreReader) {
  const page = (status: OutboxStatus) => outboxOf(reader).page({ status, after: null, limit: 99 });
  return { pending: await page("pending"), dead: await page("dead"), discarded: await page("discarded") };
}

/** The tallies that {@link seedOutbox} and {@link changeOutbox} save of an issue and its project. */
export function readTallies(transaction: StoreTransaction, issue: Issue): Promise<readonly AlertTally[]> {
  return outboxOf(transaction).lockTallies({ scopes: [OF_SHOP, { ...OF_SHOP, issueId: issue.id }] });
}

import type { AlertDiscard, OutboxStatus } from "../../../ports/alert-outbox.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { claim, dead, done, everything, failed, idsOf, insert, lease, list, settle } from "../outbox.ts";
import { MINUTE, newIssue, NOON, sampleAlert, sampleHeldBack, sampleIssue, SHOP, uuid } from "../samples.ts";

const ISSUE = sampleIssue(1);
const id = (number: number): string => sampleAlert(ISSUE, number).id;

const HELD = lease("held");
/** A discard of long ago. */
const OLD = { discardedAt: 9, reason: "old", by: { kind: "system" } } as const;

/** Alerts 1 to 5: dead, waiting for another attempt, held, never claimed, and dead and about no issue. */
async function seed(context: CaseContext): Promise<void> {
  await write(context, async (transaction) => {
    await transaction.saveProject(SHOP);
    await transaction.insertIssues([newIssue(ISSUE)]);
    const alerts = [1, 2, 3].map((number) => sampleAlert(ISSUE, number));
    await transaction.insertAlerts([...alerts, sampleHeldBack(5)], NOON);
  });
  await claim(context, HELD);
  await settle(
    context,
    dead(id(1), HELD, NOON + 1, "memo 1"),
    failed(id(2), HELD, NOON + 9, "memo 2"),
    dead(id(5), HELD, NOON - 1),
  );
  await insert(context, [sampleAlert(ISSUE, 4)], NOON);
}

/** Discards alerts, and gives the ids of those that were, in order. */
async function discard(context: CaseContext, ids: readonly string[], more: Partial<AlertDiscard> = {}) {
  const asked: AlertDiscard = { ids, discardedAt: NOON + 2, reason: "noise", by: { kind: "system" }, ...more };
  return [...(await write(context, (transaction) => transaction.discardAlerts(asked)))].sort();
}

/** Drives alerts again, and gives the ids of those that were, in order. */
async function redrive(
  context: CaseContext,
  ids: readonly string[],
  dueAt: number,
  status: OutboxStatus | null = null,
): Promise<string[]> {
  return [...(await write(context, (transaction) => transaction.redriveAlerts({ ids, status, dueAt })))].sort();
}

function evict(context: CaseContext, endedBefore: number, limit: number): Promise<number> {
  return write(context, (transaction) => transaction.evictAlerts({ endedBefore, limit }));
}

/** What people, and time, decide on alerts. */
export const alertDecisionCases: readonly ConformanceCase[] = [
  {
    id: "alerts-discarded",
    title: "discarded alerts are kept, with the reason, and neither claimed nor settled by who holds them",
    requires:
      "discardAlerts() sets pending and dead alerts aside: they are kept, with the reason, and never claimed; whoever holds one can settle it no more.",
    async run(context) {
      await seed(context);
      const why = { reason: "noise \0 \ud800 😀", by: { kind: "user", id: "user \0 \udfff 😀" } } as const;
      const chosen = [id(3), uuid(7), id(1), "no id", id(5), id(2)];
      expectEqual("those that were discarded", await discard(context, chosen, why), [1, 2, 3, 5].map(id));
      const others = await discard(context, [id(2), id(4), id(1)], { discardedAt: NOON + 4 });
      expectEqual("those that were, where some were before", others, [id(4)]);
      const state = { status: "discarded", discardedAt: NOON + 2, ...why };
      const bySystem = { status: "discarded", discardedAt: NOON + 4, reason: "noise", by: { kind: "system" } };
      const [died, waited] = [{ lastError: "it died" }, { lastError: "it failed" }];
      const fresh = { lastError: null, memo: null };
      const expected = {
        pending: [],
        dead: [],
        discarded: [
          { alert: sampleAlert(ISSUE, 1), state, attempts: 1, ...died, memo: "memo 1" },
          { alert: sampleAlert(ISSUE, 2), state, attempts: 1, ...waited, memo: "memo 2" },
          { alert: sampleAlert(ISSUE, 3), state, attempts: 1, ...fresh },
          { alert: sampleHeldBack(5), state, attempts: 1, ...died, memo: null },
          { alert: sampleAlert(ISSUE, 4), state: bySystem, attempts: 0, ...fresh },
        ],
      };
      expectEqual("everything", await everything(context), expected);
      expectEqual("settled by who held it", await settle(context, done(id(3), HELD)), []);
      expectEqual("settled as failed", await settle(context, failed(id(3), HELD, NOON)), []);
      expectEqual("claimed", await claim(context, lease("b"), { now: NOON + 2 * MINUTE }), []);
      expectEqual("everything at last", await everything(context), expected);
    },
  },
  {
    id: "alerts-redriven",
    title: "alerts in any state are driven again from the first attempt on, but what is known of them stays",
    requires:
      "redriveAlerts() makes alerts pending and due again, whatever their state, with no attempt counted; whoever holds one can settle it no more. Their last error and memo stay.",
    async run(context) {
      await seed(context);
      await discard(context, [id(4), id(5)]);
      const dueAt = HELD.until;
      const chosen = [id(5), uuid(7), id(3), id(1), "no id", id(4), id(2)];
      expectEqual("those that were driven again", await redrive(context, chosen, dueAt), [1, 2, 3, 4, 5].map(id));
      const state = { status: "pending", dueAt };
      const fresh = { lastError: null, memo: null };
      const driven = [
        { alert: sampleAlert(ISSUE, 1), lastError: "it died", memo: "memo 1" },
        { alert: sampleAlert(ISSUE, 2), lastError: "it failed", memo: "memo 2" },
        { alert: sampleAlert(ISSUE, 3), ...fresh },
        { alert: sampleAlert(ISSUE, 4), ...fresh },
        { alert: sampleHeldBack(5), lastError: "it died", memo: null },
      ];
      const pending = driven.map((each) => ({ ...each, state, attempts: 0 }));
      expectEqual("everything", await everything(context), { pending, dead: [], discarded: [] });
      for (const settlement of [done(id(3), HELD), failed(id(3), HELD, NOON), dead(id(3), HELD, NOON)]) {
        expectEqual(`settled as ${settlement.outcome} by who held it`, await settle(context, settlement), []);
      }
      const again = lease("b", dueAt + MINUTE);
      expectEqual("claimed before they are due", await claim(context, again, { now: dueAt - 1 }), []);
      const claimed = driven.map(({ alert, memo }) => ({ alert, attempts: 1, memo }));
      expectEqual("claimed when they are", await claim(context, again, { now: dueAt }), claimed);
      expectEqual("driven again while held", await redrive(context, [id(1)], NOON), [id(1)]);
      expectEqual(
        "those that are dead, of those that are not",
        await redrive(context, [id(1), id(2)], NOON, "dead"),
        [],
      );
      const first = await claim(context, lease("c"), { limit: 1 });
      expectEqual("claimed at once", first, claimed.slice(0, 1));
    },
  },
  {
    id: "alerts-evicted",
    title: "eviction takes dead and discarded alerts that ended before an instant, and no others, step by step",
    requires:
      "evictAlerts() removes some of the dead and discarded alerts that ended before an instant, and no others.",
    async run(context) {
      await seed(context);
      await insert(context, [sampleAlert(ISSUE, 6), sampleHeldBack(7), sampleAlert(ISSUE, 8)], 0);
      await discard(context, [id(6)], { discardedAt: NOON });
      await discard(context, [id(7)], { discardedAt: NOON + 1 });
      await redrive(context, [id(8)], 1);
      await write(context, async (transaction) => {
        const more = [11, 12, 13].map((number) => sampleAlert(ISSUE, number));
        await transaction.insertAlerts(more, NOON);
        await transaction.discardAlerts({ ...OLD, ids: [12, 13].map(id) });
        await transaction.discardAlerts({ ...OLD, ids: [id(11)] });
        await transaction.redriveAlerts({ status: null, ids: [id(11)], dueAt: 2 });
      });
      // Dead: 5 before noon, 1 at a millisecond after. Discarded: 12 and 13 long before, 6 at noon, 7 after.
      const steps: number[] = [];
      for (let step = 0; step < 3; step++) steps.push(await evict(context, NOON + 1, 2));
      expectEqual("how many each step took", steps, [2, 2, 0]);
      const left = await everything(context);
      expectEqual("the pending", idsOf(left.pending), [8, 11, 4, 2, 3].map(id));
      expectEqual("the dead", idsOf(left.dead), [id(1)]);
      expectEqual("the discarded", idsOf(left.discarded), [id(7)]);
      expectEqual("how many ended a moment later", await evict(context, NOON + 2, 9), 2);
      expectEqual("what is evicted is not driven again", await redrive(context, [id(1), id(7)], NOON), []);
      expectEqual("the pending at last", idsOf(await list(context, "pending")), [8, 11, 4, 2, 3].map(id));
    },
  },
];

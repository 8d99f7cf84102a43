import { DUE_AT_ONCE } from "../../../ports/alert-outbox.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  addAlerts,
  claim,
  dead,
  discarding,
  done,
  everything,
  evictAlerts,
  failed,
  idsOf,
  insert,
  lease,
  list,
  move,
  outboxOf,
  redriving,
  settle,
} from "../outbox.ts";
import { MINUTE, newIssue, NOON, sampleAlert, sampleThrottled, sampleIssue, SHOP, uuid } from "../samples.ts";

const ISSUE = sampleIssue(1);
const id = (number: number): string => sampleAlert(ISSUE, number).id;

const HELD = lease("held");
/** Adds alerts 1 to 5: dead, waiting for another attempt, held, never claimed, and dead and about no issue. */
async function seed(context: CaseContext): Promise<void> {
  await write(context, { projects: [SHOP], newIssues: [newIssue(ISSUE)] });
  const alerts = [1, 2, 3].map((number) => sampleAlert(ISSUE, number));
  await insert(context, [...alerts, sampleThrottled(5)], NOON);
  await claim(context, HELD);
  await settle(
    context,
    dead(id(1), HELD, NOON + 1, "memo 1"),
    failed(id(2), HELD, NOON + 9, "memo 2"),
    dead(id(5), HELD, NOON - 1),
  );
  await insert(context, [sampleAlert(ISSUE, 4)], NOON);
}

/** Alerts that people move to another state, and ended ones that are removed. */
export const alertDecisionCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "alerts-discarded",
    title: "discarded alerts are kept, with the reason, are never claimed, and can no longer be settled",
    requires:
      'move() to "discarded" keeps pending and dead alerts, with the reason; they are never claimed, and whoever holds one can no longer settle it.',
    async run(context) {
      await seed(context);
      const why = { reason: "noise \0 \ud800 😀", by: { kind: "user", id: "user \0 \udfff 😀" } } as const;
      const chosen = [id(3), uuid(7), id(1), "no id", id(5), id(2)];
      expectEqual(
        "those that were discarded",
        await move(context, discarding(chosen, { at: NOON + 2, ...why })),
        [1, 2, 3, 5].map(id),
      );
      const others = await move(context, discarding([id(2), id(4), id(1)], { at: NOON + 4 }));
      expectEqual("those that were discarded now, where some were before", others, [id(4)]);
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
          { alert: sampleThrottled(5), state, attempts: 1, ...died, memo: null },
          { alert: sampleAlert(ISSUE, 4), state: bySystem, attempts: 0, ...fresh },
        ],
      };
      expectEqual("everything", await everything(context), expected);
      expectEqual("settled by their former holder", await settle(context, done(id(3), HELD)), []);
      expectEqual("settled as failed", await settle(context, failed(id(3), HELD, NOON)), []);
      expectEqual("claimed", await claim(context, lease("b"), { now: NOON + 2 * MINUTE }), []);
      expectEqual("everything in the end", await everything(context), expected);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-redriven",
    title: "alerts in any state are redriven with no attempt counted; their last error and memo stay",
    requires:
      'move() to "pending" makes alerts due again, with no attempt counted; whoever holds one can no longer settle it. Their last error and memo stay.',
    async run(context) {
      await seed(context);
      await move(context, discarding([id(4), id(5)]));
      const dueAt = HELD.until;
      const chosen = [id(5), uuid(7), id(3), id(1), "no id", id(4), id(2)];
      expectEqual("those that were redriven", await move(context, redriving(chosen, dueAt)), [1, 2, 3, 4, 5].map(id));
      const state = { status: "pending", dueAt };
      const fresh = { lastError: null, memo: null };
      const redriven = [
        { alert: sampleAlert(ISSUE, 1), lastError: "it died", memo: "memo 1" },
        { alert: sampleAlert(ISSUE, 2), lastError: "it failed", memo: "memo 2" },
        { alert: sampleAlert(ISSUE, 3), ...fresh },
        { alert: sampleAlert(ISSUE, 4), ...fresh },
        { alert: sampleThrottled(5), lastError: "it died", memo: null },
      ];
      const pending = redriven.map((each) => ({ ...each, state, attempts: 0 }));
      expectEqual("everything", await everything(context), { pending, dead: [], discarded: [] });
      for (const settlement of [done(id(3), HELD), failed(id(3), HELD, NOON), dead(id(3), HELD, NOON)]) {
        expectEqual(`settled as ${settlement.outcome} by their former holder`, await settle(context, settlement), []);
      }
      const again = lease("b", dueAt + MINUTE);
      expectEqual("claimed before they are due", await claim(context, again, { now: dueAt - 1 }), []);
      const claimed = redriven.map(({ alert, memo }) => ({ alert, dueAt, attempts: 1, memo }));
      expectEqual("claimed when they are", await claim(context, again, { now: dueAt }), claimed);
      expectEqual("redriven while held", await move(context, redriving([id(1)], NOON)), [id(1)]);
      expectEqual(
        "only dead ones, where none is dead",
        await move(context, redriving([id(1), id(2)], NOON, "dead")),
        [],
      );
      const first = await claim(context, lease("c"), { limit: 1 });
      const atNoon = claimed.slice(0, 1).map((each) => ({ ...each, dueAt: NOON }));
      expectEqual("claimed at once", first, atNoon);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-set-back",
    title:
      "pending alerts that are due after an instant are due at once, the last due first; all else about them stays",
    requires:
      'move() to "due" makes pending alerts due at once that are due, or whose lease ends, after an instant: at most `limit`, the last due. Their attempts, last error and memo stay; whoever holds one can no longer settle it.',
    async run(context) {
      await seed(context);
      // Alert 1 died a moment after noon, and 5 before it; 2 waits until 9 ms after, 3 is held for a minute; 4 is due at noon.
      const later = [6, 7].map((number) => sampleAlert(ISSUE, number));
      for (const [index, alert] of later.entries()) await insert(context, [alert], NOON + 2 * MINUTE - index);
      const before = await everything(context);
      const setBack = (dueAfter: number, limit = 99) => move(context, { to: "due", dueAfter, limit });
      expectEqual("those due after the last", await setBack(NOON + 2 * MINUTE), []);
      expectEqual("the last two of those due later", await setBack(NOON, 2), [6, 7].map(id));
      expectEqual("the others of those due later", await setBack(NOON), [2, 3].map(id));
      expectEqual("once more", await setBack(NOON), []);
      const state = { status: "pending", dueAt: DUE_AT_ONCE };
      const left = await everything(context);
      const of = (number: number) => before.pending.filter(({ alert }) => alert.id === id(number));
      const moved = [2, 3, 6, 7].flatMap(of).map((entry) => ({ ...entry, state }));
      expectEqual("everything", left, { ...before, pending: [...moved, ...of(4)] });
      expectEqual("settled by their former holder", await settle(context, done(id(3), HELD)), []);
      const claimed = await claim(context, lease("b"), { limit: 2 });
      expectEqual("claimed", claimed, [
        { alert: sampleAlert(ISSUE, 2), dueAt: DUE_AT_ONCE, attempts: 2, memo: "memo 2" },
        { alert: sampleAlert(ISSUE, 3), dueAt: DUE_AT_ONCE, attempts: 2, memo: null },
      ]);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-evicted",
    title: "eviction removes dead and discarded alerts that ended before an instant, and no others, in steps",
    requires: "evict() removes some of the dead and discarded alerts that ended before an instant, and no others.",
    async run(context) {
      await seed(context);
      await insert(context, [sampleAlert(ISSUE, 6), sampleThrottled(7), sampleAlert(ISSUE, 8)], 0);
      await move(context, discarding([id(6)]));
      await move(context, discarding([id(7)], { at: NOON + 1 }));
      await move(context, redriving([id(8)], 1));
      await transact(context, async (transaction) => {
        const outbox = outboxOf(transaction);
        const more = [11, 12, 13].map((number) => sampleAlert(ISSUE, number));
        await addAlerts(transaction, more, NOON);
        const old = { at: 9, reason: "old" };
        await outbox.move(discarding([12, 13].map(id), old));
        await outbox.move(discarding([id(11)], old));
        await outbox.move(redriving([id(11)], 2));
      });
      // Dead: 5 before noon, 1 at a millisecond after. Discarded: 12 and 13 long before, 6 at noon, 7 after.
      const steps: number[] = [];
      for (let step = 0; step < 3; step++) steps.push(await evictAlerts(context, { endedBefore: NOON + 1, limit: 2 }));
      expectEqual("how many each step removed", steps, [2, 2, 0]);
      const left = await everything(context);
      expectEqual("the pending", idsOf(left.pending), [8, 11, 4, 2, 3].map(id));
      expectEqual("the dead", idsOf(left.dead), [id(1)]);
      expectEqual("the discarded", idsOf(left.discarded), [id(7)]);
      expectEqual("how many ended a moment later", await evictAlerts(context, { endedBefore: NOON + 2, limit: 9 }), 2);
      expectEqual("redriven, after they were evicted", await move(context, redriving([id(1), id(7)], NOON)), []);
      expectEqual("the pending in the end", idsOf(await list(context, "pending")), [8, 11, 4, 2, 3].map(id));
    },
  },
];

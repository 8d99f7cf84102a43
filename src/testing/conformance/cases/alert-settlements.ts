import type { AlertLease } from "../../../ports/alert-outbox.ts";
import { expectEqual, failureOf } from "../../assertion/assertion.ts";
import { write, type CaseContext, type ConformanceCase } from "../case.ts";
import { claim, dead, done, everything, failed, insert, lease, list, settle, withOutbox } from "../outbox.ts";
import { newIssue, NOON, sampleAlert, sampleThrottled, sampleIssue, SHOP, uuid } from "../samples.ts";

const ISSUE = sampleIssue(1);
const id = (number: number): string => sampleAlert(ISSUE, number).id;

/** Adds `count` alerts that are due at noon, the last one about no issue. */
async function seed(context: CaseContext, count: number): Promise<void> {
  await write(context, { projects: [SHOP], newIssues: [newIssue(ISSUE)] });
  for (let number = 1; number < count; number++) await insert(context, [sampleAlert(ISSUE, number)], NOON);
  await insert(context, [sampleThrottled(count)], NOON);
}

/** The results of claimed alerts' deliveries. */
export const alertSettlementCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "alerts-settled",
    title: "an alert that is done leaves the outbox, a failed one is due again, with its error and memo",
    requires: "settle() ends claims: a done alert leaves the outbox, a failed one is due again at its `dueAt`.",
    async run(context) {
      await seed(context, 3);
      const held = lease("a", NOON + 50);
      await claim(context, held);
      const before = await everything(context);
      const settlements = [done(id(3), held), failed(id(2), held, NOON + 50, "memo"), done(id(1), held)];
      await failureOf(() =>
        withOutbox(context, async (outbox) => {
          await outbox.settle(settlements);
          throw new Error("roll back");
        }),
      );
      expectEqual("everything, after a settlement that was rolled back", await everything(context), before);
      expectEqual("what was settled", await settle(context, ...settlements), [1, 2, 3].map(id));
      const alert = sampleAlert(ISSUE, 2);
      const waiting = { status: "pending", dueAt: NOON + 50 };
      expectEqual("what is left", await everything(context), {
        pending: [{ alert, state: waiting, attempts: 1, lastError: "it failed", memo: "memo" }],
        dead: [],
        discarded: [],
      });
      expectEqual("settled once more", await settle(context, ...settlements), []);
      const again = lease("b", NOON + 99);
      expectEqual("claimed before it is due", await claim(context, again, { now: NOON + 49 }), []);
      const claimed = await claim(context, again, { now: NOON + 50 });
      expectEqual("claimed when it is due", claimed, [{ alert, dueAt: NOON + 50, attempts: 2, memo: "memo" }]);
      await settle(context, failed(id(2), again, NOON + 60, null));
      const memos = (await list(context, "pending")).map(({ memo }) => memo);
      expectEqual("its memo, after an attempt that stored none", memos, [null]);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-released",
    title: "a released alert is due again as if it had not been claimed, with its former error and memo",
    requires: "settle() makes a released alert due again at its `dueAt`, as if it had not been claimed.",
    async run(context) {
      await seed(context, 2);
      await claim(context, lease("a", NOON + 10));
      await settle(context, failed(id(1), lease("a", NOON + 10), NOON + 20, "memo"));
      const held = lease("b", NOON + 50);
      await claim(context, held, { now: NOON + 20 });
      const released = { id: id(1), lease: held, outcome: "released", dueAt: NOON + 5 } as const;
      expectEqual("what was released", await settle(context, released), [id(1)]);
      const [entry] = await list(context, "pending");
      const state = { status: "pending", dueAt: NOON + 5 };
      expectEqual("the alert", entry, {
        alert: sampleAlert(ISSUE, 1),
        state,
        attempts: 1,
        lastError: "it failed",
        memo: "memo",
      });
      expectEqual("released once more", await settle(context, released), []);
      const again = await claim(context, lease("c", NOON + 99), { now: NOON + 5 });
      expectEqual("claimed", again, [{ alert: sampleAlert(ISSUE, 1), dueAt: NOON + 5, attempts: 2, memo: "memo" }]);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-dead",
    title: "a dead alert is kept, with its error and memo, and never claimed",
    requires: "settle(): a dead alert is kept and never claimed.",
    async run(context) {
      await seed(context, 2);
      const held = lease("a", NOON + 50);
      await claim(context, held);
      const settlements = [dead(id(2), held, NOON + 50), dead(id(1), held, NOON + 3, "memo")];
      expectEqual("what was settled", await settle(context, ...settlements), [1, 2].map(id));
      const shared = { attempts: 1, lastError: "it died" };
      const expected = {
        pending: [],
        dead: [
          { alert: sampleAlert(ISSUE, 1), state: { status: "dead", diedAt: NOON + 3 }, ...shared, memo: "memo" },
          { alert: sampleThrottled(2), state: { status: "dead", diedAt: NOON + 50 }, ...shared, memo: null },
        ],
        discarded: [],
      };
      expectEqual("what is left", await everything(context), expected);
      const later = { now: NOON + 1_000_000_000 };
      expectEqual("claimed long after", await claim(context, lease("b", later.now + 9), later), []);
      const ofIssue = { ...later, issueIds: [ISSUE.id], inOrder: true };
      expectEqual("claimed by its issue", await claim(context, lease("b", later.now + 9), ofIssue), []);
      expectEqual("settled once more", await settle(context, done(id(1), held), done(id(2), held)), []);
      expectEqual("what is left at last", await everything(context), expected);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-settled-by-holder",
    title: "only the lease that holds an alert settles it",
    requires: "settle() ignores alerts that are not held under the given lease.",
    async run(context) {
      await seed(context, 2);
      const [first, second] = [lease("a", NOON + 10), lease("b", NOON + 20)];
      await claim(context, first, { limit: 1 });
      await claim(context, second, { now: NOON + 10, limit: 1, issueIds: [ISSUE.id] });
      const before = await everything(context);
      const refused: readonly (readonly [what: string, held: AlertLease, alertId: string])[] = [
        ["by the lease that ended", first, id(1)],
        ["by another token", { ...second, token: "a" }, id(1)],
        ["by another end", { ...second, until: first.until }, id(1)],
        ["of an alert that is not held", second, id(2)],
        ["of an alert that does not exist", second, uuid(7)],
        ["of what is no id", second, "no id"],
      ];
      for (const [what, held, alertId] of refused) {
        expectEqual(what, await settle(context, done(alertId, held)), []);
        expectEqual(`${what}, as failed`, await settle(context, failed(alertId, held, NOON)), []);
        expectEqual(`${what}, as dead`, await settle(context, dead(alertId, held, NOON)), []);
      }
      expectEqual("everything", await everything(context), before);
      const mixed = [uuid(7), id(2), id(1)].map((alertId) => done(alertId, second));
      expectEqual("by its holder, with some it does not hold", await settle(context, ...mixed), [id(1)]);
      expectEqual("what is left", (await list(context, "pending")).length, 1);
    },
  },
];

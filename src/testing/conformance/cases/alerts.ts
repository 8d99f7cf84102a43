import type { AlertLease } from "../../../ports/alert-outbox.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { newIssue, NOON, sampleAlert, sampleIssue, SHOP, uuid } from "../samples.ts";

const ISSUE = sampleIssue(1);
const id = (number: number): string => sampleAlert(ISSUE, number).id;

async function seed(context: CaseContext, dueAt: readonly number[]): Promise<void> {
  await write(context, async (transaction) => {
    await transaction.saveProject(SHOP);
    await transaction.insertIssues([newIssue(ISSUE)]);
    // Not in the order of their ids.
    for (const [index, due] of [...dueAt.entries()].toReversed()) {
      await transaction.insertAlerts([sampleAlert(ISSUE, index + 1)], due);
    }
  });
}

const lease = (token: string, until: number): AlertLease => ({ token, until });

const claim = (context: CaseContext, held: AlertLease, now: number, limit = 9) =>
  write(context, (each) => each.claimAlerts({ lease: held, now, limit }));

const pending = (context: CaseContext) => context.store.read((reader) => reader.pendingAlerts(99));

/** The outbox. */
export const alertCases: readonly ConformanceCase[] = [
  {
    id: "alerts-kept",
    title: "alerts come back as they were, the longest due first, equals by id",
    requires:
      "pendingAlerts() gives alerts that were not delivered yet, the longest due first, equals by id, at most `limit`.",
    async run(context) {
      await seed(context, [NOON + 5, NOON, NOON + 5, NOON + 1]);
      const ordered = [2, 4, 1, 3];
      const dueAt = new Map([
        [1, NOON + 5],
        [2, NOON],
        [3, NOON + 5],
        [4, NOON + 1],
      ]);
      const expected = ordered.map((number) => ({
        alert: sampleAlert(ISSUE, number),
        dueAt: dueAt.get(number),
        attempts: 0,
        lastError: null,
      }));
      expectEqual("all", await pending(context), expected);
      const two = await context.store.read((reader) => reader.pendingAlerts(2));
      expectEqual("at most two", two, expected.slice(0, 2));
    },
  },
  {
    id: "alerts-claimed",
    title: "a claim takes what is due, the longest due first, and counts the attempt",
    requires:
      "claimAlerts() claims alerts that are due, the longest due first, at most `limit`, and counts the attempt.",
    async run(context) {
      await seed(context, [NOON + 5, NOON, NOON + 9, NOON + 1]);
      const first = await claim(context, lease("a", NOON + 100), NOON + 5, 2);
      expectEqual(
        "the first claim",
        first.map(({ alert }) => alert.id),
        [id(2), id(4)],
      );
      expectEqual("what it says", first[0], {
        alert: sampleAlert(ISSUE, 2),
        dueAt: NOON + 100,
        attempts: 1,
        lastError: null,
      });
      const second = await claim(context, lease("b", NOON + 100), NOON + 5);
      expectEqual(
        "the second claim",
        second.map(({ alert }) => alert.id),
        [id(1)],
      );
      expectEqual(
        "the pending",
        (await pending(context)).map(({ attempts }) => attempts),
        [0, 1, 1, 1],
      );
    },
  },
  {
    id: "alerts-leased",
    title: "while a lease lasts its alerts are not claimed by others; when it ends, they are",
    requires: "claimAlerts() does not give an alert to two claims while the first one's lease lasts.",
    async run(context) {
      await seed(context, [NOON]);
      await claim(context, lease("a", NOON + 50), NOON);
      expectEqual("before its end", await claim(context, lease("b", NOON + 99), NOON + 49), []);
      const later = await claim(context, lease("b", NOON + 99), NOON + 50);
      expectEqual(
        "at its end",
        later.map(({ alert, attempts }) => [alert.id, attempts]),
        [[id(1), 2]],
      );
    },
  },
  {
    id: "alerts-settled",
    title: "a delivered alert is pending no more, a failed one is due again, with what went wrong",
    requires:
      "settleAlerts() ends claims: a delivered alert is pending no more, a failed one is due again at its `dueAt`.",
    async run(context) {
      await seed(context, [NOON, NOON]);
      const held = lease("a", NOON + 50);
      await claim(context, held, NOON);
      const error = "Error: it said \0 no 😀";
      const settled = await write(context, (each) =>
        each.settleAlerts([
          { id: id(1), lease: held, outcome: "delivered" },
          { id: id(2), lease: held, outcome: "failed", dueAt: NOON + 20, error },
        ]),
      );
      expectEqual("how many were settled", settled, 2);
      const expected = { alert: sampleAlert(ISSUE, 2), dueAt: NOON + 20, attempts: 1, lastError: error };
      expectEqual("the pending", await pending(context), [expected]);
      const late = { id: id(2), lease: held, outcome: "delivered" } as const;
      expectEqual("once more", await write(context, (each) => each.settleAlerts([late])), 0);
      expectEqual("before it is due again", await claim(context, lease("b", NOON + 99), NOON + 19), []);
      const again = await claim(context, lease("b", NOON + 99), NOON + 20);
      expectEqual("when it is due again", again, [{ ...expected, dueAt: NOON + 99, attempts: 2 }]);
    },
  },
  {
    id: "alerts-settled-by-holder",
    title: "only the lease that holds an alert settles it",
    requires: "settleAlerts() leaves alone, and does not count, alerts that are not held under the lease given.",
    async run(context) {
      await seed(context, [NOON]);
      const [first, second] = [lease("a", NOON + 10), lease("b", NOON + 20)];
      await claim(context, first, NOON);
      await claim(context, second, NOON + 10);
      const settle = (held: AlertLease, alertId: string) =>
        write(context, (each) => each.settleAlerts([{ id: alertId, lease: held, outcome: "delivered" }]));
      const before = await pending(context);
      expectEqual("by the lease that ended", await settle(first, id(1)), 0);
      expectEqual("by the wrong token", await settle({ ...second, token: "a" }, id(1)), 0);
      expectEqual("of an alert that is not there", await settle(second, uuid(7)), 0);
      expectEqual("the pending", await pending(context), before);
      const mixed = [uuid(7), id(1)].map((alertId) => ({ id: alertId, lease: second, outcome: "delivered" as const }));
      expectEqual(
        "by its holder, with one it does not hold",
        await write(context, (each) => each.settleAlerts(mixed)),
        1,
      );
      expectEqual("once more by its holder", await settle(second, id(1)), 0);
      expectEqual("the pending at last", await pending(context), []);
    },
  },
];

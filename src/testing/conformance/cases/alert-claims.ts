import type { Alert } from "../../../core/alert.ts";
import type { AlertClaim } from "../../../ports/alert-outbox.ts";
import { expectEqual, failureOf } from "../../assertion/assertion.ts";
import { transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  addAlerts,
  claim,
  count,
  dead,
  discarding,
  done,
  everything,
  failed,
  idsOf,
  insert,
  lease,
  list,
  move,
  redriving,
  settle,
  withOutbox,
} from "../outbox.ts";
import { MINUTE, newIssue, NOON, sampleAlert, sampleThrottled, sampleIssue, SHOP, uuid } from "../samples.ts";

const [FIRST, SECOND, THIRD] = [sampleIssue(1), sampleIssue(2), sampleIssue(3)];
const id = (number: number): string => sampleAlert(FIRST, number).id;

/** An alert, and when it is due. */
type Due = readonly [alert: Alert, dueAt: number];

/** Stores alerts, neither in the order of their ids nor in that of their due times. */
async function seed(context: CaseContext, alerts: readonly Due[]): Promise<void> {
  await write(context, { projects: [SHOP], newIssues: [FIRST, SECOND, THIRD].map(newIssue) });
  await transact(context, async (transaction) => {
    for (const [alert, dueAt] of alerts.toReversed()) await addAlerts(transaction, [alert], dueAt);
  });
}

/** An alert of the first issue with a turning point that is not its number. */
const turned = (number: number, turningPoint: number): Alert => sampleAlert(FIRST, number, { turningPoint });

/** The first alert in order is the last that is due, and has the greatest id. */
const IN_ORDER: readonly Due[] = [
  [turned(1, 2), NOON - 9],
  [turned(3, 3), NOON - 5],
  [turned(5, 1), NOON],
  [sampleThrottled(2), NOON - 2],
  [sampleThrottled(6), NOON - 2],
  [sampleAlert(SECOND, 4), NOON - 1],
  [sampleAlert(THIRD, 7, { turningPoint: 5 }), NOON + 100],
  [sampleAlert(THIRD, 8, { turningPoint: 6 }), NOON + 90],
];

/** Claims in order. Returns the ids. */
async function claimInOrder(context: CaseContext, token: string, more: Partial<AlertClaim> = {}): Promise<string[]> {
  return idsOf(await claim(context, lease(token), { inOrder: true, ...more }));
}

async function expectPendingToDelay(context: CaseContext): Promise<void> {
  const held = lease("a");
  expectEqual("one, where those due longest have to wait", await claimInOrder(context, "x", { limit: 1 }), [id(2)]);
  expectEqual("the others that are first of their issue", await claimInOrder(context, "a"), [6, 4, 5].map(id));
  expectEqual("while the earliest is held", await claimInOrder(context, "b", { now: NOON + 9 }), []);
  await settle(context, failed(id(5), held, NOON + 20), done(id(4), held), done(id(6), held));
  expectEqual(
    "while the earliest waits for its next attempt",
    await claimInOrder(context, "b", { now: NOON + 19 }),
    [],
  );
  const ofThird = { issueIds: [THIRD.id] };
  const early = await claimInOrder(context, "b", { ...ofThird, now: NOON + 95 });
  expectEqual("while the earliest was never due", early, []);
  const later = await claimInOrder(context, "b", { ...ofThird, now: NOON + 100 });
  expectEqual("of one issue, when the earliest is due", later, [id(7)]);
}

async function expectEndedNotToDelay(context: CaseContext): Promise<void> {
  const again = { now: NOON + 20 };
  expectEqual("when the earliest is due again", await claimInOrder(context, "b", again), [id(5)]);
  await settle(context, dead(id(5), lease("b"), NOON + 20));
  expectEqual("when it is dead", await claimInOrder(context, "c", again), [id(1)]);
  await settle(context, done(id(1), lease("c")));
  expectEqual("when the next is done", await claimInOrder(context, "d", again), [id(3)]);
  await settle(context, failed(id(3), lease("d"), NOON + 21));
  await move(context, redriving([id(5)], NOON + 50));
  const late = { now: NOON + 30 };
  expectEqual("when the earliest was redriven", await claimInOrder(context, "e", late), []);
  await move(context, discarding([id(5)], { at: NOON + 30 }));
  expectEqual("when the earliest was discarded", await claimInOrder(context, "f", late), [id(3)]);
}

/** Two alerts wait for their turn, and one of another issue does not. Claims in order what does not wait. */
async function seedWaiting(context: CaseContext): Promise<void> {
  await seed(context, [
    [turned(1, 1), NOON],
    [turned(2, 2), NOON - 9],
    [turned(3, 3), NOON - 5],
    [sampleAlert(SECOND, 4), NOON - 7],
  ]);
  expectEqual("in order", await claimInOrder(context, "a"), [4, 1].map(id));
}

async function expectWaitingToBeListed(context: CaseContext): Promise<void> {
  const pending = idsOf(await list(context, "pending"));
  expectEqual("all that are pending, by when they are due", pending, [2, 3, 1, 4].map(id));
  const [first] = await list(context, "pending", { limit: 1 });
  expectEqual("the first page", first?.alert.id, id(2));
  const after = { at: NOON - 9, id: id(2) };
  expectEqual("the second page", idsOf(await list(context, "pending", { limit: 2, after })), [3, 1].map(id));
  const counts = { due: 2, waiting: 0, leased: 2, dead: 0, discarded: 0 };
  expectEqual("the number of alerts", await count(context, NOON), counts);
}

async function expectWaitingToBeClaimed(context: CaseContext): Promise<void> {
  await insert(context, [sampleAlert(THIRD, 6)], NOON - 8);
  const claimed = idsOf(await claim(context, lease("b"), { limit: 2 }));
  expectEqual("in no order, those due longest", claimed, [2, 6].map(id));
  const ofFirst = await claim(context, lease("c"), { issueIds: [FIRST.id] });
  expectEqual("in no order, of one issue", idsOf(ofFirst), [id(3)]);
  const settled = await settle(context, failed(id(2), lease("b"), NOON + 5), done(id(6), lease("b")));
  expectEqual("settled", settled, [2, 6].map(id));
  const moved = await move(context, redriving([id(3)], NOON + 7, "pending"));
  expectEqual("redriven from those that are pending", moved, [id(3)]);
  expectEqual("in order, still", await claimInOrder(context, "d", { now: NOON + 7 }), []);
}

async function expectWaitingToBeSetBack(context: CaseContext): Promise<void> {
  const setBack = await move(context, { to: "due", dueAfter: NOON + 6, limit: 3 });
  expectEqual("those due last, set back", setBack, [1, 3, 4].map(id));
  const pending = (await list(context, "pending")).map(({ alert, state }) => [alert.id, state]);
  const atOnce = { status: "pending", dueAt: 0 };
  expectEqual("the pending", pending, [
    ...[1, 3, 4].map((number) => [id(number), atOnce]),
    [id(2), { status: "pending", dueAt: NOON + 5 }],
  ]);
}

/** Claims, one at a time. */
export const alertClaimCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "alerts-claimed",
    title: "a claim returns what is due, the longest due first, and counts the attempt, unless it is rolled back",
    requires:
      "claim() claims pending alerts that are due, the longest due first, ties by id, and counts an attempt. It returns when each was due.",
    async run(context) {
      const [first, second, third] = [sampleAlert(FIRST, 1), sampleAlert(FIRST, 2), sampleAlert(SECOND, 3)];
      const throttled = sampleThrottled(4);
      await seed(context, [
        [first, NOON],
        [second, NOON - 5],
        [third, NOON + 4],
        [throttled, NOON - 4],
        [sampleAlert(SECOND, 5), NOON],
      ]);
      expectEqual("before any is due", await claim(context, lease("x"), { now: NOON - 6 }), []);
      const before = await everything(context);
      await failureOf(() =>
        withOutbox(context, async (outbox) => {
          const request = { lease: lease("x"), now: NOON + 9, limit: 3, issueIds: null };
          await outbox.claim({ ...request, inOrder: false });
          await outbox.claim({ ...request, inOrder: true });
          throw new Error("roll back");
        }),
      );
      expectEqual("everything, after a claim that was rolled back", await everything(context), before);
      const due = [
        [second, NOON - 5],
        [throttled, NOON - 4],
        [first, NOON],
      ] as const;
      const claimed = due.map(([alert, dueAt]) => ({ alert, dueAt, attempts: 1, memo: null }));
      expectEqual("at most three", await claim(context, lease("a"), { limit: 3 }), claimed);
      expectEqual("the others that are due", idsOf(await claim(context, lease("b"))), [id(5)]);
      const pending = (await list(context, "pending")).map(({ alert, state, attempts }) => [alert.id, state, attempts]);
      const state = { status: "pending", dueAt: NOON + MINUTE };
      expectEqual("the pending", pending, [
        [id(3), { status: "pending", dueAt: NOON + 4 }, 0],
        ...[1, 2, 4, 5].map((number) => [id(number), state, 1]),
      ]);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-claimed-often",
    title: "attempts are counted on, however many there were",
    requires: "claim() counts an attempt; it returns how often the alert was claimed.",
    async run(context) {
      await seed(context, [[sampleAlert(FIRST, 1), NOON]]);
      const often = 300;
      const attempts = await withOutbox(context, async (outbox) => {
        const counted: (number | undefined)[] = [];
        for (let attempt = 1; attempt <= often; attempt++) {
          const held = lease(String(attempt), NOON + attempt);
          const request = { lease: held, now: NOON + attempt, limit: 1, issueIds: null, inOrder: false };
          counted.push((await outbox.claim(request))[0]?.attempts);
          await outbox.settle([failed(id(1), held, NOON + attempt)]);
        }
        return counted;
      });
      expectEqual(
        "the attempts",
        attempts,
        Array.from({ length: often }, (_, index) => index + 1),
      );
      expectEqual("the attempts that are listed", (await list(context, "pending"))[0]?.attempts, often);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-leased",
    title: "while a lease lasts its alerts are not claimed again; from its end on they are",
    requires: "claim() does not return an alert to two claims while the first one's lease lasts.",
    async run(context) {
      await seed(context, [
        [sampleAlert(FIRST, 1), NOON],
        [sampleThrottled(2), NOON],
      ]);
      await claim(context, lease("a", NOON + 50));
      for (const inOrder of [false, true]) {
        const issueIds = [FIRST.id];
        const early = { now: NOON + 49, inOrder };
        expectEqual("before its end", await claim(context, lease("b"), early), []);
        expectEqual("of the issue", await claim(context, lease("b"), { ...early, issueIds }), []);
      }
      const later = await claim(context, lease("b", NOON + 99), { now: NOON + 50 });
      const attempts = later.map((each) => [each.alert.id, each.dueAt, each.attempts]);
      expectEqual("at its end", attempts, [
        [id(1), NOON + 50, 2],
        [id(2), NOON + 50, 2],
      ]);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-claimed-by-issue",
    title: "a claim for some issues returns alerts of those only, the longest due first",
    requires: "claim() returns only alerts of the given issues, if any are given.",
    async run(context) {
      await seed(context, [
        [sampleAlert(FIRST, 1), NOON],
        [sampleAlert(SECOND, 2), NOON - 1],
        [sampleAlert(THIRD, 3), NOON - 9],
        [sampleThrottled(4), NOON - 9],
        [sampleAlert(FIRST, 5), NOON - 2],
        [sampleAlert(SECOND, 6), NOON + 1],
        [sampleAlert(FIRST, 7), NOON],
      ]);
      const of = async (issueIds: readonly string[], limit = 99): Promise<string[]> =>
        idsOf(await claim(context, lease("a"), { issueIds, limit }));
      expectEqual("of none", await of([]), []);
      expectEqual("of one that does not exist, and of no id", await of([uuid(77), "no id"]), []);
      expectEqual("of two, at most two alerts", await of([FIRST.id, SECOND.id], 2), [5, 2].map(id));
      expectEqual("of two and one that does not exist", await of([SECOND.id, uuid(77), FIRST.id]), [1, 7].map(id));
      expectEqual("of all", idsOf(await claim(context, lease("b"))), [3, 4].map(id));
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-claimed-alone",
    title: "an alert is alone only if no other one of its issue is pending, leased or not and whenever it is due",
    requires: "claim() says of an alert that it is alone only if no other alert of its issue is pending.",
    async run(context) {
      await seed(context, [
        [sampleAlert(FIRST, 1), NOON - 2],
        [sampleAlert(FIRST, 2), NOON + 9],
        [sampleAlert(SECOND, 3), NOON - 1],
        [sampleAlert(SECOND, 4), NOON],
        [sampleAlert(THIRD, 5), NOON],
      ]);
      const alone = async (token: string, limit: number): Promise<string[]> => {
        const request = { lease: lease(token), now: NOON, limit, issueIds: null, inOrder: false };
        const claimed = await withOutbox(context, (outbox) => outbox.claim(request));
        return idsOf(claimed.filter(({ isAlone, alert }) => isAlone === true && alert.issue?.id !== THIRD.id));
      };
      expectEqual("alone, with one that is due later, and with one that is due too", await alone("a", 2), []);
      expectEqual("alone, with one that is leased", await alone("b", 9), []);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-in-order",
    title: "in order, an alert waits while one of its issue with a lower turning point is pending, and no longer",
    requires:
      "claim(), in order, does not return an alert while another of its issue with a lower turning point is pending, whoever holds that and whenever it is due.",
    async run(context) {
      await seed(context, IN_ORDER);
      await expectPendingToDelay(context);
      await expectEndedNotToDelay(context);
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-waiting",
    title: "an alert that waits for its turn is a pending one like any other",
    requires:
      "claim(), in order, changes nothing of the alerts that have to wait: they are listed, counted, claimed in no order, moved and set back like any other, and can be claimed in order as soon as none before them is pending.",
    async run(context) {
      await seedWaiting(context);
      await expectWaitingToBeListed(context);
      await expectWaitingToBeClaimed(context);
      await expectWaitingToBeSetBack(context);
      await move(context, discarding([id(3)]));
      const late = { now: NOON + 7 };
      expectEqual("in order again", await claimInOrder(context, "e", late), [1, 4].map(id));
      await settle(context, dead(id(1), lease("e"), NOON + 7));
      expectEqual("in order, as soon as none before it is pending", await claimInOrder(context, "f", late), [id(2)]);
    },
  },
];

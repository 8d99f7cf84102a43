import type { Alert } from "../../../core/alert.ts";
import {
  DUE_AT_ONCE,
  outboxPositionOf,
  type OutboxPosition,
  type OutboxState,
  type OutboxStatus,
} from "../../../ports/alert-outbox.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  claim,
  count,
  dead,
  discarding,
  everything,
  failed,
  idsOf,
  insert,
  lease,
  list,
  move,
  redriving,
  settle,
} from "../outbox.ts";
import { newIssue, NOON, sampleAlert, sampleThrottled, sampleIssue, SHOP, uuid } from "../samples.ts";

const [ISSUE, GONE] = [sampleIssue(1), sampleIssue(2)];
const id = (number: number): string => sampleAlert(ISSUE, number).id;

/** A text that databases are known to change. */
const HOSTILE = "it said \0 no \ud800 😀 \udfff '\"\\ á";

const REACHED = { kind: "volume", period: "week", nrOfPeriods: 1, volume: 5 } as const;

/** Both kinds of alerts, with every kind of reason, with and without an event. */
const ALERTS: readonly Alert[] = [
  sampleAlert(ISSUE, 1),
  sampleAlert(ISSUE, 2, { kind: "new-issue", level: "debug", reason: { kind: "new-issue" }, event: null }),
  sampleAlert(ISSUE, 3, {
    kind: "unmute",
    level: "info",
    reason: {
      kind: "unmute",
      reason: { kind: "volume-reached", condition: REACHED, count: 6, sinceMute: true },
      wasDiscarded: true,
    },
    event: { id: HOSTILE, release: "", receivedAt: NOON, occurredAt: null },
  }),
  sampleAlert(ISSUE, 4, {
    level: "error",
    subject: HOSTILE,
    text: HOSTILE,
    reason: { kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: 0 } },
    project: { id: SHOP.id, slug: HOSTILE },
  }),
  sampleThrottled(5),
  sampleThrottled(6, {
    subject: HOSTILE,
    reason: {
      kind: "throttled",
      from: 0,
      until: NOON,
      counts: { "new-issue": 0, regression: 1, unmute: 0, loud: 2 },
      examples: [{ id: uuid(1), friendlyId: "SHOP-1", title: HOSTILE }],
    },
  }),
  sampleAlert(ISSUE, 7, {
    kind: "loud",
    reason: {
      kind: "loud",
      reason: { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 2.5 }, count: 70, usual: 9 },
    },
  }),
];

async function seed(context: CaseContext): Promise<void> {
  await write(context, { projects: [SHOP], newIssues: [ISSUE, GONE].map(newIssue) });
}

/** Milliseconds after noon, some of them equal: of alerts with consecutive numbers. */
const AFTER_NOON = [5, 0, 5, 1, 5, 0, 9];

/** Adds alerts in a state at these instants, numbered from `first`, one of them about no issue. */
async function seedInState(context: CaseContext, status: OutboxStatus, first: number): Promise<void> {
  const held = lease(status);
  const numbered = AFTER_NOON.map((after, index) => ({ number: first + index, at: NOON + after }));
  for (const { number, at } of numbered.toReversed()) {
    const alert = number === first + 3 ? sampleThrottled(number) : sampleAlert(ISSUE, number);
    await insert(context, [alert], status === "pending" ? at : NOON - 9);
  }
  switch (status) {
    case "pending":
      return;
    case "dead":
      await claim(context, held, { now: NOON - 9 });
      await settle(context, ...numbered.map(({ number, at }) => dead(id(number), held, at)));
      return;
    case "discarded":
      for (const { number, at } of numbered) await move(context, discarding([id(number)], { at }));
  }
}

/** The ids of all alerts in a state, by consecutive pages. */
async function pagesOf(context: CaseContext, status: OutboxStatus, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let after: OutboxPosition | null = null;
  while (ids.length <= AFTER_NOON.length) {
    const page = await list(context, status, { after, limit });
    if (page.length > limit) expectEqual("the length of a page", page.length, limit);
    ids.push(...idsOf(page));
    const last = page.at(-1);
    if (last === undefined) return ids;
    after = outboxPositionOf(last);
  }
  return ids;
}

/** Adds alerts in all states: of the pending ones some are due at noon, some wait, and some are held. */
async function seedCounts(context: CaseContext): Promise<void> {
  const [ending, lasting] = [lease("ending", NOON), lease("lasting", NOON + 1)];
  const early = { now: NOON - 9 };
  const add = (numbers: readonly number[], dueAt: number) =>
    insert(
      context,
      numbers.map((number) => sampleAlert(ISSUE, number)),
      dueAt,
    );
  await add([3], NOON - 9);
  await claim(context, ending, early);
  await add([5, 6, 8, 9, 10, 11], NOON - 9);
  await insert(context, [sampleAlert(GONE, 17)], NOON - 9);
  await claim(context, lasting, early);
  await settle(context, failed(id(5), lasting, NOON + 1), ...[10, 11].map((each) => dead(id(each), lasting, NOON)));
  await move(context, redriving([id(6)], NOON + 1));
  await add([1], NOON - 1);
  await add([2], NOON);
  await add([4], NOON + 1);
  await insert(context, [sampleThrottled(7)], NOON + 1);
  await add([12, 13, 14, 15], NOON - 9);
  await insert(context, [sampleAlert(GONE, 16), sampleAlert(GONE, 18)], NOON - 9);
  await move(context, discarding([11, 12, 13, 14, 15, 18].map(id)));
  await write(context, { deletedIssues: [GONE.id] });
}

/** Lists and counts of alerts. */
export const alertListCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "alerts-kept",
    title: "alerts are returned unchanged, about an issue or not, with the state, error and memo of their attempts",
    requires:
      "write() adds alerts to the outbox, due at once; page() returns them with their state, attempts, last error and memo.",
    async run(context) {
      await seed(context);
      await write(context, { alerts: ALERTS });
      const fresh = { attempts: 0, lastError: null, memo: null };
      const state: OutboxState = { status: "pending", dueAt: DUE_AT_ONCE };
      const written = ALERTS.map((alert) => ({ alert, state, ...fresh }));
      expectEqual("as they were written", await everything(context), { pending: written, dead: [], discarded: [] });
      const held = lease("a");
      await claim(context, held);
      const result = { lease: held, error: HOSTILE, memo: `memo ${HOSTILE}` };
      await settle(
        context,
        ...ALERTS.map((alert) =>
          alert.issue === null
            ? ({ ...result, id: alert.id, outcome: "dead", diedAt: NOON + 1 } as const)
            : ({ ...result, id: alert.id, outcome: "failed", dueAt: NOON + 2 } as const),
        ),
      );
      const attempted = { attempts: 1, lastError: HOSTILE, memo: `memo ${HOSTILE}` };
      const waiting: OutboxState = { status: "pending", dueAt: NOON + 2 };
      const died: OutboxState = { status: "dead", diedAt: NOON + 1 };
      expectEqual("after an attempt", await everything(context), {
        pending: ALERTS.filter(({ issue }) => issue !== null).map((alert) => ({ alert, state: waiting, ...attempted })),
        dead: ALERTS.filter(({ issue }) => issue === null).map((alert) => ({ alert, state: died, ...attempted })),
        discarded: [],
      });
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-paged",
    title:
      "pages that follow each other return every alert in a state once, by when it is due, died or was discarded, ties by id",
    requires:
      "page() returns alerts in the order of their positions: by when they are due, died or were discarded, ties by id.",
    async run(context) {
      await seed(context);
      const firstNumbers = { discarded: 11, dead: 21, pending: 31 } as const;
      await seedInState(context, "discarded", firstNumbers.discarded);
      await seedInState(context, "dead", firstNumbers.dead);
      await seedInState(context, "pending", firstNumbers.pending);
      for (const status of ["pending", "dead", "discarded"] as const) {
        const first = firstNumbers[status];
        const ordered = [1, 5, 3, 0, 2, 4, 6].map((index) => id(first + index));
        for (const limit of [1, 2, 3, 100]) {
          const what = `the ${status}, ${String(limit)} a page`;
          expectEqual(what, await pagesOf(context, status, limit), ordered);
        }
        const between = await list(context, status, { after: { at: NOON + 5, id: id(first + 1) }, limit: 3 });
        expectEqual(`the ${status} after a position that no alert has`, idsOf(between), ordered.slice(4));
      }
    },
  },
  {
    needs: ["outbox"],
    id: "alerts-counted",
    title: "every alert is counted once, by its state at an instant",
    requires: "count() returns the number of alerts that are due, waiting, leased, dead and discarded at an instant.",
    async run(context) {
      await seed(context);
      const none = { due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 };
      expectEqual("of none", await count(context, NOON), none);
      await seedCounts(context);
      const ended = { dead: 1, discarded: 5 };
      expectEqual("before noon", await count(context, NOON - 1), { due: 1, waiting: 5, leased: 3, ...ended });
      expectEqual("at noon", await count(context, NOON), { due: 3, waiting: 4, leased: 2, ...ended });
      expectEqual("after noon", await count(context, NOON + 1), { due: 9, waiting: 0, leased: 0, ...ended });
    },
  },
];

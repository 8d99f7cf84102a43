import type { Alert } from "../../../core/alert.ts";
import type { Actor } from "../../../core/turning-point.ts";
import { allReadable } from "../../../core/unreadable.ts";
import {
  outboxPositionOf,
  type AlertSettlement,
  type OutboxEntry,
  type OutboxPosition,
  type OutboxStatus,
} from "../../../ports/alert-outbox.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { MANY, NO_LIMIT, numbersTo, shuffled } from "../many.ts";
import { claim, count, discarding, evictAlerts, lease, move, outboxOf, redriving, settle } from "../outbox.ts";
import { newIssue, NOON, sampleAlert, sampleIssue, SHOP, uuid } from "../samples.ts";

const ISSUES = numbersTo(MANY).map((number) => sampleIssue(number));
/** One of each issue. */
const ALERTS: readonly Alert[] = ISSUES.map((issue) => sampleAlert(issue, issue.number));
/** The next one of every second issue. */
const NEXT: readonly Alert[] = ISSUES.filter((_, index) => index % 2 === 1).map((issue) =>
  sampleAlert(issue, 5_000 + issue.number),
);
const IDS = ALERTS.map(({ id }) => id);
const PERSON: Actor = { kind: "user", id: "a person" };
const HELD = lease("held", NOON + 50);

/** Entries in the order of their positions. */
function ordered(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return entries.toSorted((one, other) => {
    const [first, second] = [outboxPositionOf(one), outboxPositionOf(other)];
    return first.at - second.at || (first.id < second.id ? -1 : 1);
  });
}

/** All pages of the alerts in a state, of at most 1,000 each. */
async function pagesOf(context: CaseContext, status: OutboxStatus): Promise<OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  let after: OutboxPosition | null = null;
  while (entries.length <= 2 * MANY) {
    const request = { status, after, limit: 1_000 };
    const page = allReadable(await read(context, (reader) => outboxOf(reader).page(request)));
    entries.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    after = outboxPositionOf(last);
  }
  return entries;
}

/** Compares all alerts, in pages of a thousand or at once. */
async function expectEntries(
  context: CaseContext,
  what: string,
  entries: readonly OutboxEntry[],
  inPages = false,
): Promise<void> {
  for (const status of ["pending", "dead", "discarded"] as const) {
    const expected = ordered(entries.filter(({ state }) => state.status === status));
    const listed = inPages
      ? await pagesOf(context, status)
      : await read(context, (reader) => outboxOf(reader).page({ status, after: null, limit: NO_LIMIT }));
    expectEqual(`alerts that are ${status}, ${what}`, listed, expected);
  }
}

/** When an alert is due at first: in five groups, in the order of no numbers. */
function dueTime(index: number): number {
  return NOON - 10 + ((index * 3) % 5);
}

/** Adds all alerts, due at different times. Returns what is stored. */
async function store(context: CaseContext): Promise<OutboxEntry[]> {
  await write(context, { projects: [SHOP], newIssues: ISSUES.map(newIssue) });
  await transact(context, async (transaction) => {
    await transaction.write({ alerts: shuffled([...ALERTS, ...NEXT]) });
    for (const first of [0, 1, 2, 3, 4]) {
      const ids = IDS.filter((_, index) => index % 5 === first);
      await outboxOf(transaction).move(redriving(shuffled(ids), dueTime(first)));
    }
  });
  const fresh = { attempts: 0, lastError: null, memo: null };
  return [
    ...ALERTS.map((alert, index) => ({
      ...fresh,
      alert,
      state: { status: "pending", dueAt: dueTime(index) } as const,
    })),
    ...NEXT.map((alert) => ({ ...fresh, alert, state: { status: "pending", dueAt: 0 } as const })),
  ];
}

/** Claims the first alert of each issue, by the ids of the issues. Returns what is stored then. */
async function claimFirst(context: CaseContext, entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
  const unknown = numbersTo(100).map((number) => uuid(20_000 + number));
  const issueIds = shuffled([...ISSUES.map(({ id }) => id), ...unknown]);
  const first = entries.slice(0, MANY);
  const claimed = await claim(context, HELD, { limit: NO_LIMIT, issueIds, inOrder: true });
  const expected = ordered(first).map((entry) => {
    return { alert: entry.alert, dueAt: outboxPositionOf(entry).at, attempts: 1, memo: null };
  });
  expectEqual("the first alert of each issue, claimed by the issues", claimed, expected);
  const leased = first.map((entry) => ({
    ...entry,
    attempts: 1,
    state: { status: "pending", dueAt: HELD.until } as const,
  }));
  return [...leased, ...entries.slice(MANY)];
}

/** The settlement of a claimed alert, with texts of its own, and what is stored then. */
function settlementOf(entry: OutboxEntry, index: number): readonly [AlertSettlement, OutboxEntry | undefined] {
  const { id } = entry.alert;
  const at = NOON + 100 + ((index * 7_919) % MANY);
  const texts = { error: `error ${String(index)}`, memo: index % 3 === 0 ? null : `memo ${String(index)}` };
  const held = { id, lease: HELD };
  const tried = { lastError: texts.error, memo: texts.memo };
  switch (index % 4) {
    case 0:
      return [{ ...held, outcome: "done" }, undefined];
    case 1:
      return [
        { ...held, outcome: "released", dueAt: at },
        { ...entry, attempts: 0, state: { status: "pending", dueAt: at } },
      ];
    case 2:
      return [
        { ...held, ...texts, outcome: "failed", dueAt: at },
        { ...entry, ...tried, state: { status: "pending", dueAt: at } },
      ];
    default:
      return [
        { ...held, ...texts, outcome: "dead", diedAt: at },
        { ...entry, ...tried, state: { status: "dead", diedAt: at } },
      ];
  }
}

/** Settles all claimed alerts in one batch, with every outcome. Returns what is stored then. */
async function settleAll(context: CaseContext, entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
  const settlements = entries.slice(0, MANY).map(settlementOf);
  const unknown = numbersTo(100).map(
    (number) => ({ id: uuid(20_000 + number), lease: HELD, outcome: "done" }) as const,
  );
  const settled = await settle(context, ...shuffled([...settlements.map(([settlement]) => settlement), ...unknown]));
  expectEqual("settled alerts", settled, IDS);
  return [...settlements.flatMap(([, entry]) => (entry === undefined ? [] : [entry])), ...entries.slice(MANY)];
}

/** Discards every second alert that is left. Returns what is stored then. */
async function discardSome(context: CaseContext, entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
  const ids = entries.filter((_, index) => index % 2 === 0).map(({ alert }) => alert.id);
  const decision = { reason: "many", by: PERSON };
  const unknown = numbersTo(100).map((number) => uuid(20_000 + number));
  const moved = await move(context, discarding(shuffled([...ids, ...unknown]), { at: NOON + 7, ...decision }));
  expectEqual("discarded alerts", moved, ids.toSorted());
  return entries.map((entry, index) =>
    index % 2 === 0 ? { ...entry, state: { status: "discarded", discardedAt: NOON + 7, ...decision } } : entry,
  );
}

/** Claims all that is due, of all issues. Returns what is stored then. */
async function claimAll(context: CaseContext, entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
  const isDue = ({ state }: OutboxEntry): boolean => state.status === "pending" && state.dueAt <= NOON;
  const claimed = await claim(context, HELD, { limit: NO_LIMIT });
  const expected = ordered(entries.filter(isDue)).map(({ alert, memo, attempts }) => {
    return { alert, dueAt: 0, attempts: attempts + 1, memo };
  });
  expectEqual("all alerts that are due, claimed", claimed, expected);
  return entries.map((entry) =>
    isDue(entry) ? { ...entry, attempts: entry.attempts + 1, state: { status: "pending", dueAt: HELD.until } } : entry,
  );
}

/** Redrives every fourth alert that has ended. Returns what is stored then. */
async function redriveSome(context: CaseContext, entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
  const ended = entries.filter(({ state }) => state.status !== "pending");
  const ids = ended.filter((_, index) => index % 4 === 0).map(({ alert }) => alert.id);
  const dueAt = NOON + 5_000;
  expectEqual("redriven alerts", await move(context, redriving(shuffled(ids), dueAt)), ids.toSorted());
  const redriven = new Set(ids);
  return entries.map((entry) =>
    redriven.has(entry.alert.id) ? { ...entry, attempts: 0, state: { status: "pending", dueAt } } : entry,
  );
}

/** Sets back all pending alerts, and evicts all others. */
async function setBackAndEvict(context: CaseContext, entries: readonly OutboxEntry[]): Promise<void> {
  const pending = entries.filter(({ state }) => state.status === "pending");
  const ended = entries.length - pending.length;
  const ids = pending.map(({ alert }) => alert.id).sort();
  expectEqual("alerts set back", await move(context, { to: "due", dueAfter: NOON, limit: NO_LIMIT }), ids);
  const endedBefore = NOON + 5_000;
  expectEqual("the first 300 evicted alerts", await evictAlerts(context, { endedBefore, limit: 300 }), 300);
  const others = await evictAlerts(context, { endedBefore, limit: NO_LIMIT });
  expectEqual("all other evicted alerts", others, ended - 300);
  const due = pending.map((entry): OutboxEntry => ({ ...entry, state: { status: "pending", dueAt: 0 } }));
  await expectEntries(context, "that were not evicted", due, true);
  const counts = { due: due.length, waiting: 0, leased: 0, dead: 0, discarded: 0 };
  expectEqual("the number of alerts", await count(context, NOON), counts);
}

/** Many alerts. */
export const largeOutboxCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "many-alerts",
    title: "thousands of alerts are added, listed, claimed, settled, moved and evicted at once",
    requires: "A batch of any size is accepted: of alerts, issue ids and settlements; and a limit of any size.",
    async run(context) {
      const added = await store(context);
      await expectEntries(context, "as they were added", added, true);
      const claimed = await claimFirst(context, added);
      const settled = await settleAll(context, claimed);
      await expectEntries(context, "as they were settled", settled);
      const discarded = await discardSome(context, settled);
      await expectEntries(context, "after some were discarded", discarded);
      const leased = await claimAll(context, discarded);
      const redriven = await redriveSome(context, leased);
      await expectEntries(context, "after some were claimed and redriven", redriven, true);
      await setBackAndEvict(context, redriven);
    },
  },
];

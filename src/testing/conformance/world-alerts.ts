import { allReadable } from "../../core/unreadable.ts";
import type { Actor } from "../../core/turning-point.ts";
import type { OutboxEntry, OutboxReader, OutboxState } from "../../ports/alert-outbox.ts";
import type { StoreTransaction } from "../../ports/issue-store.ts";
import { expectEqual } from "../assertion/assertion.ts";
import { abbreviated } from "./long-text.ts";
import { outboxOf } from "./outbox.ts";
import { NOON } from "./samples.ts";
import { nonEmpty, type TextWorld, type WorldAlert } from "./text-world.ts";

/*
 * The alerts and tallies of text worlds in a store.
 */

const WAITS_UNTIL = NOON + 2;
const LEASED_UNTIL = NOON + 4;

/** Stores the worlds' alerts, brings each into its state, and stores the worlds' tallies. */
export async function storeAlerts(transaction: StoreTransaction, worlds: readonly TextWorld[]): Promise<void> {
  const outbox = outboxOf(transaction);
  const lease = { token: "first", until: LEASED_UNTIL };
  await transaction.write({ alerts: worlds.flatMap(({ alerts }) => [alerts.failed, alerts.dead, alerts.leased]) });
  await outbox.claim({ lease, now: NOON, limit: 9_999, issueIds: null, inOrder: false });
  await outbox.settle(
    worlds.flatMap(({ alerts, text }) => {
      const result = { lease, error: text(1_000), memo: text(2_000) };
      return [
        { ...result, id: alerts.failed.id, outcome: "failed", dueAt: WAITS_UNTIL },
        { ...result, id: alerts.dead.id, outcome: "dead", diedAt: NOON + 1 },
      ] as const;
    }),
  );
  await transaction.write({
    alerts: worlds.flatMap(({ alerts }) => [alerts.due, alerts.discarded, alerts.throttled]),
  });
  for (const world of worlds) {
    const ids = [world.alerts.discarded.id];
    await outbox.move({ to: "discarded", ids, at: NOON + 3, ...decisionOf(world) });
  }
  await outbox.writeTallies({ save: worlds.map(({ tally }) => tally) });
}

function decisionOf({ text }: TextWorld): { readonly reason: string; readonly by: Actor } {
  return { reason: nonEmpty(text(1_000)), by: { kind: "user", id: nonEmpty(text(200)) } };
}

/** Compares the worlds' alerts and tallies with what is stored. */
export async function expectAlerts(
  transaction: StoreTransaction,
  worlds: readonly TextWorld[],
  nameOf: (world: TextWorld) => string,
): Promise<void> {
  const outbox = outboxOf(transaction);
  const entries = await storedEntries(outbox);
  const scopes = worlds.map(({ tally: { projectId, issueId } }) => ({ projectId, issueId }));
  const tallies = new Map((await outbox.lockTallies({ scopes })).map((tally) => [tally.projectId, tally]));
  const lease = { token: "last", until: NOON + 99 };
  const claimed = await outbox.claim({ lease, now: LEASED_UNTIL, limit: 9_999, issueIds: null, inOrder: false });
  const deliveries = new Map(claimed.map(({ alert, memo }) => [alert.id, { alert, memo }]));
  expectEqual("the number of alerts", entries.size, 6 * worlds.length);
  for (const world of worlds) {
    const { alerts, text, tally } = world;
    const actual = {
      entries: entriesIn(entries, world),
      tally: tallies.get(tally.projectId),
      delivered: [deliveries.get(alerts.failed.id), deliveries.get(alerts.throttled.id)],
    };
    const delivered = [
      { alert: alerts.failed, memo: text(2_000) },
      { alert: alerts.throttled, memo: null },
    ];
    const expected = { entries: entriesOf(world), tally, delivered };
    expectEqual(`alerts and tallies made of ${nameOf(world)}`, abbreviated(actual), abbreviated(expected));
  }
}

/** All alerts by their ids. */
async function storedEntries(outbox: OutboxReader): Promise<Map<string, OutboxEntry>> {
  const entries = new Map<string, OutboxEntry>();
  for (const status of ["pending", "dead", "discarded"] as const) {
    const page = await outbox.page({ status, after: null, limit: 9_999 });
    for (const entry of allReadable(page)) entries.set(entry.alert.id, entry);
  }
  return entries;
}

type Entries = Readonly<Record<WorldAlert, OutboxEntry | undefined>>;

/** The entries of a world's alerts. */
function entriesIn(stored: ReadonlyMap<string, OutboxEntry>, { alerts }: TextWorld): Entries {
  const { failed, dead, leased, due, discarded, throttled } = alerts;
  return {
    failed: stored.get(failed.id),
    dead: stored.get(dead.id),
    leased: stored.get(leased.id),
    due: stored.get(due.id),
    discarded: stored.get(discarded.id),
    throttled: stored.get(throttled.id),
  };
}

/** What {@link entriesIn} returns. */
function entriesOf(world: TextWorld): Entries {
  const entry = (alert: WorldAlert, state: OutboxState, attempts = 0): OutboxEntry => {
    return { alert: world.alerts[alert], state, attempts, lastError: null, memo: null };
  };
  const tried = { lastError: world.text(1_000), memo: world.text(2_000) };
  return {
    failed: { ...entry("failed", { status: "pending", dueAt: WAITS_UNTIL }, 1), ...tried },
    dead: { ...entry("dead", { status: "dead", diedAt: NOON + 1 }, 1), ...tried },
    leased: entry("leased", { status: "pending", dueAt: LEASED_UNTIL }, 1),
    due: entry("due", { status: "pending", dueAt: 0 }),
    discarded: entry("discarded", { status: "discarded", discardedAt: NOON + 3, ...decisionOf(world) }),
    throttled: entry("throttled", { status: "pending", dueAt: 0 }),
  };
}

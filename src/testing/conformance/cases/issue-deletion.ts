import { ALL_ISSUES } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue } from "../../../core/issue.ts";
import { markSeen } from "../../../core/release-mark.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { OutboxStatus } from "../../../ports/alert-outbox.ts";
import type { StoreReader, StoreTransaction } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, lock, read, transact, write, type ConformanceCase } from "../case.ts";
import { discarding, outboxOf, redriving } from "../outbox.ts";
import {
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
  uuid,
} from "../samples.ts";

const [RELEASE] = sampleReleases().known;
const MARK = markSeen(RELEASE, undefined);

/** The numbers of the issues whose alerts are in the outbox, by state, and the outbox's counts. */
async function readAlerts(reader: StoreReader) {
  const outbox = outboxOf(reader);
  const of = async (status: OutboxStatus) =>
    allReadable(await outbox.page({ status, after: null, limit: 9 })).map(({ alert }) => alert.issue?.id);
  return {
    pending: await of("pending"),
    dead: await of("dead"),
    discarded: await of("discarded"),
    counts: await outbox.count(NOON),
  };
}

/** What a reader finds of two issues, one of which was deleted. */
async function readRest(reader: StoreReader, kept: Issue, gone: Issue) {
  const request = {
    projectId: SHOP.id,
    statuses: ISSUE_STATUSES,
    ...ALL_ISSUES,
    limit: 9,
    after: null,
  } as const;
  return {
    byId: (await reader.findIssues({ ids: [gone.id, kept.id] })).map(({ id }) => id),
    byNumber: await reader.findIssues({ projectId: SHOP.id, number: gone.number }),
    page: (await reader.pageIssues({ ...request, order: "first-seen", descending: false })).entries.map(({ id }) => id),
    history: (await reader.pageHistory(gone.id, null, 5)).length,
    counters: [...(await reader.findCounters([gone.id, kept.id])).keys()],
    marks: await reader.findMarks([null, MARK.orderKey].map((upTo) => ({ issueId: gone.id, upTo, limit: 5 }))),
    users: await reader.findUsers([gone, kept].map(({ id }) => ({ issueId: id, user: userHash(1) }))),
    counts: await reader.countUsers(
      [gone, kept].map(({ id }) => ({ issueId: id, fromDay: 0, fromTurn: null, limit: 9 })),
    ),
    event: await reader.findEvent({ projectId: SHOP.id, id: "of 2" }),
  };
}

/** A dead, a discarded and a held alert of an issue. */
async function addAlertsInAllStates(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const [dead, discarded, held] = [0, 1, 2].map((state) => sampleAlert(issue, 3 * issue.number + state));
  if (dead === undefined || discarded === undefined || held === undefined) return;
  const lease = { token: "held", until: NOON + 1 };
  await transaction.write({ alerts: [dead, held] });
  await outbox.claim({ lease, now: NOON, limit: 9, issueIds: null, inOrder: false });
  await outbox.settle([{ id: dead.id, lease, outcome: "dead", diedAt: NOON, error: "it died", memo: null }]);
  await transaction.write({ alerts: [discarded] });
  await outbox.move(discarding([discarded.id]));
}

/** Checks that of two issues' alerts, one's can neither be claimed nor moved. */
async function expectAlertsGone(transaction: StoreTransaction, gone: Issue, kept: Issue): Promise<void> {
  const outbox = outboxOf(transaction);
  const request = { lease: { token: "t", until: NOON + 5 }, now: NOON + 1, limit: 9, inOrder: false };
  expectEqual("claimed of the deleted issue", await outbox.claim({ ...request, issueIds: [gone.id] }), []);
  const claimed = await outbox.claim({ ...request, issueIds: null });
  expectEqual(
    "claimed",
    claimed.map(({ alert }) => alert.issue?.id),
    [kept.id],
  );
  const ids = [0, 1, 2].map((state) => sampleAlert(gone, 3 * gone.number + state).id);
  expectEqual("redriven", await outbox.move(redriving(ids, NOON)), []);
  expectEqual("discarded", await outbox.move(discarding(ids)), []);
}

/** Issues that are deleted, with all that belongs to them. */
export const issueDeletionCases: readonly ConformanceCase[] = [
  {
    id: "issues-deleted",
    title: "nothing of a deleted issue is found, its group is free, and its alerts are not delivered",
    requires:
      "write() deletes issues: neither they nor anything of theirs may be found afterwards, their groups are free, and their alerts are not delivered.",
    async run(context) {
      const deadline = { at: NOON, wakeOn: "deadline", isDuration: false } as const;
      const [kept, gone, muted] = [
        sampleIssue(1),
        sampleIssue(2, {
          state: { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "by-next" } },
        }),
        sampleIssue(3, { state: { status: "muted", mute: { mutedAt: NOON, deadline, volume: null } } }),
      ];
      const full = [kept, gone];
      await transact(context, async (transaction) => {
        await transaction.write({
          projects: [SHOP],
          releases: [{ projectId: SHOP.id, release: RELEASE }],
          newIssues: [kept, gone, muted].map(newIssue),
          counters: new Map(full.map(({ id, number }) => [id, Uint8Array.of(number)])),
          marks: full.map(({ id }) => ({ issueId: id, mark: MARK })),
          users: full.map(({ id }) => sampleUser(id, 1)),
          turningPoints: full.map(({ id }) => sampleTurningPoint(id, 1)),
          events: full.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`)),
        });
        if (context.hasOutbox) for (const issue of full) await addAlertsInAllStates(transaction, issue);
      });
      await write(context, { deletedIssues: [gone.id, muted.id, uuid(77), "no id"] });
      expectEqual("what is left", await read(context, (reader) => readRest(reader, kept, gone)), {
        byId: [kept.id],
        byNumber: [],
        page: [kept.id],
        history: 0,
        counters: [kept.id],
        marks: [[], []],
        users: [undefined, sampleUser(kept.id, 1)],
        counts: [0, 1],
        event: undefined,
      });
      expectEqual(
        "awaiting the next release",
        await lock(context, { awaitingNextIn: SHOP.id, after: 0, limit: 5 }),
        [],
      );
      expectEqual("to be woken", await lock(context, { wakesUntil: NOON, limit: 5 }), []);
      const group = sampleGroup(gone);
      expectEqual("the issue of its group", (await load(context, { groups: [group] })).grouped, [undefined]);
      if (context.hasOutbox) {
        expectEqual("the alerts left", await read(context, readAlerts), {
          pending: [kept.id],
          dead: [kept.id],
          discarded: [kept.id],
          counts: { due: 0, waiting: 0, leased: 1, dead: 1, discarded: 1 },
        });
        await transact(context, (transaction) => expectAlertsGone(transaction, gone, kept));
      }
      await write(context, { newIssues: [{ issue: sampleIssue(4), group }] });
    },
  },
];

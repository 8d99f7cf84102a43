import type { Issue, IssueState } from "../../../core/issue.ts";
import type { OutboxStatus } from "../../../ports/alert-outbox.ts";
import type { StoreReader, StoreTransaction } from "../../../ports/issue-store.ts";
import { IssueLifecycleError } from "../../../core/errors.ts";
import type { ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import {
  BLOG,
  MINUTE,
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleTurningPoint,
  SHOP,
  uuid,
} from "../samples.ts";

/** Every kind of state, with every kind of member. */
const STATES: readonly IssueState[] = [
  { status: "open" },
  { status: "resolved", resolvedAt: NOON, resolution: { kind: "plain" } },
  { status: "resolved", resolvedAt: NOON, resolution: { kind: "by-next" } },
  { status: "resolved", resolvedAt: NOON, resolution: { kind: "by-release", releases: ["1.0.0", "", "x\0"] } },
  { status: "muted", mute: { mutedAt: NOON, deadline: null, volume: null } },
  { status: "muted", mute: { mutedAt: NOON, deadline: { at: NOON + 5, wakeOn: "next-event" }, volume: null } },
  {
    status: "muted",
    mute: {
      mutedAt: NOON,
      deadline: { at: NOON + MINUTE, wakeOn: "deadline" },
      volume: {
        conditions: [
          { period: "hour", nrOfPeriods: 3, volume: 17 },
          { period: "total", nrOfPeriods: 1, volume: Number.MAX_SAFE_INTEGER },
        ],
        countedFrom: 4,
        checkAt: 21,
      },
    },
  },
];

/** The outbox as the issues that alerts are about, and as how many there are. */
async function alertsLeft(reader: StoreReader) {
  const of = async (status: OutboxStatus) =>
    (await reader.pageAlerts({ status, after: null, limit: 9 })).map(({ alert }) => alert.issue?.id);
  return {
    pending: await of("pending"),
    dead: await of("dead"),
    discarded: await of("discarded"),
    counts: await reader.countAlerts(NOON),
  };
}

/** What a reader finds of two issues, one of which was deleted. */
async function whatIsLeft(reader: StoreReader, kept: Issue, gone: Issue) {
  const request = {
    projectId: SHOP.id,
    statuses: ["open", "muted", "resolved"],
    search: "",
    limit: 9,
    after: null,
  } as const;
  return {
    byId: [...(await reader.findIssues([gone.id, kept.id])).keys()],
    byNumber: await reader.findIssueByNumber(SHOP.id, gone.number),
    page: (await reader.pageIssues({ ...request, order: "first-seen", descending: false })).map(({ id }) => id),
    history: (await reader.pageHistory(gone.id, null, 5)).length,
    counters: [...(await reader.findCounters([gone.id, kept.id])).keys()],
    marks: (await reader.pageMarks(gone.id, null, 5)).length,
    nearest: await reader.findNearestMarks([{ issueId: gone.id, orderKey: "1" }]),
    event: await reader.findEvent({ projectId: SHOP.id, id: "of 2" }),
    alerts: await alertsLeft(reader),
  };
}

/** A dead, a discarded and a held alert of an issue. */
async function insertInAllStates(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const [dead, discarded, held] = [0, 1, 2].map((state) => sampleAlert(issue, 3 * issue.number + state));
  if (dead === undefined || discarded === undefined || held === undefined) return;
  const lease = { token: "held", until: NOON + 1 };
  await transaction.insertAlerts([dead, held], NOON);
  await transaction.claimAlerts({ lease, now: NOON, limit: 9, issueIds: null, inOrder: false });
  const died = { outcome: "dead", diedAt: NOON, error: "it died", memo: null } as const;
  await transaction.settleAlerts([{ ...died, id: dead.id, lease }]);
  await transaction.insertAlerts([discarded], NOON);
  await transaction.discardAlerts({
    ids: [discarded.id],
    discardedAt: NOON,
    reason: "noise",
    by: { kind: "system" },
  });
}

/** Shows that of two issues' alerts, whatever is done with them, one's are as if they had never been. */
async function showThatAlertsAreGone(transaction: StoreTransaction, gone: Issue, kept: Issue): Promise<void> {
  const asked = { lease: { token: "t", until: NOON + 5 }, now: NOON + 1, limit: 9 };
  const ofGone = { ...asked, issueIds: [gone.id] };
  expectEqual("claimed of it", await transaction.claimAlerts({ ...ofGone, inOrder: false }), []);
  const claimed = await transaction.claimAlerts({ ...asked, issueIds: null, inOrder: false });
  expectEqual(
    "claimed",
    claimed.map(({ alert }) => alert.issue?.id),
    [kept.id],
  );
  const ids = [0, 1, 2].map((state) => sampleAlert(gone, 3 * gone.number + state).id);
  expectEqual("driven again", await transaction.redriveAlerts({ status: null, ids, dueAt: NOON }), []);
  const discard = { ids, discardedAt: NOON, reason: "noise", by: { kind: "system" } } as const;
  expectEqual("discarded", await transaction.discardAlerts(discard), []);
}

/** Issues: kept, changed, refused, deleted, and found when it is their turn. */
export const issueCases: readonly ConformanceCase[] = [
  {
    id: "issues-kept",
    title: "issues come back as they were, by id and by number, in every state; what is no id is not found",
    requires: "findIssues() and findIssueByNumber() give issues as they were saved; a text that is no id is not found.",
    async run(context) {
      const issues = STATES.map((state, index) => sampleIssue(index + 1, { state }));
      const bare = sampleIssue(99, { transaction: "", lastSeenIn: undefined, eventCount: Number.MAX_SAFE_INTEGER });
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([...issues, bare].map(newIssue));
      });
      await context.store.read(async (reader) => {
        const ids = [...issues, bare].map(({ id }) => id);
        const found = await reader.findIssues([
          ...ids,
          uuid(77),
          "no id",
          "",
          uuid(1).toUpperCase().replace("0190", "A190"),
        ]);
        expectEqual("by ids", found, new Map([...issues, bare].map((issue) => [issue.id, issue])));
        for (const issue of issues) {
          expectEqual("by number", await reader.findIssueByNumber(SHOP.id, issue.number), issue);
        }
        expectEqual("by a number nobody has", await reader.findIssueByNumber(SHOP.id, 50), undefined);
        expectEqual("by a number of another project", await reader.findIssueByNumber(BLOG.id, 1), undefined);
      });
    },
  },
  {
    id: "issues-updated",
    title: "an update writes every member that can change, and only of its own issue",
    requires: "updateIssues() writes issues' new values.",
    async run(context) {
      const before = sampleIssue(1);
      const other = sampleIssue(2);
      const changes: Partial<Issue>[] = [
        { title: "another" },
        { transaction: "elsewhere" },
        { firstSeenAt: NOON - 9 * MINUTE, lastSeenAt: NOON + 9 * MINUTE },
        { eventCount: 1_000_000 },
        { latestEventId: "the latest" },
        { lastSeenIn: undefined },
        { lastSeenIn: "9.9.9", turningPointCount: 44 },
        ...STATES.map((state) => ({ state })),
        { state: { status: "open" } },
      ];
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([before, other].map(newIssue));
      });
      await write(context, (transaction) =>
        transaction.updateIssues([before, other].map((each) => ({ before: each, after: { ...each, eventCount: 50 } }))),
      );
      const both = await context.store.read((reader) => reader.findIssues([before.id, other.id]));
      expectEqual(
        "two updated at once",
        Array.from(both.values(), ({ eventCount }) => eventCount),
        [50, 50],
      );
      await write(context, (transaction) =>
        transaction.updateIssues([before, other].map((each) => ({ before: { ...each, eventCount: 50 }, after: each }))),
      );
      let current = before;
      for (const change of changes) {
        const after: Issue = { ...current, ...change };
        const from = current;
        await write(context, (transaction) => transaction.updateIssues([{ before: from, after }]));
        const found = await context.store.read((reader) => reader.findIssues([before.id, other.id]));
        expectEqual("the updated issue", found.get(before.id), after);
        expectEqual("the other issue", found.get(other.id), other);
        current = after;
      }
    },
  },
  {
    id: "issues-inserted-once",
    title: "an id, a group or a number that is taken is refused, and numbers are never used again",
    requires:
      "insertIssues() raises the project's issueCount, and fails with `store-conflict` if an id or a group is taken, or a number is not above it.",
    async run(context) {
      const [first, second] = [sampleIssue(1), sampleIssue(4)];
      const group = sampleGroup(first);
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.insertIssues([first, second].map(newIssue));
      });
      const refused = [
        ["a number that is taken", { issue: { ...sampleIssue(5), number: 4 }, group: { ...group, key: "new" } }],
        ["a number below the highest", { issue: { ...sampleIssue(5), number: 2 }, group: { ...group, key: "new" } }],
        ["an id that is taken", { issue: { ...sampleIssue(5), id: first.id }, group: { ...group, key: "new" } }],
        ["a group that is taken", { issue: sampleIssue(5), group }],
      ] as const;
      for (const [what, issue] of refused) {
        await expectFailure(what, "store-conflict", () => write(context, (each) => each.insertIssues([issue])));
      }
      const failure = await failureOf(() => write(context, (each) => each.insertIssues([newIssue(first)])));
      expectEqual("whether a conflict is retryable", IssueLifecycleError.is(failure) && failure.retryable, true);
      await expectFailure("a group twice in a batch", "store-conflict", () =>
        write(context, (each) =>
          each.insertIssues([newIssue(sampleIssue(5)), { issue: sampleIssue(6), group: sampleGroup(sampleIssue(5)) }]),
        ),
      );
      const alike = { ...sampleIssue(5), number: 5 };
      await write(context, async (transaction) => {
        await transaction.deleteIssues([second.id]);
        await transaction.insertIssues([
          { issue: alike, group: { ...group, strategy: "sample/2" } },
          { issue: { ...sampleIssue(6), number: 1, projectId: BLOG.id }, group: { ...group, projectId: BLOG.id } },
        ]);
      });
      const projects = await context.store.read((reader) => reader.findProjects([SHOP.id, BLOG.id]));
      expectEqual("the issue counts", Array.from(projects.values(), ({ issueCount }) => issueCount).sort(), [1, 5]);
      await expectFailure("the number of a deleted issue", "store-conflict", () =>
        write(context, (each) => each.insertIssues([newIssue(sampleIssue(4))])),
      );
    },
  },
  {
    id: "issues-deleted",
    title: "of a deleted issue nothing is found, its group is free, and its alerts are not delivered",
    requires:
      "deleteIssues() forgets issues: neither they nor anything of theirs is found any more, their groups are free, and their alerts are not delivered.",
    async run(context) {
      const deadline = { at: NOON, wakeOn: "deadline" } as const;
      const [kept, gone, muted] = [
        sampleIssue(1),
        sampleIssue(2, { state: { status: "resolved", resolvedAt: NOON, resolution: { kind: "by-next" } } }),
        sampleIssue(3, { state: { status: "muted", mute: { mutedAt: NOON, deadline, volume: null } } }),
      ];
      const mark = { version: "1.0.0", number: 1, orderKey: "00", last: "seen", fixedAt: null } as const;
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([kept, gone, muted].map(newIssue));
        for (const issue of [kept, gone]) {
          await transaction.insertTurningPoints([sampleTurningPoint(issue.id, 1)]);
          await transaction.saveCounters(new Map([[issue.id, Uint8Array.of(issue.number)]]));
          await transaction.saveMarks([{ issueId: issue.id, mark }]);
          await transaction.insertEvents([sampleEvent(issue, `of ${String(issue.number)}`)]);
          await insertInAllStates(transaction, issue);
        }
      });
      await write(context, (transaction) => transaction.deleteIssues([gone.id, muted.id, uuid(77), "no id"]));
      const seen = await context.store.read((reader) => whatIsLeft(reader, kept, gone));
      expectEqual("what is left", seen, {
        byId: [kept.id],
        byNumber: undefined,
        page: [kept.id],
        history: 0,
        counters: [kept.id],
        marks: 0,
        nearest: [undefined],
        event: undefined,
        alerts: {
          pending: [kept.id],
          dead: [kept.id],
          discarded: [kept.id],
          counts: { due: 0, waiting: 0, leased: 1, dead: 1, discarded: 1 },
        },
      });
      await write(context, async (transaction) => {
        expectEqual("waiting for the next release", await transaction.lockIssuesAwaitingNext(SHOP.id, 5), []);
        expectEqual("to be woken", await transaction.lockIssuesToWake(NOON, 5), []);
        const group = sampleGroup(gone);
        const { issues } = await transaction.loadForDigest({ events: [], groups: [group], releases: [] });
        expectEqual("the issue of its group", issues, [undefined]);
        await showThatAlertsAreGone(transaction, gone, kept);
        await transaction.insertIssues([{ issue: sampleIssue(4), group }]);
      });
    },
  },
  {
    id: "awaiting-next",
    title: "issues resolved by the next release are found, lowest number first, as long as they wait",
    requires:
      "lockIssuesAwaitingNext() gives the project's issues resolved by the next release, lowest number first, at most `limit`.",
    async run(context) {
      const waiting: IssueState = { status: "resolved", resolvedAt: NOON, resolution: { kind: "by-next" } };
      const issues = [1, 2, 3, 4].map((number) => sampleIssue(number));
      const elsewhere = sampleIssue(5, { projectId: BLOG.id, state: waiting });
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.insertIssues([...issues, elsewhere].map(newIssue));
        for (const place of [3, 0, 2]) {
          const before = issues[place];
          if (before !== undefined) await transaction.updateIssues([{ before, after: { ...before, state: waiting } }]);
        }
      });
      const numbers = async (limit: number): Promise<number[]> =>
        (await write(context, (each) => each.lockIssuesAwaitingNext(SHOP.id, limit))).map(({ number }) => number);
      expectEqual("all", await numbers(9), [1, 3, 4]);
      expectEqual("at most two", await numbers(2), [1, 3]);
      await write(context, (each) =>
        each.updateIssues(issues.slice(0, 1).map((issue) => ({ before: { ...issue, state: waiting }, after: issue }))),
      );
      expectEqual("after one was reopened", await numbers(9), [3, 4]);
    },
  },
  {
    id: "waking-order",
    title: "muted issues that asked to wake are found from their deadline on, the earliest first",
    requires:
      "lockIssuesToWake() gives muted issues that asked to wake at a deadline not later than `now`, the earliest deadline first, equals by id, at most `limit`.",
    async run(context) {
      const mute = (number: number, at: number, wakeOn: "deadline" | "next-event"): Issue =>
        sampleIssue(number, {
          state: { status: "muted", mute: { mutedAt: NOON, deadline: { at, wakeOn }, volume: null } },
        });
      const issues = [
        mute(1, NOON + 20, "deadline"),
        mute(2, NOON + 10, "deadline"),
        mute(3, NOON + 10, "next-event"),
        mute(4, NOON + 30, "deadline"),
        { ...mute(5, NOON + 20, "deadline"), projectId: BLOG.id },
        { ...mute(6, NOON + 20, "deadline"), id: uuid(0) },
      ];
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.insertIssues(issues.map(newIssue));
      });
      const due = async (now: number, limit: number): Promise<string[]> =>
        (await write(context, (each) => each.lockIssuesToWake(now, limit))).map(({ id }) => id);
      expectEqual("before the first deadline", await due(NOON + 9, 9), []);
      expectEqual("at the first deadline", await due(NOON + 10, 9), [uuid(2)]);
      expectEqual("at the second", await due(NOON + 20, 9), [uuid(2), uuid(0), uuid(1), uuid(5)]);
      expectEqual("at most two", await due(NOON + 99, 2), [uuid(2), uuid(0)]);
      await write(context, (each) =>
        each.updateIssues(
          issues.slice(1, 2).map((before) => ({ before, after: { ...before, state: { status: "open" } } })),
        ),
      );
      expectEqual("after one was unmuted", await due(NOON + 20, 9), [uuid(0), uuid(1), uuid(5)]);
      await write(context, (each) =>
        each.updateIssues(issues.slice(0, 1).map((before) => ({ before, after: mute(1, NOON + 21, "deadline") }))),
      );
      expectEqual("after one was muted for longer", await due(NOON + 20, 9), [uuid(0), uuid(5)]);
    },
  },
];

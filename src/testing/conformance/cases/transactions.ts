import { ALL_ISSUES } from "../../../core/issue-list.ts";
import type { Issue } from "../../../core/issue.ts";
import { markFixed, markSeen } from "../../../core/release-mark.ts";
import type { StoreTransaction } from "../../../ports/issue-store.ts";
import { AssertionFailure, expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expectOwnOutboxWrites } from "../outbox-work.ts";
import {
  ALL_PROJECTS,
  inProject,
  newIssue,
  NOON,
  refOf,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
} from "../samples.ts";
import { evict } from "./events.ts";

const { known: RELEASES } = sampleReleases();
const [R1, BUILD, R2] = RELEASES;
const [MARK, FIXED] = [markSeen(R1, undefined), markFixed(BUILD, undefined, NOON)];
/** A mark that is moved to {@link R2}. */
const MOVED = { projectId: SHOP.id, from: BUILD.orderKey, to: R2.orderKey };

/** Writes what belongs to an issue, and reads it in the same transaction. */
async function expectOwnWrites({ hasOutbox }: CaseContext, transaction: StoreTransaction, issue: Issue): Promise<void> {
  await transaction.write({
    releases: inProject(SHOP.id, RELEASES),
    counters: new Map([[issue.id, Uint8Array.of(7)]]),
    marks: [MARK, FIXED].map((mark) => ({ issueId: issue.id, mark })),
    users: [sampleUser(issue.id, 1)],
    turningPoints: [sampleTurningPoint(issue.id, 1)],
    ...(hasOutbox && { alerts: [sampleAlert(issue, 1)] }),
  });
  const counters = await transaction.findCounters([issue.id]);
  expectEqual("its counter", [...(counters.get(issue.id) ?? [])], [7]);
  const [user] = await transaction.findUsers([{ issueId: issue.id, user: userHash(1) }]);
  expectEqual("its user", user, sampleUser(issue.id, 1));
  const ofState = { projectId: SHOP.id, statuses: [issue.state.status], ...ALL_ISSUES } as const;
  const { counts } = await transaction.countIssues({ ...ofState, after: null, limit: 9 });
  expectEqual("the number of issues in its state", counts.get(issue.state.status), 1);
  const users = [{ issueId: issue.id, fromDay: 0, fromTurn: 0, limit: 9 }];
  expectEqual("the number of its users", await transaction.countUsers(users), [1]);
  const marks = [null, R1.orderKey].map((upTo) => ({ issueId: issue.id, upTo, limit: 9 }));
  expectEqual("its marks", await transaction.findMarks(marks), [[FIXED, MARK], [MARK]]);
  const fixedIn = async (orderKey: string) => {
    const { issues } = await transaction.load({ issues: { fixedIn: { projectId: SHOP.id, orderKey }, limit: 9 } });
    return issues.map(({ id }) => id);
  };
  expectEqual("the issues that are fixed in a release", await fixedIn(BUILD.orderKey), [issue.id]);
  await transaction.write({ deletedReleases: [refOf(SHOP.id, BUILD)], movedMarks: [MOVED] });
  const moved = markFixed(R2, undefined, NOON);
  expectEqual("its marks after a move", await transaction.findMarks(marks), [[moved, MARK], [MARK]]);
  expectEqual("the issues that are fixed in another release", await fixedIn(R2.orderKey), [issue.id]);
  await transaction.write({ deletedMarks: [{ issueId: issue.id, orderKey: R2.orderKey }] });
  expectEqual("its marks after a removal", await transaction.findMarks(marks), [[MARK], [MARK]]);
  const timelines = [{ projectId: SHOP.id, lines: [R1.line, BUILD.line] }];
  const timeline = {
    count: RELEASES.length,
    latest: R2,
    placedBy: R1.placedBy,
    lines: new Map([[R1.line, { number: R1.lineNumber, latest: R2 }]]),
  };
  expectEqual("the timeline", (await transaction.findTimelines(timelines)).get(SHOP.id), timeline);
  expectEqual("the releases", (await transaction.pageReleases(SHOP.id, null, 9)).length, RELEASES.length - 1);
  expectEqual("its history", await transaction.pageHistory(issue.id, null, 9), [sampleTurningPoint(issue.id, 1)]);
  if (hasOutbox) await expectOwnOutboxWrites(transaction, sampleAlert(issue, 1));
  const loaded = await transaction.load({
    groups: [sampleGroup(issue)],
    events: [{ projectId: SHOP.id, id: "e" }],
    timelines,
    details: () => ({ counters: [issue.id], marks: [{ issueId: issue.id, upTo: null, limit: 9 }] }),
  });
  expectEqual("the loaded issue of its group", loaded.grouped[0]?.id, issue.id);
  expectEqual("the loaded issue of its event", loaded.duplicateOf, [issue.id]);
  expectEqual("the loaded timeline", loaded.timelines.get(SHOP.id), timeline);
  expectEqual("the loaded counter", [...(loaded.counters.get(issue.id) ?? [])], [7]);
  expectEqual("the loaded marks", loaded.marks, [[MARK]]);
}

/** Gives every outbox method an empty batch. */
async function giveOutboxNothing({ outbox }: StoreTransaction): Promise<void> {
  if (outbox === undefined) return;
  const nothing = { ids: [], at: NOON, reason: "noise", by: { kind: "system" } } as const;
  const request = { lease: { token: "t", until: NOON + 5 }, now: NOON, limit: 9, issueIds: [], inOrder: true };
  await outbox.writeTallies({});
  await outbox.writeTallies({ save: [], remove: [] });
  expectEqual("settled", await outbox.settle([]), []);
  expectEqual("discarded", await outbox.move({ to: "discarded", ...nothing }), []);
  expectEqual("redriven", await outbox.move({ to: "pending", ids: [], from: null, dueAt: NOON }), []);
  expectEqual("claimed", await outbox.claim(request), []);
  expectEqual("tallies", await outbox.lockTallies({ scopes: [] }), []);
}

const EMPTY_CHANGES = {
  projects: [],
  deletedReleases: [],
  releases: [],
  movedMarks: [],
  newIssues: [],
  updates: [],
  counters: new Map(),
  deletedMarks: [],
  marks: [],
  latestUserDays: [],
  users: [],
  turningPoints: [],
  events: [],
  deletedIssues: [],
};

const EMPTY_REQUEST = {
  projectIds: [],
  events: [],
  groups: [],
  issues: { ids: [] },
  releases: [],
  timelines: [],
  details: () => ({ counters: [], marks: [] }),
};

/** Transactions, and what holds for all methods. */
export const transactionCases: readonly ConformanceCase[] = [
  {
    id: "transaction-commits",
    title: "when a transaction is fulfilled its writes are visible, and its result is passed on",
    requires: "transaction() makes all writes visible at once when the work's promise is fulfilled.",
    async run(context) {
      const issue = sampleIssue(1);
      const own = { of: "the work" };
      const result = await transact(context, async (transaction) => {
        await transaction.write({ projects: [SHOP] });
        await transaction.write({ newIssues: [newIssue(issue)] });
        return own;
      });
      if (result !== own) throw new AssertionFailure("the result, which is passed on itself", own, result);
      const found = await read(context, (reader) => reader.findIssues({ ids: [issue.id] }));
      expectEqual("the issue after the transaction", found, [issue]);
    },
  },
  {
    id: "transaction-passes-errors-on",
    title: "the work's own error is rethrown unchanged, by a transaction and by a read",
    requires: "transaction() and read() rethrow the work's own error.",
    async run({ store }) {
      const own = new TypeError("the work's own");
      const fail = (): Promise<never> => Promise.reject(own);
      for (const [what, failing] of [
        ["of a transaction", () => store.transaction(fail)],
        ["of a read", () => store.read(fail)],
      ] as const) {
        const failure = await failureOf(failing);
        if (failure !== own) throw new AssertionFailure(`the error ${what}`, own, failure);
      }
    },
  },
  {
    id: "transaction-reads-its-writes",
    title: "the reads of a transaction see its own writes",
    requires: "Reads see the transaction's own writes.",
    async run(context) {
      const issue = sampleIssue(1);
      const changed = { ...issue, title: "changed", eventCount: 8 };
      await transact(context, async (transaction) => {
        await transaction.write({ projects: [SHOP] });
        await transaction.write({ newIssues: [newIssue(issue)] });
        await transaction.write({ updates: [{ before: issue, after: changed }], events: [sampleEvent(issue, "e")] });
        const [stored] = await transaction.findProjects({ ids: [SHOP.id] });
        expectEqual("the project's issue count", stored?.issueCount, 1);
        expectEqual("the issue", await transaction.findIssues({ ids: [issue.id] }), [changed]);
        const { issues } = await transaction.load({ issues: { ids: [issue.id] } });
        expectEqual("the loaded issue", issues, [changed]);
        const event = await transaction.findEvent({ projectId: SHOP.id, id: "e" });
        expectEqual("the event", event, sampleEvent(issue, "e"));
        await expectOwnWrites(context, transaction, issue);
        await transaction.write({ deletedIssues: [issue.id] });
        expectEqual("the deleted issue", await transaction.findIssues({ ids: [issue.id] }), []);
      });
    },
  },
  {
    id: "empty-batches",
    title: "an empty batch is accepted and does nothing",
    requires: "An empty batch is accepted and does nothing.",
    async run(context) {
      await write(context, { projects: [SHOP] });
      await transact(context, async (transaction) => {
        await transaction.write({});
        await transaction.write({ ...EMPTY_CHANGES, ...(context.hasOutbox && { alerts: [] }) });
        if (context.hasOutbox) await giveOutboxNothing(transaction);
        expectEqual("projects", await transaction.findProjects({ ids: [] }), []);
        expectEqual("issues", await transaction.findIssues({ ids: [] }), []);
        expectEqual("counters", (await transaction.findCounters([])).size, 0);
        expectEqual("marks", await transaction.findMarks([]), []);
        expectEqual("users", await transaction.findUsers([]), []);
        expectEqual("counts of users", await transaction.countUsers([]), []);
        expectEqual("releases", await transaction.findReleases([]), []);
        expectEqual("timelines", (await transaction.findTimelines([])).size, 0);
        for (const request of [{}, EMPTY_REQUEST]) {
          const { duplicateOf, grouped, issues, releases, marks } = await transaction.load(request);
          const found = [duplicateOf, grouped, issues, releases, marks];
          expectEqual("what an empty request loads", found, [[], [], [], [], []]);
        }
      });
      const stored = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
      expectEqual("the project", stored, [{ project: SHOP, issueCount: 0, releaseCount: 0 }]);
    },
  },
  {
    id: "close-waits",
    title: "closing waits for transactions in flight, and every later call fails with `closed`",
    requires: "close() waits for transactions in flight; later calls fail with `closed`. Closing twice does nothing.",
    async run(context) {
      const { store } = context;
      let hasEnded = false;
      const work = transact(context, async (transaction) => {
        for (let turn = 0; turn < 5; turn++) await transaction.findProjects(ALL_PROJECTS);
        await transaction.write({ projects: [SHOP] });
        hasEnded = true;
        return "saved";
      });
      // Read only after closing: until then a rejection must not be reported as unhandled.
      const saving = Promise.allSettled([work]);
      await store.close();
      expectEqual("whether the transaction in flight had ended when the store was closed", hasEnded, true);
      expectEqual("the transaction in flight", await saving, [{ status: "fulfilled", value: "saved" }]);
      await expectFailure("a transaction after closing", "closed", () =>
        store.transaction((each) => each.findProjects(ALL_PROJECTS)),
      );
      await expectFailure("a read after closing", "closed", () =>
        store.read((each) => each.findProjects(ALL_PROJECTS)),
      );
      await store.close();
    },
  },
  {
    id: "writes-are-real",
    title: "writes can be read by other means than the store",
    requires: "Writes are visible, to every reader of the data, when the transaction's promise is fulfilled.",
    needs: ["raw-reader"],
    async run(context) {
      const raw = context.raw();
      const [first, second] = [sampleIssue(1), sampleIssue(2)];
      await write(context, {
        projects: [SHOP],
        newIssues: [first, second].map(newIssue),
        events: [sampleEvent(first, "a"), sampleEvent(second, "b"), sampleEvent(second, "c")],
      });
      expectEqual("issues stored", await raw.countIssues(SHOP.id), 2);
      expectEqual("events stored", await raw.countEvents(SHOP.id), 3);
      await write(context, { updates: [{ before: first, after: { ...first, title: "changed" } }] });
      expectEqual("the title stored", await raw.titleOf(first.id), "changed");
      await write(context, { deletedIssues: [second.id] });
      expectEqual("issues stored after a deletion", await raw.countIssues(SHOP.id), 1);
      expectEqual("the title of the deleted issue", await raw.titleOf(second.id), undefined);
      await evict(context, 0, 2);
      expectEqual("events stored after an eviction", await raw.countEvents(SHOP.id), 1);
    },
  },
];

import type { Issue } from "../../../core/issue.ts";
import type { ReleaseMark } from "../../../core/release-mark.ts";
import type { StoreTransaction } from "../../../ports/issue-store.ts";
import type { ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { changeOutbox, readItsAlerts, readOutbox, readTallies, SEEDED_TALLIES, seedOutbox } from "../outbox-work.ts";
import { evict } from "./events.ts";
import { AssertionFailure, expectEqual, expectFailure, failureOf } from "../../assertion/assertion.ts";
import {
  BLOG,
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  SHOP,
} from "../samples.ts";

/** Writes what hangs on an issue, and reads it in the same transaction. */
async function readsItsWrites(transaction: StoreTransaction, issue: Issue): Promise<void> {
  const { known } = sampleReleases();
  const mark: ReleaseMark = { version: "1.0.0", number: 2, orderKey: "00", last: "seen", fixedAt: null };
  await transaction.saveCounters(new Map([[issue.id, Uint8Array.of(7)]]));
  await transaction.saveMarks([{ issueId: issue.id, mark }]);
  await transaction.saveReleases(SHOP.id, known);
  await transaction.insertTurningPoints([sampleTurningPoint(issue.id, 1)]);
  await transaction.insertAlerts([sampleAlert(issue, 1)], NOON);
  const counters = await transaction.findCounters([issue.id]);
  expectEqual("its counter", [...(counters.get(issue.id) ?? [])], [7]);
  expectEqual("its marks", await transaction.pageMarks(issue.id, null, 9), [mark]);
  expectEqual("its nearest mark", await transaction.findNearestMarks([{ issueId: issue.id, orderKey: "1" }]), [mark]);
  const timelines = await transaction.lockTimelines([SHOP.id]);
  expectEqual("the timeline's count", timelines.get(SHOP.id)?.count, known.length);
  expectEqual("the releases", (await transaction.pageReleases(SHOP.id, null, 9)).length, known.length);
  expectEqual("its history", await transaction.pageHistory(issue.id, null, 9), [sampleTurningPoint(issue.id, 1)]);
  await readItsAlerts(transaction, sampleAlert(issue, 1));
  const group = sampleGroup(issue);
  const snapshot = await transaction.loadForDigest({ events: [], groups: [group], releases: [] });
  expectEqual("the issue of its group", snapshot.issues[0]?.id, issue.id);
}

/** Transactions as such, and the values that go through them. */
export const transactionCases: readonly ConformanceCase[] = [
  {
    id: "transaction-commits",
    title: "a transaction's writes are there when it is fulfilled, and its result is passed on",
    requires: "transaction() makes all of the work's writes visible when the work's promise is fulfilled.",
    async run(context) {
      const issue = sampleIssue(1);
      const result = await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([newIssue(issue)]);
        return "the result";
      });
      expectEqual("the result", result, "the result");
      const found = await context.store.read((reader) => reader.findIssues([issue.id]));
      expectEqual("the issue after the transaction", found.get(issue.id), issue);
    },
  },
  {
    id: "transaction-rolls-back",
    title: "a transaction that fails leaves nothing behind, whatever it had written",
    requires: "transaction() leaves none of the writes behind when the work rejects.",
    async run(context) {
      const { store } = context;
      const issue = sampleIssue(1);
      const { known } = sampleReleases();
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([newIssue(issue)]);
        await transaction.insertEvents([sampleEvent(issue, "old")]);
        await seedOutbox(transaction, issue);
      });
      const everything = () =>
        store.read(async (reader) => ({
          projects: await reader.listProjects(),
          issues: await reader.findIssues([issue.id, sampleIssue(2).id]),
          history: await reader.pageHistory(issue.id, null, 10),
          counters: await reader.findCounters([issue.id]),
          marks: await reader.pageMarks(issue.id, null, 10),
          releases: await reader.pageReleases(SHOP.id, null, 10),
          event: await reader.findEvent({ projectId: SHOP.id, id: "e" }),
          old: await reader.findEvent({ projectId: SHOP.id, id: "old" }),
          outbox: await readOutbox(reader),
        }));
      const before = await everything();
      const undone = new Error("undo it");
      const failure = await failureOf(() =>
        write(context, async (transaction) => {
          await transaction.saveProject(BLOG);
          await transaction.saveReleases(SHOP.id, known);
          await transaction.insertIssues([newIssue(sampleIssue(2))]);
          await transaction.updateIssues([{ before: issue, after: { ...issue, title: "changed", eventCount: 8 } }]);
          await transaction.insertTurningPoints([sampleTurningPoint(issue.id, 1)]);
          await transaction.saveCounters(new Map([[issue.id, Uint8Array.of(1, 2, 3)]]));
          const [release] = known;
          if (release !== undefined) {
            await transaction.saveMarks([{ issueId: issue.id, mark: { ...release, last: "seen", fixedAt: null } }]);
          }
          await transaction.insertEvents([sampleEvent(issue, "e")]);
          await transaction.evictEvents({ projectId: SHOP.id, receivedBefore: NOON + 1, after: null, limit: 9 });
          await changeOutbox(transaction, issue);
          await transaction.deleteIssues([issue.id]);
          throw undone;
        }),
      );
      if (failure !== undone) throw new AssertionFailure("the error of the transaction", undone, failure);
      expectEqual("everything after the rollback", await everything(), before);
      const tallies = await write(context, (transaction) => readTallies(transaction, issue));
      expectEqual("the tallies after the rollback", tallies, SEEDED_TALLIES);
      await write(context, (transaction) => transaction.insertIssues([newIssue(sampleIssue(2))]));
    },
  },
  {
    id: "transaction-passes-errors-on",
    title: "the work's own error is passed on as it is, of a transaction and of a read",
    requires: "transaction() and read() pass the work's own error on.",
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
    title: "reads of a transaction see its own writes",
    requires: "Reads of a transaction see the transaction's own writes.",
    async run(context) {
      const issue = sampleIssue(1);
      const changed = { ...issue, title: "changed", eventCount: 8 };
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([newIssue(issue)]);
        await transaction.updateIssues([{ before: issue, after: changed }]);
        await transaction.insertEvents([sampleEvent(issue, "e")]);
        const stored = await transaction.findProjects([SHOP.id]);
        expectEqual("the project's issue count", stored.get(SHOP.id)?.issueCount, 1);
        expectEqual("the issue", (await transaction.lockIssues([issue.id])).get(issue.id), changed);
        const event = await transaction.findEvent({ projectId: SHOP.id, id: "e" });
        expectEqual("the event", event, sampleEvent(issue, "e"));
        await readsItsWrites(transaction, issue);
        await transaction.deleteIssues([issue.id]);
        expectEqual("the deleted issue", (await transaction.findIssues([issue.id])).get(issue.id), undefined);
      });
    },
  },
  {
    id: "empty-batches",
    title: "an empty batch is accepted and does nothing",
    requires: "Every method that takes a batch accepts an empty one.",
    async run(context) {
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([]);
        await transaction.updateIssues([]);
        await transaction.deleteIssues([]);
        await transaction.saveCounters(new Map());
        await transaction.saveMarks([]);
        await transaction.saveReleases(SHOP.id, []);
        await transaction.insertEvents([]);
        await transaction.insertTurningPoints([]);
        await transaction.insertAlerts([], NOON);
        await transaction.saveAlertTallies([]);
        expectEqual("settled", await transaction.settleAlerts([]), []);
        const discard = { ids: [], discardedAt: NOON, reason: "noise", by: { kind: "system" } } as const;
        expectEqual("discarded", await transaction.discardAlerts(discard), []);
        expectEqual("driven again", await transaction.redriveAlerts({ status: null, ids: [], dueAt: NOON }), []);
        const asked = { lease: { token: "t", until: NOON + 5 }, now: NOON, limit: 9, issueIds: [] };
        expectEqual("claimed", await transaction.claimAlerts({ ...asked, inOrder: true }), []);
        expectEqual("tallies", await transaction.lockAlertTallies([]), []);
        expectEqual("projects", (await transaction.findProjects([])).size, 0);
        expectEqual("issues", (await transaction.lockIssues([])).size, 0);
        expectEqual("counters", (await transaction.findCounters([])).size, 0);
        expectEqual("marks", await transaction.findNearestMarks([]), []);
        expectEqual("releases", await transaction.findReleases([]), []);
        expectEqual("timelines", (await transaction.lockTimelines([])).size, 0);
        const { duplicateOf, issues, releases } = await transaction.loadForDigest({
          events: [],
          groups: [],
          releases: [],
        });
        expectEqual(
          "a digest of nothing",
          { duplicateOf, issues, releases },
          { duplicateOf: [], issues: [], releases: [] },
        );
      });
      const stored = await context.store.read((reader) => reader.findProjects([SHOP.id]));
      expectEqual("the project", stored.get(SHOP.id), { project: SHOP, issueCount: 0 });
    },
  },
  {
    id: "close-waits",
    title: "closing waits for what is under way, and everything after it fails as closed",
    requires: "close() waits for what is under way; later calls fail with `closed`.",
    async run(context) {
      const { store } = context;
      let isDone = false;
      const work = write(context, async (transaction) => {
        for (let turn = 0; turn < 5; turn++) await transaction.listProjects();
        await transaction.saveProject(SHOP);
        isDone = true;
        return "saved";
      });
      // Looked at only after closing: until then it may fail unheard.
      const saving = Promise.allSettled([work]);
      await store.close();
      expectEqual("whether what was under way had ended when it was closed", isDone, true);
      expectEqual("what was under way", await saving, [{ status: "fulfilled", value: "saved" }]);
      await expectFailure("a transaction after closing", "closed", () =>
        store.transaction((each) => each.listProjects()),
      );
      await expectFailure("a read after closing", "closed", () => store.read((each) => each.listProjects()));
      await store.close();
    },
  },
  {
    id: "writes-are-real",
    title: "what was written is there for others to read, behind the store's back",
    requires: "Writes are visible, to every reader of the data, when the transaction's promise is fulfilled.",
    needs: "raw-reader",
    async run(context) {
      const raw = context.raw();
      const issues = [sampleIssue(1), sampleIssue(2)];
      const [first, second] = [sampleIssue(1), sampleIssue(2)];
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues(issues.map(newIssue));
        await transaction.insertEvents([sampleEvent(first, "a"), sampleEvent(second, "b"), sampleEvent(second, "c")]);
      });
      expectEqual("issues stored", await raw.countIssues(SHOP.id), 2);
      expectEqual("events stored", await raw.countEvents(SHOP.id), 3);
      await write(context, (each) => each.updateIssues([{ before: first, after: { ...first, title: "changed" } }]));
      expectEqual("the title stored", await raw.titleOf(first.id), "changed");
      await write(context, (each) => each.deleteIssues([second.id]));
      expectEqual("issues stored after a deletion", await raw.countIssues(SHOP.id), 1);
      expectEqual("the title of the deleted issue", await raw.titleOf(second.id), undefined);
      await evict(context, 0, 2);
      expectEqual("events stored after an eviction", await raw.countEvents(SHOP.id), 1);
    },
  },
];

import type { ReleaseMark } from "../../../core/release-mark.ts";
import type { Issue } from "../../../core/issue.ts";
import type { Turn, TurningPoint } from "../../../core/turning-point.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import {
  MINUTE,
  newIssue,
  NOON,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleTally,
  sampleTurningPoint,
  SHOP,
  uuid,
} from "../samples.ts";

/** Every kind of turning point, with every kind of metadata. */
const TURNS: readonly Turn[] = [
  { kind: "first-seen" },
  { kind: "resolved", claim: { kind: "plain" } },
  { kind: "resolved", claim: { kind: "by-next" } },
  { kind: "resolved", claim: { kind: "by-release", releases: ["1.0.0"] } },
  { kind: "reopened" },
  { kind: "muted", terms: { deadline: null, conditions: [], sinceMute: false } },
  {
    kind: "muted",
    terms: {
      deadline: { at: NOON, wakeOn: "deadline" },
      conditions: [{ period: "day", nrOfPeriods: 2, volume: 9 }],
      sinceMute: true,
    },
  },
  { kind: "unmuted", reason: { kind: "by-person" } },
  { kind: "unmuted", reason: { kind: "deadline-passed", deadline: NOON, noticedBy: "event" } },
  {
    kind: "unmuted",
    reason: {
      kind: "volume-reached",
      condition: { period: "week", nrOfPeriods: 1, volume: 5 },
      count: 6,
      sinceMute: true,
    },
  },
  { kind: "regressed", reason: { kind: "resolved-plainly", resolvedAt: NOON } },
  { kind: "regressed", reason: { kind: "fixed-in-release", release: "2.0.0", fixedIn: "1.0.0" } },
  { kind: "next-materialized", release: "3.0.0" },
  { kind: "annotated" },
];

/** Does with an alert of each issue, all of them at once, what can be done with alerts. */
async function showThatOutboxTakesAll(context: CaseContext, issues: readonly Issue[]): Promise<void> {
  const alerts = issues.map((issue) => sampleAlert(issue, issue.number));
  const [ids, issueIds] = [alerts.map(({ id }) => id), issues.map(({ id }) => id)];
  const lease = { token: "t", until: NOON + 5 };
  const scopes = issueIds.map((issueId) => ({ projectId: SHOP.id, issueId }));
  const sizes = await write(context, async (transaction) => {
    await transaction.insertAlerts(alerts, NOON);
    const claimed = await transaction.claimAlerts({ lease, now: NOON, limit: 9_999, issueIds, inOrder: true });
    const failed = { lease, outcome: "failed", dueAt: NOON, error: "it failed", memo: null } as const;
    const settled = await transaction.settleAlerts(ids.map((id) => ({ ...failed, id })));
    const driven = await transaction.redriveAlerts({ status: null, ids, dueAt: NOON });
    const by = { kind: "system" } as const;
    const discarded = await transaction.discardAlerts({ ids, discardedAt: NOON, reason: "noise", by });
    await transaction.saveAlertTallies(scopes.map((scope) => sampleTally(scope)));
    const tallies = await transaction.lockAlertTallies(scopes);
    const ended = await transaction.takeEndedTallies(NOON + 2 * MINUTE, 9_999);
    return [claimed, settled, driven, discarded, tallies, ended].map(({ length }) => length);
  });
  const all = Array.from(sizes, () => ids.length);
  expectEqual("alerts claimed, settled, driven again, discarded; tallies stored and ended", sizes, all);
  const evicted = await write(context, (each) => each.evictAlerts({ endedBefore: NOON + 1, limit: 9_999 }));
  expectEqual("alerts evicted", evicted, ids.length);
}

/** Histories and counters. */
export const historyCases: readonly ConformanceCase[] = [
  {
    id: "history-kept",
    title: "turning points come back as they were, newest first, in pages",
    requires:
      "pageHistory() gives an issue's turning points with numbers below `before`, highest first, at most `limit`.",
    async run(context) {
      const [issue, other] = [sampleIssue(1), sampleIssue(2)];
      const points = TURNS.map((turn, index): TurningPoint => ({ ...sampleTurningPoint(issue.id, index + 1), turn }));
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([issue, other].map(newIssue));
        await transaction.insertTurningPoints(points.slice(0, 5));
        await transaction.insertTurningPoints([...points.slice(5), sampleTurningPoint(other.id, 1)]);
      });
      await context.store.read(async (reader) => {
        const newestFirst = points.toReversed();
        expectEqual("all of it", await reader.pageHistory(issue.id, null, 99), newestFirst);
        expectEqual("the first page", await reader.pageHistory(issue.id, null, 3), newestFirst.slice(0, 3));
        expectEqual("the page before 4", await reader.pageHistory(issue.id, 4, 2), newestFirst.slice(-3, -1));
        expectEqual("before the first", await reader.pageHistory(issue.id, 1, 9), []);
        expectEqual("of an issue that is not there", await reader.pageHistory(uuid(77), null, 9), []);
      });
    },
  },
  {
    id: "counters-kept",
    title: "a counter's bytes come back as they were last saved, up to 2,000 of any value",
    requires: "saveCounters() saves each issue's counter: opaque, at most 2,000 bytes.",
    async run(context) {
      const issues = [1, 2, 3].map((number) => sampleIssue(number));
      const [first, second, third] = [uuid(1), uuid(2), uuid(3)];
      const long = Uint8Array.from({ length: 2_000 }, (_, index) => index % 256);
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues(issues.map(newIssue));
        await transaction.saveCounters(
          new Map([
            [first, Uint8Array.of(1)],
            [second, Uint8Array.of(0, 255)],
          ]),
        );
      });
      await write(context, (transaction) => transaction.saveCounters(new Map([[first, long]])));
      const found = await context.store.read((reader) => reader.findCounters([first, second, third, uuid(77)]));
      const plain = new Map(Array.from(found, ([id, bytes]) => [id, [...bytes]]));
      expectEqual(
        "the counters",
        plain,
        new Map([
          [first, [...long]],
          [second, [0, 255]],
        ]),
      );
    },
  },
  {
    id: "batches-of-any-size",
    title: "a batch may be larger than what a database takes at once",
    requires: "Batches are of any size: a store splits what its database does not take at once.",
    async run(context) {
      const issues = Array.from({ length: 2_500 }, (_, index) => sampleIssue(index + 1));
      const mark: ReleaseMark = { version: "1.0.0", number: 1, orderKey: "00", last: "seen", fixedAt: null };
      const ids = issues.map(({ id }) => id);
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues(issues.map(newIssue));
        await transaction.insertEvents(issues.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`)));
        await transaction.saveCounters(new Map(ids.map((id, index) => [id, Uint8Array.of(index % 250)])));
        await transaction.saveMarks(ids.map((issueId) => ({ issueId, mark })));
        await transaction.insertTurningPoints(ids.map((id) => sampleTurningPoint(id, 1)));
      });
      const read = await write(context, async (transaction) => ({
        issues: (await transaction.lockIssues(ids)).size,
        counters: (await transaction.findCounters(ids)).size,
        marks: await transaction.findNearestMarks(ids.map((issueId) => ({ issueId, orderKey: "00" }))),
        snapshot: await transaction.loadForDigest({
          events: issues.map(({ projectId, number }) => ({ projectId, id: `of ${String(number)}` })),
          groups: issues.map(sampleGroup),
          releases: [],
        }),
      }));
      expectEqual("issues and counters", [read.issues, read.counters], [ids.length, ids.length]);
      expectEqual("marks", read.marks.filter((each) => each !== undefined).length, ids.length);
      expectEqual(
        "the issues of the groups",
        read.snapshot.issues.map((each) => each?.id),
        ids,
      );
      expectEqual("the issues of the events", read.snapshot.duplicateOf, ids);
      await showThatOutboxTakesAll(context, issues);
      await write(context, (transaction) => transaction.deleteIssues(ids));
      expectEqual("issues left", (await context.store.read((reader) => reader.findIssues(ids))).size, 0);
    },
  },
];

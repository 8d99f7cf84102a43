import type { Issue } from "../../../core/issue.ts";
import { markSeen } from "../../../core/release-mark.ts";
import type { Release } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { discarding, evictAlerts, outboxOf, redriving, takeEndedTallies } from "../outbox.ts";
import {
  inProject,
  MINUTE,
  newIssue,
  NOON,
  refOf,
  releasesAt,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleTally,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
} from "../samples.ts";

/** More than databases take as parameters of one statement. */
const ISSUES: readonly Issue[] = Array.from({ length: 2_500 }, (_, index) => sampleIssue(index + 1));
const IDS = ISSUES.map(({ id }) => id);

/** Fewer, because some stores look each of them up for each mark. */
const RELEASES = releasesAt(...ISSUES.slice(0, 1_000).map(({ number }) => `a${String(number)}`));
const REFS = RELEASES.map((release) => refOf(SHOP.id, release));
/** To where the marks for the first releases move. */
const TARGETS = releasesAt(...ISSUES.slice(0, 500).map(({ number }) => `b${String(number)}`)).map((release) => ({
  ...release,
  number: RELEASES.length + release.number,
}));

/** The order key of the one mark that each issue has, in some of the releases. */
function orderKeysIn(releases: readonly Pick<Release, "orderKey">[]): string[] {
  return ISSUES.map((_, index) => releases[index % releases.length]?.orderKey ?? "");
}

/** Moves and removes marks, and removes releases. */
async function expectLargeReleaseBatches(context: CaseContext): Promise<void> {
  const marks = IDS.map((issueId) => ({ issueId, upTo: null, limit: 1 }));
  const orderKeys = async (): Promise<string[]> => {
    const found = await read(context, (reader) => reader.findMarks(marks));
    return found.map((each) =>
      allReadable(each)
        .map(({ orderKey }) => orderKey)
        .join(),
    );
  };
  await write(context, {
    releases: inProject(SHOP.id, TARGETS),
    movedMarks: TARGETS.map(({ orderKey: to }, index) => ({
      projectId: SHOP.id,
      from: RELEASES[index]?.orderKey ?? "",
      to,
    })),
  });
  const moved = orderKeysIn([...TARGETS, ...RELEASES.slice(TARGETS.length)]);
  expectEqual("the marks, of which some were moved", await orderKeys(), moved);
  await write(context, {
    deletedReleases: REFS,
    deletedMarks: moved.map((orderKey, index) => ({ issueId: IDS[index] ?? "", orderKey })),
  });
  expectEqual("the marks left", (await orderKeys()).join(""), "");
  const left = await read(context, (reader) => reader.findReleases(REFS));
  expectEqual("the releases left", left.filter((release) => release !== undefined).length, 0);
}

/** Gives each method of the outbox a batch with an alert, or a tally, of each issue. */
async function expectLargeOutboxBatches(context: CaseContext): Promise<void> {
  const alerts = ISSUES.map((issue) => sampleAlert(issue, issue.number));
  const ids = alerts.map(({ id }) => id);
  const lease = { token: "t", until: NOON + 5 };
  const scopes = IDS.map((issueId) => ({ projectId: SHOP.id, issueId }));
  const lengths = await transact(context, async (transaction) => {
    const outbox = outboxOf(transaction);
    await transaction.write({ alerts });
    const claimed = await outbox.claim({ lease, now: NOON, limit: 9_999, issueIds: IDS, inOrder: true });
    const failed = { lease, outcome: "failed", dueAt: NOON, error: "it failed", memo: null } as const;
    const settled = await outbox.settle(ids.map((id) => ({ ...failed, id })));
    const redriven = await outbox.move(redriving(ids, NOON));
    const discarded = await outbox.move(discarding(ids));
    await outbox.writeTallies({ save: scopes.map((scope) => sampleTally(scope)) });
    const tallies = await outbox.lockTallies({ scopes });
    const ended = await takeEndedTallies(outbox, NOON + 2 * MINUTE, 9_999);
    const left = await outbox.lockTallies({ scopes });
    return [claimed, settled, redriven, discarded, tallies, ended, left].map(({ length }) => length);
  });
  const all = ids.length;
  const what = "alerts claimed, settled, redriven, discarded; tallies saved, ended and left";
  expectEqual(what, lengths, [all, all, all, all, all, all, 0]);
  expectEqual("alerts evicted", await evictAlerts(context, { endedBefore: NOON + 1, limit: 9_999 }), all);
}

/** Batches that a store has to split. */
export const batchCases: readonly ConformanceCase[] = [
  {
    id: "batches-of-any-size",
    title: "a batch may be larger than a database takes at once",
    requires: "A batch of any size is accepted: a store splits what its database does not take at once.",
    async run(context) {
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, RELEASES),
        newIssues: ISSUES.map(newIssue),
        updates: ISSUES.map((before) => ({ before, after: { ...before, title: "changed" } })),
        counters: new Map(IDS.map((id, index) => [id, Uint8Array.of(index % 250)])),
        marks: ISSUES.flatMap(({ id }, index) => {
          const release = RELEASES[index % RELEASES.length];
          return release === undefined ? [] : [{ issueId: id, mark: markSeen(release, undefined) }];
        }),
        latestUserDays: IDS.map((issueId) => ({ issueId, day: 1 })),
        users: ISSUES.map(({ id, number }) => sampleUser(id, number)),
        turningPoints: IDS.map((id) => sampleTurningPoint(id, 1)),
        events: ISSUES.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`)),
      });
      const users = ISSUES.map(({ id, number }) => ({ issueId: id, user: userHash(number) }));
      const counts = [null, 0].flatMap((fromTurn) =>
        IDS.map((issueId) => ({ issueId, fromDay: 0, fromTurn, limit: 9 })),
      );
      const lookups = IDS.map((issueId) => ({ issueId, upTo: null, limit: 1 }));
      const loaded = await load(context, {
        events: ISSUES.map(({ projectId, number }) => ({ projectId, id: `of ${String(number)}` })),
        groups: ISSUES.map(sampleGroup),
        issues: { ids: IDS },
        releases: REFS,
        details: () => ({ counters: IDS, marks: lookups }),
      });
      const groups = allReadable(loaded.grouped.filter((issue) => issue !== undefined)).map(({ id, title }) => [
        id,
        title,
      ]);
      expectEqual(
        "the issues of the groups",
        groups,
        IDS.map((id) => [id, "changed"]),
      );
      expectEqual("the issues of the events", loaded.duplicateOf, IDS);
      expectEqual("the issues and counters", [loaded.issues.length, loaded.counters.size], [IDS.length, IDS.length]);
      expectEqual("the releases", loaded.releases.filter((release) => release !== undefined).length, REFS.length);
      expectEqual("the marks", loaded.marks.flat().length, IDS.length);
      const found = await read(context, async (reader) => [
        (await reader.findIssues({ ids: IDS })).length,
        (await reader.findCounters(IDS)).size,
        (await reader.findMarks(lookups)).flat().length,
        (await reader.findUsers(users)).filter((user) => user !== undefined).length,
        (await reader.countUsers(counts)).filter((each) => each === 1).length,
      ]);
      const expected = [IDS.length, IDS.length, IDS.length, IDS.length, 2 * IDS.length];
      expectEqual("issues, counters, marks and users read, and counts of users", found, expected);
      await expectLargeReleaseBatches(context);
      if (context.hasOutbox) await expectLargeOutboxBatches(context);
      await write(context, { deletedIssues: IDS });
      expectEqual("issues left", await read(context, (reader) => reader.findIssues({ ids: IDS })), []);
    },
  },
];

import { markSeen } from "../../../core/release-mark.ts";
import type { StoredCounts } from "../../../core/stored-counts.ts";
import type { StoreChanges, StoredCountStep, StoredKind, StoreTransaction } from "../../../ports/issue-store.ts";
import { AssertionFailure, expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { walkSteps } from "../steps.ts";
import { discarding, outboxOf } from "../outbox.ts";
import {
  BLOG,
  inProject,
  longName,
  MINUTE,
  newIssue,
  NOON,
  refOf,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTally,
  sampleThrottled,
  sampleTurningPoint,
  sampleUser,
  SHOP,
} from "../samples.ts";

/** A limit that is above all numbers of entries here. */
const AT_ONCE = 1_000;

const NOTHING: StoredCounts = {
  projects: 0,
  issues: 0,
  groups: 0,
  turningPoints: 0,
  users: 0,
  marks: 0,
  releases: 0,
  events: 0,
  alerts: 0,
  tallies: 0,
};

/** The other project has the known ones only. */
const { all: RELEASES, known: KNOWN, retired: RETIRED } = sampleReleases();

/** The issues: one of them is deleted at once, and one is in another project. */
const [FIRST, SECOND, GONE] = [sampleIssue(1), sampleIssue(2), sampleIssue(3)];
const ELSEWHERE = sampleIssue(4, { projectId: BLOG.id, number: 1 });
const ISSUES = [FIRST, SECOND, GONE, ELSEWHERE];
const LEFT = [FIRST, SECOND, ELSEWHERE];

/** What is stored of all kinds but alerts. */
const CHANGES: StoreChanges = {
  projects: [SHOP, BLOG],
  releases: [...inProject(SHOP.id, RELEASES), ...inProject(BLOG.id, KNOWN)],
  newIssues: ISSUES.map(newIssue),
  addedGroups: [FIRST, ELSEWHERE].flatMap((issue) =>
    ["one", "another"].map((key) => ({ issueId: issue.id, group: { ...sampleGroup(issue), key } })),
  ),
  marks: ISSUES.flatMap(({ id }) => KNOWN.map((release) => ({ issueId: id, mark: markSeen(release, undefined) }))),
  users: ISSUES.flatMap(({ id }) => [1, 2, 3, 4, 5].map((number) => sampleUser(id, number))),
  turningPoints: ISSUES.flatMap(({ id }) => [1, 2, 3, 4, 5, 6].map((number) => sampleTurningPoint(id, number))),
  events: [
    ...ISSUES.flatMap((issue) => [1, 2].map((number) => sampleEvent(issue, longName(10 * issue.number + number)))),
    sampleEvent(FIRST, "old", { receivedAt: NOON - MINUTE }),
    sampleEvent(FIRST, "old, but kept", { receivedAt: NOON - MINUTE, kept: true }),
  ],
};

/** Their numbers after one issue was deleted, whose events stay. */
const WITHOUT_ALERTS: StoredCounts = {
  ...NOTHING,
  projects: 2,
  issues: 3,
  groups: 3 + 4,
  turningPoints: 3 * 6,
  users: 3 * 5,
  marks: 3 * KNOWN.length,
  releases: RELEASES.length + KNOWN.length,
  events: 4 * 2 + 2,
};

/** Stores something of each kind. Returns how much. */
async function store(context: CaseContext): Promise<StoredCounts> {
  await write(context, CHANGES);
  await write(context, { deletedIssues: [GONE.id] });
  if (!context.hasOutbox) return WITHOUT_ALERTS;
  await transact(context, storeAlerts);
  return { ...WITHOUT_ALERTS, alerts: 6, tallies: 5 };
}

/** Alerts in all states, of issues and of projects, and tallies. */
async function storeAlerts(transaction: StoreTransaction): Promise<void> {
  const outbox = outboxOf(transaction);
  const lease = { token: "first", until: NOON + 9 };
  const [dead, leased, discarded, due] = [10, 20, 30, 40].map((number) => sampleAlert(FIRST, number));
  const summaries = [sampleThrottled(50), sampleThrottled(51, { project: { id: BLOG.id, slug: BLOG.slug } })];
  await transaction.write({ alerts: [dead, leased].filter((alert) => alert !== undefined) });
  await outbox.claim({ lease, now: NOON, limit: 99, issueIds: null, inOrder: false });
  await outbox.settle([{ id: dead?.id ?? "", lease, outcome: "dead", diedAt: NOON, error: "it died", memo: null }]);
  await transaction.write({ alerts: [discarded, due, ...summaries].filter((alert) => alert !== undefined) });
  await outbox.move(discarding([discarded?.id ?? ""]));
  const scopes = [...LEFT, { projectId: SHOP.id, id: null }, { projectId: BLOG.id, id: null }];
  await outbox.writeTallies({ save: scopes.map(({ projectId, id }) => sampleTally({ projectId, issueId: id })) });
}

/** Does one step of a count. */
function step(context: CaseContext, kind: StoredKind, after: string | null, limit: number): Promise<StoredCountStep> {
  return read(context, (reader) => reader.countStored({ kind, after, limit }));
}

/** Counts on from the end of a step. */
async function countOn(context: CaseContext, kind: StoredKind, first: StoredCountStep, limit: number): Promise<number> {
  let { count } = first;
  if (first.next === null) return count;
  await walkSteps(
    `a count of ${kind}`,
    async (after) => {
      const following = await step(context, kind, after, limit);
      count += following.count;
      return following.next;
    },
    first.next,
  );
  return count;
}

async function count(context: CaseContext, kind: StoredKind, limit: number): Promise<number> {
  return countOn(context, kind, await step(context, kind, null, limit), limit);
}

/** Counts all kinds. */
async function countAll(context: CaseContext, limit: number): Promise<StoredCounts> {
  const counts: Record<StoredKind, number> = { ...NOTHING };
  for (const kind of kindsIn(counts)) counts[kind] = await count(context, kind, limit);
  return counts;
}

function kindsIn(counts: StoredCounts): StoredKind[] {
  const kinds: StoredKind[] = [];
  let kind: StoredKind;
  for (kind in counts) kinds.push(kind);
  return kinds;
}

/** Begins counts that end their first steps at each of some entries, changes what is stored, and goes on. */
async function expectBetween(
  context: CaseContext,
  kind: StoredKind,
  [least, most]: readonly [number, number],
  changes: StoreChanges,
): Promise<void> {
  const limits = Array.from({ length: most }, (_, index) => index + 1);
  const begun: StoredCountStep[] = [];
  for (const limit of limits) begun.push(await step(context, kind, null, limit));
  await write(context, changes);
  for (const [index, first] of begun.entries()) {
    const sum = await countOn(context, kind, first, limits[index] ?? 1);
    if (sum >= least && sum <= most) continue;
    throw new AssertionFailure(
      `a count of ${kind} of which one was changed`,
      `${String(least)} to ${String(most)}`,
      sum,
    );
  }
}

/** Counts of what is stored. */
export const storedCountCases: readonly ConformanceCase[] = [
  {
    id: "stored-counted",
    title: "everything that is stored is counted, of all projects and in whatever state",
    requires:
      "countStored() counts each entry of a kind exactly once: of all projects, events of deleted issues and alerts that have ended too.",
    async run(context) {
      expectEqual("the counts of an empty store", await countAll(context, AT_ONCE), NOTHING);
      const stored = await store(context);
      expectEqual("the counts", await countAll(context, AT_ONCE), stored);
      const { projects = [], releases = [], marks = [], users = [] } = CHANGES;
      const ofLeft = ({ issueId }: { readonly issueId: string }): boolean => issueId !== GONE.id;
      await write(context, { projects, releases, marks: marks.filter(ofLeft), users: users.filter(ofLeft) });
      expectEqual("the counts, after some was saved again", await countAll(context, AT_ONCE), stored);
      await write(context, {
        deletedIssues: [SECOND.id],
        deletedMarks: KNOWN.map(({ orderKey }) => ({ issueId: FIRST.id, orderKey })),
        deletedReleases: [refOf(SHOP.id, RETIRED)],
      });
      await transact(context, (transaction) =>
        transaction.evictEvents({
          projectId: SHOP.id,
          receivedBefore: NOON,
          keepNewest: null,
          after: null,
          limit: AT_ONCE,
        }),
      );
      expectEqual("the counts, after some was removed", await countAll(context, AT_ONCE), {
        ...stored,
        issues: 2,
        groups: stored.groups - 1,
        turningPoints: 2 * 6,
        users: 2 * 5,
        marks: KNOWN.length,
        releases: stored.releases - 1,
        events: 2 * 2 + 1,
        tallies: Math.max(0, stored.tallies - 1),
      });
    },
  },
  {
    id: "stored-counted-in-steps",
    title: "the steps of a count together count everything, whatever their limits",
    requires: "The steps of countStored() together count each entry exactly once, whatever their limits.",
    async run(context) {
      const stored = await store(context);
      for (const limit of [1, 2, 3, 5, 7, Number.MAX_SAFE_INTEGER]) {
        expectEqual(`the counts in steps of ${String(limit)}`, await countAll(context, limit), stored);
      }
    },
  },
  {
    id: "stored-counted-meanwhile",
    title: "a count goes on where entries were added or removed since its last step",
    requires:
      "Where entries are added or removed between the steps of countStored(), those that are stored all the time are counted exactly once.",
    async run(context) {
      await write(context, CHANGES);
      const [release] = KNOWN;
      const [issues, marks, releases] = [4, 4 * KNOWN.length, RELEASES.length + KNOWN.length];
      const mark = { issueId: SECOND.id, orderKey: release.orderKey };
      await expectBetween(context, "marks", [marks - 1, marks], { deletedMarks: [mark] });
      await expectBetween(context, "marks", [marks - 1, marks], {
        marks: [{ issueId: SECOND.id, mark: markSeen(release, undefined) }],
      });
      const ref = refOf(SHOP.id, RETIRED);
      await expectBetween(context, "releases", [releases - 1, releases], { deletedReleases: [ref] });
      await expectBetween(context, "releases", [releases - 1, releases], { releases: inProject(SHOP.id, [RETIRED]) });
      await expectBetween(context, "issues", [issues - 1, issues], { deletedIssues: [SECOND.id] });
      const another = sampleIssue(5);
      await expectBetween(context, "issues", [issues - 1, issues], { newIssues: [newIssue(another)] });
      await expectBetween(context, "events", [10, 11], { events: [sampleEvent(another, "another")] });
    },
  },
];

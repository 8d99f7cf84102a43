import { ALL_ISSUES } from "../../../core/issue-list.ts";
import type { Issue, IssueState } from "../../../core/issue.ts";
import { markSeen } from "../../../core/release-mark.ts";
import { registerRelease } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { LoadRequest, StoreTransaction } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { pause, race, RACERS } from "../race.ts";
import {
  inProject,
  newIssue,
  NOON,
  readSample,
  refOf,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
} from "../samples.ts";

const [RELEASE] = sampleReleases().known;
const WAITING: IssueState = { status: "resolved", resolvedAt: NOON, afterRelease: 0, resolution: { kind: "by-next" } };
const ISSUE = sampleIssue(1, { turningPointCount: 0, state: WAITING });

/** The ways in which a transaction finds the issue. */
const WAYS: readonly Pick<LoadRequest, "groups" | "formerGroups" | "issues">[] = [
  { groups: [sampleGroup(ISSUE)] },
  { issues: { ids: [ISSUE.id] } },
  { formerGroups: [sampleGroup(ISSUE)] },
  { issues: { awaitingNextIn: SHOP.id, after: 0, limit: 9 } },
];

/** Writes all that can belong to an issue, if it is found. */
async function addTo(transaction: StoreTransaction, racer: number): Promise<void> {
  const { grouped, formerGrouped, issues } = await transaction.load({
    releases: [refOf(SHOP.id, RELEASE)],
    ...WAYS[racer % WAYS.length],
  });
  const found = [...grouped, ...formerGrouped, ...issues].filter((issue) => issue !== undefined);
  const [before] = allReadable(found);
  await pause();
  if (before === undefined) return;
  const number = before.turningPointCount + 1;
  const after: Issue = { ...before, turningPointCount: number, eventCount: before.eventCount + 1 };
  await transaction.write({
    updates: [{ before, after }],
    counters: new Map([[before.id, Uint8Array.of(racer)]]),
    marks: [{ issueId: before.id, mark: markSeen(RELEASE, undefined) }],
    users: [sampleUser(before.id, racer)],
    turningPoints: [sampleTurningPoint(before.id, number)],
    events: [sampleEvent(before, String(racer))],
  });
}

async function deleteIssue(transaction: StoreTransaction): Promise<boolean> {
  const { issues } = await transaction.load({ issues: { ids: [ISSUE.id] } });
  await pause();
  if (issues.length > 0) await transaction.write({ deletedIssues: [ISSUE.id] });
  return issues.length > 0;
}

/** All that can be found of the issue. */
async function whatIsLeft(context: CaseContext) {
  const { grouped, issues } = await load(context, {
    groups: [sampleGroup(ISSUE)],
    issues: { awaitingNextIn: SHOP.id, after: 0, limit: 9 },
  });
  const page = {
    statuses: ["open", "resolved"],
    ...ALL_ISSUES,
    descending: true,
    after: null,
  } as const;
  return read(context, async (reader) => {
    const events = [];
    for (let racer = 0; racer < RACERS; racer++) {
      events.push(
        ...[await reader.findEvent({ projectId: SHOP.id, id: String(racer) })].filter((event) => event !== undefined),
      );
    }
    const users = Array.from({ length: RACERS }, (_, racer) => ({ issueId: ISSUE.id, user: userHash(racer) }));
    return {
      ofItsGroup: grouped.filter((issue) => issue !== undefined),
      awaitingNext: issues,
      byId: await reader.findIssues({ ids: [ISSUE.id] }),
      byNumber: await reader.findIssues({ projectId: SHOP.id, number: ISSUE.number }),
      page: (await reader.pageIssues({ projectId: SHOP.id, ...page, order: "last-seen", limit: 9 })).entries,
      history: await reader.pageHistory(ISSUE.id, null, 99),
      counters: [...(await reader.findCounters([ISSUE.id])).keys()],
      marks: (await reader.findMarks([{ issueId: ISSUE.id, upTo: null, limit: 9 }])).flat(),
      users: (await reader.findUsers(users)).filter((user) => user !== undefined),
      events,
    };
  });
}

const NOTHING = {
  ofItsGroup: [],
  awaitingNext: [],
  byId: [],
  byNumber: [],
  page: [],
  history: [],
  counters: [],
  marks: [],
  users: [],
  events: [],
};

/** Transactions that delete or remove what others use. */
export const deletionRaceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-deletions",
    title: "an issue that is deleted while others write to it is gone with all that belongs to it, once",
    requires: "load(): until the transaction ends, no other can delete an issue that was returned.",
    needs: ["second-handle"],
    async run(context) {
      await write(context, { projects: [SHOP], releases: inProject(SHOP.id, [RELEASE]), newIssues: [newIssue(ISSUE)] });
      const outcomes = await race(context, async (transaction, racer) => {
        // Every third one deletes, so that all ways to find the issue come before and after.
        if (racer % 3 === 2) return deleteIssue(transaction);
        await addTo(transaction, racer);
        return false;
      });
      expectEqual("how often the issue was deleted", outcomes.filter(Boolean).length, 1);
      const what = "what is left of the issue (something: a write was lost, or came after the deletion)";
      expectEqual(what, await whatIsLeft(context), NOTHING);
    },
  },
  {
    id: "race-on-removed-releases",
    title: "concurrent transactions that each remove a release and add another one remove different ones",
    requires:
      "load(): until the transaction ends, no other can save or remove a release in a project whose timeline was returned.",
    needs: ["second-handle"],
    async run(context) {
      await write(context, { projects: [SHOP], releases: inProject(SHOP.id, [RELEASE]) });
      const outcomes = await race(context, async (transaction, racer) => {
        const request = { timelines: [{ projectId: SHOP.id, lines: [RELEASE.line] }] };
        const timeline = (await transaction.load(request)).timelines.get(SHOP.id);
        const removed = allReadable(await transaction.pageReleases(SHOP.id, null, 1));
        if (timeline === undefined) throw new Error("There is no timeline.");
        await pause();
        const { release } = registerRelease(timeline, readSample(`2.${String(racer)}.0`), NOON);
        await transaction.write({
          deletedReleases: removed.map((each) => refOf(SHOP.id, each)),
          releases: inProject(SHOP.id, [release]),
        });
        return { removed: removed.map(({ name }) => name).join(), number: release.number };
      });
      const removed = outcomes.map((outcome) => outcome.removed);
      expectEqual("how many different ones were removed", new Set(removed).size, RACERS);
      const numbers = outcomes.map(({ number }) => number).sort((one, other) => one - other);
      expectEqual(
        "the numbers of those added",
        numbers,
        Array.from({ length: RACERS }, (_, index) => index + 2),
      );
      const left = await read(context, (reader) => reader.pageReleases(SHOP.id, null, 99));
      expectEqual("how many releases are left", left.length, 1);
    },
  },
  {
    id: "race-on-evicted-events",
    title: "concurrent evictions remove each event once, and count it once",
    requires: "evictEvents(): its steps together look at each event once; it returns how many were removed.",
    needs: ["second-handle"],
    async run(context) {
      const events = Array.from({ length: 3 * RACERS }, (_, index) => sampleEvent(ISSUE, String(index)));
      await write(context, { projects: [SHOP], newIssues: [newIssue(ISSUE)], events });
      const evicted = await race(context, async (transaction) => {
        const request = { projectId: SHOP.id, receivedBefore: NOON + 1, keepNewest: null, after: null, limit: 9 };
        await pause();
        return (await transaction.evictEvents(request)).evicted;
      });
      const { duplicateOf } = await load(context, { events });
      const left = duplicateOf.filter((id) => id !== undefined).length;
      const counted = evicted.reduce((sum, count) => sum + count, 0);
      expectEqual("how many were counted as removed", counted, events.length - left);
    },
  },
];

import { DUE_AT_ONCE } from "../../../ports/alert-outbox.ts";
import type { Issue } from "../../../core/issue.ts";
import { markFixed, markSeen } from "../../../core/release-mark.ts";
import type { Release } from "../../../core/release.ts";
import type { StoreChanges, StoreReader } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { everything } from "../outbox.ts";
import {
  ALL_PROJECTS,
  BLOG,
  inProject,
  MINUTE,
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

const OLD = sampleIssue(1);
const KEPT = sampleIssue(2);
const CHANGED: Issue = { ...KEPT, title: "changed", eventCount: 8 };
const GONE = sampleIssue(3);
const ELSEWHERE = sampleIssue(4, { projectId: BLOG.id });
const ADDED = [KEPT, GONE, ELSEWHERE];

const { all: RELEASES, known } = sampleReleases();
const [R1, BUILD, R2, R1_5] = known;
/** A release that is removed, and added again by another place. */
const REPLACED = { ...R1_5, orderKey: `${R1_5.orderKey} `, number: 90, releasedAt: NOON + MINUTE };

/** What there is before. */
const SEED: StoreChanges = {
  projects: [SHOP],
  releases: inProject(SHOP.id, RELEASES),
  newIssues: [newIssue(OLD)],
  users: [1, 2].map((number) => sampleUser(OLD.id, number)),
  marks: [R1, BUILD, R2, R1_5].map((release) => ({ issueId: OLD.id, mark: markFixed(release, undefined, NOON) })),
};

/** Changes of every kind, each of which refers to those before it. */
function changes({ hasOutbox }: CaseContext): StoreChanges {
  const move = (from: Release, to: Release | null) => ({
    projectId: SHOP.id,
    from: from.orderKey,
    to: to?.orderKey ?? null,
  });
  return {
    projects: [BLOG],
    deletedReleases: [refOf(SHOP.id, REPLACED)],
    releases: [...inProject(SHOP.id, [REPLACED]), ...inProject(BLOG.id, [R1])],
    movedMarks: [move(R1_5, REPLACED), move(R1, BUILD), move(R2, null)],
    newIssues: ADDED.map(newIssue),
    updates: [{ before: KEPT, after: CHANGED }],
    counters: new Map(ADDED.map(({ id, number }) => [id, Uint8Array.of(number)])),
    deletedMarks: [BUILD, REPLACED].map(({ orderKey }) => ({ issueId: OLD.id, orderKey })),
    marks: [
      ...[R1, R2, REPLACED].map((release) => ({ issueId: OLD.id, mark: seen(release) })),
      ...ADDED.map(({ id }) => ({ issueId: id, mark: seen(R1) })),
    ],
    latestUserDays: [{ issueId: OLD.id, day: 19_000 }],
    users: [sampleUser(OLD.id, 2), ...ADDED.map(({ id }) => sampleUser(id, 1))],
    turningPoints: ADDED.map(({ id }) => sampleTurningPoint(id, 1)),
    events: ADDED.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`)),
    ...(hasOutbox && { alerts: ADDED.map((issue) => sampleAlert(issue, issue.number)) }),
    deletedIssues: [GONE.id],
  };
}

const seen = (release: Release) => markSeen(release, undefined);

/** What a reader finds of the issues. */
async function readIssues(reader: StoreReader) {
  const ids = [OLD, ...ADDED].map(({ id }) => id);
  const counters = await reader.findCounters(ids);
  const users = [1, 2].map((number) => ({ issueId: OLD.id, user: userHash(number) }));
  const history: number[] = [];
  const events: (string | undefined)[] = [];
  for (const { id, projectId, number } of ADDED) {
    history.push((await reader.pageHistory(id, null, 9)).length);
    events.push((await reader.findEvent({ projectId, id: `of ${String(number)}` }))?.issueId);
  }
  return {
    projects: await reader.findProjects(ALL_PROJECTS),
    issues: new Map((await reader.findIssues({ ids })).map((issue) => [issue.id, issue])),
    releases: (await reader.pageReleases(SHOP.id, null, 9)).length,
    replaced: await reader.findReleases([refOf(SHOP.id, REPLACED)]),
    counters: new Map(Array.from(counters, ([id, bytes]) => [id, [...bytes]])),
    marks: await reader.findMarks(ids.map((issueId) => ({ issueId, upTo: null, limit: 9 }))),
    users: await reader.findUsers([...users, ...ADDED.map(({ id }) => ({ issueId: id, user: userHash(1) }))]),
    history,
    events,
  };
}

/** What one write does. */
export const writeCases: readonly ConformanceCase[] = [
  {
    id: "writes-in-order",
    title: "one write may hold changes of every kind, each of which refers to those before it",
    requires: "write() writes as if in the order of its members, so that each may refer to those above it.",
    async run(context) {
      await write(context, SEED);
      await write(context, changes(context));
      expectEqual("what was written", await read(context, readIssues), {
        projects: [
          { project: BLOG, issueCount: 4, releaseCount: 1 },
          { project: SHOP, issueCount: 3, releaseCount: 90 },
        ],
        issues: new Map([OLD, CHANGED, ELSEWHERE].map((issue) => [issue.id, issue])),
        releases: RELEASES.length,
        replaced: [REPLACED],
        counters: new Map([KEPT, ELSEWHERE].map(({ id, number }) => [id, [number]])),
        marks: [[R2, REPLACED, R1].map(seen), [seen(R1)], [], [seen(R1)]],
        users: [
          sampleUser(OLD.id, 1, { lastDay: 19_000 }),
          sampleUser(OLD.id, 2),
          sampleUser(KEPT.id, 1),
          undefined,
          sampleUser(ELSEWHERE.id, 1),
        ],
        history: [1, 0, 1],
        events: [KEPT.id, undefined, ELSEWHERE.id],
      });
      const loaded = await load(context, {
        groups: ADDED.map(sampleGroup),
        releases: [refOf(SHOP.id, REPLACED), refOf(BLOG.id, R1)],
      });
      expectEqual("the issues of the groups", loaded.grouped, [CHANGED, undefined, ELSEWHERE]);
      expectEqual("the releases", loaded.releases, [REPLACED, R1]);
      if (!context.hasOutbox) return;
      const state = { status: "pending", dueAt: DUE_AT_ONCE };
      const pending = [KEPT, ELSEWHERE].map((issue) => ({
        alert: sampleAlert(issue, issue.number),
        state,
        attempts: 0,
        lastError: null,
        memo: null,
      }));
      expectEqual("the alerts", await everything(context), { pending, dead: [], discarded: [] });
    },
  },
];

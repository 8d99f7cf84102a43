import { DUE_AT_ONCE } from "../../../ports/alert-outbox.ts";
import type { Issue } from "../../../core/issue.ts";
import type { ReleaseMark } from "../../../core/release-mark.ts";
import type { StoreChanges, StoreReader } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { everything } from "../outbox.ts";
import {
  BLOG,
  newIssue,
  sampleAlert,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  SHOP,
} from "../samples.ts";

const KEPT = sampleIssue(1);
const CHANGED: Issue = { ...KEPT, title: "changed", eventCount: 8 };
const GONE = sampleIssue(2);
const ELSEWHERE = sampleIssue(3, { projectId: BLOG.id });
const ISSUES = [KEPT, GONE, ELSEWHERE];

const { known } = sampleReleases();
const RELEASES = known.slice(1, 2);
const MARKS = RELEASES.map(({ version, number, orderKey }): ReleaseMark => ({
  version,
  number,
  orderKey,
  last: "seen",
  fixedAt: null,
}));

/** Changes of every kind, each of which refers to those before it. */
function changes({ hasOutbox }: CaseContext): StoreChanges {
  return {
    projects: [SHOP, BLOG],
    releases: known.map((release) => ({ projectId: SHOP.id, release })),
    newIssues: ISSUES.map(newIssue),
    updates: [{ before: KEPT, after: CHANGED }],
    counters: new Map(ISSUES.map(({ id, number }) => [id, Uint8Array.of(number)])),
    marks: ISSUES.flatMap(({ id }) => MARKS.map((mark) => ({ issueId: id, mark }))),
    turningPoints: ISSUES.map(({ id }) => sampleTurningPoint(id, 1)),
    events: ISSUES.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`)),
    ...(hasOutbox && { alerts: ISSUES.map((issue) => sampleAlert(issue, issue.number)) }),
    deletedIssues: [GONE.id],
  };
}

/** What a reader finds of the issues. */
async function readIssues(reader: StoreReader) {
  const ids = ISSUES.map(({ id }) => id);
  const counters = await reader.findCounters(ids);
  const history: number[] = [];
  const events: (string | undefined)[] = [];
  for (const { id, projectId, number } of ISSUES) {
    history.push((await reader.pageHistory(id, null, 9)).length);
    events.push((await reader.findEvent({ projectId, id: `of ${String(number)}` }))?.issueId);
  }
  return {
    projects: await reader.findProjects("all"),
    issues: new Map((await reader.findIssues({ ids })).map((issue) => [issue.id, issue])),
    releases: (await reader.pageReleases(SHOP.id, null, 9)).length,
    latest: (await reader.findTimelines([SHOP.id])).get(SHOP.id)?.latest?.version,
    counters: new Map(Array.from(counters, ([id, bytes]) => [id, [...bytes]])),
    marks: await reader.findMarks(ids.map((issueId) => ({ issueId, upTo: null, limit: 9 }))),
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
      await write(context, changes(context));
      expectEqual("what was written", await read(context, readIssues), {
        projects: [
          { project: BLOG, issueCount: 3 },
          { project: SHOP, issueCount: 2 },
        ],
        issues: new Map([CHANGED, ELSEWHERE].map((issue) => [issue.id, issue])),
        releases: known.length,
        latest: known[2]?.version,
        counters: new Map([KEPT, ELSEWHERE].map(({ id, number }) => [id, [number]])),
        marks: [MARKS, [], MARKS],
        history: [1, 0, 1],
        events: [KEPT.id, undefined, ELSEWHERE.id],
      });
      const loaded = await load(context, {
        groups: ISSUES.map(sampleGroup),
        releases: RELEASES.map(({ version }) => ({ projectId: SHOP.id, version })),
      });
      expectEqual("the issues of the groups", loaded.grouped, [CHANGED, undefined, ELSEWHERE]);
      expectEqual("the releases", loaded.releases, RELEASES);
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

import type { ReleaseMark } from "../../../core/release-mark.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { Loaded, LoadedIssues } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { BLOG, newIssue, sampleEvent, sampleGroup, sampleIssue, sampleReleases, SHOP, uuid } from "../samples.ts";

const [FIRST, SECOND, THIRD] = [sampleIssue(1), sampleIssue(2), sampleIssue(3)];
const ELSEWHERE = sampleIssue(4, { projectId: BLOG.id });
const RENAMED = { ...SHOP, slug: "Store" };

const markOf = (orderKey: string): ReleaseMark => ({
  version: `v${orderKey}`,
  number: 1,
  orderKey,
  last: "seen",
  fixedAt: null,
});

const ofShop = (version: string) => ({ projectId: SHOP.id, version });

async function seed(context: CaseContext): Promise<void> {
  await write(context, {
    projects: [SHOP, BLOG],
    releases: sampleReleases().all.map((release) => ({ projectId: SHOP.id, release })),
    newIssues: [FIRST, SECOND, THIRD, ELSEWHERE].map(newIssue),
    counters: new Map([FIRST, SECOND].map(({ id, number }) => [id, Uint8Array.of(number)])),
    marks: [
      ...["b", "d", "f"].map((key) => ({ issueId: FIRST.id, mark: markOf(key) })),
      { issueId: SECOND.id, mark: markOf("c") },
    ],
    events: [sampleEvent(FIRST, "a"), sampleEvent(SECOND, "b")],
  });
  await write(context, { projects: [RENAMED] });
}

/** What was found of each of several lists, in the order of the request. */
async function expectListsInOrder(context: CaseContext): Promise<void> {
  const loaded = await load(context, {
    projectIds: ["nowhere"],
    events: ["new", "b", "a"].map((id) => ({ projectId: SHOP.id, id })),
    groups: [sampleGroup(SECOND), { ...sampleGroup(FIRST), key: "new" }, sampleGroup(FIRST)],
    issues: { ids: [ELSEWHERE.id, uuid(77), "no id", FIRST.id] },
    releases: ["new", "2.0.0"].map(ofShop),
  });
  expectEqual(
    "the projects",
    loaded.projects,
    new Map([
      [SHOP.id, { project: RENAMED, issueCount: 3 }],
      [BLOG.id, { project: BLOG, issueCount: 4 }],
    ]),
  );
  expectEqual("the issues of the events", loaded.duplicateOf, [undefined, SECOND.id, FIRST.id]);
  expectEqual("the issues of the groups", loaded.grouped, [SECOND, undefined, FIRST]);
  expectEqual("the issues by their ids", byId(loaded), new Map([FIRST, ELSEWHERE].map((issue) => [issue.id, issue])));
  expectEqual("the releases", loaded.releases, [undefined, sampleReleases().known[2]]);
  expectEqual("the marks, where no details are requested", loaded.marks, []);
  const projects = await load(context, { projectIds: ["nowhere", BLOG.id] });
  expectEqual("a requested project", projects.projects, new Map([[BLOG.id, { project: BLOG, issueCount: 4 }]]));
}

function byId({ issues }: LoadedIssues) {
  return new Map(issues.map((issue) => [issue.id, issue]));
}

/** The counters and marks that the work says it needs, when it has seen the rest. */
async function expectDetails(context: CaseContext): Promise<void> {
  let calls = 0;
  let seen: readonly unknown[] = [];
  const loaded = await load(context, {
    groups: [sampleGroup(FIRST)],
    issues: { ids: [THIRD.id] },
    releases: [ofShop("2.0.0")],
    timelines: [SHOP.id],
    details: ({ grouped, issues, releases, timelines, projects, duplicateOf }) => {
      calls++;
      seen = [grouped, issues, releases, timelines.get(SHOP.id)?.count, projects.get(SHOP.id)?.issueCount, duplicateOf];
      const ids = [...grouped, ...issues].flatMap((issue) => issue?.id ?? []);
      return {
        counters: [...ids, SECOND.id, uuid(77)],
        marks: [
          { issueId: SECOND.id, upTo: null, limit: 9 },
          { issueId: THIRD.id, upTo: null, limit: 9 },
          { issueId: FIRST.id, upTo: "e", limit: 1 },
          { issueId: FIRST.id, upTo: null, limit: 2 },
        ],
      };
    },
  });
  expectEqual("how often the details were requested", calls, 1);
  expectEqual("what was known then", seen, [[FIRST], [THIRD], [sampleReleases().known[2]], 5, 3, []]);
  const counters = [FIRST, SECOND, THIRD].map(({ id }) => [...(loaded.counters.get(id) ?? [])]);
  expectEqual("the counters", counters, [[1], [2], []]);
  const marks = loaded.marks.map((found) => allReadable(found).map(({ orderKey }) => orderKey));
  expectEqual("the marks", marks, [["c"], [], ["d"], ["f", "d"]]);
}

/** The timelines of projects in which a requested release is new, or was only announced. */
async function expectTimelines(context: CaseContext): Promise<void> {
  const { known } = sampleReleases();
  const timeline = { head: known[2], latest: known[2], count: 5 };
  for (const version of ["new", "the fix"]) {
    const loaded = await load(context, { releases: [ofShop("2.0.0"), ofShop(version)] });
    expectEqual(`the timeline, where "${version}" is requested`, timelineOf(loaded, SHOP.id), timeline);
  }
  const both = await load(context, { timelines: [BLOG.id], releases: [ofShop("new")] });
  expectEqual("the timeline of a requested release", timelineOf(both, SHOP.id), timeline);
  const none = { head: undefined, latest: undefined, count: 0 };
  expectEqual("a requested timeline", timelineOf(both, BLOG.id), none);
}

function timelineOf({ timelines }: Loaded, projectId: string) {
  return timelines.get(projectId);
}

/** What a digest or a command loads. */
export const digestCases: readonly ConformanceCase[] = [
  {
    id: "digest-snapshot",
    title: "all that a digest or a command needs is loaded, each list in the order of the request",
    requires:
      "load() returns projects, events, issues, releases and timelines; then calls `details` once, and returns the counters and marks that it requests.",
    async run(context) {
      await seed(context);
      await expectListsInOrder(context);
      await expectDetails(context);
      await expectTimelines(context);
    },
  },
  {
    id: "digest-keeps-apart",
    title: "what belongs to another project, or was grouped by another strategy, is not loaded",
    requires: "load() does not return what belongs to another project, or was grouped by another strategy.",
    async run(context) {
      await seed(context);
      const group = sampleGroup(FIRST);
      const loaded = await load(context, {
        events: [
          { projectId: BLOG.id, id: "a" },
          { projectId: "nowhere", id: "a" },
        ],
        groups: [
          { ...group, projectId: BLOG.id },
          { ...group, strategy: "sample/2" },
          { ...group, projectId: "nowhere" },
        ],
        releases: [
          { projectId: BLOG.id, version: "2.0.0" },
          { projectId: "nowhere", version: "2.0.0" },
        ],
      });
      expectEqual("the projects", [...loaded.projects.keys()].sort(), [BLOG.id, SHOP.id]);
      expectEqual("the issues of the events", loaded.duplicateOf, [undefined, undefined]);
      expectEqual("the issues of the groups", loaded.grouped, [undefined, undefined, undefined]);
      expectEqual("the releases", loaded.releases, [undefined, undefined]);
      expectEqual("the timeline of the other project", timelineOf(loaded, BLOG.id)?.count, 0);
    },
  },
];

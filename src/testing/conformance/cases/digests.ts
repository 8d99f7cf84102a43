import { markSeen } from "../../../core/release-mark.ts";
import { EMPTY_TIMELINE, type ReleaseLine, type ReleaseTimeline } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { Loaded, LoadedIssues } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  BLOG,
  inProject,
  newIssue,
  refOf,
  refTo,
  sampleEvent,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  SHOP,
  uuid,
} from "../samples.ts";

const [FIRST, SECOND, THIRD] = [sampleIssue(1), sampleIssue(2), sampleIssue(3)];
const ELSEWHERE = sampleIssue(4, { projectId: BLOG.id });
const RENAMED = { ...SHOP, slug: "Store" };

const RELEASES = sampleReleases();
/** `1.0.0`, `1.5.0` and `v2.0`, in the order of their line, and a release of a line after it. */
const [R1, BUILD, R2, R1_5] = RELEASES.known;

async function seed(context: CaseContext): Promise<void> {
  await write(context, {
    projects: [SHOP, BLOG],
    releases: inProject(SHOP.id, RELEASES.all),
    newIssues: [FIRST, SECOND, THIRD, ELSEWHERE].map(newIssue),
    counters: new Map([FIRST, SECOND].map(({ id, number }) => [id, Uint8Array.of(number)])),
    marks: [
      ...[R1, R2, BUILD].map((release) => ({ issueId: FIRST.id, mark: markSeen(release, undefined) })),
      { issueId: SECOND.id, mark: markSeen(R1_5, undefined) },
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
    releases: [refTo(SHOP.id, "new"), refOf(SHOP.id, R2)],
  });
  expectEqual(
    "the projects",
    loaded.projects,
    new Map([
      [SHOP.id, { project: RENAMED, issueCount: 3, releaseCount: 7 }],
      [BLOG.id, { project: BLOG, issueCount: 4, releaseCount: 0 }],
    ]),
  );
  expectEqual("the issues of the events", loaded.duplicateOf, [undefined, SECOND.id, FIRST.id]);
  expectEqual("the issues of the groups", loaded.grouped, [SECOND, undefined, FIRST]);
  expectEqual("the issues by their ids", byId(loaded), new Map([FIRST, ELSEWHERE].map((issue) => [issue.id, issue])));
  expectEqual("the releases", loaded.releases, [undefined, R2]);
  expectEqual("the marks, where no details are requested", loaded.marks, []);
  const projects = await load(context, { projectIds: ["nowhere", BLOG.id] });
  expectEqual(
    "a requested project",
    projects.projects,
    new Map([[BLOG.id, { project: BLOG, issueCount: 4, releaseCount: 0 }]]),
  );
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
    releases: [refOf(SHOP.id, R2)],
    timelines: [{ projectId: SHOP.id, lines: [] }],
    details: ({ grouped, issues, releases, timelines, projects, duplicateOf }) => {
      calls++;
      seen = [grouped, issues, releases, timelines.get(SHOP.id)?.count, projects.get(SHOP.id)?.issueCount, duplicateOf];
      const ids = [...grouped, ...issues].flatMap((issue) => issue?.id ?? []);
      return {
        counters: [...ids, SECOND.id, uuid(77)],
        marks: [
          { issueId: SECOND.id, upTo: null, limit: 9 },
          { issueId: THIRD.id, upTo: null, limit: 9 },
          { issueId: FIRST.id, upTo: RELEASES.retired.orderKey, limit: 1 },
          { issueId: FIRST.id, upTo: null, limit: 2 },
        ],
      };
    },
  });
  expectEqual("how often the details were requested", calls, 1);
  expectEqual("what was known then", seen, [[FIRST], [THIRD], [R2], 7, 3, []]);
  const counters = [FIRST, SECOND, THIRD].map(({ id }) => [...(loaded.counters.get(id) ?? [])]);
  expectEqual("the counters", counters, [[1], [2], []]);
  const marks = loaded.marks.map((found) => allReadable(found).map(({ orderKey }) => orderKey));
  const expected = [[R1_5], [], [R2], [BUILD, R2]].map((found) => found.map(({ orderKey }) => orderKey));
  expectEqual("the marks", marks, expected);
}

/** The timelines of projects in which a requested release is new, or was only announced. */
async function expectTimelines(context: CaseContext): Promise<void> {
  const { announced, alone } = RELEASES;
  const versionLine = [R1.line, { number: R1.lineNumber, latest: R2 }] as const;
  const buildLine = [BUILD.line, { number: BUILD.lineNumber, latest: BUILD }] as const;
  const withLines = (...lines: readonly (readonly [string, ReleaseLine])[]): ReleaseTimeline => ({
    count: 7,
    latest: R2,
    placedBy: R1.placedBy,
    lines: new Map(lines),
  });
  const requested = [
    [refTo(SHOP.id, "4.0.0"), withLines(versionLine)],
    [refTo(SHOP.id, "another build"), withLines(buildLine)],
    [refTo(SHOP.id, "worker@1.0.0"), withLines()],
    [refOf(SHOP.id, announced), withLines(versionLine)],
    [refOf(SHOP.id, alone), withLines([alone.line, { number: alone.lineNumber, latest: undefined }])],
  ] as const;
  for (const [ref, expected] of requested) {
    const loaded = await load(context, { releases: [refOf(SHOP.id, BUILD), ref] });
    expectEqual(`the timeline, where "${ref.name}" is requested`, timelineOf(loaded, SHOP.id), expected);
  }
  const both = await load(context, {
    timelines: [
      { projectId: BLOG.id, lines: [R1.line] },
      { projectId: SHOP.id, lines: [BUILD.line] },
    ],
    releases: [refTo(SHOP.id, "4.0.0"), refOf(SHOP.id, announced)],
  });
  const lines = withLines(buildLine, versionLine);
  expectEqual(
    "the timeline, with the requested line and that of a requested release",
    timelineOf(both, SHOP.id),
    lines,
  );
  expectEqual("a requested timeline", timelineOf(both, BLOG.id), EMPTY_TIMELINE);
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
        releases: [refOf(BLOG.id, R2), refOf("nowhere", R2)],
      });
      expectEqual("the projects", [...loaded.projects.keys()].sort(), [BLOG.id, SHOP.id]);
      expectEqual("the issues of the events", loaded.duplicateOf, [undefined, undefined]);
      expectEqual("the issues of the groups", loaded.grouped, [undefined, undefined, undefined]);
      expectEqual("the releases", loaded.releases, [undefined, undefined]);
      expectEqual("the timeline of the other project", timelineOf(loaded, BLOG.id), EMPTY_TIMELINE);
    },
  },
];

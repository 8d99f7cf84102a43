import { EMPTY_TIMELINE, type Release, type ReleaseLine, type ReleaseTimeline } from "../../../core/release.ts";
import type { TimelineRequest } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { BLOG, inProject, MINUTE, NOON, refOf, releasesAt, sampleReleases, SHOP } from "../samples.ts";

const lastFirst = (releases: readonly Release[]): Release[] =>
  releases.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));

const lineOf = (line: Omit<ReleaseLine, "latest">, latest?: ReleaseLine["latest"]): ReleaseLine => ({
  number: line.number,
  latest,
});

/** Checks a timeline, as a reader finds it and as it is loaded. */
async function expectTimeline(
  context: CaseContext,
  what: string,
  request: TimelineRequest,
  expected: ReleaseTimeline,
): Promise<void> {
  const found = await read(context, (reader) => reader.findTimelines([request]));
  expectEqual(what, found.get(request.projectId), expected);
  const { timelines } = await load(context, { timelines: [request] });
  expectEqual(`${what}, loaded`, timelines.get(request.projectId), expected);
}

/** Releases and timelines. */
export const releaseCases: readonly ConformanceCase[] = [
  {
    id: "releases-kept",
    title: "releases are returned as they were last saved, by name and in pages, last first",
    requires:
      "write() adds releases, or replaces those of the same name; findReleases() returns each that is stored; pageReleases() returns a project's, greatest order key first.",
    async run(context) {
      const { all, known, retired } = sampleReleases();
      const [first, build, second, third] = known;
      const sameName = { ...first, orderKey: "elsewhere", releasedAt: NOON - MINUTE };
      await write(context, { projects: [SHOP, BLOG], releases: inProject(SHOP.id, all) });
      await write(context, { releases: inProject(BLOG.id, [sameName]) });
      const shop = (...releases: readonly Pick<Release, "name" | "line">[]) =>
        releases.map((release) => refOf(SHOP.id, release));
      const nowhere = { name: second.version, line: second.line };
      await read(context, async (reader) => {
        const refs = [...shop(third, nowhere, ...all), refOf(BLOG.id, first), refOf(BLOG.id, second)];
        const expected = [third, undefined, ...all, sameName, undefined];
        expectEqual("by name", await reader.findReleases(refs), expected);
        const order = lastFirst(all);
        expectEqual("all, last first", await reader.pageReleases(SHOP.id, null, 99), order);
        expectEqual("the first page", await reader.pageReleases(SHOP.id, null, 2), order.slice(0, 2));
        expectEqual("the second", await reader.pageReleases(SHOP.id, order[1]?.orderKey ?? "", 2), order.slice(2, 4));
        expectEqual("of another project", await reader.pageReleases(BLOG.id, null, 9), [sameName]);
        expectEqual("of an unknown project", await reader.pageReleases("nowhere", null, 9), []);
      });
      const { becameLatest: _, ...others } = first;
      const saved: Release[] = [
        { ...others, standing: "retired" },
        { ...build, line: "a new line", lineNumber: 50, orderKey: "00", placedBy: "another/1", becameLatest: false },
        { ...retired, standing: "known", number: 51, version: "v999.9.9", becameLatest: true },
      ];
      await write(context, { releases: inProject(SHOP.id, saved) });
      await read(context, async (reader) => {
        expectEqual("saved anew", await reader.findReleases(shop(first, build, retired)), saved);
        const rest = all.filter(({ name }) => !saved.some((release) => release.name === name));
        expectEqual(
          "all in their new order",
          await reader.pageReleases(SHOP.id, null, 99),
          lastFirst([...rest, ...saved]),
        );
      });
    },
  },
  {
    id: "releases-removed",
    title: "a release that was removed is not found, and its name can be used again",
    requires: "write() removes releases.",
    async run(context) {
      const { known, all } = sampleReleases();
      const [first, , second, third] = known;
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, all), ...inProject(BLOG.id, [second])],
      });
      await write(context, { deletedReleases: [second, third].map((release) => refOf(SHOP.id, release)) });
      const left = all.filter((release) => release !== second && release !== third);
      await read(context, async (reader) => {
        const refs = [...[first, second, third].map((release) => refOf(SHOP.id, release)), refOf(BLOG.id, second)];
        expectEqual("by name", await reader.findReleases(refs), [first, undefined, undefined, second]);
        expectEqual("in a page", await reader.pageReleases(SHOP.id, null, 99), lastFirst(left));
      });
      const again = { ...third, number: 90 };
      await write(context, { releases: inProject(SHOP.id, [again]) });
      const found = await read(context, (reader) => reader.findReleases([refOf(SHOP.id, third)]));
      expectEqual("a removed release that was added again", found, [again]);
    },
  },
  {
    id: "releases-counted",
    title: "a project's release count is the highest number that a release or a line had, and never falls",
    requires:
      "write() raises the projects' releaseCount to the numbers and line numbers of the releases that it saves; it never falls.",
    async run(context) {
      const [first, second] = releasesAt("a", "b");
      if (first === undefined || second === undefined) return;
      const count = async (): Promise<unknown[]> => {
        const found = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
        const { projects, timelines } = await load(context, {
          projectIds: [SHOP.id],
          timelines: [{ projectId: SHOP.id, lines: [] }],
        });
        const counts = [...found, projects.get(SHOP.id)].map((stored) => stored?.releaseCount);
        return [...counts, timelines.get(SHOP.id)?.count];
      };
      const steps: readonly [string, Parameters<typeof write>[1], number][] = [
        ["of a project without releases", { projects: [SHOP, BLOG] }, 0],
        ["of one with two releases", { releases: inProject(SHOP.id, [second, first]) }, 2],
        ["when a release gets a new number", { releases: inProject(SHOP.id, [{ ...first, number: 7 }]) }, 7],
        ["when a line gets a new number", { releases: inProject(SHOP.id, [{ ...second, lineNumber: 9 }]) }, 9],
        ["when the numbers are lower", { releases: inProject(SHOP.id, [first, second]) }, 9],
        ["when the project is saved again", { projects: [SHOP] }, 9],
        ["when all are removed", { deletedReleases: [first, second].map((each) => refOf(SHOP.id, each)) }, 9],
        ["when another project has more", { releases: inProject(BLOG.id, [{ ...first, number: 20 }]) }, 9],
      ];
      for (const [when, changes, expected] of steps) {
        await write(context, changes);
        expectEqual(`the release count ${when}`, await count(), [expected, expected, expected]);
      }
    },
  },
  {
    id: "timelines-known",
    title: "a timeline has the number of releases, the latest one, and what placed the newest",
    requires:
      "findTimelines() returns each project's timeline; its latest release is the last one that became the latest of its line. An unknown project's is empty.",
    async run(context) {
      const { known, all, retired } = sampleReleases();
      const [first, , latest] = known;
      const other = { ...first, number: 3, placedBy: "" };
      await write(context, {
        projects: [SHOP, BLOG, { ...BLOG, id: "new", slug: "new" }],
        releases: [
          ...inProject(SHOP.id, [...all.slice(0, -1), { ...retired, placedBy: "newest/1" }]),
          ...inProject(BLOG.id, [other]),
        ],
      });
      const shop = { count: all.length, latest, placedBy: "newest/1", lines: new Map() };
      await expectTimeline(context, "the timeline", { projectId: SHOP.id, lines: [] }, shop);
      const blog = { count: 3, latest: other, placedBy: "", lines: new Map() };
      await expectTimeline(context, "that of another project", { projectId: BLOG.id, lines: [] }, blog);
      for (const projectId of ["new", "nowhere"]) {
        const what = projectId === "new" ? "that of a project without releases" : "that of an unknown project";
        await expectTimeline(context, what, { projectId, lines: [first.line] }, EMPTY_TIMELINE);
      }
      const ids = ["nowhere", BLOG.id, SHOP.id];
      const requests = ids.map((projectId) => ({ projectId, lines: [] }));
      const found = await read(context, (reader) => reader.findTimelines(requests));
      expectEqual(
        "several at once",
        ids.map((id) => found.get(id)),
        [EMPTY_TIMELINE, blog, shop],
      );
    },
  },
  {
    id: "lines-known",
    title: "a timeline has the requested lines, each with its number and its last known release",
    requires: "findTimelines() returns each project's timeline with the requested lines that exist.",
    async run(context) {
      const { known, all, alone } = sampleReleases();
      const [first, build, second] = known;
      const elsewhere = { ...first, lineNumber: 40, number: 41 };
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, all), ...inProject(BLOG.id, [elsewhere])],
      });
      const expectLines = (
        what: string,
        lines: readonly string[],
        expected: readonly (readonly [string, ReleaseLine])[],
        projectId = SHOP.id,
      ): Promise<void> =>
        expectTimeline(
          context,
          what,
          { projectId, lines },
          {
            count: projectId === SHOP.id ? all.length : 41,
            latest: projectId === SHOP.id ? second : elsewhere,
            placedBy: first.placedBy,
            lines: new Map(expected),
          },
        );
      const firstLine = lineOf({ number: 1 }, second);
      const secondLine = lineOf({ number: 2 }, build);
      await expectLines("one line", [first.line], [[first.line, firstLine]]);
      await expectLines(
        "all lines",
        [build.line, "nowhere", alone.line, first.line],
        [
          [first.line, firstLine],
          [build.line, secondLine],
          [alone.line, lineOf({ number: alone.lineNumber })],
        ],
      );
      const line = lineOf({ number: 40 }, elsewhere);
      await expectLines("a line of another project", [first.line, build.line], [[first.line, line]], BLOG.id);
      await write(context, { deletedReleases: [refOf(SHOP.id, alone)] });
      await expectLines("a line without releases", [alone.line, build.line], [[build.line, secondLine]]);
    },
  },
  {
    id: "timelines-without-retired",
    title: "releases that are announced or retired are no latest ones, of a project or of a line",
    requires: "findTimelines(): announced and retired releases are no latest ones.",
    async run(context) {
      const { known, announced, retired } = sampleReleases();
      const [first, build, second] = known;
      const { becameLatest: _, ...others } = second;
      const secondRetired: Release = { ...others, standing: "retired" };
      const { becameLatest: __, ...otherBuild } = build;
      const buildRetired: Release = { ...otherBuild, standing: "retired" };
      const ofShop = { projectId: SHOP.id, lines: [first.line, build.line] };
      const expectLatest = (
        what: string,
        latest: ReleaseTimeline["latest"],
        inFirst: ReleaseLine["latest"],
        inSecond: ReleaseLine["latest"],
        count = 7,
      ): Promise<void> =>
        expectTimeline(context, what, ofShop, {
          count,
          latest,
          placedBy: first.placedBy,
          lines: new Map([
            [first.line, lineOf({ number: 1 }, inFirst)],
            [build.line, lineOf({ number: 2 }, inSecond)],
          ]),
        });
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [announced, retired, first, build, second]),
      });
      await expectLatest("with some above all others", second, second, build);
      await write(context, { releases: inProject(SHOP.id, [secondRetired]) });
      await expectLatest("when the latest was retired", build, first, build);
      await write(context, { releases: inProject(SHOP.id, [buildRetired]) });
      await expectLatest("when the only one of a line was retired", first, first, undefined);
      const { announcedAt: ___, ...base } = announced;
      const seen: Release = { ...base, standing: "known", number: 8, releasedAt: NOON + MINUTE, becameLatest: true };
      await write(context, { releases: inProject(SHOP.id, [seen]) });
      await expectLatest("when an announced one became known", seen, seen, undefined, 8);
    },
  },
];

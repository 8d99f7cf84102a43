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

/** Order keys that differ in case, in punctuation, in blanks at their ends, or near their ends only. */
const ORDER_KEYS = [
  ...["B", "a", "A", "a ", "a!", "a-b", "a.b", "a_b", "ab", "a10", "a9", "~", " ", "0", "00", "Z", "z"],
  ...["1", "2", "10", "b", "B", " "].flatMap((end) => [16, 255, 990].map((length) => "x".repeat(length) + end)),
];

const LINES = ["line 0", "line 1", "line 2"];

/** One of 23 releases as a step of a story saves it: in another line, place and standing each time. */
function releaseOf(step: number): Release {
  const line = step % LINES.length;
  const base = {
    version: `version ${String(step)}`,
    name: `release ${String(step % 23)}`,
    line: LINES[line] ?? "",
    lineNumber: 200 + line,
    number: 1 + step,
    orderKey: `${String(line)}.${String((step * 37) % 101).padStart(3, "0")}.${String(step % 23)}`,
    placedBy: `order/${String(step)}`,
  };
  switch (step % 5) {
    case 0:
      return { ...base, standing: "announced", announcedAt: NOON + step };
    case 1:
      return { ...base, standing: "retired", releasedAt: NOON + step };
    default:
      return { ...base, standing: "known", releasedAt: NOON + ((step * 41) % 97), becameLatest: step % 2 === 0 };
  }
}

/** The timeline of releases, as the port says, without the count. */
function timelineOf(releases: readonly Release[]): Omit<ReleaseTimeline, "count"> {
  const byNumber = releases.toSorted((one, other) => one.number - other.number);
  const known = byNumber.filter((release) => release.standing === "known");
  const lines = new Map<string, ReleaseLine>();
  for (const { line, lineNumber } of byNumber) {
    const ofLine = known.filter((release) => release.line === line);
    const [latest] = ofLine.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));
    lines.set(line, lineOf({ number: lineNumber }, latest));
  }
  return { latest: known.findLast(({ becameLatest }) => becameLatest), placedBy: byNumber.at(-1)?.placedBy, lines };
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
    id: "order-keys-compared",
    title: "order keys are compared by code unit, up to their ends",
    requires:
      "A store compares texts by code unit; pageReleases() returns releases by order key, a line's latest has the greatest.",
    async run(context) {
      const keys = ORDER_KEYS.toSorted();
      const releases = releasesAt(...ORDER_KEYS);
      // A line for each pair of neighbours, and the greater one is saved first.
      const pairs = keys.slice(1).map((key, index) =>
        releasesAt(`#${key}`, `#${keys[index] ?? ""}`).map((release, place) => ({
          ...release,
          name: `pair ${String(index)}, ${String(place)}`,
          line: `pair ${String(index)}`,
          lineNumber: 1_000 + index,
          number: 1_000 + 2 * index + place,
          orderKey: `${String(index).padStart(3, "0")}${release.orderKey}`,
        })),
      );
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, releases), ...inProject(BLOG.id, pairs.flat())],
      });
      const order = lastFirst(releases);
      await read(context, async (reader) => {
        expectEqual("all, last first", await reader.pageReleases(SHOP.id, null, 99), order);
        for (const [index, { orderKey }] of order.entries()) {
          const next = await reader.pageReleases(SHOP.id, orderKey, 1);
          expectEqual(`the release before "${orderKey.slice(-40)}"`, next, order.slice(index + 1, index + 2));
        }
        const lines = pairs.map((_, index) => `pair ${String(index)}`);
        const timeline = (await reader.findTimelines([{ projectId: BLOG.id, lines }])).get(BLOG.id);
        expectEqual(
          "the latest of lines",
          lines.map((name) => timeline?.lines.get(name)?.latest),
          pairs.map(([greater]) => greater),
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
      const moved = { ...build, line: "elsewhere", lineNumber: 3 };
      await write(context, { releases: inProject(SHOP.id, [moved]) });
      const elsewhereLine = ["elsewhere", lineOf({ number: 3 }, moved)] as const;
      await expectLines("a line whose only release is in another", [build.line, "elsewhere"], [elsewhereLine]);
      const movedLatest = { ...second, line: "elsewhere", lineNumber: 3, becameLatest: true };
      await write(context, { releases: inProject(SHOP.id, [movedLatest]) });
      const found = await read(context, (reader) =>
        reader.findTimelines([{ projectId: SHOP.id, lines: [first.line] }]),
      );
      const { latest } = found.get(SHOP.id)?.lines.get(first.line) ?? {};
      expectEqual("the latest of a line whose latest is in another", latest?.name, known[3].name);
    },
  },
  {
    id: "timelines-in-batches",
    title: "a timeline follows what was saved, retired, moved and removed, in several batches and lines",
    requires: "findTimelines() returns each project's timeline as it is after the last write.",
    async run(context) {
      await write(context, { projects: [SHOP] });
      const stored = new Map<string, Release>();
      for (let batch = 0; batch < 12; batch++) {
        const saved = Array.from({ length: 1 + (batch % 4) }, (_, place) => releaseOf(batch * 5 + place * 3));
        const removed = [...stored.values()].filter(({ name, number }) => {
          return (number + batch) % 6 === 0 && !saved.some((release) => release.name === name);
        });
        for (const { name } of removed) stored.delete(name);
        for (const release of saved) stored.set(release.name, release);
        await write(context, {
          // The line of a reference is not part of its identity.
          deletedReleases: removed.map(({ name }) => ({ projectId: SHOP.id, name, line: "elsewhere" })),
          releases: inProject(SHOP.id, saved),
        });
        const refs = saved.map(({ name }) => ({ projectId: SHOP.id, name, line: "elsewhere" }));
        const found = await read(context, (reader) => reader.findReleases(refs));
        expectEqual(`the releases of batch ${String(batch + 1)}`, found, saved);
        const [project] = await read(context, (reader) => reader.findProjects({ ids: [SHOP.id] }));
        const expected = { ...timelineOf([...stored.values()]), count: project?.releaseCount ?? 0 };
        const request = { projectId: SHOP.id, lines: LINES };
        await expectTimeline(context, `the timeline after batch ${String(batch + 1)}`, request, expected);
      }
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

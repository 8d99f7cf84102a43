import type { ReleaseMark } from "../../../core/release-mark.ts";
import { registerRelease, type Release } from "../../../core/release.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { StoreReader } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type ConformanceCase } from "../case.ts";
import { BLOG, MINUTE, newIssue, NOON, sampleIssue, sampleReleases, SHOP, uuid } from "../samples.ts";

const inOrder = (releases: readonly Release[]): Release[] =>
  releases.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));

const inProject = (projectId: string, releases: readonly Release[]) =>
  releases.map((release) => ({ projectId, release }));

/** The marks of an issue at or below an order key, greatest first. */
const marksOf = async (reader: StoreReader, issueId: string, upTo: string | null = null, limit = 9) =>
  (await reader.findMarks([{ issueId, upTo, limit }]))[0];

/** Releases, and the marks that issues have for them. */
export const releaseCases: readonly ConformanceCase[] = [
  {
    id: "releases-kept",
    title: "releases are returned unchanged, by version and in pages, last first",
    requires:
      "findReleases() returns each release that is stored; pageReleases() returns a project's, greatest order key first.",
    async run(context) {
      const { all } = sampleReleases();
      await write(context, { projects: [SHOP, BLOG], releases: inProject(SHOP.id, all) });
      await read(context, async (reader) => {
        const refs = ["2.0.0", "nowhere", "", "the fix"].map((version) => ({ projectId: SHOP.id, version }));
        const byVersion = new Map(all.map((release) => [release.version, release]));
        const found = await reader.findReleases([...refs, { projectId: BLOG.id, version: "2.0.0" }]);
        expectEqual("by version", found, [...refs.map(({ version }) => byVersion.get(version)), undefined]);
        const order = inOrder(all);
        expectEqual("all, last first", await reader.pageReleases(SHOP.id, null, 99), order);
        expectEqual("the first page", await reader.pageReleases(SHOP.id, null, 2), order.slice(0, 2));
        expectEqual("the second", await reader.pageReleases(SHOP.id, order[1]?.orderKey ?? "", 2), order.slice(2, 4));
        expectEqual("of another project", await reader.pageReleases(BLOG.id, null, 9), []);
      });
    },
  },
  {
    id: "timelines-known",
    title: "a project's timeline holds its head, its latest release and its number of releases",
    requires: "findTimelines() returns each project's timeline; an unknown project's is empty.",
    async run(context) {
      const { known, all } = sampleReleases();
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, all), ...inProject(BLOG.id, known.slice(0, 1))],
      });
      const [unnamed, , latest] = known;
      const found = await read(context, (reader) => reader.findTimelines([SHOP.id, BLOG.id, "nowhere"]));
      const loaded = await load(context, { timelines: [SHOP.id, BLOG.id] });
      const shop = { head: latest, latest, count: 5 };
      expectEqual("the timeline", found.get(SHOP.id), shop);
      expectEqual("the loaded one", loaded.timelines.get(SHOP.id), shop);
      const blog = { head: unnamed, latest: undefined, count: 1 };
      expectEqual("of a project that only knows the release without a name", found.get(BLOG.id), blog);
      expectEqual("the loaded one of that project", loaded.timelines.get(BLOG.id), blog);
      const nowhere = { head: undefined, latest: undefined, count: 0 };
      expectEqual("of an unknown project", found.get("nowhere"), nowhere);
    },
  },
  {
    id: "marks-kept",
    title: "marks are returned as they were last saved, last release first",
    requires:
      "write() saves marks by issue and release; findMarks() returns them, greatest order key first, at most `limit`.",
    async run(context) {
      const { all } = sampleReleases();
      const marks = all.map(({ version, number, orderKey }, index): ReleaseMark =>
        index % 2 === 0
          ? { version, number, orderKey, last: "fixed", fixedAt: NOON + index, seen: index % 4 === 0 }
          : { version, number, orderKey, last: "seen", fixedAt: index === 1 ? null : NOON - index },
      );
      const [first] = marks;
      if (first === undefined) return;
      const replaced: ReleaseMark = {
        version: first.version,
        number: first.number,
        orderKey: first.orderKey,
        last: "seen",
        fixedAt: NOON,
      };
      await write(context, {
        projects: [SHOP],
        newIssues: [sampleIssue(1), sampleIssue(2)].map(newIssue),
        marks: marks.map((mark) => ({ issueId: uuid(1), mark })),
      });
      await write(context, {
        marks: [
          { issueId: uuid(1), mark: replaced },
          { issueId: uuid(2), mark: first },
        ],
      });
      const order = [replaced, ...marks.slice(1)].toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));
      await read(context, async (reader) => {
        expectEqual("all, last first", await marksOf(reader, uuid(1)), order);
        expectEqual("the first two", await marksOf(reader, uuid(1), null, 2), order.slice(0, 2));
        expectEqual("from one on", await marksOf(reader, uuid(1), order[1]?.orderKey ?? "", 2), order.slice(1, 3));
        expectEqual("of another issue", await marksOf(reader, uuid(2)), [first]);
      });
    },
  },
  {
    id: "marks-nearest",
    title: "the nearest mark is the one with the greatest order key that is not above the requested one",
    requires:
      "findMarks() returns for each request the issue's marks at or below its order key, greatest first, at most its limit.",
    async run(context) {
      const mark = (orderKey: string): ReleaseMark => ({
        version: `v${orderKey}`,
        number: 1,
        orderKey,
        last: "seen",
        fixedAt: null,
      });
      await write(context, {
        projects: [SHOP],
        newIssues: [sampleIssue(1), sampleIssue(2)].map(newIssue),
        marks: [
          ...["b", "d", "f"].map((key) => ({ issueId: uuid(1), mark: mark(key) })),
          { issueId: uuid(2), mark: mark("c") },
        ],
      });
      const requests = (limit: number) => [
        ...["a", "b", "c", "d", "e", "z", null].map((upTo) => ({ issueId: uuid(1), upTo, limit })),
        { issueId: uuid(2), upTo: "z", limit },
        { issueId: uuid(77), upTo: "z", limit },
      ];
      const keys = async (limit: number): Promise<string[]> => {
        const found = await read(context, (reader) => reader.findMarks(requests(limit)));
        return found.map((marks) =>
          allReadable(marks)
            .map(({ orderKey }) => orderKey)
            .join(" "),
        );
      };
      expectEqual("the nearest marks", await keys(1), ["", "b", "b", "d", "d", "f", "f", "c", ""]);
      expectEqual("at most two", await keys(2), ["", "b", "b", "d b", "d b", "f d", "f d", "c", ""]);
      const details = () => ({ marks: requests(1) });
      const { marks } = await load(context, { details });
      const loaded = marks.map((found) => allReadable(found)[0]?.orderKey ?? "");
      expectEqual("the loaded ones", loaded, ["", "b", "b", "d", "d", "f", "f", "c", ""]);
    },
  },
  {
    id: "marks-moved",
    title: "when a release's order key changes, all marks for it get the new key, in its project alone",
    requires: "Where write() changes a release's order key, all marks for it get the new key.",
    async run(context) {
      const { known, announced } = sampleReleases();
      const elsewhere = sampleIssue(9, { projectId: BLOG.id });
      const head = known[2];
      if (announced.standing !== "announced" || head === undefined) return;
      const timeline = { head, latest: head, count: 5 };
      const { release } = registerRelease(timeline, announced.version, NOON + MINUTE, announced);
      const fixed: ReleaseMark = {
        version: announced.version,
        number: announced.number,
        orderKey: announced.orderKey,
        last: "fixed",
        fixedAt: NOON,
        seen: false,
      };
      await write(context, {
        projects: [SHOP, BLOG],
        releases: [...inProject(SHOP.id, [...known, announced]), ...inProject(BLOG.id, [announced])],
        newIssues: [sampleIssue(1), sampleIssue(2), elsewhere].map(newIssue),
        marks: [uuid(1), uuid(2), elsewhere.id].map((issueId) => ({ issueId, mark: fixed })),
      });
      await write(context, { releases: inProject(SHOP.id, [release]) });
      await read(context, async (reader) => {
        const moved = { ...fixed, orderKey: release.orderKey };
        for (const id of [uuid(1), uuid(2)]) {
          expectEqual("a mark for it", await marksOf(reader, id), [moved]);
          expectEqual("the nearest mark at its new place", await marksOf(reader, id, release.orderKey, 1), [moved]);
        }
        expectEqual("a mark in another project", await marksOf(reader, elsewhere.id), [fixed]);
        const latest = { head: release, latest: release, count: 5 };
        expectEqual("the timeline", (await reader.findTimelines([SHOP.id])).get(SHOP.id), latest);
        const order = allReadable(await reader.pageReleases(SHOP.id, null, 9)).map(({ version }) => version);
        expectEqual(
          "the releases, last first",
          order,
          inOrder([...known, release]).map(({ version }) => version),
        );
      });
    },
  },
];

import type { ReleaseMark } from "../../../core/release-mark.ts";
import { registerRelease, type Release } from "../../../core/release.ts";
import type { ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { BLOG, MINUTE, newIssue, NOON, sampleIssue, sampleReleases, SHOP, uuid } from "../samples.ts";

const inOrder = (releases: readonly Release[]): Release[] =>
  releases.toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));

/** Releases, and what issues remember of them. */
export const releaseCases: readonly ConformanceCase[] = [
  {
    id: "releases-kept",
    title: "releases come back as they were, by version and in pages, last first",
    requires: "findReleases() and pageReleases() give releases as they were saved, greatest order key first.",
    async run(context) {
      const { all } = sampleReleases();
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.saveReleases(SHOP.id, all);
      });
      await context.store.read(async (reader) => {
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
    title: "a project's timeline knows its head, its latest release and how many it has heard of",
    requires: "findTimelines() gives each project's timeline; an unknown project's is empty.",
    async run(context) {
      const { known, all } = sampleReleases();
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.saveReleases(SHOP.id, all);
        await transaction.saveReleases(BLOG.id, known.slice(0, 1));
      });
      const [unnamed, , latest] = known;
      const timelines = await write(context, async (each) => ({
        found: await each.findTimelines([SHOP.id, BLOG.id, "nowhere"]),
        locked: await each.lockTimelines([SHOP.id]),
      }));
      const shop = { head: latest, latest, count: 5 };
      expectEqual("the timeline", timelines.found.get(SHOP.id), shop);
      expectEqual("the locked one", timelines.locked.get(SHOP.id), shop);
      const blog = { head: unnamed, latest: undefined, count: 1 };
      expectEqual("of a project that only knows no name", timelines.found.get(BLOG.id), blog);
      const nowhere = { head: undefined, latest: undefined, count: 0 };
      expectEqual("of an unknown project", timelines.found.get("nowhere"), nowhere);
    },
  },
  {
    id: "marks-kept",
    title: "marks come back as they were last saved, in pages, last release first",
    requires: "saveMarks() saves marks by issue and release; pageMarks() gives them, greatest order key first.",
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
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([sampleIssue(1), sampleIssue(2)].map(newIssue));
        await transaction.saveMarks(marks.map((mark) => ({ issueId: uuid(1), mark })));
        await transaction.saveMarks([
          { issueId: uuid(1), mark: replaced },
          { issueId: uuid(2), mark: first },
        ]);
      });
      const order = [replaced, ...marks.slice(1)].toSorted((one, other) => (one.orderKey < other.orderKey ? 1 : -1));
      await context.store.read(async (reader) => {
        expectEqual("all, last first", await reader.pageMarks(uuid(1), null, 9), order);
        expectEqual("a page", await reader.pageMarks(uuid(1), order[0]?.orderKey ?? "", 2), order.slice(1, 3));
        expectEqual("of another issue", await reader.pageMarks(uuid(2), null, 9), [first]);
      });
    },
  },
  {
    id: "marks-nearest",
    title: "the nearest mark is the one of the greatest order key that is not above the one given",
    requires:
      "findNearestMarks() gives for each request the issue's mark with the greatest order key that is not above it.",
    async run(context) {
      const mark = (orderKey: string): ReleaseMark => ({
        version: `v${orderKey}`,
        number: 1,
        orderKey,
        last: "seen",
        fixedAt: null,
      });
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([sampleIssue(1), sampleIssue(2)].map(newIssue));
        await transaction.saveMarks([
          ...["b", "d", "f"].map((key) => ({ issueId: uuid(1), mark: mark(key) })),
          { issueId: uuid(2), mark: mark("c") },
        ]);
      });
      const asked = ["a", "b", "c", "d", "e", "z"].map((orderKey) => ({ issueId: uuid(1), orderKey }));
      const found = await context.store.read((reader) =>
        reader.findNearestMarks([...asked, { issueId: uuid(2), orderKey: "z" }, { issueId: uuid(77), orderKey: "z" }]),
      );
      const keys = found.map((each) => each?.orderKey);
      expectEqual("the nearest marks", keys, [undefined, "b", "b", "d", "d", "f", "c", undefined]);
    },
  },
  {
    id: "marks-moved",
    title: "when a release's order key changes, all marks for it have the new key, in this project alone",
    requires: "Where saveReleases() changes a release's order key, all marks for it have the new key.",
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
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.saveProject(BLOG);
        await transaction.insertIssues([sampleIssue(1), sampleIssue(2)].map(newIssue));
        await transaction.insertIssues([newIssue(elsewhere)]);
        await transaction.saveReleases(SHOP.id, [...known, announced]);
        await transaction.saveReleases(BLOG.id, [announced]);
        await transaction.saveMarks([uuid(1), uuid(2), elsewhere.id].map((issueId) => ({ issueId, mark: fixed })));
      });
      await write(context, (transaction) => transaction.saveReleases(SHOP.id, [release]));
      await context.store.read(async (reader) => {
        const moved = { ...fixed, orderKey: release.orderKey };
        for (const id of [uuid(1), uuid(2)]) {
          expectEqual("a mark for it", await reader.pageMarks(id, null, 9), [moved]);
          const [nearest] = await reader.findNearestMarks([{ issueId: id, orderKey: release.orderKey }]);
          expectEqual("the nearest mark at its new place", nearest, moved);
        }
        expectEqual("a mark in another project", await reader.pageMarks(elsewhere.id, null, 9), [fixed]);
        const latest = { head: release, latest: release, count: 5 };
        expectEqual("the timeline", (await reader.findTimelines([SHOP.id])).get(SHOP.id), latest);
        const order = (await reader.pageReleases(SHOP.id, null, 9)).map(({ version }) => version);
        expectEqual(
          "the releases, last first",
          order,
          inOrder([...known, release]).map(({ version }) => version),
        );
      });
    },
  },
];

import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FeedEntry, FeedOptions, FeedPage } from "../../src/core/index.ts";
import { createIssueTracker, createMemoryStore, type IssueTracker } from "../../src/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";
import { replacing } from "../testing/mutants/harness.ts";

/** All entries from a page on, in pages of a size. Returns where they end, too. */
async function readOn(
  tracker: IssueTracker,
  options: FeedOptions = {},
): Promise<{ readonly entries: FeedEntry[]; readonly next: string }> {
  const entries: FeedEntry[] = [];
  for (
    let page = await tracker.feed(options);
    ;
    page = await tracker.feed({ ...othersIn(options), cursor: page.next })
  ) {
    expect(page.unreadable).toEqual([]);
    entries.push(...page.entries);
    if (!page.hasMore) return { entries, next: page.next };
  }
}

function othersIn({ limit, projectIds }: FeedOptions): FeedOptions {
  return { ...(limit !== undefined && { limit }), ...(projectIds !== undefined && { projectIds }) };
}

const namesOf = (entries: readonly FeedEntry[]): string[] =>
  entries.map(({ friendlyId, turningPoint }) => `${friendlyId} ${turningPoint.turn.kind}`);

for (const { name, open } of storesForStories()) {
  describe(`the feed on ${name}`, () => {
    async function begin(): Promise<Scenario> {
      const scenario = await Scenario.begin(await open());
      onTestFinished(() => scenario.tracker.close());
      await scenario.tracker.projects.save({ id: "blog" });
      return scenario;
    }

    test("has the turning points of all issues, and goes on from where a reader has got to", async () => {
      const { tracker } = await begin();
      expect(await tracker.feed()).toEqual({ entries: [], unreadable: [], next: "feed:0", hasMore: false });
      await tracker.digest({ projectId: "shop", type: "A" });
      await tracker.digest({ projectId: "blog", type: "A" });
      await tracker.issues.resolve("SHOP-1", { by: "ann", comment: "done" });
      const first = await readOn(tracker);
      expect(namesOf(first.entries).sort()).toEqual(["BLOG-1 first-seen", "SHOP-1 first-seen", "SHOP-1 resolved"]);
      const [newest] = (await tracker.issues.history("SHOP-1")).items;
      const issue = await tracker.issues.get("SHOP-1");
      const resolved = first.entries.find(({ turningPoint }) => turningPoint.turn.kind === "resolved");
      expect(resolved).toEqual({
        cursor: expect.stringMatching(/^feed:\d+$/u),
        issueId: issue?.id,
        projectId: "shop",
        friendlyId: "SHOP-1",
        turningPoint: newest,
      });
      expect(await tracker.feed({ cursor: first.next })).toMatchObject({
        entries: [],
        next: first.next,
        hasMore: false,
      });
      await tracker.digest({ projectId: "shop", type: "A" });
      await tracker.issues.annotate("BLOG-1", "hm");
      const later = namesOf((await tracker.feed({ cursor: first.next })).entries);
      expect(later.toSorted()).toEqual(["BLOG-1 annotated", "SHOP-1 regressed"]);
      const [one, ...others] = first.entries;
      const again = await readOn(tracker, { cursor: one?.cursor ?? "", limit: 1 });
      expect(namesOf(again.entries)).toEqual([...namesOf(others), ...later]);
    });

    test("begins at its end for a reader of what comes from now on", async () => {
      const { tracker } = await begin();
      await tracker.digest([
        { projectId: "shop", type: "A" },
        { projectId: "shop", type: "B" },
      ]);
      const page = await tracker.feed({ from: "end" });
      expect(page).toMatchObject({ entries: [], hasMore: false });
      expect(await tracker.feed({ cursor: page.next })).toMatchObject({ entries: [] });
      await tracker.issues.mute("SHOP-2");
      expect(namesOf((await tracker.feed({ cursor: page.next })).entries)).toEqual(["SHOP-2 muted"]);
      expect((await tracker.feed({ from: "start" })).entries).toHaveLength(3);
    });

    test("has the entries of some projects only, where a reader names them, and passes all others", async () => {
      const { tracker } = await begin();
      await tracker.digest(
        Array.from({ length: 30 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}x` })),
      );
      await tracker.digest([
        { projectId: "blog", type: "A" },
        { projectId: "blog", type: "B" },
      ]);
      await tracker.issues.annotate("SHOP-1", "hm");
      const own = await readOn(tracker, { projectIds: ["blog", "unknown"], limit: 1 });
      expect(namesOf(own.entries).sort()).toEqual(["BLOG-1 first-seen", "BLOG-2 first-seen"]);
      expect((await readOn(tracker, { cursor: own.next })).entries).toEqual([]);
      expect(namesOf((await readOn(tracker, { projectIds: ["shop"], limit: 7 })).entries)).toHaveLength(31);
    });

    test("has nothing of issues that were deleted, nor of erased projects; and no cursor passes what comes later", async () => {
      const { tracker } = await begin();
      await tracker.digest([
        { projectId: "shop", type: "A" },
        { projectId: "shop", type: "B" },
      ]);
      await tracker.digest([
        { projectId: "blog", type: "A" },
        { projectId: "shop", type: "C" },
      ]);
      const { next } = await readOn(tracker);
      await tracker.issues.delete("SHOP-3");
      await tracker.projects.erase("blog");
      await tracker.issues.annotate("SHOP-2", "hm");
      await tracker.issues.delete("SHOP-2");
      expect(namesOf((await readOn(tracker)).entries)).toEqual(["SHOP-1 first-seen"]);
      await tracker.digest({ projectId: "shop", type: "D" });
      expect(namesOf((await tracker.feed({ cursor: next })).entries)).toEqual(["SHOP-4 first-seen"]);
    });

    test("has each turning point of a merged issue once, under the issue whose history has it", async () => {
      const { tracker } = await begin();
      await tracker.digest([
        { projectId: "shop", type: "A" },
        { projectId: "shop", type: "B" },
      ]);
      const { next } = await readOn(tracker);
      await tracker.issues.merge("SHOP-2", { into: "SHOP-1" });
      await tracker.issues.resolve("SHOP-1");
      await tracker.issues.unmerge("SHOP-2");
      const { entries } = await readOn(tracker, { cursor: next });
      expect(namesOf(entries).sort()).toEqual([
        "SHOP-1 member-merged",
        "SHOP-1 member-unmerged",
        "SHOP-1 resolved",
        "SHOP-2 merged",
        "SHOP-2 unmerged",
      ]);
    });
  });
}

/** What happens, and who reads on: of several readers each with a page size of its own. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("digest" as const), type: fc.nat(4), project: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("annotate" as const), issue: fc.nat(4), project: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), issue: fc.nat(4), project: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("read" as const), reader: fc.nat(2) }) },
);

const PROJECTS = ["shop", "blog"] as const;

interface Reader {
  readonly limit: number;
  cursor: string | undefined;
  readonly seen: string[];
}

for (const { name, open } of storesForStories()) {
  test(`readers of the feed on ${name} each see what was not deleted before they came to it, once and in order`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { tracker } = await Scenario.begin(await open());
        await tracker.projects.save({ id: "blog" });
        const readers = [1, 3, 50].map((limit): Reader => ({ limit, cursor: undefined, seen: [] }));
        const lengths = new Map<string, number>();
        const deleted = new Set<string>();
        const read = async (reader: Reader): Promise<FeedPage> => {
          const page = await tracker.feed({
            limit: reader.limit,
            ...(reader.cursor !== undefined && { cursor: reader.cursor }),
          });
          reader.cursor = page.next;
          for (const { friendlyId, turningPoint } of page.entries) {
            expect(deleted).not.toContain(friendlyId);
            reader.seen.push(`${friendlyId} ${String(turningPoint.number)}`);
          }
          return page;
        };
        for (const each of steps) {
          if (each.kind === "read") {
            const reader = readers[each.reader];
            if (reader !== undefined) await read(reader);
            continue;
          }
          const projectId = PROJECTS[each.project] ?? "shop";
          if (each.kind === "digest") {
            const outcome = await tracker.digest({ projectId, type: `T${String(each.type)}x` });
            if (outcome.kind === "digested" && outcome.created) lengths.set(outcome.issue.friendlyId, 1);
            continue;
          }
          const id = `${projectId.toUpperCase()}-${String(each.issue + 1)}`;
          if (!lengths.has(id)) continue;
          if (each.kind === "annotate") {
            await tracker.issues.annotate(id, "hm");
            lengths.set(id, (lengths.get(id) ?? 0) + 1);
          } else {
            await tracker.issues.delete(id);
            lengths.delete(id);
            deleted.add(id);
          }
        }
        for (const reader of readers) {
          while ((await read(reader)).hasMore);
          expect(new Set(reader.seen).size).toBe(reader.seen.length);
          for (const [id, length] of lengths) {
            const numbers = reader.seen.filter((entry) => entry.startsWith(`${id} `));
            expect(numbers).toEqual(Array.from({ length }, (_, index) => `${id} ${String(index + 1)}`));
          }
        }
        await tracker.close();
      }),
      { numRuns: rounds({ quick: 15, full: 300 }) },
    );
  });
}

describe("the feed", () => {
  const tracker = createIssueTracker({ store: createMemoryStore(), alertSink: "elsewhere" });

  test("begins at the end without a transaction, where all turning points have a position", async () => {
    const store = createMemoryStore();
    const writer = createIssueTracker({ store, alertSink: "elsewhere" });
    await writer.projects.save({ id: "shop" });
    await writer.digest({ projectId: "shop", type: "E" });
    const reader = createIssueTracker({
      store: { ...store, transaction: () => Promise.reject(new Error("no transaction is needed")) },
      alertSink: "elsewhere",
    });
    const { next } = await reader.feed({ from: "end" });
    await writer.issues.resolve("SHOP-1");
    const { entries } = await reader.feed({ cursor: next });
    expect(entries.map(({ turningPoint }) => turningPoint.turn.kind)).toEqual(["resolved"]);
    await writer.close();
  });

  test.each([
    ["options.cursor", { cursor: "feed:x" }],
    ["options.cursor", { cursor: "feed:-1" }],
    ["options.cursor", { cursor: "history:1" }],
    ["options.from", { from: "end", cursor: "feed:1" }],
    ["options.projectIds", { projectIds: [] }],
    ["options.limit", { limit: 0 }],
  ] as const)("refuses a wrong %s", async (field, options) => {
    expect(await failureOf(tracker.feed(options))).toMatchObject({ code: "invalid-input", field });
  });

  test.each([
    ["returns a page again", (limit: number) => ({ placed: Math.min(0, limit), last: 0 })],
    ["gives positions without end", (limit: number) => ({ placed: limit, last: 0 })],
  ])("stops with `corrupt-data` at a store that %s", async (_name, placeInFeed) => {
    const store = createMemoryStore();
    const wrong = createIssueTracker({
      store: {
        ...store,
        read: (work) =>
          store.read((reader) =>
            work(
              replacing(reader, {
                pageFeed: async () => {
                  const page = await reader.pageFeed({ after: 0, limit: 9 });
                  return { ...page, isBehind: true };
                },
              }),
            ),
          ),
        transaction: (work) =>
          store.transaction((transaction) =>
            work(replacing(transaction, { placeInFeed: async (limit) => placeInFeed(limit) })),
          ),
      },
      alertSink: "elsewhere",
    });
    await wrong.projects.save({ id: "shop" });
    await wrong.digest({ projectId: "shop", type: "A" });
    const [placed] = [placeInFeed(1).placed];
    const call = placed === 0 ? wrong.feed({ cursor: "feed:9" }) : wrong.feed({ from: "end" });
    expect(await failureOf(call)).toMatchObject({ code: "corrupt-data" });
  });
});

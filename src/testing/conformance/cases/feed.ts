import type { Issue } from "../../../core/issue.ts";
import type { TurningPoint } from "../../../core/turning-point.ts";
import { requireReadable } from "../../../core/unreadable.ts";
import type { FeedEntry, FeedPage, IssueStore } from "../../../ports/issue-store.ts";
import { AssertionFailure, expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { pause, RACERS, retry, startAtOnce } from "../race.ts";
import { BLOG, newIssue, NOON, sampleIssue, sampleTurningPoint, SHOP } from "../samples.ts";
import { MAX_STEPS } from "../steps.ts";

type Store = Pick<CaseContext, "store">;

/** Gives positions in steps until all have one. Returns the highest that was given. */
async function placeAll(context: Store, limit = 100): Promise<number> {
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const { placed, last } = await transact(context, (transaction) => transaction.placeInFeed(limit));
    if (placed < limit) return last;
  }
  throw new AssertionFailure("the steps that give positions", `at most ${String(MAX_STEPS)}`, MAX_STEPS);
}

function pageFeed(context: Store, after: number, limit: number): Promise<FeedPage> {
  return read(context, (reader) => reader.pageFeed({ after, limit }));
}

/** All entries that have a position. */
async function entriesOf(context: Store): Promise<FeedEntry[]> {
  return (await pageFeed(context, 0, 999)).entries.map(requireReadable);
}

/** The names of turning points, in the order of the feed. */
const namesOf = (entries: readonly FeedEntry[]): string[] => entries.map(({ turningPoint }) => nameOf(turningPoint));

function nameOf({ issueId, number }: TurningPoint): string {
  return `${issueId} ${String(number)}`;
}

function pointsOf({ id }: Issue, from: number, to: number): TurningPoint[] {
  return Array.from({ length: to - from + 1 }, (_, index) => sampleTurningPoint(id, from + index));
}

const ISSUES = [
  sampleIssue(1),
  sampleIssue(2),
  sampleIssue(3),
  sampleIssue(4, { projectId: BLOG.id, number: 1 }),
] as const;

/** Issues of two projects. Returns how to write turning points of one, the next ones of its history. */
async function open(context: Store): Promise<(issue: Issue, count: number) => TurningPoint[]> {
  await write(context, { projects: [SHOP, BLOG], newIssues: ISSUES.map(newIssue) });
  const counts = new Map<string, number>();
  return (issue, count) => {
    const before = counts.get(issue.id) ?? 0;
    counts.set(issue.id, before + count);
    return pointsOf(issue, before + 1, before + count);
  };
}

/** How many turning points each racer that writes adds, in transactions of one or two. */
const ADDED = 5;
/** How many positions a racer that reads gives at once. */
const PLACED_AT_ONCE = 3;

/** Adds turning points to an issue, each transaction under a lock of the issue; some of the transactions fail. */
async function addPoints(store: IssueStore, issue: Issue): Promise<void> {
  for (let number = 1; number <= ADDED; number++) {
    const work = (fails: boolean) =>
      store.transaction(async (transaction) => {
        await transaction.load({ issues: { ids: [issue.id] } });
        await transaction.write({ turningPoints: [sampleTurningPoint(issue.id, number)] });
        for (let turn = 0; turn < number; turn++) await pause();
        if (fails) throw new AssertionFailure("a transaction", "to fail", "on purpose");
      });
    if (number % 2 === 0) await retry(() => work(true)).catch(requireOwn);
    await retry(() => work(false));
  }
}

function requireOwn(error: unknown): void {
  if (!(error instanceof AssertionFailure)) throw error;
}

/** Reads on from where it has got to until the writers have ended and nothing is left. */
async function follow(store: IssueStore, haveEnded: () => boolean): Promise<FeedEntry[]> {
  const found: FeedEntry[] = [];
  for (let steps = 0; steps < 100 * MAX_STEPS; steps++) {
    const wereAtTheEnd = haveEnded();
    const after = found.at(-1)?.position ?? 0;
    const page = await retry(() => store.read((reader) => reader.pageFeed({ after, limit: 4 })));
    found.push(...page.entries.map(requireReadable));
    if (page.entries.length > 0) continue;
    if (page.isBehind) {
      await retry(() =>
        store.transaction(async (transaction) => {
          await transaction.placeInFeed(PLACED_AT_ONCE);
          await pause();
        }),
      );
    } else {
      if (wereAtTheEnd) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  throw new AssertionFailure("how far a reader gets", "the end", found.length);
}

/** The feed of turning points over all issues. */
export const feedCases: readonly ConformanceCase[] = [
  {
    id: "feed-placed",
    title: "each turning point gets one position, in steps of any size",
    requires:
      "When placeInFeed() has given fewer positions than its limit, all turning points that were committed have one.",
    async run(context) {
      const add = await open(context);
      expectEqual("the end of an empty feed", await placeAll(context), 0);
      const expected: string[] = [];
      for (const limit of [1, 2, 3, 100]) {
        const points = ISSUES.flatMap((issue) => add(issue, 3));
        await write(context, { turningPoints: points });
        expected.push(...points.map(nameOf));
        const before = await pageFeed(context, 0, 999);
        const isShort = before.entries.length < expected.length;
        expectEqual("whether entries are missing, and a page of the feed says so", before.isBehind, isShort);
        const last = await placeAll(context, limit);
        const after = await pageFeed(context, 0, 999);
        expectEqual(
          "the turning points of the feed",
          namesOf(after.entries.map(requireReadable)).sort(),
          expected.toSorted(),
        );
        expectEqual("whether more have to be given a position", after.isBehind, false);
        expectEqual("the highest position", after.entries.at(-1)?.position, last);
        expectEqual("the highest position, in a page", after.last, last);
        expectEqual("a page beyond the end", await pageFeed(context, Number.MAX_SAFE_INTEGER, 1), {
          entries: [],
          isBehind: false,
          last,
        });
      }
    },
  },
  {
    id: "feed-paged",
    title: "pages of the feed follow each other, with the turning points as they are stored now",
    requires: "pageFeed() returns the turning points with positions above `after`, lowest first, at most `limit`.",
    async run(context) {
      const add = await open(context);
      const points = ISSUES.flatMap((issue) => add(issue, 3));
      const written = points.map((point, index): TurningPoint => {
        return index % 2 === 0 ? { ...point, by: { kind: "user", id: "ann" } } : { ...point, comment: "x\0\ud800" };
      });
      await write(context, { turningPoints: written });
      await placeAll(context);
      const all = await entriesOf(context);
      for (const limit of [1, 2, 5, 12]) {
        const found: FeedEntry[] = [];
        for (let after = 0; found.length < written.length; after = found.at(-1)?.position ?? 0) {
          const page = (await pageFeed(context, after, limit)).entries.map(requireReadable);
          expectEqual("how many entries a page has", page.length, Math.min(limit, written.length - found.length));
          found.push(...page);
        }
        expectEqual("the pages together", found, all);
        expectEqual(
          "the page after the last",
          (await pageFeed(context, found.at(-1)?.position ?? 0, limit)).entries,
          [],
        );
      }
      const positions = all.map(({ position }) => position);
      expectEqual(
        "the positions, in their order",
        positions,
        [...new Set(positions)].toSorted((one, other) => one - other),
      );
      const byName = new Map(written.map((point) => [nameOf(point), point]));
      expectEqual(
        "the turning points",
        all.map(({ turningPoint }) => turningPoint),
        namesOf(all).map((name) => byName.get(name)),
      );
      const request = { user: "ann", by: "erased", after: null, limit: 999 };
      await transact(context, async (transaction) => {
        for (let step = await transaction.replaceActor(request); step.next !== null;) {
          step = await transaction.replaceActor({ ...request, after: step.next });
        }
      });
      const replaced = all.map(({ position, turningPoint }): FeedEntry => {
        const isOwn = turningPoint.by.kind === "user" && turningPoint.by.id === "ann";
        return {
          position,
          turningPoint: isOwn ? { ...turningPoint, by: { kind: "user", id: "erased" } } : turningPoint,
        };
      });
      expectEqual("the feed after its turning points were changed", await entriesOf(context), replaced);
    },
  },
  {
    id: "feed-in-order",
    title: "the turning points of an issue are in the order of its history, and keep their positions",
    requires: "placeInFeed(): the turning points of an issue have positions in the order of their numbers.",
    async run(context) {
      const add = await open(context);
      let before: FeedEntry[] = [];
      for (const round of [1, 2, 3, 4]) {
        // In one write one issue after the other, and each with times that run backwards.
        const points = ISSUES.flatMap((issue) => add(issue, round)).map((point, index) => ({
          ...point,
          at: NOON - index,
        }));
        await write(context, { turningPoints: points });
        if (round === 3) continue;
        await placeAll(context, round);
        const entries = await entriesOf(context);
        expectEqual("the entries that had a position", entries.slice(0, before.length), before);
        before = entries;
        for (const { id } of ISSUES) {
          const numbers = entries.flatMap(({ turningPoint: { issueId, number } }) => (issueId === id ? [number] : []));
          const inOrder = Array.from(numbers, (_, index) => index + 1);
          expectEqual("the numbers of an issue's turning points, in the order of the feed", numbers, inOrder);
        }
      }
    },
  },
  {
    id: "feed-positions-new",
    title: "no position is given twice, also where the last ones were deleted, or given by a transaction that failed",
    requires: "placeInFeed(): positions are above all that were ever given, also to what was deleted since.",
    async run(context) {
      const add = await open(context);
      const [first, second, third] = ISSUES;
      await write(context, { turningPoints: add(first, 2) });
      await placeAll(context);
      await write(context, { turningPoints: add(second, 2) });
      const last = await placeAll(context);
      await write(context, { deletedIssues: [second.id] });
      expectEqual("the end of the feed after its last entries were deleted", await placeAll(context), last);
      const points = add(third, 2);
      await write(context, { turningPoints: points });
      await transact(context, async (transaction) => {
        await transaction.placeInFeed(1);
        throw new AssertionFailure("a transaction", "to fail", "on purpose");
      }).catch(requireOwn);
      await placeAll(context);
      const { entries } = await pageFeed(context, last, 99);
      expectEqual("the entries above all former positions", namesOf(entries.map(requireReadable)), points.map(nameOf));
    },
  },
  {
    id: "feed-of-deleted-issues",
    title: "the turning points of deleted issues are not in the feed, whether or not they had a position",
    requires: "pageFeed() returns none of a deleted issue.",
    async run(context) {
      const add = await open(context);
      const [first, second, third] = ISSUES;
      await write(context, { turningPoints: [first, second, third].flatMap((issue) => add(issue, 2)) });
      await placeAll(context);
      const placed = await entriesOf(context);
      const points = [first, second, third].flatMap((issue) => add(issue, 1));
      await write(context, { turningPoints: points });
      await write(context, { deletedIssues: [second.id] });
      await placeAll(context);
      const entries = await entriesOf(context);
      const isLeft = (name: string): boolean => !name.startsWith(second.id);
      expectEqual(
        "the entries that are left",
        namesOf(entries).toSorted(),
        [...namesOf(placed), ...points.map(nameOf)].filter(isLeft).toSorted(),
      );
      const left = placed.filter(({ turningPoint }) => turningPoint.issueId !== second.id);
      expectEqual("those that had a position", entries.slice(0, left.length), left);
    },
  },
  {
    id: "feed-rolls-back",
    title: "the turning points of a transaction that fails are never in the feed",
    requires: "transaction() discards all writes when the work rejects.",
    async run(context) {
      const add = await open(context);
      const [first, second] = ISSUES;
      await transact(context, async (transaction) => {
        await transaction.write({ turningPoints: pointsOf(first, 1, 2) });
        await transaction.placeInFeed(1);
        throw new AssertionFailure("a transaction", "to fail", "on purpose");
      }).catch(requireOwn);
      await placeAll(context);
      expectEqual("the feed", await entriesOf(context), []);
      const points = [...add(second, 1), ...add(first, 1)];
      await write(context, { turningPoints: points });
      await placeAll(context);
      expectEqual(
        "the turning points of the feed",
        namesOf(await entriesOf(context)).sort(),
        points.map(nameOf).sort(),
      );
    },
  },
  {
    id: "race-on-the-feed",
    title: "readers that give positions while others write see each turning point once, and those of an issue in order",
    requires:
      "When an entry of the feed can be read, no other ever comes to be below it, in whichever order transactions commit.",
    needs: ["second-handle"],
    async run(context) {
      const writers = RACERS / 2;
      const issues = Array.from({ length: writers }, (_, index) => sampleIssue(index + 1));
      await write(context, { projects: [SHOP], newIssues: issues.map(newIssue) });
      let ended = 0;
      const feeds = await startAtOnce(context, async (store, racer) => {
        // Two by two, so that writers and readers are on both handles.
        const issue = racer % 4 < 2 ? issues[(racer >> 2) * 2 + (racer % 2)] : undefined;
        if (issue === undefined) return follow(store, () => ended === writers);
        try {
          await addPoints(store, issue);
        } finally {
          ended++;
        }
        return undefined;
      });
      const expected = issues.flatMap((issue) => pointsOf(issue, 1, ADDED)).map(nameOf);
      for (const feed of feeds) {
        if (feed === undefined) continue;
        const names = namesOf(feed);
        expectEqual(
          "what a reader has seen (if something is missing, it came too late)",
          names.toSorted(),
          expected.toSorted(),
        );
        for (const { id } of issues) {
          const numbers = names.filter((name) => name.startsWith(id));
          expectEqual("what it has seen of an issue, in order", numbers, numbers.toSorted());
        }
      }
      expectEqual(
        "what is in the feed in the end",
        await entriesOf(context),
        feeds.find((feed) => feed !== undefined),
      );
    },
  },
];

import type { TurningPoint } from "../../../src/core/turning-point.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import { memoryStoreOn } from "../../../src/memory/memory-store.ts";
import { MemoryTables } from "../../../src/memory/memory-tables.ts";
import type {
  FeedEntry,
  FeedPage,
  FeedPageRequest,
  IssueStore,
  StoreTransaction,
} from "../../../src/ports/issue-store.ts";
import { replacing, withMethods, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A memory store that pages through other entries. */
function feeding(change: (entries: readonly FeedEntry[]) => readonly FeedEntry[]): Mutant["open"] {
  return withMethods((inner) => ({
    pageFeed: async (request) => pageOf(change(await allOf(inner)), request),
  }));
}

async function allOf(inner: StoreTransaction): Promise<FeedEntry[]> {
  return allReadable((await inner.pageFeed({ after: 0, limit: 10_000 })).entries);
}

function pageOf(entries: readonly FeedEntry[], { after, limit }: FeedPageRequest): FeedPage {
  return {
    entries: entries.filter(({ position }) => position > after).slice(0, limit),
    isBehind: false,
    last: entries.at(-1)?.position ?? 0,
  };
}

/** What a store that gives positions late gets wrong. */
interface Late {
  /** How many it gives, of so many that are asked for. */
  readonly given?: (limit: number) => number;
  readonly isBehind?: (isBehind: boolean) => boolean;
}

/** A memory store in which entries are in the feed only when they were placed. */
function late({ given = (limit) => limit, isBehind = (each) => each }: Late): Mutant["open"] {
  return () => {
    const placed = new WeakMap<MemoryTables, number>();
    return onTables((inner, tables) => ({
      placeInFeed: async (limit) => {
        const before = placed.get(tables) ?? 0;
        const all = await allOf(inner);
        const next = all.filter(({ position }) => position > before).slice(0, given(limit));
        const last = next.at(-1)?.position ?? before;
        placed.set(tables, last);
        return { placed: next.length, last };
      },
      pageFeed: async (request) => {
        const end = placed.get(tables) ?? 0;
        const all = await allOf(inner);
        const page = pageOf(
          all.filter(({ position }) => position <= end),
          request,
        );
        return { ...page, last: end, isBehind: isBehind(all.some(({ position }) => position > end)) };
      },
    }))();
  };
}

/** A memory store that remembers entries of the feed. */
function remembering(
  change: (entries: readonly FeedEntry[], known: Map<number, FeedEntry>) => readonly FeedEntry[],
): Mutant["open"] {
  return () => {
    const known = new Map<number, FeedEntry>();
    return feeding((entries) => change(entries, known))();
  };
}

/** A memory store in which turning points that a failed transaction has written, and then placed, are in the feed. */
function keepingPlaced(): IssueStore {
  const tables = new MemoryTables();
  const store = memoryStoreOn(tables);
  const kept: FeedEntry[] = [];
  const run = async <Result>(work: (inner: StoreTransaction) => Promise<Result>): Promise<Result> => {
    const written: TurningPoint[] = [];
    const placed: FeedEntry[] = [];
    try {
      return await store.transaction((inner) =>
        work(
          replacing(inner, {
            write: async (changes) => {
              written.push(...(changes.turningPoints ?? []));
              await inner.write(changes);
            },
            placeInFeed: async (limit) => {
              for (const turningPoint of written) placed.push({ position: ++tables.lastPosition, turningPoint });
              return inner.placeInFeed(limit);
            },
            pageFeed: async (request) => pageOf([...(await allOf(inner)), ...kept], request),
          }),
        ),
      );
    } catch (error) {
      kept.push(...placed);
      throw error;
    }
  };
  return { ...store, transaction: run, read: run };
}

/** A memory store in which a read sees every other entry that was committed after it was requested. */
function overtaken(): IssueStore {
  const tables = new MemoryTables();
  const store = memoryStoreOn(tables);
  return {
    ...store,
    read: (work) => {
      const { lastPosition } = tables;
      const isSeen = ({ position }: FeedEntry): boolean => position <= lastPosition || position % 2 === 0;
      return store.transaction((inner) =>
        work(replacing(inner, { pageFeed: async (request) => pageOf((await allOf(inner)).filter(isSeen), request) })),
      );
    },
  };
}

export const feedMutants: readonly Mutant[] = [
  {
    name: "gives one position less than it is asked for, and says that this is all",
    seenBy: "feed-placed",
    open: late({ given: (limit) => Math.max(1, limit - 1) }),
  },
  {
    name: "gives one position where two are asked for, and says that this is all",
    seenBy: "feed-placed",
    open: late({ given: (limit) => (limit === 2 ? 1 : limit) }),
  },
  {
    name: "never says that turning points have no position yet",
    seenBy: "feed-placed",
    open: late({ isBehind: () => false }),
  },
  {
    name: "says that turning points have no position yet when all have",
    seenBy: "feed-placed",
    open: late({ isBehind: () => true }),
  },
  {
    name: "does not know the end of the feed in a page beyond it",
    seenBy: "feed-placed",
    open: withMethods((inner) => ({
      pageFeed: async (request) => {
        const page = await inner.pageFeed(request);
        return { ...page, last: page.entries.at(-1)?.position ?? 0 };
      },
    })),
  },
  {
    name: "begins a page of the feed with the entry at its cursor",
    seenBy: "feed-paged",
    open: withMethods((inner) => ({ pageFeed: (request) => inner.pageFeed({ ...request, after: request.after - 1 }) })),
  },
  {
    name: "returns one entry of the feed more than the limit",
    seenBy: "feed-paged",
    open: withMethods((inner) => ({ pageFeed: (request) => inner.pageFeed({ ...request, limit: request.limit + 1 }) })),
  },
  {
    name: "leaves the last entry out of a page of the feed that is not full",
    seenBy: "feed-placed",
    open: withMethods((inner) => ({
      pageFeed: async (request) => {
        const page = await inner.pageFeed(request);
        return page.entries.length < request.limit ? { ...page, entries: page.entries.slice(0, -1) } : page;
      },
    })),
  },
  {
    name: "returns the feed's highest position first",
    seenBy: "feed-paged",
    open: withMethods((inner) => ({
      pageFeed: async (request) => {
        const page = await inner.pageFeed(request);
        return { ...page, entries: page.entries.toReversed() };
      },
    })),
  },
  {
    name: "keeps the feed's entries as they were first read",
    seenBy: "feed-paged",
    open: remembering((entries, known) =>
      entries.map((entry) => {
        const first = known.get(entry.position) ?? entry;
        known.set(entry.position, first);
        return first;
      }),
    ),
  },
  {
    name: "shows no entries of a second project in the feed",
    seenBy: "feed-placed",
    open: onTables((inner, { issues }) => ({
      pageFeed: async (request) => {
        const all = await allOf(inner);
        return pageOf(
          all.filter(({ turningPoint: { issueId } }) => issues.get(issueId)?.projectId === "shop"),
          request,
        );
      },
    })),
  },
  {
    name: "orders the turning points of an issue by their times in the feed",
    seenBy: "feed-in-order",
    open: feeding((entries) =>
      entries.map(({ position, turningPoint }) => {
        const own = entries.filter((each) => each.turningPoint.issueId === turningPoint.issueId);
        const place = own.findIndex((each) => each.position === position);
        const sorted = own.toSorted((one, other) => one.turningPoint.at - other.turningPoint.at);
        return { position, turningPoint: sorted[place]?.turningPoint ?? turningPoint };
      }),
    ),
  },
  {
    name: "gives the positions of deleted turning points again",
    seenBy: "feed-positions-new",
    open: onTables((inner, tables) => ({
      write: async (changes) => {
        await inner.write(changes);
        if (changes.deletedIssues === undefined) return;
        tables.lastPosition = (await allOf(inner)).at(-1)?.position ?? 0;
      },
    })),
  },
  {
    name: "numbers what is left in the feed anew",
    seenBy: "feed-positions-new",
    open: feeding((entries) => entries.map((entry, index) => ({ ...entry, position: index + 1 }))),
  },
  {
    name: "keeps the turning points of deleted issues in the feed",
    seenBy: "feed-of-deleted-issues",
    open: remembering((entries, known) => {
      for (const entry of entries) known.set(entry.position, entry);
      return [...known.values()];
    }),
  },
  {
    name: "keeps the turning points of failed transactions in the feed, if these gave positions",
    seenBy: "feed-rolls-back",
    open: keepingPlaced,
  },
  {
    name: "shows some of what is committed while a reader of the feed waits before the rest",
    seenBy: "race-on-the-feed",
    open: overtaken,
  },
];

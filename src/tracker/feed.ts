import type { FeedEntry, FeedOptions, FeedPage } from "../core/feed.ts";
import { invalidInput } from "../core/input.ts";
import { PAGE_MEMBERS, readCursor, readNumber, type CursorFormat } from "../core/page.ts";
import { friendlyIdOf } from "../core/project.ts";
import { arrayOf, object, oneOf, optional, type Shape } from "../core/shape.ts";
import { isUnreadable, type Unreadable } from "../core/unreadable.ts";
import type {
  FeedEntry as ReadableEntry,
  FeedPageRequest,
  IssueStore,
  StoreReader,
  UnreadableFeedEntry,
} from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { requireProjectId } from "./projects.ts";

/** Cursors of the feed: positions. */
const FEED: CursorFormat<number> = { list: "feed", write: String, read: readPosition };

/** Asks for nothing but what a page says of the end. */
const BEYOND_THE_END: FeedPageRequest = { after: Number.MAX_SAFE_INTEGER, limit: 1 };

/** About how many turning points one step looks at, or gives positions to. */
const STEP = 500;

/** After how many milliseconds no further step through the entries of other projects begins. */
const LONG_READ_MS = 80;

/** The most projects that a reader can name. */
const MAX_PROJECTS = 1_000;

const feedOptions = object(
  {
    ...PAGE_MEMBERS,
    from: optional(oneOf(["start", "end"])),
    projectIds: optional(arrayOf(requireProjectId, 1, MAX_PROJECTS, `["shop"]`)),
  } satisfies Record<keyof FeedOptions, Shape<unknown>>,
  `{ cursor: page.next, limit: 100 }`,
);

/** A part of the feed. */
export async function readFeed(store: IssueStore, options: unknown): Promise<FeedPage> {
  const { limit, cursor, from, projectIds } = feedOptions("options", options);
  if (cursor !== undefined && from !== undefined) {
    throw invalidInput("options.from", from, "nothing beside a cursor, which says where to begin");
  }
  let position = readCursor(FEED, cursor) ?? 0;
  if (from === "end") return pageOf([], await findEnd(store), false);
  const wanted = projectIds === undefined ? undefined : new Set(projectIds);
  const began = performance.now();
  const found: Located[] = [];
  for (;;) {
    const request = { after: position, limit: wanted === undefined ? limit - found.length : STEP };
    const step = await readStep(store, request);
    for (const each of step.found) {
      if (wanted?.has(each.projectId) === false) continue;
      found.push(each);
      if (found.length === limit) return pageOf(found, each.position, true);
    }
    position = step.readTo;
    if (!step.hasMore || performance.now() - began > LONG_READ_MS) return pageOf(found, position, step.hasMore);
  }
}

function pageOf(found: readonly Located[], end: number, hasMore: boolean): FeedPage {
  return {
    entries: found.flatMap(({ item }) => (isUnreadable(item) ? [] : [item])),
    unreadable: found.flatMap(({ item }) => (isUnreadable(item) ? [item] : [])),
    next: cursorAt(end),
    hasMore,
  };
}

/** An entry as a store returns it. */
type StoredEntry = ReadableEntry | UnreadableFeedEntry;

/** An entry of a project, or what stands for one that cannot be read. */
interface Located {
  readonly position: number;
  readonly projectId: string;
  readonly item: FeedEntry | Unreadable;
}

/** What one step has found. */
interface FeedStep {
  readonly found: readonly Located[];
  /** The position of the last entry that it looked at. */
  readonly readTo: number;
  readonly hasMore: boolean;
}

/** Reads a page. Where it would end too early, some turning points get their positions first, which takes a transaction. */
async function readStep(store: IssueStore, request: FeedPageRequest): Promise<FeedStep> {
  const step = await store.read((reader) => readPage(reader, request));
  if (!step.isBehind) return step;
  return store.transaction(async (transaction) => {
    await transaction.placeInFeed(STEP);
    return readPage(transaction, request);
  });
}

async function readPage(
  reader: StoreReader,
  request: FeedPageRequest,
): Promise<FeedStep & { readonly isBehind: boolean }> {
  const { entries, isBehind } = await reader.pageFeed(request);
  const readTo = entries.at(-1)?.position ?? request.after;
  if (entries.length > 0 && readTo <= request.after) throw storeRepeats("a page of the feed");
  return {
    found: await locate(reader, entries),
    readTo,
    hasMore: isBehind || entries.length >= request.limit,
    isBehind,
  };
}

/** Finds the issues and projects of entries. Those of issues that were deleted in between are left out. */
async function locate(reader: StoreReader, entries: readonly StoredEntry[]): Promise<Located[]> {
  const ids = [...new Set(entries.map(issueIdOf))];
  const issues = new Map((await reader.findIssues({ ids })).map((issue) => [issue.id, issue]));
  const projectIds = [...new Set(Array.from(issues.values(), ({ projectId }) => projectId))];
  const stored = await reader.findProjects({ ids: projectIds });
  const slugs = new Map(stored.map(({ project: { id, slug } }) => [id, slug]));
  return entries.flatMap((entry): Located[] => {
    const issue = issues.get(issueIdOf(entry));
    if (issue === undefined) return [];
    const { projectId, number, id: issueId } = issue;
    const slug = slugs.get(projectId);
    const { position } = entry;
    if (slug === undefined || number === undefined) {
      return isUnreadable(issue) ? [{ position, projectId, item: { id: issueId, error: issue.error } }] : [];
    }
    const friendlyId = friendlyIdOf(slug, number);
    if (isUnreadable(entry)) {
      return [{ position, projectId, item: { id: entry.id, friendlyId, error: entry.error } }];
    }
    const { turningPoint } = entry;
    return [
      { position, projectId, item: { cursor: cursorAt(position), issueId, projectId, friendlyId, turningPoint } },
    ];
  });
}

function issueIdOf(entry: StoredEntry): string {
  return "turningPoint" in entry ? entry.turningPoint.issueId : entry.issueId;
}

/** The position after all that is committed. Gives positions to all that has none: mostly nothing, so that it only reads. */
async function findEnd(store: IssueStore): Promise<number> {
  const { isBehind, last } = await store.read((reader) => reader.pageFeed(BEYOND_THE_END));
  if (!isBehind) return last;
  let end = -1;
  for (;;) {
    const { placed, last } = await store.transaction((transaction) => transaction.placeInFeed(STEP));
    if (placed < STEP) return last;
    if (last <= end) throw storeRepeats("the end of the feed");
    end = last;
  }
}

function cursorAt(position: number): string {
  return `${FEED.list}:${FEED.write(position)}`;
}

function readPosition(text: string): number | undefined {
  const position = readNumber(text);
  return position === undefined || position < 0 ? undefined : position;
}

import type { FeedPage, FeedPageRequest, FeedPlacing } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { feedEntryOf } from "./rows/rows.ts";
import type { Statements } from "./statements/index.ts";

/** The key of the row that has the end of the feed. */
const END = 1;

/** A page of the feed. */
export async function pageFeed(
  session: Session,
  { feed }: Statements,
  { after, limit }: FeedPageRequest,
): Promise<FeedPage> {
  const entries = (await session.all(feed.page, { after, limit })).map(feedEntryOf);
  const end = entries.at(-1);
  if (end !== undefined && entries.length === limit) return { entries, isBehind: false, last: end.position };
  const isBehind = (await session.first(feed.anyWaiting, {})) !== undefined;
  const [row] = await session.find(feed.end, [{ key: END }]);
  return { entries, isBehind, last: row?.last_position ?? 0 };
}

/**
 * Gives positions to turning points that have none. Digests and commands do not: of two that commit at about the same time neither
 * knows which position is the next, unless one waits for the other. Here the row with the end of the feed is locked first, so that
 * positions become visible in their order, and what is read after that includes all that others have committed.
 */
export async function placeInFeed(session: Session, { feed }: Statements, limit: number): Promise<FeedPlacing> {
  const [end] = await session.find(feed.lockEnd, [{ key: END }]);
  // Of two transactions that find no row, the second one to insert it fails with a conflict, and runs again.
  if (end === undefined) await session.write(feed.insertEnd, [{ key: END, last_position: 0 }]);
  const first = (end?.last_position ?? 0) + 1;
  const rows = await session.all(feed.waiting, { limit });
  const last = first + rows.length - 1;
  if (rows.length === 0) return { placed: 0, last };
  const placed = inOrder(rows).map(({ issue_id, number }, index) => ({
    issue_id,
    number,
    feed_position: first + index,
  }));
  await session.write(feed.setPosition, placed);
  await session.write(feed.moveEnd, [{ key: END, last_position: last }]);
  return { placed: placed.length, last };
}

/** A turning point without a position. */
interface Waiting {
  readonly issue_id: string;
  readonly number: number;
  readonly at: number;
}

/** Turning points in the order of their times, but those of an issue, which come by number, in that order. */
function inOrder(rows: readonly Waiting[]): Waiting[] {
  let issue = "";
  let latest = 0;
  const timed = rows.map((row) => {
    latest = row.issue_id === issue ? Math.max(latest, row.at) : row.at;
    issue = row.issue_id;
    return { row, time: latest };
  });
  return timed.sort((one, other) => one.time - other.time).map(({ row }) => row);
}

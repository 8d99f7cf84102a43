import { count, looseObject } from "../core/shape.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { FeedEntry, FeedPage, FeedPageRequest, FeedPlacing, UnreadableFeedEntry } from "../ports/issue-store.ts";
import { concat, endOf, keyAfter } from "./bytes.ts";
import { turningPointAt } from "./history.ts";
import { idAt, numberAt, numberPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { within, type Session } from "./session.ts";
import { jsonBytes, readJson } from "./values.ts";

/*
 * The feed of turning points. A turning point is named by the part of its key after the first byte: its issue and its number.
 */

const endShape = looseObject({ last: count });

/** A page of the feed. */
export async function pageFeed(session: Session, { after, limit }: FeedPageRequest): Promise<FeedPage> {
  const entries: (FeedEntry | UnreadableFeedEntry)[] = [];
  const bounds = { from: keyAfter(KEYS.feedEntry(after)), to: endOf(KEYS.feed) };
  for await (const [key, name] of session.scan(bounds, { expected: limit })) {
    const position = numberAt(key, 1);
    const entry = await turningPointAt(session, concat(KEYS.allTurningPoints, name));
    if (entry === undefined) continue;
    if (isUnreadable(entry)) entries.push({ ...entry, position, issueId: idAt(name, 0) });
    else entries.push({ position, turningPoint: entry });
    if (entries.length === limit) return { entries, isBehind: false, last: position };
  }
  return { entries, isBehind: await isBehind(session), last: await lastPosition(session) };
}

async function isBehind(session: Session): Promise<boolean> {
  return (await session.range(within(KEYS.allWaitingForFeed), 1)).length > 0;
}

/** Gives positions to turning points that have none. */
export async function placeInFeed(session: Session, limit: number): Promise<FeedPlacing> {
  const before = await lastPosition(session);
  const names: Uint8Array[] = [];
  for await (const [key] of session.scan(within(KEYS.allWaitingForFeed), { expected: limit })) {
    names.push(nameOf(key));
    if (names.length === limit) break;
  }
  let last = before;
  for (const name of names) {
    last++;
    await session.put(KEYS.feedEntry(last), name);
    await session.put(KEYS.feedPosition(name), numberPart(last));
    await session.remove(KEYS.waitingForFeed(name));
  }
  if (last !== before) await session.put(KEYS.feedEnd, jsonBytes({ last }));
  return { placed: names.length, last };
}

/** Removes turning points of an issue from the feed, at most `limit`. Returns how many there were. */
export async function removeFromFeed(session: Session, issue: Uint8Array, limit: number): Promise<number> {
  let removed = 0;
  for await (const [key, position] of session.scan(within(KEYS.feedPositions(issue)), { expected: limit })) {
    if (removed >= limit) return removed;
    await session.remove(concat(KEYS.feed, position));
    await session.remove(key);
    removed++;
  }
  return removed + (await session.removeSome([KEYS.issueWaitingForFeed(issue)], limit - removed));
}

function nameOf(key: Uint8Array): Uint8Array {
  return key.slice(1);
}

/** The highest position that was ever given. */
async function lastPosition(session: Session): Promise<number> {
  const bytes = await session.get(KEYS.feedEnd);
  return bytes === undefined ? 0 : readJson("the end of the feed", bytes, endShape).last;
}

import type { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, orElse, requireInteger, requireObject, requireText } from "../core/input.ts";

/** Which page of a list. */
export interface PageOptions {
  /** The most items on the page, 1 to {@link MAX_PAGE_SIZE}. Default 50. */
  readonly limit?: number;
  /** {@link Page.next} of the page before. Default: the first page. */
  readonly cursor?: string;
}

/** A page of a list. */
export interface Page<Item> {
  /** The items, in the list's order. */
  readonly items: readonly Item[];
  /** What to give as `cursor` for the next page; `null` on the last one. To be passed on, not to be understood. */
  readonly next: string | null;
}

/** The most items on a page. */
export const MAX_PAGE_SIZE = 1_000;

const DEFAULT_PAGE_SIZE = 50;

/** A {@link PageOptions} that was checked. */
export interface CheckedPage {
  readonly limit: number;
  /** What the cursor says behind the list's name, or `null` for the first page. */
  readonly position: string | null;
}

/**
 * Checks which page is asked for.
 *
 * @param list - the name of the list and its order: a cursor of another list is refused
 */
export function parsePage(list: string, options: unknown): CheckedPage {
  const given = requireObject("options", options);
  const limit = requireInteger("options.limit", orElse(given["limit"], DEFAULT_PAGE_SIZE), 1, MAX_PAGE_SIZE);
  if (given["cursor"] === undefined) return { limit, position: null };
  const cursor = requireText("options.cursor", given["cursor"], 1, 2_000);
  if (!cursor.startsWith(`${list}:`)) throw invalidCursor(cursor);
  return { limit, position: cursor.slice(list.length + 1) };
}

/** The error for a cursor, or the part of one behind the list's name, that is none of this list's. */
export function invalidCursor(cursor: string): IssueLifecycleError {
  return invalidInput("options.cursor", cursor, "the `next` of a page of the same list, in the same order");
}

/** The number a cursor's position says. */
export function parsePosition(position: string | null): number | null {
  if (position === null) return null;
  if (!/^\d{1,16}$/u.test(position)) throw invalidCursor(position);
  return Number(position);
}

/**
 * Makes a page of items that were asked for with one more than the limit, to see whether there are more.
 *
 * @param positionOf - what the cursor has to say of the last item on the page
 */
export function pageOf<Item>(
  list: string,
  items: readonly Item[],
  limit: number,
  positionOf: (item: Item) => string,
): Page<Item> {
  const last = items[limit - 1];
  if (items.length <= limit || last === undefined) return { items, next: null };
  return { items: items.slice(0, limit), next: `${list}:${positionOf(last)}` };
}

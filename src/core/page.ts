import type { IssueLifecycleError } from "./errors.ts";
import { invalidInput } from "./input.ts";
import { integer, optional, text, withDefault, type Shape } from "./shape.ts";

/** Which page of a list. */
export interface PageOptions {
  /** The most items on the page, 1 to {@link MAX_PAGE_SIZE}. Default 50. */
  readonly limit?: number;
  /** {@link Page.next} of the previous page. Default: the first page. */
  readonly cursor?: string;
}

/** A page of a list. */
export interface Page<Item> {
  /** The items, in the list's order. */
  readonly items: readonly Item[];
  /** The `cursor` of the next page; `null` on the last one. Opaque. */
  readonly next: string | null;
}

/** The most items on a page. */
export const MAX_PAGE_SIZE = 1_000;

/** The shapes of {@link PageOptions}, to include in the options of a list. */
export const PAGE_MEMBERS = {
  limit: withDefault(integer(1, MAX_PAGE_SIZE), 50),
  cursor: optional(text(1, 2_000)),
} satisfies Record<keyof PageOptions, Shape<unknown>>;

/**
 * The position that a cursor stands for, or `null` for the first page.
 *
 * @param list - the name of the list and its order: a cursor of another list is refused
 */
export function readCursor(list: string, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!cursor.startsWith(`${list}:`)) throw invalidCursor(cursor);
  return cursor.slice(list.length + 1);
}

/** The error for a cursor, or the position of one, that does not belong to the list. */
export function invalidCursor(cursor: string): IssueLifecycleError {
  return invalidInput("options.cursor", cursor, "the `next` of a page of the same list, in the same order");
}

/** The position as a number. */
export function readNumber(position: string): number {
  if (!/^\d{1,16}$/u.test(position)) throw invalidCursor(position);
  return Number(position);
}

/**
 * Creates a page from up to `limit + 1` items; the extra item shows that there is another page.
 *
 * @param positionOf - the position of an item, for the cursor
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

import { invalidInput } from "./input.ts";
import { integer, optional, text, withDefault, type Shape } from "./shape.ts";
import { isUnreadable, type Unreadable } from "./unreadable.ts";

/** Which page of a list. */
export interface PageOptions {
  /** The most items on the page, unreadable ones included, 1 to {@link MAX_PAGE_SIZE}. Default 50. */
  readonly limit?: number;
  /** {@link Page.next} of the page before, or {@link SearchPage.previous} of the one behind. Default: the first page. */
  readonly cursor?: string;
}

/** A page of a list. */
export interface Page<Item> {
  /** The items, in the list's order. */
  readonly items: readonly Item[];
  /** The items at the same place in the list that are stored but cannot be read, in the list's order. Usually none. */
  readonly unreadable: readonly Unreadable[];
  /** The `cursor` of the next page; `null` on the last one. Opaque. */
  readonly next: string | null;
}

/** A page of a list that can be read in both directions, and may have been searched. */
export interface SearchPage<Item> extends Page<Item> {
  /**
   * The `cursor` of the page before; `null` on the first one. While nothing changes, that is the page that a walk from the first one
   * by `next` has shown, unless it was one that ended before it was full. Opaque.
   */
  readonly previous: string | null;
  /**
   * For a page of issues that were looked at one by one, and that ended before it was full because it takes long: how far it looked. It is the
   * value by which the list is sorted, of the last item that was looked at: of issues the `lastSeenAt`, `number` or `eventCount`.
   * `next` goes on from there, also if `items` is empty. `null` for a page that is full or at the end of the list.
   */
  readonly searchedTo: number | null;
}

/** The most items on a page. */
export const MAX_PAGE_SIZE = 1_000;

/** The shapes of {@link PageOptions}, to include in the options of a list. */
export const PAGE_MEMBERS = {
  limit: withDefault(integer(1, MAX_PAGE_SIZE), 50),
  cursor: optional(text(1, 2_000)),
} satisfies Record<keyof PageOptions, Shape<unknown>>;

/** How the positions of a list are written into cursors, and read from them. */
export interface CursorFormat<Position> {
  /** The list and its order, without ":". A cursor of another list, or of the same in another order, is refused. */
  readonly list: string;
  readonly write: (position: Position) => string;
  /** The position of a text that somebody may have changed; `undefined` for a text that is none. */
  readonly read: (text: string) => Position | undefined;
}

/**
 * The position that a cursor stands for, or `null` for the first page.
 *
 * @throws {@link IssueLifecycleError} `invalid-input` for any other text: no text reaches a store that it may not look for
 */
export function readCursor<Position>(
  { list, read }: CursorFormat<Position>,
  cursor: string | undefined,
): Position | null {
  if (cursor === undefined) return null;
  const position = cursor.startsWith(`${list}:`) ? read(cursor.slice(list.length + 1)) : undefined;
  if (position !== undefined) return position;
  throw invalidInput(
    "options.cursor",
    cursor,
    "the `next` or `previous` of a page of the same list, in the same order",
  );
}

/** A whole number in a cursor; `undefined` for any other text. */
export function readNumber(text: string): number | undefined {
  const number = /^-?\d{1,16}$/u.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A key in a cursor: a text that every database can compare; `undefined` for any other. */
export function readKey(text: string): string | undefined {
  return text.isWellFormed() && !/\p{Control}/u.test(text) ? text : undefined;
}

/** Stands in a list for an item that cannot be read. */
export interface UnreadableAt<Position> extends Unreadable {
  /** Its position in the list, so that the next page can begin after it. */
  readonly position: Position;
}

/**
 * Creates a page from up to `limit + 1` entries; the extra one shows that there is another page.
 *
 * @param positionOf - the position of an item, for the cursor
 */
export function pageOf<Item extends object, Position>(
  { list, write }: CursorFormat<Position>,
  entries: readonly (Item | UnreadableAt<Position>)[],
  limit: number,
  positionOf: (item: Item) => Position,
): Page<Item> {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const hasNext = last !== undefined && entries.length > limit;
  const position = hasNext && (isAtPosition<Position>(last) ? last.position : positionOf(last));
  return { ...itemsOf(page), next: position === false ? null : `${list}:${write(position)}` };
}

/** The items among the entries of a page, and what stands for those that cannot be read. */
export function itemsOf<Item extends object, Position>(
  entries: readonly (Item | UnreadableAt<Position>)[],
): Pick<Page<Item>, "items" | "unreadable"> {
  const items: Item[] = [];
  const unreadable: Unreadable[] = [];
  for (const entry of entries) {
    if (isAtPosition<Position>(entry)) {
      const { position: _, ...described } = entry;
      unreadable.push(described);
    } else {
      items.push(entry);
    }
  }
  return { items, unreadable };
}

function isAtPosition<Position>(entry: object): entry is UnreadableAt<Position> {
  return isUnreadable(entry) && "position" in entry;
}

import { minuteOf } from "../core/calendar.ts";
import type { Issue } from "../core/issue.ts";
import { orderValue, type IssueOrder } from "../core/issue-list.ts";
import type { UnreadableAt } from "../core/page.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssuePageRequest, IssuePosition, UnreadableIssue } from "../ports/issue-store.ts";
import { BEYOND_ALL, placeOf, type Damaged } from "./rows/damage.ts";
import {
  checkIssueRow,
  damagedRow,
  EXACT_COUNTS,
  eventCountClass,
  eventCountsIn,
  issueEntryOf,
  unreadableIssue,
  type StoredIssueRow,
} from "./rows/issue-row.ts";
import type { StretchParameters, StretchSorting } from "./statements/stretch-statements.ts";

/** A range of an index from which a page is read. */
export interface Stretch {
  readonly sorting: StretchSorting;
  /** Its beginning and end. */
  readonly bounds: Pick<StretchParameters, "coarse" | "value" | "number" | "reach">;
}

const MINUTE_MS = 60_000;

const FIRST = -BEYOND_ALL;
const LAST = BEYOND_ALL;

/** The stretches from which a page is read, one after the other until it is full. */
export function stretchesOf({ after, order, descending }: IssuePageRequest): Stretch[] {
  const start = after === null ? null : { ...after, coarse: coarseValue(after.value, order) };
  const all = stretchesIn(order);
  const beyond = descending ? LAST : FIRST;
  return (descending ? all.toReversed() : all).flatMap(({ sorting, from, to }): Stretch[] => {
    const [near, reach] = descending ? [to, from] : [from, to];
    const whole = { sorting, bounds: { coarse: near, value: beyond, number: beyond, reach } };
    if (start === null) return [whole];
    if (descending ? start.coarse < from : start.coarse > to) return [];
    if (start.coarse < from || start.coarse > to) return [whole];
    if (sorting === "coarse" || order === "first-seen") return [{ sorting, bounds: { ...start, reach } }];
    // Not every database seeks a position among equal values of the index, unless the condition says that they are equal.
    const next = start.coarse + (descending ? -1 : 1);
    return [
      { sorting: "indexed-equals", bounds: { ...start, reach: start.coarse } },
      { sorting, bounds: { ...whole.bounds, coarse: next } },
    ];
  });
}

/** The stretches of an order's whole index, ascending. */
function stretchesIn(order: IssueOrder): { sorting: "indexed" | "coarse"; from: number; to: number }[] {
  switch (order) {
    case "last-seen":
      return [{ sorting: "coarse", from: FIRST, to: LAST }];
    case "first-seen":
      return [{ sorting: "indexed", from: FIRST, to: LAST }];
    case "event-count":
      return [
        { sorting: "indexed", from: FIRST, to: EXACT_COUNTS - 1 },
        { sorting: "coarse", from: EXACT_COUNTS, to: LAST },
      ];
  }
}

function coarseValue(value: number, order: IssueOrder): number {
  switch (order) {
    case "last-seen":
      return minuteOf(value);
    case "first-seen":
      return value;
    case "event-count":
      return eventCountClass(value);
  }
}

/** The values with the same coarse value, as positions. */
function valuesIn(coarse: number, order: IssueOrder): { readonly first: number; readonly last: number } {
  switch (order) {
    case "last-seen":
      return { first: coarse * MINUTE_MS, last: coarse * MINUTE_MS + MINUTE_MS - 1 };
    case "first-seen":
      return { first: coarse, last: coarse };
    case "event-count":
      return eventCountsIn(coarse);
  }
}

/** An issue in a list, or what stands for it. */
export type ListedIssue = Issue | (UnreadableIssue & UnreadableAt<IssuePosition>);

/** An issue of a page, or what stands for one that cannot be read. */
export function listedIssueOf(row: StoredIssueRow, request: IssuePageRequest): ListedIssue {
  const entry = issueEntryOf(checkIssueRow(row), request.projectId);
  return isUnreadable(entry) ? { ...entry, position: positionOf(row, request) } : entry;
}

/** What stands for an issue that is in no order: its position is before all others. */
export function firstListedOf(row: StoredIssueRow, { projectId, descending }: IssuePageRequest): ListedIssue {
  const first = descending ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  const damaged = damagedRow(row, new Error("It is in a state that this version does not know."));
  return { ...unreadableIssue(damaged, projectId), position: { value: first, number: first } };
}

/**
 * Where a page goes on after a row whose value may contradict its coarse value: where no issue is skipped, and that row does
 * not come again.
 */
function positionOf(row: StoredIssueRow, { order, descending }: IssuePageRequest): IssuePosition {
  const [coarse, value] = INDEXED_BY[order](row);
  const values = valuesIn(placeOf(coarse), order);
  const [first, last] = [safe(values.first), safe(values.last)];
  const exact = first === last ? first : placeOf(value);
  if (order === "first-seen") return { value: exact, number: exact };
  if (exact > last) return beginningAt(descending ? last : last + 1, descending);
  if (exact < first) return beginningAt(descending ? first - 1 : first, descending);
  const number = placeOf(row.number);
  const isLastOfEquals = descending ? number === Number.MIN_SAFE_INTEGER : number === Number.MAX_SAFE_INTEGER;
  return isLastOfEquals ? beginningAt(exact + (descending ? -1 : 1), descending) : { value: exact, number };
}

/** The position before all issues with a value. */
function beginningAt(value: number, descending: boolean): IssuePosition {
  return { value: safe(value), number: descending ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER };
}

function safe(value: number): number {
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

const INDEXED_BY: Readonly<
  Record<IssueOrder, (row: StoredIssueRow) => readonly [coarse: number | Damaged, value: number | Damaged]>
> = {
  "last-seen": (row) => [row.last_seen_minute, row.last_seen_at],
  "first-seen": (row) => [row.number, row.number],
  "event-count": (row) => [row.event_count_class, row.event_count],
};

/** Whether a page begins behind all positions: what is stored there cannot be told apart by positions. */
export function isBeyondAll({ after, descending }: IssuePageRequest): boolean {
  if (after === null) return false;
  return descending ? after.value <= Number.MIN_SAFE_INTEGER : after.value >= Number.MAX_SAFE_INTEGER;
}

/** Merges pages in the same order into one page. */
export function mergePages(
  pages: readonly (readonly ListedIssue[])[],
  { order, descending, limit }: IssuePageRequest,
): ListedIssue[] {
  const sign = descending ? -1 : 1;
  const placeIn = (issue: ListedIssue): IssuePosition =>
    isUnreadable(issue) ? issue.position : { value: orderValue(issue, order), number: issue.number };
  return pages
    .flat()
    .sort((left, right) => {
      const [one, other] = [placeIn(left), placeIn(right)];
      return sign * (one.value - other.value || one.number - other.number);
    })
    .slice(0, limit);
}

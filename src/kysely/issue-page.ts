import { minuteOf } from "../core/calendar.ts";
import type { Issue } from "../core/issue.ts";
import { orderValue, type IssueOrder } from "../core/issue-list.ts";
import type { IssuePageRequest } from "../ports/issue-store.ts";
import { EXACT_COUNTS, eventCountClass } from "./rows/issue-row.ts";
import type { StretchParameters, StretchSorting } from "./statements/stretch-statements.ts";

/** A range of an index from which a page is read. */
export interface Stretch {
  readonly sorting: StretchSorting;
  /** Its beginning and end. */
  readonly bounds: Pick<StretchParameters, "coarse" | "value" | "number" | "reach">;
}

const FIRST = -1;
const LAST = Number.MAX_SAFE_INTEGER;

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

/** Merges pages in the same order into one page. */
export function mergePages(
  pages: readonly (readonly Issue[])[],
  { order, descending, limit }: IssuePageRequest,
): Issue[] {
  const sign = descending ? -1 : 1;
  return pages
    .flat()
    .sort((one, other) => sign * (orderValue(one, order) - orderValue(other, order) || one.number - other.number))
    .slice(0, limit);
}

import { minuteOf } from "../core/calendar.ts";
import type { Issue } from "../core/issue.ts";
import { orderValue, type IssueOrder } from "../core/issue-list.ts";
import type { IssuePageRequest } from "../ports/issue-store.ts";
import { EXACT_COUNTS, eventCountClass } from "./row-codec.ts";
import type { StretchParameters } from "./statements/issue-statements.ts";

/** A stretch of the index by which a page is read. */
export interface Stretch {
  /** See {@link StretchKind.isIndexed}. */
  readonly isIndexed: boolean;
  /** Where it begins and ends. */
  readonly bounds: Pick<StretchParameters, "coarse" | "value" | "number" | "reach">;
}

const FIRST = -1;
const LAST = Number.MAX_SAFE_INTEGER;

/** The stretches in which a page is read, one after the other until it is full. */
export function stretchesOf({ after, order, descending }: IssuePageRequest): Stretch[] {
  const start = after === null ? null : { ...after, coarse: coarseValue(after.value, order) };
  const all = stretchesIn(order);
  return (descending ? all.toReversed() : all).flatMap(({ isIndexed, from, to }) => {
    if (start !== null && (descending ? start.coarse < from : start.coarse > to)) return [];
    const [near, reach] = descending ? [to, from] : [from, to];
    const begins = start !== null && start.coarse >= from && start.coarse <= to;
    const beyond = descending ? LAST : FIRST;
    const bounds = begins ? { ...start, reach } : { coarse: near, value: beyond, number: beyond, reach };
    return { isIndexed, bounds };
  });
}

/** What the index of an order has, from its least value to its greatest. */
function stretchesIn(order: IssueOrder): { isIndexed: boolean; from: number; to: number }[] {
  switch (order) {
    case "last-seen":
      return [{ isIndexed: false, from: FIRST, to: LAST }];
    case "first-seen":
      return [{ isIndexed: true, from: FIRST, to: LAST }];
    case "event-count":
      return [
        { isIndexed: true, from: FIRST, to: EXACT_COUNTS - 1 },
        { isIndexed: false, from: EXACT_COUNTS, to: LAST },
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

/** One page of pages in the same order. */
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

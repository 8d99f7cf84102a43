import { minuteOf } from "../core/calendar.ts";
import type { Issue } from "../core/issue.ts";
import { orderValue, type IssueOrder } from "../core/issue-list.ts";
import type { IssuePageRequest } from "../ports/issue-store.ts";
import { eventCountClass } from "./row-codec.ts";
import type { PageParameters } from "./statements/issue-statements.ts";

/** The bounds of a page, as far as they do not depend on what there is. */
export function pageBounds({
  after,
  descending,
  order,
  limit,
}: IssuePageRequest): Pick<PageParameters, "coarse" | "value" | "number" | "reach" | "limit"> {
  const beyond = descending ? Number.MAX_SAFE_INTEGER : -1;
  const reach = descending ? -1 : Number.MAX_SAFE_INTEGER;
  if (after !== null) {
    return { coarse: coarseValue(after.value, order), value: after.value, number: after.number, reach, limit };
  }
  return { coarse: beyond, value: beyond, number: beyond, reach, limit };
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

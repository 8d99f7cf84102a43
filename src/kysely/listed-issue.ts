import type { Issue } from "../core/issue.ts";
import { orderValue, type IssueOrder } from "../core/issue-list.ts";
import type { UnreadableAt } from "../core/page.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssuePageRequest, IssuePosition, UnreadableIssue } from "../ports/issue-store.ts";
import { placeOf, type Damaged } from "./rows/damage.ts";
import { checkIssueRow, damagedRow, issueEntryOf, unreadableIssue, type StoredIssueRow } from "./rows/issue-row.ts";
import { safe, valuesIn } from "./stretches.ts";

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

const INDEXED_BY: Readonly<
  Record<IssueOrder, (row: StoredIssueRow) => readonly [coarse: number | Damaged, value: number | Damaged]>
> = {
  "last-seen": (row) => [row.last_seen_minute, row.last_seen_at],
  "first-seen": (row) => [row.number, row.number],
  "event-count": (row) => [row.event_count_class, row.event_count],
};

/** The position of an issue in the order of a page. */
export function positionIn(issue: ListedIssue, { order }: IssuePageRequest): IssuePosition {
  return isUnreadable(issue) ? issue.position : { value: orderValue(issue, order), number: issue.number };
}

import type { Issue } from "./issue.ts";
import { foldForSearch } from "./text.ts";

/** The order of a list of issues. */
export type IssueOrder =
  /** By {@link Issue.lastSeenAt}, then by number. */
  | "last-seen"
  /** By {@link Issue.number}: the order in which issues were opened. */
  | "first-seen"
  /** By {@link Issue.eventCount}, then by number. */
  | "event-count";

/** All values of {@link IssueOrder}. */
export const ISSUE_ORDERS = ["last-seen", "first-seen", "event-count"] as const satisfies IssueOrder[];

/** The value by which an issue is sorted. */
export function orderValue(issue: Pick<Issue, "lastSeenAt" | "number" | "eventCount">, order: IssueOrder): number {
  switch (order) {
    case "last-seen":
      return issue.lastSeenAt;
    case "first-seen":
      return issue.number;
    case "event-count":
      return issue.eventCount;
  }
}

/** The text of an issue that is searched, folded: its title and, on a second line, its transaction. */
export function searchableText({ title, transaction }: Pick<Issue, "title" | "transaction">): string {
  return foldForSearch(`${title}\n${transaction}`);
}

/** Whether an issue's title or transaction contains a text folded by {@link foldForSearch}. Every issue contains `""`. */
export function matchesSearch(issue: Pick<Issue, "title" | "transaction">, folded: string): boolean {
  return folded === "" || searchableText(issue).includes(folded);
}

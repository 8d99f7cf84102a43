import type { Issue } from "./issue.ts";
import { foldForSearch } from "./text.ts";

/** What to order issues by. */
export type IssueOrder =
  /** {@link Issue.lastSeenAt}, then {@link Issue.number}. */
  | "last-seen"
  /** {@link Issue.number}, which is the order in which issues were first digested. */
  | "first-seen"
  /** {@link Issue.eventCount}, then {@link Issue.number}. */
  | "event-count";

/** All orders. */
export const ISSUE_ORDERS = ["last-seen", "first-seen", "event-count"] as const satisfies IssueOrder[];

/** What an order goes by. */
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

/** The text of an issue that searches look at, folded: its title and, on a line of its own, its transaction. */
export function searchedText({ title, transaction }: Pick<Issue, "title" | "transaction">): string {
  return foldForSearch(`${title}\n${transaction}`);
}

/** Whether an issue's title or transaction contains a text folded by {@link foldForSearch}; every one contains `""`. */
export function matchesSearch(issue: Pick<Issue, "title" | "transaction">, folded: string): boolean {
  return folded === "" || searchedText(issue).includes(folded);
}

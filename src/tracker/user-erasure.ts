import { ALL_ISSUES } from "../core/issue-list.ts";
import { ISSUE_STATUSES, type Issue } from "../core/issue.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type {
  IssuePageRequest,
  IssuePosition,
  IssueStore,
  IssueUpdate,
  IssueUserRef,
  StoreReader,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { isBehind, positionOf } from "./issue-filter.ts";

/** How many issues a transaction looks at. */
const STEP = 300;

/** Those of some users who are stored. */
export async function storedUsers(reader: StoreReader, refs: readonly IssueUserRef[]): Promise<IssueUserRef[]> {
  const found = await reader.findUsers(refs);
  return refs.filter((_, place) => found[place] !== undefined);
}

/** An issue with some users less. */
export function withFewerUsers(issue: Issue, users: number): Issue {
  return { ...issue, userCount: Math.max(0, issue.userCount - users) };
}

/** Erases a user from all issues of a project, in pages of them. */
export async function eraseUser(store: IssueStore, projectId: string, user: string): Promise<void> {
  let after: IssuePosition | null = null;
  do {
    const from: IssuePosition | null = after;
    after = await store.transaction((transaction) => eraseUserInPage(transaction, projectId, user, from));
  } while (after !== null);
}

/** @returns where the page ended; `null` for the last page */
async function eraseUserInPage(
  transaction: StoreTransaction,
  projectId: string,
  user: string,
  after: IssuePosition | null,
): Promise<IssuePosition | null> {
  const request: IssuePageRequest = {
    projectId,
    statuses: ISSUE_STATUSES,
    ...ALL_ISSUES,
    order: "first-seen",
    descending: false,
    after,
    limit: STEP,
  };
  const { entries } = await transaction.pageIssues(request);
  const usersOf = (ids: readonly string[]): Promise<IssueUserRef[]> =>
    storedUsers(
      transaction,
      ids.map((issueId) => ({ issueId, user })),
    );
  const ids = (await usersOf(entries.map(({ id }) => id))).map(({ issueId }) => issueId);
  if (ids.length > 0) {
    const { issues } = await transaction.load({ issues: { ids } });
    // Once more under the locks of the issues: another erasure may have been faster.
    const erasedUsers = await usersOf(ids);
    const left = new Set(erasedUsers.map(({ issueId }) => issueId));
    const updates = issues.flatMap((before): IssueUpdate[] => {
      if (isUnreadable(before) || !left.has(before.id)) return [];
      return [{ before, after: withFewerUsers(before, 1) }];
    });
    await transaction.write({ updates, erasedUsers });
  }
  const last = entries.at(-1);
  if (last === undefined || entries.length < STEP) return null;
  const end = positionOf(last, "first-seen");
  if (!isBehind(end, after, request)) throw storeRepeats("a page of issues");
  return end;
}

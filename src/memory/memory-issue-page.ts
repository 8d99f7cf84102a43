import type { Issue } from "../core/issue.ts";
import { isSearch, matchesCriteria, orderValue } from "../core/issue-list.ts";
import { wasSeen } from "../core/release-mark.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssueCountRequest, IssueCountStep, IssuePage, IssuePageRequest } from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import type { MemoryTables } from "./memory-tables.ts";

type Test = (issue: Issue) => boolean;

/** A page of a project's issues. */
export async function pageOfIssues(tables: MemoryTables, request: IssuePageRequest): Promise<IssuePage> {
  const { statuses, seenIn, limit, lookAt, order } = request;
  const isInState: Test = ({ state }) => statuses.includes(state.status);
  const matches: Test = (issue) => matchesCriteria(issue, request) && wasSeenIn(tables, issue.id, seenIn);
  if (lookAt === undefined) {
    const entries = await nearest(tables, request, limit, (issue) => isInState(issue) && matches(issue));
    return { entries, searchedTo: null };
  }
  const lookedAt = await nearest(tables, request, lookAt, isInState);
  const entries = lookedAt.filter(matches).slice(0, limit);
  const last = lookedAt.length < lookAt || entries.length === limit ? undefined : lookedAt.at(-1);
  return { entries, searchedTo: last === undefined ? null : { value: orderValue(last, order), number: last.number } };
}

/** One step of a count of a project's issues. */
export async function countIssues(tables: MemoryTables, request: IssueCountRequest): Promise<IssueCountStep> {
  const { projectId, statuses, after, limit } = request;
  const counts = new Map(statuses.map((status) => [status, 0]));
  const count = ({ state: { status } }: Pick<Issue, "state">): void => {
    const sum = counts.get(status);
    if (sum !== undefined && sum < limit) counts.set(status, sum + 1);
  };
  if (isSearch(request)) {
    const from = after === null ? null : { value: after, number: after };
    const all = { ...request, order: "first-seen", descending: false, after: from, limit: Infinity } as const;
    const { entries, searchedTo } = await pageOfIssues(tables, all);
    for (const entry of entries) if (!isUnreadable(entry)) count(entry);
    return { counts, searchedTo: searchedTo?.number ?? null };
  }
  await eachWithPauses(tables.ofProject.get(projectId)?.numbered.blocks ?? [], (block) => {
    for (const { id, number } of block) {
      const issue = after === null || number > after ? tables.issues.get(id) : undefined;
      if (issue !== undefined) count(issue);
    }
  });
  return { counts, searchedTo: null };
}

/** Whether an issue occurred in the release with an order key; in any, if that is `null`. */
function wasSeenIn(tables: MemoryTables, issueId: string, orderKey: string | null): boolean {
  if (orderKey === null) return true;
  const mark = tables.ofIssue.get(issueId)?.marks.find((each) => each.orderKey === orderKey);
  return mark !== undefined && wasSeen(mark);
}

/** The first issues of a list that pass a test, in its order. */
async function nearest(tables: MemoryTables, request: IssuePageRequest, most: number, passes: Test): Promise<Issue[]> {
  return request.order === "first-seen"
    ? firstByNumber(tables, request, most, passes)
    : firstOf(tables, request, most, passes);
}

function firstByNumber(
  tables: MemoryTables,
  { projectId, descending, after }: IssuePageRequest,
  most: number,
  passes: Test,
): Issue[] {
  const numbered = tables.ofProject.get(projectId)?.numbered;
  const from = after?.number ?? (descending ? Infinity : -Infinity);
  const found: Issue[] = [];
  for (const id of (descending ? numbered?.below(from) : numbered?.above(from)) ?? []) {
    if (found.length === most) break;
    const issue = tables.issues.get(id);
    if (issue !== undefined && passes(issue)) found.push(issue);
  }
  return found;
}

/** Looks at all issues, with pauses. Sorts no more than twice those it returns at a time. */
async function firstOf(tables: MemoryTables, request: IssuePageRequest, most: number, passes: Test): Promise<Issue[]> {
  const { projectId, after, order, descending } = request;
  const sign = descending ? -1 : 1;
  const compare = (one: Issue, other: Issue): number =>
    sign * (orderValue(one, order) - orderValue(other, order) || one.number - other.number);
  const isBehind: Test = (issue) =>
    after === null || sign * (orderValue(issue, order) - after.value || issue.number - after.number) > 0;
  const found: Issue[] = [];
  let last: Issue | undefined;
  await eachWithPauses(tables.ofProject.get(projectId)?.numbered.blocks ?? [], (block) => {
    for (const { id } of block) {
      const issue = tables.issues.get(id);
      if (issue === undefined || !isBehind(issue)) continue;
      if (last !== undefined && compare(issue, last) > 0) continue;
      if (!passes(issue)) continue;
      found.push(issue);
      if (found.length < 2 * most) continue;
      found.sort(compare).length = most;
      last = found.at(-1);
    }
  });
  return found.sort(compare).slice(0, most);
}

import type { Issue } from "../core/issue.ts";
import { matchesSearch, orderValue } from "../core/issue-list.ts";
import type { IssuePageRequest } from "../ports/issue-store.ts";
import { firstNotBefore } from "./journal.ts";
import { numberOf, type MemoryTables, type NumberedIssue } from "./memory-tables.ts";

/** A page of a project's issues. Looks at all of them, except in the order of their numbers. */
export function pageOfIssues(tables: MemoryTables, request: IssuePageRequest): Issue[] {
  const { descending, limit, order, statuses, search, environment } = request;
  const page: Issue[] = [];
  for (const { id } of candidates(tables.ofProject.get(request.projectId)?.numbered ?? [], request)) {
    const issue = tables.issues.get(id);
    if (issue === undefined || !isBehind(issue, request)) continue;
    if (!statuses.includes(issue.state.status) || !matchesSearch(issue, search)) continue;
    if (environment !== null && !issue.environments.includes(environment)) continue;
    page.push(issue);
    if (order === "first-seen" && page.length === limit) return page;
  }
  const sign = descending ? -1 : 1;
  return page
    .sort((one, other) => sign * (orderValue(one, order) - orderValue(other, order) || one.number - other.number))
    .slice(0, limit);
}

function* candidates(
  numbered: readonly NumberedIssue[],
  { order, descending, after }: IssuePageRequest,
): Iterable<NumberedIssue> {
  const last = numbered.length - 1;
  const first = descending ? last : 0;
  const start = order === "first-seen" && after !== null ? firstNotBefore(numbered, after.number, numberOf) : first;
  for (let place = Math.min(start, last); place >= 0 && place <= last; place += descending ? -1 : 1) {
    const candidate = numbered[place];
    if (candidate !== undefined) yield candidate;
  }
}

function isBehind(issue: Issue, { after, descending, order }: IssuePageRequest): boolean {
  if (after === null) return true;
  const distance = orderValue(issue, order) - after.value || issue.number - after.number;
  return descending ? distance < 0 : distance > 0;
}

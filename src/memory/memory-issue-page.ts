import type { Issue } from "../core/issue.ts";
import { matchesSearch, orderValue } from "../core/issue-list.ts";
import type { IssuePage, IssuePageRequest } from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import type { MemoryTables } from "./memory-tables.ts";

type Test = (issue: Issue) => boolean;

/** A page of a project's issues. */
export async function pageOfIssues(tables: MemoryTables, request: IssuePageRequest): Promise<IssuePage> {
  const { statuses, search, environment, limit, lookAt, order } = request;
  const isInState: Test = ({ state }) => statuses.includes(state.status);
  const matches: Test = (issue) =>
    (environment === null || issue.environments.includes(environment)) && matchesSearch(issue, search);
  if (lookAt === undefined) {
    const entries = await nearest(tables, request, limit, (issue) => isInState(issue) && matches(issue));
    return { entries, searchedTo: null };
  }
  const lookedAt = await nearest(tables, request, lookAt, isInState);
  const entries = lookedAt.filter(matches).slice(0, limit);
  const last = lookedAt.length < lookAt || entries.length === limit ? undefined : lookedAt.at(-1);
  return { entries, searchedTo: last === undefined ? null : { value: orderValue(last, order), number: last.number } };
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

import { isSearch } from "../core/issue-list.ts";
import type { IssueStatus } from "../core/issue.ts";
import type { IssueCountRequest, IssueCountStep } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { BEYOND_ALL, placeOf } from "./rows/damage.ts";
import { STATUS_CODES } from "./rows/issue-row.ts";
import type { Statements } from "./statements/index.ts";
import { searchParameters } from "./statements/issue-search.ts";

/** One step of a count of a project's issues: of each state a range of the index of numbers. */
export async function countIssues(
  session: Session,
  statements: Statements["issues"],
  project_key: number | undefined,
  request: IssueCountRequest,
): Promise<IssueCountStep> {
  const { statuses, after, limit, lookAt } = request;
  const counts = new Map<IssueStatus, number>(statuses.map((status) => [status, 0]));
  if (project_key === undefined) return { counts, searchedTo: null };
  const from = after ?? -BEYOND_ALL;
  const end = lookAt === undefined ? null : await endOf(session, statements, project_key, { statuses, from, lookAt });
  const input = statuses.map((status) => {
    return { project_key, status: STATUS_CODES[status], after: from, up_to: end ?? BEYOND_ALL, limit };
  });
  const matching = searchParameters(request);
  const found = isSearch(request)
    ? await session.find(
        statements.countMatching,
        input.map((each) => ({ ...each, ...matching })),
      )
    : await session.find(statements.count, input);
  const countOf = new Map(found.map(({ status, count }) => [status, count]));
  for (const status of statuses) counts.set(status, countOf.get(STATUS_CODES[status]) ?? 0);
  return { counts, searchedTo: end };
}

/** The number of the issue at which to end, so that no more issues are looked at in any state than were requested. */
async function endOf(
  session: Session,
  statements: Statements["issues"],
  project_key: number,
  {
    statuses,
    from,
    lookAt,
  }: { readonly statuses: readonly IssueStatus[]; readonly from: number; readonly lookAt: number },
): Promise<number | null> {
  const statement = statements.stretchEnd({ order: "first-seen", descending: false, sorting: "indexed" });
  const bounds = { coarse: from, value: from, number: from, reach: BEYOND_ALL };
  let end: number | null = null;
  for (const status of statuses) {
    const values = { project_key, status: STATUS_CODES[status], ...bounds, others: lookAt - 1 };
    const row = await session.first(statement, values);
    if (row !== undefined) end = Math.min(end ?? BEYOND_ALL, placeOf(row.number));
  }
  return end;
}

import { ISSUE_STATUSES, type Issue, type IssueStatus } from "../core/issue.ts";
import { matchesSearch } from "../core/issue-list.ts";
import { arrayOf, object, oneOf, text, withDefault, type Shape } from "../core/shape.ts";
import { foldForSearch } from "../core/text.ts";
import type { IssuePageRequest } from "../ports/issue-store.ts";
import { requireProjectId } from "./projects.ts";

/** Which issues of a project. */
export interface IssueFilter {
  readonly projectId: string;
  /** Only issues in this state, or in one of these. Default: in any. */
  readonly status?: IssueStatus | readonly IssueStatus[];
  /**
   * Only issues whose title or transaction contains this text, ignoring case; at most 1,000
   * characters. Looks at every issue in the given states. Default: all.
   */
  readonly search?: string;
}

/** The longest text to search for, in UTF-16 code units. */
const MAX_SEARCH_LENGTH = 1_000;

/** An {@link IssueFilter} that was checked. */
export interface CheckedFilter {
  readonly projectId: string;
  /** Distinct, at least one. */
  readonly status: readonly IssueStatus[];
  /** Folded. */
  readonly search: string;
}

const requireStatus = oneOf(ISSUE_STATUSES);
const requireStatuses = arrayOf(requireStatus, 1, 100, `["open", "muted"]`);
const requireSearch = withDefault(text(0, MAX_SEARCH_LENGTH), "");

/** The shapes of {@link IssueFilter}. */
export const FILTER_MEMBERS = {
  projectId: requireProjectId,
  status: parseStatuses,
  search: (field: string, value: unknown) => foldForSearch(requireSearch(field, value)),
} satisfies Record<keyof IssueFilter, Shape<unknown>>;

/** Checks a filter. */
export const requireIssueFilter: Shape<CheckedFilter> = object(FILTER_MEMBERS, `{ projectId: "shop", status: "open" }`);

function parseStatuses(field: string, value: unknown): readonly IssueStatus[] {
  if (value === undefined) return ISSUE_STATUSES;
  if (typeof value === "string") return [requireStatus(field, value)];
  return [...new Set(requireStatuses(field, value))];
}

/** Whether an issue matches a filter. */
export function matchesFilter(issue: Issue, { projectId, status, search }: CheckedFilter): boolean {
  return issue.projectId === projectId && status.includes(issue.state.status) && matchesSearch(issue, search);
}

/** The request of a page of a filter's issues. */
export function pageRequest(
  { projectId, status, search }: CheckedFilter,
  page: Pick<IssuePageRequest, "order" | "descending" | "after" | "limit">,
): IssuePageRequest {
  return { projectId, statuses: status, search, ...page };
}

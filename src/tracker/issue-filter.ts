import {
  invalidInput,
  orElse,
  refuseOtherMembers,
  requireArray,
  requireObject,
  requireOneOf,
  requireText,
} from "../core/input.ts";
import { ISSUE_STATUSES, type Issue, type IssueStatus } from "../core/issue.ts";
import { matchesSearch } from "../core/issue-list.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import { foldForSearch } from "../core/text.ts";

/** Which issues of a project. */
export interface IssueFilter {
  /** The project. Issues are always looked for in one project. */
  readonly projectId: string;
  /** Only issues in this state, or in one of these. Default: in any. */
  readonly status?: IssueStatus | readonly IssueStatus[];
  /**
   * Only issues whose title or transaction contains this text, without regard to upper and lower case; at most
   * {@link MAX_SEARCH_LENGTH} characters. Looks at every issue in the states asked for. Default: all.
   */
  readonly search?: string;
}

/** The longest text to search for, in UTF-16 code units. */
export const MAX_SEARCH_LENGTH = 1_000;

/** An {@link IssueFilter} that was checked. */
export interface CheckedFilter {
  readonly projectId: string;
  readonly statuses: readonly IssueStatus[];
  /** Folded. */
  readonly search: string;
}

const FILTER_MEMBERS = ["projectId", "status", "search"] satisfies (keyof IssueFilter)[];

/**
 * Checks a filter from anywhere.
 *
 * @param besides - what the same object may hold for others
 */
export function parseIssueFilter(field: string, value: unknown, besides: readonly string[] = []): CheckedFilter {
  const given = requireObject(field, value);
  refuseOtherMembers(field, given, [...FILTER_MEMBERS, ...besides]);
  return {
    projectId: requireText(`${field}.projectId`, given["projectId"], 1, MAX_PROJECT_ID_LENGTH),
    statuses: parseStatuses(`${field}.status`, given["status"]),
    search: foldForSearch(requireText(`${field}.search`, orElse(given["search"], ""), 0, MAX_SEARCH_LENGTH)),
  };
}

function parseStatuses(field: string, value: unknown): readonly IssueStatus[] {
  if (value === undefined) return ISSUE_STATUSES;
  if (typeof value === "string") return [requireOneOf(field, value, ISSUE_STATUSES)];
  const statuses = requireArray(field, value).map((each) => requireOneOf(field, each, ISSUE_STATUSES));
  if (statuses.length === 0) throw invalidInput(field, value, "at least one state, or no status for all of them");
  return [...new Set(statuses)];
}

/** Whether an issue is one of those asked for. */
export function matchesFilter(issue: Issue, { projectId, statuses, search }: CheckedFilter): boolean {
  return issue.projectId === projectId && statuses.includes(issue.state.status) && matchesSearch(issue, search);
}

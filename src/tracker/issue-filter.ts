import { ISSUE_STATUSES, type Issue, type IssueStatus } from "../core/issue.ts";
import { matchesSearch, orderValue, type IssueOrder } from "../core/issue-list.ts";
import { arrayOf, object, oneOf, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { environmentInput } from "../core/project.ts";
import { invalidInput } from "../core/input.ts";
import { foldForSearch } from "../core/text.ts";
import type { IssuePageRequest, IssuePosition } from "../ports/issue-store.ts";
import { requireProjectId } from "./projects.ts";

/** Which issues of a project. */
export interface IssueFilter {
  readonly projectId: string;
  /** Only issues in this state, or in one of these. Default: in any. */
  readonly status?: IssueStatus | readonly IssueStatus[];
  /**
   * Only issues whose title or transaction contains this text, ignoring case; at most 1,000
   * characters. Looks at the issues in the given states one by one. Default: all.
   */
  readonly search?: string;
  /**
   * Only issues with an event of this environment, 1 to 200 characters; upper and lower case differ. Looks at the issues
   * in the given states one by one. Default: all.
   */
  readonly environment?: string;
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
  /** `undefined` for all. */
  readonly environment?: string | undefined;
}

const requireStatus = oneOf(ISSUE_STATUSES);
const requireStatuses = arrayOf(requireStatus, 1, 100, `["open", "muted"]`);
const requireSearch = withDefault(text(0, MAX_SEARCH_LENGTH), "");

/** The shapes of {@link IssueFilter}. */
export const FILTER_MEMBERS = {
  projectId: requireProjectId,
  status: parseStatuses,
  search: (field: string, value: unknown) => foldForSearch(requireSearch(field, value)),
  environment: optional(requireEnvironment),
} satisfies Record<keyof IssueFilter, Shape<unknown>>;

/** Checks a filter. */
export const requireIssueFilter: Shape<CheckedFilter> = object(FILTER_MEMBERS, `{ projectId: "shop", status: "open" }`);

function requireEnvironment(field: string, value: unknown): string {
  const environment = environmentInput(field, value);
  if (environment === "") throw invalidInput(field, value, "an environment that is not blank");
  return environment;
}

function parseStatuses(field: string, value: unknown): readonly IssueStatus[] {
  if (value === undefined) return ISSUE_STATUSES;
  if (typeof value === "string") return [requireStatus(field, value)];
  return [...new Set(requireStatuses(field, value))];
}

/** Whether an issue matches a filter. */
export function matchesFilter(issue: Issue, { projectId, status, search, environment }: CheckedFilter): boolean {
  if (issue.projectId !== projectId || !status.includes(issue.state.status)) return false;
  return matchesSearch(issue, search) && (environment === undefined || issue.environments.includes(environment));
}

/** How many issues a search looks at in a step: what it takes then keeps no request or timer waiting for long. */
const LOOK_AT = 1_000;

/** The request of a page of a filter's issues. */
export function pageRequest(
  { projectId, status, search, environment }: CheckedFilter,
  page: Pick<IssuePageRequest, "order" | "descending" | "after" | "limit">,
): IssuePageRequest {
  const request = { projectId, statuses: status, search, environment: environment ?? null, ...page };
  return search === "" && environment === undefined ? request : { ...request, lookAt: LOOK_AT };
}

/** Where an entry is in a list. One that cannot be read has its own position. */
export function positionOf(
  entry: Pick<Issue, "lastSeenAt" | "number" | "eventCount"> | { readonly position: IssuePosition },
  order: IssueOrder,
): IssuePosition {
  return "position" in entry ? entry.position : { value: orderValue(entry, order), number: entry.number };
}

/** Whether a position is behind another one on pages. */
export function isBehind(
  position: IssuePosition,
  other: IssuePosition | null,
  { descending }: Pick<IssuePageRequest, "descending">,
): boolean {
  if (other === null) return true;
  const distance = position.value - other.value || position.number - other.number;
  return descending ? distance < 0 : distance > 0;
}

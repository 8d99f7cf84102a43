import { EVENT_LEVELS, type EventLevel } from "../../core/event-level.ts";
import type { Instant } from "../../core/instant.ts";
import { ISSUE_ORDERS, type IssueOrder } from "../../core/issue-list.ts";
import type { Project } from "../../core/project.ts";
import type { IssueFilter } from "../../tracker/issue-filter.ts";
import { choiceOf, givenIn, linkTo, typedIn, type Query } from "../address.ts";

/** The tabs of the list. */
export const TABS = ["open", "muted", "resolved", "discarded", "all"] as const;

/** What to list, as the address says it. Values that are not allowed count as not given: addresses are typed by people. */
export interface ListQuery {
  readonly tab: (typeof TABS)[number];
  /** The project, if one is chosen. */
  readonly projectId: string | undefined;
  readonly search: string | undefined;
  readonly release: string | undefined;
  readonly environment: string | undefined;
  readonly level: EventLevel | undefined;
  readonly sign: "regressed" | "loud" | undefined;
  readonly firstSeen: SeenWithin | undefined;
  readonly lastSeen: SeenWithin | undefined;
  readonly sort: IssueOrder;
  readonly cursor: string | undefined;
}

/** The times within which an issue was seen. */
export const SEEN_WITHIN = [
  { name: "hour", words: "the last hour", ms: 3_600_000 },
  { name: "day", words: "the last 24 hours", ms: 86_400_000 },
  { name: "week", words: "the last 7 days", ms: 604_800_000 },
  { name: "month", words: "the last 30 days", ms: 2_592_000_000 },
] as const;

/** One of {@link SEEN_WITHIN}. */
type SeenWithin = (typeof SEEN_WITHIN)[number];

const SIGNS = ["regressed", "loud"] as const;

/** Reads the query of a list. */
export function readListQuery(parameters: URLSearchParams): ListQuery {
  const [level, sign] = [givenIn(parameters, "level"), givenIn(parameters, "sign")];
  const [firstSeen, lastSeen] = [givenIn(parameters, "first"), givenIn(parameters, "last")];
  return {
    tab: choiceOf(parameters, "tab", TABS),
    projectId: givenIn(parameters, "project")?.slice(0, 200),
    search: typedIn(parameters, "q")?.slice(0, 1_000),
    release: typedIn(parameters, "release")?.slice(0, 250),
    environment: typedIn(parameters, "environment")?.slice(0, 200),
    level: EVENT_LEVELS.find((each) => each === level),
    sign: SIGNS.find((each) => each === sign),
    firstSeen: SEEN_WITHIN.find(({ name }) => name === firstSeen),
    lastSeen: SEEN_WITHIN.find(({ name }) => name === lastSeen),
    sort: choiceOf(parameters, "sort", ISSUE_ORDERS),
    cursor: givenIn(parameters, "cursor"),
  };
}

/** The link to a list with something else than this one; what is not said stays, but for the page. */
export function listLink(query: ListQuery, change: Query = {}): string {
  const { tab, projectId, search, release, environment, level, sign, firstSeen, lastSeen, sort } = query;
  return linkTo({
    tab: tab === TABS[0] ? undefined : tab,
    project: projectId,
    q: search,
    release,
    environment,
    level,
    sign,
    first: firstSeen?.name,
    last: lastSeen?.name,
    sort: sort === ISSUE_ORDERS[0] ? undefined : sort,
    ...change,
  });
}

/** The same list with all issues of its tab and project. */
export function withoutFilters({ tab, projectId, sort }: ListQuery): ListQuery {
  return { ...readListQuery(new URLSearchParams()), tab, projectId, sort };
}

/** Whether the list leaves out issues for another reason than their state or project. */
export function isFiltered({ search, release, environment, level, sign, firstSeen, lastSeen }: ListQuery): boolean {
  return [search, release, environment, level, sign, firstSeen, lastSeen].some((each) => each !== undefined);
}

/**
 * What the tracker is asked for, but for the states. Who sees all projects asks for all of them, not for those that a page lists. With one
 * project it is named by its id: then lists can be sorted in every order.
 */
export function filterOf(
  query: ListQuery,
  projects: readonly Project[],
  seesAll: boolean,
  now: Instant,
): IssueFilter & { readonly status?: undefined } {
  const { search, release, environment, level, sign, firstSeen, lastSeen } = query;
  const [only] = projects.length === 1 ? projects : [];
  const projectId = query.projectId ?? only?.id;
  return {
    ...(projectId === undefined ? { projectIds: seesAll ? "all" : projects.map(({ id }) => id) } : { projectId }),
    ...(search !== undefined && { search }),
    ...(release !== undefined && { release }),
    ...(environment !== undefined && { environment }),
    ...(level !== undefined && { level }),
    ...(sign !== undefined && { [sign]: true }),
    ...(firstSeen !== undefined && { firstSeenFrom: Math.max(0, now - firstSeen.ms) }),
    ...(lastSeen !== undefined && { lastSeenFrom: Math.max(0, now - lastSeen.ms) }),
  };
}

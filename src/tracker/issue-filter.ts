import { EVENT_LEVELS, type EventLevel } from "../core/event-level.ts";
import { invalidInput, requireBoolean, requireInstant } from "../core/input.ts";
import type { InstantInput } from "../core/instant.ts";
import { ISSUE_STATUSES, LISTED_STATUSES, type Issue, type IssueStatus } from "../core/issue.ts";
import { ALL_ISSUES, comparePositions, matchesCriteria, orderValue, type IssueOrder } from "../core/issue-list.ts";
import { environmentInput, parseFriendlyId, slugKeyOf, type Project } from "../core/project.ts";
import { MAX_RELEASE_LENGTH, readRelease, type ReleaseOrder } from "../core/release-order.ts";
import { arrayOf, object, oneOf, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { foldForSearch } from "../core/text.ts";
import { isUnreadable } from "../core/unreadable.ts";
import type { IssueCriteria, IssuePageRequest, IssuePosition, StoreReader } from "../ports/issue-store.ts";
import { requireProjectId } from "./projects.ts";

/** Which issues. With any member but projects and states, issues are looked at one by one. */
export type IssueFilter = (
  | {
      /** Those of one project. */
      readonly projectId: string;
      readonly projectIds?: undefined;
    }
  | {
      /** Those of up to 1,000 projects; or `"all"`, where there are no more. */
      readonly projectIds: readonly string[] | "all";
      readonly projectId?: undefined;
    }
) & {
  /** Only issues in this state, or in one of these. Default: in any but `merged`. */
  readonly status?: IssueStatus | readonly IssueStatus[];
  /**
   * Only issues whose title or transaction contains this text, or whose friendly id it is, ignoring case; at most 1,000 characters.
   * The issue with the friendly id is found at once. Default: all.
   */
  readonly search?: string;
  /** Only issues with an event of this environment, 1 to 200 characters; upper and lower case differ. Default: all. */
  readonly environment?: string;
  /** Only issues with this level, or one of these. Default: all. */
  readonly level?: EventLevel | readonly EventLevel[];
  /**
   * Only issues that `issues.releases` shows as seen in this release, 1 to 250 characters; none, if the project does not know it.
   * Default: all.
   */
  readonly release?: string;
  /** Only issues first seen at this instant or later. Default: all. */
  readonly firstSeenFrom?: InstantInput;
  /** Only issues first seen before this instant. Default: all. */
  readonly firstSeenBefore?: InstantInput;
  /** Only issues last seen at this instant or later. A list by `last-seen` looks at no others. Default: all. */
  readonly lastSeenFrom?: InstantInput;
  /** Only issues last seen before this instant. A list by `last-seen` looks at no others. Default: all. */
  readonly lastSeenBefore?: InstantInput;
  /** `true` for only open issues that are open because they regressed. Default: all. */
  readonly regressed?: boolean;
  /**
   * `true` for only open issues that got loud since they are open: they met a condition that they are watched for, or one that ended
   * their mute or discard. Default: all.
   */
  readonly loud?: boolean;
};

/** The longest text to search for, in UTF-16 code units. */
const MAX_SEARCH_LENGTH = 1_000;

const requireStatus = oneOf(ISSUE_STATUSES);
const requireStatuses = arrayOf(requireStatus, 1, 100, `["open", "muted"]`);
const requireLevel = oneOf(EVENT_LEVELS);
const requireLevels = arrayOf(requireLevel, 1, 100, `["fatal", "error"]`);
const requireSearch = withDefault(text(0, MAX_SEARCH_LENGTH), "");
const flagOff = withDefault(requireBoolean, false);

/** The shapes of the members of {@link IssueFilter} that say nothing of projects. */
export const SEARCH_MEMBERS = {
  status: parseStatuses,
  search: (field: string, value: unknown) => foldForSearch(requireSearch(field, value)),
  environment: optional(requireEnvironment),
  level: optional(parseLevels),
  release: optional(text(1, MAX_RELEASE_LENGTH)),
  firstSeenFrom: optional(requireInstant),
  firstSeenBefore: optional(requireInstant),
  lastSeenFrom: optional(requireInstant),
  lastSeenBefore: optional(requireInstant),
  regressed: flagOff,
  loud: flagOff,
} satisfies Record<Exclude<keyof IssueFilter, "projectId" | "projectIds">, Shape<unknown>>;

/** Checks a filter of one project. */
export const requireIssueFilter = object(
  { projectId: requireProjectId, ...SEARCH_MEMBERS },
  `{ projectId: "shop", status: "open" }`,
);

/** An {@link IssueFilter} of one project that was checked. */
export type CheckedFilter = ReturnType<typeof requireIssueFilter>;

/** What it says besides its project. */
export type CheckedSearch = Omit<CheckedFilter, "projectId">;

function requireEnvironment(field: string, value: unknown): string {
  const environment = environmentInput(field, value);
  if (environment === "") throw invalidInput(field, value, "an environment that is not blank");
  return environment;
}

/** One value or several of them, as a list without repetitions. */
function parseStatuses(field: string, value: unknown): readonly IssueStatus[] {
  if (value === undefined) return LISTED_STATUSES;
  if (typeof value === "string") return [requireStatus(field, value)];
  return [...new Set(requireStatuses(field, value))];
}

function parseLevels(field: string, value: unknown): readonly EventLevel[] {
  if (typeof value === "string") return [requireLevel(field, value)];
  return [...new Set(requireLevels(field, value))];
}

/**
 * Requires that no range of time ends before it begins.
 *
 * @param field - the filter, for the error
 */
export function requireRanges(field: string, search: Omit<CheckedSearch, "status">): void {
  for (const name of ["firstSeen", "lastSeen"] as const) {
    const [from, before] = [search[`${name}From`], search[`${name}Before`]];
    if (from === undefined || before === undefined || from <= before) continue;
    throw invalidInput(`${field}.${name}Before`, before, `an instant that is not before ${name}From, ${String(from)}`);
  }
}

/** How many issues a search looks at in a step: what it takes then keeps no request or timer waiting for long. */
export const LOOK_AT = 1_000;

/** After how many milliseconds no further step of a search begins. */
export const LONG_SEARCH_MS = 80;

/**
 * What a store is asked for by a filter; `undefined` if no issue can match it.
 *
 * @param order - reads the name of the release
 */
export async function findCriteria(
  reader: StoreReader,
  { projectId, status, ...filter }: CheckedFilter,
  order: ReleaseOrder,
): Promise<IssueCriteria | undefined> {
  // No other state is one of issues that regressed or got loud.
  const statuses = filter.regressed || filter.loud ? status.filter((each) => each === "open") : status;
  if (statuses.length === 0) return undefined;
  const seenIn = filter.release === undefined ? null : await findOrderKey(reader, projectId, filter.release, order);
  if (seenIn === undefined) return undefined;
  const { firstSeen: ever } = ALL_ISSUES;
  return {
    projectId,
    statuses,
    search: filter.search,
    environment: filter.environment ?? null,
    levels: filter.level ?? null,
    seenIn,
    firstSeen: { from: filter.firstSeenFrom ?? ever.from, before: filter.firstSeenBefore ?? ever.before },
    lastSeen: { from: filter.lastSeenFrom ?? ever.from, before: filter.lastSeenBefore ?? ever.before },
    regressed: filter.regressed,
    loud: filter.loud,
  };
}

async function findOrderKey(
  reader: StoreReader,
  projectId: string,
  name: string,
  order: ReleaseOrder,
): Promise<string | undefined> {
  const place = readRelease(order, name);
  if (place === null) return undefined;
  const [release] = await reader.findReleases([{ projectId, name: place.name, line: place.line }]);
  return release?.orderKey;
}

/** Whether an issue still matches criteria, but for the release: its marks are not looked at once more. */
export function stillMatches(issue: Issue, criteria: IssueCriteria): boolean {
  if (issue.projectId !== criteria.projectId || !criteria.statuses.includes(issue.state.status)) return false;
  return matchesCriteria(issue, criteria);
}

/** The issue whose friendly id criteria search for, if there is one that matches them in all else. */
export async function findNamed(
  reader: StoreReader,
  { slug }: Project,
  criteria: IssueCriteria,
): Promise<Issue | undefined> {
  const friendlyId = parseFriendlyId(criteria.search.trim());
  if (friendlyId?.slugKey !== slugKeyOf(slug)) return undefined;
  const { number } = friendlyId;
  const before = { value: number - 1, number: number - 1 };
  const page = { order: "first-seen", descending: false, after: before, limit: 1, lookAt: 1 } as const;
  const { entries } = await reader.pageIssues({ ...besidesSearch(criteria), ...page });
  const [issue] = entries;
  return issue !== undefined && !isUnreadable(issue) && issue.number === number ? issue : undefined;
}

/** Criteria without the text to search for. */
export function besidesSearch(criteria: IssueCriteria): IssueCriteria {
  return { ...criteria, search: ALL_ISSUES.search };
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
  const distance = comparePositions(position, other);
  return descending ? distance < 0 : distance > 0;
}

import type { EventLevel } from "./event-level.ts";
import { MAX_INSTANT, type Instant } from "./instant.ts";
import type { Issue } from "./issue.ts";
import { foldForSearch } from "./text.ts";

/** The order of a list of issues. */
export type IssueOrder =
  /** By {@link Issue.lastSeenAt}, then by number. */
  | "last-seen"
  /** By {@link Issue.number}: the order in which issues were opened. */
  | "first-seen"
  /** By {@link Issue.eventCount}, then by number. */
  | "event-count";

/** All values of {@link IssueOrder}. */
export const ISSUE_ORDERS = ["last-seen", "first-seen", "event-count"] as const satisfies IssueOrder[];

/** The value by which an issue is sorted. */
export function orderValue(issue: Pick<Issue, "lastSeenAt" | "number" | "eventCount">, order: IssueOrder): number {
  switch (order) {
    case "last-seen":
      return issue.lastSeenAt;
    case "first-seen":
      return issue.number;
    case "event-count":
      return issue.eventCount;
  }
}

/** Which of two positions in an order comes first, ascending: that with the lower value, or else the lower number. */
export function comparePositions(
  one: { readonly value: number; readonly number: number },
  other: { readonly value: number; readonly number: number },
): number {
  return one.value - other.value || one.number - other.number;
}

/** The text of an issue that is searched, folded: its title and, on a second line, its transaction. */
export function searchableText({ title, transaction }: Pick<Issue, "title" | "transaction">): string {
  return foldForSearch(`${title}\n${transaction}`);
}

/** Whether an issue's title or transaction contains a text folded by {@link foldForSearch}. Every issue contains `""`. */
export function matchesSearch(issue: Pick<Issue, "title" | "transaction">, folded: string): boolean {
  return folded === "" || searchableText(issue).includes(folded);
}

/** The time from an instant on, and before another one. */
export interface TimeRange {
  readonly from: Instant;
  readonly before: Instant;
}

/** All instants. */
const EVER: TimeRange = Object.freeze({ from: 0, before: MAX_INSTANT + 1 });

/** What issues of a list are searched for, besides their states. Each member leaves some out. */
export interface SearchCriteria {
  /** Only issues for which {@link matchesSearch} holds with this folded text; `""` for all. */
  readonly search: string;
  /** Only issues whose `environments` include this; `null` for all. */
  readonly environment: string | null;
  /** Only issues with one of these levels; `null` for all. Not empty. */
  readonly levels: readonly EventLevel[] | null;
  /** Only issues with a mark for the release with this order key that says that they occurred in it; `null` for all. */
  readonly seenIn: string | null;
  /** Only issues whose `firstSeenAt` is in this range. */
  readonly firstSeen: TimeRange;
  /** Only issues whose `lastSeenAt` is in this range. */
  readonly lastSeen: TimeRange;
  /** `true` for only open issues with `regressedAt`; `false` for all. */
  readonly regressed: boolean;
  /** `true` for only open issues with `loudAt`; `false` for all. */
  readonly loud: boolean;
}

/** The criteria that all issues match. */
export const ALL_ISSUES: SearchCriteria = Object.freeze({
  search: "",
  environment: null,
  levels: null,
  seenIn: null,
  firstSeen: EVER,
  lastSeen: EVER,
  regressed: false,
  loud: false,
});

/** Whether criteria may leave issues out. */
export function isSearch(criteria: SearchCriteria): boolean {
  const { search, environment, levels, seenIn, firstSeen, lastSeen, regressed, loud } = criteria;
  return (
    search !== "" ||
    environment !== null ||
    levels !== null ||
    seenIn !== null ||
    !isEver(firstSeen) ||
    !isEver(lastSeen) ||
    regressed ||
    loud
  );
}

/** Whether an issue matches all criteria but `seenIn`, of which its marks say. */
export function matchesCriteria(issue: Omit<Issue, "id">, criteria: Omit<SearchCriteria, "seenIn">): boolean {
  const { search, environment, levels, firstSeen, lastSeen, regressed, loud } = criteria;
  const { state } = issue;
  if (regressed && (state.status !== "open" || state.regressedAt === undefined)) return false;
  if (loud && (state.status !== "open" || state.loudAt === undefined)) return false;
  if (levels !== null && !levels.includes(issue.level)) return false;
  if (!isWithin(issue.firstSeenAt, firstSeen) || !isWithin(issue.lastSeenAt, lastSeen)) return false;
  if (environment !== null && !issue.environments.includes(environment)) return false;
  return matchesSearch(issue, search);
}

function isEver({ from, before }: TimeRange): boolean {
  return from <= EVER.from && before >= EVER.before;
}

function isWithin(at: Instant, { from, before }: TimeRange): boolean {
  return at >= from && at < before;
}

/** How many issues match a filter. */
export interface IssueCount {
  /** How many there are; at least how many, if that is not exact. */
  readonly count: number;
  /** `false` if there are more than were to be counted, or the count ended because it took long: "10,000 or more". */
  readonly exact: boolean;
}

/** How far issues are counted. */
export interface IssueCountOptions {
  /** The highest exact count, 1 to {@link MAX_ISSUE_COUNT}, which is the default: of each state, where states are counted. */
  readonly upTo?: number;
  /**
   * For about how many milliseconds issues are looked at one by one, 1 to 1,000, where the filter asks for more than projects and states.
   * Default {@link DEFAULT_COUNT_MS}.
   */
  readonly withinMs?: number;
}

/** For about how many milliseconds a count looks at issues one by one, unless the host says otherwise: tabs are there at once. */
export const DEFAULT_COUNT_MS = 10;

/** The most issues that are counted exactly: so many entries of an index are read within milliseconds. */
export const MAX_ISSUE_COUNT = 10_000;

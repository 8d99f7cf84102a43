import { CALENDAR_PERIODS, KEPT_BUCKETS, type CalendarPeriod } from "../core/calendar.ts";
import type { Evidence, UserCounts } from "../core/conditions/condition-rule.ts";
import type { Condition } from "../core/conditions/condition.ts";
import { discardProgress, type DiscardProgress } from "../core/discard.ts";
import { requireInteger } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue, IssueResult, IssueScope, IssueStatus } from "../core/issue.ts";
import type { IssueCount, IssueCountOptions } from "../core/issue-list.ts";
import { muteProgress, type MuteProgress } from "../core/mute-progress.ts";
import type { NextReleaseTransition } from "../core/next-release.ts";
import {
  PAGE_MEMBERS,
  pageOf,
  readCursor,
  readKey,
  readNumber,
  type CursorFormat,
  type Page,
  type PageOptions,
  type SearchPage,
} from "../core/page.ts";
import type { PeriodCount, PeriodCounter } from "../core/period-counter.ts";
import { wasSeen, type ReleaseMark } from "../core/release-mark.ts";
import { integer, object, oneOf, optional, type Shape } from "../core/shape.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import { corruptIssue, isCorruptData, isUnreadable, requireReadable } from "../core/unreadable.ts";
import { watchOf } from "../core/watch-state.ts";
import { watchProgress, type WatchedConditionProgress } from "../core/watch-progress.ts";
import type { IssueStore, StoreReader } from "../ports/issue-store.ts";
import { turningPointOf, type OperationContext } from "./changes.ts";
import { countIssues, countIssuesByState } from "./issue-count.ts";
import { listIssues, type IssueListOptions } from "./issue-list.ts";
import type { IssueFilter } from "./issue-filter.ts";
import { askedWindows, countUsers, StoredUserCounts, usersSince } from "./issue-users.ts";
import { findLatestReleases } from "./latest-release.ts";
import { findPendingChanges } from "./pending-releases.ts";
import { countOfMany, getManyIssues } from "./many-issues.ts";
import { requireProject } from "./projects.ts";
import {
  findIssue,
  nameIssue,
  requireIssue,
  SCOPE_MEMBERS,
  scopeOptions,
  trackedIssue,
  type NamedIssue,
  type TrackedIssue,
} from "./tracked-issue.ts";
import { restoreCounter } from "./working-issue.ts";

/** The buckets of {@link IssueQueries.eventCounts}. */
export interface EventCountOptions extends IssueScope {
  /** The length of a bucket. */
  readonly period: CalendarPeriod;
  /** The number of buckets, the current one last. Default: {@link KEPT_BUCKETS}, which is the most. */
  readonly nrOfPeriods?: number;
}

/** The queries of issues. Each takes an issue's id or its friendly id. */
export interface IssueQueries {
  /**
   * The issue with this id or friendly id, or `undefined`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, or `corrupt-data` if it cannot be read: `delete` removes it
   */
  get(id: string, options?: IssueScope): Promise<TrackedIssue | undefined>;
  /**
   * Up to 1,000 issues by their ids or friendly ids: for each id, in their order, the issue, or that there is none or that
   * it cannot be read. All ids are found by one step, each friendly id by one of its own.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function titles(tracker: IssueTracker, ids: readonly string[]) {
   *   const results = await tracker.issues.getMany(ids, { projectId: "shop" });
   *   return results.map((result) => (result.kind === "found" ? result.value.title : result.kind));
   * }
   * ```
   */
  getMany(ids: readonly string[], options?: IssueScope): Promise<readonly IssueResult<TrackedIssue>[]>;
  /**
   * A page of the issues of a project, or of several. When pages follow each other, an issue that matches throughout is listed
   * exactly once, even if issues change their position in the meantime. `previous` of a page is the cursor of the page before. A
   * search for a friendly id lists that issue first. A list by anything but projects and states looks at issues for about a tenth
   * of a second; then the page ends, with what was found so far: see {@link SearchPage.searchedTo}. Projects of several that cannot
   * be read are in `unreadable` of the first page.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function printTimeouts(tracker: IssueTracker) {
   *   let cursor: string | null | undefined;
   *   do {
   *     const options = { projectId: "shop", search: "timeout", ...(cursor && { cursor }) };
   *     const { items, next } = await tracker.issues.list(options);
   *     for (const { friendlyId, title } of items) console.log(friendlyId, title);
   *     cursor = next;
   *   } while (cursor !== null);
   * }
   * ```
   */
  list(options: IssueListOptions): Promise<SearchPage<TrackedIssue>>;
  /**
   * How many issues match a filter: exactly up to 10,000, or up to `upTo`; else at least so many. Issues that were merged
   * into others are counted only where `status` asks for them, as in lists. With anything but projects and states it looks at issues
   * for about 10 ms, or {@link IssueCountOptions.withinMs}; what it has counted by then is not exact.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function heading(tracker: IssueTracker) {
   *   const { count, exact } = await tracker.issues.count({ projectId: "shop", search: "timeout" }, { upTo: 999 });
   *   return exact ? `${String(count)} issues` : `${String(count)}+ issues`;
   * }
   * ```
   */
  count(filter: IssueFilter, options?: IssueCountOptions): Promise<IssueCount>;
  /**
   * How many issues are in each state, such as for the tabs of a page: as `count` does, of each state, in one call. Of those
   * that are `merged`, none is among the others.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  counts(
    filter: IssueFilter & { readonly status?: undefined },
    options?: IssueCountOptions,
  ): Promise<Readonly<Record<IssueStatus, IssueCount>>>;
  /**
   * A page of an issue's turning points, newest first.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  history(id: string, options?: PageOptions & IssueScope): Promise<Page<TurningPoint>>;
  /**
   * The number of an issue's events in each period, oldest first, such as for a sparkline. Includes evicted events.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  eventCounts(id: string, options: EventCountOptions): Promise<readonly PeriodCount[]>;
  /**
   * The same for up to 1,000 issues at once, such as for the sparklines of a page: for each id, in their order, the counts,
   * or that there is no such issue or that it cannot be read.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  eventCountsOfMany(
    ids: readonly string[],
    options: EventCountOptions,
  ): Promise<readonly IssueResult<readonly PeriodCount[]>[]>;
  /**
   * How far a muted issue is from the end of its mute, or `undefined` if it is not muted.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  muteProgress(id: string, options?: IssueScope): Promise<MuteProgress | undefined>;
  /**
   * How many events of an issue were discarded, and how far the discard is from its end; `undefined` if its events are not discarded.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  discardProgress(id: string, options?: IssueScope): Promise<DiscardProgress | undefined>;
  /**
   * How far an open issue is from each condition that it is watched for: its own, or its project's. Empty if it is not open, or not
   * watched.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  watchProgress(id: string, options?: IssueScope): Promise<readonly WatchedConditionProgress[]>;
  /**
   * Whether the issue was seen in the latest release of the line in which it was last seen; `false` if there is none.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  occursInLatestRelease(id: string, options?: IssueScope): Promise<boolean>;
  /**
   * A page of an issue's marks: the releases in which it was seen or claimed to be fixed, last release first.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  releases(id: string, options?: PageOptions & IssueScope): Promise<Page<ReleaseMark>>;
}

/** Cursors of histories: numbers of turning points. */
const HISTORY: CursorFormat<number> = { list: "history", write: String, read: readNumber };
/** Cursors of lists of marks: order keys. */
const MARKS: CursorFormat<string> = { list: "marks", write: String, read: readKey };
const pageOptions = object({ ...PAGE_MEMBERS, ...SCOPE_MEMBERS }, "{ limit: 100 }");
const eventCountOptions = object(
  {
    period: oneOf(CALENDAR_PERIODS),
    nrOfPeriods: optional(integer(1, Number.MAX_SAFE_INTEGER)),
    ...SCOPE_MEMBERS,
  } satisfies Record<keyof EventCountOptions, Shape<unknown>>,
  `{ period: "hour", nrOfPeriods: 24 }`,
);

/** Checks the options of counts: as many buckets as are kept, at most. */
function requireBuckets(options: unknown) {
  const { period, nrOfPeriods = KEPT_BUCKETS[period], ...scope } = eventCountOptions("options", options);
  requireInteger("options.nrOfPeriods", nrOfPeriods, 1, KEPT_BUCKETS[period]);
  return { period, nrOfPeriods, ...scope };
}

/** Creates the queries for issues. */
export function createIssueQueries(store: IssueStore, operationContext: () => OperationContext): IssueQueries {
  const now = (): Instant => operationContext().now;

  return {
    async get(id, options = {}) {
      const named = nameIssue("id", id, scopeOptions("options", options));
      return store.read((reader) => getIssue(reader, named));
    },
    async getMany(ids, options = {}) {
      return getManyIssues(store, ids, scopeOptions("options", options));
    },
    async list(options) {
      return listIssues(store, options, operationContext().releaseOrder);
    },
    count: async (filter, options = {}) => countIssues(store, filter, options, operationContext().releaseOrder),
    counts: async (filter, options = {}) => countIssuesByState(store, filter, options, operationContext().releaseOrder),
    async history(id, options = {}) {
      const { limit, cursor, ...scope } = pageOptions("options", options);
      const named = nameIssue("id", id, scope);
      const before = readCursor(HISTORY, cursor);
      return store.read(async (reader) => {
        const { issue, next } = await withPending(reader, await requireIssue(reader, named));
        const stored = await reader.pageHistory(issue.id, before, limit + 1);
        const isNewest = next !== undefined && (before === null || issue.turningPointCount < before);
        const turningPoints = isNewest ? [turningPointOf(next), ...stored].slice(0, limit + 1) : stored;
        return pageOf<TurningPoint, number>(HISTORY, turningPoints, limit, ({ number }) => number);
      });
    },
    async eventCounts(id, options) {
      const { period, nrOfPeriods, ...scope } = requireBuckets(options);
      const named = nameIssue("id", id, scope);
      const counter = await store.read(async (reader) => counterOf(reader, await requireIssue(reader, named)));
      return counter.series(period, nrOfPeriods, now());
    },
    async eventCountsOfMany(ids, options) {
      const { period, nrOfPeriods, ...scope } = requireBuckets(options);
      return countOfMany(store, ids, scope, (counter) => counter.series(period, nrOfPeriods, now()));
    },
    async muteProgress(id, options = {}) {
      return readIssue(store, id, options, (reader, issue) => muteProgressOf(reader, issue, now()));
    },
    async discardProgress(id, options = {}) {
      return readIssue(store, id, options, (reader, issue) => discardProgressOf(reader, issue, now()));
    },
    async watchProgress(id, options = {}) {
      return readIssue(store, id, options, (reader, issue) => watchProgressOf(reader, issue, now()));
    },
    async occursInLatestRelease(id, options = {}) {
      return readIssue(store, id, options, (reader, issue) => occursInLatest(reader, issue, operationContext()));
    },
    async releases(id, options = {}) {
      const { limit, cursor, ...scope } = pageOptions("options", options);
      const named = nameIssue("id", id, scope);
      const position = readCursor(MARKS, cursor);
      return store.read(async (reader) => {
        const { issue, next } = await withPending(reader, await requireIssue(reader, named));
        return pageMarks(reader, issue, next?.mark, position, limit);
      });
    },
  };
}

async function getIssue(reader: StoreReader, named: NamedIssue): Promise<TrackedIssue | undefined> {
  const found = await findIssue(reader, named);
  if (found === undefined) return undefined;
  const { issue } = await withPending(reader, requireReadable(found));
  return trackedIssue((await requireProject(reader, "issue.projectId", issue.projectId)).project, issue);
}

/** Reads something of an issue. */
function readIssue<Result>(
  store: IssueStore,
  id: string,
  options: IssueScope,
  work: (reader: StoreReader, issue: Issue) => Promise<Result>,
): Promise<Result> {
  const named = nameIssue("id", id, scopeOptions("options", options));
  return store.read(async (reader) => work(reader, await requireIssue(reader, named)));
}

async function muteProgressOf(reader: StoreReader, issue: Issue, now: Instant): Promise<MuteProgress | undefined> {
  const { state } = issue;
  if (state.status !== "muted") return undefined;
  const { conditions = [], countedFrom = 0 } = state.mute.volume ?? {};
  const counter = await counterOf(reader, issue);
  const users = await countUsersFor(reader, issue, conditions, { counter, at: now, countedFrom });
  return muteProgress(state.mute, counter, now, users);
}

async function discardProgressOf(
  reader: StoreReader,
  issue: Issue,
  now: Instant,
): Promise<DiscardProgress | undefined> {
  const { state } = issue;
  if (state.status !== "discarded") return undefined;
  return discardProgress(state.discard, await counterOf(reader, issue), now);
}

async function watchProgressOf(
  reader: StoreReader,
  issue: Issue,
  now: Instant,
): Promise<readonly WatchedConditionProgress[]> {
  if (issue.state.status !== "open") return [];
  const { project } = await requireProject(reader, "issue.projectId", issue.projectId);
  const watch = watchOf(issue.watch ?? project.watch.conditions);
  const counter = await counterOf(reader, issue);
  const users = await countUsersFor(reader, issue, watch.conditions, { counter, at: now, countedFrom: 0 });
  return watchProgress(watch, issue, counter, now, users);
}

/** Counts the users that conditions ask for. */
async function countUsersFor(
  reader: StoreReader,
  { id, state, firstSeenAt }: Issue,
  conditions: readonly Condition[],
  evidence: Omit<Evidence, "users" | "firstSeenAt">,
): Promise<UserCounts> {
  const counts = new StoredUserCounts(id, usersSince(state));
  await countUsers(reader, [{ counts, windows: askedWindows(conditions, { ...evidence, firstSeenAt }) }]);
  return counts;
}

async function counterOf(reader: StoreReader, issue: Issue): Promise<PeriodCounter> {
  const bytes = (await reader.findCounters([issue.id])).get(issue.id);
  try {
    return restoreCounter(issue, bytes);
  } catch (error) {
    throw isCorruptData(error) ? corruptIssue(issue.id, error) : error;
  }
}

async function occursInLatest(reader: StoreReader, issue: Issue, { releaseOrder }: OperationContext): Promise<boolean> {
  const latest = (await findLatestReleases(reader, issue.projectId, [issue], releaseOrder))(issue);
  if (latest === undefined) return false;
  const [[nearest] = []] = await reader.findMarks([{ issueId: issue.id, upTo: latest.orderKey, limit: 1 }]);
  const mark = nearest && requireReadable(nearest);
  return mark?.orderKey === latest.orderKey && wasSeen(mark);
}

/** An issue with the pending release that it waited for, if there is one. */
async function withPending(
  reader: StoreReader,
  stored: Issue,
): Promise<{ issue: Issue; next?: NextReleaseTransition }> {
  const next = (await findPendingChanges(reader, [stored])).get(stored.id)?.transition;
  return next === undefined ? { issue: stored } : { issue: next.issue, next };
}

/**
 * @param added - a mark that the issue has besides the stored ones
 * @param position - the order key of the last mark on the previous page, or `null`
 */
async function pageMarks(
  reader: StoreReader,
  { id }: Issue,
  added: ReleaseMark | undefined,
  position: string | null,
  limit: number,
): Promise<Page<ReleaseMark>> {
  // One more to see whether there is another page, and one for the mark at the position, which is left out.
  const [stored = []] = await reader.findMarks([{ issueId: id, upTo: position, limit: limit + 2 }]);
  const keyOf = (mark: (typeof stored)[number]): string => (isUnreadable(mark) ? mark.position : mark.orderKey);
  const isOfPage = added !== undefined && (position === null || added.orderKey < position);
  const marks = isOfPage
    ? [added, ...stored.filter((mark) => keyOf(mark) !== added.orderKey)].sort((one, other) =>
        keyOf(one) < keyOf(other) ? 1 : -1,
      )
    : stored;
  const others = marks.filter((mark) => keyOf(mark) !== position);
  return pageOf<ReleaseMark, string>(MARKS, others, limit, ({ orderKey }) => orderKey);
}

import { CALENDAR_PERIODS, KEPT_BUCKETS, type CalendarPeriod } from "../core/calendar.ts";
import type { Evidence, UserCounts } from "../core/conditions/condition-rule.ts";
import type { Condition } from "../core/conditions/condition.ts";
import { discardProgress, type DiscardProgress } from "../core/discard.ts";
import { requireInteger } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
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
import { listIssues, type IssueListOptions } from "./issue-list.ts";
import { askedWindows, countUsers, StoredUserCounts, usersSince } from "./issue-users.ts";
import { findLatestReleases } from "./latest-release.ts";
import { findPendingChanges } from "./pending-releases.ts";
import { requireProject } from "./projects.ts";
import { findIssue, requireIssue, requireIssueId, trackedIssue, type TrackedIssue } from "./tracked-issue.ts";
import { restoreCounter } from "./working-issue.ts";

/** The buckets of {@link IssueQueries.eventCounts}. */
export interface EventCountOptions {
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
  get(id: string): Promise<TrackedIssue | undefined>;
  /**
   * A page of a project's issues. When pages follow each other, an issue that matches throughout is listed exactly once,
   * even if issues change their position in the meantime. A search, or a list of an environment, looks at issues for about a tenth
   * of a second; then the page ends, with what was found so far: see {@link SearchPage.searchedTo}.
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
   * A page of an issue's turning points, newest first.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  history(id: string, options?: PageOptions): Promise<Page<TurningPoint>>;
  /**
   * The number of an issue's events in each period, oldest first, such as for a sparkline. Includes evicted events.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  eventCounts(id: string, options: EventCountOptions): Promise<readonly PeriodCount[]>;
  /**
   * How far a muted issue is from the end of its mute, or `undefined` if it is not muted.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  muteProgress(id: string): Promise<MuteProgress | undefined>;
  /**
   * How many events of an issue were discarded, and how far the discard is from its end; `undefined` if its events are not discarded.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  discardProgress(id: string): Promise<DiscardProgress | undefined>;
  /**
   * How far an open issue is from each condition that it is watched for: its own, or its project's. Empty if it is not open, or not
   * watched.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  watchProgress(id: string): Promise<readonly WatchedConditionProgress[]>;
  /**
   * Whether the issue was seen in the latest release of the line in which it was last seen; `false` if there is none.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  occursInLatestRelease(id: string): Promise<boolean>;
  /**
   * A page of an issue's marks: the releases in which it was seen or claimed to be fixed, last release first.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  releases(id: string, options?: PageOptions): Promise<Page<ReleaseMark>>;
}

/** Cursors of histories: numbers of turning points. */
const HISTORY: CursorFormat<number> = { list: "history", write: String, read: readNumber };
/** Cursors of lists of marks: order keys. */
const MARKS: CursorFormat<string> = { list: "marks", write: String, read: readKey };
const pageOptions = object(PAGE_MEMBERS, "{ limit: 100 }");
const eventCountOptions = object(
  {
    period: oneOf(CALENDAR_PERIODS),
    nrOfPeriods: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  } satisfies Record<keyof EventCountOptions, Shape<unknown>>,
  `{ period: "hour", nrOfPeriods: 24 }`,
);

/** Creates the queries for issues. */
export function createIssueQueries(store: IssueStore, operationContext: () => OperationContext): IssueQueries {
  const now = (): Instant => operationContext().now;

  return {
    async get(id) {
      const issueId = requireIssueId("id", id);
      return store.read(async (reader) => {
        const found = await findIssue(reader, issueId);
        if (found === undefined) return undefined;
        const { issue } = await withPending(reader, requireReadable(found));
        return trackedIssue((await requireProject(reader, "issue.projectId", issue.projectId)).project, issue);
      });
    },
    async list(options) {
      return listIssues(store, options);
    },
    async history(id, options = {}) {
      const issueId = requireIssueId("id", id);
      const { limit, cursor } = pageOptions("options", options);
      const before = readCursor(HISTORY, cursor);
      return store.read(async (reader) => {
        const { issue, next } = await withPending(reader, await requireIssue(reader, issueId));
        const stored = await reader.pageHistory(issue.id, before, limit + 1);
        const isNewest = next !== undefined && (before === null || issue.turningPointCount < before);
        const turningPoints = isNewest ? [turningPointOf(next), ...stored].slice(0, limit + 1) : stored;
        return pageOf<TurningPoint, number>(HISTORY, turningPoints, limit, ({ number }) => number);
      });
    },
    async eventCounts(id, options) {
      const issueId = requireIssueId("id", id);
      const { period, nrOfPeriods = KEPT_BUCKETS[period] } = eventCountOptions("options", options);
      requireInteger("options.nrOfPeriods", nrOfPeriods, 1, KEPT_BUCKETS[period]);
      const counter = await store.read(async (reader) => counterOf(reader, await requireIssue(reader, issueId)));
      return counter.series(period, nrOfPeriods, now());
    },
    async muteProgress(id) {
      return readIssue(store, id, (reader, issue) => muteProgressOf(reader, issue, now()));
    },
    async discardProgress(id) {
      return readIssue(store, id, (reader, issue) => discardProgressOf(reader, issue, now()));
    },
    async watchProgress(id) {
      return readIssue(store, id, (reader, issue) => watchProgressOf(reader, issue, now()));
    },
    async occursInLatestRelease(id) {
      return readIssue(store, id, (reader, issue) => occursInLatest(reader, issue, operationContext()));
    },
    async releases(id, options = {}) {
      const issueId = requireIssueId("id", id);
      const { limit, cursor } = pageOptions("options", options);
      const position = readCursor(MARKS, cursor);
      return store.read(async (reader) => {
        const { issue, next } = await withPending(reader, await requireIssue(reader, issueId));
        return pageMarks(reader, issue, next?.mark, position, limit);
      });
    },
  };
}

/** Reads something of an issue. */
function readIssue<Result>(
  store: IssueStore,
  id: string,
  work: (reader: StoreReader, issue: Issue) => Promise<Result>,
): Promise<Result> {
  const issueId = requireIssueId("id", id);
  return store.read(async (reader) => work(reader, await requireIssue(reader, issueId)));
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

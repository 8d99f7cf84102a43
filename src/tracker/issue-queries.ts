import { CALENDAR_PERIODS, KEPT_BUCKETS, type CalendarPeriod } from "../core/calendar.ts";
import { orElse, requireInteger, requireObject, requireOneOf, requireText } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { ISSUE_ORDERS, orderValue, type IssueOrder } from "../core/issue-list.ts";
import { muteProgress, type MuteProgress } from "../core/mute-progress.ts";
import type { PeriodCount, PeriodCounter } from "../core/period-counter.ts";
import { parseFriendlyId, type FriendlyId } from "../core/project.ts";
import { wasSeen, type ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { IssuePosition, IssueStore, StoreReader } from "../ports/issue-store.ts";
import { parseIssueFilter, type IssueFilter } from "./issue-filter.ts";
import { invalidCursor, pageOf, parsePage, parsePosition, type Page, type PageOptions } from "./page.ts";
import { requireProject } from "./projects.ts";
import { restoreCounter } from "./stored-counter.ts";
import { trackedIssue, type TrackedIssue } from "./tracked-issue.ts";
import { unknownIssue } from "./unknown.ts";

/** Which issues to list, in which order, and which page of them. */
export interface IssueListOptions extends IssueFilter, PageOptions {
  /** What to order by. Default `"last-seen"`. */
  readonly sort?: IssueOrder;
  /** Whether the greatest comes first. Default: `"descending"`, it does. */
  readonly direction?: "ascending" | "descending";
}

/** Which buckets to count in. */
export interface EventCountOptions {
  /** The length of a bucket. */
  readonly period: CalendarPeriod;
  /** How many buckets, the current one last. Default: all that are kept. */
  readonly nrOfPeriods?: number;
}

/** What a host can ask about issues. */
export interface IssueQueries {
  /**
   * The issue with this id, or `undefined`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  get(id: string): Promise<TrackedIssue | undefined>;
  /**
   * The issue with this friendly id, in upper or lower case, or `undefined`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` for what is no text; a text that is no friendly id is not found
   */
  getByFriendlyId(friendlyId: string): Promise<TrackedIssue | undefined>;
  /**
   * A page of a project's issues. Every issue that matches all the while is listed once, though others move.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  list(options: IssueListOptions): Promise<Page<TrackedIssue>>;
  /**
   * A page of an issue's turning points, newest first.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  history(id: string, options?: PageOptions): Promise<Page<TurningPoint>>;
  /**
   * An issue's events per period, oldest first, for a sparkline. Counts evicted events too.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  eventCounts(id: string, options: EventCountOptions): Promise<readonly PeriodCount[]>;
  /**
   * How far a muted issue is from being heard of again, or `undefined` if it is not muted.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  muteProgress(id: string): Promise<MuteProgress | undefined>;
  /**
   * Whether the issue was seen in the project's latest release; `false` if there is none.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  occursInLatestRelease(id: string): Promise<boolean>;
  /**
   * A page of the releases in which the issue was seen or said to be fixed, last release first, with what holds there.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-issue`
   */
  releases(id: string, options?: PageOptions): Promise<Page<ReleaseMark>>;
}

/** The questions about issues. */
export function createIssueQueries(store: IssueStore, now: () => Instant): IssueQueries {
  return {
    async get(id) {
      return store.read(async (reader) => {
        const issue = (await reader.findIssues([requireId(id)])).get(id);
        return issue === undefined ? undefined : withFriendlyId(reader, issue);
      });
    },
    async getByFriendlyId(friendlyId) {
      const parsed = parseFriendlyId(requireText("friendlyId", friendlyId, 0, 1_000));
      return parsed && store.read((reader) => findByFriendlyId(reader, parsed));
    },
    async list(options) {
      return store.read((reader) => list(reader, options));
    },
    async history(id, options = {}) {
      const { limit, position } = parsePage("history", options);
      const before = parsePosition(position);
      return store.read(async (reader) => {
        await requireIssue(reader, id);
        const turningPoints = await reader.pageHistory(id, before, limit + 1);
        return pageOf("history", turningPoints, limit, ({ number }) => String(number));
      });
    },
    async eventCounts(id, options) {
      const given = requireObject("options", options);
      const period = requireOneOf("options.period", given["period"], CALENDAR_PERIODS);
      const kept = KEPT_BUCKETS[period];
      const nrOfPeriods = requireInteger("options.nrOfPeriods", orElse(given["nrOfPeriods"], kept), 1, kept);
      const counter = await store.read(async (reader) => counterOf(reader, await requireIssue(reader, id)));
      return counter.series(period, nrOfPeriods, now());
    },
    async muteProgress(id) {
      return store.read(async (reader) => {
        const issue = await requireIssue(reader, id);
        if (issue.state.status !== "muted") return undefined;
        return muteProgress(issue.state.mute, await counterOf(reader, issue), now());
      });
    },
    async occursInLatestRelease(id) {
      return store.read(async (reader) => {
        const { projectId } = await requireIssue(reader, id);
        const latest = (await reader.findTimelines([projectId])).get(projectId)?.latest;
        if (latest === undefined) return false;
        const [mark] = await reader.findNearestMarks([{ issueId: id, orderKey: latest.orderKey }]);
        return mark?.orderKey === latest.orderKey && wasSeen(mark);
      });
    },
    async releases(id, options = {}) {
      const { limit, position } = parsePage("marks", options);
      return store.read(async (reader) => {
        await requireIssue(reader, id);
        const marks = await reader.pageMarks(id, position, limit + 1);
        return pageOf("marks", marks, limit, ({ orderKey }) => orderKey);
      });
    },
  };
}

async function findByFriendlyId(
  reader: StoreReader,
  { slugKey, number }: FriendlyId,
): Promise<TrackedIssue | undefined> {
  const project = (await reader.findProjectBySlug(slugKey))?.project;
  const issue = project && (await reader.findIssueByNumber(project.id, number));
  return issue && trackedIssue(project, issue);
}

async function list(reader: StoreReader, options: IssueListOptions): Promise<Page<TrackedIssue>> {
  const filter = parseIssueFilter("options", options, ["sort", "direction", "limit", "cursor"]);
  const order = requireOneOf("options.sort", orElse(options.sort, "last-seen"), ISSUE_ORDERS);
  const direction = requireOneOf("options.direction", orElse(options.direction, "descending"), [
    "ascending",
    "descending",
  ]);
  const listName = `${order}:${direction}`;
  const { limit, position } = parsePage(listName, options);
  const after = parseIssuePosition(order, position);
  const { project } = await requireProject(reader, "options.projectId", filter.projectId);
  const descending = direction === "descending";
  const issues = await reader.pageIssues({ ...filter, order, descending, after, limit: limit + 1 });
  const page = pageOf(
    listName,
    issues,
    limit,
    (issue) => `${String(orderValue(issue, order))}:${String(issue.number)}`,
  );
  return { items: page.items.map((issue) => trackedIssue(project, issue)), next: page.next };
}

function parseIssuePosition(order: IssueOrder, position: string | null): IssuePosition | null {
  if (position === null) return null;
  const [value = "", number = "", ...rest] = position.split(":");
  if (rest.length > 0 || (order === "first-seen" && value !== number)) throw invalidCursor(position);
  return { value: parsePosition(value) ?? 0, number: parsePosition(number) ?? 0 };
}

function requireId(id: unknown): string {
  return requireText("id", id, 1, 200);
}

async function requireIssue(reader: StoreReader, id: unknown): Promise<Issue> {
  const issueId = requireId(id);
  const issue = (await reader.findIssues([issueId])).get(issueId);
  if (issue === undefined) throw unknownIssue("id", issueId);
  return issue;
}

async function counterOf(reader: StoreReader, issue: Issue): Promise<PeriodCounter> {
  return restoreCounter(issue, (await reader.findCounters([issue.id])).get(issue.id));
}

async function withFriendlyId(reader: StoreReader, issue: Issue): Promise<TrackedIssue> {
  const { project } = await requireProject(reader, "issue.projectId", issue.projectId);
  return trackedIssue(project, issue);
}

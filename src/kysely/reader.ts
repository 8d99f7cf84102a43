import { isUuid } from "../core/input.ts";
import type { Issue } from "../core/issue.ts";
import type { UnreadableAt } from "../core/page.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type {
  EventPage,
  EventPageRequest,
  EventPosition,
  EventRef,
  IssueEventPageRequest,
  FeedPage,
  FeedPageRequest,
  IssueCountRequest,
  IssueCountStep,
  IssuePage,
  IssuePageRequest,
  IssueSelection,
  IssueUser,
  IssueUserRef,
  MarkRequest,
  PendingRelease,
  ProjectSelection,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoredCountRequest,
  StoredCountStep,
  StoreReader,
  TimelineRequest,
  UnreadableIssue,
  UserCountRequest,
  UserPage,
  UserPageRequest,
} from "../ports/issue-store.ts";
import type { StoredPage, StoredPageRequest } from "../ports/stored-entries.ts";
import type { Session } from "./connections/session.ts";
import type { StoreDialect } from "./dialects/dialect.ts";
import { countStored } from "./counts.ts";
import { pageEvents } from "./event-erasure.ts";
import { pageIssueEvents } from "./issue-events.ts";
import { pageFeed } from "./feed.ts";
import { countIssues } from "./issue-count.ts";
import { readIssuePage } from "./issue-page.ts";
import { KyselyOutboxReader } from "./outbox-reader.ts";
import { ProjectKeys, type FormerKeys, type KeyedProject } from "./project-keys.ts";
import { lookUpReleases } from "./release-lookup.ts";
import { BEYOND_ALL, undamaged } from "./rows/damage.ts";
import { checkIssueRow, issueEntryOf, type StoredIssueRow } from "./rows/issue-row.ts";
import { eventOf } from "./rows/event-row.ts";
import { markEntryOf, releaseEntryOf } from "./rows/release-row.ts";
import { listedProjectOf, projectOf, turningPointEntryOf } from "./rows/rows.ts";
import type { TableRow } from "./schema/tables.ts";
import type { Statements } from "./statements/index.ts";
import { pageStored, THE_COPY } from "./stored-entries.ts";
import { lookUpTimelines } from "./timelines.ts";
import { countUsers, findUsers, pageUsers } from "./users.ts";

/** Sorts after every order key. */
const AFTER_ALL_KEYS = "\u007f";

/** Sorts before every slug key. */
const BEFORE_ALL_SLUGS = "";

/** The reads of a store, within one transaction of the database. */
export class KyselyReader implements StoreReader {
  protected readonly session: Session;
  protected readonly statements: Statements;
  protected readonly dialect: StoreDialect;
  protected readonly projectKeys: ProjectKeys;
  /** Whether releases are locked when they are read: when the transaction has locked their project. */
  protected locksReleases = false;

  /**
   * @param formerKeys - what the transactions of a store share about its projects
   * @param knownProjects - projects that need not be read, by id. Those that are read are added
   */
  constructor(
    session: Session,
    statements: Statements,
    dialect: StoreDialect,
    formerKeys: FormerKeys = new Map<string, number>(),
    knownProjects?: Map<string, KeyedProject>,
  ) {
    this.session = session;
    this.statements = statements;
    this.dialect = dialect;
    this.projectKeys = new ProjectKeys(session, statements.projects, formerKeys, knownProjects);
  }

  get outbox(): KyselyOutboxReader {
    return new KyselyOutboxReader(this.session, this.statements);
  }

  async findProjects(selection: ProjectSelection): Promise<readonly StoredProject[]> {
    if ("ids" in selection) {
      return Array.from((await this.projectKeys.load(selection.ids)).values(), ({ stored }) => stored);
    }
    const { page, bySlugKey } = this.statements.projects;
    if ("limit" in selection) {
      const { after, limit } = selection;
      const rows = await this.session.all(page, { after: after ?? BEFORE_ALL_SLUGS, limit });
      return rows.map(listedProjectOf);
    }
    const rows = await this.session.find(bySlugKey, [{ slug_key: selection.slugKey }]);
    return rows.map((row) => {
      return { project: projectOf(row), issueCount: row.issue_count, releaseCount: row.release_count };
    });
  }

  async findIssues(selection: IssueSelection): Promise<readonly (Issue | UnreadableIssue)[]> {
    if ("ids" in selection) {
      const input = selection.ids.filter(isUuid).map((id) => ({ id }));
      return this.#issuesOf(await this.session.find(this.statements.issues.byId, input));
    }
    const { projectId, number } = selection;
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return [];
    const { byNumber, byNumberInUnknownState } = this.statements.issues;
    const row =
      (await this.session.first(byNumber, { project_key, number })) ??
      (await this.session.first(byNumberInUnknownState, { project_key, number }));
    return row === undefined ? [] : [issueEntryOf(checkIssueRow(row), projectId)];
  }

  async pageIssues(request: IssuePageRequest): Promise<IssuePage> {
    const project_key = await this.projectKeys.keyOf(request.projectId);
    if (project_key === undefined) return { entries: [], searchedTo: null };
    return readIssuePage(this.session, this.statements.issues, project_key, request);
  }

  async countIssues(request: IssueCountRequest): Promise<IssueCountStep> {
    const project_key = await this.projectKeys.keyOf(request.projectId);
    return countIssues(this.session, this.statements.issues, project_key, request);
  }

  async pageHistory(
    issueId: string,
    before: number | null,
    limit: number,
  ): Promise<readonly (TurningPoint | UnreadableAt<number>)[]> {
    if (!isUuid(issueId)) return [];
    const values = { issue_id: issueId, before: before ?? BEYOND_ALL, limit };
    return (await this.session.all(this.statements.history.page, values)).map(turningPointEntryOf);
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const input = issueIds.filter(isUuid).map((issue_id) => ({ issue_id }));
    const rows = await this.session.find(this.statements.issues.counters, input);
    return new Map(rows.map(({ issue_id, buckets }) => [issue_id, buckets]));
  }

  async findMarks(
    requests: readonly MarkRequest[],
  ): Promise<readonly (readonly (ReleaseMark | UnreadableAt<string>)[])[]> {
    const marks: (ReleaseMark | UnreadableAt<string>)[][] = requests.map(() => []);
    const { nearest: nearestMarks, upTo: marksUpTo } = this.statements.marks;
    const nearest = [];
    for (const [place, { issueId, upTo, limit }] of requests.entries()) {
      if (!isUuid(issueId)) continue;
      const values = { issue_id: issueId, up_to: upTo ?? AFTER_ALL_KEYS };
      if (limit === 1) nearest.push({ place, ...values });
      else marks[place] = (await this.session.all(marksUpTo, { ...values, limit })).map(markEntryOf);
    }
    for (const row of await this.session.find(nearestMarks, nearest)) marks[row.place]?.push(markEntryOf(row));
    return marks;
  }

  findUsers(refs: readonly IssueUserRef[]): Promise<readonly (IssueUser | undefined)[]> {
    return findUsers(this.session, this.statements.users, refs);
  }

  pageUsers(request: UserPageRequest): Promise<UserPage> {
    return pageUsers(this.session, this.statements.users, request);
  }

  countUsers(requests: readonly UserCountRequest[]): Promise<readonly number[]> {
    return countUsers(this.session, this.statements.users, requests);
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    const keys = await this.projectKeys.keysOf(refs.map(({ projectId }) => projectId));
    const { byName, lockByName } = this.statements.releases;
    const statement = this.locksReleases ? lockByName : byName;
    const { lookup, take } = lookUpReleases(statement, refs, (id) => keys.get(id));
    await this.session.findAll([lookup]);
    return take();
  }

  async pageReleases(
    projectId: string,
    before: string | null,
    limit: number,
  ): Promise<readonly (Release | UnreadableAt<string>)[]> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return [];
    const values = { project_key, before: before ?? AFTER_ALL_KEYS, limit };
    return (await this.session.all(this.statements.releases.page, values)).map(releaseEntryOf);
  }

  async findTimelines(requests: readonly TimelineRequest[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    const projects = await this.projectKeys.load(requests.map(({ projectId }) => projectId));
    const { lookup, take } = lookUpTimelines(this.statements.releases, requests, projects);
    await this.session.findAll([lookup]);
    return take();
  }

  async findPendingReleases(projectIds: readonly string[] | "all"): Promise<readonly PendingRelease[]> {
    const { pending, allPending } = this.statements.releases;
    if (projectIds === "all") return this.#pendingOf(await this.session.all(allPending, {}));
    const keys = await this.projectKeys.keysOf(projectIds);
    const input = projectIds.flatMap((id) => {
      const project_key = keys.get(id);
      return project_key === undefined ? [] : { project_key };
    });
    return this.#pendingOf(await this.session.find(pending, input));
  }

  async #pendingOf(rows: readonly TableRow<"pending_releases">[]): Promise<PendingRelease[]> {
    if (rows.length === 0) return [];
    const ids = await this.projectKeys.idsOf(rows.map(({ project_key }) => project_key));
    const pending = rows.flatMap(({ project_key, event_id, ...others }) => {
      const projectId = ids.get(project_key);
      return projectId === undefined ? [] : [{ ...others, projectId, eventId: event_id }];
    });
    return pending.sort((one, other) => one.number - other.number);
  }

  async pageEvents(request: EventPageRequest): Promise<EventPage> {
    const key = await this.projectKeys.keyOf(request.projectId);
    if (key === undefined) return { entries: [], next: null };
    return pageEvents(this.session, this.statements, key, request);
  }

  pageIssueEvents(request: IssueEventPageRequest): Promise<(StoredEvent | UnreadableAt<EventPosition>)[]> {
    return pageIssueEvents(this.session, this.statements, request);
  }

  async findEvent({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return undefined;
    const { events, issues } = this.statements;
    const [row] = await this.session.find(events.byId, [{ project_key, id }]);
    if (row === undefined) return undefined;
    const [issue] = await this.session.find(issues.existing, [{ id: row.issue_id }]);
    if (issue === undefined) return undefined;
    const [stored] = row.data_id === null ? [] : await this.session.find(events.data, [{ id: row.data_id }]);
    return eventOf(row, projectId, stored);
  }

  countStored(request: StoredCountRequest): Promise<StoredCountStep> {
    return countStored(this.session, this.statements.counts, request);
  }

  pageFeed(request: FeedPageRequest): Promise<FeedPage> {
    return pageFeed(this.session, this.statements, request);
  }

  pageStored(request: StoredPageRequest): Promise<StoredPage> {
    const { session, statements, projectKeys } = this;
    return pageStored({ session, statements, projectKeys }, request);
  }

  async findCopyProgress(): Promise<string | null> {
    const [row] = await this.session.find(this.statements.entries.progress, [THE_COPY]);
    return row?.progress ?? null;
  }

  /** The issues of rows, of any projects. */
  async #issuesOf(rows: readonly StoredIssueRow[]): Promise<(Issue | UnreadableIssue)[]> {
    const ids = await this.projectKeys.idsOf(rows.flatMap(({ project_key }) => undamaged(project_key) ?? []));
    return rows.map((row) => issueEntryOf(checkIssueRow(row), ids.get(undamaged(row.project_key) ?? -1)));
  }
}

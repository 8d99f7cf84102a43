import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { NO_RELEASES, type Release, type ReleaseTimeline } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { OutboxCounts, OutboxEntry, OutboxPageRequest } from "../ports/alert-outbox.ts";
import type {
  EventRef,
  IssuePageRequest,
  MarkRequest,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoreReader,
} from "../ports/issue-store.ts";
import { OUTBOX_STATUS_CODES, tryDecodeAlert } from "./alert-codec.ts";
import { alertsWithIssues } from "./alerts-with-issues.ts";
import type { StoreDialect } from "./dialect.ts";
import { decodeUuid, encodeUuid, tryEncodeUuid } from "./id-codec.ts";
import { decodeInteger } from "./integer-codec.ts";
import { mergePages, stretchesOf } from "./issue-page.ts";
import { PairMap } from "./pair-map.ts";
import { ProjectKeys } from "./project-keys.ts";
import {
  decodeEvent,
  decodeIssue,
  decodeMark,
  decodeProject,
  decodeRelease,
  decodeTurningPoint,
  STATUS_CODES,
  type IssueRow,
} from "./row-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import type { StoredInteger } from "./tables.ts";
import { decodeText, encodeText, plainText } from "./text-codec.ts";

/** Sorts after every order key. */
const AFTER_ALL_KEYS = "\u007f";

/** Answers questions by SQL. */
export class KyselyReader implements StoreReader {
  protected readonly session: Session;
  protected readonly statements: Statements;
  protected readonly dialect: StoreDialect;
  protected readonly projectKeys: ProjectKeys;
  /** Whether releases have to be read as they are now: where the transaction has locked their timeline. */
  protected readsLatestReleases = false;

  constructor(session: Session, statements: Statements, dialect: StoreDialect) {
    this.session = session;
    this.statements = statements;
    this.dialect = dialect;
    this.projectKeys = new ProjectKeys(session, statements);
  }

  async findProjects(ids: readonly string[]): Promise<ReadonlyMap<string, StoredProject>> {
    const found = await this.projectKeys.load(ids);
    return new Map(Array.from(found, ([id, { project, issueCount }]) => [id, { project, issueCount }]));
  }

  async findProjectBySlug(slugKey: string): Promise<StoredProject | undefined> {
    const row = await this.session.first(this.statements.projects.bySlugKey, { slug_key: slugKey });
    return row && decodeProject(row);
  }

  async listProjects(): Promise<readonly StoredProject[]> {
    return (await this.session.all(this.statements.projects.all, {})).map(decodeProject);
  }

  async findIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    const given = ids.flatMap((id) => {
      const bytes = tryEncodeUuid(id);
      return bytes === undefined ? [] : { id: bytes };
    });
    const issues = await this.decodeIssues(await this.session.lookUp(this.statements.issues.byId, given));
    return new Map(issues.map((issue) => [issue.id, issue]));
  }

  async findIssueByNumber(projectId: string, number: number): Promise<Issue | undefined> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return undefined;
    const row = await this.session.first(this.statements.issues.byNumber, { project_key, number });
    return row && decodeIssue(row, projectId);
  }

  async pageIssues(request: IssuePageRequest): Promise<readonly Issue[]> {
    const { projectId } = request;
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return [];
    const pages: Issue[][] = [];
    for (const status of request.statuses) {
      const search = encodeText(request.search);
      const rows = await this.#pageRows(request, { project_key, status: STATUS_CODES[status], search });
      pages.push(rows.map((row) => decodeIssue(row, projectId)));
    }
    return mergePages(pages, request);
  }

  async pageHistory(issueId: string, before: number | null, limit: number): Promise<readonly TurningPoint[]> {
    const issue_id = tryEncodeUuid(issueId);
    if (issue_id === undefined) return [];
    const given = { issue_id, before: before ?? Number.MAX_SAFE_INTEGER, limit };
    return (await this.session.all(this.statements.history.page, given)).map(decodeTurningPoint);
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const given = issueIds.map((id) => ({ issue_id: encodeUuid(id) }));
    const rows = await this.session.lookUp(this.statements.issues.counters, given);
    return new Map(rows.map(({ issue_id, buckets }) => [decodeUuid(issue_id), buckets]));
  }

  async findNearestMarks(requests: readonly MarkRequest[]): Promise<readonly (ReleaseMark | undefined)[]> {
    const given = requests.map(({ issueId, orderKey }, place) => ({
      place,
      issue_id: encodeUuid(issueId),
      order_key: orderKey,
    }));
    const rows = await this.session.lookUp(this.statements.releases.nearestMarks, given);
    const marks = new Map(rows.map((row) => [decodeInteger(row.place), decodeMark(row)]));
    return requests.map((_, place) => marks.get(place));
  }

  async pageMarks(issueId: string, before: string | null, limit: number): Promise<readonly ReleaseMark[]> {
    const issue_id = tryEncodeUuid(issueId);
    if (issue_id === undefined) return [];
    const given = { issue_id, before: before ?? AFTER_ALL_KEYS, limit };
    return (await this.session.all(this.statements.releases.pageMarks, given)).map(decodeMark);
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    const keys = await this.projectKeys.keysOf(refs.map(({ projectId }) => projectId));
    const given = refs.flatMap(({ projectId, version }) => {
      const project_key = keys.get(projectId);
      return project_key === undefined ? [] : { project_key, version: encodeText(version) };
    });
    const { byVersion, latestByVersion } = this.statements.releases;
    const rows = await this.session.lookUp(this.readsLatestReleases ? latestByVersion : byVersion, given);
    const releases = new PairMap<Release>();
    for (const row of rows) releases.set(decodeInteger(row.project_key), decodeText(row.version), decodeRelease(row));
    return refs.map(({ projectId, version }) => releases.get(keys.get(projectId), version));
  }

  async pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return [];
    const given = { project_key, before: before ?? AFTER_ALL_KEYS, limit };
    return (await this.session.all(this.statements.releases.page, given)).map(decodeRelease);
  }

  async findTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    const projects = await this.projectKeys.load(projectIds);
    const timelines = new Map<string, ReleaseTimeline>(projectIds.map((id) => [id, NO_RELEASES]));
    for (const [id, { key, releaseCount }] of projects) {
      const rows = await this.session.all(this.statements.releases.lastKnown, { project_key: key });
      const [head, second] = rows.map(decodeRelease).filter((release) => release.standing === "known");
      timelines.set(id, { head, latest: head?.version === "" ? second : head, count: releaseCount });
    }
    return timelines;
  }

  async findEvent({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return undefined;
    const [row] = await this.session.lookUp(this.statements.events.byId, [{ project_key, id: encodeText(id) }]);
    if (row === undefined || !(await this.findIssues([decodeUuid(row.issue_id)])).has(decodeUuid(row.issue_id)))
      return undefined;
    const stored =
      row.data_id === null ? [] : await this.session.lookUp(this.statements.events.data, [{ id: row.data_id }]);
    return decodeEvent(row, projectId, stored[0] === undefined ? null : plainText(stored[0].data));
  }

  async pageAlerts({ status, after, limit }: OutboxPageRequest): Promise<readonly OutboxEntry[]> {
    const entries: OutboxEntry[] = [];
    let place = after === null ? { at: -1, id: new Uint8Array(16) } : { at: after.at, id: encodeUuid(after.id) };
    while (entries.length < limit) {
      const given = { status: OUTBOX_STATUS_CODES[status], ...place, limit: limit - entries.length };
      const rows = await this.session.all(this.statements.alerts.page, given);
      const existing = await alertsWithIssues(this.session, this.statements, rows);
      entries.push(...existing.flatMap((row) => tryDecodeAlert(row) ?? []));
      const last = rows.at(-1);
      if (last === undefined || rows.length < given.limit) break;
      place = { at: decodeInteger(last.at), id: last.id };
    }
    return entries;
  }

  async countAlerts(now: Instant): Promise<OutboxCounts> {
    const row = await this.session.first(this.statements.alerts.count, { now });
    const of = (count: StoredInteger | null | undefined): number => decodeInteger(count ?? 0);
    return {
      due: of(row?.due),
      waiting: of(row?.waiting),
      leased: of(row?.leased),
      dead: of(row?.dead),
      discarded: of(row?.discarded),
    };
  }

  /** Issues from their rows, of whatever projects. */
  protected async decodeIssues(rows: readonly IssueRow[]): Promise<Issue[]> {
    const projectIds = await this.projectKeys.idsOf(rows.map((row) => decodeInteger(row.project_key)));
    return rows.map((row) => {
      const projectId = projectIds.get(decodeInteger(row.project_key));
      if (projectId !== undefined) return decodeIssue(row, projectId);
      throw new IssueLifecycleError("corrupt-data", "The store holds an issue of a project that it does not hold.");
    });
  }

  /** A page of the issues in one state. */
  async #pageRows(
    request: IssuePageRequest,
    matching: { readonly project_key: number; readonly status: number; readonly search: string },
  ): Promise<IssueRow[]> {
    const { order, descending, search, limit } = request;
    const rows: IssueRow[] = [];
    for (const { sorting, bounds } of stretchesOf(request)) {
      const statements = this.statements.issues.stretch({ order, descending, isSearch: search !== "", sorting });
      const given = { ...matching, ...bounds, limit: limit - rows.length };
      const last = statements.reach && (await this.session.first(statements.reach, given));
      if (last?.reach === null) continue;
      const reach = last ? decodeInteger(last.reach) : given.reach;
      rows.push(...(await this.session.all(statements.rows, { ...given, reach })));
      if (rows.length === limit) break;
    }
    return rows;
  }
}

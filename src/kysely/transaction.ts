import { v7 as uuidv7 } from "uuid";
import { ALERT_KINDS } from "../core/alert-reason.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { isUuid } from "../core/input.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import type {
  ActorReplacementRequest,
  ActorReplacementStep,
  EventForgettingRequest,
  EventForgettingStep,
  EvictionRequest,
  EvictionStep,
  FeedPlacing,
  IssueGroup,
  IssueUserRef,
  IssueMark,
  Loaded,
  LoadRequest,
  NewIssue,
  ProjectErasureRequest,
  ProjectErasureStep,
  ProjectRelease,
  ReleaseRef,
  StoreChanges,
  StoredEvent,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { bareMark, type StoredEntries } from "../ports/stored-entries.ts";
import { replaceActor } from "./actor-replacement.ts";
import { storeConflict, type Session } from "./connections/session.ts";
import { eraseEvents, findDataOf, forgetEvents } from "./event-erasure.ts";
import { IssueDeletion } from "./deletion.ts";
import type { StoreDialect } from "./dialects/dialect.ts";
import { evictEvents } from "./eviction.ts";
import { placeInFeed } from "./feed.ts";
import { IssueProjects } from "./issue-projects.ts";
import type { KnownRows } from "./load-cache.ts";
import { load } from "./loading.ts";
import { MarkMoves, moveBatches } from "./mark-moves.ts";
import { KyselyOutbox } from "./outbox.ts";
import { eraseProject } from "./project-erasure.ts";
import type { FormerKeys } from "./project-keys.ts";
import { KyselyReader } from "./reader.ts";
import { ReleasePlaces } from "./release-places.ts";
import { alertRow, outboxRow } from "./rows/alert-row.ts";
import { eventRows } from "./rows/event-row.ts";
import { changesByColumns, groupHash, issueRow } from "./rows/issue-row.ts";
import { markRow, releaseRow } from "./rows/release-row.ts";
import { projectColumns, turningPointRow } from "./rows/rows.ts";
import { userRow } from "./rows/user-row.ts";
import type { TableRow } from "./schema/tables.ts";
import type { Statements } from "./statements/index.ts";
import { putGroups, THE_COPY } from "./stored-entries.ts";

/** The reads and writes of a store, within one transaction of the database. */
export class KyselyTransaction extends KyselyReader implements StoreTransaction {
  readonly #places: ReleasePlaces;
  readonly #issueProjects: IssueProjects;
  readonly #known: KnownRows | undefined;
  #outbox: KyselyOutbox | undefined;

  /** @param known - what need not be read, where one connection writes at a time */
  constructor(
    session: Session,
    statements: Statements,
    dialect: StoreDialect,
    formerKeys?: FormerKeys,
    known?: KnownRows,
  ) {
    super(session, statements, dialect, formerKeys, known?.projects);
    this.#known = known;
    this.#places = new ReleasePlaces(session, statements, this.#locksRows);
    this.#issueProjects = new IssueProjects(session, statements, this.projectKeys);
  }

  override get outbox(): KyselyOutbox {
    this.#outbox ??= new KyselyOutbox(this.session, this.statements, this.projectKeys);
    return this.#outbox;
  }

  async load(request: LoadRequest): Promise<Loaded> {
    const loadStored = (each: LoadRequest): Promise<Loaded> => this.#loadStored(each);
    const loaded = await (this.#known === undefined ? loadStored(request) : this.#known.load(request, loadStored));
    for (const issue of [...loaded.grouped, ...loaded.issues]) if (issue !== undefined) this.#issueProjects.note(issue);
    return loaded;
  }

  #loadStored(request: LoadRequest): Promise<Loaded> {
    const { session, statements, projectKeys } = this;
    const noteLocked = (keys: readonly number[]): void => {
      this.locksReleases = true;
      this.#places.noteLocked(keys);
    };
    const sources = { session, statements, projectKeys, noteLocked, locksRows: this.#locksRows };
    return load({ ...sources, places: this.#places, reader: this }, request);
  }

  /** Reads before it writes, because in a host's transaction the writes run in one step. */
  async write(changes: StoreChanges): Promise<void> {
    const { projects = [], newIssues = [], addedGroups = [], updates = [], counters = NO_COUNTERS } = changes;
    const { turningPoints = [], events = [], alerts = [], deletedMarks = [], marks = [], users = [] } = changes;
    const {
      deletedReleases = [],
      releases = [],
      finishedReleases = [],
      pendingReleases = [],
      deletedIssues = [],
      erasedUsers = [],
      erasedEvents = [],
    } = changes;
    const { session, statements } = this;
    for (const project of projects) await this.#saveProject(project);
    const keyOf = await this.projectKeys.requireKeys(projectsIn(changes));
    const [firstMoves, ...otherMoves] = moveBatches(changes.movedMarks ?? []);
    const moves = new MarkMoves(session, statements, keyOf);
    const meeting = firstMoves === undefined ? [] : await moves.findMeeting(firstMoves);
    const markRows = marks.length === 0 ? [] : await this.#markRows(marks, changes, keyOf);
    const erasedKeys = erasedEvents.map(({ projectId, id }) => ({ project_key: keyOf(projectId), id }));
    const erasedData = erasedKeys.length === 0 ? [] : await findDataOf(session, statements, erasedKeys);
    const deletion = new IssueDeletion(session, statements);
    const deleted = deletedIssues.length === 0 ? undefined : await deletion.find(changes, keyOf);
    if (deletedReleases.length + releases.length > 0) await this.#saveReleases(deletedReleases, releases, keyOf);
    if (finishedReleases.length + pendingReleases.length > 0) await this.#savePendingReleases(changes, keyOf);
    if (firstMoves !== undefined) await moves.make(firstMoves, meeting);
    for (const batch of otherMoves) await moves.make(batch, await moves.findMeeting(batch));
    if (newIssues.length > 0) await this.#insertIssues(newIssues, keyOf);
    if (addedGroups.length > 0) await this.#addGroups(addedGroups, keyOf);
    for (const { columns, rows } of changesByColumns(updates, keyOf)) {
      await session.write(statements.issues.update(columns), rows);
    }
    if (counters.size > 0) {
      const rows = Array.from(counters, ([issue_id, buckets]) => ({ issue_id, buckets }));
      await session.write(statements.issues.saveCounters, rows);
    }
    for (const { issueId, day } of changes.latestUserDays ?? []) {
      if (!isUuid(issueId)) continue;
      await session.change(statements.users.setBack, { issue_id: issueId, day });
    }
    if (users.length > 0) await session.write(statements.users.save, users.map(userRow));
    if (erasedUsers.length > 0) await this.#eraseUsers(erasedUsers);
    if (deletedMarks.length > 0) {
      const withoutMark = deletedMarks.filter(({ issueId }) => isUuid(issueId));
      const rows = withoutMark.map(({ issueId, orderKey }) => ({ issue_id: issueId, order_key: orderKey }));
      await session.write(statements.marks.delete, rows);
    }
    if (markRows.length > 0) await session.write(statements.marks.save, markRows);
    if (turningPoints.length > 0) await session.write(statements.history.insert, turningPoints.map(turningPointRow));
    if (events.length > 0) await this.#insertEvents(events, keyOf);
    if (erasedEvents.length > 0) await eraseEvents(session, statements, erasedKeys, erasedData);
    if (alerts.length > 0) await session.write(statements.alerts.insert, alerts.map(alertRow));
    if (deleted !== undefined) await deletion.delete(deleted);
    this.#known?.noteWritten(changes);
  }

  async evictEvents(request: EvictionRequest): Promise<EvictionStep> {
    const keyOf = await this.projectKeys.requireKeys([request.projectId]);
    return evictEvents(this.session, this.statements, keyOf(request.projectId), request);
  }

  async eraseProject(request: ProjectErasureRequest): Promise<ProjectErasureStep> {
    const { session, statements, projectKeys } = this;
    const step = await eraseProject({ session, statements, projectKeys }, request);
    this.#known?.clear();
    return step;
  }

  replaceActor(request: ActorReplacementRequest): Promise<ActorReplacementStep> {
    return replaceActor(this.session, this.statements, request);
  }

  async forgetEvents(request: EventForgettingRequest): Promise<EventForgettingStep> {
    const key = await this.projectKeys.keyOf(request.projectId);
    return key === undefined ? { next: null } : forgetEvents(this.session, this.statements, key, request);
  }

  placeInFeed(limit: number): Promise<FeedPlacing> {
    return placeInFeed(this.session, this.statements, limit);
  }

  override async findCopyProgress(): Promise<string | null> {
    const [row] = await this.session.find(this.statements.entries.lockProgress, [THE_COPY]);
    return row?.progress ?? null;
  }

  async putStored(entries: StoredEntries, progress: string | null): Promise<void> {
    const { projects = [], releases = [], issues = [], groups = [], marks = [] } = entries;
    const { users = [], turningPoints = [], events = [], alerts = [], tallies = [] } = entries;
    const { session, statements, projectKeys } = this;
    await session.write(
      statements.projects.insert,
      projects.map(({ project, issueCount, releaseCount }) => ({
        ...projectColumns(project),
        issue_count: issueCount,
        release_count: releaseCount,
      })),
    );
    if (releases.length > 0) await this.write({ releases });
    const keyOf = await projectKeys.requireKeys([...new Set(issues.map(({ issue }) => issue.projectId))]);
    await session.write(
      statements.issues.insert,
      issues.map(({ issue }) => issueRow(issue, keyOf(issue.projectId), NO_GROUP)),
    );
    await session.write(
      statements.issues.saveCounters,
      issues.flatMap(({ issue, counter }) => (counter === null ? [] : [{ issue_id: issue.id, buckets: counter }])),
    );
    if (groups.length > 0) await putGroups({ session, statements, projectKeys }, groups);
    await this.write({ users, turningPoints, events });
    if (marks.length > 0) {
      const keyOfIssue = await this.#issueProjects.requireKeys(marks.map(({ issueId }) => issueId));
      const rows = marks.map(({ issueId, ...mark }) => markRow(issueId, keyOfIssue(issueId), bareMark(mark)));
      await session.write(statements.marks.save, rows);
    }
    await session.write(statements.alerts.insert, alerts.map(outboxRow));
    if (tallies.length > 0) await this.outbox.writeTallies({ save: tallies });
    if (progress === null) await session.write(statements.entries.deleteProgress, [THE_COPY]);
    else await session.write(statements.entries.saveProgress, [{ ...THE_COPY, progress }]);
    this.#known?.clear();
  }

  async #eraseUsers(erased: readonly IssueUserRef[]): Promise<void> {
    const rows = erased.filter(({ issueId }) => isUuid(issueId));
    await this.session.write(
      this.statements.users.deleteSome,
      rows.map(({ issueId, user }) => ({ issue_id: issueId, user_hash: user })),
    );
  }

  async #saveProject(project: Project): Promise<void> {
    const columns = projectColumns(project);
    const { bySlugKey, insert, update } = this.statements.projects;
    const [owner] = await this.session.find(bySlugKey, [{ slug_key: slugKeyOf(project.slug) }]);
    if (owner !== undefined && owner.id !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const seen = this.projectKeys.seen(project.id);
    const key = await this.projectKeys.keyOf(project.id);
    if (key === undefined) {
      await this.session.write(insert, [{ ...columns, issue_count: 0, release_count: 0 }]);
    } else {
      await this.#requireUnchanged(key, project.id, seen);
      await this.session.write(update, [{ key, ...columns }]);
    }
    this.projectKeys.noteSaved(project);
  }

  /** Locks a project. Refuses to change one that has changed since this transaction read it. */
  async #requireUnchanged(key: number, id: string, seen: Project | null | undefined): Promise<void> {
    if (!this.#locksRows) return;
    const { lookup, take } = this.projectKeys.lock([key]);
    await this.session.findAll([lookup]);
    this.#places.noteLocked([key]);
    const now = take().get(id)?.stored.project;
    if (seen !== undefined && now !== undefined && (seen === null || !isSameProject(seen, now))) throw storeConflict();
  }

  async #saveReleases(
    deletedReleases: readonly ReleaseRef[],
    releases: readonly ProjectRelease[],
    keyOf: KeyOf,
  ): Promise<void> {
    const { delete: deleteReleases, save } = this.statements.releases;
    const deleted = deletedReleases.map(({ projectId, name }) => ({ project_key: keyOf(projectId), name }));
    const saved = releases.map(({ projectId, release }) => releaseRow(keyOf(projectId), release));
    await this.session.write(deleteReleases, deleted);
    await this.session.write(save, saved);
    const counts = new Map<number, number>();
    for (const { project_key, number, line_number } of saved) {
      counts.set(project_key, Math.max(counts.get(project_key) ?? 0, number, line_number));
    }
    for (const [key, count] of counts) {
      await this.session.change(this.statements.projects.raiseReleaseCount, { key, count });
    }
  }

  async #savePendingReleases(changes: StoreChanges, keyOf: KeyOf): Promise<void> {
    const { finishedReleases = [], pendingReleases = [] } = changes;
    const { deletePending, savePending } = this.statements.releases;
    await this.session.write(
      deletePending,
      finishedReleases.map(({ projectId, number }) => ({ project_key: keyOf(projectId), number })),
    );
    await this.session.write(
      savePending,
      pendingReleases.map(({ projectId, number, name, line, at, eventId, reached }) => {
        return { project_key: keyOf(projectId), number, name, line, at, event_id: eventId, reached };
      }),
    );
  }

  /** The rows of the marks to save. Their releases stay in their places until this transaction ends. */
  async #markRows(
    marks: readonly IssueMark[],
    { releases = [], newIssues = [], updates = [] }: StoreChanges,
    keyOf: KeyOf,
  ) {
    for (const { issue } of newIssues) this.#issueProjects.note(issue);
    for (const { after } of updates) this.#issueProjects.note(after);
    const keyOfIssue = await this.#issueProjects.requireKeys(marks.map(({ issueId }) => issueId));
    const rows = marks.map(({ issueId, mark }) => markRow(issueId, keyOfIssue(issueId), mark));
    const saved = new Set(releases.map(({ projectId, release }) => `${String(keyOf(projectId))} ${release.orderKey}`));
    await this.#places.keep(
      rows.filter(({ project_key, order_key }) => !saved.has(`${String(project_key)} ${order_key}`)),
    );
    return rows;
  }

  async #insertIssues(added: readonly NewIssue[], keyOf: KeyOf): Promise<void> {
    const issueRows = [];
    const groupRows = [];
    const numbers = new Map<number, { readonly first: number; readonly count: number }>();
    for (const { issue, group } of added) {
      const { id: issueId, projectId, number } = issue;
      const project_key = keyOf(projectId);
      const row = group === null ? undefined : groupRow({ issueId, group }, keyOf);
      issueRows.push(issueRow(issue, project_key, row?.hash ?? NO_GROUP));
      if (row !== undefined) groupRows.push(row);
      const { first, count } = numbers.get(project_key) ?? { first: number, count: 0 };
      if (number <= count) throw storeConflict();
      numbers.set(project_key, { first, count: number });
    }
    const { issues, projects } = this.statements;
    await this.session.write(issues.insert, issueRows);
    await this.session.write(issues.insertGroups, groupRows);
    for (const [key, each] of numbers) {
      await this.session.requireChange(projects.raiseIssueCount, { key, ...each });
    }
  }

  async #addGroups(added: readonly IssueGroup[], keyOf: KeyOf): Promise<void> {
    const rows = added.map((each) => groupRow(each, keyOf));
    const { insertGroups, insertAddedGroups } = this.statements.issues;
    await this.session.write(insertGroups, rows);
    const added_groups = rows.map(({ issue_id, project_key, hash }) => ({ issue_id, project_key, hash }));
    await this.session.write(insertAddedGroups, added_groups);
  }

  async #insertEvents(added: readonly StoredEvent[], keyOf: KeyOf): Promise<void> {
    const rows = [];
    const dataRows = [];
    for (const each of added) {
      const { event, data } = eventRows(keyOf(each.projectId), each, () => uuidv7({}, new Uint8Array(16)));
      if (data !== null) dataRows.push(data);
      rows.push(event);
    }
    // In one order, so that transactions with the same events wait for each other instead of running into a deadlock.
    rows.sort((one, other) => one.project_key - other.project_key || compareTexts(one.id, other.id));
    const { events } = this.statements;
    if (dataRows.length > 0) await this.session.write(events.insertData, dataRows);
    await this.session.write(events.insert, rows);
  }

  get #locksRows(): boolean {
    return this.dialect.locking.kind === "rows";
  }
}

/** Returns the key of a project. */
type KeyOf = (projectId: string) => number;

const NO_COUNTERS: ReadonlyMap<string, Uint8Array> = new Map();

/** Stands for the key of the group that opened an issue which none has opened. */
const NO_GROUP = new Uint8Array();

/** How much of a grouping key its row shows, in UTF-16 code units. In SQLite, a look-up reads the rows that it passes, whole. */
const SHOWN_KEY_LENGTH = 500;

function groupRow({ issueId, group }: IssueGroup, keyOf: KeyOf): TableRow<"groups"> {
  const { projectId, strategy, key } = group;
  return {
    project_key: keyOf(projectId),
    hash: groupHash(group),
    issue_id: issueId,
    strategy,
    grouping_key: key.slice(0, SHOWN_KEY_LENGTH),
  };
}

/** The ids of the projects that changes refer to. */
function projectsIn(changes: StoreChanges): string[] {
  const { deletedReleases = [], releases = [], movedMarks = [], newIssues = [], updates = [], events = [] } = changes;
  const { finishedReleases = [], pendingReleases = [], erasedEvents = [] } = changes;
  const ids = new Set<string>();
  for (const refs of [deletedReleases, releases, finishedReleases, pendingReleases, movedMarks, events, erasedEvents])
    for (const { projectId } of refs) ids.add(projectId);
  for (const { issue } of newIssues) ids.add(issue.projectId);
  for (const { group } of changes.addedGroups ?? []) ids.add(group.projectId);
  for (const { after } of updates) ids.add(after.projectId);
  return [...ids];
}

function isSameProject(one: Project, other: Project): boolean {
  return (
    one.slug === other.slug &&
    one.autoResolveAfterMs === other.autoResolveAfterMs &&
    ALERT_KINDS.every((kind) => one.alerts[kind] === other.alerts[kind]) &&
    JSON.stringify([one.watch, one.stateEnvironments]) === JSON.stringify([other.watch, other.stateEnvironments])
  );
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

import { IssueLifecycleError } from "../core/errors.ts";
import { wakeTimeOf, type Issue } from "../core/issue.ts";
import { awaitsNextRelease } from "../core/next-release.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import { mergeMarks } from "../core/release-mark.ts";
import type { Actor, TurningPoint } from "../core/turning-point.ts";
import type {
  ActorReplacementRequest,
  ActorReplacementStep,
  EvictionRequest,
  EventForgettingRequest,
  EventForgettingStep,
  EvictionStep,
  FeedPlacing,
  GroupRef,
  IssueMark,
  IssueUser,
  IssueUserRef,
  LatestUserDay,
  Loaded,
  LoadedIssues,
  LoadRequest,
  LockSelection,
  MarkMove,
  NewIssue,
  ProjectErasureRequest,
  ProjectErasureStep,
  ProjectRelease,
  StoreChanges,
  StoredEvent,
  StoredProject,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import { bareMark, LONG_KEY_LENGTH, longKeyHash, type StoredEntries } from "../ports/stored-entries.ts";
import { isEvicted } from "../ports/is-evicted.ts";
import { timelinesToLoad } from "../ports/timelines-to-load.ts";
import { firstNotBefore, Journal } from "./journal.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { MemoryReader } from "./memory-reader.ts";
import {
  emptyProjectTables,
  emptyUserTables,
  numberOf,
  orderKeyOf,
  valuesAt,
  type IssueGroupRow,
  type IssueTables,
  type MemoryTables,
  type ProjectTables,
  type UserTables,
} from "./memory-tables.ts";

/** Changes the tables, with undo. Transactions run one after the other, so that there is nothing to lock. */
export class MemoryTransaction extends MemoryReader<MemoryOutbox> implements StoreTransaction {
  readonly #journal: Journal;

  constructor(tables: MemoryTables) {
    const journal = new Journal();
    super(tables, new MemoryOutbox(tables, journal));
    this.#journal = journal;
  }

  /** Undoes all changes. */
  rollBack(): void {
    this.#journal.rollBack();
  }

  async load(request: LoadRequest): Promise<Loaded> {
    const loaded = await this.#loadIssues(request);
    const { counters = [], marks = [] } = request.details?.(loaded) ?? {};
    return { ...loaded, counters: await this.findCounters(counters), marks: await this.findMarks(marks) };
  }

  async write(changes: StoreChanges): Promise<void> {
    for (const project of changes.projects ?? []) this.#saveProject(project);
    for (const { projectId, name } of changes.deletedReleases ?? []) this.#removeRelease(projectId, name);
    for (const release of changes.releases ?? []) this.#saveRelease(release);
    for (const { projectId, number } of changes.finishedReleases ?? []) {
      this.#journal.removeSorted(this.#tablesOf(projectId).pendingReleases, number, numberOf);
    }
    for (const pending of changes.pendingReleases ?? []) {
      this.#journal.putSorted(this.#tablesOf(pending.projectId).pendingReleases, pending, numberOf);
    }
    for (const move of changes.movedMarks ?? []) this.#moveMarks(move);
    for (const issue of changes.newIssues ?? []) this.#addIssue(issue);
    for (const { issueId, group } of changes.addedGroups ?? []) this.#addGroup(issueId, group);
    for (const { after } of changes.updates ?? []) this.#putIssue(after);
    for (const [issueId, bytes] of changes.counters ?? []) this.#journal.set(this.tables.counters, issueId, bytes);
    for (const { issueId, orderKey } of changes.deletedMarks ?? []) {
      if (this.tables.ofIssue.has(issueId)) this.#removeMark(issueId, orderKey);
    }
    for (const mark of changes.marks ?? []) this.#saveMark(mark);
    for (const latest of changes.latestUserDays ?? []) this.#setBackUsers(latest);
    for (const user of changes.users ?? []) this.#saveUser(user);
    for (const user of changes.erasedUsers ?? []) this.#removeUser(user);
    for (const turningPoint of changes.turningPoints ?? []) this.#addTurningPoint(turningPoint);
    for (const event of changes.events ?? []) this.#addEvent(event);
    for (const { projectId, id } of changes.erasedEvents ?? []) {
      this.#journal.delete(this.#tablesOf(projectId).events, id);
    }
    if (changes.alerts !== undefined) this.outbox.add(changes.alerts);
    if (changes.deletedIssues !== undefined) this.#deleteIssues(changes.deletedIssues);
  }

  async evictEvents(request: EvictionRequest): Promise<EvictionStep> {
    const { events } = this.#tablesOf(request.projectId);
    let evicted = 0;
    await eachWithPauses(events.values(), (event) => {
      if (!isEvicted(event, this.tables.issues.get(event.issueId)?.lastEventNumber, request)) return;
      this.#journal.delete(events, event.id);
      evicted++;
    });
    return { evicted, next: null };
  }

  async eraseProject({ projectId, limit }: ProjectErasureRequest): Promise<ProjectErasureStep> {
    const { projects, ofProject } = this.tables;
    const stored = projects.get(projectId);
    if (stored === undefined) return { removed: 0, next: null };
    const { numbered, events } = this.#tablesOf(projectId);
    const issueIds = firstOf(numbered.above(0), limit);
    this.#deleteIssues(issueIds);
    const eventIds = firstOf(events.keys(), limit - issueIds.length);
    for (const id of eventIds) this.#journal.delete(events, id);
    const removed = issueIds.length + eventIds.length;
    if (removed === limit) return { removed, next: "more" };
    await this.outbox.removeOfProject(projectId);
    this.#journal.delete(ofProject, projectId);
    this.#removeSlug(stored.project);
    this.#journal.delete(projects, projectId);
    return { removed: removed + 1, next: null };
  }

  async replaceActor({ user, by }: ActorReplacementRequest): Promise<ActorReplacementStep> {
    const replacement = { kind: "user", id: by } as const;
    const isOwn = (actor: Actor): boolean => actor.kind === "user" && actor.id === user;
    let changed = 0;
    await eachWithPauses([...this.tables.ofIssue], ([issueId, tables]) => {
      const own = tables.turningPoints.filter((point) => isOwn(point.by)).length;
      if (own === 0) return;
      const turningPoints = tables.turningPoints.map((point) => {
        return isOwn(point.by) ? { ...point, by: replacement } : point;
      });
      this.#journal.set(this.tables.ofIssue, issueId, { ...tables, turningPoints });
      changed += own;
    });
    return { changed: changed + (await this.outbox.replaceActor(isOwn, replacement)), next: null };
  }

  async forgetEvents({ projectId, ids }: EventForgettingRequest): Promise<EventForgettingStep> {
    const forgotten = new Set(ids);
    const isNamed = ({ eventId }: TurningPoint): boolean => eventId !== null && forgotten.has(eventId);
    await eachWithPauses([...this.#tablesOf(projectId).numbered.above(0)], (issueId) => {
      const tables = this.#requireIssueTables(issueId);
      if (!tables.turningPoints.some(isNamed)) return;
      const turningPoints = tables.turningPoints.map((point) => (isNamed(point) ? { ...point, eventId: null } : point));
      this.#journal.set(this.tables.ofIssue, issueId, { ...tables, turningPoints });
    });
    return { next: null };
  }

  async placeInFeed(): Promise<FeedPlacing> {
    return { placed: 0, last: this.tables.lastPosition };
  }

  async putStored(entries: StoredEntries, progress: string | null): Promise<void> {
    const { projects = [], releases = [], issues = [], groups = [], marks = [], alerts, tallies } = entries;
    const { turningPoints = [], users = [], events = [] } = entries;
    for (const { project, issueCount, releaseCount } of projects) {
      this.#saveProject(project);
      this.#journal.set(this.tables.projects, project.id, { project, issueCount, releaseCount });
    }
    await this.write({ releases });
    for (const { issue, counter } of issues) {
      this.#insertIssue(issue);
      if (counter !== null) this.#journal.set(this.tables.counters, issue.id, counter);
    }
    for (const { issueId, ...group } of groups) this.#addGroup(issueId, group);
    await this.write({
      marks: marks.map(({ issueId, ...mark }) => ({ issueId, mark: bareMark(mark) })),
      users,
      turningPoints,
      events,
    });
    if (alerts !== undefined) this.outbox.restore(alerts);
    if (tallies !== undefined) await this.outbox.writeTallies({ save: tallies });
    if (progress === null) this.#journal.delete(this.tables.copyProgress, "progress");
    else this.#journal.set(this.tables.copyProgress, "progress", progress);
  }

  async #loadIssues(request: LoadRequest): Promise<LoadedIssues> {
    const { projectIds = [], events = [], groups = [], formerGroups = [], releases: refs = [] } = request;
    const grouped = groups.map((group) => this.#issueOf(group));
    const issues = request.issues === undefined ? [] : this.#select(request.issues);
    const releases = await this.findReleases(refs);
    return {
      projects: this.#projects([...projectIds, ...projectIdsOf([...groups, ...formerGroups]), ...projectIdsOf(issues)]),
      duplicateOf: events.map(({ projectId, id }) => this.tables.ofProject.get(projectId)?.events.get(id)?.issueId),
      grouped,
      formerGrouped: formerGroups.map((group) => this.#issueOf(group)),
      issues,
      releases,
      timelines: await this.findTimelines(timelinesToLoad(request, releases)),
    };
  }

  #issueOf({ projectId, strategy, key }: GroupRef): Issue | undefined {
    const tables = this.tables.ofProject.get(projectId);
    return tables && this.tables.issues.get(issueIdIn(tables, { strategy, key }) ?? "");
  }

  #select(selection: LockSelection): Issue[] {
    const { issues, ofProject, toWake } = this.tables;
    if ("ids" in selection) return valuesAt(issues, selection.ids);
    const { limit } = selection;
    if ("fixedIn" in selection) {
      const { projectId, orderKey } = selection.fixedIn;
      const marked = this.#marksAt(projectId, orderKey).filter(({ mark }) => mark.last === "fixed");
      return valuesAt(
        issues,
        marked.slice(0, limit).map(({ issueId }) => issueId),
      );
    }
    if ("wakesUntil" in selection) return valuesAt(issues, toWake.first(limit, selection.wakesUntil));
    const ids: string[] = [];
    for (const id of ofProject.get(selection.awaitingNextIn)?.awaitingNext.above(selection.after) ?? []) {
      if (ids.length === limit) break;
      ids.push(id);
    }
    return valuesAt(issues, ids);
  }

  #projects(ids: readonly string[]): ReadonlyMap<string, StoredProject> {
    return new Map(valuesAt(this.tables.projects, ids).map((each) => [each.project.id, each]));
  }

  #saveProject(project: Project): void {
    const { projects, projectIdsBySlug, slugKeys } = this.tables;
    const slugKey = slugKeyOf(project.slug);
    const owner = projectIdsBySlug.get(slugKey);
    if (owner !== undefined && owner !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const before = projects.get(project.id);
    if (before !== undefined) this.#removeSlug(before.project);
    const { issueCount, releaseCount } = before ?? { issueCount: 0, releaseCount: 0 };
    this.#journal.set(projects, project.id, { project, issueCount, releaseCount });
    this.#journal.set(projectIdsBySlug, slugKey, project.id);
    this.#journal.putSorted(slugKeys, slugKey, String);
  }

  #removeSlug({ slug }: Project): void {
    const { projectIdsBySlug, slugKeys } = this.tables;
    this.#journal.delete(projectIdsBySlug, slugKeyOf(slug));
    this.#journal.removeSorted(slugKeys, slugKeyOf(slug), String);
  }

  #saveRelease({ projectId, release }: ProjectRelease): void {
    const project = this.tables.projects.get(projectId);
    if (project === undefined) throw notStored("project", projectId);
    this.#removeRelease(projectId, release.name);
    const tables = this.#tablesOf(projectId);
    this.#journal.set(tables.releases, release.name, release);
    this.#journal.putSorted(tables.releaseOrder, release, orderKeyOf);
    this.#journal.putSorted(tables.releaseNumbers, release, numberOf);
    const { known = [], count = 0 } = tables.lines.get(release.line) ?? {};
    const line = { number: release.lineNumber, known, count: count + 1 };
    this.#journal.set(tables.lines, release.line, line);
    if (release.standing === "known") {
      this.#journal.putSorted(line.known, release, orderKeyOf);
      if (release.becameLatest) this.#journal.putSorted(tables.latestReleases, release, numberOf);
    }
    const releaseCount = Math.max(project.releaseCount, release.number, release.lineNumber);
    this.#journal.set(this.tables.projects, projectId, { ...project, releaseCount });
  }

  #removeRelease(projectId: string, name: string): void {
    const tables = this.#tablesOf(projectId);
    const release = tables.releases.get(name);
    if (release === undefined) return;
    const { orderKey, number, line } = release;
    this.#journal.delete(tables.releases, name);
    this.#journal.removeSorted(tables.releaseOrder, orderKey, orderKeyOf);
    this.#journal.removeSorted(tables.releaseNumbers, number, numberOf);
    this.#journal.removeSorted(tables.latestReleases, number, numberOf);
    const ofLine = tables.lines.get(line);
    if (ofLine === undefined) return;
    this.#journal.removeSorted(ofLine.known, orderKey, orderKeyOf);
    if (ofLine.count === 1) this.#journal.delete(tables.lines, line);
    else this.#journal.set(tables.lines, line, { ...ofLine, count: ofLine.count - 1 });
  }

  #moveMarks({ projectId, from, to }: MarkMove): void {
    for (const { issueId, mark } of this.#marksAt(projectId, from)) {
      this.#removeMark(issueId, from);
      if (to === null) continue;
      const { marks } = this.#requireIssueTables(issueId);
      const other = marks[firstNotBefore(marks, to, orderKeyOf)];
      const merged = other?.orderKey === to ? mergeMarks(other, mark) : mark;
      this.#saveMark({ issueId, mark: { ...merged, orderKey: to } });
    }
  }

  /** The marks for one release, of all issues. */
  #marksAt(projectId: string, orderKey: string): IssueMark[] {
    return this.#tablesOf(projectId)
      .numbered.blocks.flat()
      .flatMap(({ id }) => {
        const { marks } = this.#requireIssueTables(id);
        const mark = marks[firstNotBefore(marks, orderKey, orderKeyOf)];
        return mark?.orderKey === orderKey ? [{ issueId: id, mark }] : [];
      });
  }

  #addIssue({ issue, group }: NewIssue): void {
    const { id, projectId, number } = issue;
    const project = this.tables.projects.get(projectId);
    if (project === undefined) throw notStored("project", projectId);
    if (this.tables.issues.has(id) || number <= project.issueCount) throw conflict("an id or number of an issue");
    this.#insertIssue(issue);
    if (group !== null) this.#addGroup(id, group);
    this.#journal.set(this.tables.projects, projectId, { ...project, issueCount: number });
  }

  #insertIssue(issue: Issue): void {
    this.#journal.number(this.#tablesOf(issue.projectId).numbered, issue.number, issue.id);
    this.#journal.set(this.tables.ofIssue, issue.id, { groups: [], turningPoints: [], positions: [], marks: [] });
    this.#putIssue(issue);
  }

  /** Most issues have one. An array that was empty before would have room for sixteen more. */
  #addGroup(issueId: string, group: IssueGroupRow): void {
    const issueTables = this.#requireIssueTables(issueId);
    const tables = this.#tablesOf(group.projectId);
    const { strategy, key } = group;
    if (typeof key === "string") {
      if (issueIdIn(tables, { strategy, key }) !== undefined) throw conflict("a group of an issue");
      this.#journal.set(this.#keysOf(tables, group), key, issueId);
    } else {
      this.#journal.set(tables.hashedGroups, key.sha256, issueId);
    }
    if (issueTables.groups.length > 0) this.#journal.push(issueTables.groups, group);
    else this.#journal.set(this.tables.ofIssue, issueId, { ...issueTables, groups: [group] });
  }

  #putIssue(issue: Issue): void {
    this.#journal.set(this.tables.issues, issue.id, issue);
    const { awaitingNext } = this.#tablesOf(issue.projectId);
    this.#journal.number(awaitingNext, issue.number, awaitsNextRelease(issue.state) ? issue.id : undefined);
    this.#journal.enqueue(this.tables.toWake, issue.id, wakeTimeOf(issue.state));
  }

  /** Most issues have one. An array that was empty before would have room for sixteen more. */
  #addTurningPoint(turningPoint: TurningPoint): void {
    const { issueId } = turningPoint;
    const tables = this.#requireIssueTables(issueId);
    const position = ++this.tables.lastPosition;
    if (tables.turningPoints.length > 0) {
      this.#journal.push(tables.turningPoints, turningPoint);
      this.#journal.push(tables.positions, position);
    } else {
      this.#journal.set(this.tables.ofIssue, issueId, {
        ...tables,
        turningPoints: [turningPoint],
        positions: [position],
      });
    }
    this.#journal.number(this.tables.feed, position, issueId);
  }

  /** As for turning points, an array of one has room for one. */
  #saveMark({ issueId, mark }: IssueMark): void {
    const tables = this.#requireIssueTables(issueId);
    if (tables.marks.length > 0) this.#journal.putSorted(tables.marks, mark, orderKeyOf);
    else this.#journal.set(this.tables.ofIssue, issueId, { ...tables, marks: [mark] });
  }

  #removeMark(issueId: string, orderKey: string): void {
    this.#journal.removeSorted(this.#requireIssueTables(issueId).marks, orderKey, orderKeyOf);
  }

  #saveUser(row: IssueUser): void {
    const { issueId, user, lastDay, lastTurn } = row;
    const tables = this.#usersOf(issueId);
    this.#journal.set(tables.rows, user, row);
    this.#journal.enqueue(tables.byDay, user, -lastDay);
    this.#journal.enqueue(tables.byTurn, user, -lastTurn);
  }

  #removeUser({ issueId, user }: IssueUserRef): void {
    const tables = this.tables.users.get(issueId);
    if (tables === undefined) return;
    this.#journal.delete(tables.rows, user);
    this.#journal.enqueue(tables.byDay, user, undefined);
    this.#journal.enqueue(tables.byTurn, user, undefined);
  }

  #setBackUsers({ issueId, day }: LatestUserDay): void {
    const tables = this.tables.users.get(issueId);
    if (tables === undefined) return;
    const later = tables.byDay.first(Infinity, -day - 1);
    for (const row of valuesAt(tables.rows, later)) this.#saveUser({ ...row, lastDay: day });
  }

  #addEvent(event: StoredEvent): void {
    const { events } = this.#tablesOf(event.projectId);
    if (events.has(event.id)) throw conflict("an event");
    this.#journal.set(events, event.id, event);
  }

  #deleteIssues(ids: readonly string[]): void {
    const issues = valuesAt(this.tables.issues, [...new Set(ids)]);
    for (const issue of issues) this.#deleteIssue(issue);
    this.outbox.removeOfIssues(issues);
  }

  #deleteIssue({ id, projectId, number }: Issue): void {
    const tables = this.#tablesOf(projectId);
    const { groups, positions } = this.#requireIssueTables(id);
    for (const position of positions) this.#journal.number(this.tables.feed, position, undefined);
    for (const group of groups) {
      if (typeof group.key === "string") this.#journal.delete(this.#keysOf(tables, group), group.key);
      else this.#journal.delete(tables.hashedGroups, group.key.sha256);
    }
    for (const each of [tables.numbered, tables.awaitingNext]) this.#journal.number(each, number, undefined);
    this.#journal.enqueue(this.tables.toWake, id, undefined);
    this.#journal.delete(this.tables.counters, id);
    this.#journal.delete(this.tables.users, id);
    this.#journal.delete(this.tables.ofIssue, id);
    this.#journal.delete(this.tables.issues, id);
  }

  #requireIssueTables(id: string): IssueTables {
    const tables = this.tables.ofIssue.get(id);
    if (tables === undefined) throw notStored("issue", id);
    return tables;
  }

  #usersOf(issueId: string): UserTables {
    const known = this.tables.users.get(issueId);
    if (known !== undefined) return known;
    this.#requireIssueTables(issueId);
    const tables = emptyUserTables();
    this.#journal.set(this.tables.users, issueId, tables);
    return tables;
  }

  #tablesOf(projectId: string): ProjectTables {
    const known = this.tables.ofProject.get(projectId);
    if (known !== undefined) return known;
    const tables = emptyProjectTables();
    this.#journal.set(this.tables.ofProject, projectId, tables);
    return tables;
  }

  #keysOf(tables: ProjectTables, { strategy }: Pick<GroupRef, "strategy">): Map<string, string> {
    const known = tables.groups.get(strategy);
    if (known !== undefined) return known;
    const keys = new Map<string, string>();
    this.#journal.set(tables.groups, strategy, keys);
    return keys;
  }
}

/** The id of a group's issue. Hashes are made only where there are some. */
function issueIdIn(tables: ProjectTables, group: Pick<GroupRef, "strategy" | "key">): string | undefined {
  const { groups, hashedGroups } = tables;
  const id = groups.get(group.strategy)?.get(group.key);
  if (id !== undefined || hashedGroups.size === 0 || group.key.length < LONG_KEY_LENGTH) return id;
  return hashedGroups.get(longKeyHash(group));
}

/** The first values, at most `limit`. */
function firstOf(values: Iterable<string>, limit: number): string[] {
  const first: string[] = [];
  if (limit === 0) return first;
  for (const value of values) {
    first.push(value);
    if (first.length === limit) break;
  }
  return first;
}

function projectIdsOf(values: readonly (GroupRef | Issue)[]): string[] {
  return values.map(({ projectId }) => projectId);
}

function conflict(what: string): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", `Another transaction already stored ${what}.`, { retryable: true });
}

function notStored(what: "project" | "issue", id: string): IssueLifecycleError {
  return new IssueLifecycleError("store-failed", `The store has no ${what} ${JSON.stringify(id)}.`);
}

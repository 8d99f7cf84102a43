import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import type { MarkedRelease } from "../core/release-mark.ts";
import type {
  EvictionRequest,
  EvictionStep,
  GroupRef,
  IssueMark,
  Loaded,
  LoadedIssues,
  LoadRequest,
  LockSelection,
  NewIssue,
  ProjectRelease,
  ReleaseRef,
  StoreChanges,
  StoredEvent,
  StoredProject,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { Journal } from "./journal.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { MemoryReader } from "./memory-reader.ts";
import {
  emptyProjectTables,
  numberOf,
  orderKeyOf,
  valuesAt,
  type IssueTables,
  type MemoryTables,
  type ProjectTables,
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
    for (const release of changes.releases ?? []) this.#saveRelease(release);
    for (const issue of changes.newIssues ?? []) this.#addIssue(issue);
    for (const { after } of changes.updates ?? []) this.#putIssue(after);
    for (const [issueId, bytes] of changes.counters ?? []) this.#journal.set(this.tables.counters, issueId, bytes);
    for (const mark of changes.marks ?? []) this.#saveMark(mark);
    for (const turningPoint of changes.turningPoints ?? []) {
      this.#journal.push(this.#requireIssueTables(turningPoint.issueId).turningPoints, turningPoint);
    }
    for (const event of changes.events ?? []) this.#addEvent(event);
    if (changes.alerts !== undefined) this.outbox.add(changes.alerts);
    if (changes.deletedIssues !== undefined) this.#deleteIssues(changes.deletedIssues);
  }

  async evictEvents({ projectId, receivedBefore }: EvictionRequest): Promise<EvictionStep> {
    const { events } = this.#tablesOf(projectId);
    let evicted = 0;
    for (const event of events.values()) {
      const isOld = event.receivedAt < receivedBefore && !event.kept;
      if (!isOld && this.tables.issues.has(event.issueId)) continue;
      this.#journal.delete(events, event.id);
      evicted++;
    }
    return { evicted, next: null };
  }

  async #loadIssues(request: LoadRequest): Promise<LoadedIssues> {
    const { projectIds = [], events = [], groups = [], releases: refs = [], timelines = [] } = request;
    const grouped = groups.map((group) => this.#issueOf(group));
    const issues = request.issues === undefined ? [] : this.#select(request.issues);
    const releases = await this.findReleases(refs);
    const unknown = refs.filter((_, index) => releases[index]?.standing !== "known");
    return {
      projects: this.#projects([...projectIds, ...projectIdsOf(groups), ...projectIdsOf(issues)]),
      duplicateOf: events.map(({ projectId, id }) => this.tables.ofProject.get(projectId)?.events.get(id)?.issueId),
      grouped,
      issues,
      releases,
      timelines: await this.findTimelines([...timelines, ...projectIdsOf(unknown)]),
    };
  }

  #issueOf({ projectId, strategy, key }: GroupRef): Issue | undefined {
    return this.tables.issues.get(this.tables.ofProject.get(projectId)?.groups.get(strategy)?.get(key) ?? "");
  }

  #select(selection: LockSelection): Issue[] {
    const { issues, ofProject, toWake } = this.tables;
    if ("ids" in selection) return valuesAt(issues, selection.ids);
    const { limit } = selection;
    if ("wakesUntil" in selection) return valuesAt(issues, toWake.first(limit, selection.wakesUntil));
    return valuesAt(issues, ofProject.get(selection.awaitingNextIn)?.awaitingNext.first(limit, Infinity) ?? []);
  }

  #projects(ids: readonly string[]): ReadonlyMap<string, StoredProject> {
    return new Map(valuesAt(this.tables.projects, ids).map((each) => [each.project.id, each]));
  }

  #saveProject(project: Project): void {
    const { projects, projectIdsBySlug } = this.tables;
    const slugKey = slugKeyOf(project.slug);
    const owner = projectIdsBySlug.get(slugKey);
    if (owner !== undefined && owner !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const before = projects.get(project.id);
    if (before !== undefined) this.#journal.delete(projectIdsBySlug, slugKeyOf(before.project.slug));
    this.#journal.set(projects, project.id, { project, issueCount: before?.issueCount ?? 0 });
    this.#journal.set(projectIdsBySlug, slugKey, project.id);
  }

  #saveRelease({ projectId, release }: ProjectRelease): void {
    const tables = this.#tablesOf(projectId);
    const before = tables.releases.get(release.version);
    if (before !== undefined && before.orderKey !== release.orderKey) {
      this.#journal.removeSorted(tables.releaseOrder, before.orderKey, orderKeyOf);
      this.#moveMarks(tables, before, release);
    }
    this.#journal.set(tables.releases, release.version, release);
    this.#journal.putSorted(tables.releaseOrder, release, orderKeyOf);
  }

  #moveMarks(tables: ProjectTables, from: MarkedRelease, to: MarkedRelease): void {
    for (const { id } of tables.numbered) {
      const { marks } = this.#requireIssueTables(id);
      const mark = marks.find(({ orderKey }) => orderKey === from.orderKey);
      if (mark === undefined) continue;
      this.#journal.removeSorted(marks, from.orderKey, orderKeyOf);
      this.#journal.putSorted(marks, { ...mark, orderKey: to.orderKey }, orderKeyOf);
    }
  }

  #addIssue({ issue, group }: NewIssue): void {
    const { id, projectId, number } = issue;
    const tables = this.#tablesOf(projectId);
    const keys = this.#keysOf(tables, group);
    const project = this.tables.projects.get(projectId);
    if (project === undefined) throw notStored("project", projectId);
    if (keys.has(group.key) || this.tables.issues.has(id) || number <= project.issueCount) {
      throw conflict("a group, id or number of an issue");
    }
    this.#journal.set(keys, group.key, id);
    this.#journal.putSorted(tables.numbered, { number, id }, numberOf);
    this.#journal.set(this.tables.ofIssue, id, { groups: [group], turningPoints: [], marks: [] });
    this.#putIssue(issue);
    this.#journal.set(this.tables.projects, projectId, { ...project, issueCount: number });
  }

  #putIssue(issue: Issue): void {
    this.#journal.set(this.tables.issues, issue.id, issue);
    this.#journal.enqueue(this.#tablesOf(issue.projectId).awaitingNext, issue.id, placeAwaitingNext(issue));
    this.#journal.enqueue(this.tables.toWake, issue.id, wakingTime(issue));
  }

  #saveMark({ issueId, mark }: IssueMark): void {
    this.#journal.putSorted(this.#requireIssueTables(issueId).marks, mark, orderKeyOf);
  }

  #addEvent(event: StoredEvent): void {
    const { events } = this.#tablesOf(event.projectId);
    if (events.has(event.id)) throw conflict("an event");
    this.#journal.set(events, event.id, event);
  }

  #deleteIssues(ids: readonly string[]): void {
    const deleted = new Set(ids);
    const issues = valuesAt(this.tables.issues, [...deleted]);
    for (const projectId of new Set(projectIdsOf(issues))) {
      this.#journal.retain(this.#tablesOf(projectId).numbered, ({ id }) => !deleted.has(id));
    }
    for (const issue of issues) this.#deleteIssue(issue);
    this.outbox.removeOfIssues(deleted);
  }

  #deleteIssue({ id, projectId }: Issue): void {
    const tables = this.#tablesOf(projectId);
    for (const group of this.#requireIssueTables(id).groups) {
      this.#journal.delete(this.#keysOf(tables, group), group.key);
    }
    this.#journal.enqueue(tables.awaitingNext, id, undefined);
    this.#journal.enqueue(this.tables.toWake, id, undefined);
    this.#journal.delete(this.tables.counters, id);
    this.#journal.delete(this.tables.ofIssue, id);
    this.#journal.delete(this.tables.issues, id);
  }

  #requireIssueTables(id: string): IssueTables {
    const tables = this.tables.ofIssue.get(id);
    if (tables === undefined) throw notStored("issue", id);
    return tables;
  }

  #tablesOf(projectId: string): ProjectTables {
    const known = this.tables.ofProject.get(projectId);
    if (known !== undefined) return known;
    const tables = emptyProjectTables();
    this.#journal.set(this.tables.ofProject, projectId, tables);
    return tables;
  }

  #keysOf(tables: ProjectTables, { strategy }: GroupRef): Map<string, string> {
    const known = tables.groups.get(strategy);
    if (known !== undefined) return known;
    const keys = new Map<string, string>();
    this.#journal.set(tables.groups, strategy, keys);
    return keys;
  }
}

function projectIdsOf(values: readonly (GroupRef | Issue | ReleaseRef)[]): string[] {
  return values.map(({ projectId }) => projectId);
}

/** An issue's place among those that await the next release, or `undefined`. */
function placeAwaitingNext({ state, number }: Issue): number | undefined {
  return state.status === "resolved" && state.resolution.kind === "by-next" ? number : undefined;
}

/** When the clock alone ends an issue's mute, or `undefined`. */
function wakingTime({ state }: Issue): Instant | undefined {
  const deadline = state.status === "muted" ? state.mute.deadline : null;
  return deadline?.wakeOn === "deadline" ? deadline.at : undefined;
}

function conflict(what: string): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", `Another transaction already stored ${what}.`, { retryable: true });
}

function notStored(what: "project" | "issue", id: string): IssueLifecycleError {
  return new IssueLifecycleError("store-failed", `The store has no ${what} ${JSON.stringify(id)}.`);
}

import type { Issue } from "../core/issue.ts";
import type {
  ActorReplacementRequest,
  ActorReplacementStep,
  EventForgettingRequest,
  EventForgettingStep,
  EvictionRequest,
  EvictionStep,
  FeedPlacing,
  GroupRef,
  Loaded,
  LoadedIssues,
  LoadRequest,
  LockSelection,
  ProjectErasureRequest,
  ProjectErasureStep,
  StoreChanges,
  StoredProject,
  StoreTransaction,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import type { StoredEntries } from "../ports/stored-entries.ts";
import { timelinesToLoad } from "../ports/timelines-to-load.ts";
import { replaceActor } from "./actor-replacement.ts";
import { placeInFeed } from "./feed.ts";
import { addTurningPoint, forgetEvents } from "./history.ts";
import { deleteIssue } from "./issue-deletion.ts";
import { requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { KeyValueOutbox } from "./outbox.ts";
import { eraseProject } from "./project-erasure.ts";
import { storedProject } from "./projects.ts";
import { inTurn, isPresent, KeyValueStoreReader } from "./reader.ts";
import { putStored } from "./stored-entries.ts";
import type { Tables } from "./tables.ts";

/** The reads and writes of a store, within one transaction of the engine, which is serializable: so there is nothing to lock. */
export class KeyValueStoreTransaction extends KeyValueStoreReader<KeyValueOutbox> implements StoreTransaction {
  constructor(tables: Tables) {
    super(tables, new KeyValueOutbox(tables.session, tables.alerts, tables.tallies));
  }

  async load(request: LoadRequest): Promise<Loaded> {
    const loaded = await this.#loadIssues(request);
    const { counters = [], marks = [] } = request.details?.(loaded) ?? {};
    return { ...loaded, counters: await this.findCounters(counters), marks: await this.findMarks(marks) };
  }

  async write(changes: StoreChanges): Promise<void> {
    await this.#writeReleases(changes);
    await this.#writeIssues(changes);
    const { session, users, events, alerts } = this.tables;
    for (const latest of changes.latestUserDays ?? []) await users.setBack(latest);
    for (const user of changes.users ?? []) await users.save(user);
    for (const user of changes.erasedUsers ?? []) await users.remove(user);
    for (const turningPoint of changes.turningPoints ?? []) await addTurningPoint(session, turningPoint);
    for (const event of changes.events ?? []) await events.add(event);
    for (const event of changes.erasedEvents ?? []) await events.remove(event);
    if (changes.alerts !== undefined) await alerts.add(changes.alerts);
    for (const id of changes.deletedIssues ?? []) await deleteIssue(this.tables, id);
  }

  evictEvents(request: EvictionRequest): Promise<EvictionStep> {
    return this.tables.events.evict(request);
  }

  async eraseProject(request: ProjectErasureRequest): Promise<ProjectErasureStep> {
    const project = await this.tables.projects.find(request.projectId);
    return project === undefined ? { removed: 0, next: null } : eraseProject(this.tables, project, request.limit);
  }

  replaceActor(request: ActorReplacementRequest): Promise<ActorReplacementStep> {
    return replaceActor(this.tables.session, request);
  }

  async forgetEvents(request: EventForgettingRequest): Promise<EventForgettingStep> {
    const { session, issues } = this.tables;
    return forgetEvents(session, request, async (id) => (await issues.placeOf(id))?.projectId);
  }

  placeInFeed(limit: number): Promise<FeedPlacing> {
    return placeInFeed(this.tables.session, limit);
  }

  putStored(entries: StoredEntries, progress: string | null): Promise<void> {
    return putStored(this.tables, entries, progress);
  }

  async #writeReleases(changes: StoreChanges): Promise<void> {
    const { projects, releases, pendingReleases, marks } = this.tables;
    for (const project of changes.projects ?? []) await projects.save(project);
    await releases.remove(changes.deletedReleases ?? []);
    await releases.save(changes.releases ?? []);
    for (const finished of changes.finishedReleases ?? []) await pendingReleases.remove(finished);
    for (const pending of changes.pendingReleases ?? []) await pendingReleases.save(pending);
    for (const move of changes.movedMarks ?? []) await marks.move(move);
  }

  async #writeIssues(changes: StoreChanges): Promise<void> {
    const { session, issues, groups, marks } = this.tables;
    for (const { issue, group } of changes.newIssues ?? []) {
      await issues.add(issue);
      if (group !== null) await groups.add(issue.id, group);
    }
    for (const { issueId, group } of changes.addedGroups ?? []) {
      await issues.requirePlace(issueId);
      await groups.add(issueId, group);
    }
    for (const { after } of changes.updates ?? []) await issues.update(after);
    for (const [id, bytes] of changes.counters ?? []) await session.put(KEYS.counter(requireIdPart(id)), bytes);
    for (const mark of changes.deletedMarks ?? []) await marks.remove(mark);
    for (const mark of changes.marks ?? []) await marks.save(mark);
  }

  async #loadIssues(request: LoadRequest): Promise<LoadedIssues> {
    const { projectIds = [], events = [], groups = [], formerGroups = [], releases: refs = [] } = request;
    const grouped = await inTurn(groups, (group) => this.#issueOf(group));
    const formerGrouped = await inTurn(formerGroups, (group) => this.#issueOf(group));
    const issues = request.issues === undefined ? [] : await this.#select(request.issues);
    const releases = await this.findReleases(refs);
    const ofProjects = [...groups, ...formerGroups, ...issues].map(({ projectId }) => projectId);
    return {
      projects: await this.#projects([...projectIds, ...ofProjects]),
      duplicateOf: await inTurn(events, (event) => this.tables.events.issueIdOf(event)),
      grouped,
      formerGrouped,
      issues,
      releases,
      timelines: await this.findTimelines(timelinesToLoad(request, releases)),
    };
  }

  async #issueOf(group: GroupRef): Promise<Issue | UnreadableIssue | undefined> {
    const id = await this.tables.groups.issueIdOf(group);
    return id === undefined ? undefined : this.tables.issues.find(id);
  }

  async #select(selection: LockSelection): Promise<readonly (Issue | UnreadableIssue)[]> {
    const { projects, issues, marks } = this.tables;
    if ("ids" in selection) return (await inTurn(selection.ids, (id) => issues.find(id))).filter(isPresent);
    const { limit } = selection;
    if ("wakesUntil" in selection) return issues.toWake(selection.wakesUntil, limit);
    if ("awaitingNextIn" in selection) return issues.awaitingNext(selection.awaitingNextIn, selection.after, limit);
    const { projectId, orderKey } = selection.fixedIn;
    const project = await projects.numberOf(projectId);
    return project === undefined ? [] : issues.collect(marks.issuesAt(project, orderKey, true), limit);
  }

  async #projects(ids: readonly string[]): Promise<ReadonlyMap<string, StoredProject>> {
    const found = await inTurn([...new Set(ids)], (id) => this.tables.projects.find(id));
    return new Map(found.filter(isPresent).map((project) => [project.project.id, storedProject(project)]));
  }
}

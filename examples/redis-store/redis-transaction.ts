import { IssueLifecycleError } from "issue-lifecycle";
import {
  mergeMarks,
  slugKeyOf,
  type Issue,
  type Project,
  type Release,
  type ReleaseMark,
  type TurningPoint,
} from "issue-lifecycle/core";
import {
  timelinesToLoad,
  wakeTimeOf,
  type EvictionRequest,
  type EvictionStep,
  type IssueGroup,
  type IssueUser,
  type LatestUserDay,
  type Loaded,
  type LoadedIssues,
  type LoadRequest,
  type LockSelection,
  type MarkMove,
  type NewIssue,
  type IssueUpdate,
  type StoreChanges,
  type StoredEvent,
  type StoredProject,
  type StoreTransaction,
} from "issue-lifecycle/store";
import { keys, type IssueDocument } from "./documents.ts";
import { present, RedisReader } from "./redis-reader.ts";
import type { Ranked } from "./redis-unit.ts";
import { timelineOf } from "./timelines.ts";

/** Reads and writes. Everything that was read is locked: if it changes before the end, the transaction runs again. */
export class RedisTransaction extends RedisReader implements StoreTransaction {
  async load(request: LoadRequest): Promise<Loaded> {
    const loaded = await this.#loadIssues(request);
    const { counters = [], marks = [] } = request.details?.(loaded) ?? {};
    return { ...loaded, counters: await this.findCounters(counters), marks: await this.findMarks(marks) };
  }

  async write(changes: StoreChanges): Promise<void> {
    await this.#prefetch(changes);
    for (const project of changes.projects ?? []) await this.#saveProject(project);
    for (const { projectId, name } of changes.deletedReleases ?? []) await this.#removeRelease(projectId, name);
    for (const { projectId, release } of changes.releases ?? []) await this.#saveRelease(projectId, release);
    await this.#summarizeReleases(changes);
    for (const move of changes.movedMarks ?? []) await this.#moveMarks(move);
    for (const newIssue of changes.newIssues ?? []) await this.#addIssue(newIssue);
    for (const added of changes.addedGroups ?? []) await this.#addGroup(added);
    for (const update of changes.updates ?? []) await this.#updateIssue(update);
    for (const [issueId, bytes] of changes.counters ?? []) this.unit.put(keys.counter(issueId), base64(bytes));
    for (const { issueId, orderKey } of changes.deletedMarks ?? []) await this.#removeMark(issueId, orderKey);
    for (const { issueId, mark } of changes.marks ?? []) await this.#saveMark(issueId, mark);
    for (const latest of changes.latestUserDays ?? []) await this.#setBackUsers(latest);
    for (const user of changes.users ?? []) this.#saveUser(user);
    for (const point of changes.turningPoints ?? []) await this.#addTurningPoint(point);
    for (const event of changes.events ?? []) await this.#addEvent(event);
    this.outbox.add(changes.alerts ?? []);
    for (const id of changes.deletedIssues ?? []) await this.#deleteIssue(id);
  }

  async evictEvents({ projectId, receivedBefore, after, limit }: EvictionRequest): Promise<EvictionStep> {
    const ids = (await this.unit.ranked(keys.events(projectId))).map(({ member }) => member);
    const step = ids.filter((id) => after === null || id > after).slice(0, limit);
    const refs = step.map((id) => ({ projectId, id: String(JSON.parse(id)) }));
    const events = present(await this.unit.all<StoredEvent>(refs.map(keys.event)));
    const issues = await this.findIssues({ ids: unique(events.map(({ issueId }) => issueId)) });
    const existing = new Set(issues.map(({ id }) => id));
    const leaving = events.filter(
      (event) => (event.receivedAt < receivedBefore && !event.kept) || !existing.has(event.issueId),
    );
    for (const event of leaving) {
      this.unit.put(keys.event(event), undefined);
      this.unit.rank(keys.events(projectId), JSON.stringify(event.id), undefined);
    }
    return { evicted: leaving.length, next: step.length < limit ? null : (step.at(-1) ?? null) };
  }

  async #loadIssues(request: LoadRequest): Promise<LoadedIssues> {
    const { projectIds = [], events = [], groups = [], formerGroups = [], releases = [] } = request;
    const stored = await this.unit.all<StoredEvent>(events.map(keys.event));
    const ids = await this.unit.all<string>([...groups, ...formerGroups].map(keys.group));
    const issuesById = new Map((await this.findIssues({ ids: present(ids) })).map((issue) => [issue.id, issue]));
    const grouped = ids.map((id) => issuesById.get(id ?? ""));
    const issues = request.issues === undefined ? [] : await this.#select(request.issues);
    const found = await this.findReleases(releases);
    const projects = await this.findProjects({
      ids: unique([...projectIds, ...[...groups, ...formerGroups, ...issues].map(({ projectId }) => projectId)]),
    });
    return {
      projects: new Map(projects.map((each) => [each.project.id, each])),
      duplicateOf: stored.map((event) => event?.issueId),
      grouped: grouped.slice(0, groups.length),
      formerGrouped: grouped.slice(groups.length),
      issues,
      releases: found,
      timelines: await this.findTimelines(timelinesToLoad(request, found)),
    };
  }

  async #select(selection: LockSelection): Promise<readonly Issue[]> {
    if ("ids" in selection) return this.findIssues(selection);
    const ranked = await this.#selected(selection);
    return this.findIssues({ ids: ranked.slice(0, selection.limit).map(({ member }) => member) });
  }

  async #selected(selection: Exclude<LockSelection, { readonly ids: readonly string[] }>): Promise<Ranked[]> {
    if ("awaitingNextIn" in selection) return this.unit.ranked(keys.awaitingNext(selection.awaitingNextIn));
    if ("wakesUntil" in selection) {
      return (await this.unit.ranked(keys.toWake)).filter(({ score }) => score <= selection.wakesUntil);
    }
    const { projectId, orderKey } = selection.fixedIn;
    return (await this.unit.ranked(keys.marked(projectId, orderKey))).filter(({ score }) => score === FIXED);
  }

  /** Reads the documents that changes refer to in one round trip: later reads of the transaction find them in memory. */
  async #prefetch(changes: StoreChanges): Promise<void> {
    const { deletedReleases = [], releases = [], deletedMarks = [] } = changes;
    const { updates = [], marks = [], turningPoints = [], events = [] } = changes;
    await this.unit.all([
      ...deletedReleases.map(({ projectId, name }) => keys.release(projectId, name)),
      ...releases.map(({ projectId, release }) => keys.release(projectId, release.name)),
      ...updates.map(({ after }) => keys.issue(after.id)),
      ...[...deletedMarks, ...marks].flatMap(({ issueId }) => [keys.marks(issueId), keys.issue(issueId)]),
      ...turningPoints.map(({ issueId }) => keys.history(issueId)),
      ...events.map(keys.event),
    ]);
  }

  async #saveProject(project: Project): Promise<void> {
    const slugKey = slugKeyOf(project.slug);
    const owner = await this.unit.get<string>(keys.slug(slugKey));
    if (owner !== undefined && owner !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const [before] = await this.findProjects({ ids: [project.id] });
    if (before !== undefined) {
      this.unit.put(keys.slug(slugKeyOf(before.project.slug)), undefined);
      this.unit.rank(keys.slugs, slugKeyOf(before.project.slug), undefined);
    }
    this.unit.put(keys.slug(slugKey), project.id);
    this.unit.rank(keys.slugs, slugKey, 0);
    const { issueCount, releaseCount } = before ?? { issueCount: 0, releaseCount: 0 };
    this.unit.put(keys.project(project.id), { project, issueCount, releaseCount });
  }

  async #saveRelease(projectId: string, release: Release): Promise<void> {
    const { name, orderKey, number, lineNumber } = release;
    await this.#removeRelease(projectId, name);
    this.unit.put(keys.release(projectId, name), release);
    this.unit.put(keys.releaseAt(projectId, orderKey), release);
    this.unit.rank(keys.releases(projectId), JSON.stringify(name), 0);
    const stored = await this.#requireProject(projectId);
    const releaseCount = Math.max(stored.releaseCount, number, lineNumber);
    this.unit.put(keys.project(projectId), { ...stored, releaseCount });
  }

  async #removeRelease(projectId: string, name: string): Promise<void> {
    const release = await this.unit.get<Release>(keys.release(projectId, name));
    if (release === undefined) return;
    this.unit.put(keys.release(projectId, name), undefined);
    this.unit.put(keys.releaseAt(projectId, release.orderKey), undefined);
    this.unit.rank(keys.releases(projectId), JSON.stringify(name), undefined);
  }

  /** Writes the timelines of the projects whose releases have changed. New releases are rare: it may read all of them. */
  async #summarizeReleases({ deletedReleases = [], releases = [] }: StoreChanges): Promise<void> {
    for (const projectId of unique([...deletedReleases, ...releases].map((each) => each.projectId))) {
      this.unit.put(keys.timeline(projectId), timelineOf(await this.allReleases(projectId)));
    }
  }

  async #moveMarks({ projectId, from, to }: MarkMove): Promise<void> {
    for (const { member: issueId } of await this.unit.ranked(keys.marked(projectId, from))) {
      const marks = await this.#marksOf(issueId);
      const moved = marks.find(({ orderKey }) => orderKey === from);
      await this.#removeMark(issueId, from);
      if (moved === undefined || to === null) continue;
      const present = marks.find(({ orderKey }) => orderKey === to);
      const mark = present === undefined ? moved : mergeMarks(present, moved);
      await this.#saveMark(issueId, { ...mark, orderKey: to });
    }
  }

  async #requireProject(id: string): Promise<StoredProject> {
    const [stored] = await this.findProjects({ ids: [id] });
    if (stored === undefined) throw new IssueLifecycleError("store-failed", "The store has no such project.");
    return stored;
  }

  async #addIssue({ issue, group }: NewIssue): Promise<void> {
    const stored = await this.#requireProject(issue.projectId);
    const taken = present(await this.unit.all([keys.issue(issue.id), keys.group(group)]));
    if (taken.length > 0 || issue.number <= stored.issueCount) throw conflict();
    this.unit.put(keys.project(issue.projectId), { ...stored, issueCount: issue.number });
    this.unit.put(keys.group(group), issue.id);
    this.unit.rank(keys.numbers(issue.projectId), issue.id, issue.number);
    this.#putIssue({ issue, groups: [group] });
  }

  async #addGroup({ issueId, group }: IssueGroup): Promise<void> {
    const document = await this.unit.get<IssueDocument>(keys.issue(issueId));
    if (document === undefined || (await this.unit.get(keys.group(group))) !== undefined) throw conflict();
    this.unit.put(keys.group(group), issueId);
    this.#putIssue({ ...document, groups: [...document.groups, group] });
  }

  async #updateIssue({ after }: IssueUpdate): Promise<void> {
    const document = await this.unit.get<IssueDocument>(keys.issue(after.id));
    if (document !== undefined) this.#putIssue({ ...document, issue: after });
  }

  #putIssue(document: IssueDocument): void {
    const { id, number, projectId, state } = document.issue;
    this.unit.put(keys.issue(id), document);
    const waits = state.status === "resolved" && state.resolution.kind === "by-next";
    this.unit.rank(keys.awaitingNext(projectId), id, waits ? number : undefined);
    this.unit.rank(keys.toWake, id, wakeTimeOf(state));
  }

  async #marksOf(issueId: string): Promise<ReleaseMark[]> {
    return (await this.unit.get<ReleaseMark[]>(keys.marks(issueId))) ?? [];
  }

  async #saveMark(issueId: string, mark: ReleaseMark): Promise<void> {
    const others = (await this.#marksOf(issueId)).filter(({ orderKey }) => orderKey !== mark.orderKey);
    this.unit.put(keys.marks(issueId), [...others, mark]);
    await this.#rankMark(issueId, mark.orderKey, mark.last === "fixed" ? FIXED : SEEN);
  }

  async #removeMark(issueId: string, orderKey: string): Promise<void> {
    const others = (await this.#marksOf(issueId)).filter((mark) => mark.orderKey !== orderKey);
    this.unit.put(keys.marks(issueId), others);
    await this.#rankMark(issueId, orderKey, undefined);
  }

  async #rankMark(issueId: string, orderKey: string, score: number | undefined): Promise<void> {
    const [issue] = await this.findIssues({ ids: [issueId] });
    if (issue !== undefined) this.unit.rank(keys.marked(issue.projectId, orderKey), issueId, score);
  }

  #saveUser(user: IssueUser): void {
    this.unit.put(keys.user(user), user);
    this.unit.rank(keys.usersByDay(user.issueId), user.user, user.lastDay);
    this.unit.rank(keys.usersByTurn(user.issueId), user.user, user.lastTurn);
  }

  async #setBackUsers({ issueId, day }: LatestUserDay): Promise<void> {
    const later = await this.unit.highest(keys.usersByDay(issueId), day + 1, Number.MAX_SAFE_INTEGER);
    const users = await this.findUsers(later.map((user) => ({ issueId, user })));
    for (const user of present(users)) this.#saveUser({ ...user, lastDay: day });
  }

  async #removeUsers(issueId: string): Promise<void> {
    for (const { member: user } of await this.unit.ranked(keys.usersByDay(issueId))) {
      this.unit.put(keys.user({ issueId, user }), undefined);
      this.unit.rank(keys.usersByDay(issueId), user, undefined);
      this.unit.rank(keys.usersByTurn(issueId), user, undefined);
    }
  }

  async #addTurningPoint(point: TurningPoint): Promise<void> {
    const history = (await this.unit.get<TurningPoint[]>(keys.history(point.issueId))) ?? [];
    this.unit.put(keys.history(point.issueId), [...history, point]);
  }

  async #addEvent(event: StoredEvent): Promise<void> {
    if ((await this.unit.get(keys.event(event))) !== undefined) throw conflict();
    this.unit.put(keys.event(event), event);
    this.unit.rank(keys.events(event.projectId), JSON.stringify(event.id), 0);
  }

  /** Removes an issue and what belongs to it; its events stay until they are evicted. */
  async #deleteIssue(id: string): Promise<void> {
    const document = await this.unit.get<IssueDocument>(keys.issue(id));
    if (document === undefined) return;
    const { projectId } = document.issue;
    const marked = (await this.#marksOf(id)).map(({ orderKey }) => keys.marked(projectId, orderKey));
    for (const set of [keys.numbers(projectId), keys.awaitingNext(projectId), keys.toWake, ...marked]) {
      this.unit.rank(set, id, undefined);
    }
    const groups = document.groups.map(keys.group);
    const own = [keys.issue(id), ...groups, keys.history(id), keys.counter(id), keys.marks(id)];
    for (const key of own) this.unit.put(key, undefined);
    await this.#removeUsers(id);
    await this.outbox.removeOf(id);
  }
}

/** The scores of marks. */
const [SEEN, FIXED] = [0, 1];

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function conflict(): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", "Another transaction stored this first.", { retryable: true });
}

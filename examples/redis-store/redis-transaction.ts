import { IssueLifecycleError } from "issue-lifecycle";
import {
  slugKeyOf,
  type Issue,
  type Project,
  type Release,
  type ReleaseMark,
  type ReleaseTimeline,
  type TurningPoint,
} from "issue-lifecycle/core";
import type {
  EvictionRequest,
  EvictionStep,
  Loaded,
  LoadedIssues,
  LoadRequest,
  LockSelection,
  NewIssue,
  IssueUpdate,
  StoreChanges,
  StoredEvent,
  StoreTransaction,
} from "issue-lifecycle/store";
import { keys, type IssueDocument } from "./documents.ts";
import { present, RedisReader } from "./redis-reader.ts";

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
    for (const { projectId, release } of changes.releases ?? []) await this.#saveRelease(projectId, release);
    for (const newIssue of changes.newIssues ?? []) await this.#addIssue(newIssue);
    for (const update of changes.updates ?? []) await this.#updateIssue(update);
    for (const [issueId, bytes] of changes.counters ?? []) this.unit.put(keys.counter(issueId), base64(bytes));
    for (const { issueId, mark } of changes.marks ?? []) await this.#saveMark(issueId, mark);
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
    const { projectIds = [], events = [], groups = [], releases = [], timelines = [] } = request;
    const stored = await this.unit.all<StoredEvent>(events.map(keys.event));
    const ids = await this.unit.all<string>(groups.map(keys.group));
    const ofGroups = new Map((await this.findIssues({ ids: present(ids) })).map((issue) => [issue.id, issue]));
    const issues = request.issues === undefined ? [] : await this.#select(request.issues);
    const found = await this.findReleases(releases);
    const unknown = releases.filter((_, index) => found[index]?.standing !== "known");
    const projects = await this.findProjects({
      ids: unique([...projectIds, ...[...groups, ...issues].map(({ projectId }) => projectId)]),
    });
    return {
      projects: new Map(projects.map((each) => [each.project.id, each])),
      duplicateOf: stored.map((event) => event?.issueId),
      grouped: ids.map((id) => ofGroups.get(id ?? "")),
      issues,
      releases: found,
      timelines: await this.findTimelines(unique([...timelines, ...unknown.map(({ projectId }) => projectId)])),
    };
  }

  async #select(selection: LockSelection): Promise<readonly Issue[]> {
    if ("ids" in selection) return this.findIssues(selection);
    const ranked =
      "awaitingNextIn" in selection
        ? await this.unit.ranked(keys.awaitingNext(selection.awaitingNextIn))
        : (await this.unit.ranked(keys.toWake)).filter(({ score }) => score <= selection.wakesUntil);
    return this.findIssues({ ids: ranked.slice(0, selection.limit).map(({ member }) => member) });
  }

  /** Reads the documents that changes refer to in one round trip: later reads of the transaction find them in memory. */
  async #prefetch({ updates = [], marks = [], turningPoints = [], events = [] }: StoreChanges): Promise<void> {
    await this.unit.all([
      ...updates.map(({ after }) => keys.issue(after.id)),
      ...marks.flatMap(({ issueId }) => [keys.marks(issueId), keys.issue(issueId)]),
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
    this.unit.put(keys.project(project.id), { project, issueCount: before?.issueCount ?? 0 });
  }

  async #saveRelease(projectId: string, release: Release): Promise<void> {
    const key = keys.release(projectId, release.version);
    const before = await this.unit.get<Release>(key);
    if (before !== undefined && before.orderKey !== release.orderKey) await this.#moveMarks(projectId, release);
    this.unit.put(key, release);
    this.unit.rank(keys.releases(projectId), JSON.stringify(release.version), 0);
    const timeline = await this.unit.get<ReleaseTimeline>(keys.timeline(projectId));
    this.unit.put(keys.timeline(projectId), including(timeline, release));
  }

  /** Gives all marks for a release its order key. */
  async #moveMarks(projectId: string, { version, orderKey }: Release): Promise<void> {
    for (const { member } of await this.unit.ranked(keys.marked(projectId, version))) {
      const marks = (await this.unit.get<ReleaseMark[]>(keys.marks(member))) ?? [];
      const moved = marks.map((mark) => (mark.version === version ? { ...mark, orderKey } : mark));
      this.unit.put(keys.marks(member), moved);
    }
  }

  async #addIssue({ issue, group }: NewIssue): Promise<void> {
    const [stored] = await this.findProjects({ ids: [issue.projectId] });
    if (stored === undefined) throw new IssueLifecycleError("store-failed", "The store has no such project.");
    const taken = present(await this.unit.all([keys.issue(issue.id), keys.group(group)]));
    if (taken.length > 0 || issue.number <= stored.issueCount) throw conflict();
    this.unit.put(keys.project(issue.projectId), { ...stored, issueCount: issue.number });
    this.unit.put(keys.group(group), issue.id);
    this.unit.rank(keys.numbers(issue.projectId), issue.id, issue.number);
    this.#putIssue({ issue, group });
  }

  async #updateIssue({ after }: IssueUpdate): Promise<void> {
    const document = await this.unit.get<IssueDocument>(keys.issue(after.id));
    if (document !== undefined) this.#putIssue({ issue: after, group: document.group });
  }

  #putIssue({ issue, group }: IssueDocument): void {
    const { id, number, projectId, state } = issue;
    this.unit.put(keys.issue(id), { issue, group });
    const waits = state.status === "resolved" && state.resolution.kind === "by-next";
    this.unit.rank(keys.awaitingNext(projectId), id, waits ? number : undefined);
    const deadline = state.status === "muted" ? state.mute.deadline : null;
    this.unit.rank(keys.toWake, id, deadline?.wakeOn === "deadline" ? deadline.at : undefined);
  }

  async #saveMark(issueId: string, mark: ReleaseMark): Promise<void> {
    const marks = (await this.unit.get<ReleaseMark[]>(keys.marks(issueId))) ?? [];
    this.unit.put(keys.marks(issueId), [...marks.filter(({ version }) => version !== mark.version), mark]);
    const [issue] = await this.findIssues({ ids: [issueId] });
    if (issue !== undefined) this.unit.rank(keys.marked(issue.projectId, mark.version), issueId, 0);
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
    const marks = (await this.unit.get<ReleaseMark[]>(keys.marks(id))) ?? [];
    const marked = marks.map(({ version }) => keys.marked(projectId, version));
    for (const set of [keys.numbers(projectId), keys.awaitingNext(projectId), keys.toWake, ...marked]) {
      this.unit.rank(set, id, undefined);
    }
    const own = [keys.issue(id), keys.group(document.group), keys.history(id), keys.counter(id), keys.marks(id)];
    for (const key of own) this.unit.put(key, undefined);
    await this.outbox.removeOf(id);
  }
}

/** A timeline with one more release, or with a release replaced. */
function including(timeline: ReleaseTimeline | undefined, release: Release): Partial<ReleaseTimeline> {
  const { head, latest } = timeline ?? {};
  const count = Math.max(timeline?.count ?? 0, release.number);
  if (release.standing === "announced") return { head, latest, count };
  const isAfter = (other: Release | undefined): boolean => other === undefined || release.orderKey > other.orderKey;
  return {
    head: isAfter(head) ? release : head,
    latest: release.version !== "" && isAfter(latest) ? release : latest,
    count,
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function conflict(): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", "Another transaction stored this first.", { retryable: true });
}

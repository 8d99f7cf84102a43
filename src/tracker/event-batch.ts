import { isAhead } from "../core/clock-recovery.ts";
import type { IssueLifecycleError } from "../core/errors.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { mayChangeStates, type Project } from "../core/project.ts";
import type { ReleaseOrder } from "../core/release-order.ts";
import { endOfLine, type Release } from "../core/release.ts";
import { corruptData, corruptIssue, isCorruptData, isUnreadable, type Unreadable } from "../core/unreadable.ts";
import type {
  DetailRequest,
  EventRef,
  IssueGroup,
  Loaded,
  LoadedIssues,
  LoadRequest,
  MarkRequest,
  ReleaseRef,
  StoredProject,
  StoreReader,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import { GroupLookups, type EventGroupLookups, type GroupLookup } from "./group-lookups.ts";
import { countUsers } from "./issue-users.ts";
import type { MergedGroups } from "./merged-groups.ts";
import { LookupSet, type Lookup } from "./lookup-set.ts";
import { NOT_PLACED, ProjectReleases, type NewRelease } from "./project-releases.ts";
import { userHash } from "./user-hash.ts";
import { WorkingIssue, type ExpectedEvent } from "./working-issue.ts";

/** An event with its lookups. */
interface EventLookups extends EventGroupLookups {
  readonly event: CheckedEvent;
  /** The id of the event's issue, if the event is stored. */
  readonly stored: Lookup<EventRef, string>;
  readonly releases: ProjectReleases;
  /** Whether an earlier event of the batch has the same id. */
  readonly isRepeated: boolean;
}

/** An event that has to be applied to its issue. */
export interface NewEntry extends ExpectedEvent {
  readonly kind: "new";
  readonly stored: Lookup<EventRef, string>;
  readonly project: StoredProject;
  readonly issue: WorkingIssue;
}

/** An event that is stored already, or has the id of an earlier event of the batch. */
interface DuplicateEntry {
  readonly kind: "duplicate";
  readonly event: CheckedEvent;
  readonly stored: Lookup<EventRef, string>;
}

/** An event whose issue cannot be read. Nothing of it is stored. */
interface RefusedEntry {
  readonly kind: "refused";
  readonly event: CheckedEvent;
  readonly issueId: string;
  readonly error: IssueLifecycleError;
}

/** The rules and the time by which a batch is applied. */
export interface BatchContext {
  /** The version of the grouping strategy. */
  readonly strategy: string;
  /** The groups that are known to be merged. The batch adds what it finds. */
  readonly merged: MergedGroups;
  readonly releaseOrder: ReleaseOrder;
  readonly now: Instant;
  /** An event that was received before this instant is old. */
  readonly quietBefore: Instant;
}

/**
 * A batch of events with the stored data that they need. Load {@link EventBatch.request}, whose `details` prepare the
 * entries and issues, then call {@link EventBatch.restore}.
 */
export class EventBatch {
  /** The events, in order. */
  readonly entries: (NewEntry | DuplicateEntry | RefusedEntry)[] = [];
  /** The issues of the new events. */
  readonly issues: WorkingIssue[] = [];
  /** The groups that lead to issues of former groups from now on. */
  readonly addedGroups: IssueGroup[] = [];
  /** The projects whose releases have to be placed anew before the batch can be applied. */
  readonly toPlace: string[] = [];
  /** The events whose project does not exist: the batch has to be made anew without them. */
  readonly ofUnknownProjects: CheckedEvent[] = [];
  /** Issues that those of the events are merged into, or have for parts: the batch has to be made anew with them. */
  readonly missing = new Set<string>();
  readonly #events: readonly EventLookups[];
  readonly #context: BatchContext;
  readonly #stored = new LookupSet<EventRef, string>((projectId, id) => ({ projectId, id }));
  readonly #groups: GroupLookups;
  readonly #releases = new Map<string, ProjectReleases>();
  /** The issues of the new events, by the ids of stored ones, and by the groups that open others. */
  readonly #working = new Map<string | GroupLookup, WorkingIssue>();
  /** The issues whose counters are loaded, by id. */
  readonly #needCounters = new Map<string, WorkingIssue>();
  /** The requested marks. */
  #needMarks: NeededMark[] = [];
  readonly #unreadable: ReadonlyMap<string, IssueLifecycleError>;
  readonly #related: ReadonlySet<string>;
  #byProject: ReadonlyMap<string, readonly WorkingIssue[]> | undefined;
  #waiting: ReadonlyMap<string, readonly WorkingIssue[]> | undefined;

  /**
   * @param unreadable - issues that are known to be unreadable, by id
   * @param related - issues to load that others are merged into, or have for parts
   */
  constructor(
    events: readonly CheckedEvent[],
    context: BatchContext,
    unreadable: ReadonlyMap<string, IssueLifecycleError>,
    related: ReadonlySet<string>,
  ) {
    this.#unreadable = unreadable;
    this.#context = context;
    this.#groups = new GroupLookups(context.strategy);
    this.#events = events.map((event) => {
      const { projectId, id } = event;
      const distinct = this.#stored.size;
      const stored = this.#stored.add(projectId, id);
      const isRepeated = this.#stored.size === distinct;
      const releases = this.#releasesOf(projectId);
      releases.addEventRelease(event.release);
      return { event, stored, isRepeated, ...this.#groups.add(event), releases };
    });
    const { merged } = context;
    const others = (merged.isEmpty ? [] : this.#events).flatMap(({ group, formerGroups }) =>
      [group, ...formerGroups].flatMap(({ ref }) => merged.otherOf(ref) ?? []),
    );
    this.#related = others.length === 0 ? related : new Set([...related, ...others]);
  }

  /** What to load. */
  get request(): LoadRequest {
    const releases = this.#releaseRefs();
    return {
      events: this.#stored.refs(),
      groups: this.#groups.refs(),
      formerGroups: this.#groups.formerRefs(),
      releases,
      ...(this.#related.size > 0 && { issues: { ids: [...this.#related] } }),
      details: (loaded) => {
        this.#prepare(loaded, releases);
        return this.#isToBeMadeAnew ? {} : this.#details();
      },
    };
  }

  /** The issues of the new events of a project. */
  issuesOf(projectId: string): readonly WorkingIssue[] {
    this.#byProject ??= Map.groupBy(this.issues, ({ project }) => project.id);
    return this.#byProject.get(projectId) ?? [];
  }

  /** Those of them that waited for the next release when they were loaded. */
  waitingIssuesOf(projectId: string): readonly WorkingIssue[] {
    this.#waiting ??= Map.groupBy(
      this.issues.filter((issue) => issue.awaitsNext),
      ({ project }) => project.id,
    );
    return this.#waiting.get(projectId) ?? [];
  }

  /** The releases that become known by the new events, by project. */
  *newReleases(): Iterable<{ readonly projectId: string; readonly newRelease: NewRelease }> {
    for (const entry of this.entries) {
      const newRelease = entry.kind === "new" ? entry.newRelease : undefined;
      if (newRelease !== undefined) yield { projectId: entry.event.projectId, newRelease };
    }
  }

  /**
   * Gives the issues their stored counters and marks, and reads what only some of them need.
   *
   * @returns the issues whose counter or marks cannot be read, by id: the batch has to be made anew, with them as unreadable
   */
  async restore(
    { counters, marks, projects }: Loaded,
    reader: StoreReader,
  ): Promise<ReadonlyMap<string, IssueLifecycleError>> {
    const unreadable = new Map<string, IssueLifecycleError>();
    if (this.#isToBeMadeAnew) return unreadable;
    for (const [id, issue] of this.#needCounters) {
      try {
        issue.setCounter(counters.get(id));
      } catch (error) {
        if (!isCorruptData(error)) throw error;
        unreadable.set(id, corruptIssue(id, error));
      }
    }
    this.#setMarks(marks, unreadable);
    await this.#readReleases(projects, reader);
    if (this.toPlace.length > 0) return unreadable;
    const requests = this.#marksOfUnnamedAndNext();
    if (requests.length > 0) this.#setMarks(await reader.findMarks(requests), unreadable);
    if (unreadable.size === 0) await this.#readUsers(reader);
    return unreadable;
  }

  get #isToBeMadeAnew(): boolean {
    return this.toPlace.length > 0 || this.ofUnknownProjects.length > 0 || this.missing.size > 0;
  }

  /** Reads the users of the events, and counts those that conditions ask for. */
  async #readUsers(reader: StoreReader): Promise<void> {
    await countUsers(
      reader,
      this.issues.map((issue) => issue.neededUserCounts()).filter((wanted) => wanted !== undefined),
    );
    const needed = this.issues.flatMap((issue) => issue.neededUsers().map((ref) => ({ issue, ref })));
    if (needed.length === 0) return;
    const found = await reader.findUsers(needed.map(({ ref }) => ref));
    needed.forEach(({ issue, ref }, index) => {
      issue.setStoredUser(ref.user, found[index]);
    });
  }

  #setMarks(marks: Loaded["marks"], unreadable: Map<string, IssueLifecycleError>): void {
    for (const [index, { id, issue }] of this.#needMarks.entries()) {
      for (const mark of marks[index] ?? []) {
        if (isUnreadable(mark)) unreadable.set(id, corruptIssue(id, mark.error));
        else if (mark.releasedAt !== null && isAhead(mark.releasedAt, this.#context.now))
          this.toPlace.push(issue.project.id);
        else issue.setStoredMark(mark);
      }
    }
  }

  /** Reads the releases that decide about events besides their own: of other lines, and for events without a release. */
  async #readReleases(projects: Loaded["projects"], reader: StoreReader): Promise<void> {
    for (const issue of this.issues) issue.needReleases();
    const claimed = [...this.#releases.values()].flatMap((releases) =>
      releases.claimedRefs().map((ref) => ({ ref, releases })),
    );
    if (claimed.length > 0) {
      const found = await reader.findReleases(claimed.map(({ ref }) => ref));
      claimed.forEach(({ releases }, index) => {
        releases.setClaimed(found[index]);
      });
    }
    const withUnnamed = new Set<ProjectReleases>();
    for (const entry of this.entries) {
      if (entry.kind !== "new" || entry.named !== undefined) continue;
      if (knowsReleases(projects.get(entry.event.projectId))) withUnnamed.add(entry.issue.releases);
    }
    const requests = Array.from(withUnnamed, (releases) => releases.neededTimeline()).filter(
      (each) => each !== undefined,
    );
    if (requests.length > 0) {
      const timelines = await reader.findTimelines(requests);
      for (const releases of withUnnamed) {
        const timeline = timelines.get(releases.projectId);
        if (timeline !== undefined) releases.setStoredTimeline(timeline);
      }
    }
    if (claimed.length > 0 || requests.length > 0) this.#checkPlaces();
  }

  /** The marks that events without a release need, and those of issues that wait for the next release in lines that get one. */
  #marksOfUnnamedAndNext(): MarkRequest[] {
    this.#needMarks = [];
    const newLines = new Map<string, Set<number>>();
    for (const { projectId, newRelease } of this.newReleases()) {
      const { becameLatest, lineNumber } = newRelease.release;
      if (becameLatest) newLines.set(projectId, (newLines.get(projectId) ?? new Set()).add(lineNumber));
    }
    return this.issues.flatMap((issue) => {
      const { id, project } = issue;
      if (id === undefined) return [];
      const lines = issue.awaitsNext ? (newLines.get(project.id) ?? []) : [];
      const ofLines = Array.from(lines, (line) => ({ issueId: id, upTo: endOfLine(line), limit: 1 }));
      const requests = [...issue.neededMarksOfUnnamed(), ...ofLines];
      for (const _ of requests) this.#needMarks.push({ id, issue });
      return requests;
    });
  }

  #prepare(loaded: LoadedIssues, refs: readonly ReleaseRef[]): void {
    const { projects } = loaded;
    this.#stored.fill(loaded.duplicateOf);
    this.#groups.fill(loaded);
    this.#fillReleases(refs, loaded.releases, loaded.timelines);
    if (this.toPlace.length > 0) return;
    const refusedIds = new Set<Lookup<EventRef, string>>();
    const related = new Map(loaded.issues.map((each) => [each.id, each]));
    for (const { event, stored, isRepeated, group, formerGroups, releases: ofProject } of this.#events) {
      const project = projects.get(event.projectId);
      if (project === undefined) {
        this.ofUnknownProjects.push(event);
        continue;
      }
      if (stored.found !== undefined || (isRepeated && !refusedIds.has(stored))) {
        this.entries.push({ kind: "duplicate", event, stored });
        continue;
      }
      const former = formerGroups.find(({ found }) => found !== undefined)?.found;
      const known = this.#checked(former ?? group.found);
      const found = this.#familyOf(known, related);
      this.#context.merged.note(group.ref, known === undefined ? undefined : otherOf(known));
      if (found === undefined) continue;
      if (isUnreadable(found)) {
        this.entries.push({ kind: "refused", event, issueId: found.id, error: found.error });
        refusedIds.add(stored);
        continue;
      }
      refusedIds.delete(stored);
      if (former !== undefined) this.#addGroup(group, former);
      const workingIssue = (issue: Issue | undefined): WorkingIssue =>
        this.#workingIssue(issue, group, project.project, ofProject);
      const issue = workingIssue(found.issue);
      const part = found.part && { issue: workingIssue(found.part), isMember: found.isMember };
      const isOld = event.receivedAt < this.#context.quietBefore;
      const entry = newEntry({ event, stored, project, issue, part, isOld });
      issue.addEvent(entry);
      part?.issue.addEvent(entry);
      this.entries.push(entry);
    }
  }

  /**
   * The issue that has the state of an issue, and the part of it that counts the events of that.
   *
   * @param related - the other issues that were loaded, by id
   * @returns `undefined` if one of them is missing
   */
  #familyOf(
    known: Issue | Unreadable | undefined,
    related: ReadonlyMap<string, Issue | UnreadableIssue>,
  ): IssueFamily | Unreadable | undefined {
    if (known === undefined || isUnreadable(known)) return known ?? NEW_ISSUE;
    const isMember = known.state.status === "merged";
    const otherId = otherOf(known);
    if (otherId === undefined) return { issue: known, part: undefined, isMember };
    const other = this.#checked(related.get(otherId));
    if (other === undefined && !this.#related.has(otherId)) {
      this.missing.add(otherId);
      return undefined;
    }
    if (other === undefined)
      return { id: known.id, error: isMember ? mergedIntoNone(known.id) : withoutOwnPart(known.id) };
    if (isUnreadable(other)) return other;
    return isMember ? { issue: other, part: known, isMember } : { issue: known, part: other, isMember };
  }

  /** Lets a group lead to the issue of a former one, unless it leads to an issue already, or opens one in this batch. */
  #addGroup(group: GroupLookup, former: Issue | UnreadableIssue): void {
    if (group.found !== undefined || this.#working.has(group)) return;
    group.found = former;
    this.addedGroups.push({ group: group.ref, issueId: former.id });
  }

  /** The issue of an event, which the group opens if there is none. */
  #workingIssue(
    known: Issue | undefined,
    group: GroupLookup,
    project: Project,
    releases: ProjectReleases,
  ): WorkingIssue {
    const name = known?.id ?? group;
    let issue = this.#working.get(name);
    if (issue === undefined) {
      issue = new WorkingIssue(releases, project, group.ref, known, this.#context.now);
      this.#working.set(name, issue);
      this.issues.push(issue);
    }
    return issue;
  }

  /** An issue, or what stands for it because it, its counter or its marks cannot be read. */
  #checked(issue: Issue | UnreadableIssue | undefined): Issue | Unreadable | undefined {
    const error = issue && this.#unreadable.get(issue.id);
    return issue === undefined || error === undefined ? issue : { id: issue.id, error };
  }

  #releasesOf(projectId: string): ProjectReleases {
    let releases = this.#releases.get(projectId);
    if (releases === undefined) {
      releases = new ProjectReleases(projectId, this.#context.releaseOrder);
      this.#releases.set(projectId, releases);
    }
    return releases;
  }

  #releaseRefs(): ReleaseRef[] {
    return [...this.#releases.values()].flatMap((releases) => releases.refs());
  }

  #fillReleases(
    refs: readonly ReleaseRef[],
    found: LoadedIssues["releases"],
    timelines: LoadedIssues["timelines"],
  ): void {
    const byProject = new Map<string, Map<string, Release>>();
    refs.forEach(({ projectId, name }, index) => {
      const release = found[index];
      if (release === undefined) return;
      const ofProject = byProject.get(projectId) ?? new Map<string, Release>();
      byProject.set(projectId, ofProject.set(name, release));
    });
    for (const [projectId, releases] of this.#releases) {
      releases.fill(byProject.get(projectId) ?? new Map<string, Release>(), timelines.get(projectId));
    }
    this.#checkPlaces();
  }

  #checkPlaces(): void {
    for (const [projectId, releases] of this.#releases) {
      if (releases.needsPlacing(this.#context.now)) this.toPlace.push(projectId);
    }
  }

  #details(): DetailRequest {
    const marks: MarkRequest[] = [];
    const formerKeys = new Map<string, string[]>();
    for (const { projectId, newRelease } of this.newReleases()) {
      const { announcedKey, release } = newRelease;
      if (announcedKey === null || announcedKey === release.orderKey) continue;
      formerKeys.set(projectId, [...(formerKeys.get(projectId) ?? []), announcedKey]);
    }
    for (const issue of this.issues) {
      const id = issue.neededCounter();
      if (id !== undefined) this.#needCounters.set(id, issue);
      for (const request of issue.neededMarks(formerKeys.get(issue.project.id) ?? [])) {
        marks.push(request);
        this.#needMarks.push({ id: request.issueId, issue });
      }
    }
    return { counters: [...this.#needCounters.keys()], marks };
  }
}

/** An event of an issue, with its release, unless its environment changes no states: then it makes none known. */
function newEntry(parts: Pick<NewEntry, "event" | "stored" | "project" | "issue" | "part" | "isOld">): NewEntry {
  const { event, stored, project, issue, part, isOld } = parts;
  const { projectId, userId, environment } = event;
  const mayChangeState = mayChangeStates(project.project, environment);
  const { named, newRelease, newest } = mayChangeState ? issue.releases.place(event) : NOT_PLACED;
  const user = userId === undefined ? null : userHash(projectId, userId);
  return { kind: "new", event, user, isOld, mayChangeState, named, newRelease, newest, stored, project, issue, part };
}

/** The issue of an event. */
interface IssueFamily {
  /** The one that has the state; `undefined` for one that the event opens. */
  readonly issue: Issue | undefined;
  /** The part of it that counts the event too; `undefined` for an issue into which none is merged. */
  readonly part: Issue | undefined;
  /** Whether that is an issue that was merged into the other one. */
  readonly isMember: boolean;
}

/** The id of the issue that counts an issue's events too. */
function otherOf(known: Issue | Unreadable): string | undefined {
  if (isUnreadable(known)) return undefined;
  return known.state.status === "merged" ? known.state.into : known.parts?.ownPart;
}

const NEW_ISSUE: IssueFamily = { issue: undefined, part: undefined, isMember: false };

function mergedIntoNone(id: string): IssueLifecycleError {
  const reason = new Error("The issue that it was merged into does not exist.");
  return corruptData(`Issue ${id}`, "issues.unmerge() lets it be one of its own.", reason);
}

function withoutOwnPart(id: string): IssueLifecycleError {
  return corruptIssue(id, new Error("Its own part does not exist."));
}

/** A requested mark of an issue. */
interface NeededMark {
  readonly id: string;
  readonly issue: WorkingIssue;
}

function knowsReleases(project: StoredProject | undefined): boolean {
  return project !== undefined && project.releaseCount > 0;
}

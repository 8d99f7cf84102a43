import type { IssueLifecycleError } from "../core/errors.ts";
import type { CheckedEvent } from "../core/event.ts";
import type { Issue } from "../core/issue.ts";
import {
  EMPTY_TIMELINE,
  registerRelease,
  type KnownRelease,
  type Release,
  type ReleaseTimeline,
} from "../core/release.ts";
import { corruptIssue, isCorruptData, isUnreadable, type Unreadable } from "../core/unreadable.ts";
import type {
  DetailRequest,
  EventRef,
  GroupRef,
  Loaded,
  LoadedIssues,
  LoadRequest,
  MarkRequest,
  ProjectRelease,
  ReleaseRef,
  StoredProject,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import { projectNotFound } from "./projects.ts";
import { WorkingIssue } from "./working-issue.ts";

/** A reference to look up, shared by all events of a batch that have it, and the result. */
interface Lookup<Ref, Found> {
  readonly ref: Ref;
  found: Found | undefined;
}

/** An event with its lookups. */
interface EventLookups {
  readonly event: CheckedEvent;
  /** The id of the event's issue, if the event is stored. */
  readonly stored: Lookup<EventRef, string>;
  readonly group: Lookup<GroupRef, Issue | UnreadableIssue>;
  readonly release: Lookup<ReleaseRef, Release>;
  /** Whether an earlier event of the batch has the same id. */
  readonly isRepeated: boolean;
}

/** An event that has to be applied to its issue. */
export interface NewEntry {
  readonly kind: "new";
  readonly event: CheckedEvent;
  readonly stored: Lookup<EventRef, string>;
  readonly project: StoredProject;
  readonly issue: WorkingIssue;
  readonly release: KnownRelease;
  /** Whether this event makes its release the latest of the project. */
  readonly becomesLatest: boolean;
  /** The former order key of an announced release that gets another one because this event is its first. */
  readonly formerKey: string | null;
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

/**
 * A batch of events with the stored data that they need. Load {@link EventBatch.request}, whose `details` prepare the
 * entries and issues, then call {@link EventBatch.restore}.
 */
export class EventBatch {
  /** The events, in order. */
  readonly entries: (NewEntry | DuplicateEntry | RefusedEntry)[] = [];
  /** The issues of the new events. */
  readonly issues: WorkingIssue[] = [];
  /** The releases that become known by the new events. */
  readonly registered: ProjectRelease[] = [];
  readonly #events: readonly EventLookups[];
  readonly #stored = new LookupSet<EventRef, string>((projectId, id) => ({ projectId, id }));
  readonly #groups: LookupSet<GroupRef, Issue | UnreadableIssue>;
  readonly #releases = new LookupSet<ReleaseRef, Release>((projectId, version) => ({ projectId, version }));
  /** The former order keys of releases that get another one, by project. */
  readonly #formerKeys = new Map<string, string[]>();
  /** The issues whose counters are loaded, by id. */
  readonly #needCounters = new Map<string, WorkingIssue>();
  /** The issue of each requested mark. */
  readonly #needMarks: { readonly id: string; readonly issue: WorkingIssue }[] = [];
  readonly #unreadable: ReadonlyMap<string, IssueLifecycleError>;

  /**
   * @param strategy - the version of the grouping strategy
   * @param unreadable - issues that are known to be unreadable, by id
   */
  constructor(
    events: readonly CheckedEvent[],
    strategy: string,
    unreadable: ReadonlyMap<string, IssueLifecycleError> = new Map(),
  ) {
    this.#unreadable = unreadable;
    this.#groups = new LookupSet((projectId, key) => ({ projectId, strategy, key }));
    this.#events = events.map((event) => {
      const { projectId, id, groupingKey, release } = event;
      const distinct = this.#stored.size;
      const stored = this.#stored.add(projectId, id);
      const isRepeated = this.#stored.size === distinct;
      const group = this.#groups.add(projectId, groupingKey);
      return { event, stored, isRepeated, group, release: this.#releases.add(projectId, release) };
    });
  }

  /** What to load. */
  get request(): LoadRequest {
    return {
      events: this.#stored.refs(),
      groups: this.#groups.refs(),
      releases: this.#releases.refs(),
      details: (loaded) => {
        this.#prepare(loaded);
        return this.#details();
      },
    };
  }

  /**
   * Gives the issues their stored counters and marks.
   *
   * @returns the issues whose counter or marks cannot be read, by id: the batch has to be made anew, with them as unreadable
   */
  restore({ counters, marks }: Loaded): ReadonlyMap<string, IssueLifecycleError> {
    const unreadable = new Map<string, IssueLifecycleError>();
    for (const [id, issue] of this.#needCounters) {
      try {
        issue.setCounter(counters.get(id));
      } catch (error) {
        if (!isCorruptData(error)) throw error;
        unreadable.set(id, corruptIssue(id, error));
      }
    }
    for (const [index, { id, issue }] of this.#needMarks.entries()) {
      for (const mark of marks[index] ?? []) {
        if (isUnreadable(mark)) unreadable.set(id, corruptIssue(id, mark.error));
        else issue.setMark(mark);
      }
    }
    return unreadable;
  }

  #prepare({ projects, duplicateOf, grouped, releases, timelines }: LoadedIssues): void {
    this.#stored.fill(duplicateOf);
    this.#groups.fill(grouped);
    this.#releases.fill(releases);
    const issues = new Map<Lookup<GroupRef, Issue | UnreadableIssue>, WorkingIssue>();
    const refusedIds = new Set<Lookup<EventRef, string>>();
    const currentTimelines = new Map(timelines);
    for (const { event, stored, isRepeated, group, release: lookup } of this.#events) {
      const project = projects.get(event.projectId);
      if (project === undefined) throw projectNotFound(`${event.field}.projectId`, event.projectId);
      if (stored.found !== undefined || (isRepeated && !refusedIds.has(stored))) {
        this.entries.push({ kind: "duplicate", event, stored });
        continue;
      }
      const known = this.#checked(group.found);
      if (known !== undefined && isUnreadable(known)) {
        this.entries.push({ kind: "refused", event, issueId: known.id, error: known.error });
        refusedIds.add(stored);
        continue;
      }
      refusedIds.delete(stored);
      const placed = this.#place(event, lookup, currentTimelines);
      let issue = issues.get(group);
      if (issue === undefined) {
        issue = new WorkingIssue(project.project, group.ref, known);
        issues.set(group, issue);
        this.issues.push(issue);
      }
      issue.expect(event, placed.release);
      this.entries.push({ kind: "new", event, stored, project, issue, ...placed });
    }
  }

  /** An issue, or what stands for it because it, its counter or its marks cannot be read. */
  #checked(issue: Issue | UnreadableIssue | undefined): Issue | Unreadable | undefined {
    const error = issue && this.#unreadable.get(issue.id);
    return issue === undefined || error === undefined ? issue : { id: issue.id, error };
  }

  /** The release of an event. One that is not known becomes known by the event. */
  #place(
    { projectId, release: version, receivedAt }: CheckedEvent,
    lookup: Lookup<ReleaseRef, Release>,
    timelines: Map<string, ReleaseTimeline>,
  ): Pick<NewEntry, "release" | "becomesLatest" | "formerKey"> {
    const { found } = lookup;
    if (found?.standing === "known") return { release: found, becomesLatest: false, formerKey: null };
    const before = timelines.get(projectId) ?? EMPTY_TIMELINE;
    const { release, becameLatest, timeline } = registerRelease(before, version, receivedAt, found);
    lookup.found = release;
    timelines.set(projectId, timeline);
    this.registered.push({ projectId, release });
    const formerKey = found === undefined || found.orderKey === release.orderKey ? null : found.orderKey;
    if (formerKey !== null) this.#formerKeys.set(projectId, [...(this.#formerKeys.get(projectId) ?? []), formerKey]);
    return { release, becomesLatest: becameLatest, formerKey };
  }

  #details(): DetailRequest {
    const marks: MarkRequest[] = [];
    for (const issue of this.issues) {
      const id = issue.neededCounter();
      if (id !== undefined) this.#needCounters.set(id, issue);
      for (const request of issue.neededMarks(this.#formerKeys.get(issue.project.id) ?? [])) {
        marks.push(request);
        this.#needMarks.push({ id: request.issueId, issue });
      }
    }
    return { counters: [...this.#needCounters.keys()], marks };
  }
}

/** Distinct lookups. Project id and text are never joined into one key: two pairs could give the same key. */
class LookupSet<Ref, Found> {
  readonly #all: Lookup<Ref, Found>[] = [];
  readonly #byProject = new Map<string, Map<string, Lookup<Ref, Found>>>();
  readonly #makeRef: (projectId: string, text: string) => Ref;

  constructor(makeRef: (projectId: string, text: string) => Ref) {
    this.#makeRef = makeRef;
  }

  get size(): number {
    return this.#all.length;
  }

  /** The lookup of a text in a project: a new one, or the one that was added before. */
  add(projectId: string, text: string): Lookup<Ref, Found> {
    let ofProject = this.#byProject.get(projectId);
    if (ofProject === undefined) {
      ofProject = new Map();
      this.#byProject.set(projectId, ofProject);
    }
    let lookup = ofProject.get(text);
    if (lookup === undefined) {
      lookup = { ref: this.#makeRef(projectId, text), found: undefined };
      ofProject.set(text, lookup);
      this.#all.push(lookup);
    }
    return lookup;
  }

  refs(): Ref[] {
    return this.#all.map(({ ref }) => ref);
  }

  /** Sets the results, which are in the order of {@link LookupSet.refs}. */
  fill(found: readonly (Found | undefined)[]): void {
    this.#all.forEach((lookup, index) => {
      lookup.found = found[index];
    });
  }
}

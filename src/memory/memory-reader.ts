import { eventHead } from "../ports/event-head.ts";
import { eachWithPauses } from "../ports/pause.ts";
import type { Issue } from "../core/issue.ts";
import { EMPTY_TIMELINE, type Release, type ReleaseLine, type ReleaseTimeline } from "../core/release.ts";
import { markedRelease, type ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { OutboxReader } from "../ports/alert-outbox.ts";
import type {
  EventHead,
  EventPage,
  EventPageRequest,
  EventRef,
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
  UserCountRequest,
} from "../ports/issue-store.ts";
import { firstAfter, firstNotBefore } from "./journal.ts";
import { pageOfIssues } from "./memory-issue-page.ts";
import { countStored } from "./memory-counts.ts";
import { orderKeyOf, valuesAt, type MemoryTables } from "./memory-tables.ts";
import { countUsers } from "./memory-users.ts";

/** Reads the tables. */
export class MemoryReader<Outbox extends OutboxReader> implements StoreReader {
  readonly outbox: Outbox;
  protected readonly tables: MemoryTables;

  constructor(tables: MemoryTables, outbox: Outbox) {
    this.tables = tables;
    this.outbox = outbox;
  }

  async findProjects(selection: ProjectSelection): Promise<readonly StoredProject[]> {
    const { projects, projectIdsBySlug } = this.tables;
    if (selection === "all") {
      const slugKeys = [...projectIdsBySlug.keys()].sort();
      return valuesAt(projects, valuesAt(projectIdsBySlug, slugKeys));
    }
    if ("ids" in selection) return valuesAt(projects, selection.ids);
    return valuesAt(projects, valuesAt(projectIdsBySlug, [selection.slugKey]));
  }

  async findIssues(selection: IssueSelection): Promise<readonly Issue[]> {
    if ("ids" in selection) return valuesAt(this.tables.issues, selection.ids);
    const { projectId, number } = selection;
    const id = this.tables.ofProject.get(projectId)?.numbered.get(number);
    return id === undefined ? [] : valuesAt(this.tables.issues, [id]);
  }

  async pageIssues(request: IssuePageRequest): Promise<IssuePage> {
    return pageOfIssues(this.tables, request);
  }

  async pageHistory(issueId: string, before: number | null, limit: number): Promise<readonly TurningPoint[]> {
    const turningPoints = this.tables.ofIssue.get(issueId)?.turningPoints ?? [];
    const end = before === null ? turningPoints.length : Math.min(turningPoints.length, Math.max(0, before - 1));
    return lastBefore(turningPoints, end, limit);
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const id of issueIds) {
      const bytes = this.tables.counters.get(id);
      if (bytes !== undefined) found.set(id, bytes);
    }
    return found;
  }

  async findMarks(requests: readonly MarkRequest[]): Promise<readonly (readonly ReleaseMark[])[]> {
    return requests.map(({ issueId, upTo, limit }) => {
      const marks = this.tables.ofIssue.get(issueId)?.marks ?? [];
      const end = upTo === null ? marks.length : firstAfter(marks, upTo, orderKeyOf);
      return lastBefore(marks, end, limit).map((mark) => this.#withRelease(issueId, mark));
    });
  }

  async findUsers(refs: readonly IssueUserRef[]): Promise<readonly (IssueUser | undefined)[]> {
    return refs.map(({ issueId, user }) => this.tables.users.get(issueId)?.rows.get(user));
  }

  async countUsers(requests: readonly UserCountRequest[]): Promise<readonly number[]> {
    return requests.map((request) => countUsers(this.tables.users.get(request.issueId), request));
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    return refs.map(({ projectId, name }) => this.tables.ofProject.get(projectId)?.releases.get(name));
  }

  async pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]> {
    const releases = this.tables.ofProject.get(projectId)?.releaseOrder ?? [];
    return lastBefore(
      releases,
      before === null ? releases.length : firstNotBefore(releases, before, orderKeyOf),
      limit,
    );
  }

  async findTimelines(requests: readonly TimelineRequest[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    return new Map(requests.map((request) => [request.projectId, this.#timeline(request)]));
  }

  async findPendingReleases(projectIds: readonly string[] | "all"): Promise<readonly PendingRelease[]> {
    const { ofProject } = this.tables;
    const ids = projectIds === "all" ? [...ofProject.keys()] : projectIds;
    return valuesAt(ofProject, ids).flatMap(({ pendingReleases }) => pendingReleases);
  }

  async pageEvents({ projectId }: EventPageRequest): Promise<EventPage> {
    const entries: EventHead[] = [];
    await eachWithPauses(this.tables.ofProject.get(projectId)?.events.values() ?? [], (event) => {
      entries.push(eventHead(event));
    });
    return { entries, next: null };
  }

  async findEvent({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const event = this.tables.ofProject.get(projectId)?.events.get(id);
    return event !== undefined && this.tables.issues.has(event.issueId) ? event : undefined;
  }

  async countStored({ kind }: StoredCountRequest): Promise<StoredCountStep> {
    return { count: countStored(this.tables, kind), next: null };
  }

  /** A mark with its release as it is now. */
  #withRelease(issueId: string, mark: ReleaseMark): ReleaseMark {
    const projectId = this.tables.issues.get(issueId)?.projectId ?? "";
    const releases = this.tables.ofProject.get(projectId)?.releaseOrder ?? [];
    const release = releases[firstNotBefore(releases, mark.orderKey, orderKeyOf)];
    return release?.orderKey === mark.orderKey ? { ...mark, ...markedRelease(release) } : mark;
  }

  #timeline({ projectId, lines: names }: TimelineRequest): ReleaseTimeline {
    const tables = this.tables.ofProject.get(projectId);
    const project = this.tables.projects.get(projectId);
    if (tables === undefined || project === undefined) return EMPTY_TIMELINE;
    const lines = new Map<string, ReleaseLine>();
    for (const name of names) {
      const line = tables.lines.get(name);
      if (line !== undefined) lines.set(name, { number: line.number, latest: line.known.at(-1) });
    }
    return {
      count: project.releaseCount,
      latest: tables.latestReleases.at(-1),
      placedBy: tables.releaseNumbers.at(-1)?.placedBy,
      lines,
    };
  }
}

/** The values before a place, last first, at most `limit`. */
function lastBefore<Value>(values: readonly Value[], end: number, limit: number): Value[] {
  return values.slice(Math.max(0, end - limit), end).reverse();
}

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
  EventPosition,
  EventRef,
  IssueEventPageRequest,
  FeedEntry,
  FeedPage,
  FeedPageRequest,
  IssueCountRequest,
  IssueCountStep,
  IssuePage,
  IssuePageRequest,
  IssueSelection,
  IssueUser,
  IssueUserRef,
  MarkRequest,
  PendingRelease,
  ProjectPageRequest,
  ProjectSelection,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoredCountRequest,
  StoredCountStep,
  StoreReader,
  TimelineRequest,
  UserCountRequest,
  UserPage,
  UserPageRequest,
} from "../ports/issue-store.ts";
import type { StoredPage, StoredPageRequest } from "../ports/stored-entries.ts";
import { firstAfter, firstNotBefore } from "./journal.ts";
import { countIssues, pageOfIssues } from "./memory-issue-page.ts";
import { countStored } from "./memory-counts.ts";
import { entriesOf } from "./memory-entries.ts";
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
    if ("ids" in selection) return valuesAt(projects, selection.ids);
    const slugKeys = "slugKey" in selection ? [selection.slugKey] : this.#slugKeysOf(selection);
    return valuesAt(projects, valuesAt(projectIdsBySlug, slugKeys));
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

  countIssues(request: IssueCountRequest): Promise<IssueCountStep> {
    return countIssues(this.tables, request);
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

  async pageUsers({ issueId }: UserPageRequest): Promise<UserPage> {
    return { entries: [...(this.tables.users.get(issueId)?.rows.values() ?? [])], next: null };
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

  /** Looks at all events of the project: numbers ascend there, so that to sort those of the issue costs little. */
  async pageIssueEvents({
    projectId,
    issueId,
    descending,
    after,
    limit,
  }: IssueEventPageRequest): Promise<StoredEvent[]> {
    const sign = descending ? -1 : 1;
    const events: StoredEvent[] = [];
    await eachWithPauses(this.tables.ofProject.get(projectId)?.events.values() ?? [], (event) => {
      const isOfPage = after === null || sign * compareEvents(event, after) > 0;
      if (event.issueId === issueId && isOfPage) events.push(event);
    });
    return events.sort((one, other) => sign * compareEvents(one, other)).slice(0, limit);
  }

  async findEvent({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const event = this.tables.ofProject.get(projectId)?.events.get(id);
    return event !== undefined && this.tables.issues.has(event.issueId) ? event : undefined;
  }

  async countStored({ kind }: StoredCountRequest): Promise<StoredCountStep> {
    return { count: countStored(this.tables, kind), next: null };
  }

  async pageFeed({ after, limit }: FeedPageRequest): Promise<FeedPage> {
    const entries: FeedEntry[] = [];
    for (const { number: position, id } of this.tables.feed.entriesAbove(after)) {
      if (entries.length === limit) break;
      const { turningPoints = [], positions = [] } = this.tables.ofIssue.get(id) ?? {};
      const turningPoint = turningPoints[firstNotBefore(positions, position, (each) => each)];
      if (turningPoint !== undefined) entries.push({ position, turningPoint });
    }
    return { entries, isBehind: false, last: this.tables.lastPosition };
  }

  async pageStored({ kind }: StoredPageRequest): Promise<StoredPage> {
    return { entries: await entriesOf(this.tables, kind), next: null };
  }

  async findCopyProgress(): Promise<string | null> {
    return this.tables.copyProgress.get("progress") ?? null;
  }

  #slugKeysOf({ after, limit }: ProjectPageRequest): readonly string[] {
    const { slugKeys } = this.tables;
    const start = after === null ? 0 : firstAfter(slugKeys, after, String);
    return slugKeys.slice(start, start + limit);
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

/** The order of an issue's events: by number; those of an earlier version, which have none, by id. */
function compareEvents(one: EventPosition, other: EventPosition): number {
  if (one.number !== other.number || one.number > 0 || one.id === other.id) return one.number - other.number;
  return one.id < other.id ? -1 : 1;
}

/** The values before a place, last first, at most `limit`. */
function lastBefore<Value>(values: readonly Value[], end: number, limit: number): Value[] {
  return values.slice(Math.max(0, end - limit), end).reverse();
}

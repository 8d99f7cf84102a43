import type { Issue } from "../core/issue.ts";
import type { UnreadableAt } from "../core/page.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import { anyText } from "../core/shape.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { OutboxReader } from "../ports/alert-outbox.ts";
import type {
  EventPage,
  EventPageRequest,
  EventPosition,
  EventRef,
  IssueEventPageRequest,
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
  ProjectSelection,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoredCountRequest,
  StoredCountStep,
  StoreReader,
  TimelineRequest,
  UnreadableIssue,
  UserCountRequest,
  UserPage,
  UserPageRequest,
} from "../ports/issue-store.ts";
import type { StoredPage, StoredPageRequest } from "../ports/stored-entries.ts";
import { countStored } from "./counts.ts";
import { pageFeed } from "./feed.ts";
import { pageHistory } from "./history.ts";
import { countIssues, pageOfIssues } from "./issue-page.ts";
import { idPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { storedProject } from "./projects.ts";
import { pageStored } from "./stored-entries.ts";
import type { Tables } from "./tables.ts";
import { readJson } from "./values.ts";

/** The reads of a store, within one transaction of the engine. */
export class KeyValueStoreReader<Outbox extends OutboxReader> implements StoreReader {
  readonly outbox: Outbox;
  protected readonly tables: Tables;

  constructor(tables: Tables, outbox: Outbox) {
    this.tables = tables;
    this.outbox = outbox;
  }

  async findProjects(selection: ProjectSelection): Promise<StoredProject[]> {
    return (await this.tables.projects.select(selection)).map(storedProject);
  }

  async findIssues(selection: IssueSelection): Promise<(Issue | UnreadableIssue)[]> {
    if ("ids" in selection) return (await inTurn(selection.ids, (id) => this.tables.issues.find(id))).filter(isPresent);
    const { projectId, number } = selection;
    const id = await this.tables.issues.idByNumber(projectId, number);
    const issue = id === undefined ? undefined : await this.tables.issues.find(id);
    if (issue === undefined) return [];
    return "error" in issue ? [{ ...issue, projectId, number }] : [issue];
  }

  async pageIssues(request: IssuePageRequest): Promise<IssuePage> {
    const { session, projects } = this.tables;
    const project = await projects.numberOf(request.projectId);
    if (project === undefined) return { entries: [], searchedTo: null };
    return pageOfIssues(session, this.tables, project, request);
  }

  async countIssues(request: IssueCountRequest): Promise<IssueCountStep> {
    const { session, projects } = this.tables;
    return countIssues(session, this.tables, await projects.numberOf(request.projectId), request);
  }

  pageHistory(issueId: string, before: number | null, limit: number): Promise<(TurningPoint | UnreadableAt<number>)[]> {
    return pageHistory(this.tables.session, issueId, before, limit);
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const counters = new Map<string, Uint8Array>();
    for (const id of issueIds) {
      const issue = idPart(id);
      const bytes = issue && (await this.tables.session.get(KEYS.counter(issue)));
      if (bytes !== undefined) counters.set(id, bytes);
    }
    return counters;
  }

  findMarks(requests: readonly MarkRequest[]): Promise<(ReleaseMark | UnreadableAt<string>)[][]> {
    return inTurn(requests, (request) => this.tables.marks.find(request));
  }

  findUsers(refs: readonly IssueUserRef[]): Promise<(IssueUser | undefined)[]> {
    return inTurn(refs, (ref) => this.tables.users.find(ref));
  }

  countUsers(requests: readonly UserCountRequest[]): Promise<number[]> {
    return inTurn(requests, (request) => this.tables.users.count(request));
  }

  findReleases(refs: readonly ReleaseRef[]): Promise<(Release | undefined)[]> {
    return inTurn(refs, (ref) => this.tables.releases.find(ref));
  }

  pageReleases(projectId: string, before: string | null, limit: number): Promise<(Release | UnreadableAt<string>)[]> {
    return this.tables.releases.page(projectId, before, limit);
  }

  async findTimelines(requests: readonly TimelineRequest[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    const timelines = await inTurn(requests, (request) => this.tables.releases.timeline(request));
    return new Map(
      requests.flatMap(({ projectId }, place) => {
        const timeline = timelines[place];
        return timeline === undefined ? [] : [[projectId, timeline] as const];
      }),
    );
  }

  findPendingReleases(projectIds: readonly string[] | "all"): Promise<PendingRelease[]> {
    return this.tables.pendingReleases.find(projectIds);
  }

  pageUsers(request: UserPageRequest): Promise<UserPage> {
    return this.tables.users.page(request);
  }

  pageEvents(request: EventPageRequest): Promise<EventPage> {
    return this.tables.events.page(request);
  }

  pageIssueEvents(request: IssueEventPageRequest): Promise<(StoredEvent | UnreadableAt<EventPosition>)[]> {
    return this.tables.events.pageOfIssue(request);
  }

  findEvent(ref: EventRef): Promise<StoredEvent | undefined> {
    return this.tables.events.find(ref);
  }

  countStored(request: StoredCountRequest): Promise<StoredCountStep> {
    return countStored(this.tables.session, request);
  }

  pageFeed(request: FeedPageRequest): Promise<FeedPage> {
    return pageFeed(this.tables.session, request);
  }

  pageStored(request: StoredPageRequest): Promise<StoredPage> {
    return pageStored(this.tables, request);
  }

  async findCopyProgress(): Promise<string | null> {
    const bytes = await this.tables.session.get(KEYS.copyProgress);
    return bytes === undefined ? null : readJson("the progress of a copy", bytes, anyText);
  }
}

/** Reads one item after the other. */
export async function inTurn<Item, Found>(
  items: readonly Item[],
  read: (item: Item) => Promise<Found>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const item of items) found.push(await read(item));
  return found;
}

/** Whether something was found. */
export function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

import {
  EMPTY_TIMELINE,
  markedRelease,
  matchesSearch,
  orderValue,
  type Issue,
  type Release,
  type ReleaseMark,
  type ReleaseTimeline,
  type TurningPoint,
} from "issue-lifecycle/core";
import type {
  EventRef,
  IssuePageRequest,
  IssueSelection,
  IssueUser,
  IssueUserRef,
  MarkRequest,
  ProjectSelection,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoreReader,
  TimelineRequest,
  UserCountRequest,
} from "issue-lifecycle/store";
import { keys, type IssueDocument, type TimelineDocument } from "./documents.ts";
import { RedisOutbox } from "./redis-outbox.ts";
import type { RedisUnit } from "./redis-unit.ts";

/** Reads the documents and sorted sets. */
export class RedisReader implements StoreReader {
  readonly outbox: RedisOutbox;
  protected readonly unit: RedisUnit;

  constructor(unit: RedisUnit) {
    this.unit = unit;
    this.outbox = new RedisOutbox(unit);
  }

  async findProjects(selection: ProjectSelection): Promise<readonly StoredProject[]> {
    const ids = await this.#projectIds(selection);
    return present(await this.unit.all<StoredProject>(ids.map(keys.project)));
  }

  async #projectIds(selection: ProjectSelection): Promise<readonly string[]> {
    if (selection !== "all" && "ids" in selection) return selection.ids;
    const all = async () => (await this.unit.ranked(keys.slugs)).map(({ member }) => member);
    const slugKeys = selection === "all" ? await all() : [selection.slugKey];
    return present(await this.unit.all<string>(slugKeys.map(keys.slug)));
  }

  async findIssues(selection: IssueSelection): Promise<readonly Issue[]> {
    const ids = "ids" in selection ? selection.ids : await this.#numbered(selection.projectId, selection.number);
    return present(await this.unit.all<IssueDocument>(ids.map(keys.issue))).map(({ issue }) => issue);
  }

  async #numbered(projectId: string, number: number): Promise<string[]> {
    const ranked = await this.unit.ranked(keys.numbers(projectId));
    return ranked.filter(({ score }) => score === number).map(({ member }) => member);
  }

  /** Reads all issues of the project, which is simple, and fast enough for some thousands. */
  async pageIssues(request: IssuePageRequest): Promise<readonly Issue[]> {
    const { projectId, statuses, search, environment, order, descending, after, limit } = request;
    const ids = (await this.unit.ranked(keys.numbers(projectId))).map(({ member }) => member);
    const compare = (one: Issue, value: number, number: number): number =>
      (descending ? -1 : 1) * (orderValue(one, order) - value || one.number - number);
    return (await this.findIssues({ ids }))
      .filter((issue) => statuses.includes(issue.state.status) && matchesSearch(issue, search))
      .filter((issue) => environment === null || issue.environments.includes(environment))
      .filter((issue) => after === null || compare(issue, after.value, after.number) > 0)
      .sort((one, other) => compare(one, orderValue(other, order), other.number))
      .slice(0, limit);
  }

  async pageHistory(issueId: string, before: number | null, limit: number): Promise<readonly TurningPoint[]> {
    const history = (await this.unit.get<TurningPoint[]>(keys.history(issueId))) ?? [];
    return history
      .filter(({ number }) => before === null || number < before)
      .sort((one, other) => other.number - one.number)
      .slice(0, limit);
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = await this.unit.all<string>(issueIds.map(keys.counter));
    return new Map(
      issueIds.flatMap((id, index) => {
        const bytes = found[index];
        return bytes === undefined ? [] : [[id, new Uint8Array(Buffer.from(bytes, "base64"))]];
      }),
    );
  }

  async findMarks(requests: readonly MarkRequest[]): Promise<readonly (readonly ReleaseMark[])[]> {
    const stored = await this.unit.all<ReleaseMark[]>(requests.map(({ issueId }) => keys.marks(issueId)));
    const issues = await this.unit.all<IssueDocument>(requests.map(({ issueId }) => keys.issue(issueId)));
    const found = requests.map(({ upTo, limit }, index) =>
      (stored[index] ?? [])
        .filter(({ orderKey }) => upTo === null || orderKey <= upTo)
        .sort(lastFirst)
        .slice(0, limit)
        .map((mark) => ({ mark, releaseKey: keys.releaseAt(issues[index]?.issue.projectId ?? "", mark.orderKey) })),
    );
    // Marks are returned with their releases as they are now.
    const releaseKeys = found.flat().map(({ releaseKey }) => releaseKey);
    const releases = await this.unit.all<Release>(releaseKeys);
    const byKey = new Map(releaseKeys.map((key, index) => [key, releases[index]]));
    return found.map((marks) =>
      marks.map(({ mark, releaseKey }) => {
        const release = byKey.get(releaseKey);
        return release === undefined ? mark : { ...mark, ...markedRelease(release) };
      }),
    );
  }

  async findUsers(refs: readonly IssueUserRef[]): Promise<readonly (IssueUser | undefined)[]> {
    return this.unit.all<IssueUser>(refs.map(keys.user));
  }

  async countUsers(requests: readonly UserCountRequest[]): Promise<readonly number[]> {
    const counts: number[] = [];
    for (const request of requests) counts.push(await this.#countUsers(request));
    return counts;
  }

  async #countUsers({ issueId, fromDay, fromTurn, limit }: UserCountRequest): Promise<number> {
    const onDays = (most: number) => this.unit.highest(keys.usersByDay(issueId), fromDay ?? -1, most);
    if (fromTurn === null) return (await onDays(limit)).length;
    const sinceTurn = await this.unit.highest(keys.usersByTurn(issueId), fromTurn, limit);
    if (fromDay === null) return sinceTurn.length;
    const count = async (users: readonly string[]): Promise<number> => {
      const found = present(await this.findUsers(users.map((user) => ({ issueId, user }))));
      return found.filter(({ lastDay, lastTurn }) => lastDay >= fromDay && lastTurn >= fromTurn).length;
    };
    if (sinceTurn.length < limit) return count(sinceTurn);
    // Most of those who occurred since the turn are those who occurred last.
    for (let most = limit; ; most *= 2) {
      const users = await onDays(most);
      const found = await count(users);
      if (found >= limit || users.length < most) return Math.min(found, limit);
    }
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    return this.unit.all<Release>(refs.map(({ projectId, name }) => keys.release(projectId, name)));
  }

  async pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]> {
    return (await this.allReleases(projectId))
      .filter(({ orderKey }) => before === null || orderKey < before)
      .sort(lastFirst)
      .slice(0, limit);
  }

  /** All releases of a project, in no particular order. */
  protected async allReleases(projectId: string): Promise<Release[]> {
    const names = await this.unit.ranked(keys.releases(projectId));
    return present(
      await this.unit.all<Release>(names.map(({ member }) => keys.release(projectId, String(JSON.parse(member))))),
    );
  }

  async findTimelines(requests: readonly TimelineRequest[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    const ids = requests.map(({ projectId }) => projectId);
    const projects = await this.unit.all<StoredProject>(ids.map(keys.project));
    const timelines = await this.unit.all<TimelineDocument>(ids.map(keys.timeline));
    return new Map(
      requests.map(({ projectId, lines: names }, index) => {
        const { latest, placedBy, lines = [] } = timelines[index] ?? {};
        const requested = new Map(lines.filter(([name]) => names.includes(name)));
        const count = projects[index]?.releaseCount ?? EMPTY_TIMELINE.count;
        return [projectId, { count, latest, placedBy, lines: requested }];
      }),
    );
  }

  async findEvent(ref: EventRef): Promise<StoredEvent | undefined> {
    const event = await this.unit.get<StoredEvent>(keys.event(ref));
    return event !== undefined && (await this.findIssues({ ids: [event.issueId] })).length > 0 ? event : undefined;
  }
}

/** The values that are not `undefined`. */
export function present<Value>(values: readonly (Value | undefined)[]): Value[] {
  return values.filter((value) => value !== undefined);
}

function lastFirst(one: { readonly orderKey: string }, other: { readonly orderKey: string }): number {
  return one.orderKey < other.orderKey ? 1 : -1;
}

import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { NO_RELEASES, type Release, type ReleaseTimeline } from "../core/release.ts";
import { nearestMark, type ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import {
  outboxPositionOf,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPageRequest,
} from "../ports/alert-outbox.ts";
import type {
  EventRef,
  IssuePageRequest,
  MarkRequest,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoreReader,
} from "../ports/issue-store.ts";
import { firstNotBefore } from "./journal.ts";
import { pageOfIssues } from "./memory-issue-page.ts";
import { byPosition, comparePositions } from "./memory-outbox.ts";
import { lastKnown, numberOf, type MemoryTables } from "./memory-tables.ts";

/** Answers questions from the tables. */
export class MemoryReader implements StoreReader {
  protected readonly tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.tables = tables;
  }

  async findProjects(ids: readonly string[]): Promise<ReadonlyMap<string, StoredProject>> {
    return pick(this.tables.projects, ids);
  }

  async findProjectBySlug(slugKey: string): Promise<StoredProject | undefined> {
    return this.tables.projects.get(this.tables.projectIdsBySlug.get(slugKey) ?? "");
  }

  async listProjects(): Promise<readonly StoredProject[]> {
    const slugs = [...this.tables.projectIdsBySlug.keys()].sort();
    return slugs.flatMap((slug) => this.tables.projects.get(this.tables.projectIdsBySlug.get(slug) ?? "") ?? []);
  }

  async findIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    return pick(this.tables.issues, ids);
  }

  async findIssueByNumber(projectId: string, number: number): Promise<Issue | undefined> {
    const numbered = this.tables.ofProject.get(projectId)?.numbered ?? [];
    const found = numbered[firstNotBefore(numbered, number, numberOf)];
    return found?.number === number ? this.tables.issues.get(found.id) : undefined;
  }

  async pageIssues(request: IssuePageRequest): Promise<readonly Issue[]> {
    return pageOfIssues(this.tables, request);
  }

  async pageHistory(issueId: string, before: number | null, limit: number): Promise<readonly TurningPoint[]> {
    const turningPoints = this.tables.ofIssue.get(issueId)?.turningPoints ?? [];
    const end = before === null ? turningPoints.length : Math.min(turningPoints.length, Math.max(0, before - 1));
    return turningPoints.slice(Math.max(0, end - limit), end).reverse();
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    return pick(this.tables.counters, issueIds);
  }

  async findNearestMarks(requests: readonly MarkRequest[]): Promise<readonly (ReleaseMark | undefined)[]> {
    return requests.map(({ issueId, orderKey }) =>
      nearestMark(this.tables.ofIssue.get(issueId)?.marks ?? [], { orderKey }),
    );
  }

  async pageMarks(issueId: string, before: string | null, limit: number): Promise<readonly ReleaseMark[]> {
    return pageBefore(this.tables.ofIssue.get(issueId)?.marks ?? [], before, limit);
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    return refs.map(({ projectId, version }) => this.tables.ofProject.get(projectId)?.releases.get(version));
  }

  async pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]> {
    return pageBefore(this.tables.ofProject.get(projectId)?.releaseOrder ?? [], before, limit);
  }

  async findTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    return new Map(projectIds.map((id) => [id, this.#timeline(id)]));
  }

  async findEvent({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const event = this.tables.ofProject.get(projectId)?.events.get(id);
    return event !== undefined && this.tables.issues.has(event.issueId) ? event : undefined;
  }

  async pageAlerts({ status, after, limit }: OutboxPageRequest): Promise<readonly OutboxEntry[]> {
    return [...this.tables.alerts.values()]
      .filter((row) => row.state.status === status)
      .filter((row) => after === null || comparePositions(outboxPositionOf(row), after) > 0)
      .sort(byPosition)
      .slice(0, limit)
      .map(({ alert, state, attempts, lastError, memo }) => ({ alert, state, attempts, lastError, memo }));
  }

  async countAlerts(now: Instant): Promise<OutboxCounts> {
    const counts = { due: 0, waiting: 0, leased: 0, dead: 0, discarded: 0 };
    for (const { state, lease } of this.tables.alerts.values()) {
      if (state.status !== "pending") counts[state.status]++;
      else if (state.dueAt <= now) counts.due++;
      else counts[lease === null ? "waiting" : "leased"]++;
    }
    return counts;
  }

  #timeline(projectId: string): ReleaseTimeline {
    const tables = this.tables.ofProject.get(projectId);
    if (tables === undefined) return NO_RELEASES;
    return {
      head: lastKnown(tables.releaseOrder, () => true),
      latest: lastKnown(tables.releaseOrder, ({ version }) => version !== ""),
      count: tables.releases.size,
    };
  }
}

function pick<Value>(from: ReadonlyMap<string, Value>, keys: readonly string[]): Map<string, Value> {
  const picked = new Map<string, Value>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}

function pageBefore<Value extends { readonly orderKey: string }>(
  sorted: readonly Value[],
  before: string | null,
  limit: number,
): Value[] {
  const end = before === null ? sorted.length : firstNotBefore(sorted, before, ({ orderKey }) => orderKey);
  return sorted.slice(Math.max(0, end - limit), end).reverse();
}

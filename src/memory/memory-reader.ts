import type { Issue } from "../core/issue.ts";
import { EMPTY_TIMELINE, type KnownRelease, type Release, type ReleaseTimeline } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { OutboxReader } from "../ports/alert-outbox.ts";
import type {
  EventRef,
  IssuePageRequest,
  IssueSelection,
  MarkRequest,
  ProjectSelection,
  ReleaseRef,
  StoredEvent,
  StoredProject,
  StoreReader,
} from "../ports/issue-store.ts";
import { firstAfter, firstNotBefore } from "./journal.ts";
import { pageOfIssues } from "./memory-issue-page.ts";
import { numberOf, orderKeyOf, valuesAt, type MemoryTables } from "./memory-tables.ts";

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
    const numbered = this.tables.ofProject.get(projectId)?.numbered ?? [];
    const found = numbered[firstNotBefore(numbered, number, numberOf)];
    return found?.number === number ? valuesAt(this.tables.issues, [found.id]) : [];
  }

  async pageIssues(request: IssuePageRequest): Promise<readonly Issue[]> {
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
      return lastBefore(marks, upTo === null ? marks.length : firstAfter(marks, upTo, orderKeyOf), limit);
    });
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    return refs.map(({ projectId, version }) => this.tables.ofProject.get(projectId)?.releases.get(version));
  }

  async pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]> {
    const releases = this.tables.ofProject.get(projectId)?.releaseOrder ?? [];
    return lastBefore(
      releases,
      before === null ? releases.length : firstNotBefore(releases, before, orderKeyOf),
      limit,
    );
  }

  async findTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    return new Map(projectIds.map((id) => [id, this.#timeline(id)]));
  }

  async findEvent({ projectId, id }: EventRef): Promise<StoredEvent | undefined> {
    const event = this.tables.ofProject.get(projectId)?.events.get(id);
    return event !== undefined && this.tables.issues.has(event.issueId) ? event : undefined;
  }

  #timeline(projectId: string): ReleaseTimeline {
    const tables = this.tables.ofProject.get(projectId);
    if (tables === undefined) return EMPTY_TIMELINE;
    return {
      head: lastKnown(tables.releaseOrder, () => true),
      latest: lastKnown(tables.releaseOrder, ({ version }) => version !== ""),
      count: tables.releases.size,
    };
  }
}

/** The values before a place, last first, at most `limit`. */
function lastBefore<Value>(values: readonly Value[], end: number, limit: number): Value[] {
  return values.slice(Math.max(0, end - limit), end).reverse();
}

/** The known release with the greatest order key that passes a test. */
function lastKnown(
  ascending: readonly Release[],
  passes: (release: KnownRelease) => boolean,
): KnownRelease | undefined {
  for (let index = ascending.length - 1; index >= 0; index--) {
    const release = ascending[index];
    if (release?.standing === "known" && passes(release)) return release;
  }
  return undefined;
}

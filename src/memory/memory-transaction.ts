import type { Alert } from "../core/alert.ts";
import type { AlertTally, TallyScope } from "../core/alert-limits.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import type { MarkedRelease, ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type {
  AlertClaim,
  AlertDiscard,
  AlertEviction,
  AlertRedrive,
  AlertSettlement,
  ClaimedAlert,
} from "../ports/alert-outbox.ts";
import type {
  DigestRequest,
  DigestSnapshot,
  EvictionRequest,
  EvictionStep,
  GroupRef,
  IssueUpdate,
  NewIssue,
  StoredEvent,
  StoredProject,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { Journal } from "./journal.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { MemoryReader } from "./memory-reader.ts";
import { emptyProjectTables, numberOf, tallyKeyOf, type ProjectTables } from "./memory-tables.ts";

/** Changes the tables, and can take it all back. Only one is at work at a time, so that everything is locked. */
export class MemoryTransaction extends MemoryReader implements StoreTransaction {
  readonly #journal = new Journal();
  readonly #outbox = new MemoryOutbox(this.tables, this.#journal);

  /** Takes back everything. */
  rollBack(): void {
    this.#journal.rollBack();
  }

  async saveProject(project: Project): Promise<void> {
    const { projects, projectIdsBySlug } = this.tables;
    const slugKey = slugKeyOf(project.slug);
    const owner = projectIdsBySlug.get(slugKey);
    if (owner !== undefined && owner !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const before = projects.get(project.id);
    if (before !== undefined) this.#journal.delete(projectIdsBySlug, slugKeyOf(before.project.slug));
    this.#journal.set(projects, project.id, { project, issueCount: before?.issueCount ?? 0 });
    this.#journal.set(projectIdsBySlug, slugKey, project.id);
  }

  async loadForDigest({ events, groups, releases }: DigestRequest): Promise<DigestSnapshot> {
    const { ofProject, issues } = this.tables;
    return {
      projects: await this.findProjects(groups.map(({ projectId }) => projectId)),
      duplicateOf: events.map(({ projectId, id }) => ofProject.get(projectId)?.events.get(id)?.issueId),
      issues: groups.map(({ projectId, strategy, key }) =>
        issues.get(ofProject.get(projectId)?.groups.get(strategy)?.get(key) ?? ""),
      ),
      releases: await this.findReleases(releases),
    };
  }

  async lockIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    return this.findIssues(ids);
  }

  async lockIssuesAwaitingNext(projectId: string, limit: number): Promise<readonly Issue[]> {
    return this.#issues(this.tables.ofProject.get(projectId)?.awaitingNext.first(limit, Number.MAX_SAFE_INTEGER) ?? []);
  }

  async lockIssuesToWake(now: Instant, limit: number): Promise<readonly Issue[]> {
    return this.#issues(this.tables.toWake.first(limit, now));
  }

  async lockTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    return this.findTimelines(projectIds);
  }

  async insertIssues(issues: readonly NewIssue[]): Promise<void> {
    for (const { issue, group } of issues) {
      const tables = this.#tablesOf(issue.projectId);
      const keys = this.#keysOf(tables, group);
      const project = this.#requireProject(issue.projectId);
      if (keys.has(group.key) || this.tables.issues.has(issue.id) || issue.number <= project.issueCount) {
        throw conflict("a group, id or number of an issue");
      }
      this.#journal.set(keys, group.key, issue.id);
      this.#journal.putSorted(tables.numbered, { number: issue.number, id: issue.id }, numberOf);
      this.#journal.set(this.tables.ofIssue, issue.id, { groups: [group], turningPoints: [], marks: [] });
      this.#putIssue(issue);
      this.#journal.set(this.tables.projects, issue.projectId, { ...project, issueCount: issue.number });
    }
  }

  async updateIssues(updates: readonly IssueUpdate[]): Promise<void> {
    for (const { after } of updates) this.#putIssue(after);
  }

  async deleteIssues(ids: readonly string[]): Promise<void> {
    const deleted = new Set(ids);
    const projectIds = new Set(this.#issues(ids).map(({ projectId }) => projectId));
    for (const projectId of projectIds) {
      this.#journal.retain(this.#tablesOf(projectId).numbered, ({ id }) => !deleted.has(id));
    }
    for (const id of deleted) this.#deleteIssue(id);
    this.#outbox.removeOfIssues(deleted);
  }

  async saveCounters(counters: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const [issueId, bytes] of counters) this.#journal.set(this.tables.counters, issueId, bytes);
  }

  async saveMarks(marks: readonly { readonly issueId: string; readonly mark: ReleaseMark }[]): Promise<void> {
    for (const { issueId, mark } of marks) {
      const tables = this.tables.ofIssue.get(issueId);
      if (tables !== undefined) this.#journal.putSorted(tables.marks, mark, orderKeyOf);
    }
  }

  async saveReleases(projectId: string, releases: readonly Release[]): Promise<void> {
    const tables = this.#tablesOf(projectId);
    for (const release of releases) {
      const before = tables.releases.get(release.version);
      if (before !== undefined) {
        this.#journal.removeSorted(tables.releaseOrder, before.orderKey, orderKeyOf);
        if (before.orderKey !== release.orderKey) this.#moveMarks(tables, before, release);
      }
      this.#journal.set(tables.releases, release.version, release);
      this.#journal.putSorted(tables.releaseOrder, release, orderKeyOf);
    }
  }

  async insertEvents(events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) {
      const tables = this.#tablesOf(event.projectId);
      if (tables.events.has(event.id)) throw conflict("an event");
      this.#journal.set(tables.events, event.id, event);
    }
  }

  async evictEvents({ projectId, receivedBefore }: EvictionRequest): Promise<EvictionStep> {
    const { events } = this.#tablesOf(projectId);
    let evicted = 0;
    for (const event of events.values()) {
      const isOld = event.receivedAt < receivedBefore && !event.kept;
      if (!isOld && this.tables.issues.has(event.issueId)) continue;
      this.#journal.delete(events, event.id);
      evicted++;
    }
    return { evicted, next: null };
  }

  async insertTurningPoints(turningPoints: readonly TurningPoint[]): Promise<void> {
    for (const turningPoint of turningPoints) {
      const tables = this.tables.ofIssue.get(turningPoint.issueId);
      if (tables !== undefined) this.#journal.push(tables.turningPoints, turningPoint);
    }
  }

  async insertAlerts(alerts: readonly Alert[], dueAt: Instant): Promise<void> {
    this.#outbox.insert(alerts, dueAt);
  }

  async claimAlerts(claim: AlertClaim): Promise<readonly ClaimedAlert[]> {
    return this.#outbox.claim(claim);
  }

  async settleAlerts(settlements: readonly AlertSettlement[]): Promise<readonly string[]> {
    return this.#outbox.settle(settlements);
  }

  async discardAlerts(discard: AlertDiscard): Promise<readonly string[]> {
    return this.#outbox.discard(discard);
  }

  async redriveAlerts(redrive: AlertRedrive): Promise<readonly string[]> {
    return this.#outbox.redrive(redrive);
  }

  async evictAlerts(eviction: AlertEviction): Promise<number> {
    return this.#outbox.evict(eviction);
  }

  async lockAlertTallies(scopes: readonly TallyScope[]): Promise<readonly AlertTally[]> {
    return scopes.flatMap((scope) => this.tables.tallies.get(tallyKeyOf(scope)) ?? []);
  }

  async saveAlertTallies(tallies: readonly AlertTally[]): Promise<void> {
    for (const tally of tallies) {
      this.#journal.set(this.tables.tallies, tallyKeyOf(tally), tally);
      this.#journal.putWaiting(this.tables.tallyOrder, tallyKeyOf(tally), tally.endsAt);
    }
  }

  async takeEndedTallies(now: Instant, limit: number): Promise<readonly AlertTally[]> {
    const { tallies, tallyOrder } = this.tables;
    return tallyOrder.first(limit, now).flatMap((key) => {
      const tally = tallies.get(key);
      this.#journal.delete(tallies, key);
      this.#journal.putWaiting(tallyOrder, key, undefined);
      return tally ?? [];
    });
  }

  #putIssue(issue: Issue): void {
    this.#journal.set(this.tables.issues, issue.id, issue);
    this.#journal.putWaiting(this.#tablesOf(issue.projectId).awaitingNext, issue.id, placeAwaitingNext(issue));
    this.#journal.putWaiting(this.tables.toWake, issue.id, wakingTime(issue));
  }

  #issues(ids: readonly string[]): Issue[] {
    return ids.flatMap((id) => this.tables.issues.get(id) ?? []);
  }

  #deleteIssue(id: string): void {
    const issue = this.tables.issues.get(id);
    if (issue === undefined) return;
    const tables = this.#tablesOf(issue.projectId);
    for (const group of this.tables.ofIssue.get(id)?.groups ?? [])
      this.#journal.delete(this.#keysOf(tables, group), group.key);
    this.#journal.putWaiting(tables.awaitingNext, id, undefined);
    this.#journal.putWaiting(this.tables.toWake, id, undefined);
    this.#journal.delete(this.tables.counters, id);
    this.#journal.delete(this.tables.ofIssue, id);
    this.#journal.delete(this.tables.issues, id);
  }

  #moveMarks(tables: ProjectTables, from: MarkedRelease, to: MarkedRelease): void {
    for (const { id } of tables.numbered) {
      const marks = this.tables.ofIssue.get(id)?.marks ?? [];
      const mark = marks.find(({ orderKey }) => orderKey === from.orderKey);
      if (mark === undefined) continue;
      this.#journal.removeSorted(marks, from.orderKey, orderKeyOf);
      this.#journal.putSorted(marks, { ...mark, orderKey: to.orderKey }, orderKeyOf);
    }
  }

  #requireProject(projectId: string): StoredProject {
    const project = this.tables.projects.get(projectId);
    if (project !== undefined) return project;
    throw new IssueLifecycleError("store-failed", `The store holds no project ${JSON.stringify(projectId)}.`);
  }

  #tablesOf(projectId: string): ProjectTables {
    const known = this.tables.ofProject.get(projectId);
    if (known !== undefined) return known;
    const tables = emptyProjectTables();
    this.#journal.set(this.tables.ofProject, projectId, tables);
    return tables;
  }

  #keysOf(tables: ProjectTables, { strategy }: GroupRef): Map<string, string> {
    const known = tables.groups.get(strategy);
    if (known !== undefined) return known;
    const keys = new Map<string, string>();
    this.#journal.set(tables.groups, strategy, keys);
    return keys;
  }
}

function orderKeyOf({ orderKey }: { readonly orderKey: string }): string {
  return orderKey;
}

/** An issue's place among those that wait for the next release, if it does. */
function placeAwaitingNext({ state, number }: Issue): number | undefined {
  return state.status === "resolved" && state.resolution.kind === "by-next" ? number : undefined;
}

/** When the clock alone is to lift an issue's mute. */
function wakingTime({ state }: Issue): Instant | undefined {
  const deadline = state.status === "muted" ? state.mute.deadline : null;
  return deadline?.wakeOn === "deadline" ? deadline.at : undefined;
}

function conflict(what: string): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", `Another transaction already stored ${what}.`, { retryable: true });
}

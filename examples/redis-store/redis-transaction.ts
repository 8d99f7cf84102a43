import {
  IssueLifecycleError,
  slugKeyOf,
  UNPLACED_KEYS_FROM,
  type DigestRequest,
  type DigestSnapshot,
  type EvictionRequest,
  type EvictionStep,
  type Instant,
  type Issue,
  type IssueUpdate,
  type NewIssue,
  type Project,
  type Release,
  type ReleaseMark,
  type ReleaseTimeline,
  type StoredEvent,
  type StoreTransaction,
  type TurningPoint,
} from "issue-lifecycle";
import { keys, type IssueDocument } from "./documents.ts";
import { RedisOutbox } from "./redis-outbox.ts";

/** Changes the documents and sorted sets, all at once when the transaction is committed. */
export class RedisTransaction extends RedisOutbox implements StoreTransaction {
  async saveProject(project: Project): Promise<void> {
    const slugKey = slugKeyOf(project.slug);
    const owner = await this.read<string>(keys.slug(slugKey));
    if (owner !== undefined && owner !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const before = (await this.findProjects([project.id])).get(project.id);
    if (before !== undefined) {
      this.put(keys.slug(slugKeyOf(before.project.slug)), undefined);
      this.unit.rank(keys.slugs, slugKeyOf(before.project.slug), undefined);
    }
    this.put(keys.slug(slugKey), project.id);
    this.unit.rank(keys.slugs, slugKey, 0);
    this.put(keys.project(project.id), { project, issueCount: before?.issueCount ?? 0 });
  }

  async loadForDigest({ events, groups, releases }: DigestRequest): Promise<DigestSnapshot> {
    const stored = await this.all<StoredEvent>(events.map(keys.event));
    const ids = await this.all<string>(groups.map(keys.group));
    const issues = await this.findIssues(ids.filter((id) => id !== undefined));
    return {
      projects: await this.findProjects([...new Set(groups.map(({ projectId }) => projectId))]),
      duplicateOf: stored.map((event) => event?.issueId),
      issues: ids.map((id) => issues.get(id ?? "")),
      releases: await this.findReleases(releases),
    };
  }

  async lockIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    return this.findIssues(ids);
  }

  async lockIssuesAwaitingNext(projectId: string, limit: number): Promise<readonly Issue[]> {
    const waiting = await this.unit.ranked(keys.awaitingNext(projectId));
    return this.#issues(waiting.slice(0, limit).map(({ member }) => member));
  }

  async lockIssuesToWake(now: Instant, limit: number): Promise<readonly Issue[]> {
    const due = (await this.unit.ranked(keys.toWake)).filter(({ score }) => score <= now);
    return this.#issues(due.slice(0, limit).map(({ member }) => member));
  }

  async lockTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    return this.findTimelines(projectIds);
  }

  async insertIssues(issues: readonly NewIssue[]): Promise<void> {
    for (const { issue, group } of issues) {
      const stored = (await this.findProjects([issue.projectId])).get(issue.projectId);
      if (stored === undefined) throw new IssueLifecycleError("store-failed", "The store holds no such project.");
      const taken = await this.unit.documents([keys.issue(issue.id), keys.group(group)]);
      if (taken.some((document) => document !== null) || issue.number <= stored.issueCount) throw conflict();
      this.put(keys.project(issue.projectId), { ...stored, issueCount: issue.number });
      this.put(keys.group(group), issue.id);
      this.unit.rank(keys.numbers(issue.projectId), issue.id, issue.number);
      this.#putIssue({ issue, group });
    }
  }

  async updateIssues(updates: readonly IssueUpdate[]): Promise<void> {
    const documents = await this.all<IssueDocument>(updates.map(({ after }) => keys.issue(after.id)));
    updates.forEach(({ after }, index) => {
      const group = documents[index]?.group;
      if (group !== undefined) this.#putIssue({ issue: after, group });
    });
  }

  async deleteIssues(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const document = await this.read<IssueDocument>(keys.issue(id));
      if (document === undefined) continue;
      const { projectId } = document.issue;
      for (const { orderKey } of await this.marksOf(id))
        this.unit.rank(keys.marked(projectId, orderKey), id, undefined);
      await this.removeAlertsOf(id);
      for (const key of [
        keys.issue(id),
        keys.group(document.group),
        keys.history(id),
        keys.counter(id),
        keys.marks(id),
      ]) {
        this.put(key, undefined);
      }
      for (const set of [keys.numbers(projectId), keys.awaitingNext(projectId), keys.toWake]) {
        this.unit.rank(set, id, undefined);
      }
    }
  }

  async saveCounters(counters: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const [issueId, bytes] of counters) this.put(keys.counter(issueId), Buffer.from(bytes).toString("base64"));
  }

  async saveMarks(marks: readonly { readonly issueId: string; readonly mark: ReleaseMark }[]): Promise<void> {
    const issues = await this.findIssues([...new Set(marks.map(({ issueId }) => issueId))]);
    for (const { issueId, mark } of marks) {
      const others = (await this.marksOf(issueId)).filter(({ version }) => version !== mark.version);
      this.put(keys.marks(issueId), [...others, mark].sort(byOrderKey));
      const projectId = issues.get(issueId)?.projectId;
      if (projectId === undefined || mark.orderKey < UNPLACED_KEYS_FROM) continue;
      this.unit.rank(keys.marked(projectId, mark.orderKey), issueId, 0);
    }
  }

  async saveReleases(projectId: string, releases: readonly Release[]): Promise<void> {
    let timeline = (await this.findTimelines([projectId])).get(projectId) ?? { count: 0 };
    for (const release of releases) {
      const before = await this.read<Release>(keys.release(projectId, release.version));
      if (before !== undefined && before.orderKey !== release.orderKey)
        await this.#moveMarks(projectId, before, release);
      this.put(keys.release(projectId, release.version), release);
      this.unit.rank(keys.releases(projectId), JSON.stringify(release.version), 0);
      timeline = including(timeline, release);
    }
    this.put(keys.timeline(projectId), timeline);
  }

  async insertEvents(events: readonly StoredEvent[]): Promise<void> {
    await this.unit.documents(events.map(keys.event));
    for (const event of events) {
      const [stored] = await this.unit.documents([keys.event(event)]);
      if (stored !== null) throw conflict();
      this.put(keys.event(event), event);
      this.unit.rank(keys.events(event.projectId), JSON.stringify(event.id), 0);
    }
  }

  async evictEvents({ projectId, receivedBefore, after, limit }: EvictionRequest): Promise<EvictionStep> {
    const ids = (await this.unit.ranked(keys.events(projectId))).map(({ member }) => member);
    const step = ids.filter((id) => after === null || id > after).slice(0, limit);
    const refs = step.map((id) => ({ projectId, id: String(JSON.parse(id)) }));
    const events = (await this.all<StoredEvent>(refs.map(keys.event))).filter((event) => event !== undefined);
    const issues = await this.findIssues([...new Set(events.map(({ issueId }) => issueId))]);
    const leaving = events.filter(
      (event) => (event.receivedAt < receivedBefore && !event.kept) || !issues.has(event.issueId),
    );
    for (const event of leaving) {
      this.put(keys.event(event), undefined);
      this.unit.rank(keys.events(projectId), JSON.stringify(event.id), undefined);
    }
    return { evicted: leaving.length, next: step.length < limit ? null : (step.at(-1) ?? null) };
  }

  async insertTurningPoints(turningPoints: readonly TurningPoint[]): Promise<void> {
    for (const point of turningPoints) {
      const history = (await this.read<TurningPoint[]>(keys.history(point.issueId))) ?? [];
      this.put(keys.history(point.issueId), [...history, point]);
    }
  }

  #putIssue({ issue, group }: IssueDocument): void {
    const { id, number, projectId, state } = issue;
    this.put(keys.issue(id), { issue, group });
    const waits = state.status === "resolved" && state.resolution.kind === "by-next";
    this.unit.rank(keys.awaitingNext(projectId), id, waits ? number : undefined);
    const deadline = state.status === "muted" ? state.mute.deadline : null;
    this.unit.rank(keys.toWake, id, deadline?.wakeOn === "deadline" ? deadline.at : undefined);
  }

  async #issues(ids: readonly string[]): Promise<Issue[]> {
    const found = await this.findIssues(ids);
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async #moveMarks(projectId: string, from: Release, to: Release): Promise<void> {
    for (const { member } of await this.unit.ranked(keys.marked(projectId, from.orderKey))) {
      const marks = await this.marksOf(member);
      const moved = marks.map((mark) => (mark.version === to.version ? { ...mark, orderKey: to.orderKey } : mark));
      this.put(keys.marks(member), moved.sort(byOrderKey));
      this.unit.rank(keys.marked(projectId, from.orderKey), member, undefined);
    }
  }
}

/** A timeline with one more release, or with one in its place. */
function including(timeline: Partial<ReleaseTimeline> & { readonly count: number }, release: Release) {
  const { head, latest, count: before } = timeline;
  const count = Math.max(before, release.number);
  if (release.standing === "announced") return { head, latest, count };
  const isAfter = (other: Release | undefined): boolean => other === undefined || release.orderKey > other.orderKey;
  return {
    head: isAfter(head) ? release : head,
    latest: release.version !== "" && isAfter(latest) ? release : latest,
    count,
  };
}

function byOrderKey(one: ReleaseMark, other: ReleaseMark): number {
  return one.orderKey < other.orderKey ? -1 : 1;
}

function conflict(): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", "Another transaction already stored this.", { retryable: true });
}

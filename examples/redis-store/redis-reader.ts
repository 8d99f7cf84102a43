import {
  matchesSearch,
  NO_RELEASES,
  orderValue,
  type EventRef,
  type Instant,
  type Issue,
  type IssuePageRequest,
  type MarkRequest,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPageRequest,
  type OutboxStatus,
  type Release,
  type ReleaseMark,
  type ReleaseRef,
  type ReleaseTimeline,
  type StoredEvent,
  type StoredProject,
  type StoreReader,
  type TurningPoint,
} from "issue-lifecycle";
import { keys, type AlertDocument, type IssueDocument } from "./documents.ts";
import type { RedisUnit } from "./redis-unit.ts";

/** Answers questions from the documents and sorted sets. */
export class RedisReader implements StoreReader {
  protected readonly unit: RedisUnit;

  constructor(unit: RedisUnit) {
    this.unit = unit;
  }

  async findProjects(ids: readonly string[]): Promise<ReadonlyMap<string, StoredProject>> {
    return this.byId<StoredProject>(ids, keys.project);
  }

  async findProjectBySlug(slugKey: string): Promise<StoredProject | undefined> {
    const id = await this.read<string>(keys.slug(slugKey));
    return id === undefined ? undefined : this.read<StoredProject>(keys.project(id));
  }

  async listProjects(): Promise<readonly StoredProject[]> {
    const slugs = await this.unit.ranked(keys.slugs);
    const found = await Promise.all(slugs.map(({ member }) => this.findProjectBySlug(member)));
    return found.filter((project) => project !== undefined);
  }

  async findIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    const found = await this.byId<IssueDocument>(ids, keys.issue);
    return new Map(Array.from(found, ([id, { issue }]) => [id, issue]));
  }

  async findIssueByNumber(projectId: string, number: number): Promise<Issue | undefined> {
    const numbered = await this.unit.ranked(keys.numbers(projectId));
    const id = numbered.find(({ score }) => score === number)?.member;
    return id === undefined ? undefined : (await this.findIssues([id])).get(id);
  }

  /** Looks at all issues of the project: simple, and good enough for some thousands. */
  async pageIssues(request: IssuePageRequest): Promise<readonly Issue[]> {
    const { projectId, statuses, search, order, descending, after, limit } = request;
    const ids = (await this.unit.ranked(keys.numbers(projectId))).map(({ member }) => member);
    const compare = (one: Issue, value: number, number: number): number =>
      (descending ? -1 : 1) * (orderValue(one, order) - value || one.number - number);
    return [...(await this.findIssues(ids)).values()]
      .filter((issue) => statuses.includes(issue.state.status) && matchesSearch(issue, search))
      .filter((issue) => after === null || compare(issue, after.value, after.number) > 0)
      .sort((one, other) => compare(one, orderValue(other, order), other.number))
      .slice(0, limit);
  }

  async pageHistory(issueId: string, before: number | null, limit: number): Promise<readonly TurningPoint[]> {
    const history = (await this.read<TurningPoint[]>(keys.history(issueId))) ?? [];
    return history
      .filter(({ number }) => before === null || number < before)
      .sort((one, other) => other.number - one.number)
      .slice(0, limit);
  }

  async findCounters(issueIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = await this.byId<string>(issueIds, keys.counter);
    return new Map(Array.from(found, ([id, bytes]) => [id, new Uint8Array(Buffer.from(bytes, "base64"))]));
  }

  async findNearestMarks(requests: readonly MarkRequest[]): Promise<readonly (ReleaseMark | undefined)[]> {
    await this.unit.documents(requests.map(({ issueId }) => keys.marks(issueId)));
    return Promise.all(
      requests.map(async ({ issueId, orderKey }) =>
        (await this.marksOf(issueId)).findLast((mark) => mark.orderKey <= orderKey),
      ),
    );
  }

  async pageMarks(issueId: string, before: string | null, limit: number): Promise<readonly ReleaseMark[]> {
    const marks = await this.marksOf(issueId);
    return marks
      .filter(({ orderKey }) => before === null || orderKey < before)
      .reverse()
      .slice(0, limit);
  }

  async findReleases(refs: readonly ReleaseRef[]): Promise<readonly (Release | undefined)[]> {
    return this.all<Release>(refs.map(({ projectId, version }) => keys.release(projectId, version)));
  }

  async pageReleases(projectId: string, before: string | null, limit: number): Promise<readonly Release[]> {
    const versions = await this.unit.ranked(keys.releases(projectId));
    const refs = versions.map(({ member }) => ({ projectId, version: String(JSON.parse(member)) }));
    const releases = (await this.findReleases(refs)).filter((release) => release !== undefined);
    return releases
      .filter(({ orderKey }) => before === null || orderKey < before)
      .sort((one, other) => (one.orderKey < other.orderKey ? 1 : -1))
      .slice(0, limit);
  }

  async findTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    const timelines = await this.all<ReleaseTimeline>(projectIds.map(keys.timeline));
    return new Map(projectIds.map((id, index) => [id, timelines[index] ?? NO_RELEASES]));
  }

  async findEvent(ref: EventRef): Promise<StoredEvent | undefined> {
    const event = await this.read<StoredEvent>(keys.event(ref));
    return event !== undefined && (await this.findIssues([event.issueId])).size > 0 ? event : undefined;
  }

  async pageAlerts({ status, after, limit }: OutboxPageRequest): Promise<readonly OutboxEntry[]> {
    const ranked = await this.unit.ranked(keys.outbox(status));
    const behind = ranked.filter(
      ({ member, score }) => after === null || score > after.at || (score === after.at && member > after.id),
    );
    return (await this.alerts(behind.slice(0, limit).map(({ member }) => member))).map(({ entry }) => entry);
  }

  async countAlerts(now: Instant): Promise<OutboxCounts> {
    const pending = await this.unit.ranked(keys.outbox("pending"));
    const later = await this.alerts(pending.filter(({ score }) => score > now).map(({ member }) => member));
    const leased = later.filter(({ lease }) => lease !== null).length;
    const count = async (status: OutboxStatus) => (await this.unit.ranked(keys.outbox(status))).length;
    return {
      due: pending.length - later.length,
      waiting: later.length - leased,
      leased,
      dead: await count("dead"),
      discarded: await count("discarded"),
    };
  }

  /** The alerts that exist, in the order of their ids as they are given. */
  protected async alerts(ids: readonly string[]): Promise<AlertDocument[]> {
    return (await this.all<AlertDocument>(ids.map(keys.alert))).filter((document) => document !== undefined);
  }

  /** A document, as this store wrote it. */
  protected async read<Document>(key: string): Promise<Document | undefined> {
    return (await this.all<Document>([key]))[0];
  }

  /** Documents, place by place. */
  protected async all<Document>(wanted: readonly string[]): Promise<(Document | undefined)[]> {
    return (await this.unit.documents(wanted)).map((json) => (json === null ? undefined : parse<Document>(json)));
  }

  /** An issue's marks, in release order. */
  protected async marksOf(issueId: string): Promise<ReleaseMark[]> {
    return (await this.read<ReleaseMark[]>(keys.marks(issueId))) ?? [];
  }

  private async byId<Document>(
    ids: readonly string[],
    keyOf: (id: string) => string,
  ): Promise<ReadonlyMap<string, Document>> {
    const found = await this.all<Document>(ids.map(keyOf));
    return new Map(
      ids.flatMap((id, index) => {
        const document = found[index];
        return document === undefined ? [] : [[id, document]];
      }),
    );
  }
}

function parse<Document>(json: string): Document {
  return JSON.parse(json);
}

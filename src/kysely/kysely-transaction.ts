import { v7 as uuidv7 } from "uuid";
import { ALERT_KINDS, type Alert, type AlertKind } from "../core/alert.ts";
import type { AlertTally, TallyScope } from "../core/alert-limits.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
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
  IssueUpdate,
  NewIssue,
  StoredEvent,
  StoreTransaction,
} from "../ports/issue-store.ts";
import { decodeTally, encodeAlert, encodeTally, encodeTallyScope, type TallyRow } from "./alert-codec.ts";
import { loadAndLockDigest, loadDigest } from "./digest-loading.ts";
import { evictEvents } from "./eviction.ts";
import { decodeUuid, encodeUuid, hashGroup, tryEncodeUuid } from "./id-codec.ts";
import { decodeInteger } from "./integer-codec.ts";
import { changesByColumns } from "./issue-changes.ts";
import { KyselyReader } from "./kysely-reader.ts";
import { KyselyOutbox } from "./outbox.ts";
import {
  encodeEvent,
  encodeIssue,
  encodeMark,
  encodeProject,
  encodeRelease,
  encodeTurningPoint,
  type IssueRow,
} from "./row-codec.ts";
import type { KeyedProject } from "./project-keys.ts";
import { storeConflict } from "./session.ts";
import { encodeText } from "./text-codec.ts";

/** Changes the tables, within one transaction of the database. */
export class KyselyTransaction extends KyselyReader implements StoreTransaction {
  readonly #outbox = new KyselyOutbox(this.session, this.statements);
  /** The tallies that this transaction has looked for: whether they were there then. */
  readonly #tallies = new Map<string, boolean>();

  async saveProject(project: Project): Promise<void> {
    const owner = await this.findProjectBySlug(slugKeyOf(project.slug));
    if (owner !== undefined && owner.project.id !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const seen = this.projectKeys.seen(project.id);
    const key = await this.projectKeys.keyOf(project.id);
    const { insert, update } = this.statements.projects;
    if (key !== undefined) await this.#requireUnchanged(key, project.id, seen);
    if (key === undefined) await this.session.all(insert, encodeProject(project));
    else await this.session.all(update, encodeProject(project));
    this.projectKeys.noteSaved(project);
  }

  async loadForDigest(request: DigestRequest): Promise<DigestSnapshot> {
    const { session, statements, projectKeys } = this;
    const findReleases = this.findReleases.bind(this);
    const lockProjects = this.#lockProjects.bind(this);
    const load = this.#locksRows ? loadAndLockDigest : loadDigest;
    return load({ session, statements, projectKeys, findReleases, lockProjects }, request);
  }

  async lockIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    const given = [...new Set(ids)].sort().flatMap((id) => {
      const bytes = tryEncodeUuid(id);
      return bytes === undefined ? [] : { id: bytes };
    });
    const issues = await this.decodeIssues(await this.session.lookUp(this.statements.issues.lock, given));
    return new Map(issues.map((issue) => [issue.id, issue]));
  }

  async lockIssuesAwaitingNext(projectId: string, limit: number): Promise<readonly Issue[]> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return [];
    return this.#lockFound(
      () => this.session.all(this.statements.issues.awaitingNext, { project_key, limit }),
      ({ state }) => state.status === "resolved" && state.resolution.kind === "by-next",
    );
  }

  async lockIssuesToWake(now: Instant, limit: number): Promise<readonly Issue[]> {
    return this.#lockFound(
      () => this.session.all(this.statements.issues.toWake, { now, limit }),
      ({ state }) => {
        const deadline = state.status === "muted" ? state.mute.deadline : null;
        return deadline?.wakeOn === "deadline" && deadline.at <= now;
      },
    );
  }

  async lockTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
    if (this.#locksRows) {
      const keys = await this.projectKeys.keysOf(projectIds);
      await this.#lockProjects(projectIds.map((id) => keys.get(id)).filter((key) => key !== undefined));
    }
    return this.findTimelines(projectIds);
  }

  async insertIssues(issues: readonly NewIssue[]): Promise<void> {
    const issueRows = [];
    const groupRows = [];
    const numbers = new Map<number, { readonly first: number; readonly count: number }>();
    const keyOf = await this.#keysOf(issues.map(({ issue }) => issue.projectId));
    for (const { issue, group } of issues) {
      const project_key = keyOf(issue.projectId);
      const id = encodeUuid(issue.id);
      const hash = hashGroup(group);
      issueRows.push({ ...encodeIssue(issue, project_key), id, project_key, number: issue.number, group_hash: hash });
      const { strategy, key } = group;
      groupRows.push({
        project_key,
        hash,
        issue_id: id,
        strategy: encodeText(strategy),
        grouping_key: encodeText(key),
      });
      const { first, count } = numbers.get(project_key) ?? { first: issue.number, count: 0 };
      if (issue.number <= count) throw storeConflict();
      numbers.set(project_key, { first, count: issue.number });
    }
    await this.session.write(this.statements.issues.insert, issueRows);
    await this.session.write(this.statements.issues.insertGroups, groupRows);
    for (const [key, each] of numbers) {
      const isNew = await this.session.changes(this.statements.projects.raiseIssueCount, { key, ...each });
      if (!isNew) throw storeConflict();
    }
  }

  async updateIssues(updates: readonly IssueUpdate[]): Promise<void> {
    const keyOf = await this.#keysOf(updates.map(({ after }) => after.projectId));
    for (const { columns, rows } of changesByColumns(updates, keyOf)) {
      await this.session.write(this.statements.issues.update(columns), rows);
    }
  }

  async deleteIssues(ids: readonly string[]): Promise<void> {
    const given = ids.flatMap((id) => {
      const bytes = tryEncodeUuid(id);
      return bytes === undefined ? [] : { id: bytes, issue_id: bytes };
    });
    const { issues, releases, history } = this.statements;
    const rows = await this.session.lookUp(issues.byId, given);
    await this.session.write(
      issues.deleteGroups,
      rows.map(({ project_key, group_hash }) => ({ project_key: decodeInteger(project_key), hash: group_hash })),
    );
    await this.session.write(issues.deleteCounters, given);
    await this.session.write(releases.deleteMarks, given);
    await this.session.write(history.delete, given);
    await this.session.write(issues.delete, given);
  }

  async saveCounters(counters: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const given = Array.from(counters, ([issueId, buckets]) => ({ issue_id: encodeUuid(issueId), buckets }));
    await this.session.write(this.statements.issues.saveCounters, given);
  }

  async saveMarks(marks: readonly { readonly issueId: string; readonly mark: ReleaseMark }[]): Promise<void> {
    const given = marks.map(({ issueId, mark }) => encodeMark(issueId, mark));
    await this.session.write(this.statements.releases.saveMarks, given);
  }

  async saveReleases(projectId: string, releases: readonly Release[]): Promise<void> {
    const project_key = (await this.#keysOf([projectId]))(projectId);
    const before = await this.findReleases(releases.map(({ version }) => ({ projectId, version })));
    const { save, moveMarks } = this.statements.releases;
    await this.session.write(
      save,
      releases.map((release) => encodeRelease(project_key, release)),
    );
    for (const [index, release] of releases.entries()) {
      const from = before[index]?.orderKey;
      if (from === undefined || from === release.orderKey) continue;
      await this.session.all(moveMarks, { project_key, from, to: release.orderKey });
    }
    const count = releases.reduce((highest, { number }) => Math.max(highest, number), 0);
    await this.session.all(this.statements.projects.raiseReleaseCount, { key: project_key, count });
  }

  async insertEvents(events: readonly StoredEvent[]): Promise<void> {
    const eventRows = [];
    const dataRows = [];
    const keyOf = await this.#keysOf(events.map(({ projectId }) => projectId));
    for (const event of events) {
      const dataId = event.data === null ? null : uuidv7({}, new Uint8Array(16));
      if (dataId !== null && event.data !== null) dataRows.push({ id: dataId, data: event.data });
      eventRows.push(encodeEvent(keyOf(event.projectId), event, dataId));
    }
    // In one order, so that transactions with the same events wait for each other instead of each for the other.
    eventRows.sort((one, other) => one.project_key - other.project_key || compareTexts(one.id, other.id));
    await this.session.write(this.statements.events.insertData, dataRows);
    await this.session.write(this.statements.events.insert, eventRows);
  }

  async evictEvents(request: EvictionRequest): Promise<EvictionStep> {
    const keyOf = await this.#keysOf([request.projectId]);
    return evictEvents(this.session, this.statements, keyOf(request.projectId), request);
  }

  async insertTurningPoints(turningPoints: readonly TurningPoint[]): Promise<void> {
    await this.session.write(this.statements.history.insert, turningPoints.map(encodeTurningPoint));
  }

  async insertAlerts(alerts: readonly Alert[], dueAt: Instant): Promise<void> {
    await this.session.write(
      this.statements.alerts.insert,
      alerts.map((alert) => encodeAlert(alert, dueAt)),
    );
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
    return this.#decodeTallies(await this.#lockTallies(scopes));
  }

  async saveAlertTallies(tallies: readonly AlertTally[]): Promise<void> {
    const keyOf = await this.#keysOf(tallies.map(({ projectId }) => projectId));
    const rows = tallies.map((tally) => encodeTally(tally, keyOf(tally.projectId)));
    const isLookedFor = (tally: AlertTally): boolean =>
      this.#tallies.has(keyOfTally(encodeTallyScope(tally, keyOf(tally.projectId))));
    await this.#lockTallies(tallies.filter((tally) => !isLookedFor(tally)));
    const isStored = (row: (typeof rows)[number]): boolean => this.#tallies.get(keyOfTally(row)) === true;
    const fresh = rows.filter((row) => !isStored(row));
    await this.session.write(this.statements.tallies.update, rows.filter(isStored));
    // One that another transaction has made meanwhile is a conflict: what is saved here does not count what that one let through.
    await this.session.write(this.statements.tallies.insert, fresh);
    for (const row of fresh) this.#tallies.set(keyOfTally(row), true);
  }

  async takeEndedTallies(now: Instant, limit: number): Promise<readonly AlertTally[]> {
    const rows = await this.session.all(this.statements.tallies.ended, { now, limit });
    await this.session.write(
      this.statements.tallies.delete,
      rows.map(({ project_key, issue_id }) => ({ project_key: decodeInteger(project_key), issue_id })),
    );
    for (const row of rows) this.#tallies.set(keyOfTally(row), false);
    return this.#decodeTallies(rows);
  }

  /** Locks tallies, in one order as all do who lock several. */
  async #lockTallies(scopes: readonly TallyScope[]): Promise<TallyRow[]> {
    const keys = await this.projectKeys.keysOf(scopes.map(({ projectId }) => projectId));
    const given = scopes.flatMap((scope) => {
      const key = keys.get(scope.projectId);
      return key === undefined ? [] : encodeTallyScope(scope, key);
    });
    given.sort((one, other) => (keyOfTally(one) < keyOfTally(other) ? -1 : 1));
    const rows = await this.session.lookUp(this.statements.tallies.lock, given);
    for (const each of given) this.#tallies.set(keyOfTally(each), false);
    for (const row of rows) this.#tallies.set(keyOfTally(row), true);
    return rows;
  }

  async #decodeTallies(rows: readonly TallyRow[]): Promise<AlertTally[]> {
    const ids = await this.projectKeys.idsOf(rows.map(({ project_key }) => decodeInteger(project_key)));
    return rows.map((row) => {
      const projectId = ids.get(decodeInteger(row.project_key));
      if (projectId !== undefined) return decodeTally(row, projectId);
      throw new IssueLifecycleError("corrupt-data", "The store holds a tally of a project that it does not hold.");
    });
  }

  /** Locks a project, and refuses to change it if it is not as this transaction saw it: what it saves may be made of that. */
  async #requireUnchanged(key: number, id: string, seen: Project | undefined): Promise<void> {
    if (!this.#locksRows) return;
    const now = (await this.projectKeys.lock([key])).get(id)?.project;
    if (seen !== undefined && now !== undefined && !isSameProject(seen, now)) throw storeConflict();
  }

  /** Locks projects, and with them their issues' numbers and their releases. */
  async #lockProjects(keys: readonly number[]): Promise<Map<string, KeyedProject>> {
    this.readsLatestReleases = true;
    return this.projectKeys.lock(keys);
  }

  get #locksRows(): boolean {
    return this.dialect.locking.kind === "rows";
  }

  /**
   * Locks issues that a statement finds in another order than that of their ids, in which all who lock several do it.
   * Looks again if one of them has changed meanwhile.
   */
  async #lockFound(find: () => Promise<IssueRow[]>, isMeant: (issue: Issue) => boolean): Promise<readonly Issue[]> {
    for (;;) {
      const found = await this.decodeIssues(await find());
      if (!this.#locksRows) return found;
      const locked = await this.lockIssues(found.map(({ id }) => id));
      const issues = found.map(({ id }) => locked.get(id)).filter((issue) => issue !== undefined);
      if (issues.length === found.length && issues.every(isMeant)) return issues;
    }
  }

  /** Gives the numbers of projects that are known to exist. */
  async #keysOf(projectIds: readonly string[]): Promise<(projectId: string) => number> {
    const keys = await this.projectKeys.keysOf(projectIds);
    return (projectId) => {
      const key = keys.get(projectId);
      if (key !== undefined) return key;
      throw new IssueLifecycleError("store-failed", `The store holds no project ${JSON.stringify(projectId)}.`);
    };
  }
}

function isSameProject(one: Project, other: Project): boolean {
  const isSame = (kind: AlertKind): boolean => one.alerts[kind] === other.alerts[kind];
  return one.slug === other.slug && ALERT_KINDS.every(isSame);
}

/** Names a tally's row, and sorts as the rows do. */
function keyOfTally({ project_key, issue_id }: Pick<TallyRow, "project_key" | "issue_id">): string {
  return `${String(decodeInteger(project_key)).padStart(16, "0")} ${decodeUuid(issue_id)}`;
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

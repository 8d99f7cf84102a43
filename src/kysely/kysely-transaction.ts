import { v7 as uuidv7 } from "uuid";
import type { Alert } from "../core/alert.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import type { Release, ReleaseTimeline } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { AlertClaim, AlertSettlement, PendingAlert } from "../ports/alert-outbox.ts";
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
import { claimAlerts, settleAlerts } from "./alert-outbox.ts";
import { findDuplicates, findGroups } from "./digest-loading.ts";
import { evictEvents } from "./eviction.ts";
import { encodeUuid, hashGroup, tryEncodeUuid } from "./id-codec.ts";
import { changeOf } from "./issue-changes.ts";
import { KyselyReader } from "./kysely-reader.ts";
import {
  encodeAlert,
  encodeEvent,
  encodeIssue,
  encodeMark,
  encodeProject,
  encodeRelease,
  encodeTurningPoint,
} from "./row-codec.ts";
import { storeConflict } from "./session.ts";
import { encodeText } from "./text-codec.ts";

/** Changes the tables, within one transaction of the database. */
export class KyselyTransaction extends KyselyReader implements StoreTransaction {
  async saveProject(project: Project): Promise<void> {
    const owner = await this.findProjectBySlug(slugKeyOf(project.slug));
    if (owner !== undefined && owner.project.id !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const isKnown = (await this.projectKeys.keyOf(project.id)) !== undefined;
    const { insert, update } = this.statements.projects;
    if (isKnown) await this.session.all(update, encodeProject(project));
    else await this.session.all(insert, encodeProject(project));
  }

  async loadForDigest({ events, groups, releases }: DigestRequest): Promise<DigestSnapshot> {
    const projects = await this.projectKeys.load([...new Set(groups.map(({ projectId }) => projectId))]);
    return {
      projects,
      duplicateOf: await findDuplicates(this.session, this.statements, events, projects),
      issues: await findGroups(this.session, this.statements, groups, projects),
      releases: await this.findReleases(releases),
    };
  }

  async lockIssues(ids: readonly string[]): Promise<ReadonlyMap<string, Issue>> {
    return this.findIssues(ids);
  }

  async lockIssuesAwaitingNext(projectId: string, limit: number): Promise<readonly Issue[]> {
    const project_key = await this.projectKeys.keyOf(projectId);
    if (project_key === undefined) return [];
    return this.decodeIssues(await this.session.all(this.statements.issues.awaitingNext, { project_key, limit }));
  }

  async lockIssuesToWake(now: Instant, limit: number): Promise<readonly Issue[]> {
    return this.decodeIssues(await this.session.all(this.statements.issues.toWake, { now, limit }));
  }

  async lockTimelines(projectIds: readonly string[]): Promise<ReadonlyMap<string, ReleaseTimeline>> {
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
    for (const { before, after } of updates) {
      const { columns, values } = changeOf(before, after, keyOf(after.projectId));
      if (columns.length === 0) continue;
      await this.session.all(this.statements.issues.update(columns), { ...values, id: encodeUuid(after.id) });
    }
  }

  async deleteIssues(ids: readonly string[]): Promise<void> {
    const given = ids.flatMap((id) => {
      const bytes = tryEncodeUuid(id);
      return bytes === undefined ? [] : { id: bytes, issue_id: bytes };
    });
    const { issues, releases, history } = this.statements;
    for (const { project_key, group_hash } of await this.session.lookUp(issues.byId, given)) {
      await this.session.write(issues.deleteGroups, [{ project_key, hash: group_hash }]);
    }
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

  async claimAlerts(claim: AlertClaim): Promise<readonly PendingAlert[]> {
    return claimAlerts(this.session, this.statements, claim);
  }

  async settleAlerts(settlements: readonly AlertSettlement[]): Promise<number> {
    return settleAlerts(this.session, this.statements, settlements);
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

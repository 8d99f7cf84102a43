import type { Selectable } from "kysely";
import { minuteOf } from "../core/calendar.ts";
import { OPEN, type Issue, type IssueState, type IssueStatus } from "../core/issue.ts";
import { searchedText } from "../core/issue-list.ts";
import { slugKeyOf, type Project } from "../core/project.ts";
import type { Release } from "../core/release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import { SYSTEM, type TurningPoint } from "../core/turning-point.ts";
import type { StoredEvent, StoredProject } from "../ports/issue-store.ts";
import { decodeUuid, encodeUuid } from "./id-codec.ts";
import { decodeBoolean, decodeInteger, decodeOptionalInteger } from "./integer-codec.ts";
import { readState, readTurn } from "./stored-json.ts";
import type {
  EventsTable,
  IssuesTable,
  MarksTable,
  ProjectsTable,
  ReleasesTable,
  TurningPointsTable,
} from "./tables.ts";
import { decodeOptionalText, decodeText, encodeText, plainText } from "./text-codec.ts";

/** How the states are written in rows. */
export const STATUS_CODES: Readonly<Record<IssueStatus, number>> = { open: 0, muted: 1, resolved: 2 };

/** The columns of a project, but for its key and counts. */
export function encodeProject(project: Project) {
  return {
    id: encodeText(project.id),
    slug: project.slug,
    slug_key: slugKeyOf(project.slug),
    alert_new_issue: Number(project.alerts["new-issue"]),
    alert_regression: Number(project.alerts.regression),
    alert_unmute: Number(project.alerts.unmute),
  };
}

/** A project's row. */
export type ProjectRow = Selectable<ProjectsTable>;

/** A project from its row. */
export function decodeProject(row: ProjectRow): StoredProject {
  const alerts = {
    "new-issue": decodeBoolean(row.alert_new_issue),
    regression: decodeBoolean(row.alert_regression),
    unmute: decodeBoolean(row.alert_unmute),
  };
  const project = { id: decodeText(row.id), slug: plainText(row.slug), alerts };
  return { project, issueCount: decodeInteger(row.issue_count) };
}

/** The columns of an issue that can change. */
export function encodeIssue(issue: Issue, projectKey: number) {
  return { ...encodeIssueCounts(issue), ...encodeIssueTexts(issue), ...encodeIssueState(issue.state, projectKey) };
}

/** The columns of an issue that change with its events. */
export function encodeIssueCounts(issue: Issue) {
  return {
    first_seen_at: issue.firstSeenAt,
    last_seen_at: issue.lastSeenAt,
    last_seen_minute: minuteOf(issue.lastSeenAt),
    event_count: issue.eventCount,
    event_count_class: eventCountClass(issue.eventCount),
    latest_event_id: encodeText(issue.latestEventId),
    last_seen_in: issue.lastSeenIn === undefined ? null : encodeText(issue.lastSeenIn),
    turning_point_count: issue.turningPointCount,
  };
}

/** The columns of an issue that people read. */
export function encodeIssueTexts(issue: Issue) {
  return {
    title: encodeText(issue.title),
    transaction_name: encodeText(issue.transaction),
    search_text: encodeText(searchedText(issue)),
  };
}

/** The columns of an issue's state. */
export function encodeIssueState(state: IssueState, projectKey: number) {
  return {
    status: STATUS_CODES[state.status],
    state: encodeState(state),
    wake_at: wakeAt(state),
    awaits_next_in: state.status === "resolved" && state.resolution.kind === "by-next" ? projectKey : null,
  };
}

function encodeState(state: IssueState): string | null {
  return state.status === "open" ? null : JSON.stringify(state);
}

function wakeAt(state: IssueState): number | null {
  if (state.status !== "muted" || state.mute.deadline?.wakeOn !== "deadline") return null;
  return state.mute.deadline.at;
}

/** Counts below this are indexed as they are. */
export const EXACT_COUNTS = 64;

/**
 * What issues are indexed by for their event counts: the count itself as long as it is small, as most are; then how often it
 * can be halved. So the entry of an issue with many events moves each time its count has doubled.
 */
export function eventCountClass(count: number): number {
  if (count < EXACT_COUNTS) return count;
  const logarithm = Math.floor(Math.log2(count));
  const halvings = 2 ** logarithm > count ? logarithm - 1 : logarithm;
  return EXACT_COUNTS - Math.log2(EXACT_COUNTS) + halvings;
}

/** An issue's row. */
export type IssueRow = Selectable<IssuesTable>;

/** An issue from its row. */
export function decodeIssue(row: IssueRow, projectId: string): Issue {
  return {
    id: decodeUuid(row.id),
    projectId,
    number: decodeInteger(row.number),
    title: decodeText(row.title),
    transaction: decodeText(row.transaction_name),
    firstSeenAt: decodeInteger(row.first_seen_at),
    lastSeenAt: decodeInteger(row.last_seen_at),
    eventCount: decodeInteger(row.event_count),
    latestEventId: decodeText(row.latest_event_id),
    lastSeenIn: row.last_seen_in === null ? undefined : decodeText(row.last_seen_in),
    turningPointCount: decodeInteger(row.turning_point_count),
    state: row.state === null ? OPEN : readState(plainText(row.state)),
  };
}

/** The columns of a mark. */
export function encodeMark(issueId: string, mark: ReleaseMark) {
  return {
    issue_id: encodeUuid(issueId),
    order_key: mark.orderKey,
    version: encodeText(mark.version),
    release_number: mark.number,
    fixed_last: mark.last === "fixed" ? 1 : 0,
    fixed_at: mark.fixedAt,
    seen: mark.last === "seen" || mark.seen ? 1 : 0,
  };
}

/** A mark's row. */
export type MarkRow = Selectable<MarksTable>;

/** A mark from its row. */
export function decodeMark(row: MarkRow): ReleaseMark {
  const release = {
    version: decodeText(row.version),
    number: decodeInteger(row.release_number),
    orderKey: plainText(row.order_key),
  };
  const fixedAt = decodeOptionalInteger(row.fixed_at);
  if (decodeBoolean(row.fixed_last) && fixedAt !== null) {
    return { ...release, last: "fixed", fixedAt, seen: decodeBoolean(row.seen) };
  }
  return { ...release, last: "seen", fixedAt };
}

/** The columns of a release. */
export function encodeRelease(projectKey: number, release: Release) {
  return {
    project_key: projectKey,
    version: encodeText(release.version),
    number: release.number,
    semver: Number(release.scheme === "semver"),
    order_key: release.orderKey,
    known: Number(release.standing === "known"),
    epoch: release.epoch,
    at: release.standing === "known" ? release.releasedAt : release.announcedAt,
  };
}

/** A release's row. */
export type ReleaseRow = Selectable<ReleasesTable>;

/** A release from its row. */
export function decodeRelease(row: ReleaseRow): Release {
  const base = {
    version: decodeText(row.version),
    number: decodeInteger(row.number),
    scheme: decodeBoolean(row.semver) ? ("semver" as const) : ("dated" as const),
    orderKey: plainText(row.order_key),
  };
  const epoch = decodeOptionalInteger(row.epoch);
  const at = decodeInteger(row.at);
  if (decodeBoolean(row.known)) return { ...base, standing: "known", epoch: epoch ?? 0, releasedAt: at };
  return { ...base, standing: "announced", epoch, announcedAt: at };
}

/** An event's row with its data. */
export type EventRow = Selectable<EventsTable>;

/** The columns of an event; its data has a row of its own. */
export function encodeEvent(projectKey: number, event: StoredEvent, dataId: Uint8Array | null) {
  return {
    project_key: projectKey,
    id: encodeText(event.id),
    issue_id: encodeUuid(event.issueId),
    release: encodeText(event.release),
    received_at: event.receivedAt,
    occurred_at: event.occurredAt,
    kept: event.kept ? 1 : 0,
    data_id: dataId,
  };
}

/** An event from its row. */
export function decodeEvent(row: EventRow, projectId: string, data: string | null): StoredEvent {
  return {
    projectId,
    id: decodeText(row.id),
    issueId: decodeUuid(row.issue_id),
    release: decodeText(row.release),
    receivedAt: decodeInteger(row.received_at),
    occurredAt: decodeOptionalInteger(row.occurred_at),
    kept: decodeBoolean(row.kept),
    data,
  };
}

/** The columns of a turning point. */
export function encodeTurningPoint(turningPoint: TurningPoint) {
  const { issueId, number, turn, at, by, eventId, comment } = turningPoint;
  return {
    issue_id: encodeUuid(issueId),
    number,
    turn: JSON.stringify(turn),
    at,
    by_user: by.kind === "user" ? encodeText(by.id) : null,
    event_id: eventId === null ? null : encodeText(eventId),
    comment: encodeText(comment),
  };
}

/** A turning point's row. */
export type TurningPointRow = Selectable<TurningPointsTable>;

/** A turning point from its row. */
export function decodeTurningPoint(row: TurningPointRow): TurningPoint {
  return {
    issueId: decodeUuid(row.issue_id),
    number: decodeInteger(row.number),
    turn: readTurn(plainText(row.turn)),
    at: decodeInteger(row.at),
    by: row.by_user === null ? SYSTEM : { kind: "user", id: decodeText(row.by_user) },
    eventId: decodeOptionalText(row.event_id),
    comment: decodeText(row.comment),
  };
}

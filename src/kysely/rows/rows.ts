import { slugKeyOf, type Project } from "../../core/project.ts";
import type { ReleaseMark } from "../../core/release-mark.ts";
import type { Release } from "../../core/release.ts";
import type { UnreadableAt } from "../../core/page.ts";
import { SYSTEM, type TurningPoint } from "../../core/turning-point.ts";
import { corruptData } from "../../core/unreadable.ts";
import type { StoredEvent } from "../../ports/issue-store.ts";
import type { RowOf } from "../schema/columns.ts";
import { TABLES, type TableRow } from "../schema/tables.ts";
import { damageIn, idText, isWhole, placeOf, tolerant, type TolerantRow } from "./damage.ts";

/** A project's row. */
export type ProjectRow = TableRow<"projects">;

/** The columns of a project but for its key and counts. */
export function projectColumns({ id, slug, alerts }: Project) {
  return {
    id,
    slug,
    slug_key: slugKeyOf(slug),
    alert_new_issue: alerts["new-issue"],
    alert_regression: alerts.regression,
    alert_unmute: alerts.unmute,
  };
}

/** The columns that are read of a project in the list of all: only its issue count can be damaged. */
export const LISTED_PROJECT_COLUMNS = {
  id: TABLES.projects.id,
  slug: TABLES.projects.slug,
  alert_new_issue: TABLES.projects.alert_new_issue,
  alert_regression: TABLES.projects.alert_regression,
  alert_unmute: TABLES.projects.alert_unmute,
  ...tolerant({ issue_count: TABLES.projects.issue_count }),
};

/** The project of a row. */
export function projectOf(row: Omit<RowOf<typeof LISTED_PROJECT_COLUMNS>, "issue_count">): Project {
  const alerts = {
    "new-issue": row.alert_new_issue,
    regression: row.alert_regression,
    unmute: row.alert_unmute,
  };
  return { id: row.id, slug: row.slug, alerts };
}

/** A mark's row. */
export type MarkRow = TableRow<"marks">;

/** The row of a mark. */
export function markRow(issue_id: string, mark: ReleaseMark): MarkRow {
  return {
    issue_id,
    order_key: mark.orderKey,
    version: mark.version,
    release_number: mark.number,
    fixed_last: mark.last === "fixed",
    fixed_at: mark.fixedAt,
    seen: mark.last === "seen" || mark.seen,
  };
}

/** The mark of a row. */
function markOf(row: MarkRow): ReleaseMark {
  const release = { version: row.version, number: row.release_number, orderKey: row.order_key };
  if (row.fixed_last && row.fixed_at !== null) {
    return { ...release, last: "fixed", fixedAt: row.fixed_at, seen: row.seen };
  }
  return { ...release, last: "seen", fixedAt: row.fixed_at };
}

/** The columns of a mark as they are read. */
export const MARK_COLUMNS = tolerant(TABLES.marks);

/** The mark of a row, or what stands for one that cannot be read. */
export function markEntryOf(row: TolerantRow<typeof TABLES.marks>): ReleaseMark | UnreadableAt<string> {
  if (isWhole(row)) return markOf(row);
  const version = idText(row.version);
  const error = corruptData(`The mark for release ${JSON.stringify(version)}`, "", damageIn(row)?.cause);
  return { id: version, error, position: idText(row.order_key) };
}

/** A release's row. */
export type ReleaseRow = TableRow<"releases">;

/** The row of a release. */
export function releaseRow(project_key: number, release: Release): ReleaseRow {
  return {
    project_key,
    version: release.version,
    number: release.number,
    semver: release.scheme === "semver",
    order_key: release.orderKey,
    known: release.standing === "known",
    epoch: release.epoch,
    at: release.standing === "known" ? release.releasedAt : release.announcedAt,
  };
}

/** The release of a row. */
export function releaseOf(row: ReleaseRow): Release {
  const base = {
    version: row.version,
    number: row.number,
    scheme: row.semver ? ("semver" as const) : ("dated" as const),
    orderKey: row.order_key,
  };
  if (row.known) return { ...base, standing: "known", epoch: row.epoch ?? 0, releasedAt: row.at };
  return { ...base, standing: "announced", epoch: row.epoch, announcedAt: row.at };
}

/** The columns of a release in a list. */
export const LISTED_RELEASE_COLUMNS = tolerant(TABLES.releases);

/** The release of a row, or what stands for one that cannot be read. */
export function releaseEntryOf(row: TolerantRow<typeof TABLES.releases>): Release | UnreadableAt<string> {
  if (isWhole(row)) return releaseOf(row);
  const version = idText(row.version);
  const error = corruptData(`Release ${JSON.stringify(version)}`, "", damageIn(row)?.cause);
  return { id: version, error, position: idText(row.order_key) };
}

/** An event's row. */
export type EventRow = TableRow<"events">;

/** The row of an event; its data has a row of its own. */
export function eventRow(project_key: number, event: StoredEvent, data_id: Uint8Array | null): EventRow {
  return {
    project_key,
    id: event.id,
    issue_id: event.issueId,
    release: event.release,
    received_at: event.receivedAt,
    occurred_at: event.occurredAt,
    kept: event.kept,
    data_id,
  };
}

/** The event of a row. */
export function eventOf(row: EventRow, projectId: string, data: string | null): StoredEvent {
  return {
    projectId,
    id: row.id,
    issueId: row.issue_id,
    release: row.release,
    receivedAt: row.received_at,
    occurredAt: row.occurred_at,
    kept: row.kept,
    data,
  };
}

/** A turning point's row. */
export type TurningPointRow = TableRow<"turning_points">;

/** The row of a turning point. */
export function turningPointRow(turningPoint: TurningPoint): TurningPointRow {
  const { issueId, number, turn, at, by, eventId, comment } = turningPoint;
  return {
    issue_id: issueId,
    number,
    turn,
    at,
    by_user: by.kind === "user" ? by.id : null,
    event_id: eventId,
    comment,
  };
}

/** The turning point of a row. */
function turningPointOf(row: TurningPointRow): TurningPoint {
  return {
    issueId: row.issue_id,
    number: row.number,
    turn: row.turn,
    at: row.at,
    by: row.by_user === null ? SYSTEM : { kind: "user", id: row.by_user },
    eventId: row.event_id,
    comment: row.comment,
  };
}

/** The columns of a turning point in a list. */
export const LISTED_TURNING_POINT_COLUMNS = tolerant(TABLES.turning_points);

/** The turning point of a row, or what stands for one that cannot be read. */
export function turningPointEntryOf(
  row: TolerantRow<typeof TABLES.turning_points>,
): TurningPoint | UnreadableAt<number> {
  if (isWhole(row)) return turningPointOf(row);
  const position = placeOf(row.number);
  const error = corruptData(`Turning point ${String(position)}`, "", damageIn(row)?.cause);
  return { id: String(position), error, position };
}

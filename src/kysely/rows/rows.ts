import { slugKeyOf, type Project } from "../../core/project.ts";
import type { UnreadableAt } from "../../core/page.ts";
import { SYSTEM, type TurningPoint } from "../../core/turning-point.ts";
import { corruptData } from "../../core/unreadable.ts";
import type { StoredEvent } from "../../ports/issue-store.ts";
import type { RowOf } from "../schema/columns.ts";
import { TABLES, type TableRow } from "../schema/tables.ts";
import { damageIn, isWhole, placeOf, tolerant, type TolerantRow } from "./damage.ts";

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

/** The columns that are read of a project in the list of all: only its counts can be damaged. */
export const LISTED_PROJECT_COLUMNS = {
  id: TABLES.projects.id,
  slug: TABLES.projects.slug,
  alert_new_issue: TABLES.projects.alert_new_issue,
  alert_regression: TABLES.projects.alert_regression,
  alert_unmute: TABLES.projects.alert_unmute,
  ...tolerant({ issue_count: TABLES.projects.issue_count, release_count: TABLES.projects.release_count }),
};

/** The project of a row. */
export function projectOf(row: Omit<RowOf<typeof LISTED_PROJECT_COLUMNS>, "issue_count" | "release_count">): Project {
  const alerts = {
    "new-issue": row.alert_new_issue,
    regression: row.alert_regression,
    unmute: row.alert_unmute,
  };
  return { id: row.id, slug: row.slug, alerts };
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

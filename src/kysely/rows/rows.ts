import { slugKeyOf, type Project } from "../../core/project.ts";
import type { UnreadableAt } from "../../core/page.ts";
import { SYSTEM, type TurningPoint } from "../../core/turning-point.ts";
import { corruptData } from "../../core/unreadable.ts";
import { NO_WATCH } from "../../core/watch.ts";
import type { FeedEntry, StoredProject, UnreadableFeedEntry } from "../../ports/issue-store.ts";
import { integer, type RowOf } from "../schema/columns.ts";
import { namesIn, TABLES, type TableRow } from "../schema/tables.ts";
import { damageIn, idText, isWhole, placeOf, tolerant, undamaged, type Damaged } from "./damage.ts";

/** A project's row. */
export type ProjectRow = TableRow<"projects">;

/** The columns of a project but for its key and counts. */
export function projectColumns({ id, slug, alerts, watch, stateEnvironments, autoResolveAfterMs }: Project) {
  return {
    id,
    slug,
    slug_key: slugKeyOf(slug),
    alert_new_issue: alerts["new-issue"],
    alert_regression: alerts.regression,
    alert_unmute: alerts.unmute,
    alert_loud: alerts.loud,
    watch: watch.conditions.length === 0 ? null : watch,
    state_environments: stateEnvironments,
    auto_resolve_after: autoResolveAfterMs,
  };
}

/** The columns that are read of a project in the list of all: only its id, slug and alerts cannot be damaged. */
export const LISTED_PROJECT_COLUMNS = {
  id: TABLES.projects.id,
  slug: TABLES.projects.slug,
  alert_new_issue: TABLES.projects.alert_new_issue,
  alert_regression: TABLES.projects.alert_regression,
  alert_unmute: TABLES.projects.alert_unmute,
  alert_loud: TABLES.projects.alert_loud,
  ...tolerant({
    watch: TABLES.projects.watch,
    state_environments: TABLES.projects.state_environments,
    auto_resolve_after: TABLES.projects.auto_resolve_after,
    issue_count: TABLES.projects.issue_count,
    release_count: TABLES.projects.release_count,
  }),
};

/** The project of a row. */
export function projectOf(row: Omit<ProjectRow, "key" | "slug_key" | "issue_count" | "release_count">): Project {
  const alerts = {
    "new-issue": row.alert_new_issue,
    regression: row.alert_regression,
    unmute: row.alert_unmute,
    loud: row.alert_loud,
  };
  const { id, slug, watch, state_environments: stateEnvironments, auto_resolve_after: autoResolveAfterMs } = row;
  return { id, slug, alerts, watch: watch ?? NO_WATCH, stateEnvironments, autoResolveAfterMs };
}

/**
 * A project in the list of all. Damage costs it what it watches for, its environments, the resolving of quiet issues, new issues or
 * releases, but not its place in the list: a damaged count is above all numbers.
 */
export function listedProjectOf(row: RowOf<typeof LISTED_PROJECT_COLUMNS>): StoredProject {
  const watch = undamaged(row.watch) ?? null;
  const state_environments = undamaged(row.state_environments) ?? null;
  const auto_resolve_after = undamaged(row.auto_resolve_after) ?? null;
  const countOf = (stored: number | Damaged): number => undamaged(stored) ?? Number.MAX_SAFE_INTEGER;
  return {
    project: projectOf({ ...row, watch, state_environments, auto_resolve_after }),
    issueCount: countOf(row.issue_count),
    releaseCount: countOf(row.release_count),
  };
}

const { feed_position: _, ...HISTORY_COLUMNS } = TABLES.turning_points;

/** The columns of a turning point that are written with it: its position in the feed comes later. */
export const TURNING_POINT_COLUMNS = namesIn(HISTORY_COLUMNS);

/** A turning point's row. */
export type TurningPointRow = RowOf<typeof HISTORY_COLUMNS>;

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
export const LISTED_TURNING_POINT_COLUMNS = tolerant(HISTORY_COLUMNS);

/** The columns of a turning point in the feed. */
export const FED_TURNING_POINT_COLUMNS = { feed_position: integer, ...LISTED_TURNING_POINT_COLUMNS };

/** The turning point of a row, or what stands for one that cannot be read. */
export function turningPointEntryOf(
  row: RowOf<typeof LISTED_TURNING_POINT_COLUMNS>,
): TurningPoint | UnreadableAt<number> {
  if (isWhole(row)) return turningPointOf(row);
  const position = placeOf(row.number);
  const error = corruptData(`Turning point ${String(position)}`, "", damageIn(row)?.cause);
  return { id: String(position), error, position };
}

/** The entry of a row in the feed, or what stands for one that cannot be read. */
export function feedEntryOf(row: RowOf<typeof FED_TURNING_POINT_COLUMNS>): FeedEntry | UnreadableFeedEntry {
  const { feed_position: position, ...stored } = row;
  const entry = turningPointEntryOf(stored);
  return "error" in entry ? { ...entry, position, issueId: idText(row.issue_id) } : { position, turningPoint: entry };
}

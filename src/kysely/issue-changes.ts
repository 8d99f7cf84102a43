import { minuteOf } from "../core/calendar.ts";
import type { Issue } from "../core/issue.ts";
import type { IssueUpdate } from "../ports/issue-store.ts";
import { encodeUuid } from "./id-codec.ts";
import { encodeIssueCounts, encodeIssueState, encodeIssueTexts, eventCountClass } from "./row-codec.ts";
import type { ChangeableColumn, ChangedColumns } from "./statements/issue-statements.ts";
import type { Bytes } from "./tables.ts";

/** What is to be written of an issue that changed. */
interface IssueChange {
  /** The columns that change. */
  readonly columns: readonly ChangeableColumn[];
  /** Their values, and perhaps those of others. */
  readonly values: ChangedColumns;
}

/** Rows in which the same columns change. */
export interface IssueChanges {
  readonly columns: readonly ChangeableColumn[];
  readonly rows: (ChangedColumns & { readonly id: Bytes })[];
}

/** What is to be written of issues that changed, by the columns that change. */
export function changesByColumns(
  updates: readonly IssueUpdate[],
  keyOf: (projectId: string) => number,
): Iterable<IssueChanges> {
  const byColumns = new Map<string, IssueChanges>();
  for (const { before, after } of updates) {
    const { columns, values } = changeOf(before, after, keyOf(after.projectId));
    if (columns.length === 0) continue;
    const name = columns.join();
    const changes = byColumns.get(name) ?? { columns, rows: [] };
    byColumns.set(name, changes);
    changes.rows.push({ ...values, id: encodeUuid(after.id) });
  }
  return byColumns.values();
}

/**
 * The columns in which an issue's row changes. Writing no others spares the indexes: most events change neither the
 * minute an issue was last seen in nor the magnitude of its event count, and then no index is touched.
 */
function changeOf(before: Issue, after: Issue, projectKey: number): IssueChange {
  const columns = changedCounts(before, after);
  let values: ChangedColumns = encodeIssueCounts(after);
  if (before.title !== after.title || before.transaction !== after.transaction) {
    columns.push("title", "transaction_name", "search_text");
    values = { ...values, ...encodeIssueTexts(after) };
  }
  if (before.state !== after.state) {
    columns.push("state", "wake_at", "awaits_next_in");
    if (before.state.status !== after.state.status) columns.push("status");
    values = { ...values, ...encodeIssueState(after.state, projectKey) };
  }
  return { columns, values };
}

function changedCounts(before: Issue, after: Issue): ChangeableColumn[] {
  const changed: ChangeableColumn[] = [];
  if (before.eventCount !== after.eventCount) changed.push("event_count");
  if (eventCountClass(before.eventCount) !== eventCountClass(after.eventCount)) changed.push("event_count_class");
  if (before.lastSeenAt !== after.lastSeenAt) changed.push("last_seen_at");
  if (minuteOf(before.lastSeenAt) !== minuteOf(after.lastSeenAt)) changed.push("last_seen_minute");
  if (before.latestEventId !== after.latestEventId) changed.push("latest_event_id");
  if (before.firstSeenAt !== after.firstSeenAt) changed.push("first_seen_at");
  if (before.lastSeenIn !== after.lastSeenIn) changed.push("last_seen_in");
  if (before.turningPointCount !== after.turningPointCount) changed.push("turning_point_count");
  return changed;
}

import { hash } from "node:crypto";
import type { IssueLifecycleError } from "../../core/errors.ts";
import { isInstant } from "../../core/instant.ts";
import { searchableText } from "../../core/issue-list.ts";
import { OPEN, wakeTimeOf, type Issue, type IssueState, type IssueStatus } from "../../core/issue.ts";
import { corruptIssue } from "../../core/unreadable.ts";
import type { GroupRef, IssueUpdate, UnreadableIssue } from "../../ports/issue-store.ts";
import type { RowOf } from "../schema/columns.ts";
import type { LastSeen } from "../schema/last-seen.ts";
import { namesIn, TABLES, type TableRow } from "../schema/tables.ts";
import { damageIn, idText, isWhole, tolerant, undamaged, type Whole } from "./damage.ts";
import { eventCountClass, lastSeenClass } from "./list-classes.ts";

/** The columns that are read of an issue. The others serve searches and deletion. */
const { search_text: _searchText, group_hash: _groupHash, ...issueColumns } = TABLES.issues;

/** The columns that are read of an issue. */
export const ISSUE_COLUMNS = tolerant(issueColumns);

/** Their names. */
export const READ_COLUMNS = namesIn(ISSUE_COLUMNS);

/** What is read of an issue's row, before it is checked. */
export type StoredIssueRow = RowOf<typeof ISSUE_COLUMNS>;

/** A row of an issue that can be read. */
export type IssueRow = Whole<StoredIssueRow>;

/** A row of an issue that cannot be read. */
export interface DamagedIssueRow {
  readonly id: string;
  readonly project_key: number | undefined;
  readonly number: number | undefined;
  readonly error: IssueLifecycleError;
}

/** A row of an issue, which may be damaged. */
export type CheckedIssueRow = IssueRow | DamagedIssueRow;

/** Checks a row. */
export function checkIssueRow(row: StoredIssueRow): CheckedIssueRow {
  if (!isWhole(row)) return damagedRow(row, damageIn(row)?.cause);
  if (!isPlausible(row)) return damagedRow(row, new Error("It holds numbers that no issue has."));
  return isConsistent(row) ? row : damagedRow(row, new Error("Its columns contradict each other."));
}

/** A row of an issue that cannot be read, for this reason. */
export function damagedRow(row: StoredIssueRow, cause: unknown): DamagedIssueRow {
  const id = idText(row.id);
  return {
    id,
    project_key: undamaged(row.project_key),
    number: undamaged(row.number),
    error: corruptIssue(id, cause),
  };
}

/** Whether a row's numbers are those of an issue, so that what reads it need not expect others. */
function isPlausible(row: IssueRow): boolean {
  return (
    row.number >= 1 &&
    // All events of an issue's own part may have been erased.
    row.event_count >= (row.status === STATUS_CODES.merged ? 0 : 1) &&
    row.turning_point_count >= 0 &&
    row.user_count >= 0 &&
    row.last_event_number >= 0 &&
    isInstant(row.first_seen_at) &&
    isInstant(row.last_seen_at)
  );
}

/** Whether the columns by which an issue is found are those of its state and its values. */
function isConsistent(row: IssueRow): boolean {
  const { status, wake_at, awaits_next_in } = stateColumns(row.state ?? OPEN, row.project_key);
  return (
    row.status === status &&
    row.wake_at === wake_at &&
    row.awaits_next_in === awaits_next_in &&
    row.last_seen_minute === lastSeenClass({ lastSeenAt: row.last_seen_at, eventCount: row.event_count }) &&
    row.event_count_class === eventCountClass(row.event_count)
  );
}

/** Whether a row can be read. */
export function isIssueRow(row: CheckedIssueRow): row is IssueRow {
  return !("error" in row);
}

/**
 * What stands for an issue that cannot be read.
 *
 * @param projectId - its project, if that exists
 */
export function unreadableIssue(
  { id, number, error }: DamagedIssueRow,
  projectId: string | undefined,
): UnreadableIssue {
  return { id, projectId: projectId ?? "", number, error };
}

/**
 * The issue of a row.
 *
 * @param projectId - its project; `undefined` if that does not exist
 */
export function issueEntryOf(row: CheckedIssueRow, projectId: string | undefined): Issue | UnreadableIssue {
  if (!isIssueRow(row)) return unreadableIssue(row, projectId);
  if (projectId !== undefined) return issueOf(row, projectId);
  return unreadableIssue(damagedRow(row, new Error("Its project does not exist.")), undefined);
}

/** How the states are stored. */
export const STATUS_CODES: Readonly<Record<IssueStatus, number>> = {
  open: 0,
  muted: 1,
  resolved: 2,
  discarded: 3,
  merged: 4,
};

/** The issue of a row. */
function issueOf(row: IssueRow, projectId: string): Issue {
  return {
    id: row.id,
    projectId,
    number: row.number,
    title: row.title,
    transaction: row.transaction_name,
    level: row.level,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    eventCount: row.event_count,
    lastEventNumber: row.last_event_number,
    userCount: row.user_count,
    environments: row.environments ?? NO_ENVIRONMENTS,
    watch: row.watch,
    latestEventId: row.latest_event_id,
    ...lastSeenOf(row),
    turningPointCount: row.turning_point_count,
    parts: row.parts,
    state: row.state ?? OPEN,
  };
}

const NO_ENVIRONMENTS: readonly string[] = [];

function lastSeenOf({ last_seen_in }: IssueRow): Pick<Issue, "lastSeenIn" | "seenNumber"> {
  const { version, number } = last_seen_in ?? NOT_SEEN;
  return { lastSeenIn: version === "" ? undefined : version, seenNumber: number };
}

const NOT_SEEN: LastSeen = { version: "", number: 0 };

function lastSeenColumn({ lastSeenIn, seenNumber }: Issue): LastSeen | null {
  if (lastSeenIn === undefined && seenNumber === 0) return null;
  return { version: lastSeenIn ?? "", number: seenNumber };
}

/**
 * The id of an issue and its columns that can change.
 *
 * @param searchText - the text that searches look at, which is made only where it is written
 */
export function changeableColumns(issue: Issue, projectKey: number, searchText: string) {
  return {
    id: issue.id,
    first_seen_at: issue.firstSeenAt,
    last_seen_at: issue.lastSeenAt,
    last_seen_minute: lastSeenClass(issue),
    event_count: issue.eventCount,
    event_count_class: eventCountClass(issue.eventCount),
    latest_event_id: issue.latestEventId,
    last_seen_in: lastSeenColumn(issue),
    turning_point_count: issue.turningPointCount,
    title: issue.title,
    transaction_name: issue.transaction,
    search_text: searchText,
    user_count: issue.userCount,
    environments: issue.environments.length === 0 ? null : issue.environments,
    watch: issue.watch,
    last_event_number: issue.lastEventNumber,
    parts: issue.parts,
    level: issue.level,
    ...stateColumns(issue.state, projectKey),
  };
}

/** A column of an issue that can change. */
export type ChangeableColumn = Exclude<keyof ReturnType<typeof changeableColumns>, "id">;

/** The row of an issue. */
export function issueRow(issue: Issue, project_key: number, group_hash: Uint8Array): TableRow<"issues"> {
  const columns = changeableColumns(issue, project_key, searchableText(issue));
  return { ...columns, project_key, number: issue.number, group_hash };
}

/** The columns of an issue's state. */
export function stateColumns(state: IssueState, projectKey: number) {
  return {
    status: STATUS_CODES[state.status],
    state: isPlainlyOpen(state) ? null : state,
    wake_at: wakeTimeOf(state) ?? null,
    awaits_next_in: state.status === "resolved" && state.resolution.kind === "by-next" ? projectKey : null,
  };
}

/** Whether there is no more to say about a state than that it is open. */
function isPlainlyOpen(state: IssueState): boolean {
  const { status, ...more } = state;
  return status === "open" && Object.values(more).every((member) => member === undefined);
}

/** Issues in whose rows the same columns change. */
export interface IssueChanges {
  readonly columns: readonly ChangeableColumn[];
  readonly rows: ReturnType<typeof changeableColumns>[];
}

/** The changes of issues, grouped by the columns that change. */
export function changesByColumns(
  updates: readonly IssueUpdate[],
  keyOf: (projectId: string) => number,
): Iterable<IssueChanges> {
  const byColumns = new Map<string, IssueChanges>();
  for (const { before, after } of updates) {
    const columns = changedColumns(before, after);
    if (columns.length === 0) continue;
    const name = columns.join();
    const changes = byColumns.get(name) ?? { columns, rows: [] };
    byColumns.set(name, changes);
    const searchText = columns.includes("search_text") ? searchableText(after) : "";
    changes.rows.push(changeableColumns(after, keyOf(after.projectId), searchText));
  }
  return byColumns.values();
}

/**
 * The columns in which an issue's row changes. Not writing the others spares the indexes: most events of an issue with many
 * events change neither class by which lists find it, and then no index is touched.
 */
function changedColumns(before: Issue, after: Issue): ChangeableColumn[] {
  const changed: ChangeableColumn[] = [];
  if (before.eventCount !== after.eventCount) changed.push("event_count");
  if (before.lastEventNumber !== after.lastEventNumber) changed.push("last_event_number");
  if (eventCountClass(before.eventCount) !== eventCountClass(after.eventCount)) changed.push("event_count_class");
  if (before.lastSeenAt !== after.lastSeenAt) changed.push("last_seen_at");
  if (lastSeenClass(before) !== lastSeenClass(after)) changed.push("last_seen_minute");
  if (before.latestEventId !== after.latestEventId) changed.push("latest_event_id");
  if (before.firstSeenAt !== after.firstSeenAt) changed.push("first_seen_at");
  if (before.lastSeenIn !== after.lastSeenIn || before.seenNumber !== after.seenNumber) {
    changed.push("last_seen_in");
  }
  if (before.turningPointCount !== after.turningPointCount) changed.push("turning_point_count");
  if (before.title !== after.title || before.transaction !== after.transaction) {
    changed.push("title", "transaction_name", "search_text");
  }
  if (before.level !== after.level) changed.push("level");
  if (before.userCount !== after.userCount) changed.push("user_count");
  if (before.environments !== after.environments) changed.push("environments");
  if (before.watch !== after.watch) changed.push("watch");
  if (before.parts !== after.parts) changed.push("parts");
  if (before.state !== after.state) {
    changed.push("state", "wake_at", "awaits_next_in");
    if (before.state.status !== after.state.status) changed.push("status");
  }
  return changed;
}

/** The key of a group's row, as `longKeyHash` makes it. No two groups have the same. */
export function groupHash({ strategy, key }: Pick<GroupRef, "strategy" | "key">): Uint8Array {
  return hash("sha256", Buffer.from(`${String(strategy.length)}:${strategy}${key}`, "utf16le"), "buffer");
}

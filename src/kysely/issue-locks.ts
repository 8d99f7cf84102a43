import { isUuid } from "../core/input.ts";
import type { LoadRequest, LockSelection } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import type { GroupedRows, Groups } from "./groups.ts";
import type { ProjectKeys } from "./project-keys.ts";
import { BEYOND_ALL, idPlace, NO_ID, placeOf } from "./rows/damage.ts";
import {
  checkIssueRow,
  isIssueRow,
  type CheckedIssueRow,
  type DamagedIssueRow,
  type IssueRow,
  type StoredIssueRow,
} from "./rows/issue-row.ts";
import type { Statements } from "./statements/index.ts";

/** What issues are locked with. */
export interface LockSources {
  readonly session: Session;
  readonly statements: Statements;
  readonly projectKeys: ProjectKeys;
  /** Whether other writers are excluded by locks on rows. Otherwise there are none. */
  readonly locksRows: boolean;
}

/** The rows of groups' issues, and of selected issues. */
interface LockedIssues extends GroupedRows {
  readonly selected: readonly CheckedIssueRow[];
}

/** Whether a request selects issues besides those of groups. */
export function selectsIssues({ issues }: LoadRequest): boolean {
  return issues !== undefined && !("ids" in issues && issues.ids.length === 0);
}

/**
 * Locks issues by id. Starts over if those found by a selection other than ids have changed meanwhile. Issues that such a
 * selection finds but that cannot be read are returned without a lock: nothing can be decided about them.
 *
 * @param ofGroups - the issues of the groups, if they are locked already and no others are selected
 */
export async function lockIssues(
  sources: LockSources,
  groups: Groups,
  selection: LockSelection = { ids: [] },
  ofGroups?: readonly StoredIssueRow[],
): Promise<LockedIssues> {
  if (ofGroups !== undefined) return { ...groups.rowsOf(rowsById(ofGroups.map(checkIssueRow))), selected: [] };
  const { session, statements, locksRows } = sources;
  const few = locksRows ? undefined : await groups.fewRows();
  if (few !== undefined && "ids" in selection && selection.ids.length === 0) return { ...few, selected: [] };
  for (;;) {
    const found = "ids" in selection ? undefined : await findSelected(sources, selection);
    const selectedIds = "ids" in selection ? selection.ids.filter(isUuid) : idsOf(found?.rows ?? []);
    const ids = new Set(few === undefined ? await groups.issueIds() : []);
    if (found === undefined || locksRows) for (const id of selectedIds) ids.add(id);
    const input = [...ids].sort().map((id) => ({ id }));
    const locked = (await session.find(statements.issues.lock, input)).map(checkIssueRow);
    const rows = rowsById(locked);
    const grouped = few ?? groups.rowsOf(rows);
    if (found !== undefined && !locksRows) return { ...grouped, selected: [...found.rows, ...found.damaged] };
    const selected = selectedIds.map((id) => rows.get(id)).filter((row) => row !== undefined);
    if (found === undefined) return { ...grouped, selected };
    const isUnchanged = selected.length === selectedIds.length && (await found.areSelected(selected));
    if (isUnchanged) return { ...grouped, selected: [...selected, ...found.damaged] };
  }
}

/** Issues that a selection found, and whether they are still selected once they are locked. */
interface FoundIssues {
  readonly rows: readonly IssueRow[];
  readonly damaged: readonly DamagedIssueRow[];
  readonly areSelected: (rows: readonly CheckedIssueRow[]) => boolean | Promise<boolean>;
}

/** A selection other than by ids. */
type FindingSelection = Exclude<LockSelection, { readonly ids: readonly string[] }>;

async function findSelected(sources: LockSources, selection: FindingSelection): Promise<FoundIssues> {
  if ("wakesUntil" in selection) return findWaking(sources, selection);
  const projectId = "fixedIn" in selection ? selection.fixedIn.projectId : selection.awaitingNextIn;
  const project_key = await sources.projectKeys.keyOf(projectId);
  if (project_key === undefined) return { rows: [], damaged: [], areSelected: () => true };
  if ("awaitingNextIn" in selection) return findAwaitingNext(sources, project_key, selection);
  return findFixedIn(sources, project_key, selection.fixedIn.orderKey, selection.limit);
}

async function findWaking(
  { session, statements }: LockSources,
  { wakesUntil: now, limit: most }: Extract<FindingSelection, { readonly wakesUntil: number }>,
): Promise<FoundIssues> {
  const found = await findReadable(most, (last, limit) => {
    const at = last === undefined ? -BEYOND_ALL : placeOf(last.wake_at ?? -BEYOND_ALL);
    return session.all(statements.issues.toWake, { now, at, id: idPlace(last?.id ?? NO_ID), limit });
  });
  const isSelected = (row: CheckedIssueRow): boolean => isIssueRow(row) && row.wake_at !== null && row.wake_at <= now;
  return { ...found, areSelected: (rows) => rows.every(isSelected) };
}

async function findAwaitingNext(
  { session, statements }: LockSources,
  project_key: number,
  { after, limit: most }: Extract<FindingSelection, { readonly awaitingNextIn: string }>,
): Promise<FoundIssues> {
  const found = await findReadable(most, async (last, limit) => {
    const number = last === undefined ? after : placeOf(last.number);
    if (number === Number.MAX_SAFE_INTEGER) return [];
    return session.all(statements.issues.awaitingNext, { project_key, number, limit });
  });
  const isSelected = (row: CheckedIssueRow): boolean => isIssueRow(row) && row.awaits_next_in === project_key;
  return { ...found, areSelected: (rows) => rows.every(isSelected) };
}

async function findFixedIn(
  { session, statements }: LockSources,
  project_key: number,
  order_key: string,
  most: number,
): Promise<FoundIssues> {
  const found = await findReadable(most, (last, limit) =>
    session.all(statements.issues.fixedIn, { project_key, order_key, id: idPlace(last?.id ?? NO_ID), limit }),
  );
  const areSelected = async (rows: readonly CheckedIssueRow[]): Promise<boolean> => {
    const input = rows.map(({ id }) => ({ issue_id: id, order_key }));
    const marks = await session.find(statements.marks.byKey, input);
    return marks.filter((mark) => mark.fixed_last && mark.project_key === project_key).length === rows.length;
  };
  return { ...found, areSelected };
}

/** The most damaged rows that are returned. */
const MAX_DAMAGED = 1_000;

/**
 * Finds rows until there are enough that can be read.
 *
 * @param findAfter - finds rows after the last one that was found
 */
async function findReadable(
  limit: number,
  findAfter: (last: StoredIssueRow | undefined, limit: number) => Promise<StoredIssueRow[]>,
): Promise<Pick<FoundIssues, "rows" | "damaged">> {
  const rows: IssueRow[] = [];
  const damaged: DamagedIssueRow[] = [];
  let last: StoredIssueRow | undefined;
  while (rows.length < limit) {
    const wanted = limit - rows.length;
    const found = await findAfter(last, wanted);
    for (const row of found.map(checkIssueRow)) {
      if (isIssueRow(row)) rows.push(row);
      else if (damaged.length < MAX_DAMAGED) damaged.push(row);
    }
    if (found.length < wanted) break;
    last = found.at(-1);
  }
  return { rows, damaged };
}

function rowsById(rows: readonly CheckedIssueRow[]): ReadonlyMap<string, CheckedIssueRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

function idsOf(rows: readonly IssueRow[]): string[] {
  return rows.map(({ id }) => id);
}

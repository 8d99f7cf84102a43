import { isUuid } from "../core/input.ts";
import type { Issue } from "../core/issue.ts";
import type { Release } from "../core/release.ts";
import type {
  EventRef,
  GroupRef,
  Loaded,
  LoadRequest,
  LockSelection,
  StoredProject,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import { storeConflict, type Session } from "./connections/session.ts";
import type { KeyedProject, ProjectKeys } from "./project-keys.ts";
import type { KyselyReader } from "./reader.ts";
import { BEYOND_ALL, idPlace, placeOf } from "./rows/damage.ts";
import {
  checkIssueRow,
  groupHash,
  isIssueRow,
  issueEntryOf,
  type DamagedIssueRow,
  type IssueRow,
  type StoredIssueRow,
} from "./rows/issue-row.ts";
import type { TableRow } from "./schema/tables.ts";
import type { Statements } from "./statements/index.ts";

/** What a transaction loads with. */
export interface LoadSources {
  readonly session: Session;
  readonly statements: Statements;
  readonly projectKeys: ProjectKeys;
  readonly reader: KyselyReader;
  /** Whether other writers are excluded by locks on rows. Otherwise there are none. */
  readonly locksRows: boolean;
  /** Locks projects by their keys. Releases are read in their latest state from then on. */
  readonly lockProjects: (keys: readonly number[]) => Promise<ReadonlyMap<string, KeyedProject>>;
}

type Projects = Map<string, KeyedProject>;

const NO_COUNTERS: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * Loads and locks what a digest or a command needs. Locks are taken in one order, so that transactions wait for each other
 * instead of running into a deadlock: first the projects in which issues or releases may be added, then the issues, by id.
 * Events are looked for last, when no other transaction can add one to these issues.
 */
export async function load(sources: LoadSources, request: LoadRequest): Promise<Loaded> {
  const { projectKeys, reader } = sources;
  const projects = await projectKeys.load(projectsIn(request));
  const groups = new Groups(sources, request.groups ?? [], projects);
  const releases = await lockChanging(sources, request, projects, groups);
  const { grouped, selected } = await lockIssues(sources, groups, request.issues);
  const issues = await issuesWith(projectKeys, projects, [...grouped, ...selected]);
  const loaded = {
    projects: projectsToReturn(projects, request, issues),
    duplicateOf: await findDuplicates(sources, request.events ?? [], projects),
    grouped: issues.slice(0, grouped.length),
    issues: issues.slice(grouped.length).filter((issue) => issue !== undefined),
    releases,
    timelines: await reader.timelinesOf(timelinesIn(request, releases), projects),
  };
  const { counters = [], marks = [] } = request.details?.(loaded) ?? {};
  return {
    ...loaded,
    counters: counters.length === 0 ? NO_COUNTERS : await reader.findCounters(counters),
    marks: marks.length === 0 ? [] : await reader.findMarks(marks),
  };
}

/** The ids of all projects that a request refers to. */
function projectsIn({
  projectIds = [],
  events = [],
  groups = [],
  releases = [],
  timelines = [],
}: LoadRequest): string[] {
  const ids = new Set([...projectIds, ...timelines]);
  for (const refs of [groups, events, releases]) for (const { projectId } of refs) ids.add(projectId);
  return [...ids];
}

/** The projects to return: those requested, those of the groups, and those of the issues. */
function projectsToReturn(
  projects: Projects,
  { projectIds = [], groups = [] }: LoadRequest,
  issues: readonly (Issue | UnreadableIssue | undefined)[],
): Map<string, StoredProject> {
  const stored = new Map<string, StoredProject>();
  const add = (id: string): void => {
    const project = projects.get(id);
    if (project !== undefined) stored.set(id, project.stored);
  };
  projectIds.forEach(add);
  for (const { projectId } of groups) add(projectId);
  for (const issue of issues) if (issue !== undefined) add(issue.projectId);
  return stored;
}

/** The projects whose timelines to return: those requested, and those in which a release is not known. */
function timelinesIn(
  { timelines = [], releases: refs = [] }: LoadRequest,
  releases: readonly (Release | undefined)[],
): Set<string> {
  const ids = new Set(timelines);
  refs.forEach(({ projectId }, place) => {
    if (releases[place]?.standing !== "known") ids.add(projectId);
  });
  return ids;
}

/**
 * Finds groups and releases. Locks the projects that may change, because some are missing there or because their timelines
 * are requested, and looks again: another transaction may have been faster.
 */
async function lockChanging(
  { reader, locksRows, lockProjects }: LoadSources,
  request: LoadRequest,
  projects: Projects,
  groups: Groups,
): Promise<readonly (Release | undefined)[]> {
  const refs = request.releases ?? [];
  const releases = await reader.findReleases(refs);
  if (!locksRows) return releases;
  await groups.find();
  const changing = timelinesIn(request, releases);
  for (const { projectId } of groups.missing()) changing.add(projectId);
  const keys = Array.from(changing, (id) => projects.get(id)?.key).filter((key) => key !== undefined);
  if (keys.length === 0) return releases;
  for (const [id, project] of await lockProjects(keys)) projects.set(id, project);
  const latest = await reader.findReleases(refs);
  await groups.findLatest();
  if (groups.missing().some(({ projectId }) => !changing.has(projectId))) throw storeConflict();
  return latest;
}

/** A row of an issue, which may be damaged. */
type CheckedRow = IssueRow | DamagedIssueRow;

/** The rows of groups' issues, place by place, and of selected issues. */
interface LockedIssues {
  readonly grouped: readonly (CheckedRow | undefined)[];
  readonly selected: readonly CheckedRow[];
}

/**
 * Locks issues by id. Starts over if those found by a selection other than ids have changed meanwhile. Issues that such a
 * selection finds but that cannot be read are returned without a lock: nothing can be decided about them.
 */
async function lockIssues(
  sources: LoadSources,
  groups: Groups,
  selection: LockSelection = { ids: [] },
): Promise<LockedIssues> {
  const { session, statements, locksRows } = sources;
  const only = locksRows ? undefined : await groups.onlyIssue();
  if (only !== undefined && "ids" in selection && selection.ids.length === 0) return { grouped: only, selected: [] };
  for (;;) {
    const found = "ids" in selection ? undefined : await findSelected(sources, selection);
    const selectedIds = "ids" in selection ? selection.ids.filter(isUuid) : idsOf(found?.rows ?? []);
    const ids = new Set(only === undefined ? await groups.issueIds() : []);
    if (found === undefined || locksRows) for (const id of selectedIds) ids.add(id);
    const input = [...ids].sort().map((id) => ({ id }));
    const locked = (await session.find(statements.issues.lock, input)).map(checkIssueRow);
    const rows = new Map(locked.map((row) => [row.id, row]));
    const grouped = only ?? groups.rowsOf(rows);
    if (found !== undefined && !locksRows) return { grouped, selected: [...found.rows, ...found.damaged] };
    const selected = selectedIds.map((id) => rows.get(id)).filter((row) => row !== undefined);
    if (found === undefined) return { grouped, selected };
    const isUnchanged = selected.length === selectedIds.length && selected.every(found.isSelected);
    if (isUnchanged) return { grouped, selected: [...selected, ...found.damaged] };
  }
}

/** Issues that a selection found, and whether one is still selected once it is locked. */
interface FoundIssues {
  readonly rows: readonly IssueRow[];
  readonly damaged: readonly DamagedIssueRow[];
  readonly isSelected: (row: CheckedRow) => boolean;
}

async function findSelected(
  { session, statements, projectKeys }: LoadSources,
  selection: Exclude<LockSelection, { readonly ids: readonly string[] }>,
): Promise<FoundIssues> {
  const { awaitingNext, toWake } = statements.issues;
  if ("wakesUntil" in selection) {
    const { wakesUntil: now } = selection;
    const isSelected = (row: CheckedRow): boolean => isIssueRow(row) && row.wake_at !== null && row.wake_at <= now;
    const found = await findReadable(selection.limit, (last, limit) => {
      const at = last === undefined ? -BEYOND_ALL : placeOf(last.wake_at ?? -BEYOND_ALL);
      return session.all(toWake, { now, at, id: idPlace(last?.id ?? FIRST_ID), limit });
    });
    return { ...found, isSelected };
  }
  const project_key = await projectKeys.keyOf(selection.awaitingNextIn);
  const isSelected = (row: CheckedRow): boolean => isIssueRow(row) && row.awaits_next_in === project_key;
  if (project_key === undefined) return { rows: [], damaged: [], isSelected };
  const found = await findReadable(selection.limit, async (last, limit) => {
    const number = last === undefined ? -BEYOND_ALL : placeOf(last.number);
    return number === Number.MAX_SAFE_INTEGER ? [] : session.all(awaitingNext, { project_key, number, limit });
  });
  return { ...found, isSelected };
}

/** The id before all others. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

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

function idsOf(rows: readonly IssueRow[]): string[] {
  return rows.map(({ id }) => id);
}

/** The issues of rows. Loads their projects, unless they are loaded. */
async function issuesWith(
  projectKeys: ProjectKeys,
  projects: Projects,
  rows: readonly (CheckedRow | undefined)[],
): Promise<(Issue | UnreadableIssue | undefined)[]> {
  const missing = new Set<number>();
  for (const row of rows) {
    const key = row?.project_key;
    if (key !== undefined && !projects.has(projectKeys.idOf(key) ?? "")) missing.add(key);
  }
  if (missing.size > 0) {
    for (const [id, project] of await projectKeys.loadByKeys([...missing])) projects.set(id, project);
  }
  return rows.map((row) => row && issueEntryOf(row, projectIdOf(projectKeys, row)));
}

function projectIdOf(projectKeys: ProjectKeys, { project_key }: CheckedRow): string | undefined {
  return project_key === undefined ? undefined : projectKeys.idOf(project_key);
}

/** For each event that is stored already the id of its issue. */
async function findDuplicates(
  { session, statements }: LoadSources,
  events: readonly EventRef[],
  projects: Projects,
): Promise<(string | undefined)[]> {
  const input = events.flatMap(({ projectId, id }) => {
    const project = projects.get(projectId);
    return project === undefined ? [] : { project_key: project.key, id };
  });
  const rows = await session.find(statements.events.stored, input);
  if (rows.length === 0) return events.map(() => undefined);
  const nameOf = (key: number | undefined, id: string): string => `${String(key)} ${id}`;
  const issueIds = new Map(rows.map((row) => [nameOf(row.project_key, row.id), row.issue_id]));
  return events.map(({ projectId, id }) => issueIds.get(nameOf(projects.get(projectId)?.key, id)));
}

/** The groups that a request refers to, and the ids of their issues. */
class Groups {
  readonly #session: Session;
  readonly #statements: Statements["issues"];
  readonly #refs: readonly GroupRef[];
  /** Their keys in the tables; `undefined` for groups of unknown projects. */
  readonly #keys: readonly (GroupKey | undefined)[];
  /** Their issues' ids, by their names. */
  #found: ReadonlyMap<string, string> | undefined;

  constructor({ session, statements }: LoadSources, refs: readonly GroupRef[], projects: Projects) {
    this.#session = session;
    this.#statements = statements.issues;
    this.#refs = refs;
    this.#keys = refs.map((ref) => {
      const project = projects.get(ref.projectId);
      return project && { project_key: project.key, hash: groupHash(ref) };
    });
  }

  /** Finds the groups. */
  find(): Promise<ReadonlyMap<string, string>> {
    return this.#findBy(this.#statements.groups);
  }

  /** Finds the groups in their latest state, where the transaction's snapshot may be older. */
  findLatest(): Promise<ReadonlyMap<string, string>> {
    return this.#findBy(this.#statements.latestGroups);
  }

  /** The groups of known projects that have no issue. */
  missing(): readonly GroupRef[] {
    return this.#refs.filter((_, place) => {
      const key = this.#keys[place];
      return key !== undefined && this.#found?.has(nameOf(key)) !== true;
    });
  }

  /** The ids of their issues. */
  async issueIds(): Promise<readonly string[]> {
    return [...(this.#found ?? (await this.find())).values()];
  }

  /** Their issues' rows, place by place. */
  rowsOf(issues: ReadonlyMap<string, CheckedRow>): (CheckedRow | undefined)[] {
    return this.#keys.map((key) => {
      const id = key && this.#found?.get(nameOf(key));
      if (id === undefined) return undefined;
      const row = issues.get(id);
      // The issue was deleted after its group was found.
      if (row === undefined) throw storeConflict();
      return row;
    });
  }

  /** The row of the only group's issue, by one statement; `undefined` if there are more groups. */
  async onlyIssue(): Promise<[CheckedRow | undefined] | undefined> {
    const [only] = this.#keys;
    if (only === undefined || this.#keys.length > 1) return undefined;
    const row = await this.#session.first(this.#statements.byGroup, only);
    return [row && checkIssueRow(row)];
  }

  async #findBy(statement: Statements["issues"]["groups"]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#session.find(
      statement,
      this.#keys.filter((key) => key !== undefined),
    );
    this.#found = new Map(rows.map((row) => [nameOf(row), row.issue_id]));
    return this.#found;
  }
}

/** The key of a group in the tables. */
type GroupKey = Pick<TableRow<"groups">, "project_key" | "hash">;

function nameOf({ project_key, hash }: GroupKey): string {
  return `${String(project_key)} ${Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex")}`;
}

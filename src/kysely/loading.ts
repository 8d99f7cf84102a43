import type { Issue } from "../core/issue.ts";
import type { Release } from "../core/release.ts";
import type { EventRef, Loaded, LoadRequest, StoredProject, UnreadableIssue } from "../ports/issue-store.ts";
import { timelinesToLoad } from "../ports/timelines-to-load.ts";
import { storeConflict } from "./connections/session.ts";
import { Groups } from "./groups.ts";
import { lockIssues, type LockSources } from "./issue-locks.ts";
import type { KeyedProject, ProjectKeys } from "./project-keys.ts";
import type { KyselyReader } from "./reader.ts";
import type { ReleasePlaceKey, ReleasePlaces } from "./release-places.ts";
import { issueEntryOf, type CheckedIssueRow } from "./rows/issue-row.ts";
import { findTimelines } from "./timelines.ts";

/** What a transaction loads with. */
export interface LoadSources extends LockSources {
  readonly reader: KyselyReader;
  /** Locks projects by their keys. Releases are read in their latest state from then on. */
  readonly lockProjects: (keys: readonly number[]) => Promise<ReadonlyMap<string, KeyedProject>>;
  readonly places: ReleasePlaces;
}

type Projects = Map<string, KeyedProject>;

const NO_COUNTERS: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * Loads and locks what a digest or a command needs. Locks are taken in one order, so that transactions wait for each other
 * instead of running into a deadlock: first the projects in which issues or releases may be added, then the issues, by id.
 * Events are looked for last, when no other transaction can add one to these issues.
 */
export async function load(sources: LoadSources, request: LoadRequest): Promise<Loaded> {
  const { session, statements, projectKeys, reader } = sources;
  const projects = await projectKeys.load(projectsIn(request));
  const groups = new Groups(sources, request, projects);
  const releases = await lockChanging(sources, request, projects, groups);
  const { grouped, formerGrouped, selected } = await lockIssues(sources, groups, request.issues);
  const issues = await issuesWith(projectKeys, projects, [...grouped, ...formerGrouped, ...selected]);
  const [endOfGrouped, startOfSelected] = [grouped.length, grouped.length + formerGrouped.length];
  const loaded = {
    projects: projectsToReturn(projects, request, issues),
    duplicateOf: await findDuplicates(sources, request.events ?? [], projects),
    grouped: issues.slice(0, endOfGrouped),
    formerGrouped: issues.slice(endOfGrouped, startOfSelected),
    issues: issues.slice(startOfSelected).filter((issue) => issue !== undefined),
    releases,
    timelines: await findTimelines(session, statements.releases, timelinesToLoad(request, releases), projects),
  };
  const { counters = [], marks = [] } = request.details?.(loaded) ?? {};
  if (marks.length > 0) await sources.places.keep(placesOf(request, releases, projects));
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
  formerGroups = [],
  releases = [],
  timelines = [],
}: LoadRequest): string[] {
  const ids = new Set(projectIds);
  for (const refs of [groups, formerGroups, events, releases, timelines])
    for (const { projectId } of refs) ids.add(projectId);
  return [...ids];
}

/** The projects to return: those requested, those of the groups, and those of the issues. */
function projectsToReturn(
  projects: Projects,
  { projectIds = [], groups = [], formerGroups = [] }: LoadRequest,
  issues: readonly (Issue | UnreadableIssue | undefined)[],
): Map<string, StoredProject> {
  const stored = new Map<string, StoredProject>();
  const add = (id: string): void => {
    const project = projects.get(id);
    if (project !== undefined) stored.set(id, project.stored);
  };
  projectIds.forEach(add);
  for (const { projectId } of [...groups, ...formerGroups]) add(projectId);
  for (const issue of issues) if (issue !== undefined) add(issue.projectId);
  return stored;
}

/** The places of the releases that were found, and may get marks. */
function placesOf(
  { releases: refs = [] }: LoadRequest,
  releases: readonly (Release | undefined)[],
  projects: Projects,
): ReleasePlaceKey[] {
  return refs.flatMap(({ projectId }, place) => {
    const [project, release] = [projects.get(projectId), releases[place]];
    return project && release && release.standing !== "retired"
      ? { project_key: project.key, order_key: release.orderKey }
      : [];
  });
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
  const changing = new Set(timelinesToLoad(request, releases).map(({ projectId }) => projectId));
  for (const { projectId } of groups.missing()) changing.add(projectId);
  const keys = Array.from(changing, (id) => projects.get(id)?.key).filter((key) => key !== undefined);
  if (keys.length === 0) return releases;
  for (const [id, project] of await lockProjects(keys)) projects.set(id, project);
  const latest = await reader.findReleases(refs);
  await groups.findLatest();
  for (const { projectId } of [...groups.missing(), ...timelinesToLoad(request, latest)]) {
    if (!changing.has(projectId)) throw storeConflict();
  }
  return latest;
}

/** The issues of rows. Loads their projects, unless they are loaded. */
async function issuesWith(
  projectKeys: ProjectKeys,
  projects: Projects,
  rows: readonly (CheckedIssueRow | undefined)[],
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

function projectIdOf(projectKeys: ProjectKeys, { project_key }: CheckedIssueRow): string | undefined {
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

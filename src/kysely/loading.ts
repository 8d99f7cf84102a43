import type { Issue } from "../core/issue.ts";
import type { Release } from "../core/release.ts";
import type { EventRef, Loaded, LoadRequest, StoredProject, UnreadableIssue } from "../ports/issue-store.ts";
import { timelinesToLoad } from "../ports/timelines-to-load.ts";
import { lookup } from "./connections/lookup.ts";
import { storeConflict } from "./connections/session.ts";
import { Groups } from "./groups.ts";
import { lockIssues, selectsIssues, type LockSources } from "./issue-locks.ts";
import type { KeyedProject, ProjectKeys } from "./project-keys.ts";
import type { KyselyReader } from "./reader.ts";
import { lookUpReleases, releaseKeysOf } from "./release-lookup.ts";
import type { ReleasePlaceKey, ReleasePlaces } from "./release-places.ts";
import { issueEntryOf, type CheckedIssueRow, type StoredIssueRow } from "./rows/issue-row.ts";
import { lookUpTimelines } from "./timelines.ts";

/** What a transaction loads with. */
export interface LoadSources extends LockSources {
  readonly reader: KyselyReader;
  /** Notes that projects are locked. Releases are read in their latest state from then on. */
  readonly noteLocked: (projectKeys: readonly number[]) => void;
  readonly places: ReleasePlaces;
}

type Projects = Map<string, KeyedProject>;

const NO_COUNTERS: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * Loads and locks what a digest or a command needs. Locks are taken in one order, so that transactions wait for each other
 * instead of running into a deadlock: first the projects in which issues or releases may be added, then the issues, by id.
 * Events are looked for last, when no other transaction can add one to these issues; where lookups take one round trip
 * together, with the first of them: an event that is stored after that has a key that conflicts, and the transaction is retried.
 */
export async function load(sources: LoadSources, request: LoadRequest): Promise<Loaded> {
  const { session, statements, projectKeys, reader } = sources;
  const found = await lockChanging(sources, request, await findFirst(sources, request));
  const { projects, groups, releases } = found;
  const { grouped, formerGrouped, selected } = await lockIssues(sources, groups, request.issues, found.issues);
  const issues = await issuesWith(projectKeys, projects, [...grouped, ...formerGrouped, ...selected]);
  const [endOfGrouped, startOfSelected] = [grouped.length, grouped.length + formerGrouped.length];
  const events = found.events ?? lookUpEvents(sources, request, (id) => projects.get(id)?.key);
  const timelines = lookUpTimelines(statements.releases, timelinesToLoad(request, releases), projects);
  await session.findAll(found.events === undefined ? [events, timelines.lookup] : [timelines.lookup]);
  const loaded = {
    projects: projectsToReturn(projects, request, issues),
    duplicateOf: duplicatesIn(events.rows, request.events ?? [], projects),
    grouped: issues.slice(0, endOfGrouped),
    formerGrouped: issues.slice(endOfGrouped, startOfSelected),
    issues: issues.slice(startOfSelected).filter((issue) => issue !== undefined),
    releases,
    timelines: timelines.take(),
  };
  const { counters = [], marks = [] } = request.details?.(loaded) ?? {};
  if (marks.length > 0) await sources.places.keep(placesOf(request, releases, projects));
  return {
    ...loaded,
    counters: counters.length === 0 ? NO_COUNTERS : await reader.findCounters(counters),
    marks: marks.length === 0 ? [] : await reader.findMarks(marks),
  };
}

/** What a load has found at first. */
interface Found {
  readonly projects: Projects;
  readonly groups: Groups;
  readonly releases: readonly (Release | undefined)[];
  /** The issues of the groups, if they are locked. */
  readonly issues: readonly StoredIssueRow[] | undefined;
  /** The events, if they were looked for. */
  readonly events?: EventLookup | undefined;
}

type KeyOf = (projectId: string) => number | undefined;

/** The most groups whose issues are locked together with other statements. */
const MOST_GROUPS_AT_ONCE = 5_000;

/**
 * Finds projects, groups and releases. Where the issues can be locked by their groups, locks them too, unless something is missing:
 * then a project has to be locked before them.
 */
async function findFirst(sources: LoadSources, request: LoadRequest): Promise<Found> {
  const { session, projectKeys } = sources;
  const ids = projectsIn(request);
  const projects = projectKeys.lookUp(ids);
  // Mostly a project has the key that it had before, so that what belongs to it can be looked up with it.
  const formerKeys = new Map(ids.map((id) => [id, session.findsTogether ? projectKeys.formerKeyOf(id) : undefined]));
  const formerKeyOf: KeyOf = (id) => formerKeys.get(id);
  let first = lookUpFirst(sources, request, formerKeyOf);
  await session.findAll([projects.lookup, ...first.lookups]);
  const found = projects.take();
  const keyOf: KeyOf = (id) => found.get(id)?.key;
  if (ids.some((id) => keyOf(id) !== formerKeyOf(id))) {
    first = lookUpFirst(sources, request, keyOf);
    await session.findAll(first.lookups);
  }
  return { projects: found, ...first.take() };
}

function lookUpFirst(sources: LoadSources, request: LoadRequest, keyOf: KeyOf) {
  const { statements, locksRows } = sources;
  const { releases: refs = [], timelines = [] } = request;
  const releases = lookUpReleases(statements.releases.byName, refs, keyOf);
  const groups = new Groups(sources, request, keyOf);
  const isTogether = timelines.length === 0 && canLockGroups(sources, request, groups);
  const foundGroups = locksRows ? groups.lookUp() : undefined;
  const issues = isTogether ? groups.lockIssuesIfComplete(releaseKeysOf(refs, keyOf)) : undefined;
  const events = sources.session.findsTogether ? lookUpEvents(sources, request, keyOf) : undefined;
  // The lock first: whatever it finds complete, the others find too.
  const lookups = [issues, releases.lookup, foundGroups?.lookup, events].filter((each) => each !== undefined);
  const take = () => {
    foundGroups?.take();
    return { groups, releases: releases.take(), issues: issues?.rows, events };
  };
  return { lookups, take };
}

/**
 * Whether the issues of a request are those of its groups, and can be locked by these. InnoDB would lock all rows that a plan
 * reads, and in a small table MariaDB may read them all.
 */
function canLockGroups({ session }: LockSources, request: LoadRequest, { size }: Groups): boolean {
  return (
    session.findsTogether && !session.findsInOrder && !selectsIssues(request) && size > 0 && size <= MOST_GROUPS_AT_ONCE
  );
}

/**
 * Locks the projects that may change, because groups or releases are missing there or because their timelines are requested,
 * and looks again: another transaction may have been faster.
 */
async function lockChanging(sources: LoadSources, request: LoadRequest, found: Found): Promise<Found> {
  const { session, statements, projectKeys, locksRows, noteLocked } = sources;
  const { projects, groups } = found;
  if (!locksRows) return { ...found, issues: undefined };
  const changing = new Set(timelinesToLoad(request, found.releases).map(({ projectId }) => projectId));
  for (const { projectId } of groups.missing()) changing.add(projectId);
  const keys = Array.from(changing, (id) => projects.get(id)?.key).filter((key) => key !== undefined);
  if (keys.length === 0) return unlessMoreFound(found);
  noteLocked(keys);
  const keyOf: KeyOf = (id) => projects.get(id)?.key;
  const locked = projectKeys.lock(keys);
  const releases = lookUpReleases(statements.releases.lockByName, request.releases ?? [], keyOf);
  const latestGroups = groups.lookUpLatest();
  const issues = canLockGroups(sources, request, groups) ? groups.lockIssues() : undefined;
  const latest = [releases.lookup, latestGroups.lookup, issues].filter((each) => each !== undefined);
  if (session.findsInOrder) {
    await session.findAll([locked.lookup, ...latest]);
  } else {
    await session.findAll([locked.lookup]);
    await session.findAll(latest);
  }
  for (const [id, project] of locked.take()) projects.set(id, project);
  latestGroups.take();
  const latestReleases = releases.take();
  for (const { projectId } of [...groups.missing(), ...timelinesToLoad(request, latestReleases)]) {
    if (!changing.has(projectId)) throw storeConflict();
  }
  return unlessMoreFound({ ...found, releases: latestReleases, issues: issues?.rows });
}

/** What was found, without issues that were locked if groups of more have been found since: all have to be locked in order. */
function unlessMoreFound(found: Found): Found {
  const { groups, issues } = found;
  if (issues === undefined || groups.areOf(issues.length)) return found;
  return { ...found, issues: undefined };
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

type EventLookup = ReturnType<typeof lookUpEvents>;

/** Looks up the events that are stored. */
function lookUpEvents({ statements }: LockSources, { events = [] }: LoadRequest, keyOf: KeyOf) {
  const input = events.flatMap(({ projectId, id }) => {
    const project_key = keyOf(projectId);
    return project_key === undefined ? [] : { project_key, id };
  });
  return lookup(statements.events.stored, input);
}

/** For each event that is stored already the id of its issue. */
function duplicatesIn(
  rows: EventLookup["rows"],
  events: readonly EventRef[],
  projects: Projects,
): (string | undefined)[] {
  if (rows.length === 0) return events.map(() => undefined);
  const nameOf = (key: number | undefined, id: string): string => `${String(key)} ${id}`;
  const issueIds = new Map(rows.map((row) => [nameOf(row.project_key, row.id), row.issue_id]));
  return events.map(({ projectId, id }) => issueIds.get(nameOf(projects.get(projectId)?.key, id)));
}

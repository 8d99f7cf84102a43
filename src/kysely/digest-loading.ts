import type { Issue } from "../core/issue.ts";
import type { Release } from "../core/release.ts";
import type { DigestRequest, EventRef, ReleaseRef } from "../ports/issue-store.ts";
import { decodeUuid } from "./id-codec.ts";
import { Groups } from "./groups.ts";
import { decodeInteger } from "./integer-codec.ts";
import { PairMap } from "./pair-map.ts";
import type { KeyedProject, ProjectKeys } from "./project-keys.ts";
import { storeConflict, type Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import { decodeText, encodeText } from "./text-codec.ts";

/** What a digest is loaded by. */
interface DigestSources {
  readonly session: Session;
  readonly statements: Statements;
  readonly projectKeys: ProjectKeys;
  readonly findReleases: (refs: readonly ReleaseRef[]) => Promise<readonly (Release | undefined)[]>;
  /** Locks projects by their keys; releases are then found as they are now. */
  readonly lockProjects: (keys: readonly number[]) => Promise<ReadonlyMap<string, KeyedProject>>;
}

/** What was loaded for a digest. */
interface LoadedDigest {
  readonly projects: ReadonlyMap<string, KeyedProject>;
  readonly duplicateOf: readonly (string | undefined)[];
  readonly issues: readonly (Issue | undefined)[];
  readonly releases: readonly (Release | undefined)[];
}

/** Loads what a batch asks for, where there is no other writer. */
export async function loadDigest(sources: DigestSources, request: DigestRequest): Promise<LoadedDigest> {
  const projects = await sources.projectKeys.load(projectsOf(request));
  const groups = new Groups(sources, request.groups, projects);
  return {
    projects,
    issues: await groups.issues(),
    releases: await sources.findReleases(request.releases),
    duplicateOf: await findDuplicates(sources, request.events, projects),
  };
}

/**
 * Loads what a batch asks for, and locks it. A project in which the batch may make an issue or a release known is locked
 * before any issue is, and looked at again: somebody may have been faster. Events are looked for when nobody else can
 * store one for these issues any more.
 */
export async function loadAndLockDigest(sources: DigestSources, request: DigestRequest): Promise<LoadedDigest> {
  let projects: ReadonlyMap<string, KeyedProject> = await sources.projectKeys.load(projectsOf(request));
  let releases = await sources.findReleases(request.releases);
  const groups = new Groups(sources, request.groups, projects);
  await groups.find();
  const changing = new Set([
    ...groups.missing().map(({ projectId }) => projectId),
    ...request.releases.flatMap(({ projectId }, place) => (releases[place]?.standing === "known" ? [] : projectId)),
  ]);
  const keys = Array.from(changing, (id) => projects.get(id)?.key).filter((key) => key !== undefined);
  if (keys.length > 0) {
    projects = new Map([...projects, ...(await sources.lockProjects(keys))]);
    releases = await sources.findReleases(request.releases);
    await groups.findLatest();
    if (groups.missing().some(({ projectId }) => !changing.has(projectId))) throw storeConflict();
  }
  const issues = await groups.lock();
  return { projects, issues, releases, duplicateOf: await findDuplicates(sources, request.events, projects) };
}

function projectsOf({ groups }: DigestRequest): string[] {
  return [...new Set(groups.map(({ projectId }) => projectId))];
}

/** For each event that is stored already the id of its issue. */
async function findDuplicates(
  { session, statements }: DigestSources,
  events: readonly EventRef[],
  projects: ReadonlyMap<string, KeyedProject>,
): Promise<(string | undefined)[]> {
  const given = events.flatMap(({ projectId, id }) => {
    const project = projects.get(projectId);
    return project === undefined ? [] : { project_key: project.key, id: encodeText(id) };
  });
  const rows = await session.lookUp(statements.events.byId, given);
  if (rows.length === 0) return events.map(() => undefined);
  const issueIds = new PairMap<string>();
  for (const row of rows) issueIds.set(decodeInteger(row.project_key), decodeText(row.id), decodeUuid(row.issue_id));
  return events.map(({ projectId, id }) => issueIds.get(projects.get(projectId)?.key, id));
}

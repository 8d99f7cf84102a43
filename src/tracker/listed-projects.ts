import { invalidInput } from "../core/input.ts";
import type { Project } from "../core/project.ts";
import { arrayOf, optional, type Shape } from "../core/shape.ts";
import { corruptData, isCorruptData, type Unreadable } from "../core/unreadable.ts";
import type { IssueStore, StoreReader } from "../ports/issue-store.ts";
import type { IssueFilter } from "./issue-filter.ts";
import { projectNotFound, requireProject, requireProjectId } from "./projects.ts";

/** The most projects of one list: each is read from on its own. */
const MAX_LISTED_PROJECTS = 1_000;

/** From how many projects one read reads. */
export const PROJECTS_OF_A_READ = 20;

const requireProjectIds = arrayOf(requireProjectId, 1, MAX_LISTED_PROJECTS, `["shop", "blog"], or "all"`);

/** The shapes of the members of {@link IssueFilter} that say which projects. */
export const PROJECT_MEMBERS = {
  projectId: optional(requireProjectId),
  projectIds: optional((field: string, value: unknown) => (value === "all" ? value : requireProjectIds(field, value))),
} satisfies Record<keyof Pick<IssueFilter, "projectId" | "projectIds">, Shape<unknown>>;

/** Projects that were checked. */
export type CheckedProjects =
  | { readonly kind: "one"; readonly id: string }
  | { readonly kind: "some"; readonly ids: readonly string[] }
  | { readonly kind: "all" };

interface GivenProjects {
  readonly projectId?: string | undefined;
  readonly projectIds?: readonly string[] | "all" | undefined;
}

/** Requires one of both members. A list without any is no list of all: a host may have meant to give one. */
export function chooseProjects(field: string, { projectId, projectIds }: GivenProjects): CheckedProjects {
  if (projectIds === undefined) {
    if (projectId !== undefined) return { kind: "one", id: projectId };
    const allowed = `the id of a project, or projectIds: ["shop", "blog"], or projectIds: "all"`;
    throw invalidInput(`${field}.projectId`, projectId, allowed);
  }
  if (projectId !== undefined) throw invalidInput(`${field}.projectIds`, projectIds, "left out beside projectId");
  return projectIds === "all" ? { kind: "all" } : { kind: "some", ids: [...new Set(projectIds)] };
}

/** The projects of a list. */
export interface ListedProjects {
  readonly kind: CheckedProjects["kind"];
  /** Projects, or the ids of those that were not read yet. */
  readonly entries: readonly (Project | string)[];
}

/** The projects of a list: all of them are read in one page. */
export async function listProjects(
  field: string,
  store: IssueStore,
  projects: CheckedProjects,
): Promise<ListedProjects> {
  const { kind } = projects;
  switch (kind) {
    case "one":
      return { kind, entries: [projects.id] };
    case "some":
      return { kind, entries: projects.ids };
    case "all": {
      const limit = MAX_LISTED_PROJECTS + 1;
      const all = await store.read((reader) => reader.findProjects({ after: null, limit }));
      if (all.length < limit) return { kind, entries: all.map(({ project }) => project) };
      const allowed = `a list of at most ${String(MAX_LISTED_PROJECTS)} ids: there are more projects`;
      throw invalidInput(`${field}.projectIds`, "all", allowed);
    }
  }
}

/** What was read of a project, or that it cannot be read. */
export type OfProject<Result> = { readonly result: Result } | Unreadable;

/**
 * Reads something of each project of a list, of some projects in one read, which is a part of the result.
 *
 * @param field - what the projects were given in, for the error if one does not exist
 * @throws `IssueLifecycleError` `corrupt-data` where the project of a list of one cannot be read
 */
export async function* readEachProject<Result>(
  store: IssueStore,
  field: string,
  { kind, entries }: ListedProjects,
  read: (reader: StoreReader, project: Project) => Promise<Result>,
): AsyncGenerator<readonly OfProject<Result>[]> {
  const idField = `${field}.${kind === "one" ? "projectId" : "projectIds"}`;
  for (let place = 0; place < entries.length; place += PROJECTS_OF_A_READ) {
    const some = entries.slice(place, place + PROJECTS_OF_A_READ);
    // The store may run this again: what it finds is its result, and nothing else.
    yield await store.read(async (reader) => {
      const found = await findProjects(reader, some);
      const results: OfProject<Result>[] = [];
      for (const entry of some) {
        const id = typeof entry === "string" ? entry : entry.id;
        try {
          results.push({ result: await read(reader, await projectOf(reader, idField, entry, found)) });
        } catch (error) {
          if (kind === "one" || !isCorruptData(error)) throw error;
          results.push({ id, error: corruptData(`Project ${JSON.stringify(id)}`, "", error) });
        }
      }
      return results;
    });
  }
}

/** The projects of some entries that exist; `undefined` if one of them cannot be read. */
async function findProjects(
  reader: StoreReader,
  some: readonly (Project | string)[],
): Promise<ReadonlyMap<string, Project> | undefined> {
  const ids = some.filter((entry) => typeof entry === "string");
  if (ids.length === 0) return new Map();
  try {
    return new Map((await reader.findProjects({ ids })).map(({ project }) => [project.id, project]));
  } catch (error) {
    if (isCorruptData(error)) return undefined;
    throw error;
  }
}

/** The project of an entry, as it was found, or else read on its own. */
async function projectOf(
  reader: StoreReader,
  field: string,
  entry: Project | string,
  found: ReadonlyMap<string, Project> | undefined,
): Promise<Project> {
  if (typeof entry !== "string") return entry;
  if (found === undefined) return (await requireProject(reader, field, entry)).project;
  const project = found.get(entry);
  if (project === undefined) throw projectNotFound(field, entry);
  return project;
}

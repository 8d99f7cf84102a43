import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import {
  MAX_PROJECT_ID_LENGTH,
  parseProject,
  parseProjectId,
  type Project,
  type ProjectInput,
} from "../core/project.ts";
import { text } from "../core/shape.ts";
import type { IssueStore, StoredProject, StoreReader } from "../ports/issue-store.ts";

/** A tracker's projects. */
export interface Projects {
  /**
   * Saves a project: adds it, or changes the given members of the one with its id. A host can save its projects at every
   * start. A new slug changes the friendly ids of the project's issues.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, or `slug-taken` if another project has the slug
   */
  save(project: ProjectInput): Promise<Project>;
  /**
   * The project with this id, or `undefined`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  get(id: string): Promise<Project | undefined>;
  /** All projects, by slug. */
  list(): Promise<readonly Project[]>;
}

/** Checks a project's id. */
export const requireProjectId = text(1, MAX_PROJECT_ID_LENGTH);

/** Creates the use cases for projects. */
export function createProjects(store: IssueStore): Projects {
  return {
    async save(input) {
      const id = parseProjectId(input);
      return store.transaction(async (transaction) => {
        const { projects } = await transaction.load({ projectIds: [id] });
        const project = parseProject(input, projects.get(id)?.project);
        await transaction.write({ projects: [project] });
        return project;
      });
    },
    async get(id) {
      const ids = [requireProjectId("id", id)];
      const [found] = await store.read((reader) => reader.findProjects({ ids }));
      return found?.project;
    },
    async list() {
      const all = await store.read((reader) => reader.findProjects("all"));
      return all.map(({ project }) => project);
    },
  };
}

/**
 * The project with this id; an error if there is none.
 *
 * @param field - the name of the id in the error
 */
export async function requireProject(reader: StoreReader, field: string, id: string): Promise<StoredProject> {
  const [found] = await reader.findProjects({ ids: [id] });
  if (found === undefined) throw projectNotFound(field, id);
  return found;
}

/** The error for a project that does not exist. */
export function projectNotFound(field: string, id: string): IssueLifecycleError {
  const { message } = invalidInput(field, id, "the id of a saved project");
  return new IssueLifecycleError("unknown-project", message, { field });
}

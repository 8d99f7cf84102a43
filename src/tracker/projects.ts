import { requireText } from "../core/input.ts";
import {
  MAX_PROJECT_ID_LENGTH,
  parseProject,
  parseProjectId,
  type Project,
  type ProjectInput,
} from "../core/project.ts";
import type { IssueStore, StoredProject, StoreReader } from "../ports/issue-store.ts";
import { unknownProject } from "./unknown.ts";

/** A tracker's projects. */
export interface Projects {
  /**
   * Saves a project: adds it, or changes of the one with its id what is given. So a host can save its projects at every
   * start. A new slug changes its issues' friendly ids.
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

/** The use-cases on projects. */
export function createProjects(store: IssueStore): Projects {
  return {
    async save(input) {
      const id = parseProjectId(input);
      return store.transaction(async (transaction) => {
        const project = parseProject(input, (await transaction.findProjects([id])).get(id)?.project);
        await transaction.saveProject(project);
        return project;
      });
    },
    async get(id) {
      const projectId = requireText("projectId", id, 1, MAX_PROJECT_ID_LENGTH);
      const found = await store.read((reader) => reader.findProjects([projectId]));
      return found.get(projectId)?.project;
    },
    async list() {
      const all = await store.read((reader) => reader.listProjects());
      return all.map(({ project }) => project);
    },
  };
}

/** The project with this id; it is an error if there is none. */
export async function requireProject(reader: StoreReader, field: string, value: unknown): Promise<StoredProject> {
  const id = requireText(field, value, 1, MAX_PROJECT_ID_LENGTH);
  const found = (await reader.findProjects([id])).get(id);
  if (found === undefined) throw unknownProject(field, id);
  return found;
}

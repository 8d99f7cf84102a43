import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import {
  PAGE_MEMBERS,
  pageOf,
  readCursor,
  readKey,
  type CursorFormat,
  type Page,
  type PageOptions,
} from "../core/page.ts";
import {
  MAX_PROJECT_ID_LENGTH,
  parseProject,
  parseProjectId,
  slugKeyOf,
  type Project,
  type ProjectInput,
} from "../core/project.ts";
import { object, text } from "../core/shape.ts";
import type { IssueStore, ProjectErasureRequest, StoredProject, StoreReader } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

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
  /**
   * A page of all projects, by slug without regard to case. While pages are read, a project that is given another slug may be missing or
   * come twice; every other one comes once.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function printProjects(tracker: IssueTracker) {
   *   let cursor: string | null | undefined;
   *   do {
   *     const { items, next } = await tracker.projects.list({ limit: 1_000, ...(cursor && { cursor }) });
   *     for (const { id, slug } of items) console.log(slug, id);
   *     cursor = next;
   *   } while (cursor !== null);
   * }
   * ```
   */
  list(options?: PageOptions): Promise<Page<Project>>;
  /**
   * Erases a project with all that is stored of it: issues, events, users, histories, counters, releases and alerts, in whatever
   * state. Its id and slug are free afterwards. An alert that is being delivered at that moment may still reach its sink.
   *
   * Works in steps, each in a transaction of its own, and removes the project last. If the process ends before that, call it
   * again. Events that are digested meanwhile are erased too; after the last step they are refused with `unknown-project`.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `unknown-project`
   */
  erase(id: string): Promise<void>;
}

/** About how many rows one transaction of an erasure removes. */
const STEP = 300;

/** Checks a project's id. */
export const requireProjectId = text(1, MAX_PROJECT_ID_LENGTH);

const listOptions = object(PAGE_MEMBERS, "{ limit: 100 }");

/** Cursors of lists of projects: slug keys. */
const PROJECTS: CursorFormat<string> = { list: "projects", write: String, read: readKey };

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
    async list(options = {}) {
      const { limit, cursor } = listOptions("options", options);
      const after = readCursor(PROJECTS, cursor);
      const found = await store.read((reader) => reader.findProjects({ after, limit: limit + 1 }));
      const projects = found.map(({ project }) => project);
      return pageOf<Project, string>(PROJECTS, projects, limit, ({ slug }) => slugKeyOf(slug));
    },
    async erase(id) {
      const projectId = requireProjectId("id", id);
      await store.read((reader) => requireProject(reader, "id", projectId));
      let after: string | null = null;
      do {
        const request: ProjectErasureRequest = { projectId, after, limit: STEP };
        const { removed, next } = await store.transaction((transaction) => transaction.eraseProject(request));
        if (next !== null && next === after && removed === 0) throw storeRepeats("the end of a step of the erasure");
        after = next;
      } while (after !== null);
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

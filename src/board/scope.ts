import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Project } from "../core/project.ts";
import type { TrackedIssue } from "../tracker/tracked-issue.ts";
import type { BoardTracker, CheckedBoardOptions } from "./board-options.ts";
import type { CursorSeal } from "./sealed-cursor.ts";
import { maySee, type Viewer } from "./viewer.ts";

/** How many projects a page lists. */
export const MAX_PROJECTS = 1_000;

/** What a request may see and change. Issues and projects are read by its methods, which find none that the viewer may not see. */
export class Scope {
  readonly tracker: BoardTracker;
  readonly viewer: Viewer;
  readonly options: CheckedBoardOptions;
  readonly seal: CursorSeal;
  readonly now: Instant;

  constructor(options: CheckedBoardOptions, viewer: Viewer, seal: CursorSeal) {
    this.tracker = options.tracker;
    this.viewer = viewer;
    this.options = options;
    this.seal = seal;
    this.now = options.clock.now();
  }

  /** The name of a person in sentences. */
  readonly userName = (id: string): string | undefined => {
    try {
      return textOf(this.options.userName?.(id));
    } catch (error) {
      this.options.onError(error);
      return undefined;
    }
  };

  /** The DSN of a project. */
  async dsn(projectId: string): Promise<string | undefined> {
    try {
      return textOf(await this.options.dsn?.(projectId));
    } catch (error) {
      this.options.onError(error);
      return undefined;
    }
  }

  /** The issue with this id or friendly id. */
  async issue(id: string): Promise<TrackedIssue> {
    const found = await this.#findIssue(id.slice(0, 200));
    if (found === undefined || !maySee(this.viewer, found.projectId)) throw new NotFound(`There is no issue ${id}.`);
    return found;
  }

  async #findIssue(id: string): Promise<TrackedIssue | undefined> {
    try {
      return await this.tracker.issues.get(id);
    } catch (error) {
      // Of an issue that cannot be read it is not known whose it is.
      const isUnreadable = IssueLifecycleError.is(error) && error.code === "corrupt-data";
      if (isUnreadable && this.viewer.projects !== "all") return undefined;
      throw error;
    }
  }

  /** The project with this id. */
  async project(id: string): Promise<Project> {
    const found = maySee(this.viewer, id) ? await this.tracker.projects.get(id.slice(0, 200)) : undefined;
    if (found === undefined) throw new NotFound(`There is no project ${id}.`);
    return found;
  }

  /** The projects of the viewer, by their short names; of more than a thousand the first ones. */
  async projects(): Promise<readonly Project[]> {
    const { projects } = this.viewer;
    if (projects === "all") return (await this.tracker.projects.list({ limit: MAX_PROJECTS })).items;
    const found = await Promise.all(projects.map((id) => this.tracker.projects.get(id)));
    return found
      .filter((each) => each !== undefined)
      .toSorted((one, other) => one.slug.localeCompare(other.slug, "en"));
  }

  /** Refuses those who may only look. */
  requireChange(): void {
    if (!this.viewer.mayChange) throw new Forbidden("You may look at the issues here, and not change them.");
  }
}

/** What a host's function returned, if it is a text with anything in it. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What was asked for does not exist, at least for this viewer. */
export class NotFound extends Error {}

/** The viewer, or the page that sent the form, may not do that. */
export class Forbidden extends Error {}

/** An error of the library that its caller can do something about, such as a refused command; `undefined` for any other. */
export function refusalIn(error: unknown): IssueLifecycleError | undefined {
  if (!IssueLifecycleError.is(error) || error.retryable) return undefined;
  return UNEXPECTED.has(error.code) ? undefined : error;
}

/** Codes that say that the store or the process failed. */
const UNEXPECTED: ReadonlySet<string> = new Set([
  "corrupt-data",
  "store-failed",
  "schema-newer",
  "schema-outdated",
  "transaction-ended",
  "closed",
]);

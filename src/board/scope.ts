import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Project } from "../core/project.ts";
import type { TrackedIssue } from "../tracker/tracked-issue.ts";
import type { BoardTracker, CheckedBoardOptions } from "./board-options.ts";
import { maySee, type Viewer } from "./viewer.ts";

/** What a request may see and change. Every page and every action reads through it: nothing leads past what the viewer may see. */
export class Scope {
  readonly tracker: BoardTracker;
  readonly viewer: Viewer;
  readonly options: CheckedBoardOptions;
  readonly now: Instant;

  constructor(options: CheckedBoardOptions, viewer: Viewer) {
    this.tracker = options.tracker;
    this.viewer = viewer;
    this.options = options;
    this.now = options.clock.now();
  }

  /** The name of a person in sentences. */
  readonly userName = (id: string): string | undefined => this.options.userName?.(id);

  /** The issue with this id or friendly id. */
  async issue(id: string): Promise<TrackedIssue> {
    const found = await this.tracker.issues.get(id.slice(0, 200));
    if (found === undefined || !maySee(this.viewer, found.projectId)) throw new NotFound(`There is no issue ${id}.`);
    return found;
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
    if (projects === "all") return (await this.tracker.projects.list({ limit: 1_000 })).items;
    const found = await Promise.all(projects.map((id) => this.tracker.projects.get(id)));
    return found.filter((each) => each !== undefined).sort((one, other) => one.slug.localeCompare(other.slug, "en"));
  }

  /** Refuses those who may only look. */
  requireChange(): void {
    if (!this.viewer.mayChange) throw new Forbidden("You may look at the issues here, and not change them.");
  }
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

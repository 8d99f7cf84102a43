import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, isUuid } from "../core/input.ts";
import type { Issue, IssueScope } from "../core/issue.ts";
import { friendlyIdOf, parseFriendlyId, type Project } from "../core/project.ts";
import { object, optional, text, type Shape } from "../core/shape.ts";
import { requireReadable, type Unreadable } from "../core/unreadable.ts";
import type { StoreReader, UnreadableIssue } from "../ports/issue-store.ts";
import { requireProjectId } from "./projects.ts";

/** An issue with its friendly id. */
export interface TrackedIssue extends Issue {
  /** Its human-readable id: the project's slug in upper case and the issue's number, such as `SHOP-12`. */
  readonly friendlyId: string;
}

/** An issue with its friendly id. */
export function trackedIssue(project: Project, issue: Issue): TrackedIssue {
  return { ...issue, friendlyId: friendlyIdOf(project.slug, issue.number) };
}

/** What lists contain for an issue that cannot be read. */
export function describeUnreadable(project: Project | undefined, { id, number, error }: UnreadableIssue): Unreadable {
  const isNamed = project !== undefined && number !== undefined;
  return { id, ...(isNamed && { friendlyId: friendlyIdOf(project.slug, number) }), error };
}

/** Checks an issue's id or friendly id. */
export const requireIssueId = text(1, 200);

/** The shapes of {@link IssueScope}, to include in the options of every call about one issue. */
export const SCOPE_MEMBERS = { projectId: optional(requireProjectId) } satisfies Record<
  keyof IssueScope,
  Shape<unknown>
>;

/** Checks {@link IssueScope}. */
export const scopeOptions = object(SCOPE_MEMBERS, `{ projectId: "shop" }`);

/** An issue as a caller names it. */
export interface NamedIssue {
  /** The name of the id in errors. */
  readonly field: string;
  /** Its id or friendly id. */
  readonly given: string;
  /** The project that it has to belong to; `undefined` for any. */
  readonly projectId: string | undefined;
}

/** Checks the id of an issue. Every call about one issue names it so: no other way leads to an issue of another project. */
export function nameIssue(field: string, id: unknown, { projectId }: Pick<NamedIssue, "projectId">): NamedIssue {
  return { field, given: requireIssueId(field, id), projectId };
}

/**
 * The issue with this id or friendly id, if it belongs to the project. A text in the form of a UUID is an id, any other a friendly id, in
 * upper or lower case.
 */
export async function findIssue(reader: StoreReader, named: NamedIssue): Promise<Issue | UnreadableIssue | undefined> {
  const found = await findAnywhere(reader, named.given);
  return found !== undefined && isOfScope(found, named) ? found : undefined;
}

/** Whether an issue belongs to the project that is asked for. One whose project cannot be read belongs to none. */
export function isOfScope(issue: Issue | UnreadableIssue, { projectId }: Pick<NamedIssue, "projectId">): boolean {
  return projectId === undefined || issue.projectId === projectId;
}

async function findAnywhere(reader: StoreReader, id: string): Promise<Issue | UnreadableIssue | undefined> {
  if (isUuid(id)) return (await reader.findIssues({ ids: [id] }))[0];
  const friendlyId = parseFriendlyId(id);
  if (friendlyId === undefined) return undefined;
  const [stored] = await reader.findProjects({ slugKey: friendlyId.slugKey });
  if (stored === undefined) return undefined;
  const [issue] = await reader.findIssues({ projectId: stored.project.id, number: friendlyId.number });
  return issue;
}

/** As {@link findIssue}; an error if there is none, or it cannot be read. */
export async function requireIssue(reader: StoreReader, named: NamedIssue): Promise<Issue> {
  const issue = await findIssue(reader, named);
  if (issue === undefined) throw issueNotFound(named);
  return requireReadable(issue);
}

/** The error for an issue that does not exist. */
export function issueNotFound({ field, given }: Pick<NamedIssue, "field" | "given">): IssueLifecycleError {
  const { message } = invalidInput(field, given, "the id of an issue that exists, or its friendly id, such as SHOP-12");
  return new IssueLifecycleError("unknown-issue", message, { field });
}

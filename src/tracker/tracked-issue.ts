import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, isUuid } from "../core/input.ts";
import type { Issue } from "../core/issue.ts";
import { friendlyIdOf, parseFriendlyId, type Project } from "../core/project.ts";
import { text } from "../core/shape.ts";
import { requireReadable, type Unreadable } from "../core/unreadable.ts";
import type { StoreReader, UnreadableIssue } from "../ports/issue-store.ts";

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

/**
 * The issue with this id or friendly id. A text in the form of a UUID is an id, any other a friendly id, in upper or lower
 * case.
 */
export async function findIssue(reader: StoreReader, id: string): Promise<Issue | UnreadableIssue | undefined> {
  if (isUuid(id)) return (await reader.findIssues({ ids: [id] }))[0];
  const friendlyId = parseFriendlyId(id);
  if (friendlyId === undefined) return undefined;
  const [stored] = await reader.findProjects({ slugKey: friendlyId.slugKey });
  if (stored === undefined) return undefined;
  const [issue] = await reader.findIssues({ projectId: stored.project.id, number: friendlyId.number });
  return issue;
}

/** As {@link findIssue}; an error if there is none, or it cannot be read. */
export async function requireIssue(reader: StoreReader, id: string): Promise<Issue> {
  const issue = await findIssue(reader, id);
  if (issue === undefined) throw issueNotFound("id", id);
  return requireReadable(issue);
}

/** The error for an issue that does not exist. */
export function issueNotFound(field: string, id: string): IssueLifecycleError {
  const { message } = invalidInput(field, id, "the id of an issue that exists, or its friendly id, such as SHOP-12");
  return new IssueLifecycleError("unknown-issue", message, { field });
}

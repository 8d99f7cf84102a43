import { isUuid } from "../core/input.ts";
import type { Issue, IssueResult } from "../core/issue.ts";
import { MAX_PAGE_SIZE } from "../core/page.ts";
import { parseFriendlyId } from "../core/project.ts";
import { arrayOf } from "../core/shape.ts";
import { corruptIssue, isCorruptData, isUnreadable } from "../core/unreadable.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import type { IssueStore, StoreReader, UnreadableIssue } from "../ports/issue-store.ts";
import { findPendingChanges } from "./pending-releases.ts";
import { projectNotFound } from "./projects.ts";
import { isOfScope, requireIssueId, trackedIssue, type NamedIssue, type TrackedIssue } from "./tracked-issue.ts";
import { restoreCounter } from "./working-issue.ts";

type Scope = Pick<NamedIssue, "projectId">;

const requireIssueIds = arrayOf(requireIssueId, 0, MAX_PAGE_SIZE, `["SHOP-12", "SHOP-3"]`);

/** Issues by their ids, with their friendly ids. */
export async function getManyIssues(
  store: IssueStore,
  ids: unknown,
  scope: Scope,
): Promise<readonly IssueResult<TrackedIssue>[]> {
  const given = requireIssueIds("ids", ids);
  return store.read(async (reader) => {
    const found = await findMany(reader, given, scope);
    const issues = readableIn(found);
    const pending = await findPendingChanges(reader, issues);
    const projectIds = [...new Set(issues.map(({ projectId }) => projectId))];
    const projects = await reader.findProjects({ ids: projectIds });
    const byId = new Map(projects.map(({ project }) => [project.id, project]));
    return resultsOf(found, (issue) => {
      const project = byId.get(issue.projectId);
      if (project === undefined) throw projectNotFound("issue.projectId", issue.projectId);
      return trackedIssue(project, pending.get(issue.id)?.transition.issue ?? issue);
    });
  });
}

/** What the counters of issues say, by the ids of the issues. All counters are read in one step. */
export async function countOfMany<Value>(
  store: IssueStore,
  ids: unknown,
  scope: Scope,
  read: (counter: PeriodCounter) => Value,
): Promise<readonly IssueResult<Value>[]> {
  const given = requireIssueIds("ids", ids);
  const { found, counters } = await store.read(async (reader) => {
    const issues = await findMany(reader, given, scope);
    return { found: issues, counters: await reader.findCounters(readableIn(issues).map(({ id }) => id)) };
  });
  return resultsOf(found, (issue) => read(restoreCounter(issue, counters.get(issue.id))));
}

/** An issue that was looked for, with the id or friendly id that was given. */
interface FoundIssue {
  readonly id: string;
  readonly issue: Issue | UnreadableIssue | undefined;
}

/**
 * Finds issues of a project, or of any, by their ids in one step, and by their friendly ids one by one. In the order of the ids, some of
 * which may be equal.
 */
export async function findMany(
  reader: StoreReader,
  ids: readonly string[],
  scope: Scope,
): Promise<readonly FoundIssue[]> {
  const found = new Map<string, Issue | UnreadableIssue>();
  for (const issue of await reader.findIssues({ ids: [...new Set(ids.filter(isUuid))] })) found.set(issue.id, issue);
  const projectIds = new Map<string, string | undefined>();
  for (const id of new Set(ids)) {
    const friendlyId = isUuid(id) ? undefined : parseFriendlyId(id);
    if (friendlyId === undefined) continue;
    const { slugKey, number } = friendlyId;
    if (!projectIds.has(slugKey)) {
      const [stored] = await reader.findProjects({ slugKey });
      projectIds.set(slugKey, stored?.project.id);
    }
    const projectId = projectIds.get(slugKey);
    const [issue] = projectId === undefined ? [] : await reader.findIssues({ projectId, number });
    if (issue !== undefined) found.set(id, issue);
  }
  return ids.map((id) => {
    const issue = found.get(id);
    return { id, issue: issue !== undefined && isOfScope(issue, scope) ? issue : undefined };
  });
}

/** The found issues that can be read, each once. */
function readableIn(found: readonly FoundIssue[]): readonly Issue[] {
  const issues = new Map<string, Issue>();
  for (const { issue } of found) if (issue !== undefined && !isUnreadable(issue)) issues.set(issue.id, issue);
  return [...issues.values()];
}

/** What was found for each id, with a value of those that can be read. */
function resultsOf<Value>(
  found: readonly FoundIssue[],
  valueOf: (issue: Issue) => Value,
): readonly IssueResult<Value>[] {
  return found.map(({ id, issue }): IssueResult<Value> => {
    if (issue === undefined) return { kind: "not-found", id };
    if (isUnreadable(issue)) return { kind: "unreadable", id, error: issue.error };
    try {
      return { kind: "found", id, value: valueOf(issue) };
    } catch (error) {
      if (!isCorruptData(error)) throw error;
      return { kind: "unreadable", id, error: corruptIssue(issue.id, error) };
    }
  });
}

import type { ProjectErasureStep } from "../ports/issue-store.ts";
import { removeFromFeed } from "./feed.ts";
import { deleteIssue } from "./issue-deletion.ts";
import { idAt, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { NumberedProject } from "./projects.ts";
import { within } from "./session.ts";
import type { Tables } from "./tables.ts";

/**
 * One step of the erasure of a project, which removes about `limit` keys. Transactions are serializable: so the last step, which finds
 * no issue and no event, is the last transaction that knows the project.
 */
export async function eraseProject(
  tables: Tables,
  project: NumberedProject,
  limit: number,
): Promise<ProjectErasureStep> {
  const { session, releases, alerts, tallies, projects } = tables;
  const { internalNumber } = project;
  let removed = await eraseIssues(tables, internalNumber, limit);
  if (removed < limit) removed += await session.removeSome(rowsOf(internalNumber), limit - removed);
  if (removed < limit) removed += await releases.removeSome(internalNumber, limit - removed);
  if (removed >= limit) return { removed, next: "more" };
  await tallies.removeOf(internalNumber);
  await alerts.removeOfProject(project.project.id);
  await projects.remove(project);
  return { removed: removed + 1, next: null };
}

/** Deletes issues. Of one with many users or a long history these go first, in steps of their own. */
async function eraseIssues(tables: Tables, project: number, limit: number): Promise<number> {
  const { session } = tables;
  const byNumber = await session.range(within(KEYS.issuesByNumber(project)), limit);
  let removed = 0;
  for (const [key, value] of byNumber) {
    const id = idAt(value, 0);
    const issue = requireIdPart(id);
    const many = [KEYS.users, KEYS.usersByDay, KEYS.usersByTurn, KEYS.turningPoints].map((prefixOf) => prefixOf(issue));
    removed += await session.removeSome(many, limit - removed);
    if (removed < limit) removed += await removeFromFeed(session, issue, limit - removed);
    if (removed >= limit) break;
    await deleteIssue(tables, id);
    await session.remove(key);
    if (++removed >= limit) break;
  }
  return removed;
}

/** The prefixes of keys of events, and of those that a damaged issue has left behind. */
function rowsOf(project: number): Uint8Array[] {
  const { events, eventBodies, eventsOfIssues, issuesInLists, allAwaitingNext, groups } = KEYS;
  const { marksOfProject, pendingReleases } = KEYS;
  const prefixes = [events, eventBodies, eventsOfIssues, issuesInLists, allAwaitingNext, groups];
  return [...prefixes, marksOfProject, pendingReleases].map((prefixOf) => prefixOf(project));
}

import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, isUuid } from "../core/input.ts";
import { anyText, looseObject } from "../core/shape.ts";
import { readStored } from "../core/stored.ts";
import type { ProjectErasureRequest, ProjectErasureStep } from "../ports/issue-store.ts";
import type { Session } from "./connections/session.ts";
import { IssueDeletion } from "./deletion.ts";
import type { ProjectKeys } from "./project-keys.ts";
import { NO_ID, undamaged, type Damaged } from "./rows/damage.ts";
import type { Statements } from "./statements/index.ts";

/** What an erasure works with. */
interface Sources {
  readonly session: Session;
  readonly statements: Statements;
  readonly projectKeys: ProjectKeys;
}

/** Steps that remove rows while others may add some, and steps that have locked the project. */
const ROWS = "rows";
const END = "end";

/**
 * One step of the erasure of a project. First come its alerts, because only they do not say in a column of which project they are:
 * all alerts have to be read. Then the rows of its other tables, and at last, under the lock of the project, what was added
 * meanwhile. Under that lock nobody can add an issue; and once there is none, no event, no alert and no tally.
 */
export async function eraseProject(sources: Sources, request: ProjectErasureRequest): Promise<ProjectErasureStep> {
  const { projectId, after, limit } = request;
  const key = await sources.projectKeys.keyOf(projectId);
  if (key === undefined) return { removed: 0, next: null };
  if (after === ROWS) {
    const removed = await eraseRows(sources, key, limit);
    return { removed, next: removed < limit ? END : ROWS };
  }
  if (after === END) return end(sources, projectId, key, limit);
  if (after !== null && !isUuid(after)) throw invalidInput("after", after, "the `next` of the step before");
  return eraseAlerts(sources, projectId, after ?? NO_ID, limit);
}

/** Removes the project's alerts among the next ones of all, those of issues that were deleted too. */
async function eraseAlerts(
  { session, statements: { alerts } }: Sources,
  projectId: string,
  after: string,
  limit: number,
): Promise<ProjectErasureStep> {
  const rows = await session.all(alerts.after, { id: after, limit });
  const own = rows.filter((row) => isOf(projectId, row)).map(({ id }) => ({ id }));
  await session.write(alerts.delete, own);
  return { removed: own.length, next: rows.length < limit ? ROWS : (rows.at(-1)?.id ?? ROWS) };
}

/** The last step, unless too much was added meanwhile. */
async function end(sources: Sources, projectId: string, key: number, limit: number): Promise<ProjectErasureStep> {
  const { session, statements, projectKeys } = sources;
  const { lookup, take } = projectKeys.lock([key]);
  await session.findAll([lookup]);
  if (!take().has(projectId)) throw gone(projectId);
  const removed = await eraseRows(sources, key, limit);
  if (removed >= limit) return { removed, next: END };
  const { releases, tallies, alerts, projects } = statements;
  const ofProject = [{ project_key: key }];
  await session.write(releases.deletePendingOfProject, ofProject);
  // Waits for those who make an alert of a tally: so the alert is found.
  await session.write(tallies.deleteOfProject, ofProject);
  const summaries = (await session.all(alerts.ofNoIssue, {})).filter((row) => isOf(projectId, row));
  await session.write(
    alerts.delete,
    summaries.map(({ id }) => ({ id })),
  );
  await session.write(projects.delete, [{ key }]);
  projectKeys.noteRemoved(projectId, key);
  return { removed: removed + 1, next: null };
}

/** Another erasure was faster: the transaction that runs again finds no project. */
function gone(projectId: string): IssueLifecycleError {
  const message = `Another transaction has removed the project ${JSON.stringify(projectId)}.`;
  return new IssueLifecycleError("store-conflict", message, { retryable: true });
}

/** Removes about `limit` issues, events and releases. Issues first: once they are gone, nobody adds events. */
async function eraseRows({ session, statements }: Sources, project_key: number, limit: number): Promise<number> {
  let removed = await eraseIssues(session, statements, project_key, limit);
  if (removed < limit) removed += await eraseEvents(session, statements, project_key, limit - removed);
  if (removed < limit) {
    const { someOfProject, delete: deleteReleases } = statements.releases;
    const rows = await session.all(someOfProject, { project_key, limit: limit - removed });
    await session.write(
      deleteReleases,
      rows.map(({ name }) => ({ project_key, name })),
    );
    removed += rows.length;
  }
  return removed;
}

/** Deletes issues. Of one with many users or a long history these go first, in steps of their own. */
async function eraseIssues(
  session: Session,
  statements: Statements,
  project_key: number,
  limit: number,
): Promise<number> {
  const rows = await session.all(statements.issues.someOfProject, { project_key, limit });
  const ids: string[] = [];
  let removed = 0;
  for (const { id, user_count, turning_point_count } of rows) {
    if (user_count + turning_point_count > limit) {
      removed += await eraseBelongings(session, statements, id, limit);
      if (removed >= limit) break;
    } else {
      removed += user_count + turning_point_count;
    }
    ids.push(id);
    if (++removed >= limit) break;
  }
  const deletion = new IssueDeletion(session, statements);
  await deletion.delete(await deletion.find({ deletedIssues: ids }, () => project_key));
  return removed;
}

/** Removes users and turning points of an issue, at most `limit`. */
async function eraseBelongings(
  session: Session,
  { users, history }: Statements,
  issue_id: string,
  limit: number,
): Promise<number> {
  const someUsers = await session.all(users.firstOfIssue, { issue_id, limit });
  await session.write(
    users.deleteSome,
    someUsers.map(({ user_hash }) => ({ issue_id, user_hash })),
  );
  if (someUsers.length >= limit) return someUsers.length;
  const points = await session.all(history.some, { issue_id, limit: limit - someUsers.length });
  await session.write(
    history.deleteSome,
    points.map(({ number }) => ({ issue_id, number })),
  );
  return someUsers.length + points.length;
}

async function eraseEvents(
  session: Session,
  { events }: Statements,
  project_key: number,
  limit: number,
): Promise<number> {
  const rows = await session.all(events.someOfProject, { project_key, limit });
  await session.write(
    events.delete,
    rows.map(({ id }) => ({ project_key, id })),
  );
  await session.write(
    events.deleteData,
    rows.flatMap(({ data_id }) => {
      const id = undamaged(data_id) ?? null;
      return id === null ? [] : { id };
    }),
  );
  return rows.length;
}

const alertOfProject = looseObject({ project: looseObject({ id: anyText }) });

/** Whether an alert is of a project. One of which that cannot be read is of none. */
function isOf(projectId: string, { alert }: { readonly alert: string | Damaged }): boolean {
  const stored = undamaged(alert);
  if (stored === undefined) return false;
  try {
    return readStored("an alert", stored, alertOfProject).project.id === projectId;
  } catch {
    return false;
  }
}

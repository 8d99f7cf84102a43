import { wasSeen } from "../core/release-mark.ts";
import type { StoredKind } from "../ports/issue-store.ts";
import { eachWithPauses } from "../ports/pause.ts";
import { storedKeyOf, type StoredEntries } from "../ports/stored-entries.ts";
import type { IssueTables, MemoryTables, ProjectTables } from "./memory-tables.ts";

/** All entries of a kind. */
export async function entriesOf(tables: MemoryTables, kind: StoredKind): Promise<StoredEntries> {
  const { projects, ofProject, issues, ofIssue, counters, users, alerts, tallies } = tables;
  const ofProjects = <Entry>(entriesIn: (tables: ProjectTables, projectId: string) => Iterable<Entry>) =>
    collected(ofProject, ([id, each]) => entriesIn(each, id));
  const ofIssues = <Entry>(entriesIn: (tables: IssueTables, issueId: string) => Iterable<Entry>) =>
    collected(ofIssue, ([id, each]) => entriesIn(each, id));
  switch (kind) {
    case "projects":
      return { projects: [...projects.values()] };
    case "releases":
      return {
        releases: await ofProjects(({ releases }, projectId) =>
          Array.from(releases.values(), (release) => ({ projectId, release })),
        ),
      };
    case "issues":
      return {
        issues: await collected(issues.values(), (issue) => [{ issue, counter: counters.get(issue.id) ?? null }]),
      };
    case "groups":
      return {
        groups: await ofIssues(({ groups }, issueId) =>
          groups.map(({ projectId, strategy, key }) => ({
            issueId,
            projectId,
            strategy,
            key: typeof key === "string" ? storedKeyOf({ strategy, key }) : key,
          })),
        ),
      };
    case "turningPoints":
      return { turningPoints: await ofIssues(({ turningPoints }) => turningPoints) };
    case "users":
      return { users: await collected(users.values(), ({ rows }) => rows.values()) };
    case "marks":
      return {
        marks: await ofIssues(({ marks }, issueId) =>
          marks.map((mark) => {
            const { orderKey, last, fixedAt } = mark;
            return { issueId, orderKey, last, fixedAt, seen: wasSeen(mark) };
          }),
        ),
      };
    case "events":
      return { events: await ofProjects(({ events }) => events.values()) };
    case "alerts":
      return {
        alerts: await collected(alerts.values(), ({ alert, state, attempts, lastError, memo }) => [
          { alert, state, attempts, lastError, memo },
        ]),
      };
    case "tallies":
      return { tallies: [...tallies.values()] };
  }
}

async function collected<Table, Entry>(
  tables: Iterable<Table>,
  entriesIn: (table: Table) => Iterable<Entry>,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const table of tables) {
    await eachWithPauses(entriesIn(table), (entry) => {
      entries.push(entry);
    });
  }
  return entries;
}

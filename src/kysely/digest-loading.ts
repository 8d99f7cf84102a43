import type { Issue } from "../core/issue.ts";
import type { EventRef, GroupRef } from "../ports/issue-store.ts";
import { decodeUuid, hashGroup } from "./id-codec.ts";
import type { KeyedProject } from "./project-keys.ts";
import { decodeIssue } from "./row-codec.ts";
import type { Session } from "./session.ts";
import type { Statements } from "./statements/index.ts";
import { decodeText, encodeText } from "./text-codec.ts";

/** Places of references in their list, by project. */
type Placed<Ref> = { readonly ref: Ref; readonly place: number }[];

/** For each event that is stored already the id of its issue. */
export async function findDuplicates(
  session: Session,
  statements: Statements,
  events: readonly EventRef[],
  projects: ReadonlyMap<string, KeyedProject>,
): Promise<(string | undefined)[]> {
  const found = new Array<string | undefined>(events.length).fill(undefined);
  for (const [{ key }, placed] of byProject(events, projects)) {
    const given = placed.map(({ ref }) => ({ project_key: key, id: encodeText(ref.id) }));
    const rows = await session.lookUp(statements.events.issueIds, given);
    if (rows.length === 0) continue;
    const issueIds = new Map(rows.map((row) => [decodeText(row.id), decodeUuid(row.issue_id)]));
    for (const { ref, place } of placed) found[place] = issueIds.get(ref.id);
  }
  return found;
}

/** For each group its issue. */
export async function findGroups(
  session: Session,
  statements: Statements,
  groups: readonly GroupRef[],
  projects: ReadonlyMap<string, KeyedProject>,
): Promise<(Issue | undefined)[]> {
  const found = new Array<Issue | undefined>(groups.length).fill(undefined);
  for (const [project, placed] of byProject(groups, projects)) {
    const issues = await findGroupsOfProject(
      session,
      statements,
      placed.map(({ ref }) => ref),
      project,
    );
    placed.forEach(({ place }, index) => {
      found[place] = issues[index];
    });
  }
  return found;
}

async function findGroupsOfProject(
  session: Session,
  statements: Statements,
  groups: readonly GroupRef[],
  { key, project }: KeyedProject,
): Promise<(Issue | undefined)[]> {
  const given = groups.map((group) => ({ project_key: key, hash: hashGroup(group) }));
  const [only] = given;
  if (only !== undefined && given.length === 1) {
    const row = await session.first(statements.issues.byGroup, only);
    return [row && decodeIssue(row, project.id)];
  }
  const groupRows = await session.lookUp(statements.issues.groups, given);
  const issueRows = await session.lookUp(
    statements.issues.byId,
    groupRows.map(({ issue_id }) => ({ id: issue_id })),
  );
  const issues = new Map(issueRows.map((row) => [hex(row.id), decodeIssue(row, project.id)]));
  const issueOfHash = new Map(groupRows.map(({ hash, issue_id }) => [hex(hash), issues.get(hex(issue_id))]));
  return given.map(({ hash }) => issueOfHash.get(hex(hash)));
}

function* byProject<Ref extends { readonly projectId: string }>(
  refs: readonly Ref[],
  projects: ReadonlyMap<string, KeyedProject>,
): Iterable<[KeyedProject, Placed<Ref>]> {
  const placed = new Map<string, Placed<Ref>>();
  refs.forEach((ref, place) => {
    const ofProject = placed.get(ref.projectId);
    if (ofProject === undefined) placed.set(ref.projectId, [{ ref, place }]);
    else ofProject.push({ ref, place });
  });
  for (const [projectId, ofProject] of placed) {
    const project = projects.get(projectId);
    if (project !== undefined) yield [project, ofProject];
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

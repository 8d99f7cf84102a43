import { allReadable, corruptData, requireReadable } from "../core/unreadable.ts";
import type { AlertTally } from "../ports/alert-outbox.ts";
import type { StoredKind, StoredProject } from "../ports/issue-store.ts";
import {
  LONG_KEY_LENGTH,
  type StoredGroup,
  type StoredMark,
  type StoredPage,
  type StoredPageRequest,
} from "../ports/stored-entries.ts";
import type { Session } from "./connections/session.ts";
import { lowestOf, nextOf, readPosition, type Position } from "./counts.ts";
import { requireProject, type ProjectKeys } from "./project-keys.ts";
import { alertEntryOf, tallyOf, type StoredTallyRow } from "./rows/alert-row.ts";
import { damageIn, undamaged } from "./rows/damage.ts";
import { eventOf, type EventDataRow } from "./rows/event-row.ts";
import { checkIssueRow, groupHash, issueEntryOf, type StoredIssueRow } from "./rows/issue-row.ts";
import { releaseOf } from "./rows/release-row.ts";
import { projectOf, turningPointEntryOf } from "./rows/rows.ts";
import { userOf } from "./rows/user-row.ts";
import type { RowOf } from "./schema/columns.ts";
import type { TableRow } from "./schema/tables.ts";
import type { GROUP_COLUMNS } from "./statements/entry-statements.ts";
import type { Statements } from "./statements/index.ts";
import type { Statement } from "./statements/statement.ts";

/** The key of the only row about a copy. */
export const THE_COPY = { id: 1 };

/** What the data of the events of a page may have, in characters. */
const MAX_DATA_LENGTH = 1_000_000;

/** How many rows with data of events are read at once: each may have megabytes. */
const DATA_AT_ONCE = 20;

/** Where entries are read from. */
interface Source {
  readonly session: Session;
  readonly statements: Statements;
  readonly projectKeys: ProjectKeys;
}

// An interface would not be assignable to the parameters of a statement.
type PageParameters = Pick<Position, "first" | "second"> & Readonly<Record<"limit", number>>;

/** Statements on a range of keys. */
interface RangeStatements<Row> {
  readonly above: Statement<PageParameters, Row & Position>;
  readonly within?: RangeStatements<Row>["above"];
}

/** Rows of a page. */
interface Rows<Row> {
  readonly rows: readonly (Row & Position)[];
  readonly next: string | null;
}

/** Adds groups to issues. The first group of an issue that has none is noted as the one that has opened it, as for a new issue. */
export async function putGroups(
  { session, statements: { issues }, projectKeys }: Source,
  groups: readonly StoredGroup[],
): Promise<void> {
  const keyOf = await projectKeys.requireKeys([...new Set(groups.map(({ projectId }) => projectId))]);
  const rows = groups.map(({ projectId, strategy, key, issueId }) => ({
    project_key: keyOf(projectId),
    hash: typeof key === "string" ? groupHash({ strategy, key }) : Buffer.from(key.sha256, "hex"),
    issue_id: issueId,
    strategy,
    grouping_key: typeof key === "string" ? key : shownHash(key.sha256),
  }));
  const ids = new Set(groups.map(({ issueId }) => issueId));
  const found = await session.find(
    issues.openingGroups,
    Array.from(ids, (id) => ({ id })),
  );
  const without = new Set(found.flatMap(({ id, group_hash }) => (group_hash.byteLength === 0 ? id : [])));
  const opening = new Map<string, Uint8Array>();
  const added = [];
  for (const { issue_id, project_key, hash } of rows) {
    if (without.has(issue_id) && !opening.has(issue_id)) opening.set(issue_id, hash);
    else added.push({ issue_id, project_key, hash });
  }
  await session.write(issues.insertGroups, rows);
  await session.write(
    issues.setOpeningGroup,
    Array.from(opening, ([id, group_hash]) => ({ id, group_hash })),
  );
  await session.write(issues.insertAddedGroups, added);
}

/** Stands for a long key whose text is not known, for people. It is long itself. */
function shownHash(sha256: string): string {
  return `A key of 100 characters or more. It was copied as the SHA-256 of its strategy and itself: ${sha256}`;
}

/** A page of entries, in the order of the keys of their rows. */
export async function pageStored(source: Source, request: StoredPageRequest): Promise<StoredPage> {
  const { session, statements, projectKeys } = source;
  const { entries } = statements;
  const walk = <Row>(ranges: RangeStatements<Row>): Promise<Rows<Row>> => rowsAfter(session, ranges, request);
  const projectsOf = async (rows: readonly { readonly project_key: number }[]): Promise<(key: number) => string> => {
    const ids = await projectKeys.idsOf(rows.map(({ project_key }) => project_key));
    return (key) => requireProject(ids.get(key));
  };
  switch (request.kind) {
    case "projects": {
      const { rows, next } = await walk(entries.projects);
      return { entries: { projects: rows.map(projectEntryOf) }, next };
    }
    case "releases": {
      const { rows, next } = await walk(entries.releases);
      const idOf = await projectsOf(rows);
      const releases = rows.map((row) => ({ projectId: idOf(row.project_key), release: releaseOf(row) }));
      return { entries: { releases }, next };
    }
    case "issues": {
      const { rows, next } = await walk(entries.issues);
      return { entries: { issues: await issuesOf(source, rows) }, next };
    }
    case "groups": {
      const { rows, next } = await walk(entries.groups);
      const idOf = await projectsOf(rows);
      return { entries: { groups: rows.map((row) => groupEntryOf(row, idOf(row.project_key))) }, next };
    }
    case "turningPoints": {
      const { rows, next } = await walk(entries.turningPoints);
      return { entries: { turningPoints: allReadable(rows.map(turningPointEntryOf)) }, next };
    }
    case "users": {
      const { rows, next } = await walk(entries.users);
      return { entries: { users: rows.map(userOf) }, next };
    }
    case "marks": {
      const { rows, next } = await walk(entries.marks);
      return { entries: { marks: rows.map(markEntryOf) }, next };
    }
    case "events": {
      const { rows, next } = await walk(entries.events);
      return pageOfEvents(session, statements, { rows, next }, await projectsOf(rows));
    }
    case "alerts": {
      const { rows, next } = await walk(entries.alerts);
      return { entries: { alerts: allReadable(rows.map(alertEntryOf)) }, next };
    }
    case "tallies": {
      const { rows, next } = await walk(entries.tallies);
      const idOf = await projectsOf(rows);
      return { entries: { tallies: rows.map((row) => wholeTallyOf(row, idOf(row.project_key))) }, next };
    }
  }
}

function wholeTallyOf(row: StoredTallyRow, projectId: string): AlertTally {
  const damage = damageIn(row);
  if (damage !== undefined) throw corruptData(`What was throttled in project ${projectId}`, "", damage.cause);
  return tallyOf(row, projectId);
}

function projectEntryOf(row: TableRow<"projects">): StoredProject {
  return { project: projectOf(row), issueCount: row.issue_count, releaseCount: row.release_count };
}

/** A group with its key, if that is in the row whole, or the hash. */
function groupEntryOf(
  { issue_id, strategy, hash, grouping_key }: RowOf<typeof GROUP_COLUMNS>,
  projectId: string,
): StoredGroup {
  const shown = undamaged(grouping_key);
  const isWhole = shown !== undefined && shown.length < LONG_KEY_LENGTH;
  return { issueId: issue_id, projectId, strategy, key: isWhole ? shown : { sha256: hash } };
}

function markEntryOf({ issue_id, order_key, fixed_last, fixed_at, seen }: TableRow<"release_marks">): StoredMark {
  const last = fixed_last && fixed_at !== null ? "fixed" : "seen";
  return { issueId: issue_id, orderKey: order_key, last, fixedAt: fixed_at, seen: last === "seen" || seen };
}

async function rowsAfter<Row>(
  session: Session,
  { above, within }: RangeStatements<Row>,
  { kind, after, limit }: StoredPageRequest,
): Promise<Rows<Row>> {
  const position = after === null ? lowestOf(kind) : readPosition(kind, after);
  const rest = within === undefined || after === null ? [] : await session.all(within, { ...position, limit });
  const others = rest.length < limit ? await session.all(above, { ...position, limit: limit - rest.length }) : [];
  const rows = [...rest, ...others];
  return { rows, next: rows.length < limit ? null : endOf(kind, rows) };
}

function endOf(kind: StoredKind, rows: readonly Position[]): string | null {
  const last = rows.at(-1);
  return last === undefined ? null : nextOf(kind, last);
}

async function issuesOf({ session, statements, projectKeys }: Source, rows: readonly StoredIssueRow[]) {
  const checked = rows.map(checkIssueRow);
  const ids = await projectKeys.idsOf(checked.flatMap(({ project_key }) => project_key ?? []));
  const issues = checked.map((row) => requireReadable(issueEntryOf(row, ids.get(row.project_key ?? -1))));
  const found = await session.find(
    statements.issues.counters,
    issues.map(({ id }) => ({ issue_id: id })),
  );
  const counters = new Map(found.map(({ issue_id, buckets }) => [issue_id, buckets]));
  return issues.map((issue) => ({ issue, counter: counters.get(issue.id) ?? null }));
}

/** Events with their data. The page ends where that is much. */
async function pageOfEvents(
  session: Session,
  { events }: Statements,
  { rows, next }: Rows<TableRow<"events">>,
  idOf: (key: number) => string,
): Promise<StoredPage> {
  const found = [];
  let length = 0;
  for (let start = 0; start < rows.length; start += DATA_AT_ONCE) {
    const some = rows.slice(start, start + DATA_AT_ONCE);
    const data = await dataOf(session, events, some);
    for (const row of some) {
      const stored = row.data_id === null ? undefined : data.get(hexOf(row.data_id));
      if (row.data_id !== null && stored === undefined) {
        throw corruptData(`Event ${row.id}`, "", new Error("Its data is not stored."));
      }
      found.push(eventOf(row, idOf(row.project_key), stored));
      length += (stored?.data.length ?? 0) + (stored?.details?.length ?? 0);
      if (length > MAX_DATA_LENGTH && found.length < rows.length) {
        return { entries: { events: found }, next: nextOf("events", row) };
      }
    }
  }
  return { entries: { events: found }, next };
}

async function dataOf(
  session: Session,
  { data }: Statements["events"],
  rows: readonly TableRow<"events">[],
): Promise<ReadonlyMap<string, EventDataRow>> {
  const ids = rows.flatMap(({ data_id }) => (data_id === null ? [] : [{ id: data_id }]));
  return new Map((await session.find(data, ids)).map((row) => [hexOf(row.id), row]));
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}

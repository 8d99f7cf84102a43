import { isDeepStrictEqual } from "node:util";
import { sql, type Kysely } from "kysely";
import type { Alert } from "../../src/index.ts";
import type { Turn } from "../../src/core/index.ts";

/*
 * Checks the tables of a database independently, without the library's statements, codecs or rules, because a tracker could
 * read as wrongly as it wrote.
 */

/** The content of the tables. Ids are hexadecimal digits. */
export type Tables = Awaited<ReturnType<typeof readTables>>;

type Row = Readonly<Record<string, unknown>>;

/** Reads all tables of a database. */
export async function readTables(db: Kysely<object>, schema: string | undefined) {
  const read = async <Read>(table: string, decode: (row: Row) => Read): Promise<Read[]> => {
    const name = `issue_lifecycle_${table}`;
    const from = sql.table(schema === undefined ? name : `${schema}.${name}`);
    return (await sql<Row>`select * from ${from}`.execute(db)).rows.map(decode);
  };
  return {
    versions: await read("schema", (row) => number(row["version"])),
    projects: await read("projects", (row) => ({
      key: number(row["key"]),
      id: text(row["id"]),
      issueCount: number(row["issue_count"]),
      releaseCount: number(row["release_count"]),
    })),
    issues: await read("issues", (row) => ({
      id: hex(row["id"]),
      project: number(row["project_key"]),
      number: number(row["number"]),
      status: number(row["status"]),
      awaitsNext: row["awaits_next_in"] !== null,
      firstSeenAt: number(row["first_seen_at"]),
      lastSeenAt: number(row["last_seen_at"]),
      latestEventId: text(row["latest_event_id"]),
      eventCount: number(row["event_count"]),
      turningPointCount: number(row["turning_point_count"]),
    })),
    groups: await read("groups", (row) => ({
      issue: hex(row["issue_id"]),
      name: `${text(row["project_key"])} ${text(row["strategy"])} ${text(row["grouping_key"])}`,
    })),
    counters: await read("counters", (row) => ({ issue: hex(row["issue_id"]) })),
    marks: await read("marks", (row) => ({
      issue: hex(row["issue_id"]),
      version: text(row["version"]),
      place: `${text(row["release_number"])} ${text(row["order_key"])}`,
      seen: number(row["seen"]) === 1,
    })),
    releases: await read("releases", (row) => ({
      project: number(row["project_key"]),
      version: text(row["version"]),
      number: number(row["number"]),
      orderKey: text(row["order_key"]),
    })),
    events: await read("events", (row) => ({
      project: number(row["project_key"]),
      id: text(row["id"]),
      issue: hex(row["issue_id"]),
      release: text(row["release"]),
      receivedAt: number(row["received_at"]),
      kept: number(row["kept"]) === 1,
      dataId: row["data_id"] === null ? null : hex(row["data_id"]),
    })),
    dataIds: await read("event_data", (row) => hex(row["id"])),
    turningPoints: await read("turning_points", (row) => {
      const turn: Turn = JSON.parse(text(row["turn"]));
      const eventId = row["event_id"] === null ? null : text(row["event_id"]);
      return {
        issue: hex(row["issue_id"]),
        number: number(row["number"]),
        turn,
        eventId,
        comment: text(row["comment"]),
      };
    }),
    alerts: await read("outbox", (row) => {
      const alert: Alert = JSON.parse(text(row["alert"]));
      return { issue: hex(row["issue_id"]), turningPoint: alert.turningPoint ?? 0, kind: alert.reason.kind };
    }),
  };
}

function number(value: unknown): number {
  return Number(value);
}

function text(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value);
}

function hex(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  throw new Error(`no bytes: ${String(value)}`);
}

/** All contradictions in the tables, in words; `[]` if they are consistent. */
export function contradictions(tables: Tables): string[] {
  const noted = differing("the number of rows with the schema version", tables.versions.length, 1);
  return [
    ...noted,
    ...inProjects(tables),
    ...inGroups(tables),
    ...inEvents(tables),
    ...inHistories(tables),
    ...inMarks(tables),
  ];
}

/** Yields a message if a value is not the expected one. */
function* differing(what: string, found: unknown, wanted: unknown): Generator<string> {
  if (isDeepStrictEqual(found, wanted)) return;
  yield `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}

/** Yields a message for each value that occurs more than once. */
function* repeated(what: string, values: readonly (string | number)[]): Generator<string> {
  const seen = new Set<string | number>();
  for (const value of values) {
    if (seen.has(value)) yield `${what} ${String(value)} more than once`;
    seen.add(value);
  }
}

/** Each number is given once; numbers of releases have no gaps, because releases are never deleted. */
function* inProjects({ projects, issues, releases }: Tables): Generator<string> {
  for (const { key, id, issueCount, releaseCount } of projects) {
    const numbers = issues.filter(({ project }) => project === key).map((issue) => issue.number);
    yield* repeated(`${id} has issue`, numbers);
    if (Math.max(0, ...numbers) > issueCount) yield `${id} has an issue beyond its count of ${String(issueCount)}`;
    const own = releases.filter(({ project }) => project === key);
    yield* differing(`${id} has releases`, sorted(own.map((release) => release.number)), upTo(releaseCount));
    yield* repeated(
      `${id} has order key`,
      own.map(({ orderKey }) => orderKey),
    );
  }
}

/** Each group has one issue, each issue one group, and nothing is left of a deleted issue. */
function* inGroups({ issues, groups, counters, marks, turningPoints }: Tables): Generator<string> {
  const owned = { groups, counters, marks, turningPoints };
  yield* repeated(
    "group",
    groups.map(({ name }) => name),
  );
  yield* differing("issues of groups", groups.map(({ issue }) => issue).sort(), issues.map(({ id }) => id).sort());
  const ids = new Set(issues.map(({ id }) => id));
  for (const [name, rows] of Object.entries(owned)) {
    yield* differing(
      `${name} of no issue`,
      [...new Set(rows.map(({ issue }) => issue))].filter((id) => !ids.has(id)),
      [],
    );
  }
}

/** Each event is stored once, with its data, and counted. */
function* inEvents({ issues, events, dataIds }: Tables): Generator<string> {
  yield* repeated(
    "event",
    events.map(({ project, id }) => `${String(project)} ${id}`),
  );
  yield* differing("event data", events.flatMap(({ dataId }) => dataId ?? []).sort(), [...dataIds].sort());
  const byIssue = Map.groupBy(events, ({ issue }) => issue);
  for (const { id, eventCount, firstSeenAt, lastSeenAt, latestEventId } of issues) {
    const own = byIssue.get(id) ?? [];
    const instants = own.map(({ receivedAt }) => receivedAt);
    yield* differing(`events of ${id}`, eventCount, own.length);
    yield* differing(`when ${id} was seen`, [firstSeenAt, lastSeenAt], [Math.min(...instants), Math.max(...instants)]);
    const latest = own.find((event) => event.id === latestEventId);
    yield* differing(`the latest event of ${id}`, latest?.receivedAt, lastSeenAt);
  }
}

/** Histories have no gaps and lead to their issues' states; their alerts are stored, and their events are kept. */
function* inHistories({ issues, events, turningPoints, alerts }: Tables): Generator<string> {
  const byIssue = Map.groupBy(turningPoints, ({ issue }) => issue);
  const keptEvents = new Set(events.filter(({ kept }) => kept).map(({ project, id }) => `${String(project)} ${id}`));
  for (const { id, project, status, awaitsNext, turningPointCount } of issues) {
    const points = (byIssue.get(id) ?? []).sort((one, other) => one.number - other.number);
    yield* differing(
      `history of ${id}`,
      points.map((point) => point.number),
      upTo(turningPointCount),
    );
    yield* differing(
      `end of ${id}`,
      ENDS[`${String(status)} ${String(awaitsNext)}`],
      walk(points.map(({ turn }) => turn)),
    );
    const raised = points.flatMap(({ number: point, turn }) => {
      const kind = alertOf(turn);
      return kind === undefined ? [] : `${String(point)} ${kind}`;
    });
    const stored = alerts
      .filter(({ issue }) => issue === id)
      .sort((one, other) => one.turningPoint - other.turningPoint);
    yield* differing(
      `alerts of ${id}`,
      stored.map(({ turningPoint, kind }) => `${String(turningPoint)} ${kind}`),
      raised,
    );
    const causes = points.flatMap(({ eventId }) => (eventId === null ? [] : `${String(project)} ${eventId}`));
    yield* differing(
      `causes of ${id} that are not kept`,
      causes.filter((event) => !keptEvents.has(event)),
      [],
    );
  }
}

/** An issue's state by its columns. */
const ENDS: Readonly<Record<string, string>> = {
  "0 false": "open",
  "1 false": "muted",
  "2 false": "fixed",
  "2 true": "awaiting the next release",
};

/** The state that a history leads to; or the first turn that is not allowed. */
function walk(turns: readonly Turn[]): string {
  let place = "nowhere";
  for (const turn of turns) {
    const next = stepFrom(place, turn);
    if (next === undefined) return `${turn.kind} from ${place}`;
    place = next;
  }
  return place;
}

function stepFrom(place: string, turn: Turn): string | undefined {
  const from = (...places: string[]): boolean => places.includes(place);
  switch (turn.kind) {
    case "first-seen":
      return from("nowhere") ? "open" : undefined;
    case "resolved":
      if (turn.claim.kind === "by-release") return from("nowhere") ? undefined : "fixed";
      if (!from("open", "muted")) return undefined;
      return turn.claim.kind === "plain" ? "fixed" : "awaiting the next release";
    case "muted":
      return from("open", "muted") ? "muted" : undefined;
    case "unmuted":
      return from("muted") ? "open" : undefined;
    case "regressed":
      return from("fixed") ? "open" : undefined;
    case "reopened":
      return from("fixed", "awaiting the next release") ? "open" : undefined;
    case "next-materialized":
      return from("awaiting the next release") ? "fixed" : undefined;
    case "annotated":
      return from("nowhere") ? undefined : place;
  }
}

/** The kind of alert that a turning point raises, if any. */
function alertOf(turn: Turn): string | undefined {
  switch (turn.kind) {
    case "first-seen":
      return "new-issue";
    case "regressed":
      return "regression";
    case "unmuted":
      return turn.reason.kind === "by-person" ? undefined : "unmute";
    default:
      return undefined;
  }
}

/** Marks have their releases' order keys, and an issue has a mark for each release it was seen in. */
function* inMarks({ issues, events, marks, releases }: Tables): Generator<string> {
  const projects = new Map(issues.map(({ id, project }) => [id, project]));
  const places = new Map(
    releases.map((each) => [`${String(each.project)} ${each.version}`, `${String(each.number)} ${each.orderKey}`]),
  );
  yield* repeated(
    "mark",
    marks.map(({ issue, version }) => `${issue} ${version}`),
  );
  for (const { issue, version, place } of marks) {
    yield* differing(`place of ${version}`, place, places.get(`${String(projects.get(issue))} ${version}`));
  }
  const seen = new Set(marks.filter((mark) => mark.seen).map(({ issue, version }) => `${issue} ${version}`));
  for (const { issue, release } of events) {
    if (projects.has(issue) && !seen.has(`${issue} ${release}`))
      yield `${issue} has no mark for its occurrence in ${release}`;
  }
}

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((one, other) => one - other);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

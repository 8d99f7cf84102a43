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
  const data = await read("event_data", (row) => ({
    id: hex(row["id"]),
    isEmpty: text(row["data"]) === "",
    details: detailsIn(row),
  }));
  const longDetails = new Map(data.map(({ id, details }) => [id, details]));
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
      userCount: number(row["user_count"]),
      environments: list(row["environments"]),
    })),
    users: await read("issue_users", (row) => ({ issue: hex(row["issue_id"]), hash: hex(row["user_hash"]) })),
    groups: await read("groups", (row) => ({
      issue: hex(row["issue_id"]),
      name: `${text(row["project_key"])} ${text(row["strategy"])} ${text(row["grouping_key"])}`,
    })),
    counters: await read("counters", (row) => ({ issue: hex(row["issue_id"]) })),
    marks: await read("release_marks", (row) => ({
      issue: hex(row["issue_id"]),
      project: number(row["project_key"]),
      orderKey: text(row["order_key"]),
      seen: number(row["seen"]) === 1,
      fixed: number(row["fixed_last"]) === 1,
    })),
    releases: await read("project_releases", (row) => ({
      project: number(row["project_key"]),
      name: text(row["name"]),
      version: text(row["version"]),
      line: text(row["line"]),
      lineNumber: number(row["line_number"]),
      number: number(row["number"]),
      orderKey: text(row["order_key"]),
      known: number(row["standing"]) === 2,
      becameLatest: number(row["became_latest"]) === 1,
    })),
    events: await read("events", (row) => {
      const dataId = row["data_id"] === null ? null : hex(row["data_id"]);
      const {
        count = 1,
        environment,
        user,
        isWithoutContent = false,
      } = detailsIn(row) ?? longDetails.get(dataId ?? "") ?? { isWithoutContent: true };
      return {
        project: number(row["project_key"]),
        id: text(row["id"]),
        issue: hex(row["issue_id"]),
        release: text(row["release"]),
        receivedAt: number(row["received_at"]),
        kept: number(row["kept"]) === 1,
        dataId,
        count,
        environment,
        user,
        isDiscarded: isWithoutContent,
      };
    }),
    data,
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

/** What an event says besides its own columns. */
interface Details {
  readonly count?: number;
  readonly environment?: string;
  readonly user?: string;
  /** Whether it was discarded: here no event is of an earlier version. */
  readonly isWithoutContent?: boolean;
}

/** The details in a row of an event, or of its data; `null` for none. */
function detailsIn(row: Row): Details | null {
  return row["details"] === null ? null : JSON.parse(text(row["details"]));
}

/** The texts in a JSON array; `null` stands for an empty one. */
function list(value: unknown): readonly unknown[] {
  return value === null ? [] : JSON.parse(text(value));
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

/** Each number is given once, and projects count them. The last known release of each line became its latest. */
function* inProjects({ projects, issues, releases }: Tables): Generator<string> {
  for (const { key, id, issueCount, releaseCount } of projects) {
    const numbers = issues.filter(({ project }) => project === key).map((issue) => issue.number);
    yield* repeated(`${id} has issue`, numbers);
    if (Math.max(0, ...numbers) > issueCount) yield `${id} has an issue beyond its count of ${String(issueCount)}`;
    const own = releases.filter(({ project }) => project === key);
    const given = own.flatMap((release) => [release.number, release.lineNumber]);
    if (Math.max(0, ...given) > releaseCount) yield `${id} has a release beyond its count of ${String(releaseCount)}`;
    for (const member of ["number", "orderKey", "name"] as const) {
      yield* repeated(
        `${id} has a release of ${member}`,
        own.map((release) => release[member]),
      );
    }
    for (const [line, inLine] of Map.groupBy(own, (release) => release.line)) {
      yield* differing(`line numbers of ${line}`, new Set(inLine.map(({ lineNumber }) => lineNumber)).size, 1);
      const known = inLine.filter((release) => release.known);
      const last = known.sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1)).at(-1);
      if (last?.becameLatest === false) yield `${last.version} is the last of its line, but never became its latest`;
    }
  }
}

/** Each group has one issue, each issue one group, and nothing is left of a deleted issue. */
function* inGroups({ issues, groups, counters, marks, users, turningPoints }: Tables): Generator<string> {
  const owned = { groups, counters, marks, users, turningPoints };
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

/** Each event is stored once, with its data, and counted, and so are its users and environments. */
function* inEvents(tables: Tables): Generator<string> {
  const { issues, events, data } = tables;
  yield* repeated(
    "event",
    events.map(({ project, id }) => `${String(project)} ${id}`),
  );
  yield* differing("event data", events.flatMap(({ dataId }) => dataId ?? []).sort(), data.map(({ id }) => id).sort());
  yield* differing("empty event data without details", data.filter(isEmptyData), []);
  const byIssue = Map.groupBy(events, ({ issue }) => issue);
  for (const { id, eventCount, userCount, environments, firstSeenAt, lastSeenAt, latestEventId } of issues) {
    const own = byIssue.get(id) ?? [];
    const shown = own.filter(({ isDiscarded }) => !isDiscarded);
    const instantsOf = (some: typeof own) => some.map(({ receivedAt }) => receivedAt);
    const counted = own.reduce((sum, { count }) => sum + count, 0);
    yield* differing(`events of ${id}`, eventCount, counted);
    const users = new Set(own.flatMap(({ user }) => user ?? []));
    const stored = tables.users.filter(({ issue }) => issue === id).map(({ hash }) => hash);
    yield* differing(`users of ${id}`, stored.sort(), [...users].sort());
    yield* differing(`number of users of ${id}`, userCount, users.size);
    const seenIn = new Set(own.flatMap(({ environment }) => environment ?? []));
    yield* differing(`environments of ${id}`, [...environments].sort(), [...seenIn].sort());
    yield* differing(`when ${id} was first seen`, firstSeenAt, Math.min(...instantsOf(shown)));
    yield* differing(`when ${id} was last seen`, lastSeenAt, Math.max(...instantsOf(own)));
    const latest = shown.find((event) => event.id === latestEventId);
    yield* differing(`the latest event of ${id}`, latest?.receivedAt, Math.max(...instantsOf(shown)));
  }
}

/** Whether a row of data has nothing for an event. */
function isEmptyData({ isEmpty, details }: Tables["data"][number]): boolean {
  return isEmpty && details === null;
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
  "3 false": "discarded",
};

/** The state that a history leads to; or the first turn that is not allowed. */
function walk(turns: readonly Turn[]): string {
  let place = "nowhere";
  let claimed: readonly string[] = [];
  for (const turn of turns) {
    if (turn.kind === "claims-withdrawn") claimed = claimed.filter((release) => !turn.releases.includes(release));
    const next = stepFrom(place, turn, claimed.length > 0);
    if (next === undefined) return `${turn.kind} from ${place}`;
    claimed = next === "fixed in a release" ? [...claimed, ...claimedBy(turn)] : [];
    place = next;
  }
  return place.startsWith("fixed") ? "fixed" : place;
}

/** The releases that a turn claims a fix in. */
function claimedBy(turn: Turn): readonly string[] {
  if (turn.kind === "next-materialized") return [turn.release];
  return turn.kind === "resolved" && turn.claim.kind === "by-release" ? turn.claim.releases : [];
}

/** @param hasClaims - whether fix claims are left after the turn */
function stepFrom(place: string, turn: Turn, hasClaims: boolean): string | undefined {
  const from = (...places: string[]): boolean => places.includes(place);
  const isFixed = from("fixed", "fixed in a release");
  switch (turn.kind) {
    case "auto-resolved":
      return from("open") ? "fixed" : undefined;
    case "discarded":
      return from("nowhere") ? undefined : "discarded";
    case "undiscarded":
      return from("discarded") ? "open" : undefined;
    case "first-seen":
      return from("nowhere") ? "open" : undefined;
    case "resolved":
      if (turn.claim.kind === "by-release") return from("nowhere") ? undefined : "fixed in a release";
      if (turn.claim.kind === "plain") return from("open", "muted", "fixed") ? "fixed" : undefined;
      return from("open", "muted") ? "awaiting the next release" : undefined;
    case "muted":
      return from("open", "muted") ? "muted" : undefined;
    case "unmuted":
      return from("muted") ? "open" : undefined;
    case "regressed":
      return isFixed ? "open" : undefined;
    case "reopened":
      return isFixed || from("awaiting the next release") ? "open" : undefined;
    case "next-materialized":
      return from("awaiting the next release") ? "fixed in a release" : undefined;
    case "claims-withdrawn":
      if (!from("fixed in a release")) return undefined;
      return hasClaims ? place : "awaiting the next release";
    case "loud":
      return from("open") ? place : undefined;
    case "watched":
    case "annotated":
    case "member-merged":
    case "member-unmerged":
      return from("nowhere") ? undefined : place;
    case "merged":
      return from("nowhere", "merged") ? undefined : "merged";
    case "unmerged":
      return from("merged") ? "open" : undefined;
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
    case "undiscarded":
      return turn.reason.kind === "by-person" ? undefined : "unmute";
    case "loud":
      return "loud";
    default:
      return undefined;
  }
}

/**
 * Each mark belongs to a release of its issue's project, and says that something happened there. An issue that was never claimed
 * to be fixed has a mark for each release that it was seen in.
 */
function* inMarks({ issues, events, marks, releases, turningPoints }: Tables): Generator<string> {
  const projects = new Map(issues.map(({ id, project }) => [id, project]));
  const known = new Map(releases.map((each) => [`${String(each.project)} ${each.orderKey}`, each]));
  yield* repeated(
    "mark",
    marks.map(({ issue, orderKey }) => `${issue} ${orderKey}`),
  );
  const seen = new Set<string>();
  for (const { issue, project, orderKey, seen: wasSeen, fixed } of marks) {
    yield* differing(`project of a mark of ${issue}`, project, projects.get(issue));
    const release = known.get(`${String(project)} ${orderKey}`);
    if (release === undefined) yield `a mark of ${issue} is for no release: ${orderKey}`;
    else if (!wasSeen && !fixed) yield `the mark of ${issue} for ${release.version} says nothing`;
    else if (wasSeen) seen.add(`${issue} ${release.version}`);
  }
  const resolved = new Set(turningPoints.filter(({ turn }) => turn.kind === "resolved").map(({ issue }) => issue));
  for (const { issue, release } of events) {
    if (!projects.has(issue) || resolved.has(issue) || release === "") continue;
    if (!seen.has(`${issue} ${release}`)) yield `${issue} has no mark for its occurrence in ${release}`;
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

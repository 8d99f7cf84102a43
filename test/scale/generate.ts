import { sql } from "kysely";
import { stateColumns } from "../../src/kysely/rows/issue-row.ts";
import { eventCountClass, FEW_EVENTS, minuteClass } from "../../src/kysely/rows/list-classes.ts";
import { releaseRow } from "../../src/kysely/rows/release-row.ts";
import { projectColumns } from "../../src/kysely/rows/rows.ts";
import { DEFAULT_RELEASE_ORDER, sortableNumber } from "../../src/core/release-order.ts";
import { NO_WATCH } from "../../src/core/watch.ts";
import type { Columns } from "../../src/kysely/schema/columns.ts";
import { environmentNames } from "../../src/kysely/schema/environments.ts";
import { namesIn, TABLES, type ColumnOf, type TableName } from "../../src/kysely/schema/tables.ts";
import type { Sql, SqlWords } from "./sql-words.ts";
import * as world from "./world.ts";

/** The number from which all of a row is derived. */
const N = sql.ref("n");
const NUMBERS = sql`scale_numbers`;
const NULL = sql`null`;

const PROJECT_KEY = sql`case when ${N} % 10 < 7 then 1 when ${N} % 10 < 9 then 2 else 3 end`;

/** Statements that fill the tables with a million issues and all that belongs to them. For one connection. */
export function generation(words: SqlWords): readonly Sql[] {
  return [
    ...helpers(),
    ...projectsAndReleases(),
    frequentReleases(words),
    issues(words),
    counters(words),
    ...users(words),
    turningPoints(words),
    groups(words),
    addedGroups(),
    ...marks(words),
    eventData(words),
    events(words),
    outbox(words),
    tallies(words),
  ];
}

/** Temporary tables from which rows are generated. */
function helpers(): Sql[] {
  const counts = world.EVENT_COUNTS.map((count, place) => ({
    place,
    event_count: count,
    event_count_class: eventCountClass(count),
  }));
  const releases = world.RELEASES.map(({ number, orderKey }) => ({ number, order_key: orderKey }));
  return [
    sql`create temporary table ${NUMBERS} (n bigint primary key)`,
    sql`insert into ${NUMBERS} ${numbers()}`,
    sql`create temporary table scale_counts (place bigint primary key, event_count bigint, event_count_class bigint)`,
    insertRows(sql`scale_counts`, counts),
    sql`create temporary table scale_releases (number bigint primary key, order_key varchar(300))`,
    insertRows(sql`scale_releases`, releases),
  ];
}

/** The numbers from 1 to a million, one for each issue. */
function numbers(): Sql {
  const others = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => sql`select ${sql.lit(digit)}`);
  const digits = sql`select 0 as d union all ${sql.join(others, sql` union all `)}`;
  const places = [1, 10, 100, 1_000, 10_000, 100_000].map((power) => ({ power, name: sql.ref(`d${String(power)}`) }));
  const sum = sql.join(
    places.map(({ power, name }) => sql`${sql.lit(power)} * ${name}.d`),
    sql` + `,
  );
  return sql`select 1 + ${sum} from ${sql.join(places.map(({ name }) => sql`(${digits}) as ${name}`))}`;
}

type Row = Readonly<Record<string, unknown>>;

/** A row's stored values. */
function stored(table: TableName, row: Row): Row {
  const columns: Columns = TABLES[table];
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, columns[name]?.encode(value)]));
}

function insertRows(table: Sql, rows: readonly Row[]): Sql {
  const names = Object.keys(rows[0] ?? {}).map((name) => sql.ref(name));
  const values = rows.map((row) => sql`(${sql.join(Object.values(row).map((value) => sql.lit(value)))})`);
  return sql`insert into ${table} (${sql.join(names)}) values ${sql.join(values)}`;
}

function insertFrom<Table extends TableName>(
  table: Table,
  columns: Readonly<Record<ColumnOf<Table>, Sql>>,
  source: Sql,
): Sql {
  const names = Object.keys(columns).map((name) => sql.ref(name));
  return sql`insert into ${sql.table(table)} (${sql.join(names)}) select ${sql.join(Object.values<Sql>(columns))} from ${source}`;
}

function projectsAndReleases(): Sql[] {
  const alerts = { "new-issue": true, regression: true, unmute: true, loud: true };
  const settings = { alerts, watch: NO_WATCH, stateEnvironments: null, autoResolveAfterMs: null };
  // The database generates the keys from 1 on.
  const projects = world.PROJECT_KEYS.map((key) => ({
    ...stored("projects", projectColumns({ id: world.projectIdOf(key), slug: world.projectIdOf(key), ...settings })),
    issue_count: world.ISSUES,
    release_count: world.RELEASES.length,
  }));
  const releases = world.PROJECT_KEYS.flatMap((key) =>
    world.RELEASES.map((release) => stored("project_releases", releaseRow(key, release))),
  );
  return [insertRows(sql.table("projects"), projects), insertRows(sql.table("project_releases"), releases)];
}

/** The number of the line of the releases of {@link frequentReleases}. */
const FREQUENT_LINE = 1_000;

/** Many more releases of one project, with dates, in a line of their own. */
function frequentReleases(words: SqlWords): Sql {
  const { project_key, count } = world.FREQUENT_RELEASES;
  const at = sql`${sql.lit(world.ID_PARTS.firstAt)} + ${N} * 60000`;
  const name = words.concat(sql`'build-'`, N);
  return insertFrom(
    "project_releases",
    {
      project_key: sql.lit(project_key),
      name,
      version: name,
      line: sql`'builds'`,
      line_number: sql.lit(FREQUENT_LINE),
      number: sql`${sql.lit(FREQUENT_LINE)} + ${N}`,
      order_key: words.concat(sql.lit(`${sortableNumber(FREQUENT_LINE)}..0d`), at, sql`'.05'`, sql`10000 + ${N}`),
      standing: sql.lit(TABLES.project_releases.standing.encode("known")),
      placed_by: sql.lit(DEFAULT_RELEASE_ORDER.version),
      became_latest: sql`1`,
      at,
    },
    sql`${NUMBERS} where ${N} <= ${sql.lit(count)} order by ${N}`,
  );
}

/** A pseudo-random number from 0 to 2^31 - 2, different for each multiplier. */
function chance(multiplier: number): Sql {
  return sql`(${N} * ${sql.lit(multiplier)} % 2147483647)`;
}

/** See `idOf`. */
function id(words: SqlWords, kind: world.IdKind, n: Sql = N): Sql {
  const { firstAt, msBetween } = world.ID_PARTS;
  const at = sql`${sql.lit(firstAt)} + ${n} * ${sql.lit(msBetween)}`;
  return words.bytes(words.concat(words.hex(at, 12), sql.lit(world.ID_PARTS[kind]), words.hex(n, 12)));
}

/** See `groupHashOf` and `eventIdOf`. */
function scrambled(words: SqlWords, digits: number): Sql {
  const inNoOrder = sql`${N} * ${sql.lit(world.SCRAMBLER)} % 4294967296`;
  return words.concat(words.hex(inNoOrder, 8), words.hex(N, digits - 8));
}

/** One value for each state. */
function byState(value: (name: keyof typeof world.STATES) => Sql): Sql {
  const draw = sql`${chance(48_271)} % 100`;
  let below = 0;
  const cases = namesIn(world.STATES).map((name) => {
    below += world.STATES[name].share;
    return sql`when ${draw} < ${sql.lit(below)} then ${value(name)}`;
  });
  return sql`case ${sql.join(cases, sql` `)} end`;
}

function issues(words: SqlWords): Sql {
  const { from, within } = world.DEADLINES;
  const minute = sql`(${sql.lit(world.NOW_MINUTE)} - ${chance(39_373)} % ${sql.lit(world.SEEN_MINUTES)})`;
  const at = sql`${minute} * 60000 + ${chance(16_807)} % 60000`;
  const texts = [sql`'TypeError: cannot read field '`, N, sql`' of undefined'`];
  const transaction = words.concat(sql`'POST /checkout/'`, sql`${chance(69_621)} % 1000`);
  return insertFrom(
    "issues",
    {
      id: id(words, "issue"),
      project_key: PROJECT_KEY,
      number: N,
      status: byState((name) => sql.lit(stateColumns(world.STATES[name].state, 1).status)),
      state: byState((name) => sql.lit(TABLES.issues.state.encode(stateColumns(world.STATES[name].state, 1).state))),
      wake_at: byState((name) =>
        name === "waking" ? sql`${sql.lit(from)} + ${chance(40_692)} % ${sql.lit(within)}` : NULL,
      ),
      awaits_next_in: byState((name) => (name === "byNext" ? PROJECT_KEY : NULL)),
      title: words.concat(...texts),
      transaction_name: transaction,
      search_text: words.concat(sql`'typeerror: cannot read field '`, N, sql`' of undefined '`, sql`'post /checkout/'`),
      first_seen_at: sql`${at} - ${chance(30_269)} % 86400000`,
      last_seen_at: at,
      last_seen_minute: sql`case when event_count < ${sql.lit(FEW_EVENTS)} then ${at} else ${minute} + ${sql.lit(minuteClass(0))} end`,
      event_count: sql.ref("event_count"),
      event_count_class: sql.ref("event_count_class"),
      latest_event_id: scrambled(words, 32),
      last_seen_in: sql`'shop@6.9.9'`,
      turning_point_count: sql`1`,
      group_hash: words.bytes(scrambled(words, 64)),
      user_count: sql`case when ${N} <= ${sql.lit(world.ISSUES_WITH_USER)} then 1 else 0 end`,
      environments: sql`case when ${N} % 5 = 0 then ${sql.lit(environmentNames.encode([world.ENVIRONMENT]))} end`,
      watch: NULL,
      last_event_number: sql.ref("event_count"),
      parts: NULL,
      level: sql`case when ${N} % 7 = 0 then 4 end`,
    },
    sql`${NUMBERS} join scale_counts on place = ${chance(62_089)} % ${sql.lit(world.EVENT_COUNTS.length)} order by ${N}`,
  );
}

function counters(words: SqlWords): Sql {
  return insertFrom(
    "counters",
    { issue_id: id(words, "issue"), buckets: words.filler(400) },
    sql`${NUMBERS} where ${N} % ${sql.lit(world.ISSUES / world.COUNTED_ISSUES)} = 0 order by ${N}`,
  );
}

/** Of the first issue, and of others. */
function users(words: SqlWords): Sql[] {
  const { day, turn, laterTurn } = world.MUTE;
  const lastDay = sql`${N} % ${sql.lit(world.USER_DAYS)}`;
  const columns = {
    user_hash: words.bytes(scrambled(words, 32)),
    last_day: lastDay,
    last_turn: sql`case when ${N} % 1000 = 999 then ${sql.lit(laterTurn)} when ${lastDay} >= ${sql.lit(day)} then ${sql.lit(turn)} else 1 end`,
  };
  return [
    insertFrom(
      "issue_users",
      { issue_id: id(words, "issue", sql`1`), ...columns },
      sql`${NUMBERS} where ${N} <= ${sql.lit(world.USERS_OF_FIRST_ISSUE)}`,
    ),
    insertFrom(
      "issue_users",
      { issue_id: id(words, "issue"), ...columns },
      sql`${NUMBERS} where ${N} > 1 and ${N} <= ${sql.lit(world.ISSUES_WITH_USER)}`,
    ),
  ];
}

function turningPoints(words: SqlWords): Sql {
  return insertFrom(
    "turning_points",
    {
      issue_id: id(words, "issue"),
      number: sql`1`,
      turn: sql`'{"kind":"first-seen"}'`,
      at: sql`${sql.lit(world.ID_PARTS.firstAt)} + ${N} * 1000`,
      by_user: NULL,
      event_id: scrambled(words, 32),
      comment: sql`''`,
      feed_position: sql`case when ${N} <= ${sql.lit(world.PLACED_IN_FEED)} then ${N} else 0 end`,
    },
    sql`${NUMBERS} order by ${N}`,
  );
}

function groups(words: SqlWords): Sql {
  const issue = sql.table("issues");
  return insertFrom(
    "groups",
    {
      project_key: sql.ref("project_key"),
      hash: sql.ref("group_hash"),
      issue_id: sql.ref("id"),
      strategy: sql`'default'`,
      grouping_key: words.concat(sql`'TypeError cannot read field '`, sql.ref("number")),
    },
    sql`${issue} order by ${sql.ref("project_key")}, ${sql.ref("group_hash")}`,
  );
}

/** The group that opened each issue once more: how many there are matters, not which. */
function addedGroups(): Sql {
  const columns = { issue_id: sql.ref("id"), project_key: sql.ref("project_key"), hash: sql.ref("group_hash") };
  return insertFrom("added_groups", columns, sql`${sql.table("issues")} order by ${sql.ref("id")}`);
}

/** Of two releases, and perhaps an announced one; the first issues of all. */
function marks(words: SqlWords): Sql[] {
  const columns = {
    issue_id: id(words, "issue"),
    order_key: sql.ref("order_key"),
    project_key: PROJECT_KEY,
    fixed_last: sql`case when ${sql.ref("number")} > ${sql.lit(world.KNOWN_RELEASES)} then 1 else 0 end`,
    fixed_at: sql`case when ${sql.ref("number")} > ${sql.lit(world.KNOWN_RELEASES)} then ${sql.lit(world.NOW)} end`,
    seen: sql`1`,
  };
  const half = world.KNOWN_RELEASES / 2;
  const ordinal = sql.ref("ordinal");
  const number = sql`case ${ordinal}
    when 1 then 1 + ${chance(48_271)} % ${sql.lit(half)}
    when 2 then 1 + ${sql.lit(half)} + ${chance(69_621)} % ${sql.lit(half)}
    else 1 + ${sql.lit(world.KNOWN_RELEASES)} + ${chance(39_373)} % ${sql.lit(world.ANNOUNCED_RELEASES)} end`;
  const releases = sql`scale_releases`;
  const old = sql.lit(world.OLD_ISSUES);
  return [
    insertFrom(
      "release_marks",
      columns,
      sql`${NUMBERS} cross join ${releases} where ${N} <= ${old} and ${sql.ref("number")} <= ${sql.lit(world.KNOWN_RELEASES)} order by ${N}, ${sql.ref("number")}`,
    ),
    insertFrom(
      "release_marks",
      columns,
      sql`${NUMBERS} cross join (select 1 as ordinal union all select 2 union all select 3) as ordinals join ${releases} on ${sql.ref("number")} = ${number} where ${N} > ${old} and (${ordinal} < 3 or ${N} % ${sql.lit(world.ISSUES_PER_ANNOUNCED_FIX)} = 7) order by ${N}, ${ordinal}`,
    ),
  ];
}

function eventData(words: SqlWords): Sql {
  const text = sql.lit(JSON.stringify({ note: "x".repeat(200) }));
  return insertFrom(
    "event_data",
    { id: id(words, "data"), data: text, details: NULL },
    sql`${NUMBERS} where ${N} <= ${sql.lit(world.EVENTS_WITH_DATA)} order by ${N}`,
  );
}

/** The latest event of each issue. */
function events(words: SqlWords): Sql {
  const eventId = scrambled(words, 32);
  return insertFrom(
    "events",
    {
      project_key: PROJECT_KEY,
      id: eventId,
      issue_id: id(words, "issue"),
      release: sql`'shop@6.9.9'`,
      received_at: sql`${sql.lit(world.ID_PARTS.firstAt)} + ${N} * 1000`,
      occurred_at: NULL,
      kept: sql`case when ${N} % 10 = 0 then 1 else 0 end`,
      details: sql`'{"type":"TypeError","value":"cannot read a field of undefined"}'`,
      number: sql`1`,
      data_id: sql`case when ${N} <= ${sql.lit(world.EVENTS_WITH_DATA)} then ${id(words, "data")} end`,
    },
    sql`${NUMBERS} order by ${PROJECT_KEY}, ${eventId}`,
  );
}

/** Most are pending, some of them behind others, and some of issues that are gone. */
function outbox(words: SqlWords): Sql {
  const issue = sql`${N} * ${sql.lit(world.ISSUES / world.ALERTS)}`;
  return insertFrom(
    "outbox",
    {
      id: id(words, "alert"),
      issue_id: sql`case when ${N} % 100 = 0 then ${id(words, "gone")} else ${id(words, "issue", issue)} end`,
      turn: sql`1`,
      status: sql`case when ${N} % 10 < 6 then 0 when ${N} % 10 < 8 then 3 when ${N} % 10 < 9 then 1 else 2 end`,
      at: sql`${sql.lit(world.FIRST_ALERT_DUE_AT)} + (${N} - 1) * ${sql.lit(world.MS_BETWEEN_ALERTS)}`,
      attempts: sql`0`,
      last_error: NULL,
      memo: NULL,
      lease_token: NULL,
      discard_reason: NULL,
      discarded_by: NULL,
      alert: sql.lit(JSON.stringify(world.ALERT)),
    },
    sql`${NUMBERS} where ${N} <= ${sql.lit(world.ALERTS)} order by ${N}`,
  );
}

/** Of issues with notifications in this hour, and for one of a hundred in the hour before. */
function tallies(words: SqlWords): Sql {
  const endsAt = sql`${sql.lit(world.NOW)} + case when ${N} % 100 = 0 then -1 else 3600000 end`;
  return insertFrom(
    "tallies",
    {
      project_key: PROJECT_KEY,
      issue_id: id(words, "issue"),
      starts_at: sql`${endsAt} - 3600000`,
      ends_at: endsAt,
      admitted: sql`1`,
      throttled: NULL,
    },
    sql`${NUMBERS} where ${N} <= ${sql.lit(world.ALERTS)} order by ${PROJECT_KEY}, ${id(words, "issue")}`,
  );
}

import {
  sql,
  type Compilable,
  type CompiledQuery,
  type CreateTableBuilder,
  type RawBuilder,
  type SqlBool,
} from "kysely";
import type { ColumnType, ConditionalSql, StoreDialect, TableNames } from "../dialects/dialect.ts";
import { columnList } from "../dialects/input-rows.ts";
import type { FORMER_TABLE_NAMES } from "../schema/table-names.ts";
import type { LifecycleDb, TableName } from "../schema/tables.ts";

/*
 * Migrations do not use the descriptions in `schema/tables.ts`: a released migration never changes,
 * even when those descriptions do.
 */

/**
 * One step from a version of the tables to the next. It never changes once it was released. A process may end between any
 * two of its statements, and where a database cannot roll back statements that define tables, the next process starts over:
 * each statement has to do nothing where it was run before.
 */
export interface Migration {
  /** The version of the tables after this step. */
  readonly version: number;
  /** The oldest version whose code can work with the tables after this step. Older code stops with `schema-newer`. */
  readonly usableFrom: number;
  /** Its name in a list of migrations. */
  readonly title: string;
  statements(builder: MigrationBuilder): MigrationStatement[];
}

/** A statement of a migration. */
export interface MigrationStatement extends Compilable {
  /** A select that finds a row where the statement was run before, if the statement would fail there. */
  readonly unless?: Compilable;
}

/** Builds a migration's statements. */
export interface MigrationBuilder {
  /** Compiles statements with the tables' real names. */
  readonly db: LifecycleDb;
  readonly dialect: StoreDialect;
  readonly names: TableNames;
}

/** All migrations, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, usableFrom: 1, title: "first_tables", statements: firstTables },
  { version: 2, usableFrom: 2, title: "exact_event_counts", statements: exactEventCounts },
  { version: 3, usableFrom: 3, title: "outbox", statements: outbox },
  { version: 4, usableFrom: 3, title: "former_alerts", statements: dropFormerAlerts },
  { version: 5, usableFrom: 5, title: "throttled", statements: throttled },
  { version: 6, usableFrom: 5, title: "former_tallies", statements: dropFormerTallies },
  { version: 7, usableFrom: 7, title: "release_lines", statements: releaseLines },
  { version: 8, usableFrom: 7, title: "former_releases", statements: dropFormerReleases },
  { version: 9, usableFrom: 9, title: "added_groups", statements: addedGroups },
  { version: 10, usableFrom: 10, title: "users_and_environments", statements: usersAndEnvironments },
  { version: 11, usableFrom: 11, title: "pending_releases", statements: pendingReleases },
  { version: 12, usableFrom: 11, title: "shown_keys", statements: shownKeys },
  { version: 13, usableFrom: 13, title: "exact_lists", statements: exactLists },
  { version: 14, usableFrom: 14, title: "blocked_alerts", statements: blockedAlerts },
  { version: 15, usableFrom: 15, title: "quiet_and_discarded_issues", statements: quietAndDiscardedIssues },
  { version: 16, usableFrom: 16, title: "numbered_events", statements: numberedEvents },
  { version: 17, usableFrom: 17, title: "merged_issues", statements: mergedIssues },
  { version: 18, usableFrom: 17, title: "triage_pages_feed_and_copies", statements: triagePagesFeedAndCopies },
];

/** The version of the tables that this code needs. */
export const LATEST_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/** Creates the table of the version, and its schema, unless they exist. */
export function createSchemaTable(builder: MigrationBuilder): Compilable[] {
  const { db, dialect, names } = builder;
  const { integer } = dialect.tables;
  const schema = names.schema === undefined ? null : dialect.tables.createSchema(names.schema);
  const table = plain(builder, "schema")
    .addColumn("version", integer, (column) => column.primaryKey().notNull())
    .addColumn("usable_from", integer, (column) => column.notNull());
  return schema === null ? [table] : [{ compile: () => schema.compile(db) }, table];
}

/** Notes that a migration ran, unless a later one did. */
export function noteVersion({ db }: MigrationBuilder, { version, usableFrom }: Migration): Compilable[] {
  const table = sql.table("schema");
  const isNoted = sql`exists (select 1 from ${table})`;
  const insert = sql`insert into ${table} (${sql.ref("version")}, ${sql.ref("usable_from")}) select ${sql.lit(version)}, ${sql.lit(usableFrom)} from (select 1) as one where not ${isNoted}`;
  return [db.deleteFrom("schema").where("version", "<", sql.lit(version)), { compile: () => insert.compile(db) }];
}

interface IndexDefinition {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isUnique?: true;
  /** The rows that it contains, where a database can restrict them. */
  readonly where?: RawBuilder<SqlBool>;
}

/** The longest stored forms of texts in keys, in bytes. A code unit takes up to seven of them. */
const PROJECT_ID_BYTES = 1_400;
const EVENT_ID_BYTES = 1_400;
const RELEASE_BYTES = 1_750;
const ORDER_KEY_BYTES = 1_024;
const RELEASE_NAME_BYTES = 1_820;
const RELEASE_ORDER_BYTES = 350;
const SLUG_BYTES = 50;
const TOKEN_BYTES = 1_400;
const ID_BYTES = 16;
const HASH_BYTES = 32;

const ISSUES_BY_EVENT_COUNT: IndexDefinition = {
  name: "issues_by_event_count",
  columns: ["project_key", "status", "event_count_class", "number"],
};

function firstTables(builder: MigrationBuilder): Compilable[] {
  const { integer, text, bytes, generatedKey, key, keyBytes } = builder.dialect.tables;
  const { prefix } = builder.names;
  const id = keyBytes(ID_BYTES);
  const hash = keyBytes(HASH_BYTES);
  const orderKey = key(ORDER_KEY_BYTES);
  const release = key(RELEASE_BYTES);
  const eventId = key(EVENT_ID_BYTES);
  return [
    plain(builder, "projects")
      .addColumn("key", generatedKey.type, (column) => column.primaryKey().modifyEnd(generatedKey.suffix))
      .addColumn("id", key(PROJECT_ID_BYTES), (column) => column.notNull().unique())
      .addColumn("slug", key(SLUG_BYTES), (column) => column.notNull())
      .addColumn("slug_key", key(SLUG_BYTES), (column) => column.notNull().unique())
      .addColumn("alert_new_issue", integer, (column) => column.notNull())
      .addColumn("alert_regression", integer, (column) => column.notNull())
      .addColumn("alert_unmute", integer, (column) => column.notNull())
      .addColumn("issue_count", integer, (column) => column.notNull())
      .addColumn("release_count", integer, (column) => column.notNull()),

    ...indexed(
      builder,
      "issues",
      clustered(builder, "issues")
        .addColumn("id", id, (column) => column.primaryKey().notNull())
        .addColumn("project_key", integer, (column) => column.notNull())
        .addColumn("number", integer, (column) => column.notNull())
        .addColumn("status", integer, (column) => column.notNull())
        .addColumn("state", text)
        .addColumn("wake_at", integer)
        .addColumn("awaits_next_in", integer)
        .addColumn("title", text, (column) => column.notNull())
        .addColumn("transaction_name", text, (column) => column.notNull())
        .addColumn("search_text", text, (column) => column.notNull())
        .addColumn("first_seen_at", integer, (column) => column.notNull())
        .addColumn("last_seen_at", integer, (column) => column.notNull())
        .addColumn("last_seen_minute", integer, (column) => column.notNull())
        .addColumn("event_count", integer, (column) => column.notNull())
        .addColumn("event_count_class", integer, (column) => column.notNull())
        .addColumn("latest_event_id", eventId, (column) => column.notNull())
        .addColumn("last_seen_in", release)
        .addColumn("turning_point_count", integer, (column) => column.notNull())
        .addColumn("group_hash", hash, (column) => column.notNull()),
      [
        { name: "issues_by_number", columns: ["project_key", "status", "number"] },
        { name: "issues_by_last_seen", columns: ["project_key", "status", "last_seen_minute"] },
        ISSUES_BY_EVENT_COUNT,
        { name: "issues_to_wake", columns: ["wake_at"], where: sql`${sql.ref("wake_at")} is not null` },
        {
          name: "issues_awaiting_next",
          columns: ["awaits_next_in", "number"],
          where: sql`${sql.ref("awaits_next_in")} is not null`,
        },
      ],
    ),

    clustered(builder, "groups")
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("hash", hash, (column) => column.notNull())
      .addColumn("issue_id", id, (column) => column.notNull())
      .addColumn("strategy", text, (column) => column.notNull())
      .addColumn("grouping_key", text, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${prefix}groups_key`, ["project_key", "hash"]),

    clustered(builder, "counters")
      .addColumn("issue_id", id, (column) => column.primaryKey().notNull())
      .addColumn("buckets", bytes, (column) => column.notNull()),

    ...indexed(
      builder,
      "marks",
      clustered(builder, "marks")
        .addColumn("issue_id", id, (column) => column.notNull())
        .addColumn("order_key", orderKey, (column) => column.notNull())
        .addColumn("version", release, (column) => column.notNull())
        .addColumn("release_number", integer, (column) => column.notNull())
        .addColumn("fixed_last", integer, (column) => column.notNull())
        .addColumn("fixed_at", integer)
        .addColumn("seen", integer, (column) => column.notNull())
        .addPrimaryKeyConstraint(`${prefix}marks_key`, ["issue_id", "order_key"]),
      [
        {
          name: "marks_unplaced",
          columns: ["order_key"],
          where: sql`${sql.ref("order_key")} >= ${sql.lit("~")}`,
        },
      ],
    ),

    ...indexed(
      builder,
      "releases",
      clustered(builder, "releases")
        .addColumn("project_key", integer, (column) => column.notNull())
        .addColumn("version", release, (column) => column.notNull())
        .addColumn("number", integer, (column) => column.notNull())
        .addColumn("semver", integer, (column) => column.notNull())
        .addColumn("order_key", orderKey, (column) => column.notNull())
        .addColumn("known", integer, (column) => column.notNull())
        .addColumn("epoch", integer)
        .addColumn("at", integer, (column) => column.notNull())
        .addPrimaryKeyConstraint(`${prefix}releases_key`, ["project_key", "version"]),
      [
        { name: "releases_in_order", columns: ["project_key", "order_key"] },
        { name: "releases_known_in_order", columns: ["project_key", "known", "order_key"] },
      ],
    ),

    clustered(builder, "events")
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("id", eventId, (column) => column.notNull())
      .addColumn("issue_id", id, (column) => column.notNull())
      .addColumn("release", release, (column) => column.notNull())
      .addColumn("received_at", integer, (column) => column.notNull())
      .addColumn("occurred_at", integer)
      .addColumn("kept", integer, (column) => column.notNull())
      .addColumn("data_id", id)
      .addPrimaryKeyConstraint(`${prefix}events_key`, ["project_key", "id"]),

    plain(builder, "event_data")
      .addColumn("id", id, (column) => column.primaryKey().notNull())
      .addColumn("data", text, (column) => column.notNull()),

    clustered(builder, "turning_points")
      .addColumn("issue_id", id, (column) => column.notNull())
      .addColumn("number", integer, (column) => column.notNull())
      .addColumn("turn", text, (column) => column.notNull())
      .addColumn("at", integer, (column) => column.notNull())
      .addColumn("by_user", text)
      .addColumn("event_id", text)
      .addColumn("comment", text, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${prefix}turning_points_key`, ["issue_id", "number"]),

    clustered(builder, "alerts")
      .addColumn("due_at", integer, (column) => column.notNull())
      .addColumn("id", id, (column) => column.notNull())
      .addColumn("issue_id", id, (column) => column.notNull())
      .addColumn("alert", text, (column) => column.notNull())
      .addColumn("attempts", integer, (column) => column.notNull())
      .addColumn("last_error", text)
      .addColumn("lease_token", key(TOKEN_BYTES))
      .addPrimaryKeyConstraint(`${prefix}alerts_key`, ["due_at", "id"]),
  ];
}

/**
 * Version 0.1.0 stored only magnitudes of event counts, and its index had no number. It was for SQLite only: where indexes
 * are created with their tables, they were always these.
 */
function exactEventCounts({ db, dialect, names }: MigrationBuilder): Compilable[] {
  if (dialect.tables.indexes === "in-table") return [];
  const { name, columns } = ISSUES_BY_EVENT_COUNT;
  const index = `${names.prefix}${name}`;
  const small = sql.lit(64);
  const classes = db.updateTable("issues").set({
    event_count_class: sql`case when ${sql.ref("event_count")} < ${small} then ${sql.ref("event_count")} else ${sql.ref("event_count_class")} + ${sql.lit(58)} end`,
  });
  const drop = sql`drop index if exists ${names.schema === undefined ? sql.id(index) : sql.id(names.schema, index)}`;
  return [
    { compile: () => drop.compile(db) },
    classes.where("event_count_class", "<", small),
    db.schema
      .createIndex(index)
      .ifNotExists()
      .on("issues")
      .columns([...columns]),
  ];
}

/** Dead and discarded alerts, the order of an issue's alerts, and tallies of notifications. */
function outbox(builder: MigrationBuilder): Compilable[] {
  const { integer, text, key, keyBytes } = builder.dialect.tables;
  const id = keyBytes(ID_BYTES);
  const { db, names } = builder;
  const copy = copyRows("alerts", "outbox", ["id"], {
    id: "id",
    issue_id: "issue_id",
    turn: sql.lit(0),
    status: sql.lit(0),
    at: "due_at",
    attempts: "attempts",
    last_error: "last_error",
    memo: sql.lit(null),
    lease_token: sql.lit(null),
    discard_reason: sql.lit(null),
    discarded_by: sql.lit(null),
    alert: "alert",
  });
  return [
    ...indexed(
      builder,
      "outbox",
      clustered(builder, "outbox")
        .addColumn("id", id, (column) => column.primaryKey().notNull())
        .addColumn("issue_id", id)
        .addColumn("turn", integer, (column) => column.notNull())
        .addColumn("status", integer, (column) => column.notNull())
        .addColumn("at", integer, (column) => column.notNull())
        .addColumn("attempts", integer, (column) => column.notNull())
        .addColumn("last_error", text)
        .addColumn("memo", text)
        .addColumn("lease_token", key(TOKEN_BYTES))
        .addColumn("discard_reason", text)
        .addColumn("discarded_by", text)
        .addColumn("alert", text, (column) => column.notNull()),
      [
        { name: "outbox_in_order", columns: ["status", "at", "id"] },
        { name: "outbox_of_issue", columns: ["issue_id", "status", "turn"] },
      ],
    ),
    ...indexed(
      builder,
      "alert_tallies",
      clustered(builder, "alert_tallies")
        .addColumn("project_key", integer, (column) => column.notNull())
        .addColumn("issue_id", id, (column) => column.notNull())
        .addColumn("starts_at", integer, (column) => column.notNull())
        .addColumn("ends_at", integer, (column) => column.notNull())
        .addColumn("admitted", integer, (column) => column.notNull())
        .addColumn("held_back", text)
        .addPrimaryKeyConstraint(`${names.prefix}alert_tallies_key`, ["project_key", "issue_id"]),
      [{ name: "alert_tallies_by_end", columns: ["ends_at"] }],
    ),
    { compile: () => copy.compile(db) },
  ];
}

/** A step of its own, because the one before has to find the table, however often it starts over. */
function dropFormerAlerts({ db }: MigrationBuilder): Compilable[] {
  return [db.schema.dropTable("alerts").ifExists()];
}

/**
 * The column `held_back` became `throttled`. The tallies move to another table, because SQLite has no statement that renames
 * a column and does nothing where that was done before.
 */
function throttled(builder: MigrationBuilder): Compilable[] {
  const { integer, text, keyBytes } = builder.dialect.tables;
  const { db, names } = builder;
  const copy = copyRows("alert_tallies", "tallies", ["project_key", "issue_id"], {
    project_key: "project_key",
    issue_id: "issue_id",
    starts_at: "starts_at",
    ends_at: "ends_at",
    admitted: "admitted",
    throttled: "held_back",
  });
  return [
    ...indexed(
      builder,
      "tallies",
      clustered(builder, "tallies")
        .addColumn("project_key", integer, (column) => column.notNull())
        .addColumn("issue_id", keyBytes(ID_BYTES), (column) => column.notNull())
        .addColumn("starts_at", integer, (column) => column.notNull())
        .addColumn("ends_at", integer, (column) => column.notNull())
        .addColumn("admitted", integer, (column) => column.notNull())
        .addColumn("throttled", text)
        .addPrimaryKeyConstraint(`${names.prefix}tallies_key`, ["project_key", "issue_id"]),
      [{ name: "tallies_by_end", columns: ["ends_at"] }],
    ),
    { compile: () => copy.compile(db) },
  ];
}

/** A step of its own, for the same reason as {@link dropFormerAlerts}. */
function dropFormerTallies({ db }: MigrationBuilder): Compilable[] {
  return [db.schema.dropTable("alert_tallies").ifExists()];
}

/**
 * Release lines: releases have a name, and a place in a line, and marks are found by their releases. The rows are copied as the
 * tables of the version before have them. An order of releases that no longer exists placed them, so trackers place them anew.
 */
function releaseLines(builder: MigrationBuilder): Compilable[] {
  const { integer, key, keyBytes, widenKey } = builder.dialect.tables;
  const { db, names } = builder;
  const orderKey = key(ORDER_KEY_BYTES);
  const [releases, marks, issues] = [sql.table("releases"), sql.table("marks"), sql.table("issues")];
  const copiedReleases = copyRows("releases", "project_releases", ["project_key", "order_key"], {
    project_key: "project_key",
    name: "version",
    version: "version",
    line: sql.lit(""),
    line_number: sql.lit(0),
    number: "number",
    order_key: "order_key",
    standing: sql`case when ${releases}.${sql.ref("known")} = 1 then ${sql.lit(2)} else ${sql.lit(0)} end`,
    placed_by: sql.lit(""),
    became_latest: sql.lit(0),
    at: "at",
  });
  const copiedMarks = copyRows(
    "marks",
    "release_marks",
    ["issue_id", "order_key"],
    {
      issue_id: "issue_id",
      order_key: "order_key",
      project_key: sql`${issues}.${sql.ref("project_key")}`,
      fixed_last: "fixed_last",
      fixed_at: "fixed_at",
      seen: "seen",
    },
    sql`join ${issues} on ${issues}.${sql.ref("id")} = ${marks}.${sql.ref("issue_id")}`,
  );
  // A character longer than a release, to say whether a fix is claimed in it.
  const widened = widenKey(issues, "last_seen_in", RELEASE_BYTES + 20);
  return [
    ...indexed(
      builder,
      "project_releases",
      clustered(builder, "project_releases")
        .addColumn("project_key", integer, (column) => column.notNull())
        .addColumn("name", key(RELEASE_NAME_BYTES), (column) => column.notNull())
        .addColumn("version", key(RELEASE_BYTES), (column) => column.notNull())
        .addColumn("line", key(RELEASE_NAME_BYTES), (column) => column.notNull())
        .addColumn("line_number", integer, (column) => column.notNull())
        .addColumn("number", integer, (column) => column.notNull())
        .addColumn("order_key", orderKey, (column) => column.notNull())
        .addColumn("standing", integer, (column) => column.notNull())
        .addColumn("placed_by", key(RELEASE_ORDER_BYTES), (column) => column.notNull())
        .addColumn("became_latest", integer, (column) => column.notNull())
        .addColumn("at", integer, (column) => column.notNull())
        .addPrimaryKeyConstraint(`${names.prefix}project_releases_key`, ["project_key", "name"]),
      [
        // Unique, so that all databases prefer it for the releases of marks, also before they have statistics.
        { name: "project_releases_in_order", columns: ["project_key", "order_key"], isUnique: true },
        { name: "project_releases_of_line", columns: ["project_key", "line", "standing", "order_key"] },
        { name: "project_releases_latest", columns: ["project_key", "became_latest", "number"] },
      ],
    ),
    ...indexed(
      builder,
      "release_marks",
      clustered(builder, "release_marks")
        .addColumn("issue_id", keyBytes(ID_BYTES), (column) => column.notNull())
        .addColumn("order_key", orderKey, (column) => column.notNull())
        .addColumn("project_key", integer, (column) => column.notNull())
        .addColumn("fixed_last", integer, (column) => column.notNull())
        .addColumn("fixed_at", integer)
        .addColumn("seen", integer, (column) => column.notNull())
        .addPrimaryKeyConstraint(`${names.prefix}release_marks_key`, ["issue_id", "order_key"]),
      [{ name: "release_marks_of_release", columns: ["project_key", "order_key", "fixed_last", "issue_id"] }],
    ),
    { compile: () => copiedReleases.compile(db) },
    { compile: () => copiedMarks.compile(db) },
    ...(widened === null ? [] : [{ compile: () => widened.compile(db) }]),
  ];
}

/** A step of its own, for the same reason as {@link dropFormerAlerts}. */
function dropFormerReleases({ db }: MigrationBuilder): Compilable[] {
  return [db.schema.dropTable("releases").ifExists(), db.schema.dropTable("marks").ifExists()];
}

/**
 * Groups that issues have besides the one that opened them. Older code would not free them when it deletes an issue.
 */
function addedGroups(builder: MigrationBuilder): Compilable[] {
  const { integer, keyBytes } = builder.dialect.tables;
  return [
    clustered(builder, "added_groups")
      .addColumn("issue_id", keyBytes(ID_BYTES), (column) => column.notNull())
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("hash", keyBytes(HASH_BYTES), (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.names.prefix}added_groups_key`, ["issue_id", "hash"]),
  ];
}

/**
 * What events carry: users, environments and details; and watches. Older code would not know the states and conditions that are
 * stored from now on. Adding these columns rewrites no rows.
 */
function usersAndEnvironments(builder: MigrationBuilder): MigrationStatement[] {
  const { integer, text, keyBytes } = builder.dialect.tables;
  const { prefix } = builder.names;
  const id = keyBytes(ID_BYTES);
  return [
    ...withColumn(builder, "projects", "alert_loud", integer, sql`not null default 1`),
    ...withColumn(builder, "projects", "watch", text),
    ...withColumn(builder, "projects", "state_environments", text),
    ...withColumn(builder, "issues", "user_count", integer, sql`not null default 0`),
    ...withColumn(builder, "issues", "environments", text),
    ...withColumn(builder, "issues", "watch", text),
    ...withColumn(builder, "events", "details", text),
    ...withColumn(builder, "event_data", "details", text),
    ...indexed(
      builder,
      "issue_users",
      clustered(builder, "issue_users")
        .addColumn("issue_id", id, (column) => column.notNull())
        .addColumn("user_hash", id, (column) => column.notNull())
        .addColumn("last_day", integer, (column) => column.notNull())
        .addColumn("last_turn", integer, (column) => column.notNull())
        .addPrimaryKeyConstraint(`${prefix}issue_users_key`, ["issue_id", "user_hash"]),
      [
        { name: "issue_users_by_day", columns: ["issue_id", "last_day", "last_turn"] },
        { name: "issue_users_by_turn", columns: ["issue_id", "last_turn"] },
      ],
    ),
  ];
}

/** Releases that are applied to issues in steps. Older code would not know that an issue was not reached yet. */
function pendingReleases(builder: MigrationBuilder): Compilable[] {
  const { integer, text, key } = builder.dialect.tables;
  return [
    clustered(builder, "pending_releases")
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("number", integer, (column) => column.notNull())
      .addColumn("name", key(RELEASE_NAME_BYTES), (column) => column.notNull())
      .addColumn("line", key(RELEASE_NAME_BYTES), (column) => column.notNull())
      .addColumn("at", integer, (column) => column.notNull())
      .addColumn("event_id", text)
      .addColumn("reached", integer, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.names.prefix}pending_releases_key`, ["project_key", "number"]),
  ];
}

/**
 * Shortens the texts of long grouping keys, which nothing reads: their hashes identify the groups. In SQLite, a look-up that passes
 * such a row would read all of it.
 */
function shownKeys({ db }: MigrationBuilder): Compilable[] {
  const key = sql.ref("grouping_key");
  const length = sql.lit(500);
  const shorten = sql`update ${sql.table("groups")} set ${key} = substr(${key}, 1, ${length}) where length(${key}) > ${length}`;
  return [{ compile: () => shorten.compile(db) }];
}

/**
 * Issues with few events are indexed exactly for lists, and event counts more finely. The values follow from columns that do not
 * change here, or are seen to be new ones, so that the updates can run again. The index on the column that changes in all rows
 * is made after that, which takes a fraction of the time.
 */
function exactLists(builder: MigrationBuilder): MigrationStatement[] {
  const { db, dialect, names } = builder;
  const [count, lastSeen] = [sql.ref("event_count"), sql.ref("last_seen_minute")];
  const minutes = sql`case when ${lastSeen} < 0 then ${lastSeen} else ${lastSeen} - ${sql.lit(2 ** 38)} end`;
  const classes = Array.from({ length: 43 }, (_, index) => {
    const doublings = index + 1;
    return sql`when ${count} < ${sql.lit(1_024 * 2 ** doublings)} then ${sql.lit(512 * doublings)} + (${count} >> ${sql.lit(doublings)})`;
  });
  const index = { names, table: "issues", index: "issues_in_order_of_last_seen" };
  return [
    ...conditional(builder, dialect.tables.dropIndex({ ...index, index: "issues_by_last_seen" })),
    db.updateTable("issues").set({
      last_seen_minute: sql`case when ${count} < ${sql.lit(1_024)} then ${sql.ref("last_seen_at")} else ${minutes} end`,
    }),
    db
      .updateTable("issues")
      .set({
        event_count_class: sql`case when ${count} < ${sql.lit(1_024)} then ${count} ${sql.join(classes, sql` `)} else ${sql.ref("event_count_class")} end`,
      })
      .where("event_count", ">=", sql.lit(64)),
    ...conditional(builder, dialect.tables.createIndex(index, ["project_key", "status", "last_seen_minute", "number"])),
  ];
}

/**
 * Changes no table: pending alerts may have a state of their own while earlier ones of their issue block them. Older code would not
 * know it, and would not unblock them.
 */
function blockedAlerts(): Compilable[] {
  return [];
}

/** Projects resolve quiet issues. Older code could not read what that leaves in histories, nor issues whose events are discarded. */
function quietAndDiscardedIssues(builder: MigrationBuilder): MigrationStatement[] {
  return withColumn(builder, "projects", "auto_resolve_after", builder.dialect.tables.integer);
}

/** Events have numbers in their issues. Older code would give them none, and they would be evicted before those that have one. */
function numberedEvents(builder: MigrationBuilder): MigrationStatement[] {
  const { integer } = builder.dialect.tables;
  return [
    ...withColumn(builder, "issues", "last_event_number", integer, sql`not null default 0`),
    ...withColumn(builder, "events", "number", integer, sql`not null default 0`),
  ];
}

/** Issues are merged into others. Older code could not read a merged one, and would count its events nowhere else. */
function mergedIssues(builder: MigrationBuilder): MigrationStatement[] {
  return withColumn(builder, "issues", "parts", builder.dialect.tables.text);
}

/** All parts are usable by code of version 17. */
function triagePagesFeedAndCopies(builder: MigrationBuilder): MigrationStatement[] {
  return [...eventsOfIssues(builder), ...levels(builder), ...feed(builder), ...copies(builder)];
}

/** Issues list their events. Older code may go on: the database maintains the index. */
function eventsOfIssues(builder: MigrationBuilder): MigrationStatement[] {
  const { dialect, names } = builder;
  const index = { names, table: "events", index: "events_of_issues" };
  return conditional(builder, dialect.tables.createIndex(index, ["issue_id", "number", "id"]));
}

/** Issues have levels. Older code leaves them as they are: issues that it opens have the level that `null` stands for. */
function levels(builder: MigrationBuilder): MigrationStatement[] {
  return withColumn(builder, "issues", "level", builder.dialect.tables.integer);
}

/**
 * Turning points have positions in a feed, which its readers give them. Adding the column rewrites no rows, and older code writes the
 * same default as new code does. The index finds the turning points without a position, too, in the order of their keys.
 */
function feed(builder: MigrationBuilder): MigrationStatement[] {
  const { dialect, names } = builder;
  const { integer } = dialect.tables;
  const index = { names, table: "turning_points", index: "turning_points_in_feed" };
  return [
    plain(builder, "feed")
      .addColumn("key", integer, (column) => column.primaryKey().notNull())
      .addColumn("last_position", integer, (column) => column.notNull()),
    ...withColumn(builder, "turning_points", "feed_position", integer, sql`not null default 0`),
    ...conditional(builder, dialect.tables.createIndex(index, ["feed_position", "issue_id", "number"])),
  ];
}

/** A copy from another store notes here how far it has come. */
function copies(builder: MigrationBuilder): Compilable[] {
  const { integer, text } = builder.dialect.tables;
  return [
    clustered(builder, "copy_progress")
      .addColumn("id", integer, (column) => column.notNull())
      .addColumn("progress", text, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.names.prefix}copy_progress_key`, ["id"]),
  ];
}

/** Adds a column to a table, unless it is there. */
function withColumn(
  builder: MigrationBuilder,
  table: TableName,
  column: string,
  type: ColumnType,
  ending = sql``,
): MigrationStatement[] {
  const { db, dialect, names } = builder;
  const typed = typeof type === "string" ? sql.raw(type) : type;
  const definition = sql`${typed} ${ending}`.compile(db).sql.trim();
  return conditional(builder, dialect.tables.addColumn({ names, table, column, definition }));
}

function conditional({ db }: MigrationBuilder, statements: readonly ConditionalSql[]): MigrationStatement[] {
  return statements.map(({ statement, unless }) => {
    const compiled = { compile: () => statement.compile(db) };
    return unless === null ? compiled : { ...compiled, unless: { compile: () => unless.compile(db) } };
  });
}

/**
 * Copies the rows of a table that were not copied before. The values are columns of that table, or SQL.
 *
 * @param joined - joins another table
 */
function copyRows(
  from: AnyTableName,
  to: AnyTableName,
  key: readonly string[],
  values: Readonly<Record<string, string | RawBuilder<unknown>>>,
  joined = sql``,
): RawBuilder<unknown> {
  const [source, target] = [sql.table(from), sql.table(to)];
  const copied = Object.values(values).map((value) =>
    typeof value === "string" ? sql`${source}.${sql.ref(value)}` : value,
  );
  const same = key.map((column) => sql`${target}.${sql.ref(column)} = ${source}.${sql.ref(column)}`);
  const isCopied = sql`exists (select 1 from ${target} where ${sql.join(same, sql` and `)})`;
  return sql`insert into ${target} (${columnList(Object.keys(values))}) select ${sql.join(copied)} from ${source} ${joined} where not ${isCopied}`;
}

/** A table of this version or of a former one. */
type AnyTableName = TableName | (typeof FORMER_TABLE_NAMES)[number];

/** A table with its indexes, as one statement or several. */
function indexed(
  { db, dialect, names }: MigrationBuilder,
  table: AnyTableName,
  creating: CreateTableBuilder<string, string>,
  indexes: readonly IndexDefinition[],
): Compilable[] {
  const nameOf = (index: IndexDefinition): string => `${names.prefix}${index.name}`;
  if (dialect.tables.indexes === "in-table") {
    const lines = indexes.map((index) => {
      const kind = sql.raw(index.isUnique === true ? "unique index" : "index");
      return sql`${kind} ${sql.id(nameOf(index))} (${columnList(index.columns)})`;
    });
    return [{ compile: () => withLines(creating.compile(), sql.join(lines).compile(db)) }];
  }
  const own = indexes.map((index) => {
    const create = db.schema
      .createIndex(nameOf(index))
      .ifNotExists()
      .on(table)
      .columns([...index.columns]);
    const created = index.isUnique === true ? create.unique() : create;
    return index.where === undefined ? created : created.where(index.where);
  });
  return [creating, ...own];
}

/** Adds lines after the columns of a table. Kysely 0.28 has no `addIndex`. */
function withLines(creating: CompiledQuery, lines: CompiledQuery): CompiledQuery {
  const end = creating.sql.lastIndexOf(")");
  return { ...creating, sql: `${creating.sql.slice(0, end)}, ${lines.sql}${creating.sql.slice(end)}` };
}

/** A table whose rows are found by their primary key. */
function clustered({ db, dialect }: MigrationBuilder, table: AnyTableName): CreateTableBuilder<string> {
  return db.schema.createTable(table).ifNotExists().modifyEnd(dialect.tables.clusteredSuffix);
}

/** A table that grows at its end. */
function plain({ db, dialect }: MigrationBuilder, table: TableName): CreateTableBuilder<string> {
  return db.schema.createTable(table).ifNotExists().modifyEnd(dialect.tables.plainSuffix);
}

import { sql, type Compilable, type CreateTableBuilder } from "kysely";
import { UNPLACED_KEYS_FROM } from "../core/release.ts";
import type { StoreDialect } from "./dialect.ts";
import type { LifecycleDb, LifecycleTables } from "./tables.ts";

/** One step from a version of the tables to the next. Never changed once it was released. */
export interface Migration {
  /** The version of the tables after this step. */
  readonly version: number;
  /** The oldest version whose code can work with the tables after this step. */
  readonly usableFrom: number;
  /** The statements that make the step. */
  statements(builder: MigrationBuilder): Compilable[];
}

/** What a migration builds its statements with. */
export interface MigrationBuilder {
  /** Knows the tables by their real names. */
  readonly db: LifecycleDb;
  readonly dialect: StoreDialect;
  /** The prefix, for the names of indexes. */
  readonly prefix: string;
}

/** All migrations, oldest first. */
export const MIGRATIONS: readonly Migration[] = [{ version: 1, usableFrom: 1, statements: firstTables }];

/** Creates the table that holds the version, unless it is there. */
export function createSchemaTable(builder: MigrationBuilder): Compilable {
  const { integer } = builder.dialect.columnTypes;
  return builder.db.schema
    .createTable("schema")
    .ifNotExists()
    .addColumn("version", integer, (column) => column.notNull())
    .addColumn("usable_from", integer, (column) => column.notNull())
    .modifyEnd(builder.dialect.plainTableSuffix);
}

function firstTables(builder: MigrationBuilder): Compilable[] {
  const { integer, text, bytes, generatedKey } = builder.dialect.columnTypes;
  const index = (name: string, table: keyof LifecycleTables, columns: string[]) =>
    builder.db.schema.createIndex(`${builder.prefix}${name}`).on(table).columns(columns);
  return [
    plain(builder, "projects")
      .addColumn("key", generatedKey, (column) => column.primaryKey())
      .addColumn("id", text, (column) => column.notNull().unique())
      .addColumn("slug", text, (column) => column.notNull())
      .addColumn("slug_key", text, (column) => column.notNull().unique())
      .addColumn("alert_new_issue", integer, (column) => column.notNull())
      .addColumn("alert_regression", integer, (column) => column.notNull())
      .addColumn("alert_unmute", integer, (column) => column.notNull())
      .addColumn("issue_count", integer, (column) => column.notNull())
      .addColumn("release_count", integer, (column) => column.notNull()),

    clustered(builder, "issues")
      .addColumn("id", bytes, (column) => column.primaryKey().notNull())
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
      .addColumn("latest_event_id", text, (column) => column.notNull())
      .addColumn("last_seen_in", text)
      .addColumn("turning_point_count", integer, (column) => column.notNull())
      .addColumn("group_hash", bytes, (column) => column.notNull()),
    index("issues_by_number", "issues", ["project_key", "status", "number"]),
    index("issues_by_last_seen", "issues", ["project_key", "status", "last_seen_minute"]),
    index("issues_by_event_count", "issues", ["project_key", "status", "event_count_class"]),
    index("issues_to_wake", "issues", ["wake_at"]).where("wake_at", "is not", null),
    index("issues_awaiting_next", "issues", ["awaits_next_in", "number"]).where("awaits_next_in", "is not", null),

    clustered(builder, "groups")
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("hash", bytes, (column) => column.notNull())
      .addColumn("issue_id", bytes, (column) => column.notNull())
      .addColumn("strategy", text, (column) => column.notNull())
      .addColumn("grouping_key", text, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.prefix}groups_key`, ["project_key", "hash"]),

    clustered(builder, "counters")
      .addColumn("issue_id", bytes, (column) => column.primaryKey().notNull())
      .addColumn("buckets", bytes, (column) => column.notNull()),

    clustered(builder, "marks")
      .addColumn("issue_id", bytes, (column) => column.notNull())
      .addColumn("order_key", text, (column) => column.notNull())
      .addColumn("version", text, (column) => column.notNull())
      .addColumn("release_number", integer, (column) => column.notNull())
      .addColumn("fixed_last", integer, (column) => column.notNull())
      .addColumn("fixed_at", integer)
      .addColumn("seen", integer, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.prefix}marks_key`, ["issue_id", "order_key"]),
    index("marks_unplaced", "marks", ["order_key"]).where(sql.ref("order_key"), ">=", sql.lit(UNPLACED_KEYS_FROM)),

    clustered(builder, "releases")
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("version", text, (column) => column.notNull())
      .addColumn("number", integer, (column) => column.notNull())
      .addColumn("semver", integer, (column) => column.notNull())
      .addColumn("order_key", text, (column) => column.notNull())
      .addColumn("known", integer, (column) => column.notNull())
      .addColumn("epoch", integer)
      .addColumn("at", integer, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.prefix}releases_key`, ["project_key", "version"]),
    index("releases_in_order", "releases", ["project_key", "order_key"]),
    index("releases_known_in_order", "releases", ["project_key", "known", "order_key"]),

    clustered(builder, "events")
      .addColumn("project_key", integer, (column) => column.notNull())
      .addColumn("id", text, (column) => column.notNull())
      .addColumn("issue_id", bytes, (column) => column.notNull())
      .addColumn("release", text, (column) => column.notNull())
      .addColumn("received_at", integer, (column) => column.notNull())
      .addColumn("occurred_at", integer)
      .addColumn("kept", integer, (column) => column.notNull())
      .addColumn("data_id", bytes)
      .addPrimaryKeyConstraint(`${builder.prefix}events_key`, ["project_key", "id"]),

    plain(builder, "event_data")
      .addColumn("id", bytes, (column) => column.primaryKey().notNull())
      .addColumn("data", text, (column) => column.notNull()),

    clustered(builder, "turning_points")
      .addColumn("issue_id", bytes, (column) => column.notNull())
      .addColumn("number", integer, (column) => column.notNull())
      .addColumn("turn", text, (column) => column.notNull())
      .addColumn("at", integer, (column) => column.notNull())
      .addColumn("by_user", text)
      .addColumn("event_id", text)
      .addColumn("comment", text, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${builder.prefix}turning_points_key`, ["issue_id", "number"]),

    clustered(builder, "alerts")
      .addColumn("due_at", integer, (column) => column.notNull())
      .addColumn("id", bytes, (column) => column.notNull())
      .addColumn("issue_id", bytes, (column) => column.notNull())
      .addColumn("alert", text, (column) => column.notNull())
      .addColumn("attempts", integer, (column) => column.notNull())
      .addColumn("last_error", text)
      .addColumn("lease_token", text)
      .addPrimaryKeyConstraint(`${builder.prefix}alerts_key`, ["due_at", "id"]),
  ];
}

/** A table whose rows are found by their primary key. */
function clustered({ db, dialect }: MigrationBuilder, table: keyof LifecycleTables): CreateTableBuilder<string> {
  return db.schema.createTable(table).modifyEnd(dialect.clusteredTableSuffix);
}

/** A table that grows at its end. */
function plain({ db, dialect }: MigrationBuilder, table: keyof LifecycleTables): CreateTableBuilder<string> {
  return db.schema.createTable(table).modifyEnd(dialect.plainTableSuffix);
}

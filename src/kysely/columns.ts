import type { LifecycleTables } from "./tables.ts";

/** What a column holds, as far as its way into the database matters. */
export type ColumnKind = "integer" | "text" | "bytes";

/** A table of this library, by its name without prefix. */
export type TableName = keyof LifecycleTables;

/** A column of a table. */
export type ColumnOf<Table extends TableName> = keyof LifecycleTables[Table] & string;

/** All tables and their columns. */
export const COLUMNS: { readonly [Table in TableName]: Readonly<Record<ColumnOf<Table>, ColumnKind>> } = {
  schema: {
    version: "integer",
    usable_from: "integer",
  },
  projects: {
    key: "integer",
    id: "text",
    slug: "text",
    slug_key: "text",
    alert_new_issue: "integer",
    alert_regression: "integer",
    alert_unmute: "integer",
    issue_count: "integer",
    release_count: "integer",
  },
  issues: {
    id: "bytes",
    project_key: "integer",
    number: "integer",
    status: "integer",
    state: "text",
    wake_at: "integer",
    awaits_next_in: "integer",
    title: "text",
    transaction_name: "text",
    search_text: "text",
    first_seen_at: "integer",
    last_seen_at: "integer",
    last_seen_minute: "integer",
    event_count: "integer",
    event_count_class: "integer",
    latest_event_id: "text",
    last_seen_in: "text",
    turning_point_count: "integer",
    group_hash: "bytes",
  },
  groups: {
    project_key: "integer",
    hash: "bytes",
    issue_id: "bytes",
    strategy: "text",
    grouping_key: "text",
  },
  counters: {
    issue_id: "bytes",
    buckets: "bytes",
  },
  marks: {
    issue_id: "bytes",
    order_key: "text",
    version: "text",
    release_number: "integer",
    fixed_last: "integer",
    fixed_at: "integer",
    seen: "integer",
  },
  releases: {
    project_key: "integer",
    version: "text",
    number: "integer",
    semver: "integer",
    order_key: "text",
    known: "integer",
    epoch: "integer",
    at: "integer",
  },
  events: {
    project_key: "integer",
    id: "text",
    issue_id: "bytes",
    release: "text",
    received_at: "integer",
    occurred_at: "integer",
    kept: "integer",
    data_id: "bytes",
  },
  event_data: {
    id: "bytes",
    data: "text",
  },
  turning_points: {
    issue_id: "bytes",
    number: "integer",
    turn: "text",
    at: "integer",
    by_user: "text",
    event_id: "text",
    comment: "text",
  },
  outbox: {
    id: "bytes",
    issue_id: "bytes",
    turn: "integer",
    status: "integer",
    at: "integer",
    attempts: "integer",
    last_error: "text",
    memo: "text",
    lease_token: "text",
    discard_reason: "text",
    discarded_by: "text",
    alert: "text",
  },
  alert_tallies: {
    project_key: "integer",
    issue_id: "bytes",
    starts_at: "integer",
    ends_at: "integer",
    admitted: "integer",
    held_back: "text",
  },
};

/** The names of all tables. */
export const TABLE_NAMES: readonly TableName[] = namesIn(COLUMNS);

/** Tables of former versions, which migrations still have to name. */
export const FORMER_TABLE_NAMES = ["alerts"] as const;

/** A table of a former version. */
export type FormerTableName = (typeof FORMER_TABLE_NAMES)[number];

/** The names of a table's columns. */
export function columnsOf<Table extends TableName>(table: Table): ColumnOf<Table>[] {
  const columns: Readonly<Record<ColumnOf<Table>, ColumnKind>> = COLUMNS[table];
  return namesIn(columns);
}

function namesIn<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in record) names.push(name);
  return names;
}

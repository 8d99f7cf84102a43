import type { ColumnType, Kysely } from "kysely";

/** What a UUID or other bytes are in a row. */
export type Bytes = Uint8Array;

/** What drivers give for a whole number: some do not trust JavaScript's numbers with 64 bits. Read by `decodeInteger`. */
export type StoredInteger = number | string | bigint;

/** What drivers give for a text: bytes, where the database has no better type for one. Read by `decodeText`. */
export type StoredText = string | Uint8Array;

type Integer = ColumnType<StoredInteger, number, number>;
type Text = ColumnType<StoredText, string, string>;
type OptionalInteger = ColumnType<StoredInteger | null, number | null, number | null>;
type OptionalText = ColumnType<StoredText | null, string | null, string | null>;
type OptionalBytes = ColumnType<Bytes | null, Bytes | null, Bytes | null>;

/** Which version of the tables a database has. One row. */
interface SchemaTable {
  /** The number of the last migration that ran. */
  version: Integer;
  /** The oldest version of this library's tables whose code can still work with these. */
  usable_from: Integer;
}

/** Projects. */
export interface ProjectsTable {
  /** Stands for the id in the other tables. */
  key: ColumnType<StoredInteger, number | undefined, number>;
  id: Text;
  slug: Text;
  /** The slug in upper case. */
  slug_key: Text;
  alert_new_issue: Integer;
  alert_regression: Integer;
  alert_unmute: Integer;
  /** The highest number an issue has or had. */
  issue_count: Integer;
  /** The highest number a release has. */
  release_count: Integer;
}

/** Issues. Columns that change with every event come last but one index: see `issue-statements.ts`. */
export interface IssuesTable {
  id: Bytes;
  project_key: Integer;
  number: Integer;
  /** {@link STATUS_CODES}. */
  status: Integer;
  /** The state as JSON; `null` for an open issue. */
  state: OptionalText;
  /** The deadline of a mute that asked to wake at it. */
  wake_at: OptionalInteger;
  /** The project, if the issue is resolved by the next release: what is looked for when one appears. */
  awaits_next_in: OptionalInteger;
  title: Text;
  transaction_name: Text;
  /** Title and transaction, folded. */
  search_text: Text;
  first_seen_at: Integer;
  last_seen_at: Integer;
  /** The minute of `last_seen_at`: its index entry moves once a minute, not with every event. */
  last_seen_minute: Integer;
  event_count: Integer;
  /** `event_count` itself, or its magnitude: its index entry moves once per doubling. */
  event_count_class: Integer;
  latest_event_id: Text;
  last_seen_in: OptionalText;
  turning_point_count: Integer;
  /** The key of the group that opened the issue, to free it when the issue is deleted. */
  group_hash: Bytes;
}

/** Groups of events. */
interface GroupsTable {
  project_key: Integer;
  /** The SHA-256 of strategy and key. */
  hash: Bytes;
  issue_id: Bytes;
  strategy: Text;
  grouping_key: Text;
}

/** What of issues' counters changes once a minute. */
interface CountersTable {
  issue_id: Bytes;
  buckets: Bytes;
}

/** What issues remember of releases. */
export interface MarksTable {
  issue_id: Bytes;
  order_key: Text;
  version: Text;
  release_number: Integer;
  /** Whether the last thing that happened was a fix claim (1) or an occurrence (0). */
  fixed_last: Integer;
  fixed_at: OptionalInteger;
  seen: Integer;
}

/** Releases. */
export interface ReleasesTable {
  project_key: Integer;
  version: Text;
  number: Integer;
  semver: Integer;
  order_key: Text;
  /** 1 for a known release, 0 for an announced one. */
  known: Integer;
  epoch: OptionalInteger;
  /** When it was released, or announced. */
  at: Integer;
}

/** Stored events. */
export interface EventsTable {
  project_key: Integer;
  id: Text;
  issue_id: Bytes;
  release: Text;
  received_at: Integer;
  occurred_at: OptionalInteger;
  kept: Integer;
  /** The row in {@link EventDataTable}, if the event has data. */
  data_id: OptionalBytes;
}

/** What hosts keep with events. Apart from the events, so that those stay small. */
interface EventDataTable {
  id: Bytes;
  data: Text;
}

/** Turning points. */
export interface TurningPointsTable {
  issue_id: Bytes;
  number: Integer;
  /** What turned, as JSON. */
  turn: Text;
  at: Integer;
  /** The user, or `null` for the system. */
  by_user: OptionalText;
  event_id: OptionalText;
  comment: Text;
}

/** Alerts that were not delivered yet, or will not be. */
export interface OutboxTable {
  id: Bytes;
  /** `null` for an alert that is about no issue in particular. */
  issue_id: OptionalBytes;
  /** The number of the turning point that goes with it: the order of an issue's alerts. 0 where there is none. */
  turn: Integer;
  /** {@link OUTBOX_STATUS_CODES}. */
  status: Integer;
  /** When it is due; while somebody holds it, when the lease ends; when it died or was discarded. */
  at: Integer;
  attempts: Integer;
  last_error: OptionalText;
  memo: OptionalText;
  /** The lease that holds it. */
  lease_token: OptionalText;
  discard_reason: OptionalText;
  /** The user who discarded it; `null` for the system. */
  discarded_by: OptionalText;
  /** The alert as JSON. */
  alert: Text;
}

/** How many messages there were in a period. */
export interface AlertTalliesTable {
  project_key: Integer;
  /** {@link NO_ISSUE} for the whole project. */
  issue_id: Bytes;
  starts_at: Integer;
  ends_at: Integer;
  admitted: Integer;
  /** What was held back, as JSON; `null` for nothing. */
  held_back: OptionalText;
}

/** The tables this library owns, by their names without prefix. */
export interface LifecycleTables {
  schema: SchemaTable;
  projects: ProjectsTable;
  issues: IssuesTable;
  groups: GroupsTable;
  counters: CountersTable;
  marks: MarksTable;
  releases: ReleasesTable;
  events: EventsTable;
  event_data: EventDataTable;
  turning_points: TurningPointsTable;
  outbox: OutboxTable;
  alert_tallies: AlertTalliesTable;
}

/** A Kysely instance that knows these tables. */
export type LifecycleDb = Kysely<LifecycleTables>;

import type { Generated, Kysely } from "kysely";

/** What a UUID or other bytes are in a row. */
export type Bytes = Uint8Array;

/** Which version of the tables a database has. One row. */
interface SchemaTable {
  /** The number of the last migration that ran. */
  version: number;
  /** The oldest version of this library's tables whose code can still work with these. */
  usable_from: number;
}

/** Projects. */
export interface ProjectsTable {
  /** Stands for the id in the other tables. */
  key: Generated<number>;
  id: string;
  slug: string;
  /** The slug in upper case. */
  slug_key: string;
  alert_new_issue: number;
  alert_regression: number;
  alert_unmute: number;
  /** The highest number an issue has or had. */
  issue_count: number;
  /** The highest number a release has. */
  release_count: number;
}

/** Issues. Columns that change with every event come last but one index: see `issue-statements.ts`. */
export interface IssuesTable {
  id: Bytes;
  project_key: number;
  number: number;
  /** {@link STATUS_CODES}. */
  status: number;
  /** The state as JSON; `null` for an open issue. */
  state: string | null;
  /** The deadline of a mute that asked to wake at it. */
  wake_at: number | null;
  /** The project, if the issue is resolved by the next release: what is looked for when one appears. */
  awaits_next_in: number | null;
  title: string;
  transaction_name: string;
  /** Title and transaction, folded. */
  search_text: string;
  first_seen_at: number;
  last_seen_at: number;
  /** The minute of `last_seen_at`: its index entry moves once a minute, not with every event. */
  last_seen_minute: number;
  event_count: number;
  /** The magnitude of `event_count`: its index entry moves a few times per doubling. */
  event_count_class: number;
  latest_event_id: string;
  last_seen_in: string | null;
  turning_point_count: number;
  /** The key of the group that opened the issue, to free it when the issue is deleted. */
  group_hash: Bytes;
}

/** Groups of events. */
interface GroupsTable {
  project_key: number;
  /** The SHA-256 of strategy and key. */
  hash: Bytes;
  issue_id: Bytes;
  strategy: string;
  grouping_key: string;
}

/** What of issues' counters changes once a minute. */
interface CountersTable {
  issue_id: Bytes;
  buckets: Bytes;
}

/** What issues remember of releases. */
export interface MarksTable {
  issue_id: Bytes;
  order_key: string;
  version: string;
  release_number: number;
  /** Whether the last thing that happened was a fix claim (1) or an occurrence (0). */
  fixed_last: number;
  fixed_at: number | null;
  seen: number;
}

/** Releases. */
export interface ReleasesTable {
  project_key: number;
  version: string;
  number: number;
  semver: number;
  order_key: string;
  /** 1 for a known release, 0 for an announced one. */
  known: number;
  epoch: number | null;
  /** When it was released, or announced. */
  at: number;
}

/** Stored events. */
export interface EventsTable {
  project_key: number;
  id: string;
  issue_id: Bytes;
  release: string;
  received_at: number;
  occurred_at: number | null;
  kept: number;
  /** The row in {@link EventDataTable}, if the event has data. */
  data_id: Bytes | null;
}

/** What hosts keep with events. Apart from the events, so that those stay small. */
interface EventDataTable {
  id: Bytes;
  data: string;
}

/** Turning points. */
export interface TurningPointsTable {
  issue_id: Bytes;
  number: number;
  /** What turned, as JSON. */
  turn: string;
  at: number;
  /** The user, or `null` for the system. */
  by_user: string | null;
  event_id: string | null;
  comment: string;
}

/** Alerts that are not delivered yet, in the order in which they are due. */
export interface AlertsTable {
  /** When it is due; while somebody holds it, when the lease ends. */
  due_at: number;
  id: Bytes;
  issue_id: Bytes;
  /** The alert as JSON. */
  alert: string;
  attempts: number;
  last_error: string | null;
  /** The lease that holds it. */
  lease_token: string | null;
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
  alerts: AlertsTable;
}

/** A Kysely instance that knows these tables. */
export type LifecycleDb = Kysely<LifecycleTables>;

/** Their names. */
export const TABLE_NAMES: readonly (keyof LifecycleTables)[] = [
  "schema",
  "projects",
  "issues",
  "groups",
  "counters",
  "marks",
  "releases",
  "events",
  "event_data",
  "turning_points",
  "alerts",
];

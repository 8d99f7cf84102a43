import { sql, type RawBuilder } from "kysely";
import type { StoredKind } from "../../ports/issue-store.ts";
import type { ColumnKind } from "../dialects/dialect.ts";
import { hexBytes, integer, ownText, type Column, type SqlValue } from "../schema/columns.ts";
import type { LifecycleDb, TableName } from "../schema/tables.ts";
import { statement } from "./statement.ts";

/** A value in a key: a number, a stored text, or bytes as hexadecimal digits. */
export type KeyPart = string | number;

/** A table whose rows are counted, and its primary key. */
export interface CountedTable {
  readonly table: TableName;
  readonly first: { readonly name: string; readonly kind: ColumnKind };
  readonly second?: { readonly name: string; readonly kind: ColumnKind };
}

const projectKey = { name: "project_key", kind: "integer" } as const;
const issueId = { name: "issue_id", kind: "bytes" } as const;
const id = { name: "id", kind: "bytes" } as const;

/** Where the entries of each kind are. */
export const COUNTED: Readonly<Record<StoredKind, CountedTable>> = {
  projects: { table: "projects", first: { name: "key", kind: "integer" } },
  issues: { table: "issues", first: id },
  groups: { table: "groups", first: projectKey, second: { name: "hash", kind: "bytes" } },
  turningPoints: { table: "turning_points", first: issueId, second: { name: "number", kind: "integer" } },
  users: { table: "issue_users", first: issueId, second: { name: "user_hash", kind: "bytes" } },
  marks: { table: "release_marks", first: issueId, second: { name: "order_key", kind: "text" } },
  releases: { table: "project_releases", first: projectKey, second: { name: "name", kind: "text" } },
  events: { table: "events", first: projectKey, second: { name: "id", kind: "text" } },
  alerts: { table: "outbox", first: id },
  tallies: { table: "tallies", first: projectKey, second: issueId },
};

/** Columns of keys as they are stored, whatever that is: a damaged key does not stop a count. */
export const STORED_KEY: Readonly<Record<ColumnKind, Column<unknown, SqlValue, KeyPart>>> = {
  integer: { ...integer, decode: Number },
  text: ownText,
  bytes: hexBytes,
};

/** The statements that count each kind. */
export type CountStatements = ReturnType<typeof countStatements>;

/** Statements that count rows in the order of their keys. */
export function countStatements(db: LifecycleDb) {
  return {
    projects: ofTable(db, COUNTED.projects),
    issues: ofTable(db, COUNTED.issues),
    groups: ofTable(db, COUNTED.groups),
    turningPoints: ofTable(db, COUNTED.turningPoints),
    users: ofTable(db, COUNTED.users),
    marks: ofTable(db, COUNTED.marks),
    releases: ofTable(db, COUNTED.releases),
    events: ofTable(db, COUNTED.events),
    alerts: ofTable(db, COUNTED.alerts),
    tallies: ofTable(db, COUNTED.tallies),
  } satisfies Record<StoredKind, unknown>;
}

/**
 * Statements on ranges of a table: `above` a value of its first column, and `within` one value of that, above a value of the second. A
 * comparison of both at once would not be a range of an index on each database.
 */
function ofTable(db: LifecycleDb, { table, first, second }: CountedTable) {
  const [one, other] = [sql.ref(first.name), sql.ref((second ?? first).name)];
  const position = { first: STORED_KEY[first.kind], second: STORED_KEY[(second ?? first).kind] };
  const compiled = (query: RawBuilder<unknown>) => ({ compile: () => query.compile(db) });

  /** For a range the key of the row after `others` others of it, if there is one; and how many rows it has, up to a limit. */
  const range = (condition: (parameter: PositionOf) => RawBuilder<unknown>) => ({
    nth: statement({ ...position, others: integer }, position, (parameter) => {
      const rows = sql`from ${sql.table(table)} where ${condition(parameter)} order by ${one}, ${other}`;
      return compiled(
        sql`select ${one} as ${sql.ref("first")}, ${other} as ${sql.ref("second")} ${rows} limit 1 offset ${parameter("others")}`,
      );
    }),
    count: statement({ ...position, limit: integer }, { count: integer }, (parameter) => {
      const rows = sql`from ${sql.table(table)} where ${condition(parameter)} order by ${one}, ${other}`;
      return compiled(
        sql`select count(*) as ${sql.ref("count")} from (select ${one} ${rows} limit ${parameter("limit")}) as counted`,
      );
    }),
  });
  return {
    above: range((parameter) => sql`${one} > ${parameter("first")}`),
    ...(second !== undefined && {
      within: range((parameter) => sql`${one} = ${parameter("first")} and ${other} > ${parameter("second")}`),
    }),
  };
}

type PositionOf = (name: "first" | "second") => RawBuilder<unknown>;

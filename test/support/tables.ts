import { sql, type Kysely } from "kysely";
import { kyselyStore, migrate, type TablesOptions } from "../../src/kysely/index.ts";
import type { IssueStore } from "../../src/index.ts";
import type { Place } from "./databases.ts";

/** The tables that hold what is stored. */
const TABLES = [
  "projects",
  "issues",
  "groups",
  "counters",
  "marks",
  "releases",
  "events",
  "event_data",
  "turning_points",
  "outbox",
  "alert_tallies",
];

/** Tables, by a Kysely instance of tests. */
interface TablesIn extends TablesOptions {
  readonly db: Kysely<object>;
}

/** Where a place's tables are, as options say it. */
export function tablesIn(place: Place, db: Kysely<object> = place.connect()): TablesIn {
  return { db, dialect: place.dialect, ...(place.schema === undefined ? {} : { schema: place.schema }) };
}

/** A store on a place's tables, which it makes. */
export async function openStore(tables: TablesOptions): Promise<IssueStore> {
  await migrate(tables);
  return kyselyStore(tables);
}

/** Deletes all rows: faster than to make new tables. */
export async function emptyTables({ db, schema, tablePrefix = "issue_lifecycle_" }: TablesIn): Promise<void> {
  const before = schema === undefined ? tablePrefix : `${schema}.${tablePrefix}`;
  for (const table of TABLES) await sql`delete from ${sql.table(before + table)}`.execute(db);
}

import { sql, type Kysely } from "kysely";
import { kyselyStore, migrate, type TablesOptions } from "../../src/kysely/index.ts";
import type { IssueStore } from "../../src/index.ts";
import { TABLE_NAMES } from "../../src/kysely/schema/tables.ts";
import type { Place } from "./databases.ts";

/** All tables but that of the version. */
const TABLES = TABLE_NAMES.filter((name) => name !== "schema");

/** Tables through a test's Kysely instance. */
interface TablesIn extends TablesOptions {
  readonly db: Kysely<object>;
}

/** A place's tables as options. */
export function tablesIn(place: Place, db: Kysely<object> = place.connect()): TablesIn {
  return { db, dialect: place.dialect, ...(place.schema === undefined ? {} : { schema: place.schema }) };
}

/** A store on a place's tables, which it creates. */
export async function openStore(tables: TablesOptions): Promise<IssueStore> {
  await migrate(tables);
  return kyselyStore(tables);
}

/** Deletes all rows, which is faster than creating new tables. */
export async function emptyTables({ db, schema, tablePrefix = "issue_lifecycle_" }: TablesIn): Promise<void> {
  const before = schema === undefined ? tablePrefix : `${schema}.${tablePrefix}`;
  for (const table of TABLES) await sql`delete from ${sql.table(before + table)}`.execute(db);
}

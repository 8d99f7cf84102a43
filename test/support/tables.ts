import { sql, type Kysely } from "kysely";
import { kyselyStore, migrate, postgresDialect, sqliteDialect, type TablesOptions } from "../../src/kysely/index.ts";
import type { IssueStore } from "../../src/index.ts";
import { TABLE_NAMES } from "../../src/kysely/schema/tables.ts";
import type { Place } from "./databases.ts";
import { createSqliteTables } from "./sqlite-image.ts";

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
export async function openStore(tables: TablesIn): Promise<IssueStore> {
  const { db, dialect, tablePrefix } = tables;
  if (dialect === sqliteDialect && tablePrefix === undefined && (await isEmptySqlite(db))) await createSqliteTables(db);
  await migrate(tables);
  return kyselyStore(tables);
}

async function isEmptySqlite(db: Kysely<object>): Promise<boolean> {
  const { rows } = await sql`select 1 from sqlite_master limit 1`.execute(db);
  return rows.length === 0;
}

/** Deletes all rows, which is faster than creating new tables. */
export async function emptyTables({ db, dialect, schema, tablePrefix = "issue_lifecycle_" }: TablesIn): Promise<void> {
  const before = schema === undefined ? tablePrefix : `${schema}.${tablePrefix}`;
  const deletions = TABLES.map((table) => sql`delete from ${sql.table(before + table)}`);
  if (dialect === postgresDialect) {
    // A database in this process takes as long for a statement as for all of them in one.
    const parts = deletions.map((each, index) => sql`${sql.id(`part_${String(index)}`)} as (${each})`);
    await sql`with ${sql.join(parts)} select 1`.execute(db);
    return;
  }
  for (const each of deletions) await each.execute(db);
}

import type { Kysely } from "kysely";
import { kyselyStore, migrate, type TablesOptions } from "../../src/kysely/index.ts";
import type { IssueStore } from "../../src/index.ts";
import type { Place } from "./databases.ts";

/** Where a place's tables are, as options say it. */
export function tablesIn(place: Place, db: Kysely<object> = place.connect()): TablesOptions {
  return { db, dialect: place.dialect, ...(place.schema === undefined ? {} : { schema: place.schema }) };
}

/** A store on a place's tables, which it makes. */
export async function openStore(tables: TablesOptions): Promise<IssueStore> {
  await migrate(tables);
  return kyselyStore(tables);
}

import { PGlite } from "@electric-sql/pglite";
import { getMigrations, postgresDialect } from "issue-lifecycle/kysely";
import { Kysely, PGliteDialect, PostgresDialect, type Generated } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";

/** The shop's own tables. The tracker's tables are in the same schema. */
export interface ShopTables {
  orders: { id: Generated<number>; customer: string; total: number };
  /** Failed requests, each with its issue. */
  failures: { request_id: string; message: string; issue_id: string };
}

/** The schema of all tables. */
export const SCHEMA = "issue_lifecycle_shop";

/** Opens the database at this address; without one, a PostgreSQL in this process (PGlite). */
export function openDatabase(url: string | undefined): Kysely<ShopTables> {
  const dialect =
    url === undefined
      ? new PGliteDialect({ pglite: () => PGlite.create() })
      : new PostgresDialect({ pool: openPool(url) });
  return new Kysely<ShopTables>({ dialect }).withSchema(SCHEMA);
}

/** A connection that is lost emits an `error` event, which ends the process if it has no listener. */
function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  const report = ({ message }: Error): void => {
    console.warn(`A connection was lost: ${message}`);
  };
  pool.on("error", report);
  pool.on("connect", (client) => client.on("error", report));
  return pool;
}

/** Creates or upgrades all tables, the shop's and the tracker's. Any number of hosts may start at the same time. */
export async function migrateAll(db: Kysely<ShopTables>): Promise<void> {
  const shop = {
    "2026_11_23_shop": {
      async up({ schema }: Kysely<unknown>) {
        await schema
          .withSchema(SCHEMA)
          .createTable("orders")
          .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
          .addColumn("customer", "text", (column) => column.notNull())
          .addColumn("total", "integer", (column) => column.notNull())
          .execute();
        await schema
          .withSchema(SCHEMA)
          .createTable("failures")
          .addColumn("request_id", "text", (column) => column.primaryKey())
          .addColumn("message", "varchar(200)", (column) => column.notNull())
          .addColumn("issue_id", "uuid", (column) => column.notNull())
          .execute();
      },
    },
  };
  const issues = getMigrations(postgresDialect, { schema: SCHEMA });
  const provider = { getMigrations: async () => ({ ...shop, ...issues }) };
  // The shop's migrations are named by date, and so sort before those of the tracker, which may have run already.
  const order = { allowUnorderedMigrations: true };
  const { error } = await new Migrator({ db, provider, migrationTableSchema: SCHEMA, ...order }).migrateToLatest();
  if (error !== undefined) throw new Error("The tables could not be migrated.", { cause: error });
}

import { PGlite } from "@electric-sql/pglite";
import { getMigrations, postgresDialect } from "issue-lifecycle/kysely";
import { Kysely, PGliteDialect, PostgresDialect, type Generated } from "kysely";
import { Migrator } from "kysely/migration";
import pg from "pg";

/** The shop's own tables. Those of the issues are beside them, and are nobody's business but the tracker's. */
export interface ShopTables {
  orders: { id: Generated<number>; customer: string; total: number };
  /** Requests that went wrong, and the issues they belong to. */
  failures: { request_id: string; message: string; issue_id: string };
}

/** The schema that all tables are in. */
export const SCHEMA = "issue_lifecycle_shop";

/** Opens the database at this address; without one, a PostgreSQL in this process, which ends with it. */
export function openDatabase(url: string | undefined): Kysely<ShopTables> {
  const dialect =
    url === undefined
      ? new PGliteDialect({ pglite: () => PGlite.create() })
      : new PostgresDialect({ pool: openPool(url) });
  return new Kysely<ShopTables>({ dialect }).withSchema(SCHEMA);
}

/** A connection that is lost tells its listeners, beside whoever is using it; without any, the process would end. */
function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  const report = ({ message }: Error): void => {
    console.warn(`A connection was lost: ${message}`);
  };
  pool.on("error", report);
  pool.on("connect", (client) => client.on("error", report));
  return pool;
}

/** Brings all tables up to date, the shop's and the issues', in the order of their names. Any number of hosts may start at once. */
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
  // The shop's migrations have dates for names: a later one comes before those of the issues, which have run by then.
  const order = { allowUnorderedMigrations: true };
  const { error } = await new Migrator({ db, provider, migrationTableSchema: SCHEMA, ...order }).migrateToLatest();
  if (error !== undefined) throw new Error("The tables could not be brought up to date.", { cause: error });
}

// What the page "In your own transaction" says of a library, at work: node orms/documented.mjs drizzle postgres
import assert from "node:assert/strict";
import { createIssueTracker } from "issue-lifecycle";
import { kyselyStore, migrate } from "issue-lifecycle/kysely";
import { sql } from "kysely";
import { makePlace } from "./place.ts";

/** Opens the object that a library's block of code takes. */
const OPENERS = {
  "postgres-js": async (url) => {
    const { default: postgres } = await import("postgres");
    const options = new URL(url).searchParams.get("options") ?? "";
    const db = postgres(url.split("?")[0] ?? "", { connection: { search_path: options.split("=")[1] ?? "" } });
    return { db, close: () => db.end() };
  },
  drizzle: async (url) => {
    const { drizzle } = await import("drizzle-orm/node-postgres");
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: url });
    return { db: drizzle(pool), close: () => pool.end() };
  },
  "drizzle-sqlite": async (url) => {
    const { drizzle } = await import("drizzle-orm/better-sqlite3");
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(url, { timeout: 0 });
    return { db: drizzle(database), close: async () => database.close() };
  },
  knex: async (url) => {
    const { default: knex } = await import("knex");
    const db = knex({ client: "pg", connection: url });
    return { db, close: () => db.destroy() };
  },
  typeorm: async (url) => {
    await import("reflect-metadata");
    const { DataSource } = await import("typeorm");
    const db = await new DataSource({ type: "postgres", url }).initialize();
    return { db, close: () => db.destroy() };
  },
  prisma: async (url) => {
    const { PrismaClient } = await import("./documented/generated/client.ts");
    const { PrismaPg } = await import("@prisma/adapter-pg");
    const schema = new URL(url).searchParams.get("options")?.split("=")[1] ?? "";
    const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }, { schema }) });
    return { db, close: () => db.$disconnect() };
  },
};

const [name = "", kind = ""] = process.argv.slice(2);
const { recordFailure } = await import(`./documented/${name}.ts`);
const open = OPENERS[name];
if (open === undefined) throw new Error(`Nothing is known of ${name}.`);
const place = await makePlace(kind);
try {
  const { db: own } = place.tables;
  await migrate(place.tables);
  await sql`create table failures (order_id varchar(100) primary key, message varchar(200))`.execute(own);
  const tracker = createIssueTracker({ store: kyselyStore(place.tables) });
  const { db, close } = await open(place.url);
  // Before the project is saved, the digest is refused.
  await assert.rejects(recordFailure(db, tracker, "order-1", "the card was refused"), { code: "unknown-project" });
  await tracker.projects.save({ id: "shop" });
  await recordFailure(db, tracker, "order-2", "the bank is closed");
  const { rows } = await sql`select order_id from failures`.execute(own);
  assert.deepEqual(
    rows.map(({ order_id }) => order_id),
    ["order-2"],
  );
  assert.equal((await tracker.issues.get("SHOP-1"))?.title, "PaymentError: the bank is closed");
  await close();
  await tracker.close();
} finally {
  await place.drop();
}

// Drizzle on node-postgres, mysql2 and better-sqlite3.
import Database from "better-sqlite3";
import { sql } from "drizzle-orm";
import { drizzle as onBetterSqlite3 } from "drizzle-orm/better-sqlite3";
import { bigint as mysqlBigint, mysqlTable } from "drizzle-orm/mysql-core";
import { drizzle as onMysql2 } from "drizzle-orm/mysql2";
import { drizzle as onNodePostgres } from "drizzle-orm/node-postgres";
import { bigint as pgBigint, pgTable } from "drizzle-orm/pg-core";
import { integer, sqliteTable } from "drizzle-orm/sqlite-core";
import { fromDrizzle } from "issue-lifecycle/kysely";
import { createPool } from "mysql2/promise";
import pg from "pg";

/** @typedef {import("../checks.ts").LibraryHost} LibraryHost */

/** @type {(place: import("../place.ts").Place) => Promise<LibraryHost>} */
export async function open({ kind, url }) {
  return { postgres: openPostgres, mysql: openMysql, sqlite: openSqlite }[kind](url);
}

/** @type {(url: string) => LibraryHost} */
function openPostgres(url) {
  const orders = pgTable("orders", { id: pgBigint({ mode: "number" }).primaryKey() });
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const db = onNodePostgres(pool);
  return {
    transaction: (work) =>
      db.transaction(async (transaction) => {
        await work({
          client: fromDrizzle(transaction),
          insert: (id) => transaction.insert(orders).values({ id }),
        });
      }),
    ids: async () => (await db.select().from(orders).orderBy(orders.id)).map(({ id }) => id),
    // The statements of a database with a pool run on any of its connections.
    refused: [() => fromDrizzle(db)],
    close: () => pool.end(),
  };
}

/** @type {(url: string) => LibraryHost} */
function openMysql(url) {
  const orders = mysqlTable("orders", { id: mysqlBigint({ mode: "number" }).primaryKey() });
  const pool = createPool({ uri: url, connectionLimit: 1 });
  const db = onMysql2(pool);
  return {
    transaction: (work) =>
      db.transaction(async (transaction) => {
        await work({
          client: fromDrizzle(transaction),
          insert: (id) => transaction.insert(orders).values({ id }),
        });
      }),
    ids: async () => (await db.select().from(orders).orderBy(orders.id)).map(({ id }) => id),
    // The statements of a database with a pool run on any of its connections.
    refused: [() => fromDrizzle(db)],
    close: () => pool.end(),
  };
}

/** @type {(file: string) => LibraryHost} */
function openSqlite(file) {
  const orders = sqliteTable("orders", { id: integer().primaryKey() });
  const database = new Database(file, { timeout: 0 });
  const db = onBetterSqlite3(database);
  return {
    transaction: async (work) => {
      db.run(sql`begin immediate`);
      try {
        await work({ client: fromDrizzle(db), insert: async (id) => db.insert(orders).values({ id }).run() });
        db.run(sql`commit`);
      } catch (error) {
        if (database.inTransaction) db.run(sql`rollback`);
        throw error;
      }
    },
    ids: async () =>
      db
        .select()
        .from(orders)
        .orderBy(orders.id)
        .all()
        .map(({ id }) => id),
    refused: [
      // No transaction has begun.
      () => fromDrizzle(db),
      // @ts-expect-error: the driver's connection is no transaction of Drizzle.
      () => fromDrizzle(database),
    ],
    close: async () => database.close(),
  };
}

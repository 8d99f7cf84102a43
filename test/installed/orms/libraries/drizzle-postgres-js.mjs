// Drizzle on postgres.js.
import { bigint, pgTable } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import { fromDrizzle } from "issue-lifecycle/kysely";
import { connect } from "./postgres-js.mjs";

const orders = pgTable("orders", { id: bigint({ mode: "number" }).primaryKey() });

/** @type {(place: import("../place.ts").Place) => Promise<import("../checks.ts").LibraryHost>} */
export async function open({ url }) {
  const sql = connect(url);
  const db = drizzle(sql);
  return {
    transaction: (work) =>
      db.transaction(async (transaction) => {
        await work({
          client: fromDrizzle(transaction),
          insert: (id) => transaction.insert(orders).values({ id }),
        });
      }),
    ids: async () => (await db.select().from(orders).orderBy(orders.id)).map(({ id }) => id),
    refused: [() => fromDrizzle(db)],
    close: () => sql.end(),
  };
}

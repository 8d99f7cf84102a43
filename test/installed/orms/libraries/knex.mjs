// Knex on pg, mysql2 and better-sqlite3.
import { fromKnex } from "issue-lifecycle/kysely";
import knex from "knex";

const CLIENTS = { postgres: "pg", mysql: "mysql2", sqlite: "better-sqlite3" };

/** @type {(place: import("../place.ts").Place) => Promise<import("../checks.ts").LibraryHost>} */
export async function open({ kind, url }) {
  const connection = kind === "sqlite" ? { filename: url } : url;
  const db = knex({ client: CLIENTS[kind], connection, useNullAsDefault: true, pool: { min: 0, max: 1 } });
  return {
    transaction: (work) =>
      db.transaction((transaction) =>
        work({
          client: fromKnex(transaction),
          insert: (id) => transaction("orders").insert({ id }),
        }),
      ),
    ids: async () => (await db("orders").select("id").orderBy("id")).map(({ id }) => Number(id)),
    refused: [
      // @ts-expect-error: it is no transaction.
      () => fromKnex(db),
    ],
    close: () => db.destroy(),
  };
}

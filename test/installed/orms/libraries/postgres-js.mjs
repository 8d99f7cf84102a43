// postgres.js: a transaction by sql.begin.
import { fromPostgresJs } from "issue-lifecycle/kysely";
import postgres from "postgres";

/** @param {string} url */
export function connect(url) {
  const { searchParams, origin, href } = new URL(url);
  const search_path = searchParams.get("options")?.split("=")[1] ?? "";
  const address = new URL(href);
  address.search = "";
  return postgres(address.href, { max: 1, connection: { search_path }, onnotice: () => undefined });
}

/** @type {(place: import("../place.ts").Place) => Promise<import("../checks.ts").LibraryHost>} */
export async function open({ url }) {
  const sql = connect(url);
  return {
    transaction: (work) =>
      sql.begin((transaction) =>
        work({
          client: fromPostgresJs(transaction),
          insert: (id) => transaction`insert into orders (id) values (${id})`,
        }),
      ),
    ids: async () => (await sql`select id from orders order by id`).map(({ id }) => Number(id)),
    refused: [
      // @ts-expect-error: it has many connections.
      () => fromPostgresJs(sql),
    ],
    close: () => sql.end(),
  };
}

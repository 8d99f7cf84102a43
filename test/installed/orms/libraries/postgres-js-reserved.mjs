// postgres.js: a transaction on a reserved connection.
import { fromPostgresJs } from "issue-lifecycle/kysely";
import { connect } from "./postgres-js.mjs";

/** @type {(place: import("../place.ts").Place) => Promise<import("../checks.ts").LibraryHost>} */
export async function open({ url }) {
  const sql = connect(url);
  return {
    transaction: async (work) => {
      const reserved = await sql.reserve();
      try {
        await reserved`begin`;
        await work({
          client: fromPostgresJs(reserved),
          insert: (id) => reserved`insert into orders (id) values (${id})`,
        });
        await reserved`commit`;
      } catch (error) {
        await reserved`rollback`;
        throw error;
      } finally {
        reserved.release();
      }
    },
    ids: async () => (await sql`select id from orders order by id`).map(({ id }) => Number(id)),
    refused: [],
    close: () => sql.end(),
  };
}

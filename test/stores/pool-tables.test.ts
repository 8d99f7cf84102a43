import { describe, expect, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import { checkSchema, kyselyStore, migrate, mysqlTables, postgresTables } from "../../src/kysely/index.ts";
import { MYSQL_URL, POSTGRES_URL } from "../support/connections.ts";
import { SERVERS } from "../support/databases.ts";

/** Pools of drivers, which have to be ended by whoever has made them. */
const POOLS = {
  postgres: [
    {
      name: "node-postgres",
      open: async () => {
        const { default: pg } = await import("pg");
        const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 2 });
        return { tables: postgresTables(pool), end: () => pool.end() };
      },
    },
  ],
  mysql: [
    {
      name: "mysql2",
      open: async () => {
        const { createPool } = await import("mysql2");
        const pool = createPool({ uri: MYSQL_URL ?? "", connectionLimit: 2 });
        return { tables: mysqlTables(pool), end: () => pool.promise().end() };
      },
    },
    {
      name: "mysql2/promise",
      open: async () => {
        const { createPool } = await import("mysql2/promise");
        const pool = createPool({ uri: MYSQL_URL ?? "", connectionLimit: 2 });
        return { tables: mysqlTables(pool), end: () => pool.end() };
      },
    },
  ],
  sqlite: [],
};

describe.each(SERVERS)("tables in the database of a pool on $name", ({ dialect, makePlace }) => {
  test.each(POOLS[dialect.kind])("of $name need no Kysely instance of the host", async ({ open }) => {
    const place = await makePlace();
    const { tables, end } = await open();
    const options = { ...tables, ...(place.schema === undefined ? {} : { schema: place.schema }) };
    await migrate(options);
    await checkSchema(options);
    const tracker = createIssueTracker({ store: kyselyStore(options) });
    await tracker.projects.save({ id: "shop" });
    expect(await tracker.digest({ projectId: "shop", type: "TypeError" })).toMatchObject({ created: true });
    await tracker.close();
    await end();
    await place.drop();
  });
});

describe("anything but a pool", () => {
  test.each([undefined, null, {}, "pool", () => undefined])("is refused: %s", (given) => {
    for (const callee of [postgresTables, mysqlTables]) {
      expect(() => Reflect.apply(callee, undefined, [given])).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "pool" }),
      );
    }
  });
});

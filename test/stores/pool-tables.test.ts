import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import {
  checkSchema,
  kyselyStore,
  migrate,
  mysqlTables,
  postgresDialect,
  postgresTables,
} from "../../src/kysely/index.ts";
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
    {
      name: "node-postgres with prepared statements",
      open: async () => {
        const { default: pg } = await import("pg");
        const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 2 });
        return { tables: postgresTables(pool, { preparedStatements: true }), end: () => pool.end() };
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

describe.each(SERVERS.filter(({ dialect }) => dialect === postgresDialect))("prepared statements on $name", (kind) => {
  /** A tracker with one connection, on which the test's own statements run too. */
  async function opened(preparedStatements: boolean) {
    const place = await kind.makePlace();
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 1 });
    const tables = { ...postgresTables(pool, { preparedStatements }), schema: place.schema ?? "public" };
    await migrate(tables);
    const tracker = createIssueTracker({ store: kyselyStore(tables), alertSink: "elsewhere" });
    onTestFinished(async () => {
      await tracker.close();
      await pool.end();
      await place.drop();
    });
    await tracker.projects.save({ id: "shop" });
    const digest = (id: string) => tracker.digest({ projectId: "shop", type: "TypeError", id });
    const prepared = async (): Promise<string[]> =>
      (await pool.query<{ name: string }>("select name from pg_prepared_statements")).rows.map(({ name }) => name);
    return { tracker, tables, pool, digest, prepared };
  }

  test("are made once for each connection", async () => {
    const { digest, prepared } = await opened(true);
    const events = async (from: number, to: number): Promise<void> => {
      for (let id = from; id < to; id++) await digest(String(id));
    };
    await events(0, 3);
    expect(await prepared(), "statements that were run a few times").toEqual([]);
    await events(3, 9);
    const names = await prepared();
    expect(names.length).toBeGreaterThan(0);
    expect(names.every((name) => name.startsWith("issue_lifecycle_"))).toBe(true);
    await events(9, 12);
    expect(await prepared()).toEqual(names);
  });

  test("are not made by default", async () => {
    const { digest, prepared } = await opened(false);
    for (let id = 0; id < 9; id++) await digest(String(id));
    expect(await prepared()).toEqual([]);
  });

  test("are made anew where the columns of a table have changed", async () => {
    const { tracker, tables, pool, digest, prepared } = await opened(true);
    await digest("one");
    const before = await tracker.events.get("shop", "one");
    for (let run = 0; run < 9; run++) await tracker.events.get("shop", "one");
    expect(await prepared()).not.toEqual([]);
    await pool.query(`alter table ${tables.schema}.issue_lifecycle_events alter column received_at type numeric`);
    expect(await tracker.events.get("shop", "one")).toEqual(before);
    expect(await digest("two")).toMatchObject({ created: false });
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

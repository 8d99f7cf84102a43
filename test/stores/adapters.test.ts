import Database from "better-sqlite3";
import { sql, type Kysely } from "kysely";
import { createConnection, createPool } from "mysql2";
import { createConnection as createPromiseConnection, createPool as createPromisePool } from "mysql2/promise";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import {
  fromBetterSqlite3,
  fromDrizzle,
  fromKnex,
  fromMysql2,
  fromPg,
  fromPostgresJs,
  fromPrisma,
  fromTypeOrm,
  type StoreDialect,
  type TransactionClient,
} from "../../src/kysely/index.ts";
import { LIBRARY_CHECKS, type LibraryHost } from "../installed/orms/checks.ts";
import { MYSQL_URL, POSTGRES_URL, type Address } from "../support/connections.ts";
import { SERVERS, SQLITE, type SharedDatabaseKind } from "../support/databases.ts";
import { temporaryDatabase } from "../support/files.ts";
import { openStore, tablesIn } from "../support/tables.ts";

/** A driver's own connection, and what the adapter makes of it in a transaction. */
interface DriverConnection {
  run(text: string, values?: unknown[]): Promise<readonly unknown[]>;
  client(): TransactionClient;
  close(): Promise<unknown>;
}

/** A driver that is installed here. */
interface Driver {
  readonly name: string;
  readonly database: SharedDatabaseKind;
  open(address: Address): Promise<DriverConnection>;
}

async function openPg({ where }: Address): Promise<DriverConnection> {
  const client = new pg.Client({ connectionString: POSTGRES_URL, options: `-c search_path=${where}` });
  await client.connect();
  return {
    run: async (text, values) => (await client.query(text, values)).rows,
    client: () => fromPg(client),
    close: () => client.end(),
  };
}

/** Settings of mysql2 that change how rows and values are returned. */
const ODD_SETTINGS = {
  rowsAsArray: true,
  nestTables: true,
  namedPlaceholders: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  typeCast: () => "cast",
};

async function openMysql2({ where }: Address, settings: object = {}): Promise<DriverConnection> {
  const connection = createConnection({ uri: MYSQL_URL ?? "", database: where, ...settings });
  return {
    run: async (text, values = []) => rowsOf(await connection.promise().query(text, values)),
    client: () => fromMysql2(connection),
    close: () => connection.promise().end(),
  };
}

async function openMysql2Promise({ where }: Address): Promise<DriverConnection> {
  const connection = await createPromiseConnection({ uri: MYSQL_URL ?? "", database: where });
  return {
    run: async (text, values = []) => rowsOf(await connection.query(text, values)),
    client: () => fromMysql2(connection),
    close: () => connection.end(),
  };
}

function rowsOf([result]: readonly unknown[]): readonly unknown[] {
  return Array.isArray(result) ? result : [];
}

async function openBetterSqlite3({ where }: Address, safeIntegers = false): Promise<DriverConnection> {
  const database = new Database(where, { timeout: 0 });
  database.defaultSafeIntegers(safeIntegers);
  return {
    run: async (text, values = []) => {
      const statement = database.prepare(text === "begin" ? "begin immediate" : text);
      if (statement.reader) return statement.all(...values);
      statement.run(...values);
      return [];
    },
    client: () => fromBetterSqlite3(database),
    close: async () => database.close(),
  };
}

function onServer(dialect: string): SharedDatabaseKind[] {
  return SERVERS.filter((kind) => kind.dialect.exportedAs === dialect);
}

const DRIVERS: readonly Driver[] = [
  { name: "better-sqlite3", database: SQLITE, open: (address) => openBetterSqlite3(address) },
  {
    name: "better-sqlite3 with integers as bigints",
    database: SQLITE,
    open: (address) => openBetterSqlite3(address, true),
  },
  ...onServer("postgresDialect").map((database) => ({ name: "pg", database, open: openPg })),
  ...onServer("mysqlDialect").flatMap((database) => [
    { name: "mysql2", database, open: (address: Address) => openMysql2(address) },
    { name: "mysql2/promise", database, open: openMysql2Promise },
    { name: "mysql2 with odd settings", database, open: (address: Address) => openMysql2(address, ODD_SETTINGS) },
  ]),
];

interface OpenHost {
  readonly connection: DriverConnection;
  readonly library: LibraryHost;
  readonly db: Kysely<object>;
  readonly store: Awaited<ReturnType<typeof openStore>>;
}

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openHost({ database, open }: Driver): Promise<OpenHost> {
  const place = await database.makePlace();
  closing.push(() => place.drop());
  const db = place.connect();
  const store = await openStore(tablesIn(place, db));
  const orders = place.schema === undefined ? "orders" : `${place.schema}.orders`;
  await sql`create table ${sql.table(orders)} (id bigint primary key)`.execute(db);
  const connection = await open(place.address);
  closing.push(() => connection.close());
  return { connection, library: libraryOf(connection, db, orders), db, store };
}

function libraryOf(connection: DriverConnection, db: Kysely<object>, orders: string): LibraryHost {
  return {
    transaction: async (work) => {
      await connection.run("begin");
      try {
        await work({
          client: connection.client(),
          insert: (id) => connection.run(`insert into orders (id) values (${String(id)})`),
        });
        await connection.run("commit");
      } catch (error) {
        await connection.run("rollback");
        throw error;
      }
    },
    ids: async () => {
      const { rows } = await sql<{ id: unknown }>`select id from ${sql.table(orders)} order by id`.execute(db);
      return rows.map(({ id }) => Number(id));
    },
    refused: [],
    close: async () => undefined,
  };
}

describe.each(DRIVERS)("a transaction of $name", (driver) => {
  test.each(LIBRARY_CHECKS)("$title", async ({ run }) => {
    const { library, store } = await openHost(driver);
    const tracker = createIssueTracker({ store, alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    await run({ library, store, tracker });
    await tracker.close();
  });

  test("returns bytes, texts and large integers as this library reads them", async () => {
    const { connection } = await openHost(driver);
    const types = driver.database === SQLITE ? ["blob", "text"] : columnTypes(driver.database.dialect);
    await connection.run(`create table kept (id bigint primary key, b ${types[0] ?? ""}, t ${types[1] ?? ""})`);
    await connection.run("begin");
    const client = connection.client();
    const mark = (number: number) => (client.kind === "postgres" ? `$${String(number)}` : "?");
    const bytes = new Uint8Array([9, 0, 255, 92, 39, 9]).subarray(1, 5);
    const insert = `insert into kept values (${mark(1)}, ${mark(2)}, ${mark(3)})`;
    expect(await client.execute(insert, [Number.MAX_SAFE_INTEGER, bytes, "é😀\\'$1?"])).toBe(1);
    expect(await client.execute(insert, [2, null, null])).toBe(1);
    const rows = await client.query(`select id, b, t from kept where id >= ${mark(1)} order by id desc`, [1]);
    expect(rows.map(({ id, b, t }) => [Number(id), b instanceof Uint8Array ? [...b] : b, t])).toEqual([
      [Number.MAX_SAFE_INTEGER, [0, 255, 92, 39], "é😀\\'$1?"],
      [2, null, null],
    ]);
    expect(await client.query(`select id from kept where id = ${mark(1)}`, [7])).toEqual([]);
    expect(await client.execute(`update kept set t = ${mark(1)}`, ["same"])).toBe(2);
    // Rows that match count as changed, also where they are as they were.
    expect(await client.execute(`update kept set t = ${mark(1)}`, ["same"])).toBe(2);
    expect(await client.execute("savepoint s", [])).toBe(0);
    await connection.run("rollback");
  });
});

function columnTypes({ kind }: StoreDialect): string[] {
  return kind === "postgres" ? ["bytea", "text"] : ["longblob", "longtext character set utf8mb4"];
}

describe("an adapter refuses", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("hostile");
      },
    },
  );
  const adapters = {
    fromPg: { adapter: fromPg, field: "client" },
    fromPostgresJs: { adapter: fromPostgresJs, field: "sql" },
    fromMysql2: { adapter: fromMysql2, field: "connection" },
    fromBetterSqlite3: { adapter: fromBetterSqlite3, field: "database" },
    fromDrizzle: { adapter: fromDrizzle, field: "transaction" },
    fromKnex: { adapter: fromKnex, field: "transaction" },
    fromTypeOrm: { adapter: fromTypeOrm, field: "manager" },
    fromPrisma: { adapter: fromPrisma, field: "transaction" },
  };

  test.each(Object.entries(adapters))("what is no transaction: %s", (_name, { adapter, field }) => {
    for (const given of [null, undefined, 1, "transaction", {}, [], () => undefined, hostile, Promise.resolve()]) {
      expect(() => Reflect.apply(adapter, undefined, [given, "postgres"])).toThrow(
        expect.objectContaining({ code: "invalid-input", field }),
      );
    }
  });

  test("the connections of other drivers", () => {
    const database = new Database(":memory:");
    const client = new pg.Client();
    database.exec("begin");
    for (const [adapter, given] of [
      [fromPg, database],
      [fromMysql2, client],
      [fromBetterSqlite3, client],
      [fromPostgresJs, client],
      [fromPrisma, client],
    ] as const) {
      expect(() => Reflect.apply(adapter, undefined, [given, "mysql"])).toThrow(/: got an object; allowed is /u);
    }
    database.close();
  });

  test("a pool", async () => {
    const pools = [new pg.Pool(), createPool({}), createPromisePool({})] as const;
    const [pgPool, mysqlPool, promisePool] = pools;
    expect(() => Reflect.apply(fromPg, undefined, [pgPool])).toThrow(/await pool\.connect\(\)/u);
    for (const pool of [mysqlPool, promisePool]) {
      expect(() => Reflect.apply(fromMysql2, undefined, [pool])).toThrow(/await pool\.getConnection\(\)/u);
    }
    await pgPool.end();
    mysqlPool.end();
    await promisePool.end();
  });

  test("a better-sqlite3 database outside of a transaction", () => {
    const database = new Database(temporaryDatabase());
    expect(() => fromBetterSqlite3(database)).toThrow(/database\.exec\("begin immediate"\)/u);
    database.close();
  });

  test("kinds of databases that Prisma cannot be used with", () => {
    const transaction = { $queryRawUnsafe: async () => [], $executeRawUnsafe: async () => 0 };
    for (const kind of ["sqlite", "mariadb", undefined]) {
      expect(() => Reflect.apply(fromPrisma, undefined, [transaction, kind])).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "kind" }),
      );
    }
  });
});

describe("the clients of one connection know that it is one", () => {
  test("of better-sqlite3 and pg", () => {
    const database = new Database(":memory:");
    database.exec("begin");
    const client = new pg.Client();
    expect(fromBetterSqlite3(database).connection).toBe(database);
    expect(fromPg(client).connection).toBe(client);
    database.close();
  });

  test.each(onServer("mysqlDialect"))("of mysql2 and mysql2/promise, on $name", async () => {
    const connection = createConnection(MYSQL_URL ?? "");
    expect(fromMysql2(connection.promise()).connection).toBe(fromMysql2(connection).connection);
    await connection.promise().end();
  });
});

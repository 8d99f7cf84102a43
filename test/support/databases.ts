import type { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, sql } from "kysely";
import { mysqlDialect, postgresDialect, sqliteDialect, type StoreDialect } from "../../src/kysely/index.ts";
import { connectTo, MYSQL_URL, POSTGRES_URL, type Address, type ConnectOptions } from "./connections.ts";
import { rounds } from "./effort.ts";
import { temporaryDatabase } from "./files.ts";
import { startPglite } from "./pglite.ts";
import { openWire, pgliteWire, type Wire } from "./wire.ts";

/** A place for tables in a database: a separate schema or database, which can be dropped. */
export interface Place {
  readonly dialect: StoreDialect;
  /** The schema, where each test has a separate one. */
  readonly schema: string | undefined;
  /** Creates a Kysely instance, like that of another process. */
  connect(options?: ConnectOptions): Kysely<object>;
  /** Opens a driver's own connection. */
  openWire(): Promise<Wire>;
  /** Closes all instances, and drops the place. */
  drop(): Promise<void>;
}

/** A place that other processes can use too. */
export interface SharedPlace extends Place {
  readonly address: Address;
}

/** A kind of database that tests run on. */
export interface DatabaseKind {
  readonly name: string;
  readonly dialect: StoreDialect;
  /** Whether connections can work at the same time, as on a server. */
  readonly isServer: boolean;
  makePlace(): Promise<Place>;
}

/** A kind of database that several processes can use. */
export interface SharedDatabaseKind extends DatabaseKind {
  makePlace(): Promise<SharedPlace>;
}

/** Names that no other run of the tests uses. */
function uniqueName(): string {
  return `lifecycle_test_${String(process.pid)}_${Math.random().toString(36).slice(2, 10)}`;
}

/** Instances that are closed together. */
class Instances {
  readonly #instances: Kysely<object>[] = [];

  add(db: Kysely<object>): Kysely<object> {
    this.#instances.push(db);
    return db;
  }

  async close(): Promise<void> {
    for (const db of this.#instances.splice(0)) await db.destroy();
  }
}

/** SQLite, in a file. */
export const SQLITE: SharedDatabaseKind = {
  name: "SQLite",
  dialect: sqliteDialect,
  isServer: false,
  makePlace: async () => {
    const address: Address = { kind: "sqlite", where: temporaryDatabase() };
    const instances = new Instances();
    return {
      dialect: sqliteDialect,
      schema: undefined,
      address,
      connect: (options) => instances.add(connectTo(address, options)),
      openWire: () => openWire(address),
      drop: () => instances.close(),
    };
  },
};

let sharedPglite: Promise<PGlite> | undefined;

/** PostgreSQL in this process. */
const PGLITE: DatabaseKind = {
  name: "PostgreSQL in this process (PGlite)",
  dialect: postgresDialect,
  isServer: false,
  makePlace: async () => {
    // One for all test files that a process runs: each place is a schema of its own.
    sharedPglite ??= startPglite();
    const pglite = await sharedPglite;
    const schema = uniqueName();
    return {
      dialect: postgresDialect,
      schema,
      connect: ({ log = [] } = {}) => new Kysely<object>({ dialect: new PGliteDialect({ pglite }), log }),
      openWire: async () => pgliteWire(pglite),
      drop: async () => {
        await pglite.exec(`drop schema if exists ${schema} cascade`);
      },
    };
  },
};

const postgresServer: SharedDatabaseKind = {
  name: "PostgreSQL",
  dialect: postgresDialect,
  isServer: true,
  makePlace: async () => {
    const schema = uniqueName();
    const address: Address = { kind: "postgres", where: schema };
    const instances = new Instances();
    const connect = (options?: ConnectOptions) => instances.add(connectTo(address, options));
    return {
      dialect: postgresDialect,
      schema,
      address,
      connect,
      openWire: () => openWire(address),
      drop: async () => {
        await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(connect());
        await instances.close();
      },
    };
  },
};

const mysqlServer: SharedDatabaseKind = {
  name: "MySQL or MariaDB",
  dialect: mysqlDialect,
  isServer: true,
  makePlace: async () => {
    const schema = uniqueName();
    const address: Address = { kind: "mysql", where: schema };
    const instances = new Instances();
    const connect = (options?: ConnectOptions) => instances.add(connectTo(address, options));
    await sql`create database ${sql.id(schema)}`.execute(connect());
    return {
      dialect: mysqlDialect,
      schema,
      address,
      connect,
      openWire: () => openWire(address),
      drop: async () => {
        await sql`drop database ${sql.id(schema)}`.execute(connect());
        await instances.close();
      },
    };
  },
};

/** Databases without a server, and the servers that the environment names. */
export const SERVERS: readonly SharedDatabaseKind[] = [
  ...(POSTGRES_URL === undefined ? [] : [postgresServer]),
  ...(MYSQL_URL === undefined ? [] : [mysqlServer]),
];

/** All databases that tests run on here. */
export const DATABASES: readonly DatabaseKind[] = [SQLITE, PGLITE, ...SERVERS];

/**
 * The databases that stories are told on besides SQLite: the servers, and PostgreSQL in this process only where no server is one. A story
 * takes many times longer there; the conformance suite, the migrations and the statements run on it at every time.
 */
export const DATABASES_OF_STORIES: readonly DatabaseKind[] = [
  ...(POSTGRES_URL === undefined ? [PGLITE] : []),
  ...SERVERS,
];

/**
 * The databases for tests of what the conformance suite, the migrations and the statements do not depend on. In the quick run it is
 * SQLite.
 */
export const DATABASES_FOR_STORIES: readonly DatabaseKind[] = [
  SQLITE,
  ...DATABASES_OF_STORIES.slice(0, rounds({ quick: 0, full: DATABASES_OF_STORIES.length })),
];

import type { PGlite } from "@electric-sql/pglite";
import Database from "better-sqlite3";
import { fromBetterSqlite3 } from "../../src/kysely/adapters/better-sqlite3.ts";
import { fromMysql2 } from "../../src/kysely/adapters/mysql2.ts";
import { fromPg } from "../../src/kysely/adapters/pg.ts";
import type { TransactionClient } from "../../src/kysely/index.ts";
import { MYSQL_URL, POSTGRES_URL, type Address } from "./connections.ts";

/** A driver's own connection, as a host uses it. */
export interface Wire {
  /** Sends a statement without parameters, at once. */
  send(text: string): Promise<unknown>;
  /** What the driver's adapter makes of the connection, in a transaction. */
  client(): TransactionClient;
  close(): Promise<void>;
}

/** Opens a connection to the database at an address. */
export async function openWire({ kind, where }: Address): Promise<Wire> {
  switch (kind) {
    case "sqlite": {
      const database = new Database(where, { timeout: 0 });
      return {
        send: async (text) => database.exec(text),
        client: () => fromBetterSqlite3(database),
        close: async () => void database.close(),
      };
    }
    case "postgres": {
      const { default: pg } = await import("pg");
      const client = new pg.Client({ connectionString: POSTGRES_URL, options: "-c synchronous_commit=off" });
      await client.connect();
      return { send: (text) => client.query(text), client: () => fromPg(client), close: () => client.end() };
    }
    case "mysql": {
      const { createConnection } = await import("mysql2/promise");
      const connection = await createConnection({ uri: MYSQL_URL ?? "" });
      return {
        send: (text) => connection.query(text),
        client: () => fromMysql2(connection),
        close: () => connection.end(),
      };
    }
  }
}

/** The connection to a PostgreSQL in this process: it has only one. */
export function pgliteWire(pglite: PGlite): Wire {
  return {
    send: (text) => pglite.query(text),
    client: () => ({
      kind: "postgres",
      connection: pglite,
      query: async (text, parameters) => (await pglite.query<Record<string, unknown>>(text, [...parameters])).rows,
      execute: async (text, parameters) => (await pglite.query(text, [...parameters])).affectedRows ?? 0,
      queryTogether: async (statements) => (await pglite.exec(statements)).map(({ rows }) => rows),
    }),
    close: async () => undefined,
  };
}

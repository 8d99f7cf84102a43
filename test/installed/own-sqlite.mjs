// The SQLite that a runtime has of its own, through Kysely: bun:sqlite in Bun, node:sqlite in Node and Deno.
import { kyselyStore, migrate, sqliteDialect } from "issue-lifecycle/kysely";
import { Kysely, SqliteDialect } from "kysely";

const isBun = process.versions.bun !== undefined;
const { Database, DatabaseSync } = await import(isBun ? "bun:sqlite" : "node:sqlite");

/** What Kysely's SqliteDialect asks of a database. */
function openDatabase(filename) {
  const database = isBun ? new Database(filename) : new DatabaseSync(filename, { timeout: 0 });
  return {
    close: () => database.close(),
    prepare: (text) => {
      const statement = database.prepare(text);
      const columns = isBun ? statement.columnNames : statement.columns();
      return {
        reader: columns.length > 0,
        all: (parameters) => statement.all(...parameters),
        run: (parameters) => statement.run(...parameters),
        iterate: (parameters) => statement.iterate(...parameters),
      };
    },
  };
}

/** A Kysely instance on a file. */
export function connectToOwnSqlite(filename) {
  return new Kysely({ dialect: new SqliteDialect({ database: openDatabase(filename) }) });
}

/** A store in a file, which closes its Kysely instance too. */
export async function openOwnSqlite(filename) {
  const db = connectToOwnSqlite(filename);
  await migrate({ db, dialect: sqliteDialect });
  const store = kyselyStore({ db, dialect: sqliteDialect });
  return {
    ...store,
    close: async () => {
      await store.close();
      await db.destroy();
    },
  };
}

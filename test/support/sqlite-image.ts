import Database from "better-sqlite3";
import { CompiledQuery, Kysely, SqliteDialect } from "kysely";
import { readFileSync, writeFileSync } from "node:fs";
import type { IssueStore } from "../../src/index.ts";
import { migrate, sqliteDialect } from "../../src/kysely/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { sqliteOptions, sqliteStoreOn } from "../../src/sqlite/open-sqlite-store.ts";
import { temporaryDatabase } from "./files.ts";

/*
 * Migrations take longer than most tests do in the tables that they create. So each process of the tests migrates once, and keeps
 * what that has created. Tests about opening and migrating do without.
 */

/** What the migrations have created. */
interface Migrated {
  /** The bytes of the database. */
  readonly image: Buffer;
  /** Statements that create the same, one after the other. */
  readonly statements: readonly CompiledQuery[];
}

let kept: Promise<Migrated> | undefined;

async function migrated(): Promise<Migrated> {
  const database = new Database(":memory:");
  const db = new Kysely<object>({ dialect: new SqliteDialect({ database }) });
  await migrate({ db, dialect: sqliteDialect });
  const created = database
    .prepare<[], string>("select sql from sqlite_master where sql is not null and name not like 'sqlite!_%' escape '!'")
    .pluck()
    .all();
  const versions = database
    .prepare<[], string>(
      "select format('insert into issue_lifecycle_schema (version, usable_from) values (%d, %d)', version, usable_from) from issue_lifecycle_schema",
    )
    .pluck()
    .all();
  const image = database.serialize();
  await db.destroy();
  return { image, statements: [...created, ...versions].map((each) => CompiledQuery.raw(each)) };
}

/** Opens an empty store in memory, like `openSqliteStore({ filename: ":memory:" })`. */
export async function openEmbedded(): Promise<IssueStore> {
  const { image } = await (kept ??= migrated());
  return sqliteStoreOn(new Database(image, { timeout: 0 }), sqliteOptions("options", { filename: ":memory:" }));
}

/** Creates the tables with the default names in an empty SQLite database, as `migrate()` does. */
export async function createSqliteTables(db: Kysely<object>): Promise<void> {
  const { statements } = await (kept ??= migrated());
  await db.transaction().execute(async (transaction) => {
    for (const each of statements) await transaction.executeQuery(each);
  });
}

let keptFile: Promise<Buffer> | undefined;

async function bytesOfFile(): Promise<Buffer> {
  const filename = temporaryDatabase();
  await (await openSqliteStore({ filename })).close();
  return readFileSync(filename);
}

/** A database file that an embedded store has created, and that is removed when the test ends. */
export async function migratedFile(): Promise<string> {
  const bytes = await (keptFile ??= bytesOfFile());
  const filename = temporaryDatabase();
  writeFileSync(filename, bytes);
  return filename;
}

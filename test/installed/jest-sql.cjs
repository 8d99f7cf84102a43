// Jest in its default mode, with a Kysely that CommonJS can load: the stores on SQLite.
const Database = require("better-sqlite3");
const { createIssueTracker } = require("issue-lifecycle");
const { kyselyStore, migrate, sqliteDialect } = require("issue-lifecycle/kysely");
const { openSqliteStore } = require("issue-lifecycle/sqlite");
const { Kysely, SqliteDialect } = require("kysely");

async function digestOn(store) {
  const tracker = createIssueTracker({ store });
  await tracker.projects.save({ id: "shop" });
  expect((await tracker.digest({ projectId: "shop", type: "E" })).issue.friendlyId).toBe("SHOP-1");
  await tracker.close();
}

test("digests in the embedded store", async () => {
  await digestOn(await openSqliteStore({ filename: ":memory:" }));
});

test("digests on a Kysely instance", async () => {
  const db = new Kysely({ dialect: new SqliteDialect({ database: new Database(":memory:") }) });
  await migrate({ db, dialect: sqliteDialect });
  await digestOn(kyselyStore({ db, dialect: sqliteDialect }));
  await db.destroy();
});

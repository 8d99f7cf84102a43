import Database from "better-sqlite3";
import { memoryStoreOn } from "../../src/memory/memory-store.ts";
import { MemoryTables } from "../../src/memory/memory-tables.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { registerConformance, type RawReader } from "../../src/testing/index.ts";
import { quickRunner } from "../support/conformance-runner.ts";
import { migratedFile } from "../support/sqlite-image.ts";

/** Reads a SQLite file through a separate connection. */
function rawSqlite(filename: string): RawReader {
  const valueOf = async (query: string, parameter: unknown): Promise<unknown> => {
    const database = new Database(filename, { readonly: true });
    try {
      return database.prepare(query).pluck().get(parameter);
    } finally {
      database.close();
    }
  };
  const ofProject = "project_key = (select key from issue_lifecycle_projects where id = ?)";
  return {
    countIssues: async (id) =>
      Number(await valueOf(`select count(*) from issue_lifecycle_issues where ${ofProject}`, id)),
    countEvents: async (id) =>
      Number(await valueOf(`select count(*) from issue_lifecycle_events where ${ofProject}`, id)),
    titleOf: async (id) => {
      const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
      const title = await valueOf("select title from issue_lifecycle_issues where id = ?", bytes);
      return typeof title === "string" ? title : undefined;
    },
  };
}

/** Reads a memory store's tables. */
function rawMemory(tables: MemoryTables): RawReader {
  return {
    countIssues: async (id) => [...tables.issues.values()].filter(({ projectId }) => projectId === id).length,
    countEvents: async (id) => tables.ofProject.get(id)?.events.size ?? 0,
    titleOf: async (id) => tables.issues.get(id)?.title,
  };
}

registerConformance(quickRunner(), {
  name: "memory",
  lacks: { "host-transactions": "nothing but the store writes to its variables" },
  open: async () => {
    const tables = new MemoryTables();
    const store = memoryStoreOn(tables);
    return { store, openSecond: async () => store, raw: rawMemory(tables) };
  },
});

registerConformance(quickRunner(), {
  name: "SQLite",
  lacks: { "host-transactions": "it has a connection of its own" },
  open: async () => {
    const filename = await migratedFile();
    return {
      store: await openSqliteStore({ filename }),
      openSecond: () => openSqliteStore({ filename }),
      raw: rawSqlite(filename),
    };
  },
});

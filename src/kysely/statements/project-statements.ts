import { LISTED_PROJECT_COLUMNS } from "../rows/rows.ts";
import { integer, ownText } from "../schema/columns.ts";
import { TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { NONE, type ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

const SETTINGS = [
  "slug",
  "slug_key",
  "alert_new_issue",
  "alert_regression",
  "alert_unmute",
  "alert_loud",
  "watch",
  "state_environments",
  "auto_resolve_after",
] as const;

/** Statements on projects. */
export function projectStatements(db: LifecycleDb, many: ManyRows, { lock }: Endings) {
  return {
    byId: many.find("projects", ["id"], TABLES.projects),
    byKey: many.find("projects", ["key"], TABLES.projects),
    bySlugKey: many.find("projects", ["slug_key"], TABLES.projects),
    lock: many.find("projects", ["key"], TABLES.projects, lock),
    page: statement({ after: ownText, limit: integer }, LISTED_PROJECT_COLUMNS, (parameter) =>
      db
        .selectFrom("projects")
        .selectAll()
        .where("slug_key", ">", parameter("after"))
        .orderBy("slug_key")
        .limit(parameter("limit")),
    ),
    insert: many.insert("projects", ["id", ...SETTINGS, "issue_count", "release_count"]),
    update: many.update("projects", ["key"], SETTINGS),
    delete: many.delete("projects", ["key"]),
    /** Changes nothing if one of the numbers, from the first to the new count, was assigned before. */
    raiseIssueCount: statement({ key: integer, first: integer, count: integer }, NONE, (parameter) =>
      db
        .updateTable("projects")
        .set({ issue_count: parameter("count") })
        .where("key", "=", parameter("key"))
        .where("issue_count", "<", parameter("first")),
    ),
    raiseReleaseCount: statement({ key: integer, count: integer }, NONE, (parameter) =>
      db
        .updateTable("projects")
        .set({ release_count: parameter("count") })
        .where("key", "=", parameter("key"))
        .where("release_count", "<", parameter("count")),
    ),
  };
}

import type { ManyRows } from "../many-rows.ts";
import type { encodeProject } from "../row-codec.ts";
import { taking, type Parameters } from "../statement.ts";
import type { LifecycleDb } from "../tables.ts";
import type { Endings } from "./endings.ts";

type ProjectColumns = ReturnType<typeof encodeProject>;

/** Statements on projects. */
export function projectStatements(db: LifecycleDb, many: ManyRows, { lock }: Endings) {
  return {
    byId: many.find("projects", ["id"]),
    byKey: many.find("projects", ["key"]),
    lock: many.find("projects", ["key"], { ending: lock }),
    bySlugKey: taking<{ slug_key: string }>().one((given) =>
      db.selectFrom("projects").selectAll().where("slug_key", "=", given("slug_key")),
    ),
    all: taking<Parameters>().one(() => db.selectFrom("projects").selectAll().orderBy("slug_key")),
    insert: taking<ProjectColumns>().one((given) =>
      db.insertInto("projects").values({
        id: given("id"),
        slug: given("slug"),
        slug_key: given("slug_key"),
        alert_new_issue: given("alert_new_issue"),
        alert_regression: given("alert_regression"),
        alert_unmute: given("alert_unmute"),
        issue_count: 0,
        release_count: 0,
      }),
    ),
    update: taking<ProjectColumns>().one((given) =>
      db
        .updateTable("projects")
        .set({
          slug: given("slug"),
          slug_key: given("slug_key"),
          alert_new_issue: given("alert_new_issue"),
          alert_regression: given("alert_regression"),
          alert_unmute: given("alert_unmute"),
        })
        .where("id", "=", given("id")),
    ),
    /** Changes nothing if one of the numbers, from the first to the one that becomes the count, was given before. */
    raiseIssueCount: taking<{ key: number; first: number; count: number }>().one((given) =>
      db
        .updateTable("projects")
        .set({ issue_count: given("count") })
        .where("key", "=", given("key"))
        .where("issue_count", "<", given("first")),
    ),
    raiseReleaseCount: taking<{ key: number; count: number }>().one((given) =>
      db
        .updateTable("projects")
        .set({ release_count: given("count") })
        .where("key", "=", given("key"))
        .where("release_count", "<", given("count")),
    ),
  };
}

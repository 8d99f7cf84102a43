import type { encodeEvent } from "../row-codec.ts";
import { taking } from "../statement.ts";
import type { Bytes, LifecycleDb } from "../tables.ts";
import { first } from "./first.ts";

/** Statements on stored events. */
export function eventStatements(db: LifecycleDb) {
  return {
    issueIds: taking<{ project_key: number; id: string }>().rows((rows) =>
      db
        .selectFrom("events")
        .select(["id", "issue_id"])
        .where("project_key", "=", first(rows)("project_key"))
        .where(
          "id",
          "in",
          rows.map((row) => row("id")),
        ),
    ),
    byId: taking<{ project_key: number; id: string }>().one((given) =>
      db.selectFrom("events").selectAll().where("project_key", "=", given("project_key")).where("id", "=", given("id")),
    ),
    dataById: taking<{ id: Bytes }>().one((given) =>
      db.selectFrom("event_data").select("data").where("id", "=", given("id")),
    ),
    insert: taking<ReturnType<typeof encodeEvent>>().rows((rows) =>
      db.insertInto("events").values(
        rows.map((row) => ({
          project_key: row("project_key"),
          id: row("id"),
          issue_id: row("issue_id"),
          release: row("release"),
          received_at: row("received_at"),
          occurred_at: row("occurred_at"),
          kept: row("kept"),
          data_id: row("data_id"),
        })),
      ),
    ),
    insertData: taking<{ id: Bytes; data: string }>().rows((rows) =>
      db.insertInto("event_data").values(rows.map((row) => ({ id: row("id"), data: row("data") }))),
    ),
    pageAfter: taking<{ project_key: number; after: string; limit: number }>().one((given) =>
      db
        .selectFrom("events")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("id", ">", given("after"))
        .orderBy("id")
        .limit(given("limit")),
    ),
    delete: taking<{ project_key: number; id: string }>().rows((rows) =>
      db
        .deleteFrom("events")
        .where("project_key", "=", first(rows)("project_key"))
        .where(
          "id",
          "in",
          rows.map((row) => row("id")),
        ),
    ),
    deleteData: taking<{ id: Bytes }>().rows((rows) =>
      db.deleteFrom("event_data").where(
        "id",
        "in",
        rows.map((row) => row("id")),
      ),
    ),
  };
}

import { columnsOf } from "../columns.ts";
import type { ManyRows } from "../many-rows.ts";
import { taking } from "../statement.ts";
import type { LifecycleDb } from "../tables.ts";

/** Statements on stored events. */
export function eventStatements(db: LifecycleDb, many: ManyRows) {
  return {
    byId: many.find("events", ["project_key", "id"]),
    data: many.find("event_data", ["id"]),
    insert: many.insert("events", columnsOf("events")),
    insertData: many.insert("event_data", columnsOf("event_data")),
    pageAfter: taking<{ project_key: number; after: string; limit: number }>().one((given) =>
      db
        .selectFrom("events")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("id", ">", given("after"))
        .orderBy("id")
        .limit(given("limit")),
    ),
    delete: many.delete("events", ["project_key", "id"]),
    deleteData: many.delete("event_data", ["id"]),
  };
}

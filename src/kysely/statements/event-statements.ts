import { integer, text, uuid } from "../schema/columns.ts";
import { columnsOf, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

/** Statements on stored events. */
export function eventStatements(db: LifecycleDb, many: ManyRows) {
  return {
    byId: many.find("events", ["project_key", "id"], TABLES.events),
    data: many.find("event_data", ["id"], TABLES.event_data),
    insert: many.insert("events", columnsOf("events")),
    insertData: many.insert("event_data", columnsOf("event_data")),
    pageAfter: statement({ project_key: integer, after: text, limit: integer }, TABLES.events, (parameter) =>
      db
        .selectFrom("events")
        .selectAll()
        .where("project_key", "=", parameter("project_key"))
        .where("id", ">", parameter("after"))
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    delete: many.delete("events", ["project_key", "id"]),
    deleteData: many.delete("event_data", ["id"]),
  };
}

/** Statements on turning points. */
export function historyStatements(db: LifecycleDb, many: ManyRows) {
  return {
    page: statement({ issue_id: uuid, before: integer, limit: integer }, TABLES.turning_points, (parameter) =>
      db
        .selectFrom("turning_points")
        .selectAll()
        .where("issue_id", "=", parameter("issue_id"))
        .where("number", "<", parameter("before"))
        .orderBy("number", "desc")
        .limit(parameter("limit")),
    ),
    insert: many.insert("turning_points", columnsOf("turning_points")),
    delete: many.delete("turning_points", ["issue_id"]),
  };
}

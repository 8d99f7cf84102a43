import { columnsOf } from "../columns.ts";
import type { ManyRows } from "../many-rows.ts";
import { taking } from "../statement.ts";
import type { Bytes, LifecycleDb } from "../tables.ts";

/** Statements on turning points. */
export function historyStatements(db: LifecycleDb, many: ManyRows) {
  return {
    page: taking<{ issue_id: Bytes; before: number; limit: number }>().one((given) =>
      db
        .selectFrom("turning_points")
        .selectAll()
        .where("issue_id", "=", given("issue_id"))
        .where("number", "<", given("before"))
        .orderBy("number", "desc")
        .limit(given("limit")),
    ),
    insert: many.insert("turning_points", columnsOf("turning_points")),
    delete: many.delete("turning_points", ["issue_id"]),
  };
}

import type { encodeTurningPoint } from "../row-codec.ts";
import { taking } from "../statement.ts";
import type { Bytes, LifecycleDb } from "../tables.ts";

/** Statements on turning points. */
export function historyStatements(db: LifecycleDb) {
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
    insert: taking<ReturnType<typeof encodeTurningPoint>>().rows((rows) =>
      db.insertInto("turning_points").values(
        rows.map((row) => ({
          issue_id: row("issue_id"),
          number: row("number"),
          turn: row("turn"),
          at: row("at"),
          by_user: row("by_user"),
          event_id: row("event_id"),
          comment: row("comment"),
        })),
      ),
    ),
    delete: taking<{ issue_id: Bytes }>().rows((rows) =>
      db.deleteFrom("turning_points").where(
        "issue_id",
        "in",
        rows.map((row) => row("issue_id")),
      ),
    ),
  };
}

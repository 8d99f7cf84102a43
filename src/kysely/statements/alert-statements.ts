import { columnsOf } from "../columns.ts";
import type { ManyRows } from "../many-rows.ts";
import { taking } from "../statement.ts";
import type { LifecycleDb } from "../tables.ts";
import type { Endings } from "./endings.ts";

/** Statements on alerts that are not delivered yet. An alert whose issue was deleted is as good as gone. */
export function alertStatements(db: LifecycleDb, many: ManyRows, { lock, lockFree }: Endings) {
  return {
    pending: taking<{ limit: number }>().one((given) =>
      db
        .selectFrom("alerts")
        .selectAll()
        .where((eb) =>
          eb.exists(eb.selectFrom("issues").select("issues.id").whereRef("issues.id", "=", "alerts.issue_id")),
        )
        .orderBy("due_at")
        .orderBy("id")
        .limit(given("limit")),
    ),
    /** Those that nobody else is about to claim. */
    due: taking<{ now: number; limit: number }>().one((given) =>
      db
        .selectFrom("alerts")
        .selectAll()
        .where("due_at", "<=", given("now"))
        .orderBy("due_at")
        .orderBy("id")
        .limit(given("limit"))
        .modifyEnd(lockFree),
    ),
    leased: many.find("alerts", ["due_at", "id", "lease_token"], { ending: lock }),
    insert: many.insert("alerts", columnsOf("alerts")),
    lease: many.update("alerts", ["due_at", "id"], ["lease_token", "attempts"], ["due_at"]),
    putBack: many.update("alerts", ["due_at", "id"], ["lease_token", "last_error"], ["due_at"]),
    delete: many.delete("alerts", ["due_at", "id"]),
  };
}

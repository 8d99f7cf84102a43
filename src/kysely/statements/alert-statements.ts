import { sql } from "kysely";
import type { encodeAlert } from "../row-codec.ts";
import { taking } from "../statement.ts";
import type { Bytes, LifecycleDb } from "../tables.ts";

/** Statements on alerts that are not delivered yet. An alert whose issue was deleted is as good as gone. */
export function alertStatements(db: LifecycleDb) {
  return {
    pending: taking<{ limit: number }>().one((given) =>
      db
        .selectFrom("alerts")
        .selectAll()
        .where("issue_id", "in", (eb) => eb.selectFrom("issues").select("id"))
        .orderBy("due_at")
        .orderBy("id")
        .limit(given("limit")),
    ),
    due: taking<{ now: number; limit: number }>().one((given) =>
      db
        .selectFrom("alerts")
        .selectAll()
        .where("due_at", "<=", given("now"))
        .orderBy("due_at")
        .orderBy("id")
        .limit(given("limit")),
    ),
    leased: taking<{ due_at: number; id: Bytes; lease_token: string }>().one((given) =>
      db
        .selectFrom("alerts")
        .select("id")
        .where("due_at", "=", given("due_at"))
        .where("id", "=", given("id"))
        .where("lease_token", "=", given("lease_token")),
    ),
    insert: taking<ReturnType<typeof encodeAlert>>().rows((rows) =>
      db.insertInto("alerts").values(
        rows.map((row) => ({
          due_at: row("due_at"),
          id: row("id"),
          issue_id: row("issue_id"),
          alert: row("alert"),
          attempts: row("attempts"),
          last_error: row("last_error"),
          lease_token: row("lease_token"),
        })),
      ),
    ),
    lease: taking<{ due_at: number; id: Bytes; until: number; lease_token: string }>().one((given) =>
      db
        .updateTable("alerts")
        .set({ due_at: given("until"), lease_token: given("lease_token"), attempts: sql`attempts + 1` })
        .where("due_at", "=", given("due_at"))
        .where("id", "=", given("id")),
    ),
    putBack: taking<{ due_at: number; id: Bytes; due_again_at: number; last_error: string }>().one((given) =>
      db
        .updateTable("alerts")
        .set({ due_at: given("due_again_at"), last_error: given("last_error"), lease_token: null })
        .where("due_at", "=", given("due_at"))
        .where("id", "=", given("id")),
    ),
    delete: taking<{ due_at: number; id: Bytes }>().one((given) =>
      db.deleteFrom("alerts").where("due_at", "=", given("due_at")).where("id", "=", given("id")),
    ),
  };
}

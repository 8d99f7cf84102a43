import { sql } from "kysely";
import { UNPLACED_KEYS_FROM } from "../../core/release.ts";
import type { encodeMark, encodeRelease } from "../row-codec.ts";
import { taking } from "../statement.ts";
import type { Bytes, LifecycleDb } from "../tables.ts";

/** Statements on releases and on what issues remember of them. */
export function releaseStatements(db: LifecycleDb) {
  return {
    byVersion: taking<{ project_key: number; version: string }>().one((given) =>
      db
        .selectFrom("releases")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("version", "=", given("version")),
    ),
    page: taking<{ project_key: number; before: string; limit: number }>().one((given) =>
      db
        .selectFrom("releases")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("order_key", "<", given("before"))
        .orderBy("order_key", "desc")
        .limit(given("limit")),
    ),
    /** The last two known releases: one of them is not `""`. */
    lastKnown: taking<{ project_key: number }>().one((given) =>
      db
        .selectFrom("releases")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("known", "=", 1)
        .orderBy("order_key", "desc")
        .limit(2),
    ),
    save: taking<ReturnType<typeof encodeRelease>>().rows((rows) =>
      db
        .insertInto("releases")
        .values(
          rows.map((row) => ({
            project_key: row("project_key"),
            version: row("version"),
            number: row("number"),
            semver: row("semver"),
            order_key: row("order_key"),
            known: row("known"),
            epoch: row("epoch"),
            at: row("at"),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(["project_key", "version"]).doUpdateSet((eb) => ({
            order_key: eb.ref("excluded.order_key"),
            known: eb.ref("excluded.known"),
            epoch: eb.ref("excluded.epoch"),
            at: eb.ref("excluded.at"),
          })),
        ),
    ),
    nearestMark: taking<{ issue_id: Bytes; order_key: string }>().one((given) =>
      db
        .selectFrom("marks")
        .selectAll()
        .where("issue_id", "=", given("issue_id"))
        .where("order_key", "<=", given("order_key"))
        .orderBy("order_key", "desc")
        .limit(1),
    ),
    pageMarks: taking<{ issue_id: Bytes; before: string; limit: number }>().one((given) =>
      db
        .selectFrom("marks")
        .selectAll()
        .where("issue_id", "=", given("issue_id"))
        .where("order_key", "<", given("before"))
        .orderBy("order_key", "desc")
        .limit(given("limit")),
    ),
    saveMarks: taking<ReturnType<typeof encodeMark>>().rows((rows) =>
      db
        .insertInto("marks")
        .values(
          rows.map((row) => ({
            issue_id: row("issue_id"),
            order_key: row("order_key"),
            version: row("version"),
            release_number: row("release_number"),
            fixed_last: row("fixed_last"),
            fixed_at: row("fixed_at"),
            seen: row("seen"),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(["issue_id", "order_key"]).doUpdateSet((eb) => ({
            fixed_last: eb.ref("excluded.fixed_last"),
            fixed_at: eb.ref("excluded.fixed_at"),
            seen: eb.ref("excluded.seen"),
          })),
        ),
    ),
    /** Gives the marks of a release that was only announced its place. */
    moveMarks: taking<{ project_key: number; from: string; to: string }>().one((given) =>
      db
        .updateTable("marks")
        .set({ order_key: given("to") })
        .where("order_key", "=", given("from"))
        .where("order_key", ">=", sql.lit(UNPLACED_KEYS_FROM))
        .where("issue_id", "in", (eb) =>
          eb.selectFrom("issues").select("id").where("project_key", "=", given("project_key")),
        ),
    ),
    deleteMarks: taking<{ issue_id: Bytes }>().rows((rows) =>
      db.deleteFrom("marks").where(
        "issue_id",
        "in",
        rows.map((row) => row("issue_id")),
      ),
    ),
  };
}

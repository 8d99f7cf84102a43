import { sql } from "kysely";
import { UNPLACED_KEYS_FROM } from "../../core/release.ts";
import { columnsOf } from "../columns.ts";
import { GIVEN } from "../dialects/given-rows.ts";
import type { ManyRows } from "../many-rows.ts";
import type { MarkRow } from "../row-codec.ts";
import { taking } from "../statement.ts";
import type { Bytes, LifecycleDb, StoredInteger } from "../tables.ts";
import type { Endings } from "./endings.ts";

/** Statements on releases and on what issues remember of them. */
export function releaseStatements(db: LifecycleDb, many: ManyRows, { latest }: Endings) {
  return {
    byVersion: many.find("releases", ["project_key", "version"]),
    latestByVersion: many.find("releases", ["project_key", "version"], { ending: latest }),
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
        .limit(2)
        .modifyEnd(latest),
    ),
    save: many.save("releases", columnsOf("releases"), {
      key: ["project_key", "version"],
      changing: ["order_key", "known", "epoch", "at"],
    }),
    nearestMarks: nearestMarks(many, latest),
    pageMarks: taking<{ issue_id: Bytes; before: string; limit: number }>().one((given) =>
      db
        .selectFrom("marks")
        .selectAll()
        .where("issue_id", "=", given("issue_id"))
        .where("order_key", "<", given("before"))
        .orderBy("order_key", "desc")
        .limit(given("limit"))
        .modifyEnd(latest),
    ),
    saveMarks: many.save("marks", columnsOf("marks"), {
      key: ["issue_id", "order_key"],
      changing: ["fixed_last", "fixed_at", "seen"],
    }),
    /** Gives the marks of a release that was only announced its place. */
    moveMarks: taking<{ project_key: number; from: string; to: string }>().one((given) =>
      db
        .updateTable("marks")
        .set({ order_key: given("to") })
        .where("order_key", "=", given("from"))
        .where("order_key", ">=", sql.lit(UNPLACED_KEYS_FROM))
        .where(
          (eb) => eb.selectFrom("issues").select("project_key").whereRef("issues.id", "=", "marks.issue_id"),
          "=",
          given("project_key"),
        ),
    ),
    deleteMarks: many.delete("marks", ["issue_id"]),
  };
}

/** For each place the mark with the greatest order key up to the one given. */
function nearestMarks(many: ManyRows, latest: Endings["latest"]) {
  type Given = { place: number; issue_id: Bytes; order_key: string };
  const columns = [
    { name: "place", kind: "integer" },
    { name: "issue_id", kind: "bytes" },
    { name: "order_key", kind: "text" },
  ] as const;
  const marks = sql.table("marks");
  const found = sql.join(columnsOf("marks").map((column) => sql`${marks}.${sql.ref(column)}`));
  return many.other<Given, MarkRow & { place: StoredInteger }>(
    columns,
    (given) =>
      sql`select ${found}, ${given("place")} as ${sql.ref("place")} from ${marks} where ${sql.ref("issue_id")} = ${given("issue_id")} and ${sql.ref("order_key")} <= ${given("order_key")} order by ${sql.ref("order_key")} desc limit 1 ${latest}`,
    (given) => {
      // Not the maximum: some planners would read all marks of the issue for it.
      const nearest = sql`(select ${sql.ref("order_key")} from ${marks} where ${marks}.${sql.ref("issue_id")} = ${GIVEN}.${sql.ref("issue_id")} and ${marks}.${sql.ref("order_key")} <= ${GIVEN}.${sql.ref("order_key")} order by ${sql.ref("order_key")} desc limit 1)`;
      const wanted = sql`(select ${sql.ref("place")}, ${sql.ref("issue_id")}, ${nearest} as ${sql.ref("nearest_key")} from ${given} as ${GIVEN})`;
      return sql`select ${found}, ${sql.ref("wanted.place")} from ${wanted} as ${sql.ref("wanted")} ${many.join} ${marks} on ${marks}.${sql.ref("issue_id")} = ${sql.ref("wanted.issue_id")} and ${marks}.${sql.ref("order_key")} = ${sql.ref("wanted.nearest_key")} ${latest}`;
    },
  );
}

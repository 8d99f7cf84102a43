import { sql } from "kysely";
import { UNPLACED_KEYS_FROM } from "../../core/release.ts";
import { INPUT_ROWS } from "../dialects/input-rows.ts";
import { LISTED_RELEASE_COLUMNS, MARK_COLUMNS } from "../rows/rows.ts";
import { integer, ownText, uuid } from "../schema/columns.ts";
import { columnsOf, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { NONE, type ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

/** Statements on releases and on issues' marks. */
export function releaseStatements(db: LifecycleDb, many: ManyRows, { latest }: Endings) {
  return {
    byVersion: many.find("releases", ["project_key", "version"], TABLES.releases),
    latestByVersion: many.find("releases", ["project_key", "version"], TABLES.releases, latest),
    page: statement({ project_key: integer, before: ownText, limit: integer }, LISTED_RELEASE_COLUMNS, (parameter) =>
      db
        .selectFrom("releases")
        .selectAll()
        .where("project_key", "=", parameter("project_key"))
        .where("order_key", "<", parameter("before"))
        .orderBy("order_key", "desc")
        .limit(parameter("limit")),
    ),
    /** The last two known releases: one of them is not `""`. */
    lastKnown: statement({ project_key: integer }, TABLES.releases, (parameter) =>
      db
        .selectFrom("releases")
        .selectAll()
        .where("project_key", "=", parameter("project_key"))
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
    marksUpTo: statement({ issue_id: uuid, up_to: ownText, limit: integer }, MARK_COLUMNS, (parameter) =>
      db
        .selectFrom("marks")
        .selectAll()
        .where("issue_id", "=", parameter("issue_id"))
        .where("order_key", "<=", parameter("up_to"))
        .orderBy("order_key", "desc")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    saveMarks: many.save("marks", columnsOf("marks"), {
      key: ["issue_id", "order_key"],
      changing: ["fixed_last", "fixed_at", "seen"],
    }),
    /** Moves the marks for a release that was only announced to its place. */
    moveMarks: statement({ project_key: integer, from: ownText, to: ownText }, NONE, (parameter) =>
      db
        .updateTable("marks")
        .set({ order_key: parameter("to") })
        .where("order_key", "=", parameter("from"))
        .where("order_key", ">=", sql.lit(UNPLACED_KEYS_FROM))
        .where(
          (eb) => eb.selectFrom("issues").select("project_key").whereRef("issues.id", "=", "marks.issue_id"),
          "=",
          parameter("project_key"),
        ),
    ),
    deleteMarks: many.delete("marks", ["issue_id"]),
  };
}

/** For each input row the mark with the greatest order key up to a given one. */
function nearestMarks(many: ManyRows, latest: Endings["latest"]) {
  const input = { place: integer, issue_id: uuid, up_to: ownText };
  const marks = sql.table("marks");
  const [issueId, orderKey, place] = [sql.ref("issue_id"), sql.ref("order_key"), sql.ref("place")];
  const found = sql.join(columnsOf("marks").map((column) => sql`${marks}.${sql.ref(column)}`));
  return many.other(
    input,
    { ...MARK_COLUMNS, place: integer },
    (parameter) =>
      sql`select ${found}, ${parameter("place")} as ${place} from ${marks} where ${issueId} = ${parameter("issue_id")} and ${orderKey} <= ${parameter("up_to")} order by ${orderKey} desc limit 1 ${latest}`,
    (rows) => {
      // Not the maximum: some planners would read all marks of the issue for it.
      const nearest = sql`(select ${orderKey} from ${marks} where ${marks}.${issueId} = ${INPUT_ROWS}.${issueId} and ${marks}.${orderKey} <= ${INPUT_ROWS}.${sql.ref("up_to")} order by ${orderKey} desc limit 1)`;
      const wanted = sql`(select ${place}, ${issueId}, ${nearest} as ${sql.ref("nearest_key")} from ${rows} as ${INPUT_ROWS})`;
      return sql`select ${found}, ${sql.ref("wanted.place")} from ${wanted} as ${sql.ref("wanted")} ${many.join} ${marks} on ${marks}.${issueId} = ${sql.ref("wanted.issue_id")} and ${marks}.${orderKey} = ${sql.ref("wanted.nearest_key")} ${latest}`;
    },
  );
}

import { sql } from "kysely";
import { INPUT_ROWS } from "../dialects/input-rows.ts";
import { MARK_COLUMNS, MARKED_RELEASE_COLUMNS } from "../rows/release-row.ts";
import { integer, ownText, uuid } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { MOVED_TO, type ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

const [MARKS, RELEASES] = [sql.table("release_marks"), sql.table("project_releases")];

/** Statements on issues' marks. */
export function markStatements(db: LifecycleDb, many: ManyRows, { latest }: Endings) {
  return {
    nearest: nearestMarks(many, latest),
    upTo: statement({ issue_id: uuid, up_to: ownText, limit: integer }, MARK_COLUMNS, (parameter) => {
      const found = sql`select ${FOUND} from ${MARKS} ${WITH_RELEASES} where ${mark("issue_id")} = ${parameter("issue_id")} and ${mark("order_key")} <= ${parameter("up_to")} order by ${mark("order_key")} desc limit ${parameter("limit")} ${latest}`;
      return { compile: () => found.compile(db) };
    }),
    byKey: many.find("release_marks", ["issue_id", "order_key"], KEYED_COLUMNS, latest),
    save: many.save("release_marks", columnsOf("release_marks"), {
      key: ["issue_id", "order_key"],
      changing: ["fixed_last", "fixed_at", "seen"],
    }),
    delete: many.delete("release_marks", ["issue_id", "order_key"]),
    deleteOfIssues: many.delete("release_marks", ["issue_id"]),
    deleteOfReleases: many.delete("release_marks", ["project_key", "order_key"]),
    move: many.move("release_marks", ["project_key", "order_key"], "order_key"),
    meeting: meetingMarks(many, latest),
  };
}

function mark(column: keyof (typeof TABLES)["release_marks"]) {
  return sql`${MARKS}.${sql.ref(column)}`;
}

const { issue_id, order_key, project_key, fixed_last, fixed_at, seen } = TABLES.release_marks;
const KEYED_COLUMNS = { issue_id, project_key, order_key, fixed_last };

const FOUND = sql.join([
  ...namesIn({ issue_id, order_key, fixed_last, fixed_at, seen }).map(mark),
  ...namesIn(MARKED_RELEASE_COLUMNS).map((column) => sql`${RELEASES}.${sql.ref(column)}`),
]);

/** A mark whose release is missing is found too: it cannot be read. */
const WITH_RELEASES = sql`left join ${RELEASES} on ${RELEASES}.${sql.ref("project_key")} = ${mark("project_key")} and ${RELEASES}.${sql.ref("order_key")} = ${mark("order_key")}`;

/** For each input row the mark with the greatest order key up to a given one. */
function nearestMarks(many: ManyRows, latest: Endings["latest"]) {
  const input = { place: integer, issue_id: uuid, up_to: ownText };
  const [issueId, orderKey, place] = [mark("issue_id"), mark("order_key"), sql.ref("place")];
  return many.seek(
    input,
    { ...MARK_COLUMNS, place: integer },
    (parameter) =>
      sql`select ${FOUND}, ${parameter("place")} as ${place} from ${MARKS} ${WITH_RELEASES} where ${issueId} = ${parameter("issue_id")} and ${orderKey} <= ${parameter("up_to")} order by ${orderKey} desc limit 1 ${latest}`,
    (rows) => {
      // Not the maximum: some planners would read all marks of the issue for it.
      const nearest = sql`(select ${orderKey} from ${MARKS} where ${issueId} = ${INPUT_ROWS}.${sql.ref("issue_id")} and ${orderKey} <= ${INPUT_ROWS}.${sql.ref("up_to")} order by ${orderKey} desc limit 1 ${latest})`;
      const wanted = sql`(select ${place}, ${sql.ref("issue_id")}, ${nearest} as nearest_key from ${rows} as ${INPUT_ROWS})`;
      return sql`select ${FOUND}, wanted.place from ${wanted} as wanted ${many.join} ${MARKS} on ${issueId} = wanted.issue_id and ${orderKey} = wanted.nearest_key ${WITH_RELEASES} ${latest}`;
    },
  );
}

/** What is read of marks that get the same order key. */
export const MEETING_COLUMNS = {
  issue_id,
  order_key,
  project_key,
  fixed_last,
  fixed_at,
  seen,
  /** The order key that they get. */
  [MOVED_TO]: ownText,
};

/** Marks that are to be moved to an order key where their issue has another one, or moves another one to; and those. */
function meetingMarks(many: ManyRows, latest: Endings["latest"]) {
  const input = { project_key: integer, order_key: ownText, [MOVED_TO]: ownText };
  const columns = sql.join(columnsOf("release_marks").map(mark));
  const other = sql.ref("other");
  return many.other(
    input,
    MEETING_COLUMNS,
    (parameter) => {
      const keys = sql`(${parameter("order_key")}, ${parameter(MOVED_TO)})`;
      const hasOther = sql`exists (select 1 from ${MARKS} as ${other} where ${other}.${sql.ref("issue_id")} = ${mark("issue_id")} and ${other}.${sql.ref("order_key")} in ${keys} and ${other}.${sql.ref("order_key")} <> ${mark("order_key")})`;
      return sql`select ${columns}, ${parameter(MOVED_TO)} as moved_to from ${MARKS} where ${mark("project_key")} = ${parameter("project_key")} and ${mark("order_key")} in ${keys} and ${hasOther} ${latest}`;
    },
    (rows) => {
      const keys = sql`(select project_key, order_key, moved_to from ${rows} as sources union select project_key, moved_to, moved_to from ${rows} as targets)`;
      return sql`select found.* from (select ${columns}, keyed.moved_to, count(*) over (partition by keyed.moved_to, ${mark("issue_id")}) as meeting from ${keys} as keyed ${many.join} ${MARKS} on ${mark("project_key")} = keyed.project_key and ${mark("order_key")} = keyed.order_key ${latest}) as found where meeting > 1`;
    },
  );
}

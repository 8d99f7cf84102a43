import { sql, type RawBuilder } from "kysely";
import type { StoredKind } from "../../ports/issue-store.ts";
import { ALERT_COLUMNS, TALLY_COLUMNS } from "../rows/alert-row.ts";
import { tolerant } from "../rows/damage.ts";
import { ISSUE_COLUMNS } from "../rows/issue-row.ts";
import { LISTED_TURNING_POINT_COLUMNS } from "../rows/rows.ts";
import { USER_COLUMNS } from "../rows/user-row.ts";
import { hexBytes, integer, type Columns } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type LifecycleDb } from "../schema/tables.ts";
import { COUNTED, STORED_KEY } from "./count-statements.ts";
import type { Endings } from "./endings.ts";
import type { ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

/** What is read of a group. Its key may be cut where it is long. */
export const GROUP_COLUMNS = {
  project_key: TABLES.groups.project_key,
  issue_id: TABLES.groups.issue_id,
  hash: hexBytes,
  strategy: TABLES.groups.strategy,
  ...tolerant({ grouping_key: TABLES.groups.grouping_key }),
};

/** Statements that read whole entries in the order of their keys, and those about the progress of a copy. */
export function entryStatements(db: LifecycleDb, many: ManyRows, { lock }: Endings) {
  return {
    projects: pagesOf(db, "projects", TABLES.projects),
    issues: pagesOf(db, "issues", ISSUE_COLUMNS),
    groups: pagesOf(db, "groups", GROUP_COLUMNS),
    turningPoints: pagesOf(db, "turningPoints", LISTED_TURNING_POINT_COLUMNS),
    users: pagesOf(db, "users", USER_COLUMNS),
    marks: pagesOf(db, "marks", TABLES.release_marks),
    releases: pagesOf(db, "releases", TABLES.project_releases),
    events: pagesOf(db, "events", TABLES.events),
    alerts: pagesOf(db, "alerts", ALERT_COLUMNS),
    tallies: pagesOf(db, "tallies", TALLY_COLUMNS),
    progress: many.find("copy_progress", ["id"], TABLES.copy_progress),
    /** The same, so that no other copy writes until this transaction ends. */
    lockProgress: many.find("copy_progress", ["id"], TABLES.copy_progress, lock),
    saveProgress: many.save("copy_progress", columnsOf("copy_progress"), { key: ["id"], changing: ["progress"] }),
    deleteProgress: many.delete("copy_progress", ["id"]),
  };
}

/** The rows after a key: `above` a value of its first column, and `within` one value of that, above a value of the second. */
function pagesOf<Read extends Columns>(db: LifecycleDb, kind: StoredKind, columns: Read) {
  const { table, first, second } = COUNTED[kind];
  const [one, other] = [sql.ref(first.name), sql.ref((second ?? first).name)];
  const position = { first: STORED_KEY[first.kind], second: STORED_KEY[(second ?? first).kind] };
  const page = (condition: (parameter: (name: "first" | "second") => RawBuilder<unknown>) => RawBuilder<unknown>) =>
    statement({ ...position, limit: integer }, { ...columns, ...position }, (parameter) => {
      const read = sql.join(namesIn(columns).map((name) => sql.ref(name)));
      const key = sql`${one} as ${sql.ref("first")}, ${other} as ${sql.ref("second")}`;
      const query = sql`select ${read}, ${key} from ${sql.table(table)} where ${condition(parameter)} order by ${one}, ${other} limit ${parameter("limit")}`;
      return { compile: () => query.compile(db) };
    });
  return {
    above: page((parameter) => sql`${one} > ${parameter("first")}`),
    ...(second !== undefined && {
      within: page((parameter) => sql`${one} = ${parameter("first")} and ${other} > ${parameter("second")}`),
    }),
  };
}

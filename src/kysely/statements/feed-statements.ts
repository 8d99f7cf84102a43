import { sql } from "kysely";
import { FED_TURNING_POINT_COLUMNS } from "../rows/rows.ts";
import { integer, uuid } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import type { ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

/** What names a turning point that has no position yet, and when it happened. */
const WAITING_COLUMNS = { issue_id: uuid, number: integer, at: TABLES.turning_points.at };

/**
 * Statements on the feed of turning points. One index serves all of them: an entry without a position is in it too. That is found by a
 * range, because a database that knew its position to be one value could take another index for the order, and read on through it for long.
 */
export function feedStatements(db: LifecycleDb, many: ManyRows, { latest, lock }: Endings) {
  const waiting = db
    .selectFrom("turning_points")
    .where("feed_position", "<", sql.lit(1))
    .orderBy("feed_position")
    .orderBy("issue_id")
    .orderBy("number");
  return {
    page: statement({ after: integer, limit: integer }, FED_TURNING_POINT_COLUMNS, (parameter) =>
      db
        .selectFrom("turning_points")
        .select(namesIn(FED_TURNING_POINT_COLUMNS))
        .where("feed_position", ">", parameter("after"))
        .orderBy("feed_position")
        .limit(parameter("limit")),
    ),
    /** One of the turning points without a position, if there is any. */
    anyWaiting: statement({}, { number: integer }, () => waiting.select("number").limit(1)),
    /** Turning points without a position, by issue and number. */
    waiting: statement({ limit: integer }, WAITING_COLUMNS, (parameter) =>
      waiting.select(namesIn(WAITING_COLUMNS)).limit(parameter("limit")).modifyEnd(latest),
    ),
    setPosition: many.update("turning_points", ["issue_id", "number"], ["feed_position"]),
    end: many.find("feed", ["key"], TABLES.feed),
    /** The same: no other transaction gives positions until this one ends. */
    lockEnd: many.find("feed", ["key"], TABLES.feed, lock),
    insertEnd: many.insert("feed", columnsOf("feed")),
    moveEnd: many.update("feed", ["key"], ["last_position"]),
  };
}

import { sql } from "kysely";
import { tolerant } from "../rows/damage.ts";
import { LISTED_DATA_COLUMNS, LISTED_EVENT_COLUMNS } from "../rows/event-row.ts";
import { LISTED_TURNING_POINT_COLUMNS, TURNING_POINT_COLUMNS } from "../rows/rows.ts";
import { integer, text, uuid } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import type { ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

/** What is read of an event to erase it. */
const ERASURE_COLUMNS = { id: text, ...tolerant({ data_id: TABLES.events.data_id }) };

/** What is read of an event to evict or to list it. */
const HEAD_COLUMNS = {
  id: text,
  ...tolerant({
    issue_id: TABLES.events.issue_id,
    received_at: TABLES.events.received_at,
    kept: TABLES.events.kept,
    number: TABLES.events.number,
    details: TABLES.events.details,
    data_id: TABLES.events.data_id,
  }),
};

/** What is read of an event's data to list it. */
const LONG_DETAILS_COLUMNS = { id: TABLES.event_data.id, ...tolerant({ details: TABLES.event_data.details }) };

/** What is read of an event to know that it is stored. */
const STORED_COLUMNS = { project_key: integer, id: text, issue_id: uuid };

/** Statements on stored events. */
export function eventStatements(db: LifecycleDb, many: ManyRows, { latest, lock }: Endings) {
  const ofIssue = (direction: "asc" | "desc") =>
    db
      .selectFrom("events")
      .select(namesIn(LISTED_EVENT_COLUMNS))
      .orderBy("issue_id", direction)
      .orderBy("number", direction)
      .orderBy("id", direction);
  /** The events of an issue beyond a number. */
  const numbered = (direction: "asc" | "desc", beyond: "<" | ">") =>
    statement({ issue_id: uuid, number: integer, limit: integer }, LISTED_EVENT_COLUMNS, (parameter) =>
      ofIssue(direction)
        .where("issue_id", "=", parameter("issue_id"))
        .where("number", beyond, parameter("number"))
        .limit(parameter("limit")),
    );
  /** The events of an issue without a number, beyond an id. */
  const unnumbered = (direction: "asc" | "desc", beyond: "<" | ">") =>
    statement({ issue_id: uuid, id: text, limit: integer }, LISTED_EVENT_COLUMNS, (parameter) =>
      ofIssue(direction)
        .where("issue_id", "=", parameter("issue_id"))
        .where("number", "=", sql.lit(0))
        .where("id", beyond, parameter("id"))
        .limit(parameter("limit")),
    );
  return {
    numberedAbove: numbered("asc", ">"),
    numberedBelow: numbered("desc", "<"),
    unnumberedAbove: unnumbered("asc", ">"),
    unnumberedBelow: unnumbered("desc", "<"),
    listedData: many.find("event_data", ["id"], LISTED_DATA_COLUMNS),
    byId: many.find("events", ["project_key", "id"], TABLES.events),
    stored: many.find("events", ["project_key", "id"], STORED_COLUMNS),
    data: many.find("event_data", ["id"], TABLES.event_data),
    insert: many.insert("events", columnsOf("events")),
    insertData: many.insert("event_data", columnsOf("event_data")),
    pageAfter: statement({ project_key: integer, after: text, limit: integer }, HEAD_COLUMNS, (parameter) =>
      db
        .selectFrom("events")
        .select(namesIn(HEAD_COLUMNS))
        .where("project_key", "=", parameter("project_key"))
        .where("id", ">", parameter("after"))
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    longDetails: many.find("event_data", ["id"], LONG_DETAILS_COLUMNS),
    /** Some events of a project, of which only what names them and their data is read. */
    someOfProject: statement({ project_key: integer, limit: integer }, ERASURE_COLUMNS, (parameter) =>
      db
        .selectFrom("events")
        .select(namesIn(ERASURE_COLUMNS))
        .where("project_key", "=", parameter("project_key"))
        .orderBy("id")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    lock: many.find("events", ["project_key", "id"], ERASURE_COLUMNS, lock),
    delete: many.delete("events", ["project_key", "id"]),
    deleteData: many.delete("event_data", ["id"]),
  };
}

/** What is read of a turning point to know its author, and the event that it names. */
const ORIGIN_COLUMNS = {
  issue_id: uuid,
  number: integer,
  ...tolerant({ by_user: TABLES.turning_points.by_user, event_id: TABLES.turning_points.event_id }),
};

/** Statements on turning points. */
export function historyStatements(db: LifecycleDb, many: ManyRows) {
  return {
    page: statement({ issue_id: uuid, before: integer, limit: integer }, LISTED_TURNING_POINT_COLUMNS, (parameter) =>
      db
        .selectFrom("turning_points")
        .select(namesIn(LISTED_TURNING_POINT_COLUMNS))
        .where("issue_id", "=", parameter("issue_id"))
        .where("number", "<", parameter("before"))
        .orderBy("number", "desc")
        .limit(parameter("limit")),
    ),
    insert: many.insert("turning_points", TURNING_POINT_COLUMNS),
    delete: many.delete("turning_points", ["issue_id"]),
    /** The authors of turning points and the events that they name, after a position. */
    origins: statement({ issue_id: uuid, number: integer, limit: integer }, ORIGIN_COLUMNS, (parameter) =>
      db
        .selectFrom("turning_points")
        .select(namesIn(ORIGIN_COLUMNS))
        .where("issue_id", ">=", parameter("issue_id"))
        .where(
          sql<boolean>`(${sql.ref("issue_id")}, ${sql.ref("number")}) > (${parameter("issue_id")}, ${parameter("number")})`,
        )
        .orderBy("issue_id")
        .orderBy("number")
        .limit(parameter("limit")),
    ),
    setCause: many.update("turning_points", ["issue_id", "number"], ["event_id"]),
    setAuthor: many.update("turning_points", ["issue_id", "number"], ["by_user"]),
    some: statement({ issue_id: uuid, limit: integer }, { number: integer }, (parameter) =>
      db
        .selectFrom("turning_points")
        .select("number")
        .where("issue_id", "=", parameter("issue_id"))
        .orderBy("number")
        .limit(parameter("limit")),
    ),
    deleteSome: many.delete("turning_points", ["issue_id", "number"]),
  };
}

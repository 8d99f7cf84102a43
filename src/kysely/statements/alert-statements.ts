import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { StoreDialect } from "../dialects/dialect.ts";
import {
  ALERT_COLUMNS,
  ALERT_STATE_COLUMNS,
  BLOCKED_CODE,
  CLAIMED_IN_NO_ORDER_COLUMNS,
  CLAIMED_IN_ORDER_COLUMNS,
  OUTBOX_STATUS_CODES,
  TALLY_COLUMNS,
} from "../rows/alert-row.ts";
import { tolerant } from "../rows/damage.ts";
import { INPUT_ROWS } from "../dialects/input-rows.ts";
import { integer, nullable, text, uuid } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { NONE, type ManyRows } from "./many-rows.ts";
import { statement, type ParameterOf } from "./statement.ts";

const PENDING = sql.lit(OUTBOX_STATUS_CODES.pending);
const BLOCKED = sql.lit(BLOCKED_CODE);

/** The codes of all known states. */
const CODES = [...Object.values(OUTBOX_STATUS_CODES), BLOCKED_CODE];

const CLAIM = { now: integer, limit: integer };
const DUE_LAST = { due_after: integer, limit: integer };

const ID_COLUMNS = tolerant({ id: uuid });

/** What is read of an alert to know whether it is erased. */
const ERASURE_COLUMNS = { id: uuid, ...tolerant({ alert: TABLES.outbox.alert }) };

/** What is read of an alert to know who has discarded it. */
const DISCARDER_COLUMNS = { id: uuid, ...tolerant({ discarded_by: TABLES.outbox.discarded_by }) };

/** What is read to choose among the alerts of issues. */
const CHOICE_COLUMNS = { ...ALERT_STATE_COLUMNS, ...tolerant({ turn: integer }) };

/** A sum over no rows is `null`. */
const COUNTS = {
  due: nullable(integer),
  waiting: nullable(integer),
  leased: nullable(integer),
  dead: nullable(integer),
  discarded: nullable(integer),
};

/** Statements on the outbox. They may find alerts of deleted issues, which count as deleted too. */
export function alertStatements(
  db: LifecycleDb,
  many: ManyRows,
  dialect: StoreDialect,
  { latest, lock, lockSkippingLocked }: Endings,
) {
  const order = dialect.seeksRangesInIndexes ? (["at", "id"] as const) : (["status", "at", "id"] as const);
  const hasId = sql<SqlBool>`length(${sql.ref("outbox.id")}) = 16`;
  const hasIssue = sql<number>`case when ${sql.ref("outbox.issue_id")} is null or exists (select 1 from ${sql.table("issues")} where ${sql.ref("issues.id")} = ${sql.ref("outbox.issue_id")}) then 1 else 0 end`;
  const hasOthers = sql<number>`case when exists (select 1 from ${sql.table("outbox")} as ${sql.ref("other")} where ${sql.ref("other.issue_id")} = ${sql.ref("outbox.issue_id")} and ${sql.ref("other.id")} <> ${sql.ref("outbox.id")}) then 1 else 0 end`;
  const due = (status: RawBuilder<number>, parameter: ParameterOf<typeof CLAIM>) =>
    db
      .selectFrom("outbox")
      .selectAll("outbox")
      .select(hasIssue.as("has_issue"))
      .where("status", "=", status)
      .where("at", "<=", parameter("now"))
      // One with a damaged id can neither be leased nor removed.
      .where(hasId)
      .orderBy("at")
      .orderBy("id")
      .limit(parameter("limit"))
      .modifyEnd(lockSkippingLocked);
  const dueLast = (status: RawBuilder<number>) =>
    statement(DUE_LAST, ALERT_STATE_COLUMNS, (parameter) =>
      order.reduce(
        (query, column) => query.orderBy(column, "desc"),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.equalsIndexed(sql.ref("status"), status))
          .where("at", ">", parameter("due_after"))
          .limit(parameter("limit"))
          .modifyEnd(lockSkippingLocked),
      ),
    );
  const inUnknownStates = (isBeyond: "<" | ">", status: number) =>
    statement({ limit: integer }, ALERT_COLUMNS, (parameter) =>
      db
        .selectFrom("outbox")
        .selectAll()
        .where("status", isBeyond, status)
        .orderBy("status")
        .orderBy("at")
        .orderBy("id")
        .limit(parameter("limit")),
    );
  const firstBlocked = (issueId: RawBuilder<unknown>) =>
    sql`(select ${sql.ref("blocked.id")} from ${sql.table("outbox")} as ${sql.ref("blocked")} where ${sql.ref("blocked.issue_id")} = ${issueId} and ${sql.ref("blocked.status")} = ${BLOCKED} order by ${sql.ref("blocked.turn")} limit 1 ${latest})`;
  const number = (condition: RawBuilder<unknown>) => sql`sum(case when ${condition} then 1 else 0 end)`;
  const isPending = sql`${sql.ref("status")} in (${PENDING}, ${BLOCKED})`;

  return {
    /** The alerts in one state after an instant. */
    page: statement({ status: integer, at: integer, limit: integer }, ALERT_COLUMNS, (parameter) =>
      order.reduce(
        (query, column) => query.orderBy(column),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.equalsIndexed(sql.ref("status"), parameter("status")))
          .where("at", ">", parameter("at"))
          .limit(parameter("limit")),
      ),
    ),
    /** Those of one instant after an id: all that were not tried yet have the same. In one range with the others, all before it were read. */
    pageOfInstant: statement({ status: integer, at: integer, id: uuid, limit: integer }, ALERT_COLUMNS, (parameter) =>
      order.reduce(
        (query, column) => query.orderBy(column),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.equalsIndexed(sql.ref("status"), parameter("status")))
          .where("at", "=", parameter("at"))
          .where("id", ">", parameter("id"))
          .limit(parameter("limit")),
      ),
    ),
    /** Alerts in states that this version does not know: none, unless something else wrote them. */
    belowKnownStates: inUnknownStates("<", Math.min(...CODES)),
    aboveKnownStates: inUnknownStates(">", Math.max(...CODES)),
    /** Without alerts of deleted issues. */
    count: statement({ now: integer }, COUNTS, (parameter) => {
      const isDue = sql`${sql.ref("at")} <= ${parameter("now")}`;
      const isFree = sql`${sql.ref("lease_token")} is null`;
      const existing = db
        .selectFrom("outbox")
        .where((eb) =>
          eb.or([
            eb("outbox.issue_id", "is", null),
            eb.exists(eb.selectFrom("issues").select("issues.id").whereRef("issues.id", "=", "outbox.issue_id")),
          ]),
        );
      return existing.select([
        number(sql`${isPending} and ${isDue}`).as("due"),
        number(sql`${isPending} and not ${isDue} and ${isFree}`).as("waiting"),
        number(sql`${isPending} and not ${isDue} and not ${isFree}`).as("leased"),
        number(sql`${sql.ref("status")} = ${sql.lit(OUTBOX_STATUS_CODES.dead)}`).as("dead"),
        number(sql`${sql.ref("status")} = ${sql.lit(OUTBOX_STATUS_CODES.discarded)}`).as("discarded"),
      ]);
    }),
    /** Due alerts that no other transaction has locked, but those that are known to be blocked by an earlier one of their issue. */
    due: statement(CLAIM, CLAIMED_IN_NO_ORDER_COLUMNS, (parameter) =>
      due(PENDING, parameter).select(hasOthers.as("has_others")),
    ),
    /** Those that are known to be blocked. */
    dueBlocked: statement(CLAIM, CLAIMED_IN_NO_ORDER_COLUMNS, (parameter) =>
      due(BLOCKED, parameter).select(hasOthers.as("has_others")),
    ),
    /** As {@link due}, after a position, each with the first pending alert of its issue, if that is an earlier one. */
    dueInOrder: statement({ ...CLAIM, at: integer, id: uuid }, CLAIMED_IN_ORDER_COLUMNS, (parameter) =>
      due(PENDING, parameter)
        .select((eb) =>
          eb
            .selectFrom("outbox as earlier")
            .select("earlier.id")
            .whereRef("earlier.issue_id", "=", "outbox.issue_id")
            .where("earlier.status", "=", PENDING)
            .whereRef("earlier.turn", "<", "outbox.turn")
            .orderBy("earlier.turn")
            .limit(1)
            .as("blocker"),
        )
        .where("at", ">=", parameter("at"))
        .where(sql<boolean>`(${sql.ref("at")}, ${sql.ref("id")}) > (${parameter("at")}, ${parameter("id")})`),
    ),
    /** As {@link lock}, without those that another transaction has locked. */
    lockFree: many.find("outbox", ["id"], ALERT_STATE_COLUMNS, lockSkippingLocked),
    /**
     * Alerts of issues, in any state. With a condition on the state MariaDB would at times use the index that begins with it,
     * and read all pending alerts.
     */
    ofIssues: many.findShared("outbox", "issue_id", CHOICE_COLUMNS),
    /** Alerts that no other transaction has locked. */
    chosen: many.find("outbox", ["id"], ALERT_COLUMNS, lockSkippingLocked),
    /** Of each issue the first alert that is known to be blocked. */
    firstBlocked: many.other(
      { issue_id: uuid },
      { id: nullable(uuid) },
      (parameter) => sql`select ${firstBlocked(parameter("issue_id"))} as ${sql.ref("id")}`,
      (input) =>
        sql`select ${firstBlocked(sql`${INPUT_ROWS}.${sql.ref("issue_id")}`)} as ${sql.ref("id")} from ${input} as ${INPUT_ROWS}`,
    ),
    /** Alerts in one state that ended before an instant. */
    ended: statement({ status: integer, before: integer, limit: integer }, ID_COLUMNS, (parameter) =>
      order.reduce(
        (query, column) => query.orderBy(column),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.equalsIndexed(sql.ref("status"), parameter("status")))
          .where("at", "<", parameter("before"))
          .where(hasId)
          .limit(parameter("limit"))
          .modifyEnd(lockSkippingLocked),
      ),
    ),
    /** Pending alerts that are due after an instant, the last due first, that no other transaction has locked. */
    dueLast: dueLast(PENDING),
    /** Those that are known to be blocked. */
    dueLastBlocked: dueLast(BLOCKED),
    lock: many.find("outbox", ["id"], ALERT_STATE_COLUMNS, lock),
    insert: many.insert("outbox", columnsOf("outbox")),
    lease: many.update("outbox", ["id"], ["at", "attempts", "lease_token"]),
    settle: many.update("outbox", ["id"], ["status", "at", "last_error", "memo", "lease_token"]),
    discard: many.update("outbox", ["id"], ["status", "at", "lease_token", "discard_reason", "discarded_by"]),
    redrive: many.update(
      "outbox",
      ["id"],
      ["status", "at", "attempts", "lease_token", "discard_reason", "discarded_by"],
    ),
    /** Notes that alerts are blocked by an earlier one. */
    block: many.update("outbox", ["id"], ["status"]),
    replace: many.update("outbox", ["id"], ["alert"]),
    /** Lets a blocked alert be claimed in order. */
    unblock: statement({ id: uuid }, NONE, (parameter) =>
      db.updateTable("outbox").set({ status: PENDING }).where("id", "=", parameter("id")).where("status", "=", BLOCKED),
    ),
    delete: many.delete("outbox", ["id"]),
    deleteOfIssues: many.delete("outbox", ["issue_id"]),
    /** Alerts in any state, by id. */
    after: statement({ id: uuid, limit: integer }, ERASURE_COLUMNS, (parameter) =>
      db
        .selectFrom("outbox")
        .select(namesIn(ERASURE_COLUMNS))
        .where("id", ">", parameter("id"))
        .where(hasId)
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    /** Who has discarded alerts, by the alerts' ids. */
    discarders: statement({ id: uuid, limit: integer }, DISCARDER_COLUMNS, (parameter) =>
      db
        .selectFrom("outbox")
        .select(namesIn(DISCARDER_COLUMNS))
        .where("id", ">", parameter("id"))
        .where(hasId)
        .orderBy("id")
        .limit(parameter("limit")),
    ),
    /** Does nothing if the alert is not discarded by this user any more. */
    setDiscarder: statement({ id: uuid, user: text, discarded_by: text }, NONE, (parameter) =>
      db
        .updateTable("outbox")
        .set({ discarded_by: parameter("discarded_by") })
        .where("id", "=", parameter("id"))
        .where("discarded_by", "=", parameter("user")),
    ),
    /** Alerts about no issue. */
    ofNoIssue: statement({}, ERASURE_COLUMNS, () =>
      db
        .selectFrom("outbox")
        .select(namesIn(ERASURE_COLUMNS))
        .where("issue_id", "is", null)
        .where(hasId)
        .modifyEnd(latest),
    ),
  };
}

/** Statements on tallies. */
export function tallyStatements(db: LifecycleDb, many: ManyRows, { lock, lockSkippingLocked }: Endings) {
  return {
    lock: many.find("tallies", ["project_key", "issue_id"], TALLY_COLUMNS, lock),
    ended: statement({ ended_at: integer, limit: integer }, TALLY_COLUMNS, (parameter) =>
      db
        .selectFrom("tallies")
        .selectAll()
        .where("ends_at", "<=", parameter("ended_at"))
        .orderBy("ends_at")
        .limit(parameter("limit"))
        .modifyEnd(lockSkippingLocked),
    ),
    endingLast: statement({ ends_after: integer, limit: integer }, TALLY_COLUMNS, (parameter) =>
      db
        .selectFrom("tallies")
        .selectAll()
        .where("ends_at", ">", parameter("ends_after"))
        .orderBy("ends_at", "desc")
        .limit(parameter("limit"))
        .modifyEnd(lockSkippingLocked),
    ),
    insert: many.insert("tallies", columnsOf("tallies")),
    update: many.update("tallies", ["project_key", "issue_id"], ["starts_at", "ends_at", "admitted", "throttled"]),
    delete: many.delete("tallies", ["project_key", "issue_id"]),
    deleteOfProject: many.delete("tallies", ["project_key"]),
  };
}

import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { StoreDialect } from "../dialects/dialect.ts";
import {
  ALERT_COLUMNS,
  ALERT_STATE_COLUMNS,
  BEHIND_CODE,
  CLAIMED_COLUMNS,
  CLAIMED_IN_ORDER_COLUMNS,
  OUTBOX_STATUS_CODES,
  TALLY_COLUMNS,
} from "../rows/alert-row.ts";
import { tolerant } from "../rows/damage.ts";
import { INPUT_ROWS } from "../dialects/input-rows.ts";
import { integer, nullable, uuid } from "../schema/columns.ts";
import { columnsOf, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { NONE, type ManyRows } from "./many-rows.ts";
import { statement, type ParameterOf } from "./statement.ts";

const PENDING = sql.lit(OUTBOX_STATUS_CODES.pending);
const BEHIND = sql.lit(BEHIND_CODE);

/** The codes of all known states. */
const CODES = [...Object.values(OUTBOX_STATUS_CODES), BEHIND_CODE];

const CLAIM = { now: integer, limit: integer };
const DUE_LAST = { due_after: integer, limit: integer };

const ID_COLUMNS = tolerant({ id: uuid });

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
  const firstBehind = (issueId: RawBuilder<unknown>) =>
    sql`(select ${sql.ref("behind.id")} from ${sql.table("outbox")} as ${sql.ref("behind")} where ${sql.ref("behind.issue_id")} = ${issueId} and ${sql.ref("behind.status")} = ${BEHIND} order by ${sql.ref("behind.turn")} limit 1 ${latest})`;
  const number = (condition: RawBuilder<unknown>) => sql`sum(case when ${condition} then 1 else 0 end)`;
  const isPending = sql`${sql.ref("status")} in (${PENDING}, ${BEHIND})`;

  return {
    /** The alerts in one state after a position. */
    page: statement({ status: integer, at: integer, id: uuid, limit: integer }, ALERT_COLUMNS, (parameter) =>
      order.reduce(
        (query, column) => query.orderBy(column),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.equalsIndexed(sql.ref("status"), parameter("status")))
          .where("at", ">=", parameter("at"))
          .where(sql<boolean>`(${sql.ref("at")}, ${sql.ref("id")}) > (${parameter("at")}, ${parameter("id")})`)
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
    /** Due alerts that no other transaction has locked, but those that were found behind an earlier one of their issue. */
    due: statement(CLAIM, CLAIMED_COLUMNS, (parameter) => due(PENDING, parameter)),
    /** Those that were found behind an earlier one. */
    dueBehind: statement(CLAIM, CLAIMED_COLUMNS, (parameter) => due(BEHIND, parameter)),
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
    /** Of each issue the first alert that was found behind an earlier one. */
    firstBehind: many.other(
      { issue_id: uuid },
      { id: nullable(uuid) },
      (parameter) => sql`select ${firstBehind(parameter("issue_id"))} as ${sql.ref("id")}`,
      (input) =>
        sql`select ${firstBehind(sql`${INPUT_ROWS}.${sql.ref("issue_id")}`)} as ${sql.ref("id")} from ${input} as ${INPUT_ROWS}`,
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
    /** Those that were found behind an earlier one. */
    dueLastBehind: dueLast(BEHIND),
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
    /** Notes that alerts are behind an earlier one. */
    putBehind: many.update("outbox", ["id"], ["status"]),
    /** Lets an alert be claimed in order that was behind an earlier one. */
    wake: statement({ id: uuid }, NONE, (parameter) =>
      db.updateTable("outbox").set({ status: PENDING }).where("id", "=", parameter("id")).where("status", "=", BEHIND),
    ),
    delete: many.delete("outbox", ["id"]),
    deleteOfIssues: many.delete("outbox", ["issue_id"]),
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
  };
}

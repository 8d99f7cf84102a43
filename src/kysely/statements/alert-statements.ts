import { sql, type RawBuilder } from "kysely";
import { columnsOf } from "../columns.ts";
import type { StoreDialect } from "../dialect.ts";
import type { ManyRows } from "../many-rows.ts";
import { OUTBOX_STATUS_CODES } from "../alert-codec.ts";
import { taking, type ParameterOf } from "../statement.ts";
import type { Bytes, LifecycleDb, StoredInteger } from "../tables.ts";
import type { Endings } from "./endings.ts";

/** What is asked for of the outbox, in SQL. */
export type OutboxPageParameters = {
  status: number;
  /** The place behind which the page begins. */
  at: number;
  id: Bytes;
  limit: number;
};

const PENDING = sql.lit(OUTBOX_STATUS_CODES.pending);

/** Statements on the outbox. An alert whose issue was deleted is as good as gone. */
export function alertStatements(db: LifecycleDb, many: ManyRows, dialect: StoreDialect, { lock, lockFree }: Endings) {
  const order = dialect.seeksRangesInIndexes ? (["at", "id"] as const) : (["status", "at", "id"] as const);
  const due = (given: ParameterOf<{ now: number; limit: number }>) =>
    db
      .selectFrom("outbox")
      .selectAll()
      .where("status", "=", PENDING)
      .where("at", "<=", given("now"))
      .orderBy("at")
      .orderBy("id")
      .limit(given("limit"))
      .modifyEnd(lockFree);
  const number = (condition: RawBuilder<unknown>) =>
    sql<StoredInteger | null>`sum(case when ${condition} then 1 else 0 end)`;
  const isPending = sql`${sql.ref("status")} = ${PENDING}`;

  return {
    /** May have alerts of issues that were deleted. */
    page: taking<OutboxPageParameters>().one((given) =>
      order.reduce(
        (query, column) => query.orderBy(column),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.isGiven(sql.ref("status"), given("status")))
          .where("at", ">=", given("at"))
          .where(sql<boolean>`(${sql.ref("at")}, ${sql.ref("id")}) > (${given("at")}, ${given("id")})`)
          .limit(given("limit")),
      ),
    ),
    count: taking<{ now: number }>().one((given) => {
      const isDue = sql`${sql.ref("at")} <= ${given("now")}`;
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
    /** Those that nobody else is about to claim. */
    due: taking<{ now: number; limit: number }>().one(due),
    /** Of these, those with no pending one of their issue before them. */
    dueInOrder: taking<{ now: number; limit: number }>().one((given) =>
      due(given).where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("outbox as earlier")
              .select("earlier.id")
              .whereRef("earlier.issue_id", "=", "outbox.issue_id")
              .where("earlier.status", "=", PENDING)
              .whereRef("earlier.turn", "<", "outbox.turn"),
          ),
        ),
      ),
    ),
    /**
     * Those of issues that nobody else is about to claim, in whatever state. Asked for a state too, MariaDB would at times go by the
     * index that begins with it, through all that are pending.
     */
    ofIssues: many.findShared("outbox", "issue_id", { ending: lockFree }),
    /** The same, whoever is about to claim them. */
    anyOfIssues: many.findShared("outbox", "issue_id"),
    /** Those that ended before an instant. */
    ended: taking<{ status: number; before: number; limit: number }>().one((given) =>
      order.reduce(
        (query, column) => query.orderBy(column),
        db
          .selectFrom("outbox")
          .selectAll()
          .where(dialect.isGiven(sql.ref("status"), given("status")))
          .where("at", "<", given("before"))
          .limit(given("limit"))
          .modifyEnd(lockFree),
      ),
    ),
    lock: many.find("outbox", ["id"], { ending: lock }),
    insert: many.insert("outbox", columnsOf("outbox")),
    lease: many.update("outbox", ["id"], ["at", "attempts", "lease_token"]),
    settle: many.update("outbox", ["id"], ["status", "at", "last_error", "memo", "lease_token"]),
    discard: many.update("outbox", ["id"], ["status", "at", "lease_token", "discard_reason", "discarded_by"]),
    redrive: many.update(
      "outbox",
      ["id"],
      ["status", "at", "attempts", "lease_token", "discard_reason", "discarded_by"],
    ),
    delete: many.delete("outbox", ["id"]),
  };
}

/** Statements on how many messages there were. */
export function tallyStatements(db: LifecycleDb, many: ManyRows, { lock, lockFree }: Endings) {
  return {
    lock: many.find("alert_tallies", ["project_key", "issue_id"], { ending: lock }),
    ended: taking<{ now: number; limit: number }>().one((given) =>
      db
        .selectFrom("alert_tallies")
        .selectAll()
        .where("ends_at", "<=", given("now"))
        .orderBy("ends_at")
        .limit(given("limit"))
        .modifyEnd(lockFree),
    ),
    insert: many.insert("alert_tallies", columnsOf("alert_tallies")),
    update: many.update(
      "alert_tallies",
      ["project_key", "issue_id"],
      ["starts_at", "ends_at", "admitted", "held_back"],
    ),
    delete: many.delete("alert_tallies", ["project_key", "issue_id"]),
  };
}

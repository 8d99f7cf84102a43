import { sql, type RawBuilder } from "kysely";
import type { StoreDialect } from "../dialects/dialect.ts";
import { USER_COLUMNS } from "../rows/user-row.ts";
import { hash128, integer, nullable, uuid } from "../schema/columns.ts";
import { columnsOf, namesIn, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { NONE, type ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

const OF_ISSUE = { place: integer, issue_id: uuid };
const FROM_DAY = { ...OF_ISSUE, from_day: integer, limit: integer };
const FROM_TURN = { ...OF_ISSUE, from_turn: integer, limit: integer };
const FROM_BOTH = { ...FROM_TURN, from_day: integer };
const ON_DAY = { ...FROM_TURN, day: integer };
const COUNTS = { place: integer, users: integer };

const [USERS, ISSUE_ID, LAST_DAY, LAST_TURN] = [
  sql.table("issue_users"),
  sql.ref("issue_id"),
  sql.ref("last_day"),
  sql.ref("last_turn"),
];

/** Statements on issues' users. */
export function userStatements(db: LifecycleDb, many: ManyRows, dialect: StoreDialect, { latest }: Endings) {
  /**
   * Counts the users of an issue in a range of an index, up to a limit.
   *
   * @param columns - the columns after the issue's id up to that with the bound
   */
  const count = (
    parameter: (name: "place" | "issue_id" | "limit") => RawBuilder<unknown>,
    matching: RawBuilder<unknown>,
    ...columns: readonly RawBuilder<unknown>[]
  ) => {
    const order = dialect.seeksRangesInIndexes ? sql`` : sql`order by ${sql.join([ISSUE_ID, ...columns])}`;
    const found = sql`select 1 as one from ${USERS} where ${ISSUE_ID} = ${parameter("issue_id")} and ${matching} ${order} limit ${parameter("limit")} ${latest}`;
    return sql`select ${parameter("place")} as ${sql.ref("place")}, count(*) as ${sql.ref("users")} from (${found}) as found`;
  };
  const inOrder = db.selectFrom("issue_users").select(namesIn(USER_COLUMNS)).orderBy("user_hash");
  return {
    byKey: many.find("issue_users", ["issue_id", "user_hash"], USER_COLUMNS, latest),
    fromDay: many.repeated(FROM_DAY, COUNTS, (parameter) =>
      count(parameter, sql`${LAST_DAY} >= ${parameter("from_day")}`, LAST_DAY),
    ),
    fromTurn: many.repeated(FROM_TURN, COUNTS, (parameter) =>
      count(parameter, sql`${LAST_TURN} >= ${parameter("from_turn")}`, LAST_TURN),
    ),
    /** Looks at all users since a turn. A bound that is added to is not looked for in an index. */
    fromTurnAndDay: many.repeated(FROM_BOTH, COUNTS, (parameter) => {
      const isOnDays = sql`${LAST_DAY} + 0 >= ${parameter("from_day")}`;
      return count(parameter, sql`${LAST_TURN} >= ${parameter("from_turn")} and ${isOnDays}`, LAST_TURN);
    }),
    fromTurnOnDay: many.repeated(ON_DAY, COUNTS, (parameter) => {
      const isOnDay = sql`${LAST_DAY} = ${parameter("day")}`;
      return count(parameter, sql`${isOnDay} and ${LAST_TURN} >= ${parameter("from_turn")}`, LAST_DAY, LAST_TURN);
    }),
    /** The newest day of any user. */
    newestDay: many.repeated(OF_ISSUE, { place: integer, day: nullable(integer) }, (parameter) => {
      const newest = sql`select ${LAST_DAY} from ${USERS} where ${ISSUE_ID} = ${parameter("issue_id")} order by ${ISSUE_ID} desc, ${LAST_DAY} desc limit 1 ${latest}`;
      return sql`select ${parameter("place")} as ${sql.ref("place")}, (${newest}) as ${sql.ref("day")}`;
    }),
    save: many.save("issue_users", columnsOf("issue_users"), {
      key: ["issue_id", "user_hash"],
      changing: ["last_day", "last_turn"],
    }),
    /** Sets the days of an issue's users back. */
    setBack: statement({ issue_id: uuid, day: integer }, NONE, (parameter) =>
      db
        .updateTable("issue_users")
        .set({ last_day: parameter("day") })
        .where("issue_id", "=", parameter("issue_id"))
        .where("last_day", ">", parameter("day")),
    ),
    delete: many.delete("issue_users", ["issue_id"]),
    firstOfIssue: statement({ issue_id: uuid, limit: integer }, USER_COLUMNS, (parameter) =>
      inOrder.where("issue_id", "=", parameter("issue_id")).limit(parameter("limit")).modifyEnd(latest),
    ),
    nextOfIssue: statement({ issue_id: uuid, user_hash: hash128, limit: integer }, USER_COLUMNS, (parameter) =>
      inOrder
        .where("issue_id", "=", parameter("issue_id"))
        .where("user_hash", ">", parameter("user_hash"))
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    deleteSome: many.delete("issue_users", ["issue_id", "user_hash"]),
  };
}

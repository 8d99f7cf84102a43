import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { IssueOrder } from "../../core/issue-list.ts";
import { columnsOf } from "../columns.ts";
import type { StoreDialect } from "../dialect.ts";
import type { ManyRows } from "../many-rows.ts";
import type { encodeIssue, IssueRow } from "../row-codec.ts";
import { taking, type ParameterOf, type Statement } from "../statement.ts";
import type { Bytes, LifecycleDb, StoredInteger } from "../tables.ts";
import type { Endings } from "./endings.ts";

type ChangeableColumns = ReturnType<typeof encodeIssue>;

/** A column of an issue that can change. */
export type ChangeableColumn = keyof ChangeableColumns;

/** Values of some of them. */
export type ChangedColumns = Partial<ChangeableColumns>;

/** The parameters of a page: where it begins and ends, and what it is of. */
export type PageParameters = {
  project_key: number;
  status: number;
  search: string;
  /** The place's coarse value, its exact value, and its issue's number. */
  coarse: number;
  value: number;
  number: number;
  /** The last coarse value that may be on it. */
  reach: number;
  limit: number;
};

/** Statements on issues, their groups and their counters. */
export function issueStatements(db: LifecycleDb, many: ManyRows, dialect: StoreDialect, { latest, lock }: Endings) {
  return {
    byId: many.find("issues", ["id"]),
    lock: many.find("issues", ["id"], { ending: lock }),
    byNumber: taking<{ project_key: number; number: number }>().one((given) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("status", "in", [0, 1, 2])
        .where("number", "=", given("number")),
    ),
    /** One group's issue. A sub-select, because SQLite would plan a join anew at every call. */
    byGroup: taking<{ project_key: number; hash: Bytes }>().one((given) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where("id", "=", (eb) =>
          eb
            .selectFrom("groups")
            .select("issue_id")
            .where("project_key", "=", given("project_key"))
            .where("hash", "=", given("hash")),
        ),
    ),
    groups: many.find("groups", ["project_key", "hash"]),
    latestGroups: many.find("groups", ["project_key", "hash"], { ending: latest }),
    awaitingNext: taking<{ project_key: number; limit: number }>().one((given) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where("awaits_next_in", "=", given("project_key"))
        .where("awaits_next_in", "is not", null)
        .orderBy("number")
        .limit(given("limit"))
        .modifyEnd(latest),
    ),
    toWake: taking<{ now: number; limit: number }>().one((given) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where("wake_at", "<=", given("now"))
        .where("wake_at", "is not", null)
        .orderBy("wake_at")
        .orderBy("id")
        .limit(given("limit"))
        .modifyEnd(latest),
    ),
    page: pageStatements(db, dialect),
    insert: many.insert("issues", columnsOf("issues")),
    insertGroups: many.insert("groups", columnsOf("groups")),
    update: updateStatements(many),
    delete: many.delete("issues", ["id"]),
    deleteGroups: many.delete("groups", ["project_key", "hash"]),
    counters: many.find("counters", ["issue_id"], { ending: latest }),
    saveCounters: many.save("counters", ["issue_id", "buckets"], { key: ["issue_id"], changing: ["buckets"] }),
    deleteCounters: many.delete("counters", ["issue_id"]),
  };
}

/** Updates of just some columns, by their names. */
function updateStatements(many: ManyRows) {
  type Update = ReturnType<typeof many.update<"issues", "id">>;
  const updates = new Map<string, Update>();
  return (columns: readonly ChangeableColumn[]): Update => {
    const name = columns.join();
    const known = updates.get(name) ?? many.update("issues", ["id"], columns);
    updates.set(name, known);
    return known;
  };
}

/** The columns an order goes by: the coarse one is indexed, the exact one sorts what is equal in it. */
const ORDER_COLUMNS = {
  "last-seen": { coarse: "last_seen_minute", value: "last_seen_at" },
  "first-seen": { coarse: "number", value: "number" },
  "event-count": { coarse: "event_count_class", value: "event_count" },
} as const satisfies Record<IssueOrder, unknown>;

/** The statements of pages in one order and direction, with or without a search. */
interface PageStatements {
  readonly page: Statement<PageParameters, IssueRow>;
  /** The last coarse value on the page, where a database has to be told how far to look; else `null`. */
  readonly reach: Statement<PageParameters, { reach: StoredInteger | null }> | null;
}

/** Pages of the issues in one state, for each order and direction, with and without a search. */
function pageStatements(db: LifecycleDb, dialect: StoreDialect) {
  const pages = new Map<string, PageStatements>();
  return (order: IssueOrder, descending: boolean, searching: boolean): PageStatements => {
    const name = `${order} ${String(descending)} ${String(searching)}`;
    const known = pages.get(name) ?? pageStatement(db, dialect, order, descending, searching);
    pages.set(name, known);
    return known;
  };
}

function pageStatement(
  db: LifecycleDb,
  dialect: StoreDialect,
  order: IssueOrder,
  descending: boolean,
  searching: boolean,
): PageStatements {
  const { coarse, value } = ORDER_COLUMNS[order];
  const direction = descending ? "desc" : "asc";
  const isBehind = descending ? sql`<` : sql`>`;
  const matching = (given: ParameterOf<PageParameters>) => {
    const query = db
      .selectFrom("issues")
      .where(isGiven(dialect, "project_key", given("project_key")))
      .where(isGiven(dialect, "status", given("status")))
      .where(coarse, descending ? "<=" : ">=", given("coarse"))
      .where(
        sql<SqlBool>`(${sql.ref(coarse)}, ${sql.ref(value)}, ${sql.ref("number")}) ${isBehind} (${given("coarse")}, ${given("value")}, ${given("number")})`,
      )
      .limit(given("limit"));
    return searching ? query.where(dialect.contains(sql.ref<string>("search_text"), given("search"))) : query;
  };
  const byIndex = dialect.seeksRangesInIndexes ? [coarse] : (["project_key", "status", coarse] as const);
  const inIndexOrder = (given: ParameterOf<PageParameters>) =>
    byIndex.reduce((query, column) => query.orderBy(column, direction), matching(given));
  const page = taking<PageParameters>().one((given) =>
    inIndexOrder(given)
      .selectAll()
      .where(coarse, descending ? ">=" : "<=", given("reach"))
      .orderBy(value, direction)
      .orderBy("number", direction),
  );
  if (dialect.sortsWithinIndexOrder || value === "number") return { page, reach: null };
  const reach = taking<PageParameters>().one((given) =>
    db
      .selectFrom(inIndexOrder(given).select(`${coarse} as coarse`).as("nearest"))
      .select(({ fn }) => (descending ? fn.min("coarse") : fn.max("coarse")).as("reach")),
  );
  return { page, reach };
}

/** Whether a column has a value: said so that the planner goes by the index that begins with it, and by its order. */
function isGiven(
  dialect: StoreDialect,
  column: "project_key" | "status",
  value: RawBuilder<number>,
): RawBuilder<SqlBool> {
  const name = sql.ref(column);
  return dialect.seeksRangesInIndexes ? sql`${name} = ${value}` : sql`${name} >= ${value} and ${name} <= ${value}`;
}

import { sql, type SqlBool, type UpdateResult } from "kysely";
import type { IssueOrder } from "../../core/issue-list.ts";
import type { StoreDialect } from "../dialect.ts";
import type { encodeIssue, IssueRow } from "../row-codec.ts";
import { taking, type ParameterOf, type Statement } from "../statement.ts";
import type { Bytes, IssuesTable, LifecycleDb } from "../tables.ts";
import { first } from "./first.ts";

type ChangeableColumns = ReturnType<typeof encodeIssue>;

/** A column of an issue that can change. */
export type ChangeableColumn = keyof ChangeableColumns;

/** Values of some of them. */
export type ChangedColumns = Partial<ChangeableColumns>;

type InsertedColumns = ChangeableColumns & Pick<IssuesTable, "id" | "project_key" | "number" | "group_hash">;

/** The parameters of a page: where it begins, and what it is of. */
export type PageParameters = {
  project_key: number;
  status: number;
  search: string;
  /** The place's coarse value, its exact value, and its issue's number. */
  coarse: number;
  value: number;
  number: number;
  limit: number;
};

/** Statements on issues, their groups and their counters. */
export function issueStatements(db: LifecycleDb, dialect: StoreDialect) {
  return {
    byId: taking<{ id: Bytes }>().rows((rows) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where(
          "id",
          "in",
          rows.map((row) => row("id")),
        ),
    ),
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
    groups: taking<{ project_key: number; hash: Bytes }>().rows((rows) =>
      db
        .selectFrom("groups")
        .select(["hash", "issue_id"])
        .where("project_key", "=", first(rows)("project_key"))
        .where(
          "hash",
          "in",
          rows.map((row) => row("hash")),
        ),
    ),
    awaitingNext: taking<{ project_key: number; limit: number }>().one((given) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where("awaits_next_in", "=", given("project_key"))
        .where("awaits_next_in", "is not", null)
        .orderBy("number")
        .limit(given("limit")),
    ),
    toWake: taking<{ now: number; limit: number }>().one((given) =>
      db
        .selectFrom("issues")
        .selectAll()
        .where("wake_at", "<=", given("now"))
        .where("wake_at", "is not", null)
        .orderBy("wake_at")
        .orderBy("id")
        .limit(given("limit")),
    ),
    page: pageStatements(db, dialect),
    insert: taking<InsertedColumns>().rows((rows) =>
      db.insertInto("issues").values(
        rows.map((row) => ({
          ...changeable(row),
          id: row("id"),
          project_key: row("project_key"),
          number: row("number"),
          group_hash: row("group_hash"),
        })),
      ),
    ),
    insertGroups: taking<{
      project_key: number;
      hash: Bytes;
      issue_id: Bytes;
      strategy: string;
      grouping_key: string;
    }>().rows((rows) =>
      db.insertInto("groups").values(
        rows.map((row) => ({
          project_key: row("project_key"),
          hash: row("hash"),
          issue_id: row("issue_id"),
          strategy: row("strategy"),
          grouping_key: row("grouping_key"),
        })),
      ),
    ),
    update: updateStatements(db),
    delete: taking<{ id: Bytes }>().rows((rows) =>
      db.deleteFrom("issues").where(
        "id",
        "in",
        rows.map((row) => row("id")),
      ),
    ),
    deleteGroups: taking<{ project_key: number; hash: Bytes }>().rows((rows) =>
      db
        .deleteFrom("groups")
        .where("project_key", "=", first(rows)("project_key"))
        .where(
          "hash",
          "in",
          rows.map((row) => row("hash")),
        ),
    ),
    counters: taking<{ issue_id: Bytes }>().rows((rows) =>
      db
        .selectFrom("counters")
        .selectAll()
        .where(
          "issue_id",
          "in",
          rows.map((row) => row("issue_id")),
        ),
    ),
    saveCounters: taking<{ issue_id: Bytes; buckets: Bytes }>().rows((rows) =>
      db
        .insertInto("counters")
        .values(rows.map((row) => ({ issue_id: row("issue_id"), buckets: row("buckets") })))
        .onConflict((conflict) =>
          conflict.column("issue_id").doUpdateSet((eb) => ({ buckets: eb.ref("excluded.buckets") })),
        ),
    ),
    deleteCounters: taking<{ issue_id: Bytes }>().rows((rows) =>
      db.deleteFrom("counters").where(
        "issue_id",
        "in",
        rows.map((row) => row("issue_id")),
      ),
    ),
  };
}

/** Updates of just some columns, by their names. */
function updateStatements(db: LifecycleDb) {
  type Update = Statement<ChangeableColumns & { id: Bytes }, UpdateResult>;
  const updates = new Map<string, Update>();
  return (columns: readonly ChangeableColumn[]): Update => {
    const name = columns.join();
    const known =
      updates.get(name) ??
      taking<ChangeableColumns & { id: Bytes }>().one((given) => {
        const changes = Object.entries(changeable(given)).filter(([column]) => columns.some((each) => each === column));
        return db.updateTable("issues").set(Object.fromEntries(changes)).where("id", "=", given("id"));
      });
    updates.set(name, known);
    return known;
  };
}

function changeable(given: ParameterOf<ChangeableColumns>) {
  return {
    status: given("status"),
    state: given("state"),
    wake_at: given("wake_at"),
    awaits_next_in: given("awaits_next_in"),
    title: given("title"),
    transaction_name: given("transaction_name"),
    search_text: given("search_text"),
    first_seen_at: given("first_seen_at"),
    last_seen_at: given("last_seen_at"),
    last_seen_minute: given("last_seen_minute"),
    event_count: given("event_count"),
    event_count_class: given("event_count_class"),
    latest_event_id: given("latest_event_id"),
    last_seen_in: given("last_seen_in"),
    turning_point_count: given("turning_point_count"),
  };
}

/** The columns an order goes by: the coarse one is indexed, the exact one sorts what is equal in it. */
const ORDER_COLUMNS = {
  "last-seen": { coarse: "last_seen_minute", value: "last_seen_at" },
  "first-seen": { coarse: "number", value: "number" },
  "event-count": { coarse: "event_count_class", value: "event_count" },
} as const satisfies Record<IssueOrder, unknown>;

type PageStatement = Statement<PageParameters, IssueRow>;

/** Pages of the issues in one state, for each order and direction, with and without a search. */
function pageStatements(db: LifecycleDb, dialect: StoreDialect) {
  const page = (order: IssueOrder, direction: "asc" | "desc", searching: boolean): PageStatement =>
    taking<PageParameters>().one((given) => {
      const { coarse, value } = ORDER_COLUMNS[order];
      const isBehind = direction === "desc" ? sql`<` : sql`>`;
      const query = db
        .selectFrom("issues")
        .selectAll()
        .where("project_key", "=", given("project_key"))
        .where("status", "=", given("status"))
        .where(coarse, direction === "desc" ? "<=" : ">=", given("coarse"))
        .where(
          sql<SqlBool>`(${sql.ref(coarse)}, ${sql.ref(value)}, ${sql.ref("number")}) ${isBehind} (${given("coarse")}, ${given("value")}, ${given("number")})`,
        )
        .orderBy(coarse, direction)
        .orderBy(value, direction)
        .orderBy("number", direction)
        .limit(given("limit"));
      return searching ? query.where(dialect.contains(sql.ref<string>("search_text"), given("search"))) : query;
    });
  const pages = new Map<string, PageStatement>();
  return (order: IssueOrder, descending: boolean, searching: boolean): PageStatement => {
    const name = `${order} ${String(descending)} ${String(searching)}`;
    const known = pages.get(name) ?? page(order, descending ? "desc" : "asc", searching);
    pages.set(name, known);
    return known;
  };
}

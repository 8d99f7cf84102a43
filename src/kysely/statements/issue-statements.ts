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

/** The parameters of a stretch of a page: where it begins and ends, and what it is of. */
export type StretchParameters = {
  project_key: number;
  status: number;
  search: string;
  /** The place's value in the index, its exact value, and its issue's number. */
  coarse: number;
  value: number;
  number: number;
  /** The last value in the index that may be in it. */
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
    stretch: stretchStatements(db, dialect),
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

/** What a stretch of a page is of. */
interface StretchKind {
  readonly order: IssueOrder;
  readonly descending: boolean;
  readonly isSearch: boolean;
  readonly sorting: StretchSorting;
}

/** How far the index has the issues of a stretch in their order. */
export type StretchSorting =
  /** Exactly. */
  | "indexed"
  /** Exactly, and all of them are equal in its value. */
  | "indexed-equals"
  /** By a coarse value: what is equal in it has to be sorted. */
  | "coarse";

/** The statements of one kind of stretch. */
interface StretchStatements {
  readonly rows: Statement<StretchParameters, IssueRow>;
  /** The last value in the index that is in the stretch, where what is equal in it has to be sorted; else `null`. */
  readonly reach: Statement<StretchParameters, { reach: StoredInteger | null }> | null;
}

/** Stretches of pages of the issues in one state. */
function stretchStatements(db: LifecycleDb, dialect: StoreDialect) {
  const stretches = new Map<string, StretchStatements>();
  return (kind: StretchKind): StretchStatements => {
    const name = [kind.order, kind.descending, kind.isSearch, kind.sorting].join();
    const known = stretches.get(name) ?? stretchStatement(db, dialect, kind);
    stretches.set(name, known);
    return known;
  };
}

function stretchStatement(
  db: LifecycleDb,
  dialect: StoreDialect,
  { order, descending, isSearch, sorting }: StretchKind,
): StretchStatements {
  const { coarse, value } = ORDER_COLUMNS[order];
  const direction = descending ? "desc" : "asc";
  const isBehind = descending ? sql`<` : sql`>`;
  const byNumber = [{ column: "number", from: "number" }] as const;
  const within = sorting === "coarse" ? ([{ column: value, from: "value" }, ...byNumber] as const) : byNumber;
  const isGiven = (column: string, given: RawBuilder<number>) => dialect.isGiven(sql.ref(column), given);
  const inOrder = (given: ParameterOf<StretchParameters>) => {
    const query = db
      .selectFrom("issues")
      .where(isGiven("project_key", given("project_key")))
      .where(isGiven("status", given("status")))
      .limit(given("limit"));
    const exactly = [coarse, ...within.map(({ column }) => column)].map((column) => sql.ref(column));
    const beginning = [given("coarse"), ...within.map(({ from }) => given(from))];
    const inStretch =
      sorting === "indexed-equals"
        ? query
            .where(isGiven(coarse, given("coarse")))
            .where(sql<SqlBool>`${sql.ref("number")} ${isBehind} ${given("number")}`)
        : query
            .where(coarse, descending ? "<=" : ">=", given("coarse"))
            .where(coarse, descending ? ">=" : "<=", given("reach"))
            .where(sql<SqlBool>`(${sql.join(exactly)}) ${isBehind} (${sql.join(beginning)})`);
    const matching = isSearch
      ? inStretch.where(dialect.contains(sql.ref<string>("search_text"), given("search")))
      : inStretch;
    const columns = dialect.seeksRangesInIndexes ? [coarse] : (["project_key", "status", coarse] as const);
    return columns.reduce((each, column) => each.orderBy(column, direction), matching);
  };
  const rows = taking<StretchParameters>().one((given) =>
    within.reduce((query, { column }) => query.orderBy(column, direction), inOrder(given).selectAll()),
  );
  if (sorting !== "coarse") return { rows, reach: null };
  const reach = taking<StretchParameters>().one((given) =>
    db
      .selectFrom(inOrder(given).select(`${coarse} as coarse`).as("nearest"))
      .select(({ fn }) => (descending ? fn.min("coarse") : fn.max("coarse")).as("reach")),
  );
  return { rows, reach };
}

import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { IssueOrder } from "../../core/issue-list.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import { tolerant } from "../rows/damage.ts";
import { ISSUE_COLUMNS, READ_COLUMNS, type StoredIssueRow } from "../rows/issue-row.ts";
import { integer, nullable, type RowOf } from "../schema/columns.ts";
import type { LifecycleDb } from "../schema/tables.ts";
import { matchesSearchParameters, SEARCH_PARAMETERS } from "./issue-search.ts";
import { statement, type ParameterOf, type Statement } from "./statement.ts";

/** The bounds of a stretch of a page. */
const BOUNDS = {
  project_key: integer,
  status: integer,
  /** The position where it begins: its value in the index, its exact value, and its issue's number. */
  coarse: integer,
  value: integer,
  number: integer,
  /** The last value in the index that it may contain. */
  reach: integer,
};

/** The parameters of a stretch of a page. */
const STRETCH_PARAMETERS = {
  ...BOUNDS,
  /** The last number that it may contain, if it is bounded and has one value only. */
  reach_number: integer,
  ...SEARCH_PARAMETERS,
  limit: integer,
};

/** The parameters of a stretch of a page. */
export type StretchParameters = RowOf<typeof STRETCH_PARAMETERS>;

/** The parameters of the end of a search. */
const END_PARAMETERS = {
  ...BOUNDS,
  /** How many issues come before it. */
  others: integer,
};

/** The index entry at the end of a search. */
const END = tolerant({ coarse: integer, number: integer });

/** The columns of an order: the coarse one is indexed, the exact one sorts issues that are equal in it. */
const ORDER_COLUMNS = {
  "last-seen": { coarse: "last_seen_minute", value: "last_seen_at" },
  "first-seen": { coarse: "number", value: "number" },
  "event-count": { coarse: "event_count_class", value: "event_count" },
} as const satisfies Record<IssueOrder, unknown>;

/** How a stretch is in the index. */
export interface IndexKind {
  readonly order: IssueOrder;
  readonly descending: boolean;
  readonly sorting: StretchSorting;
}

/** A kind of stretches. */
export interface StretchKind extends IndexKind {
  readonly isSearch: boolean;
  /** Whether it ends where enough issues were looked at. */
  readonly isBounded: boolean;
}

/** How far the index sorts the issues of a stretch. */
export type StretchSorting =
  /** Completely. */
  | "indexed"
  /** Completely, and all of them have the same coarse value. */
  | "indexed-equals"
  /** By the coarse value only: issues with the same one have to be sorted. */
  | "coarse";

const REACH = tolerant({ reach: nullable(integer) });

/** The statements of one kind of stretch. */
export interface StretchStatements {
  readonly rows: Statement<StretchParameters, StoredIssueRow>;
  /** Finds the last coarse value of the page, where issues with the same one have to be sorted; else `null`. */
  readonly reach: Statement<StretchParameters, RowOf<typeof REACH>> | null;
}

/** Stretches of pages of the issues in one state. */
export function stretchStatements(db: LifecycleDb, dialect: StoreDialect) {
  return memoized((kind: StretchKind) => stretchStatement(db, dialect, kind));
}

/** Statements that find where to end a search through a stretch. */
export function stretchEndStatements(db: LifecycleDb, dialect: StoreDialect) {
  return memoized((kind: IndexKind) => stretchEndStatement(db, dialect, kind));
}

/** Makes each kind of statements once. */
function memoized<Kind extends object, Made>(make: (kind: Kind) => Made): (kind: Kind) => Made {
  const made = new Map<string, Made>();
  return (kind) => {
    const name = JSON.stringify(kind);
    const known = made.get(name) ?? make(kind);
    made.set(name, known);
    return known;
  };
}

/** What sorts issues with equal values of an order: nothing where no two are equal. SQLite would sort again by a second mention. */
function byNumber(order: IssueOrder): readonly "number"[] {
  return order === "first-seen" ? [] : ["number"];
}

/** The issues of the classes of a stretch, in the order of the index. Of a coarse one, also those before its beginning. */
function inClasses(
  db: LifecycleDb,
  dialect: StoreDialect,
  { order, descending, sorting }: IndexKind,
  parameter: ParameterOf<typeof BOUNDS>,
) {
  const { coarse } = ORDER_COLUMNS[order];
  const isAfter = descending ? sql`<` : sql`>`;
  const equals = (column: string, bound: RawBuilder<number>) => dialect.equalsIndexed(sql.ref(column), bound);
  const query = db
    .selectFrom("issues")
    .where(equals("project_key", parameter("project_key")))
    .where(equals("status", parameter("status")));
  const within = query
    .where(coarse, descending ? "<=" : ">=", parameter("coarse"))
    .where(coarse, descending ? ">=" : "<=", parameter("reach"));
  const found = {
    coarse: () => within,
    indexed: () =>
      within.where(
        sql<SqlBool>`(${sql.ref(coarse)}, ${sql.ref("number")}) ${isAfter} (${parameter("coarse")}, ${parameter("number")})`,
      ),
    "indexed-equals": () =>
      query
        .where(equals(coarse, parameter("coarse")))
        .where(sql<SqlBool>`${sql.ref("number")} ${isAfter} ${parameter("number")}`),
  }[sorting]();
  const columns = dialect.seeksRangesInIndexes ? [coarse] : (["project_key", "status", coarse] as const);
  return columns.reduce((each, column) => each.orderBy(column, descending ? "desc" : "asc"), found);
}

function stretchStatement(db: LifecycleDb, dialect: StoreDialect, kind: StretchKind): StretchStatements {
  const { order, descending, isSearch, sorting, isBounded } = kind;
  const { coarse, value } = ORDER_COLUMNS[order];
  const direction = descending ? "desc" : "asc";
  const matching = (parameter: ParameterOf<typeof STRETCH_PARAMETERS>) => {
    const all = inClasses(db, dialect, kind, parameter).limit(parameter("limit"));
    const bounded = {
      // The index does not have the exact value.
      coarse: () =>
        all.where(
          sql<SqlBool>`(${sql.ref(coarse)}, ${sql.ref(value)}, ${sql.ref("number")}) ${descending ? sql`<` : sql`>`} (${parameter("coarse")}, ${parameter("value")}, ${parameter("number")})`,
        ),
      indexed: () => all,
      "indexed-equals": () =>
        isBounded ? all.where("number", descending ? ">=" : "<=", parameter("reach_number")) : all,
    }[sorting]();
    return isSearch ? bounded.where(matchesSearchParameters(dialect, parameter)) : bounded;
  };
  const within = sorting === "coarse" ? [value, ...byNumber(order)] : byNumber(order);
  const rows = statement(STRETCH_PARAMETERS, ISSUE_COLUMNS, (parameter) =>
    within.reduce((query, column) => query.orderBy(column, direction), matching(parameter).select(READ_COLUMNS)),
  );
  // Where a search ends soon, it has few rows to sort, and would look at them twice.
  if (sorting !== "coarse" || isBounded) return { rows, reach: null };
  const reach = statement(STRETCH_PARAMETERS, REACH, (parameter) =>
    db
      .selectFrom(matching(parameter).select(`${coarse} as coarse`).as("nearest"))
      .select(({ fn }) => (descending ? fn.min("coarse") : fn.max("coarse")).as("reach")),
  );
  return { rows, reach };
}

/** Finds the index entry after a number of others. */
function stretchEndStatement(db: LifecycleDb, dialect: StoreDialect, kind: IndexKind) {
  const { order, descending, sorting } = kind;
  const { coarse } = ORDER_COLUMNS[order];
  return statement(END_PARAMETERS, END, (parameter) => {
    const all = inClasses(db, dialect, kind, parameter).select([`${coarse} as coarse`, "number"]);
    const within = sorting === "coarse" ? [] : byNumber(order);
    const sorted = within.reduce((query, column) => query.orderBy(column, descending ? "desc" : "asc"), all);
    return sorted.limit(sql.lit(1)).offset(parameter("others"));
  });
}

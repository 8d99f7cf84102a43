import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { IssueOrder } from "../../core/issue-list.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import { tolerant } from "../rows/damage.ts";
import { ISSUE_COLUMNS, READ_COLUMNS, type StoredIssueRow } from "../rows/issue-row.ts";
import { integer, nullable, ownText, text, type RowOf } from "../schema/columns.ts";
import type { LifecycleDb } from "../schema/tables.ts";
import { statement, type ParameterOf, type Statement } from "./statement.ts";

/** The parameters of a stretch of a page. */
const STRETCH_PARAMETERS = {
  project_key: integer,
  status: integer,
  search: text,
  /** An environment as `environmentPart` writes it; `""` for none. */
  environment: ownText,
  /** The position where it begins: its value in the index, its exact value, and its issue's number. */
  coarse: integer,
  value: integer,
  number: integer,
  /** The last value in the index that it may contain. */
  reach: integer,
  limit: integer,
};

/** The parameters of a stretch of a page. */
export type StretchParameters = RowOf<typeof STRETCH_PARAMETERS>;

/** The columns of an order: the coarse one is indexed, the exact one sorts issues that are equal in it. */
const ORDER_COLUMNS = {
  "last-seen": { coarse: "last_seen_minute", value: "last_seen_at" },
  "first-seen": { coarse: "number", value: "number" },
  "event-count": { coarse: "event_count_class", value: "event_count" },
} as const satisfies Record<IssueOrder, unknown>;

/** A kind of stretches. */
interface StretchKind {
  readonly order: IssueOrder;
  readonly descending: boolean;
  readonly isSearch: boolean;
  readonly isInEnvironment: boolean;
  readonly sorting: StretchSorting;
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
interface StretchStatements {
  readonly rows: Statement<StretchParameters, StoredIssueRow>;
  /** Finds the last coarse value of the page, where issues with the same one have to be sorted; else `null`. */
  readonly reach: Statement<StretchParameters, RowOf<typeof REACH>> | null;
}

/** Stretches of pages of the issues in one state. */
export function stretchStatements(db: LifecycleDb, dialect: StoreDialect) {
  const stretches = new Map<string, StretchStatements>();
  return (kind: StretchKind): StretchStatements => {
    const name = [kind.order, kind.descending, kind.isSearch, kind.isInEnvironment, kind.sorting].join();
    const known = stretches.get(name) ?? stretchStatement(db, dialect, kind);
    stretches.set(name, known);
    return known;
  };
}

function stretchStatement(
  db: LifecycleDb,
  dialect: StoreDialect,
  { order, descending, isSearch, isInEnvironment, sorting }: StretchKind,
): StretchStatements {
  const { coarse, value } = ORDER_COLUMNS[order];
  const direction = descending ? "desc" : "asc";
  const isAfter = descending ? sql`<` : sql`>`;
  const byNumber = [{ column: "number", from: "number" }] as const;
  const within = sorting === "coarse" ? ([{ column: value, from: "value" }, ...byNumber] as const) : byNumber;
  const equals = (column: string, value: RawBuilder<number>) => dialect.equalsIndexed(sql.ref(column), value);
  const inOrder = (parameter: ParameterOf<typeof STRETCH_PARAMETERS>) => {
    const query = db
      .selectFrom("issues")
      .where(equals("project_key", parameter("project_key")))
      .where(equals("status", parameter("status")))
      .limit(parameter("limit"));
    const exactly = [coarse, ...within.map(({ column }) => column)].map((column) => sql.ref(column));
    const beginning = [parameter("coarse"), ...within.map(({ from }) => parameter(from))];
    const inStretch =
      sorting === "indexed-equals"
        ? query
            .where(equals(coarse, parameter("coarse")))
            .where(sql<SqlBool>`${sql.ref("number")} ${isAfter} ${parameter("number")}`)
        : query
            .where(coarse, descending ? "<=" : ">=", parameter("coarse"))
            .where(coarse, descending ? ">=" : "<=", parameter("reach"))
            .where(sql<SqlBool>`(${sql.join(exactly)}) ${isAfter} (${sql.join(beginning)})`);
    const found = isSearch
      ? inStretch.where(dialect.contains(sql.ref<string>("search_text"), parameter("search")))
      : inStretch;
    const matching = isInEnvironment
      ? found.where(dialect.contains(sql.ref<string>("environments"), parameter("environment")))
      : found;
    const columns = dialect.seeksRangesInIndexes ? [coarse] : (["project_key", "status", coarse] as const);
    return columns.reduce((each, column) => each.orderBy(column, direction), matching);
  };
  const rows = statement(STRETCH_PARAMETERS, ISSUE_COLUMNS, (parameter) =>
    within.reduce((query, { column }) => query.orderBy(column, direction), inOrder(parameter).select(READ_COLUMNS)),
  );
  if (sorting !== "coarse") return { rows, reach: null };
  const reach = statement(STRETCH_PARAMETERS, REACH, (parameter) =>
    db
      .selectFrom(inOrder(parameter).select(`${coarse} as coarse`).as("nearest"))
      .select(({ fn }) => (descending ? fn.min("coarse") : fn.max("coarse")).as("reach")),
  );
  return { rows, reach };
}

import { sql, type RawBuilder, type SqlBool } from "kysely";
import { MAX_INSTANT } from "../../core/instant.ts";
import type { SearchCriteria, TimeRange } from "../../core/issue-list.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import { BEYOND_ALL } from "../rows/damage.ts";
import { environmentPart } from "../schema/environments.ts";
import { integer, ownText, text, type RowOf } from "../schema/columns.ts";
import { LEVEL_CODES, LEVEL_OF_NULL } from "../schema/levels.ts";

/** The parameters of a search among issues. */
export const SEARCH_PARAMETERS = {
  search: text,
  /** An environment as `environmentPart` writes it; `""` for any. */
  environment: ownText,
  /** The sum of the codes of levels; -1 for any, damaged ones too. */
  levels: integer,
  /** The order key of a release; `""` for any. */
  seen_in: ownText,
  first_seen_from: integer,
  first_seen_before: integer,
  last_seen_from: integer,
  last_seen_before: integer,
  /** What the text of an issue's state contains; `""` for anything. */
  regressed: ownText,
  loud: ownText,
};

/** The parameters of a search for criteria. */
export function searchParameters(criteria: SearchCriteria): RowOf<typeof SEARCH_PARAMETERS> {
  const { search, environment, levels, seenIn, firstSeen, lastSeen, regressed, loud } = criteria;
  return {
    search,
    environment: environment === null ? "" : environmentPart(environment),
    levels: levels === null ? -1 : sumOf(levels.map((level) => LEVEL_CODES[level])),
    seen_in: seenIn ?? "",
    first_seen_from: fromOf(firstSeen),
    first_seen_before: beforeOf(firstSeen),
    last_seen_from: fromOf(lastSeen),
    last_seen_before: beforeOf(lastSeen),
    regressed: regressed ? memberPart("regressedAt") : "",
    loud: loud ? memberPart("loudAt") : "",
  };
}

/** A range of all instants has damaged ones, too. */
function fromOf({ from }: TimeRange): number {
  return from <= 0 ? -BEYOND_ALL : from;
}

function beforeOf({ before }: TimeRange): number {
  return before > MAX_INSTANT ? BEYOND_ALL : before;
}

function sumOf(codes: readonly number[]): number {
  return codes.reduce((sum, code) => sum + code, 0);
}

/** A member of a JSON object as its text has it, and no string within has: quotes are escaped there. */
function memberPart(name: "regressedAt" | "loudAt"): string {
  return `"${name}":`;
}

/** Whether a row of the issues matches criteria, as `matchesCriteria` says it. */
export function matchesSearchParameters(
  dialect: StoreDialect,
  parameter: (name: keyof typeof SEARCH_PARAMETERS) => RawBuilder<unknown>,
): RawBuilder<SqlBool> {
  const [issues, marks] = [sql.table("issues"), sql.table("release_marks")];
  const textOr = (column: string): RawBuilder<string> => sql<string>`coalesce(${sql.ref(column)}, '')`;
  const contains = (column: RawBuilder<string>, name: keyof typeof SEARCH_PARAMETERS): RawBuilder<SqlBool> =>
    dialect.contains(column, sql`${parameter(name)}`);
  const isOfIssue = sql`${marks}.${sql.ref("issue_id")} = ${issues}.${sql.ref("id")}`;
  const isOfRelease = sql`${marks}.${sql.ref("order_key")} = ${parameter("seen_in")}`;
  // Not whether it exists: for that PostgreSQL would rather read the marks of all issues once, where it expects many issues.
  const isMarked = sql`(select ${marks}.${sql.ref("seen")} from ${marks} where ${isOfIssue} and ${isOfRelease}) = 1`;
  const within = (column: string, from: RawBuilder<unknown>, before: RawBuilder<unknown>) =>
    sql`${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${before}`;
  return sql<SqlBool>`(${sql.join(
    [
      within("first_seen_at", parameter("first_seen_from"), parameter("first_seen_before")),
      within("last_seen_at", parameter("last_seen_from"), parameter("last_seen_before")),
      sql`(${parameter("levels")} = -1 or (coalesce(${sql.ref("level")}, ${sql.lit(LEVEL_OF_NULL)}) & ${parameter("levels")}) <> 0)`,
      contains(textOr("state"), "regressed"),
      contains(textOr("state"), "loud"),
      contains(textOr("environments"), "environment"),
      contains(sql.ref<string>("search_text"), "search"),
      sql`(${parameter("seen_in")} = '' or ${isMarked})`,
    ],
    sql` and `,
  )})`;
}

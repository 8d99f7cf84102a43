import { sql, type RawBuilder } from "kysely";
import type { ColumnKind } from "../../columns.ts";
import type { GivenColumn, RowsSql } from "../../dialect.ts";
import { encodeAsArray, GIVEN, matchesGiven } from "../given-rows.ts";

/** Rows by `json_table`, which MySQL and MariaDB have in common. */
export const mysqlRows: RowsSql = {
  encode: encodeAsArray,
  given: (columns, json) =>
    sql`(select ${sql.join(columns.map(readColumn))} from json_table(${json}, '$[*]' columns (${sql.join(columns.map(typedColumn))})) as sent)`,
  join: sql`straight_join`,
  joinShared: ({ table, given, key }) =>
    sql`${given} as ${GIVEN} straight_join ${table} on ${matchesGiven(table, key)}`,
  // Of these statements in the forms of other databases, the planner would look at all rows of the table.
  update: ({ table, given, key }, assignments) =>
    sql`update ${given} as ${GIVEN} straight_join ${table} on ${matchesGiven(table, key)} set ${sql.join(assignments.map(({ column, value }) => sql`${table}.${sql.ref(column)} = ${value}`))}`,
  delete: ({ table, given, key }) =>
    sql`delete ${table} from ${given} as ${GIVEN} straight_join ${table} on ${matchesGiven(table, key)}`,
  onConflict: (_key, columns) =>
    sql`on duplicate key update ${sql.join(columns.map((each) => sql`${sql.ref(each)} = values(${sql.ref(each)})`))}`,
};

function readColumn({ name, kind }: GivenColumn): RawBuilder<unknown> {
  return kind === "bytes" ? sql`unhex(${sql.ref(name)}) as ${sql.ref(name)}` : sql.ref(name);
}

/**
 * Texts of any length; of bytes those that fit a `text`, because MariaDB finds nothing by what it makes of a longer one.
 * What does not fit is an error, instead of null.
 */
function typedColumn({ name, kind }: GivenColumn, place: number): RawBuilder<unknown> {
  return sql`${sql.ref(name)} ${sql.raw(TYPES[kind])} path ${sql.lit(`$[${String(place)}]`)} error on error`;
}

const TYPES: Readonly<Record<ColumnKind, string>> = { integer: "bigint", text: "longtext", bytes: "text" };

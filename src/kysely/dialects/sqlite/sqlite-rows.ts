import { sql, type RawBuilder } from "kysely";
import type { GivenColumn, RowsSql } from "../../dialect.ts";
import { columnList, encodeAsArray, GIVEN, matchesGiven } from "../given-rows.ts";

/** Rows by SQLite's `json_each`. */
export const sqliteRows: RowsSql = {
  encode: encodeAsArray,
  given: (columns, json) => sql`(select ${sql.join(columns.map(readColumn))} from json_each(${json}))`,
  // SQLite never reorders a cross join.
  join: sql`cross join`,
  joinShared: ({ table, given, key }) => sql`${given} as ${GIVEN} cross join ${table} on ${matchesGiven(table, key)}`,
  update: ({ table, given, key }, assignments) =>
    sql`update ${table} set ${sql.join(assignments.map(({ column, value }) => sql`${sql.ref(column)} = ${value}`))} from ${given} as ${GIVEN} where ${matchesGiven(table, key)}`,
  delete: ({ table, given, key }) =>
    sql`delete from ${table} where (${columnList(key)}) in (select ${columnList(key)} from ${given} as ${GIVEN})`,
  onConflict: (key, columns) =>
    sql`on conflict (${columnList(key)}) do update set ${sql.join(columns.map((each) => sql`${sql.ref(each)} = excluded.${sql.ref(each)}`))}`,
};

function readColumn({ name, kind }: GivenColumn, place: number): RawBuilder<unknown> {
  const value = sql`value ->> ${sql.lit(place)}`;
  return kind === "bytes" ? sql`unhex(${value}) as ${sql.ref(name)}` : sql`${value} as ${sql.ref(name)}`;
}

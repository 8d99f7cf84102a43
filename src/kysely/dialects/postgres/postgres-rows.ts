import { sql, type RawBuilder } from "kysely";
import type { GivenColumn, RowsByKey, RowsSql } from "../../dialect.ts";
import { columnList, GIVEN, matchesGiven } from "../given-rows.ts";

/** Rows by PostgreSQL's `json_to_recordset`. */
export const postgresRows: RowsSql = {
  encode: (columns, values) =>
    JSON.stringify(Object.fromEntries(columns.map(({ name }, place) => [name, values[place]]))),
  given: (columns, json) =>
    sql`(select ${sql.join(columns.map(readColumn))} from json_to_recordset(${json}) as sent(${sql.join(columns.map(typedColumn))}))`,
  join: sql`inner join`,
  joinShared: ({ table, given, key }) => sql`${table} where ${isAmong(table, given, key)}`,
  update: ({ table, given, key }, assignments) =>
    sql`update ${table} set ${sql.join(assignments.map(({ column, value }) => sql`${sql.ref(column)} = ${value}`))} from ${given} as ${GIVEN} where ${matchesGiven(table, key)}`,
  delete: deleteRows,
  onConflict: (key, columns) =>
    sql`on conflict (${columnList(key)}) do update set ${sql.join(columns.map((each) => sql`${sql.ref(each)} = excluded.${sql.ref(each)}`))}`,
};

/** By an array where the key is one column: before the first `analyze` a join would read all rows of the table. */
function deleteRows({ table, given, key }: RowsByKey): RawBuilder<unknown> {
  if (key.length === 1) return sql`delete from ${table} where ${isAmong(table, given, key)}`;
  return sql`delete from ${table} using ${given} as ${GIVEN} where ${matchesGiven(table, key)}`;
}

function isAmong(
  table: RawBuilder<unknown>,
  given: RawBuilder<unknown>,
  [column = ""]: readonly string[],
): RawBuilder<unknown> {
  return sql`${table}.${sql.ref(column)} = any (array(select ${sql.ref(column)} from ${given} as ${GIVEN}))`;
}

function readColumn({ name, kind }: GivenColumn): RawBuilder<unknown> {
  return kind === "bytes" ? sql`decode(${sql.ref(name)}, 'hex') as ${sql.ref(name)}` : sql.ref(name);
}

function typedColumn({ name, kind }: GivenColumn): RawBuilder<unknown> {
  return kind === "integer" ? sql`${sql.ref(name)} bigint` : sql`${sql.ref(name)} text collate "C"`;
}

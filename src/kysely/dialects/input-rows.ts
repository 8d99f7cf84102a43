import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { InputColumn } from "./dialect.ts";

/** The alias of the input rows in a statement. */
export const INPUT_ROWS = sql.raw("input_rows");

/** Columns by their names, separated by commas. */
export function columnList(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}

/** Whether a row of a table has the same key as an input row. */
export function matchesInput(table: RawBuilder<unknown>, key: readonly string[]): RawBuilder<SqlBool> {
  const equalities = key.map((column) => sql`${table}.${sql.ref(column)} = ${INPUT_ROWS}.${sql.ref(column)}`);
  return sql`${sql.join(equalities, sql` and `)}`;
}

/** A row as a JSON array, in the order of its columns. */
export function encodeAsArray(_columns: readonly InputColumn[], values: readonly (string | number | null)[]): string {
  return JSON.stringify(values);
}

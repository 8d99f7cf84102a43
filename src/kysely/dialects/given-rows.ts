import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { GivenColumn } from "../dialect.ts";

/** The name that given rows go by in a statement. */
export const GIVEN = sql.raw("given");

/** Columns by their names, with commas between them. */
export function columnList(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}

/** Whether a row of a table goes with a given one. */
export function matchesGiven(table: RawBuilder<unknown>, key: readonly string[]): RawBuilder<SqlBool> {
  const equalities = key.map((column) => sql`${table}.${sql.ref(column)} = ${GIVEN}.${sql.ref(column)}`);
  return sql`${sql.join(equalities, sql` and `)}`;
}

/** A row as a JSON array, in the order of its columns. */
export function encodeAsArray(_columns: readonly GivenColumn[], values: readonly (string | number | null)[]): string {
  return JSON.stringify(values);
}

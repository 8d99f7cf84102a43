import { sql, type RawBuilder } from "kysely";
import type { ConditionalSql, NamedIndex, TableNames } from "./dialect.ts";
import { columnList } from "./input-rows.ts";

/** Creates an index where the database has "if not exists". */
export function createIndex({ names, table, index }: NamedIndex, columns: readonly string[]): ConditionalSql[] {
  const name = sql.id(names.prefix + index);
  const statement = sql`create index if not exists ${name} on ${inSchema(names, table)} (${columnList(columns)})`;
  return [{ statement, unless: null }];
}

/** Drops an index where the database has "if exists". */
export function dropIndex({ names, index }: NamedIndex): ConditionalSql[] {
  return [{ statement: sql`drop index if exists ${inSchema(names, index)}`, unless: null }];
}

function inSchema({ prefix, schema }: TableNames, name: string): RawBuilder<unknown> {
  return schema === undefined ? sql.id(prefix + name) : sql.id(schema, prefix + name);
}

import { sql, type Kysely, type RawBuilder } from "kysely";
import { mysqlDialect, postgresDialect, sqliteDialect, type StoreDialect } from "../../src/kysely/index.ts";

interface Manifest {
  readonly file: string;
  queries(schema: string | undefined): RawBuilder<{ line: string }>[];
}

/** Each database's queries and manifest. */
const MANIFESTS = new Map<StoreDialect, Manifest>([
  [
    sqliteDialect,
    {
      file: "sqlite.txt",
      queries: () => [sql`select sql as line from sqlite_master where sql is not null order by name`],
    },
  ],
  [
    postgresDialect,
    {
      file: "postgresql.txt",
      queries: (schema) => [
        sql`select concat_ws(' ', table_name, column_name, data_type, collation_name, 'null: ' || is_nullable, 'identity: ' || is_identity) as line
          from information_schema.columns where table_schema = ${schema} order by table_name, ordinal_position`,
        sql`select replace(indexdef, ' ON ' || schemaname || '.', ' ON ') as line from pg_indexes where schemaname = ${schema} order by indexname`,
      ],
    },
  ],
  [
    mysqlDialect,
    {
      file: "mysql.txt",
      queries: (schema) => [
        sql`select concat_ws(' ', table_name, column_name, replace(column_type, '(20)', ''), collation_name, concat('null: ', is_nullable), nullif(extra, '')) as line
          from information_schema.columns where table_schema = ${schema} order by table_name, ordinal_position`,
        sql`select concat_ws(' ', table_name, index_name, group_concat(column_name order by seq_in_index), if(non_unique, 'not unique', 'unique')) as line
          from information_schema.statistics where table_schema = ${schema} group by table_name, index_name, non_unique order by table_name, index_name`,
        sql`select concat_ws(' ', table_name, engine) as line from information_schema.tables where table_schema = ${schema} order by table_name`,
      ],
    },
  ],
]);

/** The tables as the database describes them: a line for each column and index, or for each statement. */
export async function describeSchema(
  dialect: StoreDialect,
  db: Kysely<object>,
  schema: string | undefined,
): Promise<string> {
  const lines: string[] = [];
  for (const query of MANIFESTS.get(dialect)?.queries(schema) ?? []) {
    for (const { line } of (await query.execute(db)).rows) lines.push(line);
  }
  return `${lines.sort().join("\n")}\n`;
}

/** The file with the expected description of the tables. */
export function manifestOf(dialect: StoreDialect): string {
  return new URL(`../stores/manifests/${MANIFESTS.get(dialect)?.file ?? ""}`, import.meta.url).pathname;
}

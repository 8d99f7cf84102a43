import { DummyDriver, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, sql, type RawBuilder } from "kysely";
import type { StoreDialect } from "../../dialect.ts";
import type { TableNames } from "../../table-names.ts";
import { mysqlFailureKind } from "./mysql-failures.ts";
import { mysqlRows } from "./mysql-rows.ts";

/**
 * MySQL 8.0.17 or newer and MariaDB 10.6 or newer, with InnoDB, by `mysql2` or any Kysely dialect whose errors have
 * MySQL's numbers in `errno`.
 *
 * Writers are at the level read committed and lock the rows they change. Texts that identify are kept as bytes: what
 * MySQL holds to be the same text depends on collations, none of which both databases have.
 */
export const mysqlDialect: StoreDialect = {
  name: "MySQL",
  compiling: {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
  transactions: { kind: "isolation-level", writing: "read committed", reading: "repeatable read" },
  locking: {
    kind: "rows",
    lock: sql`for update`,
    lockFree: sql`for update skip locked`,
    // At repeatable read, the default, a plain select shows an older state than a locking one, and nothing fails.
    latest: sql`lock in share mode`,
    limitWaiting: () => null,
  },
  tables: {
    integer: "bigint",
    generatedKey: { type: "bigint", suffix: sql`auto_increment` },
    text: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
    key: (maxBytes) => sql`varbinary(${sql.lit(maxBytes)})`,
    bytes: sql`longblob`,
    keyBytes: (length) => sql`binary(${sql.lit(length)})`,
    clusteredSuffix: sql`engine = innodb`,
    plainSuffix: sql`engine = innodb`,
    indexes: "in-table",
    createSchema: () => null,
  },
  migrationLock: {
    kind: "on-connection",
    lock: (names, timeoutMs) =>
      sql`select get_lock(${lockName(names)}, ${sql.lit(Math.ceil(timeoutMs / 1_000))}) as locked`,
    unlock: (names) => sql`do release_lock(${lockName(names)})`,
  },
  rows: mysqlRows,
  hasSchemas: true,
  seeksRangesInIndexes: false,
  leastPacketBytes: 4_194_304,
  isGiven: (column, value) => sql`${column} >= ${value} and ${column} <= ${value}`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  settingsProblem: sql`select case
    when @@character_set_client <> 'utf8mb4' or @@character_set_results <> 'utf8mb4' then 'the connection''s character set has to be utf8mb4'
    when find_in_set('NO_BACKSLASH_ESCAPES', @@sql_mode) > 0 then 'sql_mode must be without NO_BACKSLASH_ESCAPES, which the driver does not know of'
    end as problem`,
  failureKind: mysqlFailureKind,
};

/** The name of a lock: locks are the server's, not a database's, and have at most 64 characters. */
function lockName({ prefix, schema }: TableNames): RawBuilder<string> {
  const database = schema === undefined ? sql`database()` : sql.lit(schema);
  return sql`md5(concat(${sql.lit(`issue-lifecycle ${prefix} `)}, ${database}))`;
}

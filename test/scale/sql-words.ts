import { sql, type RawBuilder } from "kysely";
import type { StoreDialect } from "../../src/kysely/index.ts";

/** A part of a statement. */
export type Sql = RawBuilder<unknown>;

/** The SQL for generating rows that differs between databases. */
export interface SqlWords {
  /** A whole number as so many hexadecimal digits, in lower case. */
  hex(number: Sql, digits: number): Sql;
  /** The bytes that hexadecimal digits stand for. */
  bytes(digits: Sql): Sql;
  /** Joins texts. */
  concat(...texts: readonly Sql[]): Sql;
  /** So many bytes. */
  filler(length: number): Sql;
  /** Collects the statistics by which a table's statements are planned. */
  analyze(table: Sql): Sql;
  /** Begins the generation: the generated rows need not survive a crash. */
  readonly begin: readonly Sql[];
  /** Keeps the database from collecting a table's statistics by itself. */
  prepare(table: Sql): readonly Sql[];
  /** Ends the generation: from then on, the database is configured as by hosts. */
  readonly settle: readonly Sql[];
}

function concatByOperator(...texts: readonly Sql[]): Sql {
  return sql.join(
    texts.map((text) => sql`(${text})`),
    sql` || `,
  );
}

const WORDS: Readonly<Record<string, SqlWords>> = {
  SQLite: {
    hex: (number, digits) => sql`printf(${sql.lit(`%0${String(digits)}x`)}, ${number})`,
    bytes: (digits) => sql`unhex(${digits})`,
    concat: concatByOperator,
    filler: (length) => sql`zeroblob(${sql.lit(length)})`,
    analyze: (table) => sql`analyze ${table}`,
    begin: [sql`pragma journal_mode = off`, sql`pragma synchronous = off`],
    prepare: () => [],
    settle: [sql`pragma journal_mode = wal`, sql`pragma synchronous = normal`],
  },
  PostgreSQL: {
    hex: (number, digits) => sql`lpad(to_hex(${number}), ${sql.lit(digits)}, '0')`,
    bytes: (digits) => sql`decode(${digits}, 'hex')`,
    concat: concatByOperator,
    filler: (length) => sql`decode(repeat('5c', ${sql.lit(length)}), 'hex')`,
    // As the server itself does, unless that is switched off.
    analyze: (table) => sql`vacuum (analyze) ${table}`,
    begin: [],
    prepare: (table) => [
      sql`alter table ${table} set unlogged`,
      sql`alter table ${table} set (autovacuum_enabled = false)`,
    ],
    settle: [],
  },
  MySQL: {
    hex: (number, digits) => sql`lower(lpad(hex(${number}), ${sql.lit(digits)}, '0'))`,
    bytes: (digits) => sql`unhex(${digits})`,
    concat: (...texts) => sql`concat(${sql.join([...texts])})`,
    filler: (length) => sql`repeat('x', ${sql.lit(length)})`,
    analyze: (table) => sql`analyze table ${table}`,
    begin: [],
    prepare: (table) => [sql`alter table ${table} stats_auto_recalc = 0`],
    settle: [],
  },
};

/** The words of a database. */
export function wordsOf({ name }: StoreDialect): SqlWords {
  const words = WORDS[name];
  if (words === undefined) throw new Error(`There are no words for ${name}.`);
  return words;
}

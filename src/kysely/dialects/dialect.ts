import type { RoundTrips } from "../connections/round-trips.ts";
import type { SqlConnection } from "../connections/sql-connection.ts";
import type { ColumnDataType, Dialect, Expression, IsolationLevel, RawBuilder, SqlBool } from "kysely";

/** The kinds of databases that this library has dialects for; `"mysql"` is MariaDB too. */
export type DatabaseKind = "sqlite" | "postgres" | "mysql";

/** The kind of a column's values: how they are passed to the database. */
export type ColumnKind = "integer" | "text" | "bytes";

/** The names of this library's tables. */
export interface TableNames {
  /** The start of each name. */
  readonly prefix: string;
  /** Their schema; `undefined` for the connection's default. */
  readonly schema: string | undefined;
}

/** Why a statement failed. */
export type FailureKind =
  /** Another writer held a lock for too long. */
  | "busy"
  /** A row with this key exists already. */
  | "conflict"
  /** The database aborted this transaction in favour of another one: a deadlock, or a serialization failure. */
  | "overtaken"
  /** The transaction, or the savepoint, has ended. */
  | "ended"
  /** The connection is lost, or cannot be made. */
  | "unreachable"
  /** A table or a column does not exist. */
  | "no-table"
  /** Anything else. */
  | "other";

/** A column type, by Kysely's name or the database's own. */
export type ColumnType = ColumnDataType | RawBuilder<unknown>;

/** A number that the database assigns to each new row. */
export interface GeneratedKeySql {
  readonly type: ColumnType;
  /** The SQL after the column's definition. */
  readonly suffix: RawBuilder<unknown>;
}

/** The row of {@link StoreDialect.settingsProblem}. */
export interface SettingsAnswer {
  /** A human-readable description of the problem; `null` for none. */
  readonly problem: string | Uint8Array | null;
}

/** How several statements take one round trip. */
interface TogetherSql {
  readonly trips: RoundTrips;
  /** Whether a connection, of this dialect's kind, takes them so; `null` where all do. */
  readonly isSupported: ((connection: Pick<SqlConnection, "rows">) => Promise<boolean>) | null;
}

/** A column to add to a table. */
export interface NewColumn {
  readonly names: TableNames;
  /** The table's name without prefix. */
  readonly table: string;
  readonly column: string;
  /** Its type, and what else describes it: `bigint not null default 0`. */
  readonly definition: string;
}

/** An index to create or to drop. */
export interface NamedIndex {
  readonly names: TableNames;
  /** The table's name without prefix. */
  readonly table: string;
  /** Its name without prefix. */
  readonly index: string;
}

/** A statement that does nothing where it was run before. */
export interface ConditionalSql {
  readonly statement: RawBuilder<unknown>;
  /**
   * For a statement that would fail where it was run before: a select that finds a row there; `null` for one that itself does
   * nothing.
   */
  readonly unless: RawBuilder<unknown> | null;
}

/** How tables are created. */
export interface TablesSql {
  /** Whole numbers up to 2^53 - 1. */
  readonly integer: ColumnType;
  readonly generatedKey: GeneratedKeySql;
  /** Text of any length. */
  readonly text: ColumnType;
  /** Text in a key, of at most `maxBytes` bytes, compared by its bytes. */
  readonly key: (maxBytes: number) => ColumnType;
  /** Bytes of any length. */
  readonly bytes: ColumnType;
  /** Bytes in a key, exactly `length` of them. */
  readonly keyBytes: (length: number) => ColumnType;
  /** Lets a column hold longer texts in keys; `null` where their length has no limit. */
  readonly widenKey: (table: RawBuilder<unknown>, column: string, maxBytes: number) => RawBuilder<unknown> | null;
  /** Adds a column to a table, unless it is there. */
  readonly addColumn: (column: NewColumn) => readonly ConditionalSql[];
  /** Creates an index of a table that exists, unless it is there. */
  readonly createIndex: (index: NamedIndex, columns: readonly string[]) => readonly ConditionalSql[];
  /** Drops an index, if it is there. */
  readonly dropIndex: (index: NamedIndex) => readonly ConditionalSql[];
  /** The end of a `create table` whose rows are found by their primary key. */
  readonly clusteredSuffix: RawBuilder<unknown>;
  /** The end of any other `create table`. */
  readonly plainSuffix: RawBuilder<unknown>;
  /** Whether an index is a statement of its own, which can have a condition, or a part of its table's statement. */
  readonly indexes: "own-statements" | "in-table";
  /** Creates a schema unless it exists; `null` where there are none, or where the host has to create it. */
  createSchema(name: string): RawBuilder<unknown> | null;
}

/** How processes that migrate the tables at the same time are serialized. */
export type MigrationLock =
  | {
      /** A writing transaction excludes all others. */
      readonly kind: "transaction";
    }
  | {
      /** A statement takes a lock that ends with the transaction. */
      readonly kind: "in-transaction";
      readonly lock: (names: TableNames) => RawBuilder<unknown>;
    }
  | {
      /** The connection holds the lock, because statements that define tables end a transaction. */
      readonly kind: "on-connection";
      readonly lock: (names: TableNames, timeoutMs: number) => RawBuilder<LockAnswer>;
      readonly unlock: (names: TableNames) => RawBuilder<unknown>;
    };

/** The row that taking a lock returns. */
export interface LockAnswer {
  /** 1 when it is taken; `null` when the lock has no name, because the connection has no database. */
  readonly locked: unknown;
}

/** How a transaction begins. */
export type TransactionSql =
  | {
      /** By statements on a connection, because Kysely would begin another kind. */
      readonly kind: "statements";
      /** Begins one that may write. */
      readonly writing: string;
      /** Begins one that only reads, from one snapshot. */
      readonly reading: string;
    }
  | {
      /** By Kysely, at an isolation level. */
      readonly kind: "isolation-level";
      readonly writing: IsolationLevel;
      /** Reads all from one snapshot. */
      readonly reading: IsolationLevel;
    };

/** How concurrent transactions are isolated from each other. */
export type LockingSql =
  | {
      /** There is one writer at a time: what a transaction has read does not change until it ends. */
      readonly kind: "one-writer";
    }
  | {
      /** Writers lock rows. */
      readonly kind: "rows";
      /** Ends a select, and locks its rows against changes. */
      readonly lock: RawBuilder<unknown>;
      /** Ends a select that sees the latest state, and locks its rows against changes, but not against other such selects. */
      readonly share: RawBuilder<unknown>;
      /** The same as `lock`, without the rows that another transaction has locked. */
      readonly lockSkippingLocked: RawBuilder<unknown>;
      /**
       * Ends a select that must see the latest state also in a host's transaction whose snapshot may be older, and which
       * would not fail by itself.
       */
      readonly latest: RawBuilder<unknown>;
      /** A select that limits how long its transaction waits for a lock; `null` where only the host can. */
      readonly limitWaiting: (timeoutMs: number) => string | null;
    };

/** A column of input rows. */
export interface InputColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** The rows of a table that have the same key as one of the input rows. */
export interface RowsByKey {
  readonly table: RawBuilder<unknown>;
  /** The input rows: a select in parentheses. */
  readonly input: RawBuilder<unknown>;
  /** The columns that must be equal. */
  readonly key: readonly string[];
}

/** Sets a column to a value. */
export interface Assignment {
  readonly column: string;
  readonly value: RawBuilder<unknown>;
}

/** Statements over input rows: any number of rows that are sent as one JSON parameter, with bytes as hexadecimal digits. */
export interface RowsSql {
  /** Whether an index is read from a value of an input row on. Otherwise a planner reads it from its beginning, for each row. */
  readonly seeksFromInput: boolean;
  /** The longest JSON of a statement, in characters: more rows take more statements. A longer row has a statement of its own. */
  readonly maxLength: number;
  /** One row as JSON. */
  encode(columns: readonly InputColumn[], values: readonly (string | number | null)[]): string;
  /** The input rows as a table: a select in parentheses. */
  read(columns: readonly InputColumn[], json: RawBuilder<string>): RawBuilder<unknown>;
  /** Joins a table to the input rows, so that each input row looks up its match by the table's index. */
  readonly join: RawBuilder<unknown>;
  /** What comes after `from` to find rows by a column that many of them may share. */
  joinShared(rows: RowsByKey): RawBuilder<unknown>;
  update(rows: RowsByKey, assignments: readonly Assignment[]): RawBuilder<unknown>;
  delete(rows: RowsByKey): RawBuilder<unknown>;
  /** Ends an insert: where the key exists, sets these columns to the values that were to be inserted. */
  onConflict(key: readonly string[], columns: readonly string[]): RawBuilder<unknown>;
}

/**
 * How a database differs from others, for the SQL store. Pass one that this library exports: until version 1, any release
 * may require more members.
 */
export interface StoreDialect {
  readonly kind: DatabaseKind;
  /** The database's name, for messages. */
  readonly name: string;
  /** The name it is exported by, for messages. */
  readonly exportedAs: string;
  /** Kysely's dialect, with a driver that does nothing: it only compiles statements. */
  readonly compiling: Dialect;
  readonly transactions: TransactionSql;
  readonly locking: LockingSql;
  readonly tables: TablesSql;
  readonly migrationLock: MigrationLock;
  readonly rows: RowsSql;
  /** Whether tables can be in a schema other than the connection's own. */
  readonly hasSchemas: boolean;
  /**
   * Whether the planner, for a condition with equal values for an index's first columns and a bound for the next, begins at
   * the bound. Where it does not, statements order by the first columns too.
   */
  readonly seeksRangesInIndexes: boolean;
  /**
   * For a server that ends the connection when a statement is too large: the least size that it is configured to allow, in
   * bytes; else `null`.
   */
  readonly leastPacketBytes: number | null;
  /** A hint for the error when no connection is available; `null` for none. */
  readonly connectionAdvice: string | null;
  /**
   * A column equals a value, in a form for which the planner uses the index that begins with the column, and its order, with
   * statistics and without.
   */
  equalsIndexed(column: RawBuilder<unknown>, value: RawBuilder<number>): RawBuilder<SqlBool>;
  /** A text contains another one. Both are compared by their bytes. */
  contains(text: Expression<string>, part: Expression<string>): RawBuilder<SqlBool>;
  /**
   * A select of one row that says why this library cannot work with the connection's settings; `null` where every setting
   * will do.
   */
  readonly settingsProblem: RawBuilder<SettingsAnswer> | null;
  /**
   * How several statements take one round trip; `null` where a round trip costs nothing.
   *
   * @internal
   */
  readonly together: TogetherSql | null;
  /** Classifies an error of the driver. */
  readonly failureKind: (error: unknown) => FailureKind;
}

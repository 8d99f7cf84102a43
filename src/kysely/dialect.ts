import type { ColumnDataType, CompiledQuery, Dialect, Expression, IsolationLevel, RawBuilder, SqlBool } from "kysely";
import type { ColumnKind } from "./columns.ts";
import type { TableNames } from "./table-names.ts";

/** Why a statement failed, as far as it matters to callers. */
export type FailureKind =
  /** Another writer held what this one needs for too long. */
  | "busy"
  /** A row with this key is there already. */
  | "conflict"
  /** The database gave this transaction up for another one: a deadlock, or a state that could not have been. */
  | "overtaken"
  /** The connection is lost, or there is none to be had. */
  | "unreachable"
  /** Anything else. */
  | "other";

/** A column type, as Kysely names it or as the database does. */
export type ColumnType = ColumnDataType | RawBuilder<unknown>;

/** A number that the database gives to each new row. */
export interface GeneratedKeySql {
  /** Its column's type. */
  readonly type: ColumnType;
  /** What follows it. */
  readonly suffix: RawBuilder<unknown>;
}

/** What is wrong with a connection's settings. */
export interface SettingsAnswer {
  /** It, for people; `null` for nothing. */
  readonly problem: string | Uint8Array | null;
}

/** How tables are made in a database. */
export interface TablesSql {
  /** Whole numbers up to 2^53 - 1. */
  readonly integer: ColumnType;
  /** See {@link GeneratedKeySql}. */
  readonly generatedKey: GeneratedKeySql;
  /** Text of any length. */
  readonly text: ColumnType;
  /** Text that identifies, of at most so many bytes, compared by its bytes. */
  readonly key: (maxBytes: number) => ColumnType;
  /** Bytes of any length. */
  readonly bytes: ColumnType;
  /** Bytes that identify, of exactly so many. */
  readonly keyBytes: (length: number) => ColumnType;
  /** What comes after a `create table` whose rows are found by their primary key. */
  readonly clusteredSuffix: RawBuilder<unknown>;
  /** What comes after any other `create table`. */
  readonly plainSuffix: RawBuilder<unknown>;
  /** Whether an index is a statement of its own, that can be for some rows only, or a part of its table's statement. */
  readonly indexes: "own-statements" | "in-table";
  /** Makes a schema unless it is there; `null` where there are none, or where a host has to make it. */
  createSchema(name: string): RawBuilder<unknown> | null;
}

/** How a database keeps processes that bring its tables up to date from doing so at once. */
export type MigrationLock =
  | {
      /** Every writing transaction keeps all others out. */
      readonly kind: "transaction";
    }
  | {
      /** A statement takes a lock that ends with the transaction. */
      readonly kind: "in-transaction";
      /** Takes the lock. */
      readonly lock: (names: TableNames) => RawBuilder<unknown>;
    }
  | {
      /** Statements that define tables end a transaction: the lock belongs to the connection. */
      readonly kind: "on-connection";
      /** Gives 1 when it has the lock, `null` when it cannot name it. */
      readonly lock: (names: TableNames, timeoutMs: number) => RawBuilder<LockAnswer>;
      /** Gives it back. */
      readonly unlock: (names: TableNames) => RawBuilder<unknown>;
    };

/** What a database says to a wish for a lock. */
export interface LockAnswer {
  /** 1 for yes. */
  readonly locked: unknown;
}

/** How a transaction begins. */
export type TransactionSql =
  | {
      /** By statements on a connection: Kysely's own way would begin another kind. */
      readonly kind: "statements";
      /** Begins one that may write. */
      readonly writing: string;
      /** Begins one that only reads, one state throughout. */
      readonly reading: string;
    }
  | {
      /** By Kysely, at an isolation level. */
      readonly kind: "isolation-level";
      /** Of one that may write. */
      readonly writing: IsolationLevel;
      /** Of one that only reads, one state throughout. */
      readonly reading: IsolationLevel;
    };

/** How transactions keep out of each other's way. */
export type LockingSql =
  | {
      /** There is one writer at a time: what a transaction reads stays as it is until it ends. */
      readonly kind: "one-writer";
    }
  | {
      /** Writers lock rows. */
      readonly kind: "rows";
      /** Ends a select whose rows no other transaction may change. */
      readonly lock: RawBuilder<unknown>;
      /** The same, leaving out rows that another one has locked. */
      readonly lockFree: RawBuilder<unknown>;
      /**
       * Ends a select that must see the latest state in a host's transaction too, where that would show an older one
       * without saying so.
       */
      readonly latest: RawBuilder<unknown>;
      /** Limits how long a transaction waits for a lock; `null` where only the host can. */
      readonly limitWaiting: (timeoutMs: number) => CompiledQuery | null;
    };

/** A column of rows that travel as one parameter. */
export interface GivenColumn {
  /** Its name. */
  readonly name: string;
  /** What it holds. */
  readonly kind: ColumnKind;
}

/** Names a table's rows by the given rows' columns. */
export interface RowsByKey {
  /** The table. */
  readonly table: RawBuilder<unknown>;
  /** The given rows: something to select from, in parentheses. */
  readonly given: RawBuilder<unknown>;
  /** The columns in which they are the same. */
  readonly key: readonly string[];
}

/** A column and what it is set to. */
export interface Assignment {
  /** The column. */
  readonly column: string;
  /** The value. */
  readonly value: RawBuilder<unknown>;
}

/** Statements over rows that travel as one JSON parameter. Bytes are in it as hexadecimal digits. */
export interface RowsSql {
  /** One row as JSON. */
  encode(columns: readonly GivenColumn[], values: readonly (string | number | null)[]): string;
  /** The rows as a table: a select in parentheses. */
  given(columns: readonly GivenColumn[], json: RawBuilder<string>): RawBuilder<unknown>;
  /** Joins a table to the rows, so that each row looks up what goes with it. */
  readonly join: RawBuilder<unknown>;
  /** Joins a table to the rows by a column that many of its rows may share: what comes after `from`. */
  joinShared(rows: RowsByKey): RawBuilder<unknown>;
  /** Sets columns of the rows so named. */
  update(rows: RowsByKey, assignments: readonly Assignment[]): RawBuilder<unknown>;
  /** Deletes the rows so named. */
  delete(rows: RowsByKey): RawBuilder<unknown>;
  /** Ends an insert: sets these columns to what was to be inserted, where the key is there already. */
  onConflict(key: readonly string[], columns: readonly string[]): RawBuilder<unknown>;
}

/**
 * What the SQL store has to know of a database. Databases differ only here. Take one that this library exports: until
 * version 1, any version may ask for more members.
 */
export interface StoreDialect {
  /** The database's name, for people. */
  readonly name: string;
  /** Kysely's dialect for it, with a driver that does nothing: statements are only compiled with it. */
  readonly compiling: Dialect;
  /** See {@link TransactionSql}. */
  readonly transactions: TransactionSql;
  /** See {@link LockingSql}. */
  readonly locking: LockingSql;
  /** See {@link TablesSql}. */
  readonly tables: TablesSql;
  /** See {@link MigrationLock}. */
  readonly migrationLock: MigrationLock;
  /** See {@link RowsSql}. */
  readonly rows: RowsSql;
  /** Whether tables can be in a schema other than the connection's own. */
  readonly hasSchemas: boolean;
  /**
   * Whether the planner, given equal values for an index's first columns and a bound for the next, begins at the bound.
   * Otherwise it is told so by the order that is asked for.
   */
  readonly seeksRangesInIndexes: boolean;
  /**
   * Where a server ends the connection over a statement that is too large for it: the least that servers are set to allow,
   * in bytes; else `null`.
   */
  readonly leastPacketBytes: number | null;
  /**
   * Whether a column has a value: said so that the planner goes by the index that begins with it, and by the index's order,
   * with statistics and without.
   */
  isGiven(column: RawBuilder<unknown>, value: RawBuilder<number>): RawBuilder<SqlBool>;
  /** Whether a text contains another, both compared by their bytes. */
  contains(text: Expression<string>, part: Expression<string>): RawBuilder<SqlBool>;
  /**
   * A select of one row that says why this library cannot work with a connection's settings; `null` where no setting
   * matters.
   */
  readonly settingsProblem: RawBuilder<SettingsAnswer> | null;
  /** Says why a statement failed. */
  readonly failureKind: (error: unknown) => FailureKind;
}

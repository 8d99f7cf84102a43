import type { ColumnDataType, Dialect, Expression, RawBuilder, SqlBool } from "kysely";

/** Why a statement failed, as far as it matters to callers. */
export type FailureKind =
  /** Another writer held what this one needs for too long. */
  | "busy"
  /** A row with this key is there already. */
  | "conflict"
  /** Anything else. */
  | "other";

/** The column types a database has for what this library stores. */
export interface ColumnTypes {
  /** Whole numbers up to 2^53 - 1. */
  readonly integer: ColumnDataType;
  /** A number that the database gives to each new row. */
  readonly generatedKey: ColumnDataType;
  /** Text of any length, compared by its bytes. */
  readonly text: ColumnDataType;
  /** Bytes of any length. */
  readonly bytes: ColumnDataType;
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
  /** Begins a transaction that may write and that no other writer can overtake. */
  readonly beginWriting: string;
  /** Begins a transaction that sees one state throughout. */
  readonly beginReading: string;
  /** See {@link ColumnTypes}. */
  readonly columnTypes: ColumnTypes;
  /** What comes after a `create table` whose rows are found by their primary key. */
  readonly clusteredTableSuffix: RawBuilder<unknown>;
  /** What comes after any other `create table`. */
  readonly plainTableSuffix: RawBuilder<unknown>;
  /** Whether a text contains another, both compared by their bytes. */
  contains(text: Expression<string>, part: Expression<string>): RawBuilder<SqlBool>;
  /** Says why a statement failed. */
  failureKind(error: unknown): FailureKind;
}

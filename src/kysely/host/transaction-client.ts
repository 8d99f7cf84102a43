import type { DatabaseKind } from "../dialects/dialect.ts";

/** A row as a driver returns it. */
export type DriverRow = Readonly<Record<string, unknown>>;

/**
 * A connection on which a host has begun a transaction: what `fromPg`, `fromMysql2` and the other adapters make of a
 * library's own object, and what `tracker.withTransaction` takes. To connect another library, implement it.
 *
 * - Statements MUST run in the order in which `query` and `execute` were called, also when a call does not wait for the
 *   result of the one before it.
 * - Errors MUST be the database's: `code` holds the SQLSTATE (PostgreSQL) or the result code's name (SQLite), `errno` the
 *   number (MySQL, MariaDB).
 */
export interface TransactionClient {
  /** The kind of database. */
  readonly kind: DatabaseKind;
  /** The object that stands for the connection. Calls of all clients with the same one run one after the other. */
  readonly connection: object;
  /**
   * Whether the library refuses every statement after the transaction's end, with the database's error for a savepoint
   * outside of a transaction.
   */
  readonly refusesLateUse?: boolean;
  /** Whether the library has ended the transaction, so that its connection may serve another one. Asked when a call begins. */
  readonly hasEnded?: () => boolean;
  /**
   * Runs a statement that returns rows.
   *
   * @param sql - with the database's own placeholders: `$1` on PostgreSQL, `?` elsewhere
   * @param parameters - texts, numbers, bytes (`Uint8Array`) and `null`
   */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly DriverRow[]>;
  /**
   * Runs a statement that returns no rows.
   *
   * @returns how many rows it changed; 0 for a statement that changes none, such as `savepoint`
   */
  execute(sql: string, parameters: readonly unknown[]): Promise<number>;
  /**
   * For a synchronous driver; required on SQLite. Runs work in one step of the process, in which no other code uses the
   * connection. Statements that return no rows are run by `execute`, which returns how many rows the statement has changed,
   * and throws what the driver throws.
   *
   * MUST fail before the first statement if the connection is in no transaction.
   */
  readonly inOneStep?: <Result>(work: (execute: ExecuteNow) => Result) => Promise<Result>;
  /**
   * For PostgreSQL: runs several statements, which are separated by semicolons and have no parameters, in one message of the
   * simple query protocol, and returns the rows of each. Without it a statement of the host that it does not await can come
   * between a savepoint of this library and its statement.
   */
  readonly queryTogether?: (statements: string) => Promise<readonly (readonly DriverRow[])[]>;
}

/** Runs a statement that returns no rows, and returns how many rows it has changed. */
export type ExecuteNow = (sql: string, parameters: readonly unknown[]) => number;

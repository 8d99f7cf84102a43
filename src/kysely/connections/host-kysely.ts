import type { AccessMode, CompiledQuery, IsolationLevel, QueryResult } from "kysely";

/** Runs compiled queries. */
export interface QueryRunner {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}

/** Provides connections. */
export interface ConnectionSource {
  connection(): {
    /** Runs work on one connection. */
    execute<Result>(work: (connection: QueryRunner) => Promise<Result>): Promise<Result>;
  };
}

/** A transaction that has not begun. */
export interface TransactionStart {
  setIsolationLevel(level: IsolationLevel): TransactionStart;
  setAccessMode(mode: AccessMode): TransactionStart;
  /** Begins it, runs work in it, and commits it. */
  execute<Result>(work: (transaction: QueryRunner) => Promise<Result>): Promise<Result>;
}

/**
 * The part of a host's Kysely instance that this library uses. Any `Kysely<Database>` is one, except a transaction. This
 * library neither destroys the instance nor uses its plugins.
 */
export interface HostKysely extends ConnectionSource {
  /** A transaction on a connection of its own. */
  transaction(): TransactionStart;
  withoutPlugins(): HostKysely;
}

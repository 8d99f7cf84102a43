import type { AccessMode, CompiledQuery, IsolationLevel, QueryResult } from "kysely";

/** Runs compiled queries. */
export interface QueryRunner {
  /** Runs one. */
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}

/** Gives connections. */
export interface ConnectionSource {
  /** One connection for a while. */
  connection(): {
    /** Runs work on it. */
    execute<Result>(work: (connection: QueryRunner) => Promise<Result>): Promise<Result>;
  };
}

/** A transaction that is about to begin. */
export interface TransactionStart {
  /** At which level. */
  setIsolationLevel(level: IsolationLevel): TransactionStart;
  /** Whether it may write. */
  setAccessMode(mode: AccessMode): TransactionStart;
  /** Begins it, runs work in it, and commits it. */
  execute<Result>(work: (transaction: QueryRunner) => Promise<Result>): Promise<Result>;
}

/**
 * What this library uses of a host's Kysely instance, whatever tables that knows: any `Kysely<Database>` will do, but for a
 * transaction. It is never destroyed, and its plugins are not used.
 */
export interface HostKysely extends ConnectionSource {
  /** A transaction on a connection of its own. */
  transaction(): TransactionStart;
  /** The same instance without plugins. */
  withoutPlugins(): HostKysely;
}

/** What this library uses of a host's transaction: any `Transaction<Database>` of Kysely's will do. */
export interface HostTransaction extends QueryRunner {
  /** Tells it from an instance that is no transaction. */
  readonly isTransaction: boolean;
  /** The same transaction without plugins. */
  withoutPlugins(): QueryRunner;
}

import type { CompiledQuery, QueryResult } from "kysely";

/** Runs compiled queries. */
export interface QueryRunner {
  /** Runs one. */
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}

/**
 * What this library uses of a host's Kysely instance, whatever tables that knows: any `Kysely<Database>` will do, but for a
 * transaction. It is never destroyed, and its plugins are not used.
 */
export interface HostKysely {
  /** One connection for a while. */
  connection(): {
    /** Runs work on it. */
    execute<Result>(work: (connection: QueryRunner) => Promise<Result>): Promise<Result>;
  };
  /** The same instance without plugins. */
  withoutPlugins(): HostKysely;
}

import type BetterSqlite3 from "better-sqlite3";
import type { CompiledQuery, QueryResult } from "kysely";
import { isTurnLong, pause } from "../ports/pause.ts";
import type { ConnectionSource, QueryRunner } from "../kysely/connections/host-kysely.ts";

/**
 * Runs compiled queries directly on better-sqlite3, which is synchronous: Kysely's own way to a driver costs more than most
 * of these queries do. Pauses between statements, so that a long transaction does not hold up the process: nothing else uses this
 * connection meanwhile. Prepares each SQL text once, because preparing costs several times what running does. A store has a
 * bounded number of texts.
 */
export class BetterSqlite3Runner implements ConnectionSource, QueryRunner {
  readonly #database: BetterSqlite3.Database;
  /** The type of the rows is the query's: `never` is assignable to each. */
  readonly #statements = new Map<string, BetterSqlite3.Statement<unknown[], never>>();
  /** The last work that was given the connection; each waits for the one before it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: BetterSqlite3.Database) {
    this.#database = database;
  }

  /** The only connection. Works use it one after the other. */
  connection(): { execute<Result>(work: (connection: QueryRunner) => Promise<Result>): Promise<Result> } {
    return {
      execute: (work) => {
        const result = this.#last.then(() => work(this));
        this.#last = result.catch(() => undefined);
        return result;
      },
    };
  }

  async executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>> {
    const result = this.#execute(query);
    if (isTurnLong()) await pause();
    return result;
  }

  #execute<Row>({ sql, parameters }: CompiledQuery<Row>): QueryResult<Row> {
    const statement = this.#prepare(sql);
    if (statement.reader) return { rows: statement.all(...parameters) };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  #prepare(sql: string): BetterSqlite3.Statement<unknown[], never> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare<unknown[], never>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

import type BetterSqlite3 from "better-sqlite3";
import type { CompiledQuery, QueryResult } from "kysely";
import type { ConnectionSource, QueryRunner } from "../kysely/host-kysely.ts";

/**
 * Runs compiled queries straight on better-sqlite3, which answers at once: what Kysely does around a query on its way to
 * a driver costs more than most of ours do. Prepares each text once, for preparing costs several times what running does;
 * a store has a bounded number of texts.
 */
export class BetterSqlite3Runner implements ConnectionSource, QueryRunner {
  readonly #database: BetterSqlite3.Database;
  /** What rows they give, only the queries know: `never` stands for whatever row a query says. */
  readonly #statements = new Map<string, BetterSqlite3.Statement<unknown[], never>>();
  /** The last piece of work that was given the connection; each waits for the one before it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: BetterSqlite3.Database) {
    this.#database = database;
  }

  /** The one connection. Pieces of work have it one after the other. */
  connection(): { execute<Result>(work: (connection: QueryRunner) => Promise<Result>): Promise<Result> } {
    return {
      execute: (work) => {
        const result = this.#last.then(() => work(this));
        this.#last = result.catch(() => undefined);
        return result;
      },
    };
  }

  /** Runs a query. */
  async executeQuery<Row>({ sql, parameters }: CompiledQuery<Row>): Promise<QueryResult<Row>> {
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

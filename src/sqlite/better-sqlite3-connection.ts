import type BetterSqlite3 from "better-sqlite3";
import type { CompiledQuery } from "kysely";
import { isTurnLong, pause } from "../ports/pause.ts";
import type { SqlConnection } from "../kysely/connections/sql-connection.ts";
import type { Checkpoints } from "./checkpoints.ts";

/**
 * Runs compiled queries directly on better-sqlite3, which is synchronous: Kysely's own way to a driver costs more than most
 * of these queries do. Pauses between statements, so that a long transaction does not hold up the process: nothing else uses this
 * connection meanwhile. Prepares each SQL text once, because preparing costs several times what running does. A store has a
 * bounded number of texts.
 */
export class BetterSqlite3Connection implements SqlConnection {
  readonly isRowByRow = true;
  readonly #database: BetterSqlite3.Database;
  readonly #checkpoints: Checkpoints;
  /** The type of the rows is the query's: `never` is assignable to each. */
  readonly #statements = new Map<string, BetterSqlite3.Statement<unknown[], never>>();
  /** The last work that was given the connection; each waits for the one before it. */
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(database: BetterSqlite3.Database, checkpoints: Checkpoints) {
    this.#database = database;
    this.#checkpoints = checkpoints;
  }

  /** Runs works one after the other, because this is the only connection. */
  provide<Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => work(this));
    const advance = (): Promise<void> => this.#checkpoints.advance();
    this.#last = result.then(advance, advance);
    return result;
  }

  /** Closes the file, after all works and checkpoints. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#last;
    await this.#checkpoints.end();
    this.#database.close();
  }

  rows<Row>({ sql, parameters }: CompiledQuery<Row>): readonly Row[] | Promise<readonly Row[]> {
    return this.#unlessLong(this.#prepare(sql).all(...parameters));
  }

  execute({ sql, parameters }: CompiledQuery): number | Promise<number> {
    const statement = this.#prepare(sql);
    if (!statement.reader) {
      const { changes } = statement.run(...parameters);
      this.#checkpoints.noteChanged(changes);
      return this.#unlessLong(changes);
    }
    statement.all(...parameters);
    return this.#unlessLong(0);
  }

  #unlessLong<Result>(result: Result): Result | Promise<Result> {
    return isTurnLong() ? pause().then(() => result) : result;
  }

  #prepare(sql: string): BetterSqlite3.Statement<unknown[], never> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare<unknown[], never>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

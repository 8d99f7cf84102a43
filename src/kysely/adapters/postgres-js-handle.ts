import { randomUUID } from "node:crypto";
import type { DriverRow } from "../host/transaction-client.ts";
import { isRow } from "./driver-objects.ts";

/** The part of postgres.js' `sql` that this library uses to run statements. */
export interface PostgresJsSql {
  /** @internal */
  unsafe(sql: string, parameters: unknown[] | undefined, options: PostgresJsOptions | undefined): PostgresJsQuery;
  /** @internal */
  typed(value: string, type: number): unknown;
}

interface PostgresJsOptions {
  readonly prepare: boolean;
  /** Not in the types of postgres.js: is called with the connection, which is sent the next statement if it returns `true`. */
  readonly onexecute?: (connection: PostgresJsConnection) => boolean;
}

/** Not in the types of postgres.js. */
interface PostgresJsConnection {
  /** Whoever has the connection; another one, or nobody, as soon as a transaction has ended. */
  readonly reserved: unknown;
}

/** A statement, which runs when its result is asked for. */
interface PostgresJsQuery extends PromiseLike<PostgresJsResult> {
  /** Not in the types of postgres.js: `null` until the statement is sent. */
  readonly state?: unknown;
}

/** The result of a statement: its rows. Of several statements it is an array of results, which has no `count`. */
export interface PostgresJsResult extends Iterable<DriverRow> {
  readonly count?: number | null;
  readonly columns?: readonly { readonly name: string }[] | undefined;
}

/** The part of `sql` in `sql.begin((sql) => ...)` that this library uses. */
export interface PostgresJsTransaction extends PostgresJsSql {
  /** @internal */
  savepoint(name: string, work: (sql: PostgresJsSql) => Promise<never>): Promise<unknown>;
}

/** Runs statements in a transaction of postgres.js. */
export class PostgresJsHandle {
  readonly #sql: Promise<PostgresJsSql>;
  #owner: { readonly connection: PostgresJsConnection; readonly reserved: unknown } | undefined;

  constructor(sql: PostgresJsSql | PostgresJsTransaction) {
    this.#sql = "savepoint" in sql ? savepointIn(sql) : Promise.resolve(sql);
    this.#noteOwner().catch(ignore);
  }

  /** Whether the transaction has ended. Its connection may serve another one then. */
  hasEnded(): boolean {
    return this.#owner !== undefined && this.#owner.connection.reserved !== this.#owner.reserved;
  }

  async run(text: string, parameters: readonly unknown[]): Promise<PostgresJsResult> {
    const sql = await this.#sql;
    const values = parameters.map((each) => (each === null ? null : sql.typed(textOf(each), UNKNOWN)));
    return this.#send(() => sql.unsafe(text, values, { prepare: values.length > 0 }));
  }

  /**
   * Runs several statements in one message. Returns the rows of the first and of those after it that return rows: to the
   * others postgres.js gives no result of their own.
   */
  async runTogether(statements: string): Promise<readonly (readonly DriverRow[])[]> {
    const result = await this.run(statements, []);
    const results: Iterable<unknown> = "count" in result ? [result] : result;
    return Array.from(results, (rows) => (Array.isArray(rows) ? rows.filter(isRow) : []));
  }

  /**
   * Sends a statement, and again if postgres.js keeps it for a transaction that has ended, which means that it never sends
   * it.
   */
  #send(create: () => PostgresJsQuery): Promise<PostgresJsResult> {
    const query = create();
    const { promise, resolve } = Promise.withResolvers<PostgresJsResult>();
    const check = (): void => {
      if (isSettled || query.state !== null) return;
      if (this.hasEnded()) resolve(this.#send(create));
      else setTimeout(check, CHECK_AGAIN_MS);
    };
    let isSettled = false;
    const stop = (): void => void (isSettled = true);
    query.then(stop, stop);
    setTimeout(check, CHECK_AGAIN_MS);
    return Promise.race([query, promise]);
  }

  async #noteOwner(): Promise<void> {
    const sql = await this.#sql;
    const onexecute = (connection: PostgresJsConnection): boolean => {
      this.#owner = { connection, reserved: connection.reserved };
      return true;
    };
    await sql.unsafe("select 1", [], { prepare: false, onexecute });
  }
}

/**
 * A savepoint that stays open until the transaction ends. `sql.begin` rolls back at its end if any statement in it has
 * failed, even one whose error was caught; it does not look at the statements in a savepoint.
 */
function savepointIn(sql: PostgresJsTransaction): Promise<PostgresJsSql> {
  const { promise, resolve, reject } = Promise.withResolvers<PostgresJsSql>();
  const name = `issue_lifecycle_${randomUUID().replaceAll("-", "")}`;
  sql
    .savepoint(name, (inner) => {
      resolve(inner);
      return new Promise(ignore);
    })
    .catch(reject);
  return promise;
}

/** How long an unsent statement may wait for others of its transaction before it is looked at again. */
const CHECK_AGAIN_MS = 5;

/** The type of a parameter whose type PostgreSQL infers. Of any other, postgres.js would convert the value itself. */
const UNKNOWN = 705;

function textOf(parameter: unknown): string {
  return parameter instanceof Uint8Array ? `\\x${Buffer.from(parameter).toString("hex")}` : String(parameter);
}

function ignore(): void {
  // Whoever runs the next statement sees the error.
}

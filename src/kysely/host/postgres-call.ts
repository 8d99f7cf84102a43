import type { CompiledQuery } from "kysely";
import { transactionEnded } from "../connections/session.ts";
import { rawQuery, type Write } from "../connections/round-trips.ts";
import { rowsOf, type SqlConnection } from "../connections/sql-connection.ts";
import { codeOf } from "../dialects/failures.ts";
import type { HostCall } from "./host-call.ts";
import { inlineParameters, POSTGRES_LITERALS } from "../connections/inline-parameters.ts";

/** SQLSTATE of a statement on savepoints outside of a transaction. */
const NO_ACTIVE_TRANSACTION = "25P01";
/** SQLSTATE of every statement in a transaction in which one has failed. */
const FAILED_TRANSACTION = "25P02";
/** SQLSTATE of a serialization failure: a write found that another transaction has changed its rows. */
const SERIALIZATION_FAILURE = "40001";

/**
 * A call in a host's transaction on PostgreSQL.
 *
 * A setting that ends with the transaction holds the call's name: where it has another value, the transaction has ended. A
 * group of writes is one statement, a `do` block, which compares the setting first. The block also notes that it has
 * written, in a setting that outlives the commit but not a rollback.
 */
export class PostgresCall implements HostCall {
  readonly connection: SqlConnection;
  readonly #connection: SqlConnection;
  readonly #name: string;
  readonly #refusesLateUse: boolean;
  #transactionId: string | null = null;
  #hasEntered = false;
  #groups = 0;
  #reads = 0;

  constructor(connection: SqlConnection, name: string, refusesLateUse: boolean) {
    const { queryTogether } = connection;
    this.#connection = connection;
    this.#refusesLateUse = refusesLateUse;
    this.#name = name;
    this.connection =
      queryTogether === undefined
        ? connection
        : {
            rows: (query) => this.#rowsInSavepoint(query, queryTogether),
            execute: (query) => connection.execute(query),
          };
  }

  async enter(): Promise<void> {
    if (this.#hasEntered) return;
    const enter = `select set_config('issue_lifecycle.call', '${this.#name}', true), now()::text as id`;
    const { queryTogether } = this.#connection;
    if (queryTogether === undefined) await this.#execute(`savepoint ${this.#name}`);
    const row =
      queryTogether === undefined
        ? await this.#row(enter)
        : // Outside of a transaction, a savepoint fails.
          (await queryTogether(`savepoint ${this.#name}; release savepoint ${this.#name}; ${enter}`)).at(-1)?.[0];
    this.#transactionId = String(row?.["id"]);
    this.#hasEntered = true;
  }

  async transactionId(): Promise<string | null> {
    return this.#transactionId;
  }

  async write(writes: readonly Write[]): Promise<void> {
    const group = `${this.#name}_${String(++this.#groups)}`;
    if (this.#refusesLateUse) {
      await this.#execute(this.#failingBlock(group, writes));
      return;
    }
    await this.#execute(this.#block(group, writes));
    const { written, failure } = await this.#state();
    const [failedGroup, code = "", ...message] = failure.split(" ");
    if (failedGroup === group) throw Object.assign(new Error(message.join(" ")), { code });
    if (written !== group) throw transactionEnded();
  }

  async leave(): Promise<void> {
    const isReleased = this.#connection.queryTogether !== undefined;
    if (isReleased && this.#groups > 0) return;
    if (await this.#isInTransaction()) {
      if (!isReleased) await this.#release();
    } else if (this.#groups === 0) {
      throw transactionEnded();
    }
  }

  async #release(): Promise<void> {
    try {
      await this.#execute(`release savepoint ${this.#name}`);
    } catch (error) {
      // The host may have committed everything since.
      if (codeOf(error) !== NO_ACTIVE_TRANSACTION || this.#groups === 0) throw error;
    }
  }

  /** Whether the transaction is the one in which the call began. */
  async #isInTransaction(): Promise<boolean> {
    try {
      return (await this.#state()).call === this.#name;
    } catch (error) {
      if (codeOf(error) === NO_ACTIVE_TRANSACTION) return false;
      if (codeOf(error) !== FAILED_TRANSACTION) throw error;
      // A statement has failed, so that the transaction refuses all others until it is rolled back to the savepoint.
      await this.#execute(`rollback to savepoint ${this.#name}`);
      return true;
    }
  }

  /** Runs a query in a savepoint of its own, in one message: no statement of the host comes between them. */
  async #rowsInSavepoint<Row>(
    query: CompiledQuery<Row>,
    queryTogether: NonNullable<SqlConnection["queryTogether"]>,
  ): Promise<readonly Row[]> {
    const savepoint = `${this.#name}_${String(++this.#reads)}`;
    const text = inlineParameters(query, POSTGRES_LITERALS);
    try {
      const [, rows = []] = await queryTogether(`savepoint ${savepoint}; ${text}; release savepoint ${savepoint}`);
      return rowsOf(query, rows);
    } catch (error) {
      // A transaction that has ended has no savepoint, and the next one on the connection must not be sent this.
      if (codeOf(error) === NO_ACTIVE_TRANSACTION) throw error;
      // Until then the transaction refuses all other statements.
      await Promise.allSettled([queryTogether(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`)]);
      throw error;
    }
  }

  /**
   * A statement that runs all writes, or fails. For a library that refuses all statements after the transaction's end: what
   * has become of the writes could not be read any more.
   */
  #failingBlock(group: string, writes: readonly Write[]): string {
    return `do $${group}$
begin
  if coalesce(current_setting('issue_lifecycle.call', true), '') <> '${this.#name}' then
    raise exception 'the transaction has ended' using errcode = '${NO_ACTIVE_TRANSACTION}';
  end if;
  ${writes.map(blockStatement).join("\n  ")}
end $${group}$`;
  }

  /**
   * A statement that runs all writes, or none. A failure is noted in a setting, so that it does not abort the transaction;
   * a cancelled statement is one too, also by `statement_timeout`, which `others` leaves out.
   */
  #block(group: string, writes: readonly Write[]): string {
    const statements = writes.map(blockStatement);
    return `do $${group}$
declare failed_code text; failed_message text;
begin
  if coalesce(current_setting('issue_lifecycle.call', true), '') <> '${this.#name}' then return; end if;
  begin
    ${statements.join("\n    ")}
    perform set_config('issue_lifecycle.written', '${group}', false);
  exception when others or query_canceled then
    get stacked diagnostics failed_code = returned_sqlstate, failed_message = message_text;
    perform set_config('issue_lifecycle.failure', concat('${group} ', failed_code, ' ', failed_message), true);
  end;
end $${group}$`;
  }

  async #state(): Promise<{ call: string; written: string; failure: string }> {
    const row = await this.#row(
      "select current_setting('issue_lifecycle.call', true) as call, current_setting('issue_lifecycle.written', true) as written, current_setting('issue_lifecycle.failure', true) as failure",
    );
    const text = (name: string): string => {
      const setting = row[name];
      return typeof setting === "string" ? setting : "";
    };
    return { call: text("call"), written: text("written"), failure: text("failure") };
  }

  async #row(text: string): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#connection.rows(rawQuery(text)))[0] ?? {};
  }

  async #execute(text: string): Promise<void> {
    await this.#connection.execute(rawQuery(text));
  }
}

function blockStatement({ query, mustChange }: Write): string {
  const statement = `${inlineParameters(query, POSTGRES_LITERALS)};`;
  if (!mustChange) return statement;
  return `${statement} if not found then raise exception 'no row was changed' using errcode = '${SERIALIZATION_FAILURE}'; end if;`;
}

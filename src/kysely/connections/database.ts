import { IssueLifecycleError } from "../../core/errors.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import { rawQuery, type RoundTrips } from "./round-trips.ts";
import { ServerSession, type TransactionFrame } from "./server-session.ts";
import { Session, translate } from "./session.ts";
import type { SqlConnection } from "./sql-connection.ts";
import type { Access, Transactions } from "./transactions.ts";
import { retryOnConflict, untilNotBusy } from "./waiting.ts";

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** For another writer. */
  readonly busyTimeoutMs: number;
  /** For a connection; `null` for the only one, which the works of one store are given one after the other. */
  readonly connectionTimeoutMs: number | null;
}

/** A database to which this library has its own connections: runs sessions in transactions and on connections. */
export class Database {
  readonly #transactions: Transactions;
  readonly #dialect: StoreDialect;
  readonly #busyTimeoutMs: number;
  readonly #connectionTimeoutMs: number | null;
  /** How many sessions have a connection. */
  #connected = 0;
  /** When the last of them ended. */
  #idleSince = performance.now();

  constructor(transactions: Transactions, dialect: StoreDialect, { busyTimeoutMs, connectionTimeoutMs }: Timeouts) {
    this.#transactions = transactions;
    this.#dialect = dialect;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#connectionTimeoutMs = connectionTimeoutMs;
  }

  /**
   * Runs work in a transaction, and retries it after a conflict.
   *
   * @param trips - how several statements take one round trip; `null` to send them one by one
   */
  async inTransaction<Result>(
    access: Access,
    work: (session: Session) => Promise<Result>,
    trips: RoundTrips | null = null,
  ): Promise<Result> {
    const begin = this.#transactions;
    const attempt = (): Promise<Result> => {
      if (trips === null) {
        return this.#run(
          (onConnected, connected) => begin.run(access, onConnected, connected),
          async (connection) => {
            const session = new Session(connection, this.#dialect);
            for (const each of this.#limitWaiting(access)) await session.execute(rawQuery(each));
            return work(session);
          },
        );
      }
      const frame = this.#frameOf(access, trips);
      return this.#run(
        (onConnected, connected) =>
          frame === undefined ? begin.run(access, onConnected, connected) : begin.onConnection(onConnected, connected),
        (connection) => {
          const session = new ServerSession(connection, this.#dialect, trips, this.#limitWaiting(access), frame);
          return session.run(work);
        },
      );
    };
    if (this.#dialect.locking.kind === "rows") return retryOnConflict(attempt);
    // With one writer, reads wait only for the recovery after a crash, and can be repeated.
    return access === "reading" ? untilNotBusy(this.#busyTimeoutMs, attempt) : attempt();
  }

  /** The statements with which a transaction begins and ends, where it does so together with others. */
  #frameOf(access: Access, { haveTransactions }: RoundTrips): TransactionFrame | undefined {
    const { transactions } = this.#dialect;
    if (!haveTransactions || transactions.kind === "statements") return undefined;
    const mode = access === "reading" ? ", read only" : "";
    const level = `set transaction isolation level ${transactions[access]}${mode}`;
    return { begin: [level, "start transaction"], commit: "commit", rollback: "rollback" };
  }

  #limitWaiting(access: Access): readonly string[] {
    const { locking } = this.#dialect;
    const limit = access === "writing" && locking.kind === "rows" ? locking.limitWaiting(this.#busyTimeoutMs) : null;
    return limit === null ? [] : [limit];
  }

  /** Runs reads on a connection, outside of any transaction. Repeats them while another writer blocks them. */
  async readOnConnection<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return untilNotBusy(this.#busyTimeoutMs, () => this.onConnection(work));
  }

  /** Runs work on a connection, outside of any transaction. */
  async onConnection<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#run(
      (onConnected, connected) => this.#transactions.onConnection(onConnected, connected),
      (connection) => work(new Session(connection, this.#dialect)),
    );
  }

  /** Errors of the work are thrown unchanged; errors of connecting, beginning and committing are translated. */
  async #run<Result>(
    start: (onConnected: () => void, work: (connection: SqlConnection) => Promise<Result>) => Promise<Result>,
    work: (connection: SqlConnection) => Promise<Result>,
  ): Promise<Result> {
    const failures: unknown[] = [];
    const noting = async (connection: SqlConnection): Promise<Result> => {
      try {
        return await work(connection);
      } catch (error) {
        failures.push(error);
        throw error;
      }
    };
    const timeoutMs = this.#connectionTimeoutMs;
    try {
      if (timeoutMs === null) return await start(() => undefined, noting);
      return await this.#limitWait(timeoutMs, (onConnected) => start(onConnected, noting));
    } catch (error) {
      if (failures.length > 0) throw failures[0];
      throw IssueLifecycleError.is(error) ? error : translate(error, this.#dialect);
    }
  }

  /**
   * Limits the wait for a connection to the timeout, counted while no session has one: then something else holds all of
   * them, perhaps the transaction that waits for this work.
   */
  #limitWait<Result>(timeoutMs: number, start: (onConnected: () => void) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const waitingSince = performance.now();
      const state = { connected: false, gaveUp: false };
      const check = (): void => {
        const idleMs = this.#connected > 0 ? 0 : performance.now() - Math.max(waitingSince, this.#idleSince);
        if (idleMs < timeoutMs) {
          timer = setTimeout(check, timeoutMs - idleMs);
          return;
        }
        state.gaveUp = true;
        reject(this.#noConnection(timeoutMs));
      };
      let timer = setTimeout(check, timeoutMs);
      const onConnected = (): void => {
        if (state.gaveUp) throw this.#noConnection(timeoutMs);
        clearTimeout(timer);
        state.connected = true;
        this.#connected++;
      };
      start(onConnected)
        .finally(() => {
          clearTimeout(timer);
          if (!state.connected) return;
          this.#connected--;
          this.#idleSince = performance.now();
        })
        .then(resolve, reject);
    });
  }

  #noConnection(timeoutMs: number): IssueLifecycleError {
    const { connectionAdvice } = this.#dialect;
    return new IssueLifecycleError(
      "store-busy",
      `No connection was free for ${String(timeoutMs)} ms. Inside a transaction of the same Kysely instance, ` +
        `use tracker.withTransaction(transaction).${connectionAdvice === null ? "" : ` ${connectionAdvice}`}`,
      { retryable: true },
    );
  }
}

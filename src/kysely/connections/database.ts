import { IssueLifecycleError } from "../../core/errors.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import { Session, translate } from "./session.ts";
import type { SqlConnection } from "./sql-connection.ts";
import type { Access, Transactions } from "./transactions.ts";
import { retryOnConflict, untilNotBusy } from "./waiting.ts";

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** For another writer. */
  readonly busyTimeoutMs: number;
  /** For a connection. */
  readonly connectionTimeoutMs: number;
}

/** A database to which this library has its own connections: runs sessions in transactions and on connections. */
export class Database {
  readonly #transactions: Transactions;
  readonly #dialect: StoreDialect;
  readonly #busyTimeoutMs: number;
  readonly #connectionTimeoutMs: number;
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

  /** Runs work in a transaction, and retries it after a conflict. */
  async inTransaction<Result>(access: Access, work: (session: Session) => Promise<Result>): Promise<Result> {
    const { locking } = this.#dialect;
    const limitWaiting = locking.kind === "rows" ? locking.limitWaiting(this.#busyTimeoutMs) : null;
    const attempt = (): Promise<Result> =>
      this.#run(
        (onConnected, connected) => this.#transactions.run(access, onConnected, connected),
        async (session) => {
          if (access === "writing" && limitWaiting !== null) await session.execute(limitWaiting);
          return work(session);
        },
      );
    if (locking.kind === "rows") return retryOnConflict(attempt);
    // With one writer, reads wait only for the recovery after a crash, and can be repeated.
    return access === "reading" ? untilNotBusy(this.#busyTimeoutMs, attempt) : attempt();
  }

  /** Runs reads on a connection, outside of any transaction. Repeats them while another writer blocks them. */
  async readOnConnection<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return untilNotBusy(this.#busyTimeoutMs, () => this.onConnection(work));
  }

  /** Runs work on a connection, outside of any transaction. */
  async onConnection<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#run(
      (onConnected, connected) =>
        this.#transactions.onConnection((connection) => {
          onConnected();
          return connected(connection);
        }),
      work,
    );
  }

  /** Errors of the work are thrown unchanged; errors of connecting, beginning and committing are translated. */
  async #run<Result>(
    start: (onConnected: () => void, work: (connection: SqlConnection) => Promise<Result>) => Promise<Result>,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const failures: unknown[] = [];
    try {
      return await this.#limitWait((onConnected) =>
        start(onConnected, async (connection) => {
          try {
            return await work(new Session(connection, this.#dialect));
          } catch (error) {
            failures.push(error);
            throw error;
          }
        }),
      );
    } catch (error) {
      if (failures.length > 0) throw failures[0];
      throw IssueLifecycleError.is(error) ? error : translate(error, this.#dialect);
    }
  }

  /**
   * Limits the wait for a connection to the timeout, counted while no session has one: then something else holds all of
   * them, perhaps the transaction that waits for this work.
   */
  #limitWait<Result>(start: (onConnected: () => void) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const waitingSince = performance.now();
      const state = { connected: false, gaveUp: false };
      const check = (): void => {
        const idleMs = this.#connected > 0 ? 0 : performance.now() - Math.max(waitingSince, this.#idleSince);
        if (idleMs < this.#connectionTimeoutMs) {
          timer = setTimeout(check, this.#connectionTimeoutMs - idleMs);
          return;
        }
        state.gaveUp = true;
        reject(this.#noConnection());
      };
      let timer = setTimeout(check, this.#connectionTimeoutMs);
      const onConnected = (): void => {
        if (state.gaveUp) throw this.#noConnection();
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

  #noConnection(): IssueLifecycleError {
    const { connectionAdvice } = this.#dialect;
    return new IssueLifecycleError(
      "store-busy",
      `No connection was free for ${String(this.#connectionTimeoutMs)} ms. Inside a transaction of the same Kysely instance, ` +
        `use tracker.withTransaction(transaction).${connectionAdvice === null ? "" : ` ${connectionAdvice}`}`,
      { retryable: true },
    );
  }
}

import { IssueLifecycleError } from "../core/errors.ts";
import { ConnectionWatch } from "./connection-watch.ts";
import type { StoreDialect } from "./dialect.ts";
import type { QueryRunner } from "./host-kysely.ts";
import { untilNotBusy } from "./patience.ts";
import { againOnConflict } from "./retries.ts";
import { Session, translate } from "./session.ts";
import type { Access, Transactions } from "./transactions.ts";

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** For another writer. */
  readonly busyTimeoutMs: number;
  /** For a connection. */
  readonly connectionTimeoutMs: number;
}

/** A database that this library has connections of its own to: runs sessions, and says what goes wrong in its words. */
export class Database {
  readonly #transactions: Transactions;
  readonly #dialect: StoreDialect;
  readonly #busyTimeoutMs: number;
  readonly #watch: ConnectionWatch;

  constructor(transactions: Transactions, dialect: StoreDialect, { busyTimeoutMs, connectionTimeoutMs }: Timeouts) {
    this.#transactions = transactions;
    this.#dialect = dialect;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#watch = new ConnectionWatch(connectionTimeoutMs);
  }

  /** Runs work in a transaction, and runs it again when another one was faster. */
  async inTransaction<Result>(access: Access, work: (session: Session) => Promise<Result>): Promise<Result> {
    const { locking } = this.#dialect;
    const limitWaiting = locking.kind === "rows" ? locking.limitWaiting(this.#busyTimeoutMs) : null;
    const attempt = (): Promise<Result> =>
      this.#run(
        (onConnected, connected) => this.#transactions.run(access, onConnected, connected),
        async (session) => {
          if (access === "writing" && limitWaiting !== null) await session.run(limitWaiting);
          return work(session);
        },
      );
    if (locking.kind === "rows") return againOnConflict(attempt);
    // Where there is one writer, reads wait for nothing but the recovery after a crash; they can simply be done again.
    return access === "reading" ? untilNotBusy(this.#busyTimeoutMs, attempt) : attempt();
  }

  /** Runs reads on a connection of its own, outside of any transaction; runs them again while another writer is in the way. */
  async looking<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return untilNotBusy(this.#busyTimeoutMs, () => this.onConnection(work));
  }

  /** Runs work on a connection of its own, outside of any transaction. */
  async onConnection<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#run(
      (onConnected, connected) =>
        this.#transactions.onConnection((runner) => {
          onConnected();
          return connected(runner);
        }),
      work,
    );
  }

  /** Errors of the work are passed on as they are; those of getting, beginning and ending are translated. */
  async #run<Result>(
    start: (onConnected: () => void, work: (runner: QueryRunner) => Promise<Result>) => Promise<Result>,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const failures: unknown[] = [];
    try {
      return await this.#watch.run((onConnected) =>
        start(onConnected, async (runner) => {
          try {
            return await work(new Session(runner, this.#dialect));
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
}

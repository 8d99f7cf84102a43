import { storeConflict, transactionEnded } from "../connections/session.ts";
import { rawQuery, type Write } from "../connections/round-trips.ts";
import type { ExecuteInOneStep, SqlConnection } from "../connections/sql-connection.ts";
import type { HostCall } from "./host-call.ts";

/**
 * A call in a host's transaction on SQLite, with a synchronous driver. A group of writes is one step of the process, in which
 * no other code runs. It releases the call's savepoint first, which fails when the transaction has ended.
 */
export class SqliteCall implements HostCall {
  readonly connection: SqlConnection;
  readonly #inOneStep: NonNullable<SqlConnection["inOneStep"]>;
  readonly #name: string;
  #hasSavepoint = false;

  constructor(connection: SqlConnection, inOneStep: NonNullable<SqlConnection["inOneStep"]>, name: string) {
    this.connection = connection;
    this.#inOneStep = inOneStep;
    this.#name = name;
  }

  async enter(): Promise<void> {
    if (this.#hasSavepoint) return;
    await this.#inOneStep((execute) => execute(rawQuery(`savepoint ${this.#name}`)));
    this.#hasSavepoint = true;
  }

  /** SQLite does not name transactions. */
  async transactionId(): Promise<null> {
    return null;
  }

  async write(writes: readonly Write[]): Promise<void> {
    this.#hasSavepoint = false;
    await this.#inOneStep((execute) => {
      this.#release(execute);
      writeInSavepoint(execute, `${this.#name}_group`, writes);
    });
  }

  async leave(): Promise<void> {
    if (!this.#hasSavepoint) return;
    this.#hasSavepoint = false;
    await this.#inOneStep((execute) => {
      this.#release(execute);
    });
  }

  #release(execute: ExecuteInOneStep): void {
    try {
      execute(rawQuery(`release ${this.#name}`));
    } catch (error) {
      throw transactionEnded(error);
    }
  }
}

function writeInSavepoint(execute: ExecuteInOneStep, savepoint: string, writes: readonly Write[]): void {
  execute(rawQuery(`savepoint ${savepoint}`));
  try {
    for (const { query, mustChange } of writes) if (execute(query) === 0 && mustChange) throw storeConflict();
  } catch (error) {
    undo(execute, savepoint);
    throw error;
  }
  execute(rawQuery(`release ${savepoint}`));
}

/** After some errors, such as a full disk, SQLite has rolled back the transaction itself. */
function undo(execute: ExecuteInOneStep, savepoint: string): void {
  try {
    execute(rawQuery(`rollback to ${savepoint}`));
    execute(rawQuery(`release ${savepoint}`));
  } catch {
    // The error that led here is the one to report.
  }
}

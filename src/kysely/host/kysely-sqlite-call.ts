import { storeConflict, transactionEnded } from "../connections/session.ts";
import { rawQuery, type Write } from "../connections/round-trips.ts";
import type { SqlConnection } from "../connections/sql-connection.ts";
import type { HostCall } from "./host-call.ts";

/**
 * How many microtasks Kysely needs at most, after it has committed, to note that the transaction has ended, if its log function
 * does not wait. Nothing else gets the connection before.
 */
const MICROTASKS_TO_NOTE_END = 16;

/**
 * A call in a host's Kysely transaction on SQLite. Kysely makes the transaction's statements wait for the call, but not its
 * commit, and outside of a transaction a `savepoint` begins one.
 *
 * So the call asks Kysely, as soon as it has set its savepoint, whether the transaction has ended. A group of writes begins
 * with the release of that savepoint, which fails when the transaction has ended since: the writes are then rolled back. The
 * statements of a group are passed to Kysely one after the other, without waiting, and SQLite runs each at once, so that no
 * other statement comes between them.
 */
export class KyselySqliteCall implements HostCall {
  readonly connection: SqlConnection;
  readonly #isActive: () => boolean;
  readonly #name: string;
  #hasSavepoint = false;

  /** @param isActive - whether Kysely has not noted that the transaction has ended */
  constructor(connection: SqlConnection, isActive: () => boolean, name: string) {
    this.connection = connection;
    this.#isActive = isActive;
    this.#name = name;
  }

  async enter(): Promise<void> {
    if (this.#hasSavepoint) return;
    await this.#execute(`savepoint ${this.#name}`);
    this.#hasSavepoint = true;
    for (let microtasks = 0; microtasks < MICROTASKS_TO_NOTE_END && this.#isActive(); microtasks++) {
      await Promise.resolve();
    }
    await this.#requireActive();
  }

  async transactionId(): Promise<null> {
    return null;
  }

  async write(writes: readonly Write[]): Promise<void> {
    await this.#requireActive();
    const group = `${this.#name}_group`;
    this.#hasSavepoint = false;
    const sent = [
      rawQuery(`release ${this.#name}`),
      rawQuery(`savepoint ${group}`),
      ...writes.map(({ query }) => query),
    ];
    const [released, saved, ...results] = await Promise.allSettled(
      sent.map(async (query) => this.connection.execute(query)),
    );
    const failed =
      released?.status === "rejected"
        ? { error: transactionEnded(released.reason) }
        : (firstError([saved, ...results]) ?? unchanged(writes, results));
    if (failed !== undefined) {
      // After some errors SQLite has rolled back the transaction itself.
      await Promise.allSettled([this.#execute(`rollback to ${group}`), this.#execute(`release ${group}`)]);
      throw failed.error;
    }
    // The host may have committed everything since.
    await Promise.allSettled([this.#execute(`release ${group}`)]);
  }

  async leave(): Promise<void> {
    if (!this.#hasSavepoint) return;
    this.#hasSavepoint = false;
    try {
      await this.#execute(`release ${this.#name}`);
    } catch (error) {
      throw transactionEnded(error);
    }
  }

  /** Ends the call if the transaction has ended. The savepoint may have begun another one, in which the host may have written. */
  async #requireActive(): Promise<void> {
    if (this.#isActive()) return;
    await this.leave();
    throw transactionEnded();
  }

  async #execute(text: string): Promise<void> {
    await this.connection.execute(rawQuery(text));
  }
}

/** The error for a write that has changed no row, but had to. */
function unchanged(
  writes: readonly Write[],
  results: readonly PromiseSettledResult<number>[],
): { readonly error: unknown } | undefined {
  const isUnchanged = writes.some(({ mustChange }, place) => {
    const result = results[place];
    return mustChange && result?.status === "fulfilled" && result.value === 0;
  });
  return isUnchanged ? { error: storeConflict() } : undefined;
}

/** The first error among results, in their order. */
function firstError(
  results: readonly (PromiseSettledResult<unknown> | undefined)[],
): { readonly error: unknown } | undefined {
  const failed = results.find((result) => result?.status === "rejected");
  return failed === undefined ? undefined : { error: failed.reason };
}

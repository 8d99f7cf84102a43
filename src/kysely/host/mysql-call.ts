import { storeConflict, transactionEnded } from "../connections/session.ts";
import { blockStatement } from "../connections/mariadb-round-trips.ts";
import { rawQuery, type Write } from "../connections/round-trips.ts";
import type { SqlConnection } from "../connections/sql-connection.ts";
import { errnoOf } from "../dialects/failures.ts";
import type { HostCall } from "./host-call.ts";

/** The number of the error for a savepoint that does not exist. */
const NO_SAVEPOINT = 1305;

/**
 * MariaDB says whether it is in a transaction, which a connection without autocommit is from its next statement on. MySQL
 * does not, and reads the part in the comment as a comment.
 */
const READ_STATE =
  "select 0 /*M! + 1 + (@@in_transaction or not @@autocommit) */ as state, @@max_allowed_packet as max_bytes";
type State = "mysql" | "mariadb outside of a transaction" | "mariadb within a transaction";
const STATES: readonly State[] = ["mysql", "mariadb outside of a transaction", "mariadb within a transaction"];

/** How many bytes of a statement are left to what surrounds the writes. */
const BYTES_AROUND_WRITES = 65_536;

/**
 * A call in a host's transaction on MySQL or MariaDB.
 *
 * Outside of a transaction a `savepoint` succeeds and does nothing, so the call proves that it exists. On MariaDB a group of
 * writes is one statement, a block that releases the savepoint first, which fails when the transaction has ended. MySQL has
 * no such blocks outside of stored procedures: there the writes are statements of their own after the proof.
 */
export class MysqlCall implements HostCall {
  readonly connection: SqlConnection;
  readonly #name: string;
  #isMariaDb = false;
  /** How long a statement can be. */
  #maxBytes = 0;
  #hasSavepoint = false;

  constructor(connection: SqlConnection, name: string) {
    this.connection = connection;
    this.#name = name;
  }

  async enter(): Promise<void> {
    if (this.#hasSavepoint) return;
    const probe = `${this.#name}_probe`;
    await this.#execute(`savepoint ${this.#name}`);
    await this.#execute(`savepoint ${probe}`);
    const [row] = await this.connection.rows(rawQuery(READ_STATE));
    const state = STATES[Number(row?.["state"])];
    if (state === "mariadb outside of a transaction") throw transactionEnded();
    this.#isMariaDb = state === "mariadb within a transaction";
    this.#maxBytes = Number(row?.["max_bytes"]) - BYTES_AROUND_WRITES;
    await this.#release(probe);
    this.#hasSavepoint = true;
  }

  /** The counts of transactions that this connection has begun and ended. */
  async transactionId(): Promise<string> {
    const counts = await this.connection.rows(
      rawQuery("show session status where variable_name in ('Com_begin', 'Com_commit', 'Com_rollback')"),
    );
    return JSON.stringify(counts);
  }

  async write(writes: readonly Write[]): Promise<void> {
    if (!this.#isMariaDb) {
      await this.#writeOneByOne(writes);
      return;
    }
    this.#hasSavepoint = false;
    const blocks = blocksOf(writes, this.#maxBytes);
    for (const [place, statements] of blocks.entries()) {
      await this.#writeBlock(statements, { isFirst: place === 0, isLast: place === blocks.length - 1 });
    }
  }

  async leave(): Promise<void> {
    if (this.#hasSavepoint) await this.#release(this.#name);
  }

  /** Each block but the last sets the call's savepoint again, with which the next one begins. */
  async #writeBlock(statements: readonly string[], { isFirst, isLast }: BlockPlace): Promise<void> {
    const group = `${this.#name}_group`;
    try {
      await this.#execute(`begin not atomic
declare exit handler for sqlexception begin
  begin
    declare continue handler for ${String(NO_SAVEPOINT)} begin end;
    rollback to savepoint ${group};
    release savepoint ${group};
  end;
  resignal;
end;
release savepoint ${this.#name};
${isFirst ? `savepoint ${group};` : ""}
${statements.join("\n")}
${isLast ? `release savepoint ${group};` : `savepoint ${this.#name};`}
end`);
    } catch (error) {
      throw errnoOf(error) === NO_SAVEPOINT ? transactionEnded(error) : error;
    }
  }

  async #writeOneByOne(writes: readonly Write[]): Promise<void> {
    await this.#release(this.#name);
    const group = `${this.#name}_group`;
    await this.#execute(`savepoint ${group}`);
    try {
      for (const { query, mustChange } of writes) {
        const changed = await this.connection.execute(query);
        if (mustChange && changed === 0) throw storeConflict();
      }
    } catch (error) {
      // After a deadlock the database has rolled back the transaction with its savepoints.
      await Promise.allSettled([
        this.#execute(`rollback to savepoint ${group}`),
        this.#execute(`release savepoint ${group}`),
      ]);
      throw error;
    }
    await Promise.allSettled([this.#execute(`release savepoint ${group}`)]);
  }

  /** Releases a savepoint, which proves that the transaction in which it was set has not ended. */
  async #release(savepoint: string): Promise<void> {
    this.#hasSavepoint = false;
    try {
      await this.#execute(`release savepoint ${savepoint}`);
    } catch (error) {
      throw errnoOf(error) === NO_SAVEPOINT ? transactionEnded(error) : error;
    }
  }

  async #execute(text: string): Promise<void> {
    await this.connection.execute(rawQuery(text));
  }
}

/** Where a block is among those of a group of writes. */
interface BlockPlace {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The statements of a group of writes, in as few blocks as statements of the database allow. */
function blocksOf(writes: readonly Write[], maxBytes: number): string[][] {
  const blocks: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const write of writes) {
    const statement = `${blockStatement(write)};`;
    const size = Buffer.byteLength(statement);
    if (bytes + size > maxBytes) {
      blocks.push([]);
      bytes = 0;
    }
    blocks.at(-1)?.push(statement);
    bytes += size;
  }
  return blocks;
}

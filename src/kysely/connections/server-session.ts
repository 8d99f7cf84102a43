import type { StoreDialect } from "../dialects/dialect.ts";
import type { StoredRow } from "../schema/columns.ts";
import { BufferedSession } from "./buffered-session.ts";
import type { Lookup } from "./lookup.ts";
import { rawQuery, type Read, type RoundTrips } from "./round-trips.ts";
import type { Session } from "./session.ts";
import type { SqlConnection } from "./sql-connection.ts";

/**
 * The most rows of a lookup that have a select each, in the same round trip. Planners expect a hundred rows of JSON, whatever
 * it holds, and would read all groups to find two; MariaDB writes it to a table first.
 */
const MOST_ONE_BY_ONE = 4;

/** The statements with which a transaction begins and ends. */
export interface TransactionFrame {
  readonly begin: readonly string[];
  readonly commit: string;
  readonly rollback: string;
}

/** A session in a transaction on a database that takes several statements in one round trip. */
export class ServerSession extends BufferedSession {
  override readonly findsTogether = true;
  override readonly findsInOrder: boolean;
  readonly #connection: SqlConnection;
  readonly #trips: RoundTrips;
  readonly #frame: TransactionFrame | undefined;
  /** What is sent with the next statement. */
  #opening: readonly string[];
  #hasBegun = false;

  /**
   * @param settings - statements that hold for the transaction
   * @param frame - the transaction, where its first and last statements begin and end it
   */
  constructor(
    connection: SqlConnection,
    dialect: StoreDialect,
    trips: RoundTrips,
    settings: readonly string[],
    frame: TransactionFrame | undefined,
  ) {
    super(connection, dialect);
    this.#connection = connection;
    this.findsInOrder = trips.areInOrder;
    this.#trips = trips;
    this.#frame = frame;
    this.#opening = [...(frame?.begin ?? []), ...settings];
  }

  /** Runs work, and then the writes that were kept. */
  async run<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      const result = await work(this);
      await this.#end();
      return result;
    } catch (error) {
      if (this.#frame !== undefined && this.#hasBegun) await this.#rollBack(this.#frame);
      throw error;
    }
  }

  flush(): Promise<void> {
    return this.#write([]);
  }

  protected async prepare(): Promise<void> {
    await this.flush();
    if (this.#opening.length > 0) await this.#send([]);
  }

  override async findAll(lookups: readonly Lookup[]): Promise<void> {
    const reads = lookups.map((each) => {
      const { columns } = each;
      return Array.from(each.queries(each.size <= MOST_ONE_BY_ONE), (query) => ({ query, columns }));
    });
    const rows = await this.#read(reads.flat());
    let start = 0;
    for (const [place, each] of lookups.entries()) {
      const end = start + (reads[place]?.length ?? 0);
      each.receive(rows.slice(start, end).flat());
      start = end;
    }
  }

  async #read(reads: readonly Read[]): Promise<readonly (readonly StoredRow[])[]> {
    const [first] = reads;
    if (first === undefined) return [];
    await this.flush();
    if (reads.length > 1 || this.#opening.length > 0) return this.#send(reads);
    return [await this.rows(first.query)];
  }

  async #send(reads: readonly Read[]): Promise<readonly (readonly StoredRow[])[]> {
    return this.translating(
      reads.map(({ query }) => query),
      () => this.#trips.rows(this.#connection, this.#takeOpening(), reads),
    );
  }

  /** Runs the writes that were kept, and commits, unless nothing was begun. */
  async #end(): Promise<void> {
    const closing = this.#frame === undefined ? [] : [this.#frame.commit];
    await this.#write(this.#hasBegun || this.keepsWrites ? closing : []);
  }

  async #write(closing: readonly string[]): Promise<void> {
    const writes = this.takeWrites();
    if (writes.length === 0 && closing.length === 0) return;
    await this.translating(
      writes.map(({ query }) => query),
      () => this.#trips.write(this.#connection, this.#takeOpening(), writes, closing),
    );
  }

  #takeOpening(): readonly string[] {
    const opening = this.#opening;
    this.#opening = [];
    this.#hasBegun = true;
    return opening;
  }

  /** After some errors the database has rolled back already, or the connection is lost, and the statement fails. */
  async #rollBack({ rollback }: TransactionFrame): Promise<void> {
    await Promise.allSettled([this.#connection.execute(rawQuery(rollback))]);
  }
}

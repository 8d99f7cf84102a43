import type { CompiledQuery } from "kysely";
import { IssueLifecycleError } from "../../core/errors.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import type { RowsStatement, Statement, Values } from "../statements/statement.ts";
import { lookup, lookupAll, type Lookup } from "./lookup.ts";
import type { SqlConnection } from "./sql-connection.ts";

/** Runs statements on one connection. Reports the database's errors as this library's. */
export class Session {
  /** Whether lookups that are passed to {@link findAll} take one round trip together. */
  readonly findsTogether: boolean = false;
  /**
   * Whether each lookup that is passed to {@link findAll} sees what was committed before it began. Otherwise they may see
   * one snapshot, except for rows that they lock.
   */
  readonly findsInOrder: boolean = true;
  readonly #connection: SqlConnection;
  readonly #dialect: StoreDialect;

  constructor(connection: SqlConnection, dialect: StoreDialect) {
    this.#connection = connection;
    this.#dialect = dialect;
  }

  /** The rows of a statement. */
  async all<Bound extends Values, Row>(statement: Statement<Bound, Row>, values: Bound): Promise<Row[]> {
    const found = lookupAll(statement, values);
    await this.findAll([found]);
    return found.rows;
  }

  /** The first row of a statement. */
  async first<Bound extends Values, Row>(statement: Statement<Bound, Row>, values: Bound): Promise<Row | undefined> {
    return (await this.all(statement, values))[0];
  }

  /** Whether a statement for each row costs less than one for all. */
  get isRowByRow(): boolean {
    return this.#connection.isRowByRow ?? false;
  }

  /** The rows that a statement finds for input rows. */
  async find<Input extends Values, Row>(statement: RowsStatement<Input, Row>, input: readonly Input[]): Promise<Row[]> {
    const found = lookup(statement, input);
    await this.findAll([found]);
    return found.rows;
  }

  /** Runs lookups, in their order. */
  async findAll(lookups: readonly Lookup[]): Promise<void> {
    for (const each of lookups) {
      for (const query of each.queries(this.isRowByRow)) each.receive(await this.rows(query));
    }
  }

  /** Runs a statement that writes or deletes rows. */
  async write<Input extends Values>(statement: RowsStatement<Input, unknown>, input: readonly Input[]): Promise<void> {
    for (const query of statement.bind(input, this.isRowByRow)) await this.execute(query);
  }

  /** Runs a statement that changes rows, if there are any. */
  async change<Bound extends Values>(statement: Statement<Bound, unknown>, values: Bound): Promise<void> {
    await this.execute(statement.bind(values));
  }

  /**
   * Runs a statement that has to change a row.
   *
   * @throws `IssueLifecycleError` `store-conflict` if it changes none
   */
  async requireChange<Bound extends Values>(statement: Statement<Bound, unknown>, values: Bound): Promise<void> {
    if ((await this.execute(statement.bind(values))) === 0) throw storeConflict();
  }

  /** The rows of a query: at once, if the driver is synchronous. */
  rows<Row>(query: CompiledQuery<Row>): Promise<readonly Row[]> | readonly Row[] {
    return this.translating([query], () => this.#connection.rows(query));
  }

  /** Runs a query that returns no rows. Returns how many rows it changed. */
  execute(query: CompiledQuery): Promise<number> | number {
    return this.translating([query], () => this.#connection.execute(query));
  }

  /** Runs queries. Reports the database's errors as this library's. */
  protected translating<Result>(
    queries: readonly CompiledQuery[],
    run: () => Promise<Result> | Result,
  ): Promise<Result> | Result {
    const failed = (error: unknown): never => {
      for (const query of queries) {
        const overflow = this.#overflow(query, error);
        if (overflow !== undefined) throw overflow;
      }
      throw translate(error, this.#dialect);
    };
    try {
      const result = run();
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  }

  /** The error for a connection that ended because a statement was too large, which is not worth a retry. */
  #overflow(query: CompiledQuery, cause: unknown): IssueLifecycleError | undefined {
    const { leastPacketBytes, name, failureKind } = this.#dialect;
    if (leastPacketBytes === null || failureKind(cause) !== "unreachable") return undefined;
    const bytes = parameterBytes(query);
    if (bytes <= leastPacketBytes) return undefined;
    return new IssueLifecycleError(
      "store-failed",
      `${name} ended the connection after a statement of ${String(bytes)} bytes: its max_allowed_packet is probably smaller.`,
      { cause },
    );
  }
}

/** The size of a query's parameters in bytes, before special characters are escaped. */
export function parameterBytes({ parameters }: CompiledQuery): number {
  return parameters.reduce<number>((sum, each) => sum + sizeOf(each), 0);
}

function sizeOf(parameter: unknown): number {
  if (typeof parameter === "string") return Buffer.byteLength(parameter);
  return parameter instanceof Uint8Array ? 2 * parameter.byteLength : 0;
}

/** The error for a call whose transaction has ended. */
export function transactionEnded(cause?: unknown): IssueLifecycleError {
  return new IssueLifecycleError(
    "transaction-ended",
    "The transaction had ended before this call was complete, so the call has stored nothing. Await every call of " +
      "tracker.withTransaction(transaction) before you commit or roll back, and make no call after one that failed with a " +
      "conflict, for which the database may have rolled back the transaction.",
    { cause },
  );
}

/** The error for a transaction that conflicts with another one. */
export function storeConflict(cause?: unknown): IssueLifecycleError {
  return new IssueLifecycleError(
    "store-conflict",
    "A conflict with another transaction: it stored the same rows, or locked rows that this one needs.",
    { retryable: true, cause },
  );
}

/** A database's error as this library's. */
export function translate(cause: unknown, dialect: StoreDialect): IssueLifecycleError {
  if (IssueLifecycleError.is(cause)) return cause;
  const { name } = dialect;
  switch (dialect.failureKind(cause)) {
    case "busy":
      return new IssueLifecycleError("store-busy", `${name}: another writer held a lock for too long.`, {
        retryable: true,
        cause,
      });
    case "conflict":
    case "overtaken":
      return storeConflict(cause);
    case "ended":
      return transactionEnded(cause);
    case "unreachable":
      return new IssueLifecycleError("store-failed", `${name} could not be reached: ${messageOf(cause)}`, {
        retryable: true,
        cause,
      });
    case "no-table":
      return new IssueLifecycleError(
        "schema-outdated",
        `${name} failed: ${messageOf(cause)}. Are this library's tables there? Call migrate() first, with the same options.`,
        { cause },
      );
    case "other":
      return new IssueLifecycleError("store-failed", `${name} failed: ${messageOf(cause)}`, { cause });
  }
}

/** An error's message. An error that gathers several, such as one for each address of a host, may have none itself. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "for an unknown reason";
  if (cause.message !== "") return cause.message;
  return cause instanceof AggregateError ? cause.errors.map(messageOf).join("; ") : cause.name;
}

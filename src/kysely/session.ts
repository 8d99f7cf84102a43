import type { CompiledQuery, QueryResult } from "kysely";
import { IssueLifecycleError } from "../core/errors.ts";
import type { StoreDialect } from "./dialect.ts";
import type { Parameters, RowsStatement, Statement } from "./statement.ts";
import type { QueryRunner } from "./host-kysely.ts";

/** Runs statements on one connection, and says what goes wrong in this library's words. */
export class Session {
  readonly #connection: QueryRunner;
  readonly #dialect: StoreDialect;

  constructor(connection: QueryRunner, dialect: StoreDialect) {
    this.#connection = connection;
    this.#dialect = dialect;
  }

  /** All rows a statement gives. */
  async all<Given extends Parameters, Row>(statement: Statement<Given, Row>, given: Given): Promise<Row[]> {
    return this.run(statement.bind(given));
  }

  /** The first row a statement gives. */
  async first<Given extends Parameters, Row>(statement: Statement<Given, Row>, given: Given): Promise<Row | undefined> {
    return (await this.all(statement, given))[0];
  }

  /** Whether a statement that may change one row changed one. */
  async changes<Given extends Parameters, Row>(statement: Statement<Given, Row>, given: Given): Promise<boolean> {
    const { numAffectedRows = 0n } = await this.#execute(statement.bind(given));
    return numAffectedRows > 0n;
  }

  /** All rows that a look-up of many gives. */
  async lookUp<Given extends Parameters, Row>(
    statement: RowsStatement<Given, Row>,
    given: readonly Given[],
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for (const query of statement.bind(given)) for (const row of await this.run(query)) rows.push(row);
    return rows;
  }

  /** Runs a statement that writes or deletes many rows. */
  async write<Given extends Parameters, Row>(
    statement: RowsStatement<Given, Row>,
    given: readonly Given[],
  ): Promise<void> {
    for (const query of statement.bind(given)) await this.run(query);
  }

  /** Runs a query. */
  async run<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    return (await this.#execute(query)).rows;
  }

  async #execute<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>> {
    try {
      return await this.#connection.executeQuery(query);
    } catch (error) {
      throw this.#overflow(query, error) ?? translate(error, this.#dialect);
    }
  }

  /** The error for a connection that ended over a statement which was too large: the same would happen again. */
  #overflow(query: CompiledQuery, cause: unknown): IssueLifecycleError | undefined {
    const { leastPacketBytes, name, failureKind } = this.#dialect;
    if (leastPacketBytes === null || failureKind(cause) !== "unreachable") return undefined;
    const bytes = query.parameters.reduce<number>((sum, each) => sum + sizeOf(each), 0);
    if (bytes <= leastPacketBytes) return undefined;
    return new IssueLifecycleError(
      "store-failed",
      `${name} ended the connection over a statement of ${String(bytes)} bytes: its max_allowed_packet is probably smaller.`,
      { cause },
    );
  }
}

/** How many bytes a parameter has, before what is special in it is escaped. */
function sizeOf(parameter: unknown): number {
  if (typeof parameter === "string") return Buffer.byteLength(parameter);
  return parameter instanceof Uint8Array ? 2 * parameter.byteLength : 0;
}

/** The error for a transaction that another one was faster than. */
export function storeConflict(cause?: unknown): IssueLifecycleError {
  return new IssueLifecycleError(
    "store-conflict",
    "Another transaction was faster: it stored what this one wanted to, or held what it needed.",
    {
      retryable: true,
      cause,
    },
  );
}

/** What a database's error means to a caller of this library. */
export function translate(cause: unknown, dialect: StoreDialect): IssueLifecycleError {
  if (IssueLifecycleError.is(cause)) return cause;
  switch (dialect.failureKind(cause)) {
    case "busy":
      return new IssueLifecycleError("store-busy", `${dialect.name} was held by another writer for too long.`, {
        retryable: true,
        cause,
      });
    case "conflict":
    case "overtaken":
      return storeConflict(cause);
    case "unreachable":
      return new IssueLifecycleError("store-failed", `${dialect.name} could not be reached: ${messageOf(cause)}`, {
        retryable: true,
        cause,
      });
    case "other":
      return new IssueLifecycleError("store-failed", `${dialect.name} failed: ${messageOf(cause)}`, { cause });
  }
}

/** What an error says. An error that gathers several, as of all addresses of a host, may say nothing itself. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "for an unknown reason";
  if (cause.message !== "") return cause.message;
  return cause instanceof AggregateError ? cause.errors.map(messageOf).join("; ") : cause.name;
}

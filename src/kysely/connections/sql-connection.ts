import type { CompiledQuery } from "kysely";
import type { StoredRow } from "../schema/columns.ts";
import type { QueryRunner } from "./host-kysely.ts";

/** Runs compiled queries on one connection, in the order of the calls. */
export interface SqlConnection {
  /** Runs a query that returns rows. A synchronous driver need not return a promise. */
  rows<Row>(query: CompiledQuery<Row>): Promise<readonly Row[]> | readonly Row[];
  /** Runs a query that returns none. Returns how many rows it changed. */
  execute(query: CompiledQuery): Promise<number> | number;
  /**
   * Whether a statement for each row costs less than one for all: in this process, and prepared once. Default `false`: there are
   * round trips, or each statement is prepared again.
   */
  readonly isRowByRow?: boolean;
  /** Where the driver is synchronous: runs work in one step of the process. */
  readonly inOneStep?: <Result>(work: (execute: ExecuteInOneStep) => Result) => Promise<Result>;
  /** Where the driver can send several statements of PostgreSQL in one message: runs them. Returns the rows of each. */
  readonly queryTogether?: (statements: string) => Promise<readonly (readonly StoredRow[])[]>;
}

/** Runs a query that returns no rows, and returns how many rows it has changed. */
export type ExecuteInOneStep = (query: CompiledQuery) => number;

/** A connection of Kysely. */
export class KyselyConnection implements SqlConnection {
  readonly #runner: QueryRunner;

  constructor(runner: QueryRunner) {
    this.#runner = runner;
  }

  async rows<Row>(query: CompiledQuery<Row>): Promise<readonly Row[]> {
    return (await this.#runner.executeQuery(query)).rows;
  }

  async execute(query: CompiledQuery): Promise<number> {
    const { numAffectedRows = 0n } = await this.#runner.executeQuery(query);
    return Number(numAffectedRows);
  }
}

/** Rows that a driver has returned for a query. */
export function rowsOf<Row>(query: CompiledQuery<Row>, rows: readonly unknown[]): readonly Row[] {
  if (areRowsOf(query, rows)) return rows;
  throw new Error("The driver has returned no rows.");
}

/** Narrows the type of rows to that of their query. */
function areRowsOf<Row>(_query: CompiledQuery<Row>, rows: readonly unknown[]): rows is readonly Row[] {
  return Array.isArray(rows);
}

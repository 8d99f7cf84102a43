import type { CompiledQuery } from "kysely";
import type { StoredRow } from "../schema/columns.ts";
import type { RowsStatement, Statement, Values } from "../statements/statement.ts";
import type { ResultColumn } from "./round-trips.ts";

/** What is to be found by a session, perhaps in one round trip with other lookups. */
export interface Lookup {
  /** For how many rows something is to be found. */
  readonly size: number;
  /** The columns of what is found. */
  readonly columns: readonly ResultColumn[];
  /** @param isRowByRow - whether a query for each row is preferred */
  queries(isRowByRow: boolean): Iterable<CompiledQuery<StoredRow>>;
  /** Takes rows that were found. */
  receive(stored: readonly StoredRow[]): void;
}

/** A lookup and the rows that it has found. */
export interface RowsLookup<Row> extends Lookup {
  readonly rows: Row[];
}

/** Looks up the rows that a statement finds for input rows. */
export function lookup<Input extends Values, Row>(
  statement: RowsStatement<Input, Row>,
  input: readonly Input[],
): RowsLookup<Row> {
  return lookupOf(statement, input.length, (isRowByRow) => statement.bind(input, isRowByRow));
}

/** Looks up the rows of a statement. */
export function lookupAll<Bound extends Values, Row>(statement: Statement<Bound, Row>, values: Bound): RowsLookup<Row> {
  return lookupOf(statement, 1, () => [statement.bind(values)]);
}

function lookupOf<Row>(
  statement: { readonly columns: readonly ResultColumn[]; readonly decode: (stored: StoredRow) => Row },
  size: number,
  queries: Lookup["queries"],
): RowsLookup<Row> {
  const { columns } = statement;
  const rows: Row[] = [];
  return {
    size,
    columns,
    queries,
    rows,
    receive: (stored) => {
      for (const row of stored) rows.push(statement.decode(row));
    },
  };
}

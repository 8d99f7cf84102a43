import type { StoredRow } from "../schema/columns.ts";
import type { RowsStatement, Statement, Values } from "../statements/statement.ts";
import type { Read } from "./round-trips.ts";

/** What is to be found by a session, perhaps in one round trip with other lookups. */
export interface Lookup {
  /** For how many rows something is to be found. */
  readonly size: number;
  /** @param isRowByRow - whether a query for each row is preferred */
  reads(isRowByRow: boolean): Iterable<Read>;
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
  const { columns } = statement;
  return lookupOf(statement, input.length, function* (isRowByRow) {
    for (const query of statement.bind(input, isRowByRow)) yield { query, columns };
  });
}

/** Looks up the rows of a statement. */
export function lookupAll<Bound extends Values, Row>(statement: Statement<Bound, Row>, values: Bound): RowsLookup<Row> {
  return lookupOf(statement, 1, () => [{ query: statement.bind(values), columns: statement.columns }]);
}

function lookupOf<Row>(
  statement: { readonly decode: (stored: StoredRow) => Row },
  size: number,
  reads: Lookup["reads"],
): RowsLookup<Row> {
  const rows: Row[] = [];
  return {
    size,
    reads,
    rows,
    receive: (stored) => {
      for (const row of stored) rows.push(statement.decode(row));
    },
  };
}

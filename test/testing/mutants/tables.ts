/** A cell of a table of mutants: what is wrong in a row and a column, and the case that sees it. */
export interface Cell<Row extends string, Column extends string> {
  readonly row: Row;
  readonly column: Column;
  readonly seenBy: string;
}

/** The cells of a table, by row and column. */
export function rowsOf<Row extends string, Column extends string>(
  table: Readonly<Record<Row, Readonly<Partial<Record<Column, string>>>>>,
): Cell<Row, Column>[] {
  return keysOf(table).flatMap((row) =>
    keysOf(table[row]).flatMap((column) => {
      const seenBy = table[row][column];
      return seenBy === undefined ? [] : [{ row, column, seenBy }];
    }),
  );
}

function keysOf<Key extends string>(record: Readonly<Partial<Record<Key, unknown>>>): Key[] {
  const isKey = (name: string): name is Key => Object.hasOwn(record, name);
  return Object.keys(record).filter(isKey);
}

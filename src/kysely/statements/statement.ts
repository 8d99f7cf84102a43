import { sql, type Compilable, type CompiledQuery, type RawBuilder } from "kysely";
import {
  ownText,
  rowDecoder,
  type Column,
  type Columns,
  type RowOf,
  type SqlValue,
  type StoredRow,
} from "../schema/columns.ts";

/** The values of a statement's parameters, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** A placeholder for a parameter, where a statement is built. */
export type ParameterOf<Described extends Columns> = <Name extends keyof Described & string>(
  name: Name,
) => RawBuilder<ReturnType<Described[Name]["encode"]>>;

/** A value in a compiled query that is bound later. */
class Placeholder {
  readonly name: string;
  readonly column: Column<unknown, SqlValue, unknown>;

  constructor(name: string, column: Column<unknown, SqlValue, unknown>) {
    this.name = name;
    this.column = column;
  }
}

/**
 * A statement that is built and compiled once, when it is first used, and run with different values: building it each time
 * would cost more than running it.
 */
export class Statement<Bound extends Values, Row> {
  /** Decodes a row of the result. */
  readonly decode: (stored: StoredRow) => Row;
  readonly #build: () => Compilable;
  #compiled: CompiledQuery | undefined;

  constructor(build: () => Compilable, decode: (stored: StoredRow) => Row) {
    this.#build = build;
    this.decode = decode;
  }

  /** The compiled query with these values. */
  bind(values: Bound): CompiledQuery<StoredRow> {
    this.#compiled ??= this.#build().compile();
    const { query, queryId, sql: statement, parameters } = this.#compiled;
    const bound = parameters.map((each) =>
      each instanceof Placeholder ? each.column.encode(values[each.name]) : each,
    );
    return { query, queryId, sql: statement, parameters: bound };
  }
}

/**
 * Creates a {@link Statement}.
 *
 * @param parameters - what its parameters hold
 * @param columns - the columns of its result; none for a statement that only writes
 * @param build - builds it, once
 */
export function statement<Parameters extends Columns, Result extends Columns>(
  parameters: Parameters,
  columns: Result,
  build: (parameter: ParameterOf<Parameters>) => Compilable,
): Statement<RowOf<Parameters>, RowOf<Result>> {
  return new Statement(
    () => build((name) => sql`${new Placeholder(name, columnNamed(parameters, name))}`),
    rowDecoder(columns),
  );
}

function columnNamed(columns: Columns, name: string): Column<unknown, SqlValue, unknown> {
  const column = columns[name];
  if (column === undefined) throw new Error(`The statement has no parameter ${name}.`);
  return column;
}

/** The longest JSON of a statement's rows, in characters. A longer row has a statement of its own. */
const MAX_ROWS_LENGTH = 1_000_000;

/**
 * A statement over any number of rows. One row is bound as it is. More rows are sent as one JSON parameter, so that there
 * are at most two SQL texts, and one round trip for as many rows as about a megabyte holds.
 */
export class RowsStatement<Input extends Values, Row> {
  readonly #one: Statement<Input, Row>;
  readonly #many: Statement<{ readonly rows: string }, Row>;
  readonly #encode: (row: Input) => string;

  constructor(
    one: Statement<Input, Row>,
    many: Statement<{ readonly rows: string }, Row>,
    encode: (row: Input) => string,
  ) {
    this.#one = one;
    this.#many = many;
    this.#encode = encode;
  }

  /** Decodes a row of the result. */
  decode(stored: StoredRow): Row {
    return this.#one.decode(stored);
  }

  /** Queries that together bind each row exactly once. */
  bind(rows: readonly Input[]): Iterable<CompiledQuery<StoredRow>> {
    const [first] = rows;
    if (first === undefined) return [];
    return rows.length === 1 ? [this.#one.bind(first)] : this.#bindMany(rows);
  }

  *#bindMany(rows: readonly Input[]): Iterable<CompiledQuery<StoredRow>> {
    let batch = "";
    for (const row of rows) {
      const encoded = this.#encode(row);
      if (batch !== "" && batch.length + encoded.length > MAX_ROWS_LENGTH) {
        yield this.#many.bind({ rows: `[${batch}]` });
        batch = "";
      }
      batch = batch === "" ? encoded : `${batch},${encoded}`;
    }
    if (batch !== "") yield this.#many.bind({ rows: `[${batch}]` });
  }
}

/** The parameter of a statement over many rows. */
export const ROWS = { rows: ownText };

import { sql, type Compilable, type CompiledQuery, type RawBuilder } from "kysely";
import type { ResultColumn } from "../connections/round-trips.ts";
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
  /** The columns of the result. */
  readonly columns: readonly ResultColumn[];
  readonly #build: () => Compilable;
  #compiled: CompiledQuery | undefined;

  constructor(build: () => Compilable, columns: readonly ResultColumn[], decode: (stored: StoredRow) => Row) {
    this.#build = build;
    this.columns = columns;
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
    Object.entries(columns).map(([name, { kind }]) => ({ name, kind })),
    rowDecoder(columns),
  );
}

function columnNamed(columns: Columns, name: string): Column<unknown, SqlValue, unknown> {
  const column = columns[name];
  if (column === undefined) throw new Error(`The statement has no parameter ${name}.`);
  return column;
}

/** The form of a statement for many rows. */
export type ManyForm<Input extends Values, Row> =
  | {
      /** All rows are one JSON parameter. */
      readonly kind: "json";
      readonly statement: Statement<{ readonly rows: string }, Row>;
      readonly encode: (row: Input) => string;
      /** The longest JSON, in characters. */
      readonly maxLength: number;
      /** Whether the form for one row does the same when it is run for each row. */
      readonly isSeparable: boolean;
    }
  | {
      /**
       * The form for one row, several times: {@link numbered} makes the names of its parameters. The largest first. Each has hundreds
       * of parameters, and is made when it is first used.
       */
      readonly kind: "repeated";
      readonly chunks: readonly { readonly size: number; readonly statement: () => Statement<Values, Row> }[];
    };

/** The name of a parameter of one of several rows. */
export function numbered(name: string, place: number): string {
  return `${name}${String(place)}`;
}

/**
 * A statement over any number of rows. One row is bound as it is. More rows are sent as one JSON parameter, so that there
 * are at most two SQL texts, and one round trip for as many rows as the longest JSON holds; or else in chunks; or row by row, where
 * that costs less.
 */
export class RowsStatement<Input extends Values, Row> {
  readonly #one: Statement<Input, Row>;
  readonly #many: ManyForm<Input, Row>;

  constructor(one: Statement<Input, Row>, many: ManyForm<Input, Row>) {
    this.#one = one;
    this.#many = many;
  }

  /** The columns of the result. */
  get columns(): readonly ResultColumn[] {
    return this.#one.columns;
  }

  /** Decodes a row of the result. */
  decode(stored: StoredRow): Row {
    return this.#one.decode(stored);
  }

  /**
   * Queries that together bind each row exactly once.
   *
   * @param isRowByRow - whether a query for each row is preferred
   */
  bind(rows: readonly Input[], isRowByRow = false): Iterable<CompiledQuery<StoredRow>> {
    const [first] = rows;
    if (first === undefined) return [];
    if (rows.length === 1) return [this.#one.bind(first)];
    if (isRowByRow && (this.#many.kind === "repeated" || this.#many.isSeparable)) return this.#bindEach(rows);
    return this.#many.kind === "json" ? bindAsJson(this.#many, rows) : this.#bindChunks(this.#many, rows);
  }

  *#bindEach(rows: readonly Input[]): Iterable<CompiledQuery<StoredRow>> {
    for (const row of rows) yield this.#one.bind(row);
  }

  *#bindChunks(
    { chunks }: ManyForm<Input, Row> & { kind: "repeated" },
    rows: readonly Input[],
  ): Iterable<CompiledQuery<StoredRow>> {
    let start = 0;
    for (const { size, statement: chunk } of chunks) {
      for (; rows.length - start >= size; start += size) {
        const values = rows
          .slice(start, start + size)
          .flatMap((row, place) => Object.entries(row).map(([name, value]) => [numbered(name, place), value] as const));
        yield chunk().bind(Object.fromEntries(values));
      }
    }
    yield* this.#bindEach(rows.slice(start));
  }
}

function* bindAsJson<Input extends Values, Row>(
  { statement: many, encode, maxLength }: ManyForm<Input, Row> & { kind: "json" },
  rows: readonly Input[],
): Iterable<CompiledQuery<StoredRow>> {
  let batch = "";
  for (const row of rows) {
    const encoded = encode(row);
    if (batch !== "" && batch.length + encoded.length > maxLength) {
      yield many.bind({ rows: `[${batch}]` });
      batch = "";
    }
    batch = batch === "" ? encoded : `${batch},${encoded}`;
  }
  if (batch !== "") yield many.bind({ rows: `[${batch}]` });
}

/** The parameter of a statement over many rows. */
export const ROWS = { rows: ownText };

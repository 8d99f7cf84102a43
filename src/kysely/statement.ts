import { sql, type Compilable, type CompiledQuery, type RawBuilder } from "kysely";

/** What a driver takes as a parameter. */
type SqlValue = string | number | Uint8Array | null;

/** The values of a statement's parameters, by name. */
export type Parameters = Readonly<Record<string, SqlValue>>;

/** Stands for one parameter where a statement is built. */
export type ParameterOf<Given extends Parameters> = <Name extends keyof Given & string>(
  name: Name,
) => RawBuilder<Given[Name]>;

/** Stands in a compiled query's parameters for a value that is given later. */
class Placeholder {
  readonly row: number;
  readonly name: string;

  constructor(row: number, name: string) {
    this.row = row;
    this.name = name;
  }
}

/**
 * A statement that is built and compiled once, when it is first needed, and run with other values each time. Building
 * anew costs more than running.
 */
export class Statement<Given extends Parameters, Row> {
  readonly #build: () => Compilable<Row>;
  #compiled: CompiledQuery<Row> | undefined;

  constructor(build: () => Compilable<Row>) {
    this.#build = build;
  }

  /** The compiled query with these values, one set of them for each row the statement was built for. */
  bind(rows: readonly Given[]): CompiledQuery<Row> {
    this.#compiled ??= this.#build().compile();
    const { query, queryId, sql: text, parameters } = this.#compiled;
    const values = parameters.map((each) => (each instanceof Placeholder ? rows[each.row]?.[each.name] : each));
    return { query, queryId, sql: text, parameters: values };
  }
}

/** The row counts that statements over many rows are compiled for, so that there are few different texts. */
const ROW_COUNTS = [100, 10, 1] as const;

/** A statement over any number of rows, compiled for a few numbers of them. */
export class RowsStatement<Given extends Parameters, Row> {
  readonly #bySize = new Map<number, Statement<Given, Row>>();

  constructor(build: (rows: readonly ParameterOf<Given>[]) => Compilable<Row>) {
    for (const size of ROW_COUNTS) {
      this.#bySize.set(
        size,
        new Statement(() => build(Array.from({ length: size }, (_, row) => placeholders<Given>(row)))),
      );
    }
  }

  /** Queries that together take each row exactly once: for writing. */
  *bindExactly(rows: readonly Given[]): Iterable<CompiledQuery<Row>> {
    let start = 0;
    for (const size of ROW_COUNTS) {
      const statement = this.#bySize.get(size);
      for (; statement !== undefined && rows.length - start >= size; start += size) {
        yield statement.bind(rows.slice(start, start + size));
      }
    }
  }

  /** Fewer queries, which may take the last row several times: for looking up. */
  *bindRepeating(rows: readonly Given[]): Iterable<CompiledQuery<Row>> {
    for (let start = 0; start < rows.length; start += ROW_COUNTS[0]) {
      const chunk = rows.slice(start, start + ROW_COUNTS[0]);
      const size = ROW_COUNTS.findLast((each) => each >= chunk.length) ?? ROW_COUNTS[0];
      const padding = new Array<Given | undefined>(size - chunk.length).fill(chunk.at(-1));
      const padded = [...chunk, ...padding].filter((each) => each !== undefined);
      const query = this.#bySize.get(size)?.bind(padded);
      if (query !== undefined) yield query;
    }
  }
}

/** Says which parameters a statement takes; `one` and `rows` then build it. */
export function taking<Given extends Parameters>(): {
  one<Row>(build: (parameter: ParameterOf<Given>) => Compilable<Row>): Statement<Given, Row>;
  rows<Row>(build: (rows: readonly ParameterOf<Given>[]) => Compilable<Row>): RowsStatement<Given, Row>;
} {
  return {
    one: (build) => new Statement(() => build(placeholders<Given>(0))),
    rows: (build) => new RowsStatement(build),
  };
}

function placeholders<Given extends Parameters>(row: number): ParameterOf<Given> {
  return (name) => sql`${new Placeholder(row, name)}`;
}

import { sql, type Compilable, type CompiledQuery, type RawBuilder } from "kysely";

/** What a driver takes as a parameter. */
export type SqlValue = string | number | Uint8Array | null;

/** The values of a statement's parameters, by name. */
export type Parameters = Readonly<Record<string, SqlValue>>;

/** Stands for one parameter where a statement is built. */
export type ParameterOf<Given extends Parameters> = <Name extends keyof Given & string>(
  name: Name,
) => RawBuilder<Given[Name]>;

/** Stands in a compiled query's parameters for a value that is given later. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
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

  /** The compiled query with these values. */
  bind(given: Given): CompiledQuery<Row> {
    this.#compiled ??= this.#build().compile();
    const { query, queryId, sql: text, parameters } = this.#compiled;
    const values = parameters.map((each) => (each instanceof Placeholder ? given[each.name] : each));
    return { query, queryId, sql: text, parameters: values };
  }
}

/** How long a statement's rows may be together, in characters; a row that is longer has a statement of its own. */
const LONGEST_ROWS = 1_000_000;

/**
 * A statement over any number of rows. One row is bound as it is; more of them travel together as one parameter, so that
 * there are two texts at most, and one round trip for as many rows as about a megabyte holds.
 */
export class RowsStatement<Given extends Parameters, Row> {
  readonly #one: Statement<Given, Row>;
  readonly #many: Statement<{ rows: string }, Row>;
  readonly #encode: (row: Given) => string;

  constructor(one: Statement<Given, Row>, many: Statement<{ rows: string }, Row>, encode: (row: Given) => string) {
    this.#one = one;
    this.#many = many;
    this.#encode = encode;
  }

  /** Queries that together take each row exactly once. */
  *bind(rows: readonly Given[]): Iterable<CompiledQuery<Row>> {
    const [only] = rows;
    if (only !== undefined && rows.length === 1) {
      yield this.#one.bind(only);
      return;
    }
    let batch = "";
    for (const row of rows) {
      const encoded = this.#encode(row);
      if (batch !== "" && batch.length + encoded.length > LONGEST_ROWS) {
        yield this.#many.bind({ rows: `[${batch}]` });
        batch = "";
      }
      batch = batch === "" ? encoded : `${batch},${encoded}`;
    }
    if (batch !== "") yield this.#many.bind({ rows: `[${batch}]` });
  }
}

/** Says which parameters a statement takes; `one` then builds it. */
export function taking<Given extends Parameters>(): {
  one<Row>(build: (parameter: ParameterOf<Given>) => Compilable<Row>): Statement<Given, Row>;
} {
  return { one: (build) => new Statement(() => build((name) => sql`${new Placeholder(name)}`)) };
}

import { sql, type Compilable, type RawBuilder } from "kysely";
import type { InputColumn, RowsSql } from "../dialects/dialect.ts";
import { columnList, INPUT_ROWS, matchesInput } from "../dialects/input-rows.ts";
import { ownText, type Column, type Columns, type RowOf, type SqlValue, type StoredText } from "../schema/columns.ts";
import { TABLES, type ColumnOf, type LifecycleDb, type TableName, type TableRow } from "../schema/tables.ts";
import {
  numbered,
  ROWS,
  RowsStatement,
  statement,
  type ParameterOf,
  type Statement,
  type Values,
} from "./statement.ts";

/** Values for some columns of a table. */
export type ValuesOf<Table extends TableName, Column extends ColumnOf<Table>> = Pick<TableRow<Table>, Column>;

/** The name of a row's new key among input rows. */
export const MOVED_TO = "moved_to";

/** The numbers of rows of statements that repeat the form for one row, the largest first. */
const CHUNK_SIZES = [50, 10];

/** No columns: the result of a statement that only writes. */
export const NONE = {};

/** How input rows are sent and read. */
export interface InputRows<Row> {
  /** The parameter that they are sent as. */
  readonly parameter: Column<StoredText, string, readonly Row[]>;
  /** The rows as a table: a select in parentheses. */
  readonly read: (json: RawBuilder<string>) => RawBuilder<unknown>;
  /** One row as JSON. */
  readonly encode: (row: Row) => string;
}

/**
 * Makes statements over any number of rows of one table. Each has two forms: for one row, with a parameter for each value,
 * and for many rows, with one parameter for all.
 */
export class ManyRows {
  readonly #db: LifecycleDb;
  readonly #rows: RowsSql;

  constructor(db: LifecycleDb, rows: RowsSql) {
    this.#db = db;
    this.#rows = rows;
  }

  /** Joins a table to the input rows, so that each input row looks up its match. */
  get join(): RawBuilder<unknown> {
    return this.#rows.join;
  }

  /** Input rows of any other statement, as one of its parameters. */
  input<Input extends Columns>(columns: Input): InputRows<RowOf<Input>> {
    const entries = Object.entries(columns);
    const described: InputColumn[] = entries.map(([name, { kind }]) => ({ name, kind }));
    const encode = (row: RowOf<Input>): string =>
      this.#rows.encode(
        described,
        entries.map(([name, column]) => portable(column.encode(row[name]))),
      );
    return {
      parameter: parameterOf((rows) => `[${rows.map(encode).join()}]`),
      read: (json) => this.#rows.read(described, json),
      encode,
    };
  }

  /** Inserts rows. */
  insert<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    columns: readonly Column[],
  ): RowsStatement<ValuesOf<Table, Column>, object> {
    return this.#inserting(table, columns, sql``);
  }

  /** Inserts rows, or changes some columns of rows whose key exists. */
  save<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    columns: readonly Column[],
    { key, changing }: { readonly key: readonly Column[]; readonly changing: readonly Column[] },
  ): RowsStatement<ValuesOf<Table, Column>, object> {
    return this.#inserting(table, columns, this.#rows.onConflict(key, changing));
  }

  /**
   * Finds rows by a key.
   *
   * @param columns - the columns to read
   * @param ending - ends the statement, to lock the rows
   */
  find<Table extends TableName, Column extends ColumnOf<Table>, Result extends Columns>(
    table: Table,
    key: readonly Column[],
    columns: Result,
    ending = sql``,
  ): RowsStatement<ValuesOf<Table, Column>, RowOf<Result>> {
    const named = sql.table(table);
    const found = qualified(named, Object.keys(columns));
    return this.#separable(
      pick(table, key),
      columns,
      (parameter) => sql`select ${found} from ${named} where ${equals(key, parameter)} ${ending}`,
      (input) =>
        sql`select ${found} from ${input} as ${INPUT_ROWS} ${this.#rows.join} ${named} on ${matchesInput(named, key)} order by ${qualified(named, key)} ${ending}`,
    );
  }

  /** Finds rows by a column that many of them may share. */
  findShared<Table extends TableName, Column extends ColumnOf<Table>, Result extends Columns>(
    table: Table,
    column: Column,
    columns: Result,
    ending = sql``,
  ): RowsStatement<ValuesOf<Table, Column>, RowOf<Result>> {
    const named = sql.table(table);
    const found = qualified(named, Object.keys(columns));
    const key = [column];
    return this.#separable(
      pick(table, key),
      columns,
      (parameter) => sql`select ${found} from ${named} where ${equals(key, parameter)} ${ending}`,
      (input) => sql`select ${found} from ${this.#rows.joinShared({ table: named, input, key })} ${ending}`,
    );
  }

  /** Changes columns of rows, by their key. */
  update<Table extends TableName, Key extends ColumnOf<Table>, Column extends ColumnOf<Table>>(
    table: Table,
    key: readonly Key[],
    changing: readonly Column[],
  ): RowsStatement<ValuesOf<Table, Key | Column>, object> {
    const named = sql.table(table);
    return this.#separable(
      pick(table, [...key, ...changing]),
      NONE,
      (parameter) => {
        const set = changing.map((column) => sql`${sql.ref(column)} = ${parameter(column)}`);
        return sql`update ${named} set ${sql.join(set)} where ${equals(key, parameter)}`;
      },
      (input) => {
        const assignments = changing.map((column) => ({ column, value: sql`${INPUT_ROWS}.${sql.ref(column)}` }));
        return this.#rows.update({ table: named, input, key }, assignments);
      },
    );
  }

  /** Changes a column of rows which is part of the key that they are found by. `moved_to` is its new value. */
  move<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    key: readonly Column[],
    moving: Column,
  ): RowsStatement<ValuesOf<Table, Column> & { readonly [MOVED_TO]: string }, object> {
    const named = sql.table(table);
    return this.other(
      { ...pick(table, key), [MOVED_TO]: ownText },
      NONE,
      (parameter) =>
        sql`update ${named} set ${sql.ref(moving)} = ${parameter(MOVED_TO)} where ${equals(key, parameter)}`,
      (input) => {
        const value = sql`${INPUT_ROWS}.${sql.ref(MOVED_TO)}`;
        return this.#rows.update({ table: named, input, key }, [{ column: moving, value }]);
      },
    );
  }

  /** Deletes rows by a key. */
  delete<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    key: readonly Column[],
  ): RowsStatement<ValuesOf<Table, Column>, object> {
    const named = sql.table(table);
    return this.#separable(
      pick(table, key),
      NONE,
      (parameter) => sql`delete from ${named} where ${equals(key, parameter)}`,
      (input) => this.#rows.delete({ table: named, input, key }),
    );
  }

  /**
   * Any other statement over rows.
   *
   * @param input - the columns of the input rows
   * @param columns - the columns of the result
   * @param one - builds the form for one row
   * @param many - builds the form for many rows, which are a select in parentheses
   */
  other<Input extends Columns, Result extends Columns>(
    input: Input,
    columns: Result,
    one: (parameter: ParameterOf<Input>) => RawBuilder<unknown>,
    many: (rows: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RowsStatement<RowOf<Input>, RowOf<Result>> {
    return this.#asJson(false, input, columns, one, many);
  }

  /** A statement whose form for one row does the same when it is run for each row. */
  #separable<Input extends Columns, Result extends Columns>(
    input: Input,
    columns: Result,
    one: (parameter: ParameterOf<Input>) => RawBuilder<unknown>,
    many: (rows: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RowsStatement<RowOf<Input>, RowOf<Result>> {
    return this.#asJson(true, input, columns, one, many);
  }

  #asJson<Input extends Columns, Result extends Columns>(
    isSeparable: boolean,
    input: Input,
    columns: Result,
    one: (parameter: ParameterOf<Input>) => RawBuilder<unknown>,
    many: (rows: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RowsStatement<RowOf<Input>, RowOf<Result>> {
    const { read, encode } = this.input(input);
    return new RowsStatement(
      statement(input, columns, (parameter) => this.#compilable(one(parameter))),
      {
        kind: "json",
        isSeparable,
        maxLength: this.#rows.maxLength,
        statement: statement(ROWS, columns, (parameter) => this.#compilable(many(read(parameter("rows"))))),
        encode,
      },
    );
  }

  /**
   * A select by a range that begins at a value of each row, and ends with an `order by` and a `limit`.
   *
   * @param one - builds the form for one row
   * @param many - builds the form for many rows, for databases that read an index from an input row's value on
   */
  seek<Input extends Columns, Result extends Columns>(
    input: Input,
    columns: Result,
    one: (parameter: (name: keyof Input & string) => RawBuilder<unknown>) => RawBuilder<unknown>,
    many: (rows: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RowsStatement<RowOf<Input>, RowOf<Result>> {
    if (this.#rows.seeksFromInput) return this.#separable(input, columns, one, many);
    return this.repeated(input, columns, one, (parameter) => sql`(${one(parameter)})`);
  }

  /**
   * A select whose form for many rows repeats that for one row.
   *
   * @param one - builds the form for one row
   * @param part - builds it as a part of the other form: in parentheses if it ends with an `order by` or a `limit`
   */
  repeated<Input extends Columns, Result extends Columns>(
    input: Input,
    columns: Result,
    one: (parameter: (name: keyof Input & string) => RawBuilder<unknown>) => RawBuilder<unknown>,
    part = one,
  ): RowsStatement<RowOf<Input>, RowOf<Result>> {
    const chunkOf = (size: number): Statement<Values, RowOf<Result>> => {
      const places = Array.from({ length: size }, (_, place) => place);
      const inputs = places.flatMap((place) =>
        Object.entries(input).map(([name, column]) => [numbered(name, place), column] as const),
      );
      const build = (parameter: (name: string) => RawBuilder<unknown>): Compilable =>
        this.#compilable(
          sql.join(
            places.map((place) => part((name) => parameter(numbered(name, place)))),
            sql` union all `,
          ),
        );
      return statement(Object.fromEntries(inputs), columns, build);
    };
    const chunks = CHUNK_SIZES.map((size) => {
      let made: Statement<Values, RowOf<Result>> | undefined;
      return { size, statement: () => (made ??= chunkOf(size)) };
    });
    return new RowsStatement(
      statement(input, columns, (parameter) => this.#compilable(one(parameter))),
      { kind: "repeated", chunks },
    );
  }

  #inserting<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    columns: readonly Column[],
    ending: RawBuilder<unknown>,
  ): RowsStatement<ValuesOf<Table, Column>, object> {
    const names = columnList(columns);
    const into = sql`insert into ${sql.table(table)} (${names})`;
    return this.#separable(
      pick(table, columns),
      NONE,
      (parameter) => sql`${into} values (${sql.join(columns.map((column) => parameter(column)))}) ${ending}`,
      // Without a condition SQLite would read "on conflict" as the condition of a join.
      (input) => sql`${into} select ${names} from ${input} as ${INPUT_ROWS} where true ${ending}`,
    );
  }

  #compilable(built: RawBuilder<unknown>): Compilable {
    return { compile: () => built.compile(this.#db) };
  }
}

/** A parameter that is never the column of a result. */
function parameterOf<Value>(encode: (value: Value) => string): Column<StoredText, string, Value> {
  return {
    kind: "text",
    nullable: false,
    encode,
    decode: () => {
      throw new Error("Input rows are no result.");
    },
  };
}

/** Some columns of a table. */
function pick(table: TableName, names: readonly string[]): Columns {
  const described: Columns = TABLES[table];
  return Object.fromEntries(Object.entries(described).filter(([name]) => names.includes(name)));
}

function qualified(table: RawBuilder<unknown>, columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql`${table}.${sql.ref(column)}`));
}

/** A value as it is sent in JSON. */
function portable(value: SqlValue): string | number | null {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

function equals(key: readonly string[], parameter: ParameterOf<Columns>): RawBuilder<unknown> {
  return sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${parameter(column)}`),
    sql` and `,
  );
}

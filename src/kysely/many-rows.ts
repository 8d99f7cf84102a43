import { sql, type Compilable, type InsertType, type RawBuilder, type Selectable } from "kysely";
import { COLUMNS, columnsOf, type ColumnKind, type ColumnOf, type TableName } from "./columns.ts";
import type { GivenColumn, RowsSql } from "./dialect.ts";
import { GIVEN, matchesGiven } from "./dialects/given-rows.ts";
import { RowsStatement, taking, type ParameterOf, type Parameters, type SqlValue } from "./statement.ts";
import type { LifecycleDb, LifecycleTables } from "./tables.ts";

/** Values for some of a table's columns. */
export type ValuesOf<Table extends TableName, Column extends ColumnOf<Table>> = {
  readonly [Name in Column]: SqlValue & InsertType<LifecycleTables[Table][Name]>;
};

/** What else a look-up may say. */
interface LookUpOptions {
  /** Ends the statement, to lock what it finds. */
  readonly ending?: RawBuilder<unknown>;
}

/**
 * Statements over any number of rows of one table. Each is in two forms: for one row with a parameter for each value, and
 * for many with all of them in one.
 */
export class ManyRows {
  readonly #db: LifecycleDb;
  readonly #rows: RowsSql;

  constructor(db: LifecycleDb, rows: RowsSql) {
    this.#db = db;
    this.#rows = rows;
  }

  /** Joins a table to given rows, so that each looks up what goes with it. */
  get join(): RawBuilder<unknown> {
    return this.#rows.join;
  }

  /** Inserts rows. */
  insert<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    columns: readonly Column[],
  ): RowsStatement<ValuesOf<Table, Column>, never> {
    return this.#inserting(table, columns, sql``);
  }

  /** Inserts rows, or changes some columns of those that are there already. */
  save<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    columns: readonly Column[],
    { key, changing }: { readonly key: readonly Column[]; readonly changing: readonly Column[] },
  ): RowsStatement<ValuesOf<Table, Column>, never> {
    return this.#inserting(table, columns, this.#rows.onConflict(key, changing));
  }

  /** Finds rows by a key. */
  find<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    key: readonly Column[],
    { ending = sql`` }: LookUpOptions = {},
  ): RowsStatement<ValuesOf<Table, Column>, Selectable<LifecycleTables[Table]>> {
    const named = sql.table(table);
    const found = sql.join(columnsOf(table).map((column) => sql`${named}.${sql.ref(column)}`));
    const order = sql.join(key.map((column) => sql`${named}.${sql.ref(column)}`));
    return this.#statement(
      table,
      key,
      (given) => sql`select ${found} from ${named} where ${equals(key, given)} ${ending}`,
      (given) =>
        sql`select ${found} from ${given} as ${GIVEN} ${this.#rows.join} ${named} on ${matchesGiven(named, key)} order by ${order} ${ending}`,
    );
  }

  /** Finds rows by a column that many of them may share. */
  findShared<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    column: Column,
    { ending = sql`` }: LookUpOptions = {},
  ): RowsStatement<ValuesOf<Table, Column>, Selectable<LifecycleTables[Table]>> {
    const named = sql.table(table);
    const found = sql.join(columnsOf(table).map((each) => sql`${named}.${sql.ref(each)}`));
    const key = [column];
    return this.#statement(
      table,
      key,
      (given) => sql`select ${found} from ${named} where ${equals(key, given)} ${ending}`,
      (given) => sql`select ${found} from ${this.#rows.joinShared({ table: named, given, key })} ${ending}`,
    );
  }

  /** Changes columns of rows with a key. A column that is a part of the key is given anew as `new_` and its name. */
  update<Table extends TableName, Key extends ColumnOf<Table>>(
    table: Table,
    key: readonly Key[],
    changing: readonly ColumnOf<Table>[],
    moving: readonly Key[] = [],
  ): RowsStatement<ValuesOf<Table, Key> & Parameters, never> {
    const named = sql.table(table);
    const kinds = kindsOf(table);
    const columns: GivenColumn[] = [
      ...[...key, ...changing].map((name) => ({ name, kind: kinds[name] })),
      ...moving.map((name) => ({ name: `new_${name}`, kind: kinds[name] })),
    ];
    const sources = [
      ...changing.map((column) => ({ column, from: column })),
      ...moving.map((column) => ({ column, from: `new_${column}` })),
    ];
    return this.#over<ValuesOf<Table, Key> & Parameters, never>(
      columns,
      (given) => {
        const set = sources.map(({ column, from }) => sql`${sql.ref(column)} = ${given(from)}`);
        return sql`update ${named} set ${sql.join(set)} where ${equals(key, given)}`;
      },
      (given) => {
        const assignments = sources.map(({ column, from }) => ({ column, value: sql`${GIVEN}.${sql.ref(from)}` }));
        return this.#rows.update({ table: named, given, key }, assignments);
      },
    );
  }

  /** Deletes rows with a key. */
  delete<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    key: readonly Column[],
  ): RowsStatement<ValuesOf<Table, Column>, never> {
    const named = sql.table(table);
    return this.#statement(
      table,
      key,
      (given) => sql`delete from ${named} where ${equals(key, given)}`,
      (given) => this.#rows.delete({ table: named, given, key }),
    );
  }

  /** A statement of another kind over rows with these columns. */
  other<Given extends Parameters, Row>(
    columns: readonly (GivenColumn & { readonly name: keyof Given & string })[],
    one: (given: ParameterOf<Given>) => RawBuilder<Row>,
    many: (given: RawBuilder<unknown>) => RawBuilder<Row>,
  ): RowsStatement<Given, Row> {
    return this.#over(columns, one, many);
  }

  #inserting<Table extends TableName, Column extends ColumnOf<Table>>(
    table: Table,
    columns: readonly Column[],
    ending: RawBuilder<unknown>,
  ): RowsStatement<ValuesOf<Table, Column>, never> {
    const into = sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})`;
    const names = sql.join(columns.map((column) => sql.ref(column)));
    return this.#statement(
      table,
      columns,
      (given) => sql`${into} values (${sql.join(columns.map((column) => given(column)))}) ${ending}`,
      // Without a condition SQLite would read "on conflict" as one of a join.
      (given) => sql`${into} select ${names} from ${given} as ${GIVEN} where true ${ending}`,
    );
  }

  #statement<Table extends TableName, Column extends ColumnOf<Table>, Row>(
    table: Table,
    columns: readonly Column[],
    one: (given: ParameterOf<ValuesOf<Table, Column>>) => RawBuilder<unknown>,
    many: (given: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RowsStatement<ValuesOf<Table, Column>, Row> {
    const kinds = kindsOf(table);
    return this.#over(
      columns.map((name) => ({ name, kind: kinds[name] })),
      one,
      many,
    );
  }

  #over<Given extends Parameters, Row>(
    columns: readonly GivenColumn[],
    one: (given: ParameterOf<Given>) => RawBuilder<unknown>,
    many: (given: RawBuilder<unknown>) => RawBuilder<unknown>,
  ): RowsStatement<Given, Row> {
    const compilable = (built: RawBuilder<unknown>): Compilable<Row> => ({
      compile: () => built.$castTo<Row>().compile(this.#db),
    });
    return new RowsStatement(
      taking<Given>().one((given) => compilable(one(given))),
      taking<{ rows: string }>().one((given) => compilable(many(this.#rows.given(columns, given("rows"))))),
      (row) =>
        this.#rows.encode(
          columns,
          columns.map(({ name }) => portable(row[name])),
        ),
    );
  }
}

/** A value as it travels in JSON. */
function portable(value: SqlValue | undefined): string | number | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value ?? null;
}

function equals<Given extends Parameters>(
  key: readonly (keyof Given & string)[],
  given: ParameterOf<Given>,
): RawBuilder<unknown> {
  return sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${given(column)}`),
    sql` and `,
  );
}

function kindsOf<Table extends TableName>(table: Table): Readonly<Record<ColumnOf<Table>, ColumnKind>> {
  return COLUMNS[table];
}

import { CompiledQuery } from "kysely";
import type { ColumnKind } from "../dialects/dialect.ts";
import type { StoredRow } from "../schema/columns.ts";
import type { SqlConnection } from "./sql-connection.ts";

/** A select and the columns of its result. */
export interface Read {
  readonly query: CompiledQuery<StoredRow>;
  readonly columns: readonly ResultColumn[];
}

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A statement that writes. */
export interface Write {
  readonly query: CompiledQuery;
  /** Whether it has to change a row. One that changes none is a conflict with another transaction. */
  readonly mustChange: boolean;
}

/** How a database takes several statements in one round trip. */
export interface RoundTrips {
  /**
   * Whether each select that is sent with others sees what was committed before it began. Otherwise they see one snapshot,
   * except for rows that they lock.
   */
  readonly areInOrder: boolean;
  /** Whether a transaction can begin and end together with other statements. Otherwise Kysely begins and ends it. */
  readonly haveTransactions: boolean;
  /**
   * Runs selects.
   *
   * @param opening - statements that run first
   * @returns the rows of each
   */
  rows(
    connection: SqlConnection,
    opening: readonly string[],
    reads: readonly Read[],
  ): Promise<readonly (readonly StoredRow[])[]>;
  /**
   * Runs writes, with the result of running one after the other.
   *
   * @param opening - statements that run first
   * @param closing - statements that run last
   */
  write(
    connection: SqlConnection,
    opening: readonly string[],
    writes: readonly Write[],
    closing: readonly string[],
  ): Promise<void>;
}

/** A query without parameters. */
export function rawQuery(text: string): CompiledQuery<StoredRow> {
  return CompiledQuery.raw(text);
}

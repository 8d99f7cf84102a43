import type { Column, Columns, RowOf, SqlValue } from "../schema/columns.ts";

/** Stands in a row for a value that could not be decoded. */
export class Damaged {
  /** The value as the driver returned it. */
  readonly stored: unknown;
  /** Why it could not be decoded. */
  readonly cause: unknown;

  constructor(stored: unknown, cause: unknown) {
    this.stored = stored;
    this.cause = cause;
  }
}

/** Columns whose values may be {@link Damaged}. */
export type Tolerant<Of extends Columns> = {
  readonly [Name in keyof Of]: Column<unknown, SqlValue, ReturnType<Of[Name]["decode"]> | Damaged>;
};

/** A row of which no value is {@link Damaged}. */
export type Whole<Row> = { readonly [Name in keyof Row]: Exclude<Row[Name], Damaged> };

/** Columns that decode a value that this version cannot read to a {@link Damaged}, so that it costs only its own row. */
export function tolerant<Of extends Columns>(columns: Of): Tolerant<Of> {
  const result = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, tolerating(column)]));
  if (!isTolerant<Of>(result, columns)) throw new Error("A column is missing.");
  return result;
}

function tolerating(column: Column<unknown, SqlValue, unknown>): Column<unknown, SqlValue, unknown> {
  return {
    ...column,
    decode: (stored) => {
      try {
        return column.decode(stored);
      } catch (error) {
        return new Damaged(stored, error);
      }
    },
  };
}

function isTolerant<Of extends Columns>(result: object, columns: Of): result is Tolerant<Of> {
  return Object.keys(columns).every((name) => Object.hasOwn(result, name));
}

/** The first damaged value of a row, if there is one. */
export function damageIn(row: object): Damaged | undefined {
  for (const value of Object.values(row)) if (value instanceof Damaged) return value;
  return undefined;
}

/** Whether all values of a row could be decoded. */
export function isWhole<Row extends object>(row: Row): row is Row & Whole<Row> {
  return damageIn(row) === undefined;
}

/** A value that could be decoded; `undefined` for one that could not. */
export function undamaged<Value>(value: Value | Damaged): Value | undefined {
  return value instanceof Damaged ? undefined : value;
}

/** The value of a column that rows are ordered by, or a damaged one's nearest number that a position can hold. */
export function placeOf(value: number | Damaged): number {
  if (!(value instanceof Damaged)) return value;
  return Number(value.stored) < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

/** A number that is beyond every position: what is ordered by it comes last. Databases hold it exactly. */
export const BEYOND_ALL = 2 ** 62;

/** An id that nothing has: it comes before all others. */
export const NO_ID = "00000000-0000-0000-0000-000000000000";

/** An id as a text: a damaged one as its hexadecimal digits. */
export function idText(id: string | Damaged): string {
  if (!(id instanceof Damaged)) return id;
  return id.stored instanceof Uint8Array ? Buffer.from(id.stored).toString("hex") : String(id.stored);
}

/** The id itself, or the nearest one that is not before a damaged one, as a position. */
export function idPlace(id: string | Damaged): string {
  if (!(id instanceof Damaged)) return id;
  const hex = idText(id);
  if (hex.length <= HEX_DIGITS) return uuidOf(hex.padEnd(HEX_DIGITS, "0"));
  const next = BigInt(`0x${hex.slice(0, HEX_DIGITS)}`) + 1n;
  return uuidOf(next.toString(16).padStart(HEX_DIGITS, "0").slice(-HEX_DIGITS));
}

const HEX_DIGITS = 32;

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Whether the id of a row can be used to find the row again. */
export function hasId<Row extends { readonly id: string | Damaged }>(row: Row): row is Row & { readonly id: string } {
  return !(row.id instanceof Damaged);
}

/** The values of rows of which some may be damaged. */
export type TolerantRow<Of extends Columns> = RowOf<Tolerant<Of>>;

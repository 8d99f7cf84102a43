import { IssueLifecycleError } from "../../core/errors.ts";
import { invalidInput, requireUuid } from "../../core/input.ts";
import type { Shape } from "../../core/shape.ts";
import { readStored } from "../../core/stored.ts";
import type { ColumnKind } from "../dialects/dialect.ts";
import { escapeText, unescapeText } from "./text-codec.ts";

/** A parameter of a statement, as drivers take it. */
export type SqlValue = string | number | Uint8Array | null;

/** A whole number, as drivers return it: by their settings and the host's, 64-bit columns are numbers, texts or bigints. */
export type StoredInteger = number | string | bigint;

/** A text, as drivers return it: as bytes where the database has no better type for it. */
export type StoredText = string | Uint8Array;

/**
 * A column, or a parameter of a statement: what it holds, and how its values are stored.
 *
 * @typeParam Stored - what drivers return
 * @typeParam Parameter - what drivers take
 * @typeParam Value - what the library works with
 */
export interface Column<Stored, Parameter extends SqlValue, Value> {
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  encode(value: Value): Parameter;
  /** Throws `corrupt-data` for what this library has not written. */
  decode(stored: Stored): Value;
}

/** Columns by their names. */
export type Columns = Readonly<Record<string, Column<unknown, SqlValue, unknown>>>;

/** The values of columns. */
export type RowOf<Of extends Columns> = { readonly [Name in keyof Of]: ReturnType<Of[Name]["decode"]> };

/** A row as a driver returns it. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** A whole number up to 2^53 - 1. */
export const integer: Column<StoredInteger, number, number> = {
  kind: "integer",
  nullable: false,
  encode: (value) => value,
  decode: decodeInteger,
};

/** True (1) or false (any other number). */
export const flag: Column<StoredInteger, number, boolean> = {
  kind: "integer",
  nullable: false,
  encode: (value) => (value ? 1 : 0),
  decode: (stored) => Number(stored) === 1,
};

/**
 * One of a few values, stored as its code.
 *
 * @param what - names the value in messages
 */
export function coded<Value extends string>(
  what: string,
  codes: Readonly<Record<Value, number>>,
): Column<StoredInteger, number, Value> {
  const values = new Map<number, Value>();
  for (const value in codes) values.set(codes[value], value);
  return {
    kind: "integer",
    nullable: false,
    encode: (value) => codes[value],
    decode: (stored) => {
      const value = values.get(Number(stored));
      if (value !== undefined) return value;
      throw new IssueLifecycleError("corrupt-data", `The store holds ${String(stored)} where ${what} belongs.`);
    },
  };
}

/** A text from outside: any JavaScript string. */
export const text: Column<StoredText, string, string> = {
  kind: "text",
  nullable: false,
  encode: escapeText,
  decode: (stored) => unescapeText(plainText(stored)),
};

/** A text that this library makes, which needs no escapes. */
export const ownText: Column<StoredText, string, string> = {
  kind: "text",
  nullable: false,
  encode: (value) => value,
  decode: plainText,
};

/** Bytes. */
export const bytes: Column<Uint8Array, Uint8Array, Uint8Array> = {
  kind: "bytes",
  nullable: false,
  encode: (value) => value,
  decode: (stored) => stored,
};

/** Bytes of any length, as hexadecimal digits in lower case. */
export const hexBytes: Column<Uint8Array, Uint8Array, string> = {
  kind: "bytes",
  nullable: false,
  encode: (value) => Buffer.from(value, "hex"),
  decode: hexOf,
};

/** A UUID, stored as 16 bytes. */
export const uuid: Column<Uint8Array, Uint8Array, string> = {
  kind: "bytes",
  nullable: false,
  encode: (value) => Buffer.from(requireUuid("id", value).replaceAll("-", ""), "hex"),
  decode: decodeUuid,
};

/** 128 bits as 32 hexadecimal digits in lower case, stored as 16 bytes. */
export const hash128: Column<Uint8Array, Uint8Array, string> = {
  kind: "bytes",
  nullable: false,
  encode: (value) => {
    if (HASH_128.test(value)) return Buffer.from(value, "hex");
    throw invalidInput("hash", value, "32 hexadecimal digits in lower case");
  },
  decode: (stored) => hexOf(sixteen(stored, "a hash")),
};

const HASH_128 = /^[0-9a-f]{32}$/u;

/**
 * A value as JSON. A row that something else wrote is reported as corrupt.
 *
 * @param what - names the value in messages
 */
export function json<Value>(what: string, shape: Shape<Value>): Column<StoredText, string, Value> {
  return {
    kind: "text",
    nullable: false,
    encode: (value) => JSON.stringify(value),
    decode: (stored) => readStored(what, plainText(stored), shape),
  };
}

/** A column that may have no value. */
export function nullable<Stored, Parameter extends SqlValue, Value>(
  column: Column<Stored, Parameter, Value>,
): Column<Stored | null, Parameter | null, Value | null> {
  return {
    kind: column.kind,
    nullable: true,
    encode: (value) => (value === null ? null : column.encode(value)),
    decode: (stored) => (stored === null ? null : column.decode(stored)),
  };
}

/** Decodes rows with these columns. */
export function rowDecoder<Of extends Columns>(columns: Of): (stored: StoredRow) => RowOf<Of> {
  const entries = Object.entries(columns);
  return (stored) => {
    const row: Record<string, unknown> = {};
    for (const [name, column] of entries) row[name] = column.decode(stored[name]);
    if (!isRowOf<Of>(row)) throw new IssueLifecycleError("corrupt-data", "The store returned no row.");
    return row;
  };
}

/** Narrows the type of a row whose columns have all been decoded. */
function isRowOf<Of extends Columns>(row: object): row is RowOf<Of> {
  return typeof row === "object";
}

function decodeInteger(stored: StoredInteger): number {
  const number = Number(stored);
  if (Number.isSafeInteger(number)) return number;
  throw new IssueLifecycleError("corrupt-data", `The store holds ${String(stored)} where a whole number belongs.`);
}

function plainText(stored: StoredText): string {
  return typeof stored === "string" ? stored : Buffer.from(stored).toString("utf8");
}

function sixteen(stored: Uint8Array, what: string): Uint8Array {
  if (stored.byteLength === 16) return stored;
  const length = String(stored.byteLength);
  throw new IssueLifecycleError("corrupt-data", `The store holds ${length} bytes where the 16 of ${what} belong.`);
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

function decodeUuid(stored: Uint8Array): string {
  const hex = hexOf(sixteen(stored, "a UUID"));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

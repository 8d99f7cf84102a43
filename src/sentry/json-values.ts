import { MAX_EVENT_TEXT_LENGTH } from "../core/event.ts";
import { invalidInput } from "../core/input.ts";
import { fitsInJson } from "./json-limits.ts";

/** An object in a payload: any member may be missing, or of any type. */
export type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object with members, else `undefined`: a value of another type counts as missing. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) && Object.keys(value).length > 0 ? value : undefined;
}

/** A member of a value; `undefined` if the value is not an object or has no such member. */
export function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

/**
 * The entries of a list, which SDKs send in three forms: `{ "values": [...] }`, an array, or one entry alone.
 *
 * @returns the entries, of any type; `undefined` for an empty array and for a value of another type
 */
export function entriesOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  const wrapper = asObject(value);
  if (wrapper === undefined) return undefined;
  const values = wrapper["values"];
  if (values === undefined) return [wrapper];
  const entries: readonly unknown[] = Array.isArray(values) ? values : [values];
  return entries;
}

/**
 * A value as a string: numbers and booleans as JavaScript writes them, anything else as JSON (`null`, `[1,"x"]`).
 *
 * @throws `IssueLifecycleError` `invalid-input` for a value that {@link fitsInJson} refuses
 */
export function stringOf(field: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const json = value ?? null;
  if (fitsInJson(json)) return JSON.stringify(json);
  throw invalidInput(field, value, `a string, or JSON of at most ${String(MAX_EVENT_TEXT_LENGTH)} characters`);
}

/**
 * A value as a string; `""` for an empty value: `undefined`, `null`, `false`, `0`, and empty strings, arrays and objects.
 *
 * @throws `IssueLifecycleError` `invalid-input`, as {@link stringOf}
 */
export function stringOrEmpty(field: string, value: unknown): string {
  return isEmpty(value) ? "" : stringOf(field, value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length === 0 : !value;
}

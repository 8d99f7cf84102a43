import { MAX_EVENT_TEXT_LENGTH } from "../core/event.ts";
import { invalidInput } from "../core/input.ts";
import { fitsInJson } from "./plain-json.ts";

/**
 * A value as text: a text as it is, a number or boolean as JavaScript writes it, anything else as JSON (`null`,
 * `[1,"x"]`).
 *
 * @throws `IssueLifecycleError` `invalid-input` for what JSON cannot say, and for more than 4 million characters
 */
export function writtenOut(field: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const said = value ?? null;
  if (fitsInJson(said)) return JSON.stringify(said);
  throw invalidInput(field, value, `a text, or JSON of at most ${String(MAX_EVENT_TEXT_LENGTH)} characters`);
}

/**
 * A value as text, where a value that says nothing is no text: nothing at all, `null`, `false`, `0`, and empty texts,
 * lists and objects are `""`.
 *
 * @throws `IssueLifecycleError` `invalid-input`, as {@link writtenOut}
 */
export function textOf(field: string, value: unknown): string {
  return saysNothing(value) ? "" : writtenOut(field, value);
}

function saysNothing(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length === 0 : !value;
}

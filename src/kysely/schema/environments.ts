import { anyText, arrayOf } from "../../core/shape.ts";
import { json, type Column, type StoredText } from "./columns.ts";

const names = json("the environments of an issue", arrayOf(anyText));

/**
 * The environments of an issue, as a JSON array. In its strings everything but plain ASCII is escaped, and so are quotes and
 * commas: a quote always begins or ends a string, and what is between two strings is in none. So the array has a string exactly
 * if its text contains the string in quotes, as {@link environmentPart} writes it.
 */
export const environmentNames: Column<StoredText, string, readonly string[]> = {
  ...names,
  encode: (value) => `[${value.map(environmentPart).join()}]`,
};

/** An environment as a part of the text of {@link environmentNames}. */
export function environmentPart(environment: string): string {
  return `"${environment.replaceAll(ESCAPED, escapeUnit)}"`;
}

/** Every code unit but plain ASCII characters; and of those what has a meaning in the array. */
const ESCAPED = /[^ -~]|[",\\]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

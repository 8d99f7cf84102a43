import { requireInstant, requireInteger, requireText } from "../core/input.ts";

/** An object from what was stored. */
export type Given = Readonly<Record<string, unknown>>;

/** A member that is a text. */
export function text(given: Given, member: string): string {
  return requireText(member, given[member], 0, Number.MAX_SAFE_INTEGER);
}

/** A member that is an instant. */
export function instant(given: Given, member: string): number {
  return requireInstant(member, given[member]);
}

/** A member that is a count. */
export function count(given: Given, member: string): number {
  return requireInteger(member, given[member], 0, Number.MAX_SAFE_INTEGER);
}

/** `null`, or what it is parsed to. */
export function orNull<Value>(value: unknown, parse: (value: unknown) => Value): Value | null {
  return value === null ? null : parse(value);
}

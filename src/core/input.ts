import { IssueLifecycleError } from "./errors.ts";
import { isInstant, MAX_INSTANT, type Instant } from "./instant.ts";

/** Says in one line what was given, short enough for an error message whatever it was. */
function given(value: unknown): string {
  if (typeof value === "string") {
    return value.length > 40 ? `a string of ${String(value.length)} characters` : JSON.stringify(value.toWellFormed());
  }
  if (value === null || typeof value !== "object") return typeof value === "symbol" ? "a symbol" : String(value);
  return Array.isArray(value) ? `an array of ${String(value.length)}` : "an object";
}

/** The error for a value that is not what a field allows: names the field, what was given and what is allowed. */
export function invalidInput(field: string, value: unknown, allowed: string): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", `${field}: got ${given(value)}; allowed is ${allowed}.`, { field });
}

/** What a field says, or what stands for it when it is absent. `null` is not absent: it is refused like any other value. */
export function orElse(value: unknown, fallback: unknown): unknown {
  return value === undefined ? fallback : value;
}

/** The value as an object with unknown members; anything else is refused. */
export function requireObject(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw invalidInput(field, value, "an object");
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Refuses an object with other members than those listed: a misspelt one would silently stand for its default. */
export function refuseOtherMembers(
  field: string,
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const other = Object.keys(given).find((member) => given[member] !== undefined && !known.includes(member));
  if (other !== undefined) throw invalidInput(field, other, `only the members ${known.join(", ")}`);
}

/** The value as an array of unknown members; anything else is refused. */
export function requireArray(field: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidInput(field, value, "an array");
  return value;
}

/** The value as a string of `minLength` to `maxLength` UTF-16 code units; anything else is refused. */
export function requireText(field: string, value: unknown, minLength: number, maxLength: number): string {
  if (typeof value !== "string" || value.length < minLength || value.length > maxLength) {
    throw invalidInput(field, value, `a string of ${String(minLength)} to ${String(maxLength)} characters`);
  }
  return value;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

/** Whether a text is a UUID in its canonical form, which is in lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The value as a UUID in lower case; anything else is refused. */
export function requireUuid(field: string, value: unknown): string {
  if (typeof value !== "string" || !isUuid(value)) throw invalidInput(field, value, "a UUID in lower case");
  return value;
}

/** The value as a whole number from `min` to `max`; anything else is refused. */
export function requireInteger(field: string, value: unknown, min: number, max: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidInput(field, value, `a whole number from ${String(min)} to ${String(max)}`);
  }
  return withoutSign(value);
}

/** The value as an {@link Instant}; anything else, dates and texts included, is refused. */
export function requireInstant(field: string, value: unknown): Instant {
  if (!isInstant(value)) {
    throw invalidInput(field, value, `epoch milliseconds, a whole number from 0 to ${String(MAX_INSTANT)}`);
  }
  return withoutSign(value);
}

/** 0 for -0, which stores do not tell apart; any other number as it is. */
function withoutSign(value: number): number {
  return value + 0;
}

/** The value as a boolean; anything else is refused. */
export function requireBoolean(field: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalidInput(field, value, "true or false");
  return value;
}

/** The value as one of the words listed; anything else is refused. */
export function requireOneOf<Word extends string>(field: string, value: unknown, words: readonly Word[]): Word {
  const word = words.find((each) => each === value);
  if (word === undefined) throw invalidInput(field, value, `one of ${words.map((each) => `"${each}"`).join(", ")}`);
  return word;
}

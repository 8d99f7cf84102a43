import { IssueLifecycleError } from "./errors.ts";
import { isInstant, MAX_INSTANT, type Instant } from "./instant.ts";

/** The longest string that an error message quotes. */
const MAX_REPEATED = 40;

/** Describes any value briefly, for an error message. Never throws. */
function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length > MAX_REPEATED
        ? `a string of ${String(value.length)} characters`
        : JSON.stringify(value.toWellFormed());
    case "bigint":
      return "a BigInt";
    case "symbol":
      return "a symbol";
    case "function":
      return "a function";
    case "object":
      return describeObject(value);
    default:
      return String(value);
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "null";
  try {
    if (Array.isArray(value)) return `an array of ${String(value.length)}`;
    if (value instanceof Promise) return "a Promise (await it)";
    if (isDate(value)) return `the Date ${Date.prototype.toISOString.call(value)}`;
  } catch {
    // A proxy whose traps fail, or an invalid Date.
  }
  return isDate(value) ? "an invalid Date" : "an object";
}

/**
 * The error for a value that a field does not allow: names the field, what was given and what is allowed.
 *
 * @param allowed - what is allowed, with an example where its form is not obvious
 */
export function invalidInput(field: string, value: unknown, allowed: string): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", `${field}: got ${describe(value)}; allowed is ${allowed}.`, {
    field,
  });
}

/** The value as an object whose members are unknown; anything else is refused. */
export function requireObject(field: string, value: unknown, allowed = "an object"): Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) throw invalidInput(field, value, allowed);
  return value;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  try {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** The most characters of a path that an error repeats: the caller may have named its last member. */
const MAX_PATH = 200;

/** Reads a member of an untrusted object. A getter that throws is refused like any other invalid value. */
export function readMember(field: string, given: object, member: PropertyKey): unknown {
  try {
    return Reflect.get(given, member);
  } catch (cause) {
    throw unreadableMember(field, cause);
  }
}

/** The error for a member whose getter throws. */
export function unreadableMember(field: string, cause: unknown): IssueLifecycleError {
  const path = field.length > MAX_PATH ? `${field.slice(0, MAX_PATH)}…` : field;
  const message = `${path}: could not be read, because its getter failed.`;
  return new IssueLifecycleError("invalid-input", message, { field: path, cause });
}

/**
 * The value as an array of `min` to `max` unknown elements; anything else is refused.
 *
 * @param example - an array that is allowed, for the message
 */
export function requireArray(
  field: string,
  value: unknown,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
  example?: string,
): readonly unknown[] {
  if (isArray(value) && value.length >= min && value.length <= max) return value;
  const length = max === Number.MAX_SAFE_INTEGER ? "" : ` of ${String(min)} to ${String(max)} elements`;
  throw invalidInput(field, value, `an array${length}${example === undefined ? "" : `, as in ${example}`}`);
}

/** Whether a value is an array whose elements can be read. A revoked proxy is not. */
export function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value) && Number.isSafeInteger(value.length);
  } catch {
    // A revoked proxy.
    return false;
  }
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

/** The value as an {@link Instant}: epoch milliseconds, or a `Date`; anything else, texts included, is refused. */
export function requireInstant(field: string, value: unknown): Instant {
  const instant = isDate(value) ? Date.prototype.getTime.call(value) : value;
  if (!isInstant(instant)) {
    throw invalidInput(
      field,
      value,
      `a Date or epoch milliseconds, a whole number from 0 to ${String(MAX_INSTANT)}, such as Date.now()`,
    );
  }
  return withoutSign(instant);
}

/** Whether a value is a date. Dates of other realms, such as those of test runners, are dates too. */
export function isDate(value: unknown): value is Date {
  if (typeof value !== "object") return false;
  try {
    // Throws for anything that is not a date.
    Date.prototype.getTime.call(value);
    return true;
  } catch {
    return false;
  }
}

/** Turns -0 into 0, because stores do not distinguish them. */
function withoutSign(value: number): number {
  return value + 0;
}

/** The value as bytes; anything else is refused. Bytes of other realms, such as those of test runners, are bytes too. */
export function requireBytes(field: string, value: unknown): Uint8Array {
  if (!isBytes(value)) throw invalidInput(field, value, "a Uint8Array");
  return value;
}

function isBytes(value: unknown): value is Uint8Array {
  try {
    return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
  } catch {
    // A getter that throws.
    return false;
  }
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

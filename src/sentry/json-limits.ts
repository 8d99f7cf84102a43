import { IssueLifecycleError } from "../core/errors.ts";
import { MAX_EVENT_TEXT_LENGTH, type JsonValue } from "../core/event.ts";
import { requireObject } from "../core/input.ts";

/** The deepest nesting of objects and arrays that is accepted; SDKs use far less. */
export const MAX_JSON_NESTING = 1_000;

/** Decodes bytes that are not UTF-8 as "\uFFFD" and drops a byte order mark: neither is a reason to lose an event. */
const UTF_8 = new TextDecoder();

/**
 * Parses a JSON object from its bytes.
 *
 * @param field - names the bytes in an error
 * @throws `IssueLifecycleError` `invalid-input` for what is not an object, and as {@link parseJson}
 */
export function parseJsonObject(field: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  return requireObject(field, parseJson(field, bytes));
}

/**
 * Parses JSON from its bytes.
 *
 * @param field - names the bytes in an error
 * @throws `IssueLifecycleError` `invalid-input` for what is not JSON, or nested deeper than {@link MAX_JSON_NESTING}
 */
export function parseJson(field: string, bytes: Uint8Array): unknown {
  // JSON.parse takes seconds and hundreds of megabytes for millions of brackets.
  if (isNestedTooDeep(bytes)) {
    throw invalidJson(
      field,
      "JSON that is nested too deep",
      `${String(MAX_JSON_NESTING)} levels of objects and arrays`,
    );
  }
  return parse(field, bytes);
}

function parse(field: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(bytes));
  } catch (error) {
    throw invalidJson(field, `${String(bytes.length)} bytes that are not JSON`, "a JSON object, decompressed", error);
  }
}

function invalidJson(field: string, given: string, allowed: string, cause?: unknown): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", `${field}: got ${given}; allowed is ${allowed}.`, { field, cause });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPENING_BRACKET, CLOSING_BRACKET] = [0x5b, 0x5d];
const [OPENING_BRACE, CLOSING_BRACE] = [0x7b, 0x7d];

/** Counts brackets outside of strings. They are ASCII, which is never a part of another character in UTF-8. */
function isNestedTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      depth += 1;
      if (depth > MAX_JSON_NESTING) return true;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      depth -= 1;
    }
  }
  return false;
}

/**
 * Whether a value can be written as JSON of at most `MAX_EVENT_TEXT_LENGTH` characters. Circular structures, those nested deeper
 * than {@link MAX_JSON_NESTING}, bigints and values that throw when they are read cannot.
 */
export function fitsInJson(value: unknown): value is JsonValue {
  try {
    return isBounded(value) && (stringify(value)?.length ?? Infinity) <= MAX_EVENT_TEXT_LENGTH;
  } catch {
    return false;
  }
}

/** `JSON.stringify` returns `undefined` for a function or `undefined`, which its declared type does not say. */
function stringify(value: unknown): string | undefined {
  return JSON.stringify(value);
}

/**
 * Whether a value is small and flat enough for `JSON.stringify`, which is recursive and writes a part once for each place where
 * it occurs. Visits the value level by level, and stops when its JSON would be too long.
 */
function isBounded(root: unknown): boolean {
  let level: unknown[] = [root];
  let leastLength = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    const deeper: unknown[] = [];
    for (const value of level) {
      leastLength += typeof value === "string" ? value.length : 1;
      if (leastLength + deeper.length > MAX_EVENT_TEXT_LENGTH) return false;
      if (typeof value !== "object" || value === null) continue;
      if (depth >= MAX_JSON_NESTING) return false;
      const members: unknown[] = Object.values(value);
      for (const member of members) deeper.push(member);
    }
    level = deeper;
  }
  return true;
}

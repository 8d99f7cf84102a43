import { IssueLifecycleError } from "../core/errors.ts";
import { requireObject } from "../core/input.ts";
import type { JsonObject } from "./json-object.ts";
import { MAX_JSON_NESTING } from "./plain-json.ts";

/** Bytes that are no UTF-8 become "\uFFFD", and a byte order mark is dropped: neither is a reason to lose an event. */
const UTF_8 = new TextDecoder();

/**
 * Reads a JSON object from its bytes.
 *
 * @param field - what to call it in an error
 * @throws `IssueLifecycleError` `invalid-input` for what is no JSON, no object, or nested deeper than
 *   {@link MAX_JSON_NESTING}
 */
export function readJsonObject(field: string, bytes: Uint8Array): JsonObject {
  // Millions of brackets take the parser seconds and hundreds of megabytes.
  if (isNestedTooDeep(bytes)) {
    throw refusal(field, "JSON nested too deep", `a nesting of ${String(MAX_JSON_NESTING)} objects and arrays`);
  }
  return requireObject(field, parse(field, bytes));
}

function parse(field: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(bytes));
  } catch (error) {
    throw refusal(field, `${String(bytes.length)} bytes that are no JSON`, "a JSON object, decompressed", error);
  }
}

function refusal(field: string, given: string, allowed: string, cause?: unknown): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", `${field}: got ${given}; allowed is ${allowed}.`, { field, cause });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPENING_BRACKET, CLOSING_BRACKET] = [0x5b, 0x5d];
const [OPENING_BRACE, CLOSING_BRACE] = [0x7b, 0x7d];

/** Counts brackets outside of strings. All of them are ASCII, which no part of another UTF-8 character is. */
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

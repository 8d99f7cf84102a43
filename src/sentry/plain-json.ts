import { MAX_EVENT_TEXT_LENGTH, type JsonValue } from "../core/event.ts";

/** How many objects and arrays may stand inside one another; far more than any SDK sends. */
export const MAX_JSON_NESTING = 1_000;

/**
 * Whether a value can be written as JSON of at most `MAX_EVENT_TEXT_LENGTH` characters. Circular structures, those
 * nested deeper than {@link MAX_JSON_NESTING}, bigints and what throws when looked at cannot.
 */
export function fitsInJson(value: unknown): value is JsonValue {
  try {
    return isBounded(value) && (stringify(value)?.length ?? Infinity) <= MAX_EVENT_TEXT_LENGTH;
  } catch {
    return false;
  }
}

/** Unlike the declared type has it, of a function or of nothing JSON says nothing. */
function stringify(value: unknown): string | undefined {
  return JSON.stringify(value);
}

/**
 * Whether a value is small and flat enough to be handed to `JSON.stringify`, which is recursive and would write a part
 * that occurs in many places as many times. Goes level by level, and no further than the longest JSON could be long.
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

import type { JsonValue } from "./event.ts";
import type { PropertyReader } from "./property-reader.ts";

/** The longest copy, written as JSON, in UTF-16 code units. */
const MAX_COPY_LENGTH = 10_000;
const MAX_VALUES = 1_000;
const MAX_DEPTH = 10;

/** Ends a copy that would be too large or too deep. Circular objects are too deep. */
const TOO_LARGE = /* @__PURE__ */ Symbol("too large");

/** How much a copy may still take. */
interface Room {
  values: number;
  characters: number;
}

/**
 * A copy of a value that can be written as JSON; `undefined` for a value without one, for one that is longer than
 * {@link MAX_COPY_LENGTH}, and for an empty object, which says nothing. Calls no `toJSON`. What JSON has no form for is left
 * out, and a BigInt becomes a string.
 */
export function copyAsJson(value: unknown, reader: PropertyReader): JsonValue | undefined {
  const room: Room = { values: MAX_VALUES, characters: MAX_COPY_LENGTH };
  const copy = copyValue(value, reader, room, MAX_DEPTH);
  if (copy === undefined || copy === TOO_LARGE) return undefined;
  const json = JSON.stringify(copy);
  return json === "{}" || json.length > MAX_COPY_LENGTH ? undefined : copy;
}

type Copy = JsonValue | undefined | typeof TOO_LARGE;

function copyValue(value: unknown, reader: PropertyReader, room: Room, depth: number): Copy {
  room.values -= 1;
  if (room.values < 0) return TOO_LARGE;
  switch (typeof value) {
    case "string":
      return copyText(value, room);
    case "number":
      return Number.isFinite(value) ? value : null;
    case "boolean":
      return value;
    case "bigint":
      return isShortBigInt(value) ? String(value) : TOO_LARGE;
    case "object":
      if (value === null) return null;
      if (depth === 0) return TOO_LARGE;
      return copyDate(value) ?? copyArray(value, reader, room, depth) ?? copyObject(value, reader, room, depth);
    default:
      return undefined;
  }
}

function copyText(text: string, room: Room): Copy {
  room.characters -= text.length;
  return room.characters < 0 ? TOO_LARGE : text.toWellFormed();
}

/** Whether a BigInt is short enough to be written, which takes more than linear time. */
export function isShortBigInt(value: bigint): boolean {
  const limit = 10n ** 100n;
  return value < limit && value > -limit;
}

/** A date's ISO form, by its internal value: its methods may be anybody's. */
function copyDate(value: object): string | undefined {
  try {
    return Date.prototype.toISOString.call(value);
  } catch {
    // No date, or an invalid one.
    return undefined;
  }
}

function copyArray(value: object, reader: PropertyReader, room: Room, depth: number): Copy {
  const length = reader.lengthOf(value);
  if (length === undefined) return undefined;
  if (length > room.values) return TOO_LARGE;
  const copies: JsonValue[] = [];
  for (const element of reader.elementsOf(value, length)) {
    const copy = copyValue(element, reader, room, depth - 1);
    if (copy === TOO_LARGE) return TOO_LARGE;
    copies.push(copy ?? null);
  }
  return copies;
}

function copyObject(value: object, reader: PropertyReader, room: Room, depth: number): Copy {
  const keys = namesOf(value, reader);
  if (keys === undefined) return undefined;
  const copies: [string, JsonValue][] = [];
  for (const key of keys) {
    const name = copyText(key, room);
    const copy = copyValue(reader.read(value, key), reader, room, depth - 1);
    if (copy === TOO_LARGE || typeof name !== "string") return TOO_LARGE;
    if (copy !== undefined) copies.push([name, copy]);
  }
  // Unlike an assignment, this makes a member of `__proto__` too.
  return Object.fromEntries(copies);
}

/** The names of the members to copy. Those that say what an error is about are not enumerable. */
function namesOf(value: object, reader: PropertyReader): readonly string[] | undefined {
  const keys = reader.keysOf(value);
  if (keys === undefined || reader.readText(value, "message") === undefined) return keys;
  return [...new Set(["name", "message", ...keys])];
}

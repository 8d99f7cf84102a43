import { formatTime, looksLikeInstant } from "../format-time.ts";

/** The most differences that are listed. */
const MAX_LISTED = 20;
/** How deep values are compared. Values nested deeper, or that refer to themselves, count as different. */
const MAX_DEPTH = 60;

/**
 * The places in which two values differ, one line each: `.items[1].title: expected "a", got "b"`. Objects are compared by
 * their members, and an absent member equals one that is `undefined`; arrays, maps, sets, bytes, dates and errors are
 * compared by what they hold. A value without readable content, such as a function, equals only itself.
 */
export function differencesOf(expected: unknown, actual: unknown): string[] {
  const found: string[] = [];
  try {
    compare(expected, actual, "", 0, found);
  } catch {
    found.push("value: cannot be read, because a getter or a proxy failed");
  }
  return found;
}

function compare(expected: unknown, actual: unknown, path: string, depth: number, found: string[]): void {
  if (found.length >= MAX_LISTED || Object.is(expected, actual)) return;
  const place = path === "" ? "value" : path;
  if (depth > MAX_DEPTH) {
    found.push(`${place}: nested too deeply to compare`);
    return;
  }
  const [one, other] = [partsOf(expected), partsOf(actual)];
  if (one?.kind !== other?.kind || one === undefined || other === undefined) {
    found.push(`${place}: expected ${inWords(expected)}, got ${inWords(actual)}`);
    return;
  }
  for (const key of new Set([...one.parts.keys(), ...other.parts.keys()])) {
    compare(one.parts.get(key), other.parts.get(key), `${path}${key}`, depth + 1, found);
  }
}

/** The parts of a value. */
interface Parts {
  /** Values of different kinds are never equal. */
  readonly kind: string;
  /** The parts by their path in the value. */
  readonly parts: ReadonlyMap<string, unknown>;
}

/** The parts of a value; `undefined` for one without parts. */
function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return { kind: "array", parts: listParts(value) };
  if (value instanceof Uint8Array) return { kind: "bytes", parts: listParts([...value]) };
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, each]): [string, unknown] => [`.get(${write(key)})`, each]);
    return { kind: "map", parts: new Map([[".size", value.size], ...entries]) };
  }
  if (value instanceof Set)
    return { kind: "set", parts: new Map(Array.from(value, (each) => [`.has(${write(each)})`, true])) };
  if (value instanceof Date) return { kind: "date", parts: new Map([[".getTime()", value.getTime()]]) };
  const members = Object.entries(value).map(([key, each]): [string, unknown] => [`.${key}`, each]);
  if (value instanceof Error) {
    return { kind: "error", parts: new Map([[".name", value.name], [".message", value.message], ...members]) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain || members.length > 0 ? { kind: "object", parts: new Map(members) } : undefined;
}

function listParts(list: readonly unknown[]): Map<string, unknown> {
  const entries = list.map((each, index): [string, unknown] => [`[${String(index)}]`, each]);
  return new Map([[".length", list.length], ...entries]);
}

const MAX_LENGTH = 200;

/** A value in words short enough for one line; instants as times. */
export function inWords(value: unknown): string {
  const text = write(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH).toWellFormed()}…` : text;
}

function write(value: unknown): string {
  if (value === undefined || typeof value === "symbol") return String(value);
  if (typeof value === "bigint") return `${String(value)}n`;
  if (Object.is(value, -0)) return "-0";
  if (looksLikeInstant(value)) return formatTime(value);
  if (typeof value === "function") return "a function";
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Map) return `Map ${write([...value])}`;
    if (value instanceof Set) return `Set ${write([...value])}`;
    if (value instanceof Uint8Array) return `bytes ${write([...value])}`;
    return JSON.stringify(value, (_, member: unknown) =>
      typeof member === "bigint" || looksLikeInstant(member) ? write(member) : member,
    );
  } catch {
    return "an object that cannot be written as JSON";
  }
}

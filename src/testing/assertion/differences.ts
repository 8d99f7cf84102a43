/** The most differences that are listed. */
const MAX_LISTED = 20;

/**
 * Where two values differ, one line per place: `.items[1].title: expected "a", got "b"`. Knows plain objects, arrays, maps,
 * sets and bytes; an absent member and one that is `undefined` are the same.
 */
export function differencesOf(expected: unknown, actual: unknown): string[] {
  const found: string[] = [];
  compare(expected, actual, "", found);
  return found;
}

function compare(expected: unknown, actual: unknown, path: string, found: string[]): void {
  if (found.length >= MAX_LISTED || Object.is(expected, actual)) return;
  const [one, other] = [membersOf(expected), membersOf(actual)];
  if (one?.kind !== other?.kind || one === undefined || other === undefined) {
    found.push(`${path === "" ? "value" : path}: expected ${inWords(expected)}, got ${inWords(actual)}`);
    return;
  }
  for (const key of new Set([...one.members.keys(), ...other.members.keys()])) {
    compare(one.members.get(key), other.members.get(key), `${path}${key}`, found);
  }
}

interface Members {
  readonly kind: string;
  readonly members: ReadonlyMap<string, unknown>;
}

/** A value's parts by where they are in it; `undefined` for a value that has none. */
function membersOf(value: unknown): Members | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) || value instanceof Uint8Array) {
    const entries = Array.from(value, (each: unknown, index): [string, unknown] => [`[${String(index)}]`, each]);
    return { kind: Array.isArray(value) ? "array" : "bytes", members: new Map(entries) };
  }
  if (value instanceof Map) {
    return { kind: "map", members: new Map(Array.from(value, ([key, each]) => [`.get(${inWords(key)})`, each])) };
  }
  if (value instanceof Set) {
    return { kind: "set", members: new Map(Array.from(value, (each) => [`.has(${inWords(each)})`, true])) };
  }
  return { kind: "object", members: new Map(Object.entries(value).map(([key, each]) => [`.${key}`, each])) };
}

const MAX_LENGTH = 200;

/** A value in words short enough for one line. */
export function inWords(value: unknown): string {
  const text = write(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH).toWellFormed()}…` : text;
}

function write(value: unknown): string {
  if (value === undefined || typeof value === "symbol") return String(value);
  if (typeof value === "bigint") return `${String(value)}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return "a function";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Map) return `Map ${write([...value])}`;
  if (value instanceof Set) return `Set ${write([...value])}`;
  if (value instanceof Uint8Array) return `bytes ${write([...value])}`;
  try {
    return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? write(member) : member));
  } catch {
    return "an object that cannot be written down";
  }
}

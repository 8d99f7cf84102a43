import { isShortBigInt } from "./json-copy.ts";
import type { PropertyReader } from "./property-reader.ts";
import { shorten } from "./text.ts";

/** What a thrown value says by itself, without its causes. Nothing is shortened. */
export interface ThrownValue {
  readonly type: string;
  /** Its message, or what it is if it is no error; may be blank. */
  readonly text: string;
  readonly stack: string | undefined;
  readonly code: string | number | undefined;
  /** What caused it; `undefined` if nothing did. */
  readonly cause: unknown;
  /** The errors that it stands for, and at most one more than {@link MAX_ERRORS}. */
  readonly errors: readonly unknown[];
}

/** The most errors that are read of one `AggregateError`. */
export const MAX_ERRORS = 20;
/** The type of what has no name: a title that begins with it is of an error, not of a log message. */
const NAMELESS = "Error";

/** Reads a thrown value of any kind. Never throws. */
export function readThrown(value: unknown, reader: PropertyReader): ThrownValue {
  if (typeof value === "object" && value !== null) return readObject(value, reader);
  const text = textOfPrimitive(value, reader);
  return { type: NAMELESS, text, stack: undefined, code: undefined, cause: undefined, errors: [] };
}

function textOfPrimitive(value: unknown, reader: PropertyReader): string {
  if (typeof value === "function") return `function ${reader.readText(value, "name") ?? ""}`.trimEnd();
  if (typeof value === "bigint" && !isShortBigInt(value)) return "a large BigInt";
  return String(value);
}

/**
 * Reads an object: as an error if it has a message or a stack, because `instanceof` fails for errors of other realms and for
 * those that came through a structured clone.
 */
function readObject(value: object, reader: PropertyReader): ThrownValue {
  const message = reader.readText(value, "message");
  const stack = reader.readText(value, "stack");
  const className = classOf(value, reader);
  const isError = message !== undefined || stack !== undefined;
  // The name of an object that is no error is data.
  const name = isError ? (reader.readText(value, "name") ?? "") : "";
  const type = name.trim() === "" ? className || NAMELESS : name;
  return {
    type,
    text: isError ? (message ?? "") : describe(value, className, reader),
    stack,
    code: codeOf(value, reader),
    cause: causeOf(value, className, reader),
    errors: errorsOf(value, type, reader),
  };
}

/** The name of an object's class; `""` if it has none of its own. */
function classOf(value: object, reader: PropertyReader): string {
  const constructor = reader.read(value, "constructor");
  const name = typeof constructor === "function" ? (reader.readText(constructor, "name") ?? "") : "";
  return name === "Object" || name === "Array" ? "" : name;
}

function codeOf(value: object, reader: PropertyReader): string | number | undefined {
  const code = reader.read(value, "code");
  if (typeof code === "string") return code.trim() === "" ? undefined : code;
  // 0 is the code of errors that have none.
  return typeof code === "number" && Number.isFinite(code) && code !== 0 ? code : undefined;
}

/** The cause of an error; that of an event, such as an `ErrorEvent`, is what it reports. */
function causeOf(value: object, className: string, reader: PropertyReader): unknown {
  const cause = reader.read(value, "cause") ?? undefined;
  if (cause !== undefined || !className.endsWith("Event")) return cause;
  return reader.read(value, "error") ?? reader.read(value, "reason") ?? undefined;
}

function errorsOf(value: object, type: string, reader: PropertyReader): readonly unknown[] {
  if (type === "SuppressedError") return [reader.read(value, "error"), reader.read(value, "suppressed")];
  return reader.elementsOf(reader.read(value, "errors"), MAX_ERRORS + 1);
}

const MAX_KEYS = 20;
const MAX_NAME_LENGTH = 60;

/** Says what an object is that is no error. The text is part of the grouping key, so it has no data. */
function describe(value: object, className: string, reader: PropertyReader): string {
  const type = className.endsWith("Event") ? reader.readText(value, "type") : undefined;
  if (type !== undefined) return `Event of type ${shorten(type, MAX_NAME_LENGTH)}`;
  const status = className.endsWith("Response") ? reader.read(value, "status") : undefined;
  if (typeof status === "number") return `Response with status ${String(status)}`;
  if (reader.lengthOf(value) !== undefined) return "Array";
  const keys = reader.keysOf(value);
  if (keys === undefined) return "Object that cannot be read";
  if (keys.length === 0) return "Object without keys";
  const names = keys.toSorted().slice(0, MAX_KEYS);
  const list = names.map((key) => shorten(key, MAX_NAME_LENGTH)).join(", ");
  return `Object with keys: ${list}${keys.length > MAX_KEYS ? ", …" : ""}`;
}

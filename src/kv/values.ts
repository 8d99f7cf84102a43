import { IssueLifecycleError } from "../core/errors.ts";
import { requireArray } from "../core/input.ts";
import { toJson } from "../core/json-text.ts";
import { anyText, type Shape } from "../core/shape.ts";
import { readStored } from "../core/stored.ts";
import { isCorruptData } from "../core/unreadable.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A value as JSON, in UTF-8. JSON writes lone surrogates as escapes. */
export function jsonBytes(value: unknown): Uint8Array {
  return encoder.encode(toJson(value));
}

/** The value of a key that says everything. */
export const NO_BYTES = new Uint8Array(0);

/**
 * Reads a value that {@link jsonBytes} wrote.
 *
 * @param name - what it should be, for the message
 * @throws `IssueLifecycleError` `corrupt-data`
 */
export function readJson<Value>(name: string, bytes: Uint8Array, shape: Shape<Value>): Value {
  return readStored(name, textOf(name, bytes), shape);
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new IssueLifecycleError("corrupt-data", `The store holds something that is not ${name}.`, { cause });
  }
}

/** A shape that reads what it cannot as another value. */
export function orElse<Value>(shape: Shape<Value>, otherwise: Value): Shape<Value> {
  return (field, value) => {
    try {
      return shape(field, value);
    } catch {
      return otherwise;
    }
  };
}

/** What is read, or another value where that is damaged. */
export async function unlessDamaged<Value, Otherwise>(
  read: () => Value | Promise<Value>,
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  try {
    return await read();
  } catch (error) {
    if (isCorruptData(error)) return otherwise;
    throw error;
  }
}

/** A value of any kind. */
const anything: Shape<unknown> = (_field, value) => value;

/** An array of two elements, each of its own shape. */
/* @__NO_SIDE_EFFECTS__ */
export function pairOf<First, Second>(first: Shape<First>, second: Shape<Second>): Shape<readonly [First, Second]> {
  return (field, value) => {
    const [one, other] = requireArray(field, value, 2, 2);
    return [first(`${field}[0]`, one), second(`${field}[1]`, other)];
  };
}

/** A text in a list of texts with values. */
export const textAndValue = pairOf(anyText, anything);

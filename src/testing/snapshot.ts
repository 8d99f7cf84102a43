import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import { withoutMembers } from "../core/shape.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;

/** The deepest nesting of a value. Reached by objects that refer to themselves. */
const MAX_DEPTH = 500;

/**
 * A copy of a value in which each UUID is replaced by a name: `<id 1>`, `<id 2>` and so on, in the order of their first
 * occurrence, the same name for the same UUID. So the copy is equal at every run, fit for a snapshot. Instants stay: use a
 * virtual clock.
 *
 * @throws `IssueLifecycleError` `invalid-input` for an object that refers to itself, or that cannot be read
 *
 * @example
 * ```ts
 * import { toSnapshot } from "issue-lifecycle/testing";
 *
 * toSnapshot({ id: "019b8d5c-0000-7000-8000-000000000001", number: 1 }); // { id: "<id 1>", number: 1 }
 * ```
 */
export function toSnapshot(value: unknown): unknown {
  const names = new Map<string, string>();
  const nameOf = (uuid: string): string => {
    const name = names.get(uuid.toLowerCase()) ?? `<id ${String(names.size + 1)}>`;
    names.set(uuid.toLowerCase(), name);
    return name;
  };
  try {
    return copy(value, (text) => text.replace(UUID, nameOf), 0);
  } catch (error) {
    if (IssueLifecycleError.is(error)) throw error;
    throw invalidInput("value", value, "a value whose members can be read");
  }
}

type Rename = (text: string) => string;

function copy(value: unknown, rename: Rename, depth: number): unknown {
  if (typeof value === "string") return rename(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) {
    throw invalidInput(
      "value",
      value,
      `one nested at most ${String(MAX_DEPTH)} levels deep, without references to itself`,
    );
  }
  const inner = (each: unknown): unknown => copy(each, rename, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Date || value instanceof Uint8Array) return value;
  if (value instanceof Set) return new Set(Array.from(value, inner));
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [inner(key), inner(each)]));
  const members = Object.entries(withoutMembers("value", value, [])).map(([name, each]) => [rename(name), inner(each)]);
  const error = value instanceof Error ? { name: value.name, message: rename(value.message) } : {};
  return { ...error, ...Object.fromEntries(members) };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;

/**
 * A copy of a value in which every UUID is replaced by a name, the same one wherever it stands: `<id 1>`, `<id 2>` in the order
 * of their coming. What is left is the same at every run, fit for a snapshot. Instants stay: take a virtual clock.
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
  return copy(value, (text) => text.replace(UUID, nameOf));
}

function copy(value: unknown, name: (text: string) => string): unknown {
  if (typeof value === "string") return name(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => copy(each, name));
  if (value instanceof Date || value instanceof Uint8Array) return value;
  if (value instanceof Error) return { name: value.name, message: name(value.message), ...membersOf(value, name) };
  if (value instanceof Set) return new Set(Array.from(value, (each) => copy(each, name)));
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [copy(key, name), copy(each, name)]));
  return membersOf(value, name);
}

function membersOf(value: object, name: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [name(key), copy(each, name)]));
}

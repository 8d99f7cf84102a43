/** A member of a value that a driver returned, if it has it. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? new Map(Object.entries<unknown>({ ...value })).get(name)
    : undefined;
}

/** A member as a text; `""` where there is none. */
export function text(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === "string" || typeof found === "number" || typeof found === "bigint" ? String(found) : "";
}

/** A member as a number; 0 where there is none. */
export function number(value: unknown, name: string): number {
  return Number(text(value, name));
}

/** A member as a list. */
export function list(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}

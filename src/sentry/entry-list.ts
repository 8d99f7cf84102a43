import { asObject } from "./json-object.ts";

/**
 * The entries of a list that SDKs write in three ways: as `{ "values": [...] }`, as the bare list, or as one bare
 * entry.
 *
 * @returns the entries, in their order, of any kind; `undefined` if there is nothing, not even a wrapper
 */
export function entriesOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  const wrapper = asObject(value);
  if (wrapper === undefined) return undefined;
  const values = wrapper["values"];
  if (values === undefined) return [wrapper];
  const entries: readonly unknown[] = Array.isArray(values) ? values : [values];
  return entries;
}

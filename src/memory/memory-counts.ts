import type { StoredKind } from "../ports/issue-store.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** How many entries of a kind there are. */
export function countStored(tables: MemoryTables, kind: StoredKind): number {
  const { ofProject, ofIssue } = tables;
  switch (kind) {
    case "projects":
    case "issues":
    case "alerts":
    case "tallies":
      return tables[kind].size;
    case "groups":
      return sumOf(ofProject, ({ groups, hashedGroups }) => hashedGroups.size + sumOf(groups, ({ size }) => size));
    case "releases":
    case "events":
      return sumOf(ofProject, (each) => each[kind].size);
    case "turningPoints":
    case "marks":
      return sumOf(ofIssue, (each) => each[kind].length);
    case "users":
      return sumOf(tables.users, ({ rows }) => rows.size);
  }
}

function sumOf<Value>(map: ReadonlyMap<string, Value>, countOf: (value: Value) => number): number {
  let sum = 0;
  for (const value of map.values()) sum += countOf(value);
  return sum;
}

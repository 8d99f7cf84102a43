import { invalidInput, readMember, requireObject } from "../core/input.ts";
import type { IssueStore } from "./issue-store.ts";

/** A store that a host gives. */
export function requireStore(field: string, value: unknown): IssueStore {
  const allowed = "an IssueStore, such as createMemoryStore()";
  const store = requireObject(field, value, allowed);
  if (!isStore(field, store)) throw invalidInput(field, value, allowed);
  return store;
}

function isStore(field: string, value: object): value is IssueStore {
  return ["transaction", "read", "close"].every(
    (name) => typeof readMember(`${field}.${name}`, value, name) === "function",
  );
}

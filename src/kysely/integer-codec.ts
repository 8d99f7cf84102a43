import { IssueLifecycleError } from "../core/errors.ts";
import type { StoredInteger } from "./tables.ts";

/**
 * A stored whole number. Drivers give 64-bit columns as numbers, as texts or as bigints, by their own settings and the
 * host's; what this library stores fits a number.
 */
export function decodeInteger(stored: StoredInteger): number {
  if (typeof stored === "number") return stored;
  const number = Number(stored);
  if (Number.isSafeInteger(number)) return number;
  throw new IssueLifecycleError("corrupt-data", `The store holds ${String(stored)} where a whole number belongs.`);
}

/** A stored whole number, where there is one. */
export function decodeOptionalInteger(stored: StoredInteger | null): number | null {
  return stored === null ? null : decodeInteger(stored);
}

/** A stored yes (1) or no (0). */
export function decodeBoolean(stored: StoredInteger): boolean {
  return decodeInteger(stored) === 1;
}

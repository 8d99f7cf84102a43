import { readMember } from "../../core/input.ts";
import type { DriverRow } from "../host/transaction-client.ts";

/** Whether a value is an object, or a function as some libraries' handles are, with functions of these names. */
export function hasFunctions(field: string, value: unknown, names: readonly string[]): value is object {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return names.every((name) => typeof readMember(field, value, name) === "function");
}

/** Whether a value is a row: an object with the columns' values. */
export function isRow(value: unknown): value is DriverRow {
  return typeof value === "object" && value !== null;
}

import { IssueLifecycleError } from "./errors.ts";
import type { Shape } from "./shape.ts";

/**
 * Reads a value that a store has written as JSON. It is checked in full: a row that is damaged, or that something else
 * wrote, is reported instead of used.
 *
 * @param name - what the store should hold, for the message: "an issue's state"
 * @throws `IssueLifecycleError` `corrupt-data`
 */
export function readStored<Value>(name: string, json: string, shape: Shape<Value>): Value {
  try {
    return shape(name, JSON.parse(json));
  } catch (cause) {
    throw new IssueLifecycleError("corrupt-data", `The store holds something that is not ${name}.`, { cause });
  }
}

import { invalidInput, readMember, requireObject } from "../core/input.ts";
import type { IssueTracker } from "./tracker.ts";

/** The shape of a tracker, of which only `digest` is used. */
export function requireTracker(field: string, value: unknown): Pick<IssueTracker, "digest"> {
  const allowed = "a tracker, as createIssueTracker() returns one";
  const tracker = requireObject(field, value, allowed);
  if (isTracker(field, tracker)) return tracker;
  throw invalidInput(field, value, allowed);
}

function isTracker(field: string, value: object): value is Pick<IssueTracker, "digest"> {
  return typeof readMember(`${field}.digest`, value, "digest") === "function";
}

import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";

/** The error for a project that was never saved. */
export function unknownProject(field: string, id: string): IssueLifecycleError {
  return unknown("unknown-project", field, id, "the id of a project that was saved before");
}

/** The error for an issue that does not exist, or no more. */
export function unknownIssue(field: string, id: string): IssueLifecycleError {
  return unknown("unknown-issue", field, id, "the id of an existing issue");
}

function unknown(
  code: "unknown-project" | "unknown-issue",
  field: string,
  id: string,
  allowed: string,
): IssueLifecycleError {
  return new IssueLifecycleError(code, invalidInput(field, id, allowed).message, { field });
}

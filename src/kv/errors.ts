import { IssueLifecycleError } from "../core/errors.ts";

/** The error for something that is stored already. */
export function storeConflict(what: string): IssueLifecycleError {
  return new IssueLifecycleError("store-conflict", `Another transaction already stored ${what}.`, { retryable: true });
}

/** The error for a change of something that is not stored. */
export function notStored(what: "project" | "issue", id: string): IssueLifecycleError {
  return new IssueLifecycleError("store-failed", `The store has no ${what} ${JSON.stringify(id)}.`);
}

import { IssueLifecycleError } from "./errors.ts";

/**
 * Stands for something that is stored but cannot be read: its row is damaged, was changed by something else, or was written by
 * a newer version of this library.
 */
export interface Unreadable {
  /**
   * What identifies it: the id of an issue, an alert or a project, the number of a turning point in its issue's history, the version of a
   * release or mark. An id that is damaged itself is given as it is stored, in hexadecimal digits.
   */
  readonly id: string;
  /** The friendly id of an issue, if its number can be read. */
  readonly friendlyId?: string;
  /** Why it cannot be read: an error with the code `corrupt-data`. */
  readonly error: IssueLifecycleError;
}

/** Whether an entry stands for something that cannot be read. */
export function isUnreadable(entry: object): entry is Unreadable {
  return "error" in entry && "id" in entry;
}

/** Returns an entry that could be read; throws the error of one that could not. */
export function requireReadable<Entry extends object>(entry: Entry): Exclude<Entry, Unreadable> {
  if (isReadable(entry)) return entry;
  throw isUnreadable(entry) ? entry.error : new IssueLifecycleError("corrupt-data", "The store returned no entry.");
}

/** Whether an entry could be read. */
export function isReadable<Entry extends object>(entry: Entry): entry is Exclude<Entry, Unreadable> {
  return !isUnreadable(entry);
}

/**
 * The error for something that cannot be read.
 *
 * @param what - names it: `Issue 0197…`
 * @param remedy - a sentence that says how to get rid of it
 * @param cause - why it cannot be read
 */
export function corruptData(what: string, remedy: string, cause: unknown): IssueLifecycleError {
  const reason = cause instanceof Error ? cause.message : "Its row is damaged.";
  return new IssueLifecycleError("corrupt-data", `${what} cannot be read. ${reason} ${remedy}`.trimEnd(), { cause });
}

/** The error for an issue that cannot be read. */
export function corruptIssue(id: string, cause: unknown): IssueLifecycleError {
  return corruptData(`Issue ${id}`, "issues.delete() removes it.", cause);
}

/** Whether an error says that something stored cannot be read. */
export function isCorruptData(error: unknown): error is IssueLifecycleError {
  return IssueLifecycleError.is(error) && error.code === "corrupt-data";
}

/** Entries that can all be read; throws the error of one that cannot. */
export function allReadable<Entry extends object>(entries: readonly Entry[]): Exclude<Entry, Unreadable>[] {
  return entries.map(requireReadable);
}

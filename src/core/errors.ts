/**
 * What went wrong, as a closed list that a host can switch on.
 *
 * | code | meaning |
 * | --- | --- |
 * | `invalid-input` | a value given to this library is malformed; nothing was written |
 * | `condition-out-of-range` | a volume-based condition asks for more periods than are kept |
 * | `condition-already-met` | a mute whose condition would fire at once |
 * | `deadline-passed` | a mute whose deadline is not in the future |
 * | `already-resolved` | the issue is resolved and the command would not add to that |
 * | `not-resolved` | the command needs a resolved issue |
 * | `issue-resolved` | a resolved issue cannot be muted |
 * | `not-muted` | the command needs a muted issue |
 * | `no-release` | "resolve by the latest release" in a project that has none |
 * | `unknown-project`, `unknown-issue` | there is no such project or issue |
 * | `slug-taken` | another project already uses that slug |
 * | `corrupt-data` | something read back from a store is not what was written |
 * | `store-busy` | another writer held the store for too long; retryable |
 * | `store-conflict` | another writer got there first; retryable |
 * | `store-failed` | the store failed for a reason of its own, in `cause` |
 * | `schema-newer` | the store's tables belong to a newer version of this library |
 * | `schema-outdated` | the store's tables are missing, or older than this code needs |
 * | `closed` | the tracker or store was closed before |
 * | `unsupported-platform` | this Node, or a missing optional package, cannot run the requested part |
 */
export type IssueLifecycleErrorCode =
  | "invalid-input"
  | "condition-out-of-range"
  | "condition-already-met"
  | "deadline-passed"
  | "already-resolved"
  | "not-resolved"
  | "issue-resolved"
  | "not-muted"
  | "no-release"
  | "unknown-project"
  | "unknown-issue"
  | "slug-taken"
  | "corrupt-data"
  | "store-busy"
  | "store-conflict"
  | "store-failed"
  | "schema-newer"
  | "schema-outdated"
  | "closed"
  | "unsupported-platform";

/** What an {@link IssueLifecycleError} carries besides its code and message. */
export interface IssueLifecycleErrorDetails {
  /** Whether the same call may succeed when it is simply made again. Default `false`. */
  readonly retryable?: boolean;
  /** The input field that was refused, such as `events[3].release`. */
  readonly field?: string;
  /** The error this one reports in its own words. */
  readonly cause?: unknown;
}

/** Shared by every copy of this package in a process, so that copies recognise each other's errors. */
const BRAND: unique symbol = Symbol.for("issue-lifecycle.error");

/**
 * The one class of error this library throws.
 *
 * Compare {@link IssueLifecycleError.code}, not the message; recognise one with
 * {@link IssueLifecycleError.is}, which also knows errors of another copy of the package.
 *
 * @example
 * ```ts
 * import { IssueLifecycleError } from "issue-lifecycle";
 *
 * function explain(error: unknown): string {
 *   if (IssueLifecycleError.is(error) && error.code === "issue-resolved") return "Reopen it first.";
 *   throw error;
 * }
 * ```
 */
export class IssueLifecycleError extends Error {
  /** What went wrong. */
  readonly code: IssueLifecycleErrorCode;
  /** Whether the same call may succeed when it is simply made again. */
  readonly retryable: boolean;
  /** The input field that was refused, where the error is about one. */
  readonly field: string | undefined;

  /**
   * Makes an error.
   *
   * @param code - what went wrong
   * @param message - a sentence for people: what was given and what is allowed
   * @param details - see {@link IssueLifecycleErrorDetails}
   */
  constructor(code: IssueLifecycleErrorCode, message: string, details: IssueLifecycleErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "IssueLifecycleError";
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.field = details.field;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is an error of this library, of this copy of it or of another. */
  static is(value: unknown): value is IssueLifecycleError {
    return typeof value === "object" && value !== null && BRAND in value;
  }
}

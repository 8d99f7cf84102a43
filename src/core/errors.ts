/**
 * The codes of errors: a closed list, so that a host can `switch` on it.
 *
 * | code | meaning |
 * | --- | --- |
 * | `invalid-input` | a value given to this library is malformed; nothing was written |
 * | `condition-out-of-range` | a volume-based condition covers more periods than are kept |
 * | `condition-already-met` | a condition of the mute or discard is already met, so that it would end at once |
 * | `deadline-passed` | the deadline of the mute is not in the future |
 * | `already-resolved` | the issue is already resolved, or already resolved in that release |
 * | `not-resolved` | the command needs a resolved issue |
 * | `issue-resolved` | a resolved issue cannot be muted |
 * | `not-muted` | the command needs a muted issue |
 * | `issue-discarded` | an issue whose events are discarded cannot be resolved or muted |
 * | `not-discarded` | the command needs an issue whose events are discarded |
 * | `issue-merged` | the issue was merged into another, which has the state of both |
 * | `not-merged` | the command needs an issue that was merged into another |
 * | `too-many-members` | more than 100 issues would be merged into one |
 * | `no-release` | "resolve by the latest release", or the next one, in a project that knows none |
 * | `release-not-comparable` | a fix claimed in a release that cannot be compared with those of the project |
 * | `release-retired` | the release was retired |
 * | `unknown-release` | the project knows no such release |
 * | `not-claimed` | no fix is claimed in the release whose claim should be withdrawn |
 * | `unknown-project`, `unknown-issue`, `unknown-event` | there is no such project, issue or event |
 * | `slug-taken` | another project already uses that slug |
 * | `corrupt-data` | a value in the store is damaged, or was not written by this library |
 * | `store-busy` | another writer held the store for too long; retryable |
 * | `store-conflict` | a write conflict with another transaction; retryable |
 * | `store-failed` | the store failed, see `cause`; retryable if the connection was lost |
 * | `transaction-ended` | the host's transaction had ended before a call in it was complete; the call has stored nothing |
 * | `schema-newer` | the store's tables belong to a newer version of this library |
 * | `schema-outdated` | the store's tables are missing, or older than this code needs |
 * | `store-not-empty` | the store into which another one would be copied holds something else already |
 * | `copy-differs` | a copy does not hold what the store holds that was copied; the message says what differs |
 * | `no-outbox` | the store has no outbox, so it stores no alerts |
 * | `events-lost` | events that were acknowledged before they were digested could not be digested; the message says how many, `cause` why |
 * | `closed` | the tracker or store is closed |
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
  | "issue-discarded"
  | "not-discarded"
  | "issue-merged"
  | "not-merged"
  | "too-many-members"
  | "no-release"
  | "release-not-comparable"
  | "release-retired"
  | "unknown-release"
  | "not-claimed"
  | "unknown-project"
  | "unknown-issue"
  | "unknown-event"
  | "slug-taken"
  | "corrupt-data"
  | "store-busy"
  | "store-conflict"
  | "store-failed"
  | "transaction-ended"
  | "schema-newer"
  | "schema-outdated"
  | "store-not-empty"
  | "copy-differs"
  | "no-outbox"
  | "events-lost"
  | "closed"
  | "unsupported-platform";

/** Details of an {@link IssueLifecycleError} in addition to its code and message. */
export interface IssueLifecycleErrorDetails {
  /** Whether the same call may succeed when it is repeated. Default `false`. */
  readonly retryable?: boolean;
  /** The input field that was refused, such as `events[3].release`. */
  readonly field?: string;
  /** The original error. */
  readonly cause?: unknown;
}

/** The same in every copy of this package in a process, so that each recognises the errors of the others. */
const BRAND: unique symbol = Symbol.for("issue-lifecycle.error");

/**
 * The error that this library throws.
 *
 * Compare {@link IssueLifecycleError.code}, not the message. Use {@link IssueLifecycleError.is} instead of `instanceof`:
 * it also recognises errors of another copy of the package.
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
  readonly code: IssueLifecycleErrorCode;
  /** Whether the same call may succeed when it is repeated. */
  readonly retryable: boolean;
  /** The input field that was refused; `undefined` if the error is not about one. */
  readonly field: string | undefined;

  /**
   * Creates an error.
   *
   * @param message - a human-readable sentence: what was given and what is allowed
   */
  constructor(code: IssueLifecycleErrorCode, message: string, details: IssueLifecycleErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "IssueLifecycleError";
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.field = details.field;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is an error of this library, from this copy of it or another. */
  static is(value: unknown): value is IssueLifecycleError {
    try {
      return typeof value === "object" && value !== null && BRAND in value;
    } catch {
      // A proxy whose traps fail.
      return false;
    }
  }
}

import type { CommandKind } from "./command.ts";
import type { IssueLifecycleErrorCode } from "./errors.ts";

/** What was refused: a command, a merge or its end, or the digest of an event. */
export type RefusedAction = CommandKind | "merge" | "unmerge" | "digest";

/** What could not be done: "The issue could not be muted". */
interface ActionInWords {
  readonly subject: string;
  readonly participle: string;
}

const ACTIONS: Readonly<Record<RefusedAction, ActionInWords>> = {
  resolve: { subject: "the issue", participle: "resolved" },
  reopen: { subject: "the issue", participle: "reopened" },
  mute: { subject: "the issue", participle: "muted" },
  unmute: { subject: "the issue", participle: "unmuted" },
  discard: { subject: "the issue", participle: "discarded" },
  undiscard: { subject: "the issue", participle: "undiscarded" },
  watch: { subject: "what the issue is watched for", participle: "changed" },
  annotate: { subject: "the comment", participle: "added" },
  delete: { subject: "the issue", participle: "deleted" },
  merge: { subject: "the issue", participle: "merged" },
  unmerge: { subject: "the issue", participle: "unmerged" },
  digest: { subject: "the event", participle: "digested" },
};

const ANY_ACTION: ActionInWords = { subject: "the request", participle: "carried out" };

const REASONS: Readonly<Record<IssueLifecycleErrorCode, string>> = {
  "invalid-input": "what was asked for is not valid",
  "condition-out-of-range": "a condition covers more time than is counted",
  "condition-already-met": "a condition that would end the mute or discard at once is already met",
  "deadline-passed": "the deadline is not in the future",
  "already-resolved": "the issue is already resolved",
  "not-resolved": "the issue is not resolved",
  "issue-resolved": "the issue is resolved and has to be reopened first",
  "not-muted": "the issue is not muted",
  "issue-discarded": "the issue is discarded and has to be undiscarded first",
  "not-discarded": "the issue is not discarded",
  "issue-merged": "the issue was merged into another one, which has the state of both",
  "not-merged": "the issue is not merged into another one",
  "too-many-members": "too many issues would be merged into one",
  "no-release": "no release of the project is known",
  "release-not-comparable": "the release cannot be compared with those of the project",
  "release-retired": "the release was retired",
  "unknown-release": "the project knows no such release",
  "not-claimed": "no fix is claimed in that release",
  "unknown-project": "there is no such project",
  "unknown-issue": "there is no such issue",
  "unknown-event": "there is no such event",
  "slug-taken": "another project already has that short name",
  "corrupt-data": "what is stored of it is damaged",
  "store-busy": "the database was busy for too long",
  "store-conflict": "others changed the same data at the same time",
  "store-failed": "the database failed before it could confirm that",
  "store-not-empty": "the database to copy to is not empty",
  "copy-differs": "the copy differs from what was copied",
  "transaction-ended": "the transaction had already ended",
  "schema-newer": "the tables in the database belong to a newer version",
  "schema-outdated": "the tables in the database are missing or too old",
  "no-outbox": "the database keeps no alerts",
  "events-lost": "events could not be recorded",
  closed: "issue tracking is shut down",
  "unsupported-platform": "the server lacks what is needed for it",
};

/** The reasons that an action has words of its own for. */
const REASONS_OF_ACTIONS: Readonly<
  Partial<Record<RefusedAction, Readonly<Partial<Record<IssueLifecycleErrorCode, string>>>>>
> = {
  mute: { "condition-already-met": "a condition that would end the mute at once is already met" },
  discard: { "condition-already-met": "a condition that would end the discard at once is already met" },
  merge: {
    "issue-merged": "one of the two issues was merged into another one before",
    "unknown-issue": "one of the two issues does not exist",
  },
};

/** The reason of an error by a newer copy of this package, whose code this one does not know. */
const ANY_REASON = "it was refused for a reason that has no description";

/**
 * A refusal as a sentence for the person who asked: what was refused, and why, by its code alone. "The issue could not be muted, because the
 * issue is resolved and has to be reopened first." After `store-failed` it may have been done all the same, and the sentence says so. Says nothing of fields and values: the `message` of an error does.
 *
 * @param refusal - an error, a {@link RefusedCommand}, or a refusal of a bulk command
 * @param action - what was refused. Default: anything
 * @example
 * ```ts
 * import { IssueLifecycleError, type IssueTracker } from "issue-lifecycle";
 * import { describeRefusal } from "issue-lifecycle/core";
 *
 * export async function mute(tracker: IssueTracker, id: string): Promise<string> {
 *   try {
 *     await tracker.issues.mute(id);
 *     return "The issue is muted.";
 *   } catch (error) {
 *     if (IssueLifecycleError.is(error)) return describeRefusal(error, "mute");
 *     throw error;
 *   }
 * }
 * ```
 */
export function describeRefusal(refusal: { readonly code: IssueLifecycleErrorCode }, action?: RefusedAction): string {
  const { code } = refusal;
  const known = action !== undefined && Object.hasOwn(ACTIONS, action) ? action : undefined;
  const { subject, participle } = known === undefined ? ANY_ACTION : ACTIONS[known];
  const reason = reasonOf(code, known);
  if (code === "store-failed") return `It is not known whether ${subject} was ${participle}, because ${reason}.`;
  return `${subject.slice(0, 1).toUpperCase()}${subject.slice(1)} could not be ${participle}, because ${reason}.`;
}

function reasonOf(code: IssueLifecycleErrorCode, action: RefusedAction | undefined): string {
  if (!Object.hasOwn(REASONS, code)) return ANY_REASON;
  return (action && REASONS_OF_ACTIONS[action]?.[code]) ?? REASONS[code];
}

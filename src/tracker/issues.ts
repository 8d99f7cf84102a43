import {
  parseCommand,
  parseReopenRequest,
  parseResolveRequest,
  type CheckedCommand,
  type Command,
  type ReopenRequest,
  type ResolveRequest,
} from "../core/command.ts";
import { parseDiscardRequest, type DiscardRequest } from "../core/discard.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, isUuid, readMember, requireObject } from "../core/input.ts";
import { parseMuteRequest, type MuteRequest } from "../core/mute-request.ts";
import { callback, object, optional, withoutMembers, type Shape } from "../core/shape.ts";
import { isUnreadable, requireReadable } from "../core/unreadable.ts";
import { parseIssueWatch, type WatchRequest } from "../core/watch.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { applyInBulk, parseSelection, type BulkOutcome, type BulkRefusal, type BulkSelection } from "./bulk.ts";
import type { OperationContext } from "./changes.ts";
import {
  applyToLoaded,
  COMMAND_MEMBERS,
  loadForCommand,
  type CommandOptions,
  type CommandRequest,
} from "./commands.ts";
import { dependsOnReleases } from "./command-releases.ts";
import { createIssueQueries, type IssueQueries } from "./issue-queries.ts";
import { findIssue, issueNotFound, requireIssueId, trackedIssue, type TrackedIssue } from "./tracked-issue.ts";

/** The options of {@link Issues.bulk}. `comment` is refused for an annotation, which has its own. */
export interface BulkOptions extends CommandOptions {
  /**
   * Called for each issue that the command does not apply to, after the commit of its chunk. An error that it throws ends
   * the bulk command; chunks that were committed stay.
   */
  readonly onRefused?: (refusal: BulkRefusal) => void;
}

/**
 * A tracker's issues: queries and commands. Each command is one transaction. An issue is given by its id or its friendly id,
 * in upper or lower case: a text in the form of a UUID (in lower case) is an id, any other a friendly id.
 */
export interface Issues extends IssueQueries {
  /**
   * Resolves an issue: plainly, in the latest release, in the next one, or in a given one. Ends a mute. A resolved issue
   * can be resolved in further releases, for backports; resolving plainly what is resolved plainly moves the time of the
   * resolution to now.
   *
   * @throws {@link IssueLifecycleError} `already-resolved`, `issue-discarded`, `no-release`, `release-not-comparable`,
   *   `release-retired`, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function fixed(tracker: IssueTracker, issueId: string) {
   *   await tracker.issues.resolve(issueId, { in: { release: "2.1.0" }, by: "ann", comment: "see #77" });
   * }
   * ```
   */
  resolve(id: string, options?: ResolveRequest & CommandOptions): Promise<TrackedIssue>;
  /**
   * Reopens a resolved issue. Its fix claims for releases stay, unless they are withdrawn.
   *
   * @throws {@link IssueLifecycleError} `not-resolved`, `not-claimed`, `unknown-issue` or `invalid-input`
   */
  reopen(id: string, options?: ReopenRequest & CommandOptions): Promise<TrackedIssue>;
  /**
   * Mutes an issue, or replaces the terms of its mute.
   *
   * @throws {@link IssueLifecycleError} `issue-resolved`, `issue-discarded`, `condition-already-met`,
   *   `condition-out-of-range`, `deadline-passed`, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import { volumeCondition, type IssueTracker } from "issue-lifecycle";
   *
   * async function muteUntilFrequent(tracker: IssueTracker, issueId: string) {
   *   await tracker.issues.mute(issueId, { conditions: [volumeCondition(100, "day")], by: "ann" });
   * }
   * ```
   */
  mute(id: string, options?: MuteRequest & CommandOptions): Promise<TrackedIssue>;
  /**
   * Ends a mute. Raises no alert.
   *
   * @throws {@link IssueLifecycleError} `not-muted`, `unknown-issue` or `invalid-input`
   */
  unmute(id: string, options?: CommandOptions): Promise<TrackedIssue>;
  /**
   * Discards the events of an issue from now on, or replaces the conditions that end it: events are counted and make releases known,
   * their ids are stored so that duplicates stay duplicates, and nothing else of them is stored or changed. An event that meets one of
   * the conditions ends it: it is stored as a whole, opens the issue, and raises an alert of kind `unmute`. Without conditions only
   * `undiscard` ends it.
   *
   * @throws {@link IssueLifecycleError} `condition-already-met`, `condition-out-of-range`, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import { volumeCondition, type IssueTracker } from "issue-lifecycle";
   *
   * async function keepOnlyCounts(tracker: IssueTracker, issueId: string) {
   *   await tracker.issues.discard(issueId, { conditions: [volumeCondition(10_000, "day")], by: "ann" });
   *   return tracker.issues.discardProgress(issueId);
   * }
   * ```
   */
  discard(id: string, options?: DiscardRequest & CommandOptions): Promise<TrackedIssue>;
  /**
   * Ends the discard of an issue's events: the issue is open. Raises no alert.
   *
   * @throws {@link IssueLifecycleError} `not-discarded`, `unknown-issue` or `invalid-input`
   */
  undiscard(id: string, options?: CommandOptions): Promise<TrackedIssue>;
  /**
   * Watches an issue for other conditions than those of its project, or with `conditions: null` for those of its project again.
   * While it is open, each condition that it meets raises one alert of kind `loud`.
   *
   * @throws {@link IssueLifecycleError} `condition-out-of-range`, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function watchClosely(tracker: IssueTracker, issueId: string) {
   *   await tracker.issues.watch(issueId, { conditions: [{ kind: "users", users: 5, days: 1 }], by: "ann" });
   * }
   * ```
   */
  watch(id: string, options: WatchRequest & CommandOptions): Promise<TrackedIssue>;
  /**
   * Adds a comment to an issue's history.
   *
   * @throws {@link IssueLifecycleError} `unknown-issue` or `invalid-input`
   */
  annotate(id: string, comment: string, options?: Pick<CommandOptions, "by">): Promise<TrackedIssue>;
  /**
   * Deletes an issue and its history. A later event of the same group opens a new issue, with a new number. The next
   * `events.evict` removes its events; until then, an event with the id of one of them is a duplicate. An issue that cannot
   * be read can be deleted too.
   *
   * @throws {@link IssueLifecycleError} `unknown-issue` or `invalid-input`
   */
  delete(id: string): Promise<void>;
  /**
   * Applies one command to many issues, and reports those that it does not apply to. Each issue is treated as by the
   * single command. Runs in chunks of a transaction each, with bounded memory. Changes
   * nothing when the command itself is invalid. Issues that cannot be read are refused with `corrupt-data`; by their ids they
   * can be deleted.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, `condition-out-of-range`, `deadline-passed` or
   *   `unknown-project`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function cleanUp(tracker: IssueTracker) {
   *   const selection = { filter: { projectId: "shop", status: "open", search: "legacy" } } as const;
   *   const { applied, refused } = await tracker.issues.bulk(selection, { kind: "resolve", in: "next-release" });
   *   return { applied, refused };
   * }
   * ```
   */
  bulk(selection: BulkSelection, command: Command, options?: BulkOptions): Promise<BulkOutcome>;
}

const commandOptions = object(COMMAND_MEMBERS, `{ by: "ann", comment: "See #77" }`);
const annotationOptions = object({ by: COMMAND_MEMBERS.by }, `{ by: "ann" }`);
const bulkOptions = object(
  {
    ...COMMAND_MEMBERS,
    onRefused: optional(callback<(refusal: BulkRefusal) => void>()),
  } satisfies Record<keyof BulkOptions, Shape<unknown>>,
  `{ by: "ann", comment: "See #77" }`,
);

/** Creates the use cases for issues. */
export function createIssues(store: IssueStore, operationContext: () => OperationContext): Issues {
  async function apply(
    id: string,
    command: (context: OperationContext) => CheckedCommand,
    options: Pick<CommandRequest, "by" | "comment">,
  ): Promise<TrackedIssue> {
    const issueId = requireIssueId("id", id);
    const context = operationContext();
    const request = { ...context, ...options, command: command(context) };
    return store.transaction((transaction) => applyToOne(transaction, issueId, request));
  }

  return {
    ...createIssueQueries(store, operationContext),
    async resolve(id, options = {}) {
      const { request, others } = separate(options, `{ in: { release: "1.0.0" } }`);
      return apply(id, () => ({ kind: "resolve", claim: parseResolveRequest(request) }), others);
    },
    async reopen(id, options = {}) {
      const { request, others } = separate(options, "{ withdraw: true }");
      return apply(id, () => ({ kind: "reopen", withdraw: parseReopenRequest(request) }), others);
    },
    async mute(id, options = {}) {
      const { request, others } = separate(options, `{ for: { period: "week", nrOfPeriods: 1 } }`);
      return apply(id, ({ now }) => ({ kind: "mute", terms: parseMuteRequest(request, now) }), others);
    },
    async unmute(id, options = {}) {
      return apply(id, () => ({ kind: "unmute" }), commandOptions("options", options));
    },
    async discard(id, options = {}) {
      const { request, others } = separate(options, `{ conditions: [volumeCondition(10_000, "day")] }`);
      return apply(id, () => ({ kind: "discard", conditions: parseDiscardRequest(request) }), others);
    },
    async undiscard(id, options = {}) {
      return apply(id, () => ({ kind: "undiscard" }), commandOptions("options", options));
    },
    async watch(id, options) {
      const { request, others } = separate(options, `{ conditions: [{ kind: "spike" }] }`);
      return apply(id, () => ({ kind: "watch", conditions: parseIssueWatch(request) }), others);
    },
    async annotate(id, comment, options = {}) {
      const { by } = annotationOptions("options", options);
      return apply(id, ({ now }) => parseCommand({ kind: "annotate", comment }, now), { by, comment: "" });
    },
    async delete(id) {
      const issueId = requireIssueId("id", id);
      await store.transaction((transaction) => deleteOne(transaction, issueId));
    },
    async bulk(selection, command, options = {}) {
      const { onRefused, by, comment } = bulkOptions("options", options);
      const context = operationContext();
      const request = { ...context, by, comment, command: parseCommand(command, context.now) };
      if (request.command.kind === "annotate" && comment !== "") {
        throw invalidInput("options.comment", comment, "no comment beside the comment of the annotation");
      }
      return applyInBulk(store, parseSelection(selection), request, onRefused);
    },
  };
}

/** Separates the request of a command from the options that all commands have. */
function separate(options: unknown, example: string) {
  const given = requireObject("options", options, `an object, as in ${example}`);
  const [by, comment] = ["by", "comment"].map((name) => readMember(`options.${name}`, given, name));
  return {
    request: withoutMembers("options", given, ["by", "comment"]),
    others: commandOptions("options", { by, comment }),
  };
}

/** Deletes an issue, even one that cannot be read. */
async function deleteOne(transaction: StoreTransaction, id: string): Promise<void> {
  const found = isUuid(id) ? { id } : await findIssue(transaction, id);
  const [issue] = found === undefined ? [] : (await transaction.load({ issues: { ids: [found.id] } })).issues;
  if (issue === undefined) throw issueNotFound("id", id);
  await transaction.write({ deletedIssues: [issue.id] });
}

/** The issue as the command left it. */
async function applyToOne(transaction: StoreTransaction, id: string, request: CommandRequest): Promise<TrackedIssue> {
  // An issue's id and project never change, so that they can be read before the issue is locked.
  const isKnown = isUuid(id) && !dependsOnReleases(request.command);
  const found = isKnown ? { id, projectId: undefined } : await findIssue(transaction, id);
  if (found === undefined) throw issueNotFound("id", id);
  if (isUnreadable(found)) throw found.error;
  const loaded = await loadForCommand(transaction, request, [found.id], found.projectId);
  const [issue] = loaded.issues.map(requireReadable);
  const project = issue && loaded.projects.get(issue.projectId)?.project;
  if (issue === undefined || project === undefined) throw issueNotFound("id", id);
  const { applied, refused } = await applyToLoaded(transaction, project, loaded, request);
  for (const { code, message } of refused) throw new IssueLifecycleError(code, message);
  return trackedIssue(project, applied[0] ?? issue);
}

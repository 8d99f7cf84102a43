import {
  parseCommand,
  parseReopenRequest,
  parseResolveRequest,
  type CheckedCommand,
  type Command,
  type ReopenRequest,
  type ResolveRequest,
} from "../core/command.ts";
import { refusalOfMerged, type RefusedCommand } from "../core/command-transition.ts";
import { parseDiscardRequest, type DiscardRequest } from "../core/discard.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, isUuid, readMember, requireObject } from "../core/input.ts";
import type { Issue, IssueScope } from "../core/issue.ts";
import { parseMuteRequest, type MuteRequest } from "../core/mute-request.ts";
import { callback, object, optional, withoutMembers, type Shape } from "../core/shape.ts";
import { isUnreadable, requireReadable } from "../core/unreadable.ts";
import { parseIssueWatch, type WatchRequest } from "../core/watch.ts";
import type { IssueStore, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import { applyInBulk, parseSelection, type BulkOutcome, type BulkRefusal, type BulkSelection } from "./bulk.ts";
import type { OperationContext } from "./changes.ts";
import {
  applyToLoaded,
  COMMAND_MEMBERS,
  idsToDelete,
  loadForCommand,
  type CommandOptions,
  type CommandRequest,
} from "./commands.ts";
import { dependsOnReleases } from "./command-releases.ts";
import { createIssueQueries, type IssueQueries } from "./issue-queries.ts";
import { merge, unmerge } from "./merging.ts";
import {
  findIssue,
  issueNotFound,
  nameIssue,
  requireIssueId,
  SCOPE_MEMBERS,
  scopeOptions,
  trackedIssue,
  type NamedIssue,
  type TrackedIssue,
} from "./tracked-issue.ts";

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
   * @throws {@link IssueLifecycleError} `already-resolved`, `issue-merged`, `issue-discarded`, `no-release`, `release-not-comparable`,
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
  resolve(id: string, options?: ResolveRequest & CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Reopens a resolved issue. Its fix claims for releases stay, unless they are withdrawn.
   *
   * @throws {@link IssueLifecycleError} `not-resolved`, `issue-merged`, `not-claimed`, `unknown-issue` or `invalid-input`
   */
  reopen(id: string, options?: ReopenRequest & CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Mutes an issue, or replaces the terms of its mute.
   *
   * @throws {@link IssueLifecycleError} `issue-resolved`, `issue-merged`, `issue-discarded`, `condition-already-met`,
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
  mute(id: string, options?: MuteRequest & CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Ends a mute. Raises no alert.
   *
   * @throws {@link IssueLifecycleError} `not-muted`, `issue-merged`, `unknown-issue` or `invalid-input`
   */
  unmute(id: string, options?: CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Discards the events of an issue from now on, or replaces the conditions that end it: events are counted and make releases known,
   * their ids are stored so that duplicates stay duplicates, and nothing else of them is stored or changed. An event that meets one of
   * the conditions ends it: it is stored as a whole, opens the issue, and raises an alert of kind `unmute`. Without conditions only
   * `undiscard` ends it.
   *
   * @throws {@link IssueLifecycleError} `condition-already-met`, `issue-merged`, `condition-out-of-range`, `unknown-issue` or `invalid-input`
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
  discard(id: string, options?: DiscardRequest & CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Ends the discard of an issue's events: the issue is open. Raises no alert.
   *
   * @throws {@link IssueLifecycleError} `not-discarded`, `issue-merged`, `unknown-issue` or `invalid-input`
   */
  undiscard(id: string, options?: CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Watches an issue for other conditions than those of its project, or with `conditions: null` for those of its project again.
   * While it is open, each condition that it meets raises one alert of kind `loud`.
   *
   * @throws {@link IssueLifecycleError} `condition-out-of-range`, `issue-merged`, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function watchClosely(tracker: IssueTracker, issueId: string) {
   *   await tracker.issues.watch(issueId, { conditions: [{ kind: "users", users: 5, days: 1 }], by: "ann" });
   * }
   * ```
   */
  watch(id: string, options: WatchRequest & CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Adds a comment to an issue's history.
   *
   * @throws {@link IssueLifecycleError} `issue-merged`, `unknown-issue` or `invalid-input`
   */
  annotate(id: string, comment: string, options?: Pick<CommandOptions, "by"> & IssueScope): Promise<TrackedIssue>;
  /**
   * Merges an issue into another one of the same project, the target. The target then shows the counts, users and releases of both, and
   * keeps its state. The merged issue keeps its own counts, events and history, is in the state `merged`, and takes no command but
   * `unmerge`. Later events of either count in the target; those of the merged issue count there too. Issues that were merged into it
   * become members of the target. Raises no alert.
   *
   * @param options - `into`: the id or friendly id of the target
   * @returns the target
   * @throws {@link IssueLifecycleError} `issue-merged` if one of the two was merged already, `too-many-members` if more than 100 would be
   *   merged into one, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import type { IssueTracker } from "issue-lifecycle";
   *
   * async function sameFault(tracker: IssueTracker) {
   *   const { parts } = await tracker.issues.merge("SHOP-12", { into: "SHOP-3", by: "ann" });
   *   return parts?.members;
   * }
   * ```
   */
  merge(id: string, options: { readonly into: string } & CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Takes an issue out of the target that it was merged into. It takes the state and the fix claims of the target along, and the target is
   * the sum of what is left; one that has no events of its own left, because they were erased, is deleted with its last member. For both,
   * what counts since a mute or a discard begins anew. Raises no alert.
   *
   * @returns the issue, on its own again
   * @throws {@link IssueLifecycleError} `not-merged`, `unknown-issue` or `invalid-input`
   */
  unmerge(id: string, options?: CommandOptions & IssueScope): Promise<TrackedIssue>;
  /**
   * Deletes an issue and its history, with the issues that were merged into it. A later event of the same group opens a new issue, with a new number. The next
   * `events.evict` removes its events; until then, an event with the id of one of them is a duplicate. An issue that cannot
   * be read can be deleted too.
   *
   * @throws {@link IssueLifecycleError} `issue-merged`, `unknown-issue` or `invalid-input`
   */
  delete(id: string, options?: IssueScope): Promise<void>;
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

/** The shapes of the options that the commands for one issue have. */
const OPTION_MEMBERS = { ...COMMAND_MEMBERS, ...SCOPE_MEMBERS };
const mergeOptions = object(
  { into: requireIssueId, ...OPTION_MEMBERS } satisfies Record<
    "into" | keyof (CommandOptions & IssueScope),
    Shape<unknown>
  >,
  `{ into: "SHOP-3", by: "ann" }`,
);
const commandOptions = object(OPTION_MEMBERS, `{ by: "ann", comment: "See #77" }`);
const annotationOptions = object({ by: COMMAND_MEMBERS.by, ...SCOPE_MEMBERS }, `{ by: "ann" }`);
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
    { projectId, ...options }: Pick<CommandRequest, "by" | "comment"> & Pick<NamedIssue, "projectId">,
  ): Promise<TrackedIssue> {
    const named = nameIssue("id", id, { projectId });
    const context = operationContext();
    const request = { ...context, ...options, command: command(context) };
    return store.transaction((transaction) => applyToOne(transaction, named, request));
  }

  return {
    ...createIssueQueries(store, operationContext),
    ...createMerging(store, operationContext),
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
      const others = annotationOptions("options", options);
      return apply(id, ({ now }) => parseCommand({ kind: "annotate", comment }, now), { ...others, comment: "" });
    },
    async delete(id, options = {}) {
      const named = nameIssue("id", id, scopeOptions("options", options));
      await store.transaction((transaction) => deleteOne(transaction, named));
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

function createMerging(store: IssueStore, operationContext: () => OperationContext): Pick<Issues, "merge" | "unmerge"> {
  return {
    async merge(id, options) {
      const { into, projectId, ...others } = mergeOptions("options", options);
      const named = nameIssue("id", id, { projectId });
      const target = nameIssue("options.into", into, { projectId });
      const request = { ...operationContext(), ...others };
      return store.transaction((transaction) => merge(transaction, named, target, request));
    },
    async unmerge(id, options = {}) {
      const { projectId, ...others } = commandOptions("options", options);
      const named = nameIssue("id", id, { projectId });
      const request = { ...operationContext(), ...others };
      return store.transaction((transaction) => unmerge(transaction, named, request));
    },
  };
}

/** Separates the request of a command from the options that all commands have. */
function separate(options: unknown, example: string) {
  const given = requireObject("options", options, `an object, as in ${example}`);
  const names = Object.keys(OPTION_MEMBERS);
  const others = Object.fromEntries(names.map((name) => [name, readMember(`options.${name}`, given, name)]));
  return { request: withoutMembers("options", given, names), others: commandOptions("options", others) };
}

/** Deletes an issue, even one that cannot be read. */
async function deleteOne(transaction: StoreTransaction, named: NamedIssue): Promise<void> {
  const { given, projectId } = named;
  const found = isUuid(given) && projectId === undefined ? { id: given } : await findIssue(transaction, named);
  const [issue] = found === undefined ? [] : (await transaction.load({ issues: { ids: [found.id] } })).issues;
  if (issue === undefined) throw issueNotFound(named);
  const refusal = isUnreadable(issue) ? undefined : await refusalOfPart(transaction, issue);
  if (refusal !== undefined) throw new IssueLifecycleError(refusal.code, refusal.message);
  await transaction.write({ deletedIssues: idsToDelete(issue) });
}

/** Why an issue that was merged into another cannot be deleted; a part whose target is gone can be. */
async function refusalOfPart(reader: StoreReader, issue: Issue): Promise<RefusedCommand | undefined> {
  const refusal = refusalOfMerged(issue);
  if (refusal === undefined || issue.state.status !== "merged") return undefined;
  const [target] = await reader.findIssues({ ids: [issue.state.into] });
  return target === undefined ? undefined : refusal;
}

/** The issue as the command left it. */
async function applyToOne(
  transaction: StoreTransaction,
  named: NamedIssue,
  request: CommandRequest,
): Promise<TrackedIssue> {
  // An issue's id and project never change, so that they can be read before the issue is locked: none of another project ever is.
  const isKnown = isUuid(named.given) && named.projectId === undefined && !dependsOnReleases(request.command);
  const found = isKnown ? { id: named.given, projectId: undefined } : await findIssue(transaction, named);
  if (found === undefined) throw issueNotFound(named);
  if (isUnreadable(found)) throw found.error;
  const loaded = await loadForCommand(transaction, request, [found.id], found.projectId);
  const [issue] = loaded.issues.map(requireReadable);
  const project = issue && loaded.projects.get(issue.projectId)?.project;
  if (issue === undefined || project === undefined) throw issueNotFound(named);
  const { applied, refused } = await applyToLoaded(transaction, project, loaded, request);
  for (const { code, message } of refused) throw new IssueLifecycleError(code, message);
  return trackedIssue(project, applied[0] ?? issue);
}

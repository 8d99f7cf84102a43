import { parseCommand, type Command, type ResolveRequest } from "../core/command.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, requireObject, requireText } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { MuteRequest } from "../core/mute-request.ts";
import type { IssueStore, StoreTransaction } from "../ports/issue-store.ts";
import { applyToIssues, lockClaimedRelease, type GivenCommand } from "./apply-command.ts";
import { applyInBulk, parseSelection, type BulkOutcome, type BulkRefusal, type BulkSelection } from "./bulk.ts";
import { parseCommandOptions, type CommandOptions } from "./command-context.ts";
import { createIssueQueries, type IssueQueries } from "./issue-queries.ts";
import { requireProject } from "./projects.ts";
import { trackedIssue, type TrackedIssue } from "./tracked-issue.ts";
import { unknownIssue } from "./unknown.ts";

/** What a {@link Issues.bulk} takes besides the command. An annotation's comment is its own; a deletion leaves none. */
export interface BulkOptions extends CommandOptions {
  /**
   * Called for every issue the command does not fit, after its chunk was committed. What it throws ends the bulk command
   * there; the chunks that were committed stay.
   */
  readonly onRefused?: (refusal: BulkRefusal) => void;
}

/** A tracker's issues: questions about them, and what a person can do to them. Every command is one transaction. */
export interface Issues extends IssueQueries {
  /**
   * Says that an issue is fixed: plainly, in the latest release, in the next one, or in a given one. A muted issue is
   * muted no longer; a resolved one can be resolved in further releases, for back-ports.
   *
   * @throws {@link IssueLifecycleError} `already-resolved`, `no-release`, `unknown-issue` or `invalid-input`
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
   * Says that a resolved issue is not fixed after all. What was claimed for releases is remembered.
   *
   * @throws {@link IssueLifecycleError} `not-resolved`, `unknown-issue` or `invalid-input`
   */
  reopen(id: string, options?: CommandOptions): Promise<TrackedIssue>;
  /**
   * Mutes an issue, or mutes a muted one on other terms.
   *
   * @throws {@link IssueLifecycleError} `issue-resolved`, `condition-already-met`, `condition-out-of-range`,
   *   `deadline-passed`, `unknown-issue` or `invalid-input`
   * @example
   * ```ts
   * import { volumeCondition, type IssueTracker } from "issue-lifecycle";
   *
   * async function untilLoud(tracker: IssueTracker, issueId: string) {
   *   await tracker.issues.mute(issueId, { conditions: [volumeCondition(100, "day")], by: "ann" });
   * }
   * ```
   */
  mute(id: string, options?: MuteRequest & CommandOptions): Promise<TrackedIssue>;
  /**
   * Lifts a mute. Raises no alert.
   *
   * @throws {@link IssueLifecycleError} `not-muted`, `unknown-issue` or `invalid-input`
   */
  unmute(id: string, options?: CommandOptions): Promise<TrackedIssue>;
  /**
   * Writes a comment into an issue's history.
   *
   * @throws {@link IssueLifecycleError} `unknown-issue` or `invalid-input`
   */
  annotate(id: string, comment: string, options?: Pick<CommandOptions, "by">): Promise<TrackedIssue>;
  /**
   * Forgets an issue and its history. A later event of the same group opens a new issue, with a new number. What is
   * stored of its events goes with the next `events.evict`; until then, one that arrives again is still a duplicate.
   *
   * @throws {@link IssueLifecycleError} `unknown-issue` or `invalid-input`
   */
  delete(id: string): Promise<void>;
  /**
   * Gives one command to many issues: to those it fits, and reports the others. Each issue is treated as by the single
   * command, in chunks of a transaction each, in memory that does not grow with their number. Alters nothing when the
   * command itself is malformed.
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

/** The use-cases on issues. */
export function createIssues(store: IssueStore, now: () => Instant, newId: () => string): Issues {
  const prepare = (command: unknown, options: unknown): GivenCommand => {
    const at = now();
    const checked = parseCommand(command, at);
    const { by, comment } = parseCommandOptions(options);
    if (checked.kind === "annotate" && comment !== "") {
      throw invalidInput("options.comment", comment, "no comment beside the annotation itself");
    }
    return { command: checked, now: at, by, comment };
  };
  const give = async (id: string, command: Command, options: unknown): Promise<TrackedIssue> => {
    const given = prepare(command, options);
    const issueId = requireText("id", id, 1, 200);
    return store.transaction((transaction) => applyToOne(transaction, issueId, given, newId));
  };
  const askFor = async (id: string, kind: "resolve" | "mute", options: unknown): Promise<TrackedIssue> => {
    const { by, comment, ...request } = requireObject("options", options);
    return give(id, { ...request, kind }, { by, comment });
  };
  return {
    ...createIssueQueries(store, now),
    resolve: (id, options = {}) => askFor(id, "resolve", options),
    reopen: (id, options = {}) => give(id, { kind: "reopen" }, options),
    mute: (id, options = {}) => askFor(id, "mute", options),
    unmute: (id, options = {}) => give(id, { kind: "unmute" }, options),
    annotate: (id, comment, options = {}) => give(id, { kind: "annotate", comment }, options),
    async delete(id) {
      await give(id, { kind: "delete" }, {});
    },
    async bulk(selection, command, options = {}) {
      const { onRefused = ignore, ...who } = requireObject("options", options);
      if (!isRefusalListener(onRefused)) throw invalidInput("options.onRefused", onRefused, "a function");
      const given = prepare(command, who);
      return applyInBulk(store, parseSelection(selection), given, newId, onRefused);
    },
  };
}

function ignore(): void {
  // Nobody asked to hear of each refusal.
}

function isRefusalListener(value: unknown): value is (refusal: BulkRefusal) => void {
  return typeof value === "function";
}

/** The issue as the command left it, or as it was when it was deleted. */
async function applyToOne(
  transaction: StoreTransaction,
  id: string,
  given: GivenCommand,
  newId: () => string,
): Promise<TrackedIssue> {
  const unlocked = (await transaction.findIssues([id])).get(id);
  if (unlocked !== undefined) await lockClaimedRelease(transaction, unlocked.projectId, given);
  const issue = (await transaction.lockIssues([id])).get(id);
  if (issue === undefined) throw unknownIssue("id", id);
  const { project } = await requireProject(transaction, "issue.projectId", issue.projectId);
  const { applied, refused } = await applyToIssues(transaction, project, [issue], given, newId);
  for (const { code, message } of refused) throw new IssueLifecycleError(code, message);
  return trackedIssue(project, applied[0] ?? issue);
}

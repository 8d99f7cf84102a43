import { isIssueAhead, recoverIssue } from "../core/clock-recovery.ts";
import { applyCommand, refusalOfMerged, type CommandOutcome, type RefusedCommand } from "../core/command-transition.ts";
import { MAX_COMMENT_LENGTH, type CheckedCommand } from "../core/command.ts";
import type { IssueLifecycleError } from "../core/errors.ts";
import { partIdsOf, type Issue } from "../core/issue.ts";
import { PeriodCounter } from "../core/period-counter.ts";
import type { Project } from "../core/project.ts";
import { optional, text, withDefault, type Shape } from "../core/shape.ts";
import { SYSTEM, type Actor } from "../core/turning-point.ts";
import { corruptIssue, isCorruptData, isReadable, isUnreadable } from "../core/unreadable.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import type { Loaded, LoadRequest, StoreTransaction, UnreadableIssue } from "../ports/issue-store.ts";
import { Changes, type OperationContext } from "./changes.ts";
import { CommandReleaseLookup, releasesFor } from "./command-releases.ts";
import { countUsers, usersOfNewMute, type WantedUserCounts } from "./issue-users.ts";
import { applyPendingToLoaded } from "./pending-releases.ts";
import { restoreCounter } from "./working-issue.ts";

/** The author of a command, and their comment. */
export interface CommandOptions {
  /** The host's id of the user, 1 to {@link MAX_USER_ID_LENGTH} characters. Default: the system. */
  readonly by?: string;
  /** A comment for the history, at most {@link MAX_COMMENT_LENGTH} characters. Default: none. */
  readonly comment?: string;
}

/** The shapes of {@link CommandOptions}. */
export const COMMAND_MEMBERS = {
  by: requireActor,
  comment: withDefault(text(0, MAX_COMMENT_LENGTH), ""),
} satisfies Record<keyof CommandOptions, Shape<unknown>>;

const requireUserId = optional(text(1, MAX_USER_ID_LENGTH));

/** Checks the id of a user who acts; without one it is the system. */
export function requireActor(field: string, value: unknown): Actor {
  const id = requireUserId(field, value);
  return id === undefined ? SYSTEM : { kind: "user", id };
}

/** A checked command, with its author, comment and time. */
export interface CommandRequest extends OperationContext {
  readonly command: CheckedCommand;
  readonly by: Actor;
  readonly comment: string;
}

/** The result of a command on some issues of a project. */
export interface CommandResults {
  /** The issues that it changed, as they are now. */
  readonly applied: readonly Issue[];
  /** The issues that it deleted, as they were before. */
  readonly deleted: readonly (Issue | UnreadableIssue)[];
  /** The issues that it does not apply to, with the reason. */
  readonly refused: readonly RefusedIssue[];
}

/** An issue that a command does not apply to. */
export type RefusedIssue = RefusedCommand & { readonly issueId: string };

/**
 * Loads what a command needs. Pending releases are applied to the issues first.
 *
 * @param ids - the issues
 * @param projectId - their project; may be `undefined` for a command that does not depend on releases
 */
export async function loadForCommand(
  transaction: StoreTransaction,
  request: CommandRequest,
  ids: readonly string[],
  projectId: string | undefined,
): Promise<Loaded> {
  const toLoad = loadRequestFor(request, ids, projectId);
  const loaded = await transaction.load(toLoad);
  if (request.command.kind === "delete") return loaded;
  const isChanged = await applyPendingToLoaded(transaction, loaded.issues, request);
  return isChanged ? transaction.load(toLoad) : loaded;
}

/** What to load for a command: see {@link loadForCommand}. */
function loadRequestFor(request: CommandRequest, ids: readonly string[], projectId: string | undefined): LoadRequest {
  const { command, now } = request;
  const isMuteWithConditions = command.kind === "mute" && command.terms.conditions.length > 0;
  const isDiscardWithConditions = command.kind === "discard" && command.conditions.length > 0;
  return {
    issues: { ids },
    projectIds: projectId === undefined ? [] : [projectId],
    ...(projectId !== undefined && releasesFor(request, projectId)),
    details: ({ issues }) => {
      const judgesConditions = isMuteWithConditions || isDiscardWithConditions;
      const needed = issues.filter((issue) => judgesConditions || (isReadable(issue) && isIssueAhead(issue, now)));
      return { counters: needed.map(({ id }) => id) };
    },
  };
}

/**
 * Applies a command to each of the loaded issues that it applies to, and writes the changes.
 *
 * @param loaded - the result of {@link loadForCommand}
 * @param isSelected - leaves out issues for which it returns `false`. With it an unreadable issue is refused: nobody can say
 *   whether it is selected. Without it an unreadable issue can be deleted.
 */
export async function applyToLoaded(
  transaction: StoreTransaction,
  project: Project,
  loaded: Loaded,
  request: CommandRequest,
  isSelected?: (issue: Issue) => boolean,
): Promise<CommandResults> {
  const changes = new Changes(request);
  const applied: Issue[] = [];
  const deleted: (Issue | UnreadableIssue)[] = [];
  const refused: RefusedIssue[] = [];
  const selected: Issue[] = [];
  for (const before of loaded.issues) {
    if (before.projectId !== project.id) continue;
    if (isUnreadable(before)) {
      if (request.command.kind === "delete" && isSelected === undefined) deleted.push(before);
      else refused.push(refuse(before.id, before.error));
    } else if (isSelected?.(before) !== false) selected.push(before);
  }
  const releases = await CommandReleaseLookup.load(transaction, project.id, selected, loaded, request);
  const candidates = selected.map((before) => candidateOf(before, loaded, releases, request));
  await countUsers(
    transaction,
    candidates.map(({ users }) => users),
  );
  for (const candidate of candidates) {
    const { before, issue, counter } = candidate;
    const outcome = decide(candidate, releases, request);
    switch (outcome.kind) {
      case "applied": {
        changes.updates.push({ before, after: outcome.issue });
        if (issue !== before && !counter.inOneMinute) changes.counters.set(issue.id, counter.encode());
        changes.setBackUsers(before);
        changes.addTurningPoint(outcome);
        releases.addTo(changes, before, outcome);
        applied.push(outcome.issue);
        break;
      }
      case "deleted":
        deleted.push(before);
        break;
      case "refused":
        refused.push({ ...outcome, issueId: before.id });
        break;
    }
  }
  for (const issue of deleted) changes.deletedIssues.push(...idsToDelete(issue));
  if (applied.length + deleted.length > 0) await changes.writeTo(transaction);
  return { applied, deleted, refused };
}

/** The ids of an issue to delete, of those that were merged into it, and of its own part. */
export function idsToDelete(issue: Issue | UnreadableIssue): string[] {
  return isUnreadable(issue) ? [issue.id] : [issue.id, ...partIdsOf(issue)];
}

/** An issue for which something that a command needs cannot be read is refused. */
export function refuse(issueId: string, { code, message }: IssueLifecycleError): RefusedIssue {
  return { kind: "refused", issueId, code, message };
}

/** An issue that a command is applied to, without what a clock that was ahead had written. */
interface Candidate {
  /** As it is stored. */
  readonly before: Issue;
  readonly issue: Issue;
  readonly counter: PeriodCounter;
  readonly users: WantedUserCounts;
  /** Why the command cannot be applied to it. */
  readonly refusal: RefusedCommand | undefined;
}

function candidateOf(
  before: Issue,
  { counters }: Loaded,
  releases: CommandReleaseLookup,
  { command, now }: CommandRequest,
): Candidate {
  const terms = command.kind === "mute" ? command.terms : NO_CONDITIONS;
  try {
    const counter = restoreCounter(before, counters.get(before.id));
    const issue = recoverIssue(before, counter, now);
    const users = usersOfNewMute(terms, issue, counter, now);
    return { before, issue, counter, users, refusal: refusalOfMerged(before) ?? releases.refusalOf(before) };
  } catch (error) {
    if (!isCorruptData(error)) throw error;
    const refusal = refuse(before.id, corruptIssue(before.id, error));
    const counter = new PeriodCounter();
    return { before, issue: before, counter, users: usersOfNewMute(NO_CONDITIONS, before, counter, now), refusal };
  }
}

const NO_CONDITIONS = { conditions: [], sinceMute: false };

function decide(
  { before, issue, counter, users, refusal }: Candidate,
  releases: CommandReleaseLookup,
  { command, now, by, comment }: CommandRequest,
): CommandOutcome {
  const context = { now, by, comment, counter, users: users.counts, releases: releases.of(before) };
  return refusal ?? applyCommand(issue, command, context);
}

import { applyCommand, type CommandOutcome, type RefusedCommand } from "../core/command-transition.ts";
import { MAX_COMMENT_LENGTH, MAX_USER_ID_LENGTH, type CheckedCommand } from "../core/command.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Issue } from "../core/issue.ts";
import type { Project } from "../core/project.ts";
import { announceRelease, EMPTY_TIMELINE, type Release } from "../core/release.ts";
import { markFixed, type ReleaseMark } from "../core/release-mark.ts";
import { optional, text, withDefault, type Shape } from "../core/shape.ts";
import { SYSTEM, type Actor } from "../core/turning-point.ts";
import { corruptIssue, isCorruptData, isUnreadable, requireReadable } from "../core/unreadable.ts";
import type {
  Loaded,
  LoadedIssues,
  LoadRequest,
  MarkRequest,
  StoreTransaction,
  UnreadableIssue,
} from "../ports/issue-store.ts";
import { Changes, type OperationContext } from "./changes.ts";
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

function requireActor(field: string, value: unknown): Actor {
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

/** Whether the command depends on the releases of the issues' project. */
export function dependsOnReleases(command: CheckedCommand): boolean {
  return command.kind === "resolve" && (command.claim.kind === "by-latest" || command.claim.kind === "by-release");
}

/**
 * What to load for a command.
 *
 * @param ids - the issues
 * @param projectId - their project; may be `undefined` for a command that does not depend on releases
 */
export function loadRequestFor(
  request: CommandRequest,
  ids: readonly string[],
  projectId: string | undefined,
): LoadRequest {
  const { command } = request;
  const issues: LoadRequest = { issues: { ids }, projectIds: projectId === undefined ? [] : [projectId] };
  if (command.kind === "mute" && command.terms.conditions.length > 0) {
    return { ...issues, details: (loaded) => ({ counters: loaded.issues.map(({ id }) => id) }) };
  }
  if (command.kind !== "resolve" || projectId === undefined) return issues;
  const { claim } = command;
  const details: LoadRequest["details"] = (loaded) => ({ marks: marksFor(loaded, projectId, request) });
  if (claim.kind === "by-latest") return { ...issues, timelines: [projectId], details };
  if (claim.kind === "by-release") return { ...issues, releases: [{ projectId, version: claim.release }], details };
  return issues;
}

/** The mark of each loaded issue that a fix claim would replace. */
function marksFor(loaded: LoadedIssues, projectId: string, request: CommandRequest): MarkRequest[] {
  const claimed = claimedRelease(loaded, projectId, request);
  if (claimed === undefined || claimed.isNew) return [];
  return loaded.issues.map(({ id }) => ({ issueId: id, upTo: claimed.release.orderKey, limit: 1 }));
}

/** A release that a command claims a fix in. */
interface ClaimedRelease {
  readonly release: Release;
  /** Whether the claim announces it. */
  readonly isNew: boolean;
}

function claimedRelease(
  { releases, timelines }: LoadedIssues,
  projectId: string,
  { command, now }: CommandRequest,
): ClaimedRelease | undefined {
  if (command.kind !== "resolve") return undefined;
  const { claim } = command;
  const timeline = timelines.get(projectId) ?? EMPTY_TIMELINE;
  if (claim.kind === "by-latest") return timeline.latest && { release: timeline.latest, isNew: false };
  if (claim.kind !== "by-release") return undefined;
  const [found] = releases;
  if (found !== undefined) return { release: found, isNew: false };
  const { head } = timeline;
  return head && { release: announceRelease({ ...timeline, head }, claim.release, now), isNew: true };
}

/**
 * Applies a command to each of the loaded issues that it applies to, and writes the changes.
 *
 * @param loaded - the result of {@link loadRequestFor}
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
  const claimed = claimedRelease(loaded, project.id, request);
  const applied: Issue[] = [];
  const deleted: (Issue | UnreadableIssue)[] = [];
  const refused: RefusedIssue[] = [];
  for (const [index, before] of loaded.issues.entries()) {
    if (before.projectId !== project.id) continue;
    if (isUnreadable(before)) {
      if (request.command.kind === "delete" && isSelected === undefined) deleted.push(before);
      else refused.push(refuse(before.id, before.error));
      continue;
    }
    if (isSelected?.(before) === false) continue;
    const { outcome, nearest } = decide(before, loaded, index, request);
    switch (outcome.kind) {
      case "applied":
        changes.updates.push({ before, after: outcome.issue });
        changes.addTurningPoint(project, { ...outcome, alert: null }, null);
        if (outcome.claimedRelease !== null) claimFix(changes, before, claimed, nearest, request);
        applied.push(outcome.issue);
        break;
      case "deleted":
        deleted.push(before);
        break;
      case "refused":
        refused.push({ ...outcome, issueId: before.id });
        break;
    }
  }
  for (const { id } of deleted) changes.deletedIssues.push(id);
  if (applied.length + deleted.length > 0) await changes.writeTo(transaction);
  return { applied, deleted, refused };
}

/** An issue for which something that a command needs cannot be read is refused. */
export function refuse(issueId: string, { code, message }: IssueLifecycleError): RefusedIssue {
  return { kind: "refused", issueId, code, message };
}

/** A command's outcome, and the issue's mark at or below the order key of the release that it claims. */
interface Decision {
  readonly outcome: CommandOutcome;
  readonly nearest: ReleaseMark | undefined;
}

/** @param index - the issue's place among those that were loaded */
function decide(
  issue: Issue,
  { counters, timelines, marks }: Loaded,
  index: number,
  request: CommandRequest,
): Decision {
  const { command, now, by, comment } = request;
  const latestRelease = timelines.get(issue.projectId)?.latest?.version;
  try {
    const counter = restoreCounter(issue, counters.get(issue.id));
    const nearest = marks[index]?.[0] && requireReadable(marks[index][0]);
    return { outcome: applyCommand(issue, command, { now, by, comment, counter, latestRelease }), nearest };
  } catch (error) {
    if (!isCorruptData(error)) throw error;
    return { outcome: refuse(issue.id, corruptIssue(issue.id, error)), nearest: undefined };
  }
}

/** @param nearest - the issue's mark at or below the release's order key */
function claimFix(
  changes: Changes,
  { id, projectId }: Issue,
  claimed: ClaimedRelease | undefined,
  nearest: ReleaseMark | undefined,
  { now }: CommandRequest,
): void {
  if (claimed === undefined) {
    throw new IssueLifecycleError("corrupt-data", "A project has issues, but no release that their events belong to.");
  }
  const { release, isNew } = claimed;
  if (isNew && changes.releases.length === 0) changes.releases.push({ projectId, release });
  const before = nearest?.orderKey === release.orderKey ? nearest : undefined;
  changes.marks.push({ issueId: id, mark: markFixed(release, before, now) });
}

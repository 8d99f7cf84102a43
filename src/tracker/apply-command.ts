import { applyCommand, type CommandOutcome, type RefusedCommand } from "../core/command-transition.ts";
import type { CheckedCommand } from "../core/command.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import type { Project } from "../core/project.ts";
import { announceRelease, type Release } from "../core/release.ts";
import { markFixed, type ReleaseMark } from "../core/release-mark.ts";
import type { Actor } from "../core/turning-point.ts";
import type { StoreTransaction } from "../ports/issue-store.ts";
import { Changes } from "./changes.ts";
import { restoreCounter } from "./stored-counter.ts";

/** A command with who gives it and when. */
export interface GivenCommand {
  readonly command: CheckedCommand;
  readonly now: Instant;
  readonly by: Actor;
  readonly comment: string;
}

/** What came of a command on some issues. */
export interface CommandResults {
  /** The issues it applied to, as they are now. Deleted ones are not among them. */
  readonly applied: readonly Issue[];
  /** The ids of those it deleted. */
  readonly deleted: readonly string[];
  /** The ids of those it does not fit, with the reason. */
  readonly refused: readonly (RefusedCommand & { readonly issueId: string })[];
}

/**
 * Locks the timeline that a command may add a release to. Before the issues, because digests lock in this order too, and
 * those who lock in different orders end up waiting for each other.
 */
export async function lockClaimedRelease(
  transaction: StoreTransaction,
  projectId: string,
  { command }: GivenCommand,
): Promise<void> {
  if (command.kind !== "resolve" || command.claim.kind !== "by-release") return;
  const [found] = await transaction.findReleases([{ projectId, version: command.claim.release }]);
  if (found?.standing !== "known") await transaction.lockTimelines([projectId]);
}

/** Applies one command to locked issues of one project, to each that it fits. */
export async function applyToIssues(
  transaction: StoreTransaction,
  project: Project,
  issues: readonly Issue[],
  given: GivenCommand,
  newId: () => string,
): Promise<CommandResults> {
  const decisions = await decide(transaction, project, issues, given);
  const changes = new Changes({ now: given.now, newId });
  const applied: Issue[] = [];
  const claims: { readonly issue: Issue; readonly version: string }[] = [];
  const deleted: string[] = [];
  const refused: (RefusedCommand & { issueId: string })[] = [];
  for (const { before, outcome } of decisions) {
    switch (outcome.kind) {
      case "applied":
        changes.updates.push({ before, after: outcome.issue });
        changes.turn(project, { ...outcome, alert: null }, null);
        applied.push(outcome.issue);
        if (outcome.claimedRelease !== null) claims.push({ issue: before, version: outcome.claimedRelease });
        break;
      case "deleted":
        deleted.push(before.id);
        break;
      case "refused":
        refused.push({ ...outcome, issueId: before.id });
        break;
    }
  }
  for (const version of new Set(claims.map((each) => each.version))) {
    const release = await requireRelease(transaction, project.id, version, given.now);
    const claiming = claims.flatMap((each) => (each.version === version ? each.issue.id : []));
    for (const mark of await claimFix(transaction, release, claiming, given.now)) changes.marks.push(mark);
  }
  await changes.writeTo(transaction);
  if (deleted.length > 0) await transaction.deleteIssues(deleted);
  return { applied, deleted, refused };
}

async function decide(
  transaction: StoreTransaction,
  project: Project,
  issues: readonly Issue[],
  { command, now, by, comment }: GivenCommand,
): Promise<{ before: Issue; outcome: CommandOutcome }[]> {
  const needsCounters = command.kind === "mute" && command.terms.conditions.length > 0;
  const counters = needsCounters
    ? await transaction.findCounters(issues.map(({ id }) => id))
    : new Map<string, Uint8Array>();
  const latestRelease = await findLatest(transaction, project.id, command);
  return issues.map((before) => {
    const counter = restoreCounter(before, counters.get(before.id));
    return { before, outcome: applyCommand(before, command, { now, by, comment, counter, latestRelease }) };
  });
}

async function findLatest(
  transaction: StoreTransaction,
  projectId: string,
  command: CheckedCommand,
): Promise<string | undefined> {
  if (command.kind !== "resolve" || command.claim.kind !== "by-latest") return undefined;
  const timelines = await transaction.findTimelines([projectId]);
  return timelines.get(projectId)?.latest?.version;
}

/** The release, announced if nobody has heard of it. */
async function requireRelease(
  transaction: StoreTransaction,
  projectId: string,
  version: string,
  now: Instant,
): Promise<Release> {
  const find = async (): Promise<Release | undefined> => (await transaction.findReleases([{ projectId, version }]))[0];
  const known = await find();
  if (known?.standing === "known") return known;
  // An announced release may be given its place by somebody else, unless the timeline is locked.
  const timeline = (await transaction.lockTimelines([projectId])).get(projectId);
  const heardOf = await find();
  if (heardOf !== undefined) return heardOf;
  if (timeline?.head === undefined) {
    throw new IssueLifecycleError(
      "corrupt-data",
      "A project has issues, but no release that their events were seen in.",
    );
  }
  const announced = announceRelease({ ...timeline, head: timeline.head }, version, now);
  await transaction.saveReleases(projectId, [announced]);
  return announced;
}

async function claimFix(
  transaction: StoreTransaction,
  release: Release,
  issueIds: readonly string[],
  now: Instant,
): Promise<{ issueId: string; mark: ReleaseMark }[]> {
  const requests = issueIds.map((issueId) => ({ issueId, orderKey: release.orderKey }));
  const nearest = await transaction.findNearestMarks(requests);
  return issueIds.map((issueId, index) => {
    const mark = nearest[index];
    const before = mark?.orderKey === release.orderKey ? mark : undefined;
    return { issueId, mark: markFixed(release, before, now) };
  });
}

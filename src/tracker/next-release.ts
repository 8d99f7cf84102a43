import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { applyNextRelease, isNextRelease, type NextReleaseTransition } from "../core/next-release.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import { endOfLine, type KnownRelease } from "../core/release.ts";
import { isReadable, isUnreadable } from "../core/unreadable.ts";
import type { MarkRequest, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import type { Changes } from "./changes.ts";

/** A release that became the latest of its line. */
export interface NewLatestRelease {
  readonly release: KnownRelease;
  /** When it became the latest. */
  readonly at: Instant;
  /** The event that made it known, or `null`. */
  readonly eventId: string | null;
  /** The number of the last issue that it was applied to, or did not concern; 0 for none. */
  readonly reached: number;
}

/** An issue that got its next release. */
export interface FoundNextRelease {
  readonly before: Issue;
  readonly latest: NewLatestRelease;
  readonly transition: NextReleaseTransition;
}

/**
 * Finds for issues that wait for the next release the first one that is, among releases that became the latest of their lines:
 * one of a line in which the issue has a mark.
 *
 * @param candidates - in the order in which they became known
 */
export async function findNextReleases(
  reader: StoreReader,
  issues: readonly Issue[],
  candidates: readonly NewLatestRelease[],
): Promise<FoundNextRelease[]> {
  const lines = new Map(candidates.map(({ release }) => [release.line, release.lineNumber]));
  const wanted = issues.flatMap((issue) => Array.from(lines, ([line, number]) => ({ issue, line, number })));
  if (wanted.length === 0) return [];
  const requests = wanted.map(({ issue, number }): MarkRequest => ({
    issueId: issue.id,
    upTo: endOfLine(number),
    limit: 1,
  }));
  const marks = await reader.findMarks(requests);
  const linesOf = new Map<Issue, Set<string>>();
  for (const [index, { issue, line }] of wanted.entries()) {
    const [mark] = marks[index] ?? [];
    // A mark that cannot be read may be of the line.
    if (mark === undefined || (!isUnreadable(mark) && mark.line !== line)) continue;
    linesOf.set(issue, (linesOf.get(issue) ?? new Set()).add(line));
  }
  const next = issues.flatMap((before) => {
    const ofIssue = linesOf.get(before);
    const latest = candidates.find(
      ({ release, reached }) =>
        ofIssue?.has(release.line) === true && reached < before.number && isNextRelease(before, release),
    );
    return latest === undefined ? [] : [{ before, latest }];
  });
  const present = await presentMarks(reader, next);
  return next.flatMap(({ before, latest }) => {
    const { release, at, eventId } = latest;
    const transition = applyNextRelease(before, release, at, eventId, present.get(before));
    return transition === undefined ? [] : [{ before, latest, transition }];
  });
}

/** The marks that issues have in their next releases: none where an event makes a release known. */
async function presentMarks(
  reader: StoreReader,
  next: readonly { readonly before: Issue; readonly latest: NewLatestRelease }[],
): Promise<Map<Issue, ReleaseMark>> {
  const marked = next.filter(({ latest }) => latest.eventId === null);
  const requests = marked.map(({ before, latest }) => {
    return { issueId: before.id, upTo: latest.release.orderKey, limit: 1 };
  });
  const found = requests.length === 0 ? [] : await reader.findMarks(requests);
  const marks = new Map<Issue, ReleaseMark>();
  for (const [index, { before, latest }] of marked.entries()) {
    const [mark] = found[index] ?? [];
    if (mark === undefined || isUnreadable(mark) || mark.orderKey !== latest.release.orderKey) continue;
    marks.set(before, mark);
  }
  return marks;
}

/** The pending releases of some projects, or of all: by project, in the order in which they became known. */
export async function findPendingReleases(
  reader: StoreReader,
  projectIds: readonly string[] | "all",
): Promise<ReadonlyMap<string, readonly NewLatestRelease[]>> {
  const found = await reader.findPendingReleases(projectIds);
  const releases = found.length === 0 ? [] : await reader.findReleases(found);
  const pending = new Map<string, NewLatestRelease[]>();
  for (const [place, { projectId, name, at, eventId, reached }] of found.entries()) {
    const release = releases[place];
    // Whatever changes the releases of a project applies the pending ones first.
    if (release?.standing !== "known") throw new IssueLifecycleError("corrupt-data", `${NOT_KNOWN} ${name}`);
    const ofProject = pending.get(projectId) ?? [];
    ofProject.push({ release, at, eventId, reached });
    pending.set(projectId, ofProject);
  }
  return pending;
}

const NOT_KNOWN = "The store holds a pending release that is not a known release:";

/** How many issues a release is applied to in one transaction. */
const STEP = 500;

/** What a step did. */
export interface NextReleaseStep {
  /** Those of the releases for which an issue waited. */
  readonly awaited: ReadonlySet<NewLatestRelease>;
  /** Whether no other issue waits for one of them. */
  readonly isLast: boolean;
}

/**
 * Makes releases the fix of the stored issues of a project that waited for them: of all issues, or of as many as a transaction should
 * change. Then the releases become pending ones, and `pending-releases.ts` applies them to the others. Adds all of that to the changes
 * of the transaction, so that it is written at once.
 *
 * The project must be locked.
 *
 * @param added - the releases that the transaction makes known, in that order; those that were pending before come before them
 * @param isChanged - whether the changes contain an issue already
 * @param limit - how many issues to look at
 */
export async function addNextReleases(
  transaction: StoreTransaction,
  projectId: string,
  added: readonly NewLatestRelease[],
  changes: Changes,
  isChanged: (issueId: string) => boolean = () => false,
  limit = STEP,
): Promise<NextReleaseStep> {
  const pending = (await findPendingReleases(transaction, [projectId])).get(projectId) ?? [];
  const candidates = [...pending, ...added];
  if (candidates.length === 0) return { awaited: new Set(), isLast: true };
  const after = Math.min(...candidates.map(({ reached }) => reached));
  const { issues } = await transaction.load({ issues: { awaitingNextIn: projectId, after, limit } });
  const waiting = issues.filter(isReadable);
  const found = await findNextReleases(
    transaction,
    waiting.filter(({ id }) => !isChanged(id)),
    candidates,
  );
  for (const each of found) addNextRelease(changes, each);
  const last = waiting.at(-1);
  const isLast = last === undefined || waiting.length < limit;
  if (isLast) {
    for (const { release } of pending) changes.finishedReleases.push({ projectId, number: release.number });
  } else {
    for (const { release, at, eventId, reached } of candidates) {
      const { name, line, number } = release;
      changes.pendingReleases.push({
        projectId,
        name,
        line,
        number,
        at,
        eventId,
        reached: Math.max(reached, last.number),
      });
    }
  }
  if (!isLast && last.number <= after) throw storeRepeats("an issue that waits for the next release");
  return { awaited: new Set(found.map(({ latest }) => latest)), isLast };
}

/** Adds that an issue got its next release. */
export function addNextRelease(changes: Changes, { before, transition }: FoundNextRelease): void {
  changes.updates.push({ before, after: transition.issue });
  changes.marks.push({ issueId: before.id, mark: transition.mark });
  changes.addTurningPoint(transition);
}

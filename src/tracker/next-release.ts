import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import { applyNextRelease, isNextRelease, type NextReleaseTransition } from "../core/next-release.ts";
import type { Project } from "../core/project.ts";
import type { ReleaseMark } from "../core/release-mark.ts";
import { endOfLine, type KnownRelease } from "../core/release.ts";
import { isReadable, isUnreadable } from "../core/unreadable.ts";
import type { MarkRequest, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import type { Changes } from "./changes.ts";

/** A release that became the latest of its line. */
export interface NewLatestRelease {
  readonly release: KnownRelease;
  /** When it became the latest. */
  readonly at: Instant;
  /** The event that made it known, or `null`. */
  readonly eventId: string | null;
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
  transaction: StoreTransaction,
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
  const marks = await transaction.findMarks(requests);
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
      ({ release }) => ofIssue?.has(release.line) === true && isNextRelease(before, release),
    );
    return latest === undefined ? [] : [{ before, latest }];
  });
  const present = await presentMarks(transaction, next);
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

/**
 * Makes releases the fix of the stored issues of a project that waited for them. Adds that to the changes of the transaction that
 * makes them known, so that all of it is written at once.
 *
 * @param candidates - in the order in which they became known
 * @param isChanged - whether the changes contain an issue already
 * @returns the releases that were waited for
 */
export async function addNextReleases(
  transaction: StoreTransaction,
  project: Project,
  candidates: readonly NewLatestRelease[],
  changes: Changes,
  isChanged: (issueId: string) => boolean = () => false,
): Promise<ReadonlySet<NewLatestRelease>> {
  if (candidates.length === 0) return new Set();
  const { issues } = await transaction.load({ issues: { awaitingNextIn: project.id, limit: Number.MAX_SAFE_INTEGER } });
  const waiting = issues.filter(isReadable).filter(({ id }) => !isChanged(id));
  const found = await findNextReleases(transaction, waiting, candidates);
  for (const { before, transition } of found) {
    changes.updates.push({ before, after: transition.issue });
    changes.marks.push({ issueId: before.id, mark: transition.mark });
    changes.addTurningPoint(transition);
  }
  return new Set(found.map(({ latest }) => latest));
}

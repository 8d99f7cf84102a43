import type { Instant } from "./instant.ts";
import type { Release } from "./release.ts";

/** Which release a mark is about. */
export type MarkedRelease = Pick<Release, "version" | "number" | "orderKey">;

/** The last thing that happened to an issue in a release is that somebody said it is fixed there. */
export interface FixedMark extends MarkedRelease {
  /** What happened last. */
  readonly last: "fixed";
  /** When that was said. */
  readonly fixedAt: Instant;
  /** Whether the issue was ever seen in the release. */
  readonly seen: boolean;
}

/** The last thing that happened to an issue in a release is that it was seen there. */
export interface SeenMark extends MarkedRelease {
  /** What happened last. */
  readonly last: "seen";
  /** When somebody last said it was fixed there, if anybody did. */
  readonly fixedAt: Instant | null;
}

/** What an issue remembers of a release: the order of fix claims and occurrences, and so which of them holds. */
export type ReleaseMark = FixedMark | SeenMark;

/** The mark after a fix claim. */
export function markFixed(release: MarkedRelease, mark: ReleaseMark | undefined, at: Instant): FixedMark {
  return { ...identify(release), last: "fixed", fixedAt: at, seen: mark !== undefined && wasSeen(mark) };
}

/**
 * The mark after an occurrence, or the same one when nothing changes. What occurred before a fix claim and only arrived
 * after it leaves the claim standing.
 *
 * @param occurredAt - when it occurred, not when it arrived
 */
export function markSeen(release: MarkedRelease, mark: ReleaseMark | undefined, occurredAt: Instant): ReleaseMark {
  if (mark === undefined) return { ...identify(release), last: "seen", fixedAt: null };
  if (mark.last === "seen") return mark;
  if (occurredAt >= mark.fixedAt) return { ...identify(release), last: "seen", fixedAt: mark.fixedAt };
  return mark.seen ? mark : { ...mark, seen: true };
}

/** Whether the issue was ever seen in the marked release. */
export function wasSeen(mark: ReleaseMark): boolean {
  return mark.last === "seen" || mark.seen;
}

/**
 * The mark of the nearest release at or before another, in logarithmic time.
 *
 * @param marks - an issue's marks in release order
 * @param release - the release to look back from
 */
export function nearestMark<Mark extends MarkedRelease>(
  marks: readonly Mark[],
  release: Pick<MarkedRelease, "orderKey">,
): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const mark = marks[middle];
    if (mark !== undefined && mark.orderKey <= release.orderKey) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}

function identify({ version, number, orderKey }: MarkedRelease): MarkedRelease {
  return { version, number, orderKey };
}

import { requireInstant } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import type { Release } from "./release.ts";

/** The release of a mark. */
export interface MarkedRelease extends Pick<Release, "version" | "line" | "number" | "orderKey"> {
  /** When the release became known; `null` if it is only announced. */
  readonly releasedAt: Instant | null;
}

/** The mark of a release in which the last thing that happened to the issue is a fix claim. */
export interface FixedMark extends MarkedRelease {
  readonly last: "fixed";
  /** When the fix was claimed. */
  readonly fixedAt: Instant;
  /** Whether the issue ever occurred in the release. */
  readonly seen: boolean;
}

/** The mark of a release in which the last thing that happened to the issue is an occurrence. */
export interface SeenMark extends MarkedRelease {
  readonly last: "seen";
  /** When a fix was last claimed in the release; `null` if none was, or the claim was withdrawn. */
  readonly fixedAt: Instant | null;
}

/** For an issue and a release, the last thing that happened there: a fix claim or an occurrence. */
export type ReleaseMark = FixedMark | SeenMark;

/** A release as marks name it. */
export function markedRelease(release: Release): MarkedRelease {
  const { version, line, number, orderKey } = release;
  return { version, line, number, orderKey, releasedAt: release.standing === "announced" ? null : release.releasedAt };
}

/** The mark after a fix claim. */
export function markFixed(release: Release, mark: ReleaseMark | undefined, at: InstantInput): FixedMark {
  const fixedAt = requireInstant("at", at);
  return { ...markedRelease(release), last: "fixed", fixedAt, seen: mark !== undefined && wasSeen(mark) };
}

/** The mark after an occurrence; the same value if it does not change. */
export function markSeen(release: Release, mark: ReleaseMark | undefined): SeenMark {
  if (mark?.last === "seen") return mark;
  return { ...markedRelease(release), last: "seen", fixedAt: mark?.fixedAt ?? null };
}

/** The mark after its fix claim was withdrawn; `undefined` if the issue never occurred in the release. */
export function withdrawClaim(mark: FixedMark): SeenMark | undefined {
  const { seen, ...others } = mark;
  return seen ? { ...others, last: "seen", fixedAt: null } : undefined;
}

/** Whether the issue ever occurred in the marked release. */
export function wasSeen(mark: ReleaseMark): boolean {
  return mark.last === "seen" || mark.seen;
}

/**
 * One mark for two of an issue whose releases are one by a new order. The later fix claim stays: it is not known whether the
 * issue occurred after it.
 */
export function mergeMarks(one: ReleaseMark, other: ReleaseMark): ReleaseMark {
  if (one.last === "seen") {
    if (other.last === "fixed") return { ...other, seen: true };
    return (one.fixedAt ?? 0) < (other.fixedAt ?? 0) ? other : one;
  }
  if (other.last === "seen") return { ...one, seen: true };
  return { ...one, fixedAt: Math.max(one.fixedAt, other.fixedAt), seen: one.seen || other.seen };
}

/**
 * The nearest mark at or before a release in the release's line, in logarithmic time.
 *
 * @param marks - an issue's marks in the order of their releases
 */
export function nearestMark<Mark extends MarkedRelease>(
  marks: readonly Mark[],
  release: Pick<MarkedRelease, "line" | "orderKey">,
): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const mark = marks[middle];
    if (mark !== undefined && mark.orderKey <= release.orderKey) low = middle + 1;
    else high = middle;
  }
  const nearest = marks[low - 1];
  return nearest?.line === release.line ? nearest : undefined;
}

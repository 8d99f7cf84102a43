import { requireInstant } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import type { Release } from "./release.ts";

/** The release of a mark. */
export type MarkedRelease = Pick<Release, "version" | "number" | "orderKey">;

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
  /** When a fix was last claimed in the release; `null` if none was. */
  readonly fixedAt: Instant | null;
}

/** For an issue and a release, the last thing that happened there: a fix claim or an occurrence. */
export type ReleaseMark = FixedMark | SeenMark;

/** The mark after a fix claim. */
export function markFixed(release: MarkedRelease, mark: ReleaseMark | undefined, at: InstantInput): FixedMark {
  const fixedAt = requireInstant("at", at);
  return { ...markedRelease(release), last: "fixed", fixedAt, seen: mark !== undefined && wasSeen(mark) };
}

/**
 * The mark after an occurrence; the same value if it does not change. An event that occurred before the fix claim and
 * arrived after it does not replace the claim.
 *
 * @param occurredAt - when the event occurred, not when it was received
 */
export function markSeen(release: MarkedRelease, mark: ReleaseMark | undefined, occurredAt: Instant): ReleaseMark {
  if (mark === undefined) return { ...markedRelease(release), last: "seen", fixedAt: null };
  if (mark.last === "seen") return mark;
  if (occurredAt >= mark.fixedAt) return { ...markedRelease(release), last: "seen", fixedAt: mark.fixedAt };
  return mark.seen ? mark : { ...mark, seen: true };
}

/** Whether the issue ever occurred in the marked release. */
export function wasSeen(mark: ReleaseMark): boolean {
  return mark.last === "seen" || mark.seen;
}

/**
 * The nearest mark at or before a release, in logarithmic time.
 *
 * @param marks - an issue's marks in the order of their releases
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

function markedRelease({ version, number, orderKey }: MarkedRelease): MarkedRelease {
  return { version, number, orderKey };
}

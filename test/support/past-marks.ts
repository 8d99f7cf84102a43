import {
  decideRegression,
  markFixed,
  markSeen,
  nearestMark,
  type ReleaseMark,
  type ResolvedState,
} from "../../src/core/index.ts";
import type { ReleaseBook } from "./release-book.ts";
import { textOf } from "./release-line.ts";

/** What happened to an issue in its releases, of which it is not known in what order. */
export interface PastMarks {
  readonly fixedIn: readonly string[];
  readonly seenIn: readonly string[];
}

const resolved: ResolvedState = {
  status: "resolved",
  resolvedAt: 0,
  afterRelease: 0,
  resolution: { kind: "by-release", releases: ["any"] },
};

/** Whether an event in a release is a regression, when all of one kind of mark were made before all of the other. */
export function isRegressionAfter(
  book: ReleaseBook,
  { fixedIn, seenIn }: PastMarks,
  order: "fixed, then seen" | "seen, then fixed",
  current: string,
): boolean {
  const marks = new Map<string, ReleaseMark>();
  const known = new Set(book.order().map(({ version }) => version));
  const knownOf = (releases: readonly string[]): string[] => releases.map(textOf).filter((each) => known.has(each));
  const claim = (): void => {
    for (const each of knownOf(fixedIn)) marks.set(each, markFixed(book.get(each), marks.get(each), 1));
  };
  const see = (): void => {
    for (const each of knownOf(seenIn)) marks.set(each, markSeen(book.get(each), marks.get(each)));
  };
  if (order === "fixed, then seen") claim();
  see();
  if (order === "seen, then fixed") claim();
  const sorted = [...marks.values()].sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1));
  const release = book.known(textOf(current));
  return decideRegression(
    resolved,
    { release: { kind: "release", release, assumed: false }, occurredAt: 1 },
    { nearest: nearestMark(sorted, release), claims: [] },
  ).regression;
}

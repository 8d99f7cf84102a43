import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResolvedState } from "../../src/core/issue.ts";
import { decideRegression } from "../../src/core/regression.ts";
import { markFixed, markSeen, nearestMark, wasSeen, type ReleaseMark } from "../../src/core/release-mark.ts";
import { rounds } from "../support/effort.ts";
import { ReleaseBook } from "../support/release-book.ts";

const RELEASES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const book = new ReleaseBook();
RELEASES.forEach((version, index) => book.register(version, index));

/** What happened, in order: "fixed" or "seen" in a release. */
type Happening = readonly ["fixed" | "seen", string];

function marksOf(happenings: readonly Happening[]): ReleaseMark[] {
  const marks = new Map<string, ReleaseMark>();
  happenings.forEach(([what, version], at) => {
    const release = book.get(version);
    const before = marks.get(version);
    marks.set(version, what === "fixed" ? markFixed(release, before, at) : markSeen(release, before, at));
  });
  return [...marks.values()].sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1));
}

const byRelease: ResolvedState = {
  status: "resolved",
  resolvedAt: 0,
  resolution: { kind: "by-release", releases: ["a"] },
};

function verdictIn(version: string, happenings: readonly Happening[], state = byRelease) {
  const nearest = nearestMark(marksOf(happenings), book.get(version));
  return decideRegression(state, { release: version, occurredAt: 1_000 }, nearest);
}

describe("rule 9: a regression", () => {
  test("of an issue resolved plainly is any later event", () => {
    const plain: ResolvedState = { status: "resolved", resolvedAt: 500, resolution: { kind: "plain" } };
    expect(verdictIn("a", [], plain)).toEqual({
      regression: true,
      reason: { kind: "resolved-plainly", resolvedAt: 500 },
    });
    expect(verdictIn("h", [["seen", "h"]], plain).regression).toBe(true);
  });

  test("of an issue resolved by the next release does not exist until that appears", () => {
    const byNext: ResolvedState = { status: "resolved", resolvedAt: 0, resolution: { kind: "by-next" } };
    expect(verdictIn("h", [["fixed", "b"]], byNext)).toEqual({
      regression: false,
      reason: { kind: "awaiting-next-release" },
    });
  });

  test("is decided by the nearest marked release at or before the event's, and says which", () => {
    const history: Happening[] = [
      ["seen", "a"],
      ["fixed", "c"],
      ["seen", "e"],
      ["fixed", "f"],
    ];
    const verdicts = RELEASES.map((version) => verdictIn(version, history).regression);
    expect(verdicts).toEqual([false, false, true, true, false, true, true, true]);
    expect(verdictIn("d", history).reason).toEqual({ kind: "fixed-in-release", release: "d", fixedIn: "c" });
    expect(verdictIn("e", history).reason).toEqual({ kind: "known-to-be-broken", seenIn: "e" });
    expect(verdictIn("a", [["fixed", "b"]]).reason).toEqual({ kind: "before-every-fix" });
  });

  test("goes by the last thing that happened in a release: fixed then seen is broken, seen then fixed is fixed", () => {
    expect(
      verdictIn("c", [
        ["fixed", "c"],
        ["seen", "c"],
      ]).regression,
    ).toBe(false);
    expect(
      verdictIn("c", [
        ["seen", "c"],
        ["fixed", "c"],
      ]).regression,
    ).toBe(true);
    expect(
      verdictIn("d", [
        ["seen", "c"],
        ["fixed", "c"],
        ["seen", "c"],
      ]).regression,
    ).toBe(false);
  });

  test("is found by a back-ported fix, and not by newer releases that are known to be broken", () => {
    const history: Happening[] = [
      ["seen", "c"],
      ["seen", "e"],
      ["fixed", "f"],
      ["fixed", "d"],
    ];
    expect(RELEASES.map((version) => verdictIn(version, history).regression)).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe("rule 10: an event that occurred before the resolution", () => {
  const resolved: ResolvedState = { status: "resolved", resolvedAt: 2_000, resolution: { kind: "plain" } };

  test("is no regression, one that occurred at the same instant or later is", () => {
    expect(decideRegression(resolved, { release: "a", occurredAt: 1_999 }, undefined).reason).toEqual({
      kind: "occurred-before-resolution",
    });
    expect(decideRegression(resolved, { release: "a", occurredAt: 2_000 }, undefined).regression).toBe(true);
  });

  test("is no regression against a release claimed later than the resolution", () => {
    const claim = markFixed(book.get("c"), undefined, 3_000);
    const state: ResolvedState = { ...resolved, resolution: { kind: "by-release", releases: ["b", "c"] } };
    expect(decideRegression(state, { release: "c", occurredAt: 2_500 }, claim).regression).toBe(false);
    expect(decideRegression(state, { release: "c", occurredAt: 3_000 }, claim).regression).toBe(true);
  });

  test("leaves the fix claim standing, but is remembered as seen", () => {
    const claim = markFixed(book.get("c"), undefined, 3_000);
    expect(wasSeen(claim)).toBe(false);
    const late = markSeen(book.get("c"), claim, 2_999);
    expect(late).toMatchObject({ last: "fixed", fixedAt: 3_000, seen: true });
    expect(markSeen(book.get("c"), late, 2_999)).toBe(late);
    expect(markSeen(book.get("c"), late, 3_000)).toMatchObject({ last: "seen", fixedAt: 3_000 });
  });
});

describe("the nearest mark, against a naive walk", () => {
  const happening: fc.Arbitrary<Happening> = fc.tuple(
    fc.constantFrom("fixed" as const, "seen" as const),
    fc.constantFrom(...RELEASES),
  );

  /** Walks all releases: a fix claim opens a resolved stretch and an occurrence ends it. */
  function walk(happenings: readonly Happening[], version: string): boolean {
    let isFixed = false;
    for (const release of RELEASES) {
      const last = happenings.findLast(([, where]) => where === release);
      if (last !== undefined) isFixed = last[0] === "fixed";
      if (release === version) return isFixed;
    }
    throw new Error("unknown release");
  }

  test("decides as the walk through all releases does", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), fc.constantFrom(...RELEASES), (happenings, version) => {
        expect(verdictIn(version, happenings).regression).toBe(walk(happenings, version));
      }),
      { numRuns: rounds({ quick: 500, full: 5_000 }) },
    );
  });
});

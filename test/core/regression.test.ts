import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResolvedState } from "../../src/core/issue.ts";
import {
  decideRegression,
  decidingMark,
  NO_EVIDENCE,
  type EventRelease,
  type PresentClaim,
  type ReleaseEvidence,
} from "../../src/core/regression.ts";
import {
  markFixed,
  markSeen,
  mergeMarks,
  nearestMark,
  wasSeen,
  withdrawClaim,
  type ReleaseMark,
} from "../../src/core/release-mark.ts";
import { rounds } from "../support/effort.ts";
import { ReleaseBook } from "../support/release-book.ts";

const RELEASES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const book = ReleaseBook.of(...RELEASES);

/** What happened, in order: "fixed" or "seen" in a release. */
type Happening = readonly ["fixed" | "seen", string];

function marksOf(happenings: readonly Happening[], releases: ReleaseBook = book): ReleaseMark[] {
  const marks = new Map<string, ReleaseMark>();
  happenings.forEach(([what, version], at) => {
    const release = releases.get(version);
    const before = marks.get(release.name);
    marks.set(release.name, what === "fixed" ? markFixed(release, before, at) : markSeen(release, before));
  });
  return [...marks.values()].sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1));
}

const byRelease: ResolvedState = {
  status: "resolved",
  resolvedAt: 0,
  afterRelease: 0,
  resolution: { kind: "by-release", releases: ["a"] },
};
const plain: ResolvedState = { ...byRelease, resolvedAt: 500, resolution: { kind: "plain" } };
const byNext: ResolvedState = { ...byRelease, resolution: { kind: "by-next" } };

const inRelease = (version: string, releases: ReleaseBook = book): EventRelease & { kind: "release" } => ({
  kind: "release",
  release: releases.known(version),
  assumed: false,
});

function verdictIn(version: string, happenings: readonly Happening[], state = byRelease) {
  const nearest = nearestMark(marksOf(happenings), book.get(version));
  return decideRegression(state, { release: inRelease(version), occurredAt: 1_000 }, { nearest, claims: [] });
}

describe("rule 9: a regression", () => {
  test("of an issue resolved plainly is any later event", () => {
    expect(verdictIn("a", [], plain)).toEqual({
      regression: true,
      reason: { kind: "resolved-plainly", resolvedAt: 500 },
    });
    expect(verdictIn("h", [["seen", "h"]], plain).regression).toBe(true);
  });

  test("of an issue resolved by the next release does not exist until that appears", () => {
    expect(verdictIn("h", [["fixed", "b"]], byNext)).toEqual({
      regression: false,
      reason: { kind: "awaiting-next-release" },
    });
  });

  test("is decided by the nearest mark at or before the event's release, and says which", () => {
    const history: Happening[] = [
      ["seen", "a"],
      ["fixed", "c"],
      ["seen", "e"],
      ["fixed", "f"],
    ];
    const verdicts = RELEASES.map((version) => verdictIn(version, history).regression);
    expect(verdicts).toEqual([false, false, true, true, false, true, true, true]);
    expect(verdictIn("d", history).reason).toEqual({
      kind: "fixed-in-release",
      release: "d",
      fixedIn: "c",
    });
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
    const verdicts = RELEASES.map((version) => verdictIn(version, history).regression);
    expect(verdicts).toEqual([false, false, false, true, false, true, true, true]);
  });

  test("of an issue resolved by a release needs a release, and says whether that was assumed", () => {
    const occurredAt = 1_000;
    const nearest = markFixed(book.get("c"), undefined, 0);
    const evidence = { nearest, claims: [] };
    expect(decideRegression(byRelease, { release: { kind: "none" }, occurredAt }, evidence).reason).toEqual({
      kind: "before-every-fix",
    });
    expect(decideRegression(plain, { release: { kind: "none" }, occurredAt }, evidence).regression).toBe(true);
    const assumed = { ...inRelease("d"), assumed: true };
    expect(decideRegression(byRelease, { release: assumed, occurredAt }, evidence).reason).toEqual({
      kind: "fixed-in-release",
      release: "d",
      assumed: true,
      fixedIn: "c",
    });
  });

  test("is no event of a retired release, however the issue is resolved", () => {
    const release: EventRelease = { kind: "retired", version: "999.9.9" };
    for (const state of [plain, byNext, byRelease]) {
      expect(decideRegression(state, { release, occurredAt: 1_000 }, NO_EVIDENCE)).toEqual({
        regression: false,
        reason: { kind: "release-retired", release: "999.9.9" },
      });
    }
  });
});

describe("rule 10: an event that occurred before", () => {
  test("the resolution is no regression, one that occurred at the same instant or later is", () => {
    const verdictAt = (occurredAt: number) =>
      decideRegression(plain, { release: inRelease("a"), occurredAt }, NO_EVIDENCE);
    expect(verdictAt(499).reason).toEqual({ kind: "occurred-before-resolution" });
    expect(verdictAt(500).regression).toBe(true);
    expect(
      decideRegression({ ...byNext, resolvedAt: 500 }, { release: inRelease("a"), occurredAt: 499 }, NO_EVIDENCE)
        .reason,
    ).toEqual({ kind: "occurred-before-resolution" });
  });

  test("the claim that decides is no regression, even if another claim was made earlier", () => {
    const state: ResolvedState = {
      ...byRelease,
      resolvedAt: 2_000,
      resolution: { kind: "by-release", releases: ["b", "c"], claimedAt: [2_000, 3_000] },
    };
    const marks = [markFixed(book.get("b"), undefined, 2_000), markFixed(book.get("c"), undefined, 3_000)];
    const verdictAt = (version: string, occurredAt: number) =>
      decideRegression(
        state,
        { release: inRelease(version), occurredAt },
        { nearest: nearestMark(marks, book.get(version)), claims: [] },
      );
    expect(verdictAt("c", 2_500).reason).toEqual({ kind: "occurred-before-resolution" });
    expect(verdictAt("c", 3_000).regression).toBe(true);
    expect(verdictAt("b", 2_500).regression).toBe(true);
  });

  test("a claim in another line that decides is no regression either", () => {
    const lines = ReleaseBook.of("web@1", "1.0.0", "web@2");
    const claims = [{ release: lines.known("1.0.0"), claimedAt: 5_000 }];
    const verdictAt = (occurredAt: number) =>
      decideRegression(byRelease, { release: inRelease("web@2", lines), occurredAt }, { nearest: undefined, claims });
    expect(verdictAt(4_999).reason).toEqual({ kind: "occurred-before-resolution" });
    expect(verdictAt(5_000).reason).toMatchObject({ kind: "fixed-in-release", release: "web@2", fixedIn: "1.0.0" });
  });
});

describe("rule 11: the deciding mark", () => {
  /** Known one after the other: two lines of packages, and commits. */
  const lines = ReleaseBook.of("web@1.0", "api@1.0", "web@1.1", "cafe", "api@1.1", "web@2.0", "dead", "api@2.0");
  const claimIn = (version: string, claimedAt = 0): PresentClaim => ({ release: lines.known(version), claimedAt });
  const seenIn = (version: string) => markSeen(lines.get(version), undefined);
  const decides = (version: string, nearest: ReleaseMark | undefined, ...claims: readonly PresentClaim[]) => {
    const mark = decidingMark(lines.known(version), { nearest, claims });
    return mark && `${mark.last} ${mark.version}`;
  };

  test("is the nearest mark while the present resolution claims nothing in another line", () => {
    expect(decides("web@2.0", seenIn("web@1.1"))).toBe("seen web@1.1");
    expect(decides("web@2.0", seenIn("web@1.1"), claimIn("web@2.0"))).toBe("seen web@1.1");
    expect(decides("web@2.0", undefined)).toBeUndefined();
    expect(decides("web@2.0", undefined, claimIn("web@1.0"))).toBeUndefined();
  });

  test("is a fix claimed in another line that appeared after the nearest mark's release and before the event's", () => {
    expect(decides("web@2.0", seenIn("web@1.0"), claimIn("api@1.0"))).toBe("fixed api@1.0");
    expect(decides("web@2.0", seenIn("web@1.1"), claimIn("api@1.0"))).toBe("seen web@1.1");
    expect(decides("web@1.1", seenIn("web@1.0"), claimIn("cafe"))).toBe("seen web@1.0");
    expect(decides("web@1.1", seenIn("web@1.1"), claimIn("api@1.0"))).toBe("seen web@1.1");
  });

  test("is a fix claimed in another line that appeared before the event's release, where there is no mark", () => {
    expect(decides("dead", undefined, claimIn("web@1.0"))).toBe("fixed web@1.0");
    expect(decides("dead", undefined, claimIn("api@2.0"))).toBeUndefined();
  });

  test("is the claim whose release appeared last, of several in other lines", () => {
    const [early, late] = [claimIn("api@1.0", 9), claimIn("cafe", 1)];
    expect(decides("web@2.0", seenIn("web@1.0"), early, late)).toBe("fixed cafe");
    expect(decides("web@2.0", seenIn("web@1.0"), late, early)).toBe("fixed cafe");
    expect(decides("web@2.0", seenIn("web@1.0"), late, early, claimIn("dead"))).toBe("fixed cafe");
    expect(decides("dead", seenIn("cafe"), claimIn("web@1.0"), claimIn("api@1.1"))).toBe("fixed api@1.1");
  });

  test("goes by the releases' dates, not by when they were claimed or became known", () => {
    const dated = new ReleaseBook();
    dated.register("web@1.0", 2_000);
    dated.register("api@1.0", 1_000);
    dated.register("web@2.0", 3_000);
    const claims = [{ release: dated.known("api@1.0"), claimedAt: 9_000 }];
    const nearest = markSeen(dated.get("web@1.0"), undefined);
    expect(decidingMark(dated.known("web@2.0"), { nearest, claims })).toMatchObject({ last: "seen" });
    expect(decidingMark(dated.known("web@2.0"), { nearest: undefined, claims })).toEqual({
      last: "fixed",
      version: "api@1.0",
      fixedAt: 9_000,
    });
  });

  test("is a claim in another line also where the nearest mark's release is only announced", () => {
    const releases = ReleaseBook.of("cafe", "api@1.0", "web@2.0");
    releases.announce("web@1.0", 5_000);
    const nearest = markFixed(releases.get("web@1.0"), undefined, 5_000);
    expect(nearest.releasedAt).toBeNull();
    const evidence: ReleaseEvidence = { nearest, claims: [{ release: releases.known("api@1.0"), claimedAt: 6_000 }] };
    expect(decidingMark(releases.known("web@2.0"), evidence)).toMatchObject({ last: "fixed", version: "api@1.0" });
  });
});

describe("a mark", () => {
  const claim = markFixed(book.get("c"), undefined, 3_000);

  test("is of its release as that is known, announced or retired", () => {
    const { version, line, number, orderKey, releasedAt } = book.known("c");
    expect(claim).toEqual({ version, line, number, orderKey, releasedAt, last: "fixed", fixedAt: 3_000, seen: false });
    const announced = ReleaseBook.of("1.0.0");
    announced.announce("2.0.0", 5_000);
    expect(markFixed(announced.get("2.0.0"), undefined, 5_000)).toMatchObject({ version: "2.0.0", releasedAt: null });
    const { becameLatest: _, ...others } = book.known("c");
    expect(markSeen({ ...others, standing: "retired" }, undefined)).toMatchObject({ version: "c", releasedAt: 2_000 });
  });

  test("remembers what happened before: the claim that an occurrence contradicts, the occurrence before a claim", () => {
    expect(markSeen(book.get("c"), claim)).toMatchObject({ last: "seen", fixedAt: 3_000 });
    expect(markFixed(book.get("c"), markSeen(book.get("c"), undefined), 4_000)).toMatchObject({ seen: true });
    expect(markFixed(book.get("c"), claim, 4_000)).toMatchObject({ fixedAt: 4_000, seen: false });
    expect([claim, markSeen(book.get("c"), claim)].map(wasSeen)).toEqual([false, true]);
  });

  test("of an occurrence stays the same value after another one", () => {
    const seen = markSeen(book.get("c"), claim);
    expect(markSeen(book.get("c"), seen)).toBe(seen);
  });

  test("whose claim is withdrawn is an occurrence again, or gone if there was none", () => {
    expect(withdrawClaim(claim)).toBeUndefined();
    const seen = markSeen(book.get("c"), undefined);
    expect(withdrawClaim(markFixed(book.get("c"), seen, 4_000))).toEqual(seen);
    expect(withdrawClaim(markFixed(book.get("c"), markSeen(book.get("c"), claim), 4_000))).toEqual(seen);
  });

  test("for two that turned out to be one keeps the later claim, and that the issue occurred", () => {
    const seen = markSeen(book.get("c"), undefined);
    const later = markFixed(book.get("c"), undefined, 5_000);
    expect(mergeMarks(claim, later)).toEqual(later);
    expect(mergeMarks(later, claim)).toEqual(later);
    expect(mergeMarks(claim, seen)).toEqual({ ...claim, seen: true });
    expect(mergeMarks(seen, claim)).toEqual({ ...claim, seen: true });
    expect(mergeMarks(claim, { ...later, seen: true })).toEqual({ ...later, seen: true });
    expect(mergeMarks(seen, seen)).toEqual(seen);
  });

  test.each([-1, Number.NaN, "now", undefined])("is not made at %j, which is no instant", (at) => {
    expect(() => Reflect.apply(markFixed, undefined, [book.get("c"), undefined, at])).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "at" }),
    );
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

  test("is always of the event's line, the greatest there at or before its release", () => {
    const many = ReleaseBook.of(..."1 web@1.0 2 cafe web@1.1 3 web@1.0-rc dead api@1.0 10 web@2.0 beef".split(" "));
    const releases = many.order();
    fc.assert(
      fc.property(fc.subarray(releases), fc.constantFrom(...releases), (marked, release) => {
        const marks = marked.map((each) => markSeen(each, undefined));
        const expected = marked.findLast(({ line, orderKey }) => line === release.line && orderKey <= release.orderKey);
        expect(nearestMark(marks, release)?.version).toBe(expected?.version);
      }),
      { numRuns: rounds({ quick: 300, full: 3_000 }) },
    );
  });
});

describe("the deciding mark, against the rule read word by word", () => {
  const versions = "web@1.0 web@1.1 web@2.0 api@1.0 api@2.0 1 2 cafe dead".split(" ");
  const story = fc.record({
    dates: fc.tuple(...versions.map(() => fc.integer({ min: 0, max: 6 }))),
    known: fc.shuffledSubarray(versions, { minLength: versions.length }),
    happenings: fc.array(fc.tuple(fc.constantFrom("fixed" as const, "seen" as const), fc.constantFrom(...versions)), {
      maxLength: 6,
    }),
    claimed: fc.subarray(versions, { maxLength: 3 }),
    version: fc.constantFrom(...versions),
  });

  test("is the same", () => {
    fc.assert(
      fc.property(story, ({ dates, known, happenings, claimed, version }) => {
        const releases = new ReleaseBook();
        for (const each of known) releases.register(each, dates[versions.indexOf(each)] ?? 0);
        const marks = marksOf(happenings, releases);
        const release = releases.known(version);
        const claims = claimed.map((each) => ({ release: releases.known(each), claimedAt: 7 }));

        const ofLine = marks.filter(({ line }) => line === release.line);
        const nearest = ofLine.findLast(({ orderKey }) => orderKey <= release.orderKey);
        const age = (each: string): number => releases.known(each).releasedAt * 100 + releases.known(each).number;
        const candidates = claims
          .map((each) => each.release)
          .filter(({ line }) => line !== release.line)
          .filter((each) => age(each.version) < age(version))
          .filter((each) => nearest === undefined || age(each.version) > age(nearest.version))
          .sort((one, other) => age(one.version) - age(other.version));
        const last = candidates.at(-1);
        const expected = last === undefined ? nearest : { last: "fixed", version: last.version };

        const deciding = decidingMark(release, { nearest: nearestMark(marks, release), claims });
        expect([deciding?.last, deciding?.version]).toEqual([expected?.last, expected?.version]);
      }),
      { numRuns: rounds({ quick: 500, full: 10_000 }) },
    );
  });
});

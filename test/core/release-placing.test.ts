import { describe, expect, test } from "vitest";
import { DEFAULT_RELEASE_ORDER, releaseLines, type ReleaseOrder } from "../../src/core/release-order.ts";
import { placeReleases } from "../../src/core/release-placing.ts";
import {
  compareReleases,
  EMPTY_TIMELINE,
  type KnownRelease,
  type Release,
  type RetiredRelease,
} from "../../src/core/release.ts";
import { ReleaseBook } from "../support/release-book.ts";

const NOW = 1_000_000;
/** An order by which texts that differ only in case are one release, and all are in one line. */
const folding: ReleaseOrder = {
  version: "folding",
  read(release) {
    const folded = release.toLowerCase();
    return folded === "dropped" ? null : { name: folded, line: "all", place: folded, byDate: false };
  },
};

function retired({ becameLatest: _, ...others }: KnownRelease): RetiredRelease {
  return { ...others, standing: "retired" };
}

/** Places releases anew; gives them first to last, with what was placed. */
function place(releases: readonly Release[], order: ReleaseOrder = DEFAULT_RELEASE_ORDER, now = NOW) {
  const { placed, timeline } = placeReleases(releases, order, now);
  const after = [...new Set(placed.flatMap((each) => each.after ?? []))].sort(compareReleases);
  return { placed, timeline, after, versions: after.map(({ version }) => version) };
}

describe("releases that are placed anew", () => {
  test("are as they were when nothing has changed, and so is the timeline", () => {
    const book = ReleaseBook.of("1.0.0", "cafe", "0.9.0", "web@5", "1.0.0+abc", "dead", "1.0.0+aaa", "2");
    book.announce("3.0.0", 20_000);
    book.announce("1.0.0+bbb", 20_000);
    book.register("3.0.0", 30_000);
    const { placed, timeline } = place(book.order());
    for (const { before, after } of placed) expect(after).toEqual(before);
    expect(timeline).toEqual(book.timeline);
  });

  test("are none in a project that has none", () => {
    expect(placeReleases([], DEFAULT_RELEASE_ORDER, 0)).toEqual({ placed: [], timeline: EMPTY_TIMELINE });
  });

  test("by another order have its lines, with numbers of their own, and its version", () => {
    const book = ReleaseBook.of("b", "A", "1.0.0");
    const { after, timeline } = place(book.order(), folding);
    expect(after).toMatchObject([
      { version: "1.0.0", line: "all", lineNumber: 4, placedBy: "folding", becameLatest: false },
      { version: "A", line: "all", lineNumber: 4, number: 2, becameLatest: false },
      { version: "b", line: "all", lineNumber: 4, number: 1, becameLatest: true },
    ]);
    expect(timeline).toMatchObject({ count: 4, placedBy: "folding", latest: { version: "b" } });
    expect([...timeline.lines.keys()]).toEqual(["all"]);
  });

  test("by another order with the same lines have new line numbers, so that no key of one order is one of the other", () => {
    const book = ReleaseBook.of("1.0.0", "cafe");
    const { after } = place(book.order(), { ...DEFAULT_RELEASE_ORDER, version: "the next" });
    expect(after.map(({ line, lineNumber, placedBy }) => [line, lineNumber, placedBy])).toEqual([
      ["version", 3, "the next"],
      ["dated", 4, "the next"],
    ]);
  });

  test("by an order that an earlier edition did not have keep their numbers and dates", () => {
    const stored = ReleaseBook.of("2.0.0", "1.0.0")
      .order()
      .map((release) => ({ ...release, line: "", lineNumber: 0, orderKey: `old ${release.version}`, placedBy: "" }));
    expect(place(stored).after).toMatchObject([
      { version: "1.0.0", number: 2, lineNumber: 3, becameLatest: false, placedBy: DEFAULT_RELEASE_ORDER.version },
      { version: "2.0.0", number: 1, lineNumber: 3, becameLatest: true },
    ]);
  });

  test("that are one release by the order are represented by the first known, with the earliest date of the known", () => {
    const book = ReleaseBook.of("Beta", "alpha");
    book.register("BETA", 500);
    book.announce("beta", 100);
    const { placed, after } = place(book.order(), folding);
    expect(after).toMatchObject([
      { version: "alpha", name: "alpha" },
      { version: "Beta", name: "beta", number: 1, standing: "known", releasedAt: 0 },
    ]);
    for (const { before, after: now } of placed) expect(now?.name).toBe(before.version.toLowerCase());
    const known = book.known("BETA");
    const only = place([{ ...book.known("Beta"), releasedAt: 900 }, known], folding).after;
    expect(only).toMatchObject([{ version: "Beta", number: 1, releasedAt: 500 }]);
  });

  test("are represented by an announced one where none is known, and by a retired one where all are", () => {
    const book = ReleaseBook.of("Beta", "BETA");
    const both = [retired(book.known("Beta")), retired(book.known("BETA"))];
    book.announce("beta", 5_000);
    expect(place([...both, book.get("beta")], folding).after).toMatchObject([
      { version: "beta", standing: "announced" },
    ]);
    expect(place(both, folding)).toMatchObject({
      after: [{ version: "Beta", standing: "retired" }],
      timeline: { count: 3, latest: undefined },
    });
    expect(place([...both, book.get("beta"), { ...book.known("Beta"), version: "bEtA", number: 9 }], folding).after)
      // A known one stands for all others.
      .toMatchObject([{ version: "bEtA", number: 9, standing: "known", becameLatest: true }]);
  });

  test("are left out where the order does not read them as releases", () => {
    const book = ReleaseBook.of("dropped", "kept");
    const { placed, versions, timeline } = place(book.order(), folding);
    expect(placed.find(({ before }) => before.version === "dropped")?.after).toBeNull();
    expect(versions).toEqual(["kept"]);
    expect(timeline.latest?.version).toBe("kept");
    const nightly = releaseLines({ namesWithoutRelease: ["dropped"] });
    expect(place(book.order(), nightly).versions).toEqual(["kept"]);
  });

  test("are where their corrected dates put them, as if they had become known with those", () => {
    const book = ReleaseBook.of("one", "two", "three");
    const corrected = book.order().map((release): Release => {
      return release.version === "one" ? { ...book.known("one"), releasedAt: 1_500 } : release;
    });
    expect(place(corrected)).toMatchObject({
      versions: ["two", "one", "three"],
      after: [{ becameLatest: false }, { becameLatest: true }, { becameLatest: true }],
      timeline: { latest: { version: "three" }, count: 3 },
    });
  });

  test("that were retired are no latest, but stay", () => {
    const book = ReleaseBook.of("1.0.0", "999.9.9", "1.1.0");
    expect(book.known("1.1.0").becameLatest).toBe(false);
    const releases = [book.get("1.0.0"), retired(book.known("999.9.9")), book.get("1.1.0")];
    expect(place(releases)).toMatchObject({
      after: [
        { version: "1.0.0", becameLatest: true },
        { version: "1.1.0", becameLatest: true },
        { version: "999.9.9", standing: "retired" },
      ],
      timeline: { latest: { version: "1.1.0" }, count: 3 },
    });
  });

  test("have no date later than now, but those of a clock that differs by up to a minute", () => {
    const book = new ReleaseBook();
    book.register("early", 500);
    book.register("ahead", NOW + 90_000_000);
    book.register("later", NOW + 60_000);
    book.announce("said", NOW + 90_000_000);
    expect(place(book.order()).after).toMatchObject([
      { version: "early", releasedAt: 500 },
      { version: "ahead", releasedAt: NOW, becameLatest: true },
      { version: "later", releasedAt: NOW + 60_000, becameLatest: true },
      { version: "said", announcedAt: NOW },
    ]);
  });

  test("keep the numbers of their lines when more lines appear", () => {
    const book = ReleaseBook.of("cafe", "1.0.0");
    const stale = { ...book.known("1.0.0"), version: "7", number: 5, line: "?", lineNumber: 5, placedBy: "other" };
    const { after, timeline } = place([...book.order(), stale]);
    expect(after.map(({ version, lineNumber }) => [version, lineNumber])).toEqual([
      ["cafe", 1],
      ["1.0.0", 2],
      ["7", 6],
    ]);
    expect(timeline.count).toBe(6);
  });

  test.each([-1, Number.NaN, "now"])("are not placed at %j, which is no instant", (now) => {
    expect(() => Reflect.apply(placeReleases, undefined, [[], DEFAULT_RELEASE_ORDER, now])).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "now" }),
    );
  });
});

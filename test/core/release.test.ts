import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_RELEASE_ORDER, readRelease, type ReleaseOrder } from "../../src/core/release-order.ts";
import {
  announceRelease,
  appearedBefore,
  canBeAnnounced,
  compareReleases,
  EMPTY_TIMELINE,
  endOfLine,
  registerRelease,
  type Release,
} from "../../src/core/release.ts";
import { rounds } from "../support/effort.ts";
import { ReleaseBook } from "../support/release-book.ts";

const orderOf = (book: ReleaseBook): string[] => book.order().map(({ version }) => version);
const latestOf = (book: ReleaseBook): string | undefined => book.timeline.latest?.version;

describe("rule 11: a release that becomes known", () => {
  test("becomes the latest of its line when it is above all known ones there, and then the project's", () => {
    const book = new ReleaseBook();
    expect(book.register("1.0.0", 1)).toBe(true);
    expect(book.register("0.9.0", 2)).toBe(false);
    expect(book.register("1.0", 3)).toBe(false);
    expect(latestOf(book)).toBe("1.0.0");
    expect(book.register("web@0.1.0", 4)).toBe(true);
    expect(latestOf(book)).toBe("web@0.1.0");
    expect(book.register("0.9.5", 5)).toBe(false);
    expect(latestOf(book)).toBe("web@0.1.0");
    expect(book.register("1.0.1", 6)).toBe(true);
    expect(latestOf(book)).toBe("1.0.1");
    expect(book.timeline.lines.get("web@version")?.latest?.version).toBe("web@0.1.0");
    expect([...book.timeline.lines.keys()]).toEqual(["version", "web@version"]);
  });

  test("is numbered in the order in which it became known, and has the number of its line's first", () => {
    const book = ReleaseBook.of("1.0.0", "deadbeef", "0.9.0", "cafe");
    expect(["1.0.0", "deadbeef", "0.9.0", "cafe"].map((each) => book.get(each))).toMatchObject([
      { number: 1, lineNumber: 1, line: "version", placedBy: DEFAULT_RELEASE_ORDER.version },
      { number: 2, lineNumber: 2, line: "dated" },
      { number: 3, lineNumber: 1, line: "version" },
      { number: 4, lineNumber: 2, line: "dated" },
    ]);
    expect(book.timeline.count).toBe(4);
  });

  test("is in its line's order, whatever came between, and lines are not mixed", () => {
    expect(orderOf(ReleaseBook.of("2.0.0", "cafe", "10", "1.0.0", "9", "deadbeef", "2.0.0-rc.1", "v10.0"))).toEqual([
      "1.0.0",
      "2.0.0-rc.1",
      "2.0.0",
      "v10.0",
      "cafe",
      "deadbeef",
      "9",
      "10",
    ]);
  });

  test("that has no version goes by its date, and at equal dates by when it was heard of", () => {
    const book = new ReleaseBook();
    expect(book.register("late", 3_000)).toBe(true);
    expect(book.register("early", 1_000)).toBe(false);
    expect(book.register("between", 2_000)).toBe(false);
    expect(book.register("late too", 3_000)).toBe(true);
    expect(orderOf(book)).toEqual(["early", "between", "late", "late too"]);
    expect(latestOf(book)).toBe("late too");
  });

  test("with a build that is no number goes by its date among its equals only", () => {
    const book = new ReleaseBook();
    for (const [index, version] of ["1.0.0+zz", "1.0.0+5", "1.0.1", "1.0.0+aa", "1.0.0"].entries()) {
      book.register(version, index);
    }
    expect(orderOf(book)).toEqual(["1.0.0", "1.0.0+5", "1.0.0+zz", "1.0.0+aa", "1.0.1"]);
  });

  test("keeps the text by which it was first named", () => {
    const book = ReleaseBook.of("v2.1");
    expect(book.get("2.1.0")).toMatchObject({ version: "v2.1", name: "2.1.0" });
  });

  test("is between the beginning and the end of its line", () => {
    const versions = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0 ? `p${String(index)}@1.0` : `p1@1.${String(index)}`,
    );
    for (const { orderKey, lineNumber } of ReleaseBook.of(...versions).order()) {
      expect(orderKey < endOfLine(lineNumber)).toBe(true);
      expect(orderKey > endOfLine(lineNumber - 1)).toBe(true);
    }
  });
});

describe("rule 11: an announced release", () => {
  test("has its place in the order at once, and is neither latest nor next", () => {
    const book = ReleaseBook.of("1.0.0", "2.0.0");
    book.announce("1.5.0", 5_000);
    book.announce("3.0.0", 6_000);
    expect(orderOf(book)).toEqual(["1.0.0", "1.5.0", "2.0.0", "3.0.0"]);
    expect(latestOf(book)).toBe("2.0.0");
    expect(book.get("3.0.0")).toMatchObject({ standing: "announced", announcedAt: 6_000, number: 4 });
  });

  test("gets another number when it becomes known, and may become the latest then", () => {
    const book = ReleaseBook.of("1.0.0", "2.0.0");
    book.announce("1.5.0", 5_000);
    book.announce("3.0.0", 6_000);
    expect(book.register("1.5.0", 7_000)).toBe(false);
    expect(book.register("v3.0", 8_000)).toBe(true);
    expect(book.get("3.0.0")).toMatchObject({ standing: "known", version: "3.0.0", number: 6, releasedAt: 8_000 });
    expect(orderOf(book)).toEqual(["1.0.0", "1.5.0", "2.0.0", "3.0.0"]);
  });

  test("that goes by date is after all known ones until it becomes known", () => {
    const book = ReleaseBook.of("one", "two");
    book.announce("four", 3_000);
    book.announce("five", 3_000);
    book.register("three", 4_000);
    expect(orderOf(book)).toEqual(["one", "two", "three", "four", "five"]);
    expect(latestOf(book)).toBe("three");
    expect(book.register("four", 5_000)).toBe(true);
    expect(book.register("six", 6_000)).toBe(true);
    expect(orderOf(book)).toEqual(["one", "two", "three", "four", "six", "five"]);
  });

  test("opens a line of its own when it is the first there", () => {
    const book = new ReleaseBook();
    book.announce("2.0.0", 1);
    expect(book.timeline).toMatchObject({ count: 1, latest: undefined });
    expect(book.timeline.lines.get("version")).toEqual({ number: 1, latest: undefined });
    expect(book.register("1.0.0", 2)).toBe(true);
    expect(orderOf(book)).toEqual(["1.0.0", "2.0.0"]);
  });
});

describe("rule 11: a claim in a release that is not known", () => {
  const canClaim = (release: string, ...known: readonly string[]): boolean => {
    const place = readRelease(DEFAULT_RELEASE_ORDER, release);
    return place !== null && canBeAnnounced(ReleaseBook.of(...known).timeline, place);
  };

  test.each([
    ["2.0.0", ["1.0.0"], true],
    ["2.0.0+abc", ["1.0.0"], true],
    ["0.1.0", ["1.0.0"], true],
    ["2", ["1.0.0"], false],
    ["2", ["1"], true],
    ["2.0.0", ["1"], false],
    ["cafe", ["deadbeef"], false],
    ["cafe", ["1.0.0"], false],
    ["web@2.0.0", ["1.0.0"], false],
    ["web@2.0.0", ["1.0.0", "web@1.0.0"], true],
    ["2.0.0", ["1.0.0", "cafe", "web@3"], true],
    ["cafe", [], true],
    ["2.0.0", [], true],
  ] as const)("in %j, where %j are known: %j", (release, known, answer) => {
    expect(canClaim(release, ...known)).toBe(answer);
  });

  test("can be made in any release while all others are only announced", () => {
    const book = new ReleaseBook();
    book.announce("2.0.0", 1);
    const place = readRelease(DEFAULT_RELEASE_ORDER, "cafe");
    expect(place !== null && canBeAnnounced(book.timeline, place)).toBe(true);
  });

  test("cannot be made in a line whose releases are all announced, when others are known", () => {
    const book = ReleaseBook.of("1.0.0");
    book.announce("web@2.0.0", 1);
    const place = readRelease(DEFAULT_RELEASE_ORDER, "web@3.0.0");
    expect(place !== null && canBeAnnounced(book.timeline, place)).toBe(false);
  });
});

describe("releases", () => {
  test("appeared by their dates, and at equal dates in the order in which they were heard of", () => {
    expect(appearedBefore({ releasedAt: 1, number: 2 }, { releasedAt: 2, number: 1 })).toBe(true);
    expect(appearedBefore({ releasedAt: 2, number: 1 }, { releasedAt: 1, number: 2 })).toBe(false);
    expect(appearedBefore({ releasedAt: 1, number: 1 }, { releasedAt: 1, number: 2 })).toBe(true);
    expect(appearedBefore({ releasedAt: 1, number: 1 }, { releasedAt: 1, number: 1 })).toBe(false);
  });

  test.each([registerRelease, announceRelease])("are refused with a date that is none: $name", (add) => {
    const place = readRelease(DEFAULT_RELEASE_ORDER, "1.0.0");
    const read = { version: "1.0.0", place, placedBy: "" };
    for (const at of [-1, 1.5, Number.NaN, "today", undefined]) {
      expect(() => Reflect.apply(add, undefined, [EMPTY_TIMELINE, read, at])).toThrow(
        expect.objectContaining({ code: "invalid-input" }),
      );
    }
  });

  test("take dates", () => {
    const place = readRelease(DEFAULT_RELEASE_ORDER, "1.0.0");
    if (place === null) throw new Error("no place");
    const read = { version: "1.0.0", place, placedBy: DEFAULT_RELEASE_ORDER.version };
    expect(registerRelease(EMPTY_TIMELINE, read, new Date(5)).release.releasedAt).toBe(5);
    expect(announceRelease(EMPTY_TIMELINE, read, new Date(5)).release.announcedAt).toBe(5);
  });

  test("can be placed by an order of the host's own", () => {
    const alphabetical: ReleaseOrder = {
      version: "alphabetical",
      read: (release) => (release === "" ? null : { name: release, line: "", place: release, byDate: false }),
    };
    const book = new ReleaseBook(alphabetical);
    for (const [at, version] of ["b", "10", "a", "9"].entries()) book.register(version, at);
    expect(orderOf(book)).toEqual(["10", "9", "a", "b"]);
    expect(latestOf(book)).toBe("b");
    expect(book.timeline.placedBy).toBe("alphabetical");
  });
});

describe("the order of releases, against a list that is sorted anew each time", () => {
  const version = fc.constantFrom(
    ..."1.0 1.0.1 v1.0.1 1.1 1.1-rc.1 1.1+2 1.1+10 1.1+abc 1.1+xyz 2.0 web@1.0 web@1.1 web@cafe 1 2 v2 10 cafe beef dead".split(
      " ",
    ),
  );
  const step = fc.record({ version, date: fc.integer({ min: 0, max: 20 }), announced: fc.boolean() });

  /** A release as the rule describes it: what it is compared by, in this order. */
  interface Listed {
    readonly release: Release;
    readonly date: number;
  }

  /** Whether a release is strictly above another of its line: by its place, else by date and number where that decides. */
  function isAbove(one: Listed, other: Listed): boolean {
    const [first, second] = [one.release, other.release].map((release) =>
      readRelease(DEFAULT_RELEASE_ORDER, release.version),
    );
    if (first?.place !== second?.place) return (first?.place ?? "") > (second?.place ?? "");
    return one.date === other.date ? one.release.number > other.release.number : one.date > other.date;
  }

  test("is the same after every step, with the same latest; and known releases never change places", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const book = new ReleaseBook();
        const known = new Map<string, Listed>();
        let latest: string | undefined;
        let before: string[] = [];
        for (const { version: each, date, announced } of steps) {
          if (announced) book.announce(each, date);
          else {
            const becameLatest = book.register(each, date);
            const release = book.get(each);
            const listed = { release, date };
            if (!known.has(release.name)) {
              const others = [...known.values()].filter((other) => other.release.line === release.line);
              expect(becameLatest).toBe(others.every((other) => isAbove(listed, other)));
              if (becameLatest) latest = release.version;
              known.set(release.name, listed);
            } else expect(becameLatest).toBe(false);
          }
          expect(latestOf(book)).toBe(latest);
          const order = book.order().filter(({ name }) => known.has(name));
          order.forEach((release, index) => {
            const next = order[index + 1];
            const [one, other] = [known.get(release.name), known.get(next?.name ?? "")];
            if (one === undefined || other === undefined || next === undefined) return;
            if (release.line === next.line) expect(isAbove(other, one)).toBe(true);
            else expect(release.lineNumber).toBeLessThan(next.lineNumber);
          });
          const names = order.map(({ name }) => name);
          expect(names.filter((name) => before.includes(name))).toEqual(before);
          before = names;
        }
        expect(book.order()).toEqual(book.order().toSorted(compareReleases));
      }),
      { numRuns: rounds({ quick: 200, full: 3_000 }) },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSemver, splitPackageVersion } from "../../src/core/release-version.ts";
import { rounds } from "../support/effort.ts";
import { NaiveReleases } from "../support/naive-releases.ts";
import { ReleaseBook } from "../support/release-book.ts";

const bookOf = (...versions: string[]): ReleaseBook => {
  const book = new ReleaseBook();
  versions.forEach((version, index) => book.register(version, index * 1_000));
  return book;
};
const orderOf = (book: ReleaseBook): string[] => book.order().map(({ version }) => version);

describe("rule 11: the order of releases", () => {
  test("sorts a run of semver versions by semver, pre-releases first", () => {
    const versions = [
      "1.0.0",
      "1.0.0-rc.1",
      "1.0.0-beta.11",
      "1.0.0-beta.2",
      "1.0.0-alpha.beta",
      "1.0.0-alpha.1",
      "1.0.0-alpha",
      "0.9.10",
      "0.9.9",
      "10.0.0",
      "9.0.0",
    ];
    expect(orderOf(bookOf(...versions))).toEqual([
      "0.9.9",
      "0.9.10",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "9.0.0",
      "10.0.0",
    ]);
  });

  test("sorts a run of other versions by date", () => {
    const book = new ReleaseBook();
    book.register("late", 3_000);
    book.register("early", 1_000);
    book.register("between", 2_000);
    expect(orderOf(book)).toEqual(["early", "between", "late"]);
    expect(book.timeline.latest?.version).toBe("late");
  });

  test("opens a new epoch after the old at every change of scheme", () => {
    const book = bookOf("deadbeef", "1.0.0", "0.9.0", "cafe", "2.0.0", "0.1.0");
    expect(orderOf(book)).toEqual(["deadbeef", "0.9.0", "1.0.0", "cafe", "0.1.0", "2.0.0"]);
    expect(book.order().map((each) => each.epoch)).toEqual([0, 1, 1, 2, 3, 3]);
  });

  test('lets "" take part like any other dated release, but never be the latest', () => {
    const book = bookOf("1.0.0", "", "1.1.0");
    expect(orderOf(book)).toEqual(["1.0.0", "", "1.1.0"]);
    expect(bookOf("1.0.0", "").timeline).toMatchObject({ head: { version: "" }, latest: { version: "1.0.0" } });
    expect(new ReleaseBook().register("", 1)).toBe(false);
  });

  test("ignores packages and build metadata, and keeps equal releases in the order in which they became known", () => {
    expect(orderOf(bookOf("b@1.0.0", "a@1.0.0", "1.0.0+z", "1.0.0+a", "@scope/pkg@0.9.0"))).toEqual([
      "@scope/pkg@0.9.0",
      "b@1.0.0",
      "a@1.0.0",
      "1.0.0+z",
      "1.0.0+a",
    ]);
  });

  test.each([
    "1.0",
    "v1.0.0",
    "01.0.0",
    "1.0.0.0",
    "1.0.0-",
    "1.0.0-01",
    "2024.01.02",
    "latest",
    "",
    " 1.0.0",
    "1.0.0 ",
    "=1.0.0",
    "1.0.0+",
    "1.0.0-a..b",
    "1.0.0\n",
  ])("does not take %j for semver", (version) => {
    expect(readSemver(version)).toBeUndefined();
  });

  test("reads numbers of any length", () => {
    const big = "99999999999999999999";
    expect(readSemver(`${big}.0.0-${big}`)).toEqual({ numbers: [big, "0", "0"], preRelease: [big] });
    expect(
      orderOf(bookOf("100000000000000000000.0.0", `${big}.0.0`, "9007199254740993.0.0", "9007199254740992.0.0")),
    ).toEqual(["9007199254740992.0.0", "9007199254740993.0.0", `${big}.0.0`, "100000000000000000000.0.0"]);
  });

  test.each([
    ["foo", undefined, "foo"],
    ["mypackage@1.2.3", "mypackage", "1.2.3"],
    ["@mypac@kage@1.2.3", "@mypac@kage", "1.2.3"],
    ["@1.2.3", "", "1.2.3"],
    ["pkg@", "pkg", ""],
    ["", undefined, ""],
  ])("takes %j apart at its last @", (release, packageName, version) => {
    expect(splitPackageVersion(release)).toEqual({ packageName, version });
  });
});

describe("rule 9: an announced release", () => {
  test("takes its place in the order at once when it is semver, without being latest", () => {
    const book = bookOf("1.0.0", "2.0.0");
    book.announce("1.5.0", 5_000);
    book.announce("3.0.0", 6_000);
    expect(orderOf(book)).toEqual(["1.0.0", "1.5.0", "2.0.0", "3.0.0"]);
    expect(book.timeline.latest?.version).toBe("2.0.0");
    expect(book.register("1.5.0", 7_000)).toBe(false);
    expect(book.register("3.0.0", 8_000)).toBe(true);
    expect(orderOf(book)).toEqual(["1.0.0", "1.5.0", "2.0.0", "3.0.0"]);
  });

  test("sorts after all known ones when it is not semver, until it is first seen", () => {
    const book = bookOf("one", "two");
    book.announce("four", 3_000);
    book.register("three", 4_000);
    expect(orderOf(book)).toEqual(["one", "two", "three", "four"]);
    book.register("four", 5_000);
    book.register("five", 6_000);
    expect(orderOf(book)).toEqual(["one", "two", "three", "four", "five"]);
  });

  test("does not change the scheme of those that follow", () => {
    const book = bookOf("one");
    book.announce("2.0.0", 2_000);
    book.register("two", 3_000);
    book.register("1.9.0", 4_000);
    expect(orderOf(book)).toEqual(["one", "two", "1.9.0", "2.0.0"]);
    expect(book.order().map((each) => each.epoch)).toEqual([0, 0, 1, 1]);
  });
});

describe("the order of releases, against a naive model", () => {
  const identifier = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map(String),
    fc.constantFrom("alpha", "beta", "rc", "a-b", "0a", "-"),
  );
  const semver = fc
    .tuple(
      fc.integer({ min: 0, max: 11 }),
      fc.integer({ min: 0, max: 11 }),
      fc.integer({ min: 0, max: 2 }),
      fc.array(identifier, { maxLength: 3 }),
      fc.constantFrom("", "+b1", "+b2"),
      fc.constantFrom("", "pkg@", "@s/p@"),
    )
    .map(
      ([major, minor, patch, pre, build, name]) =>
        `${name}${String(major)}.${String(minor)}.${String(patch)}${pre.length > 0 ? `-${pre.join(".")}` : ""}${build}`,
    );
  const version = fc.oneof(
    { weight: 5, arbitrary: semver },
    { weight: 2, arbitrary: fc.constantFrom("sha1", "sha2", "sha3", "v1.0.0", "1.0", "") },
  );
  const step = fc.record({ version, date: fc.integer({ min: 0, max: 50 }), announced: fc.boolean() });

  test("is the naive order after every step, with the same latest; and known releases never change places", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const book = new ReleaseBook();
        const model = new NaiveReleases();
        let knownBefore: string[] = [];
        for (const { version: each, date, announced } of steps) {
          if (announced && book.timeline.head !== undefined) {
            book.announce(each, date);
            model.announce(each, date);
          } else expect(book.register(each, date)).toBe(model.register(each, date));
          expect(orderOf(book)).toEqual(model.order());
          expect(book.timeline.latest?.version).toBe(model.latest());
          const known = book
            .order()
            .filter(({ standing }) => standing === "known")
            .map((release) => release.version);
          expect(known.filter((name) => knownBefore.includes(name))).toEqual(knownBefore);
          knownBefore = known;
        }
      }),
      { numRuns: rounds({ quick: 200, full: 2_000 }) },
    );
  });
});

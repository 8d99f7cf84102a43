import fc from "fast-check";
import { compareBuild, valid } from "semver";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_RELEASE_ORDER,
  MAX_RELEASE_LENGTH,
  NAMES_WITHOUT_RELEASE,
  readRelease,
  releaseLines,
  rememberPlaces,
  requireReleaseOrder,
  type ReleasePlace,
} from "../../src/core/release-order.ts";
import { hostileText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";

const { read } = DEFAULT_RELEASE_ORDER;

function placeOf(release: string): ReleasePlace {
  const place = read(release);
  if (place === null) throw new Error(`${JSON.stringify(release)} names no release`);
  return place;
}

const nameOf = (release: string): string => placeOf(release).name;
const lineOf = (release: string): string => placeOf(release).line;

/** Compares two releases of a line by their places. */
function compare(one: string, other: string): number {
  const [first, second] = [placeOf(one).place, placeOf(other).place];
  return first === second ? 0 : first < second ? -1 : 1;
}

/** Checks that releases of one line are strictly in order. */
function expectOrder(...releases: readonly string[]): void {
  expect(new Set(releases.map(lineOf)).size).toBe(1);
  releases.forEach((lower, index) => {
    for (const higher of releases.slice(index + 1)) {
      expect([lower, higher, compare(lower, higher), compare(higher, lower)]).toEqual([lower, higher, -1, 1]);
    }
  });
}

describe("rule 11: a release text", () => {
  test.each([
    ["2.1.0", "2.1.0", "version"],
    ["v2.1.0", "2.1.0", "version"],
    ["V2.1", "2.1.0", "version"],
    ["2.1.0.0.0.0", "2.1.0", "version"],
    ["1.2.3.4.5.6", "1.2.3.4.5.6", "version"],
    ["1.2.0.4", "1.2.0.4", "version"],
    ["01.002.0003", "1.2.3", "version"],
    ["0.0", "0.0.0", "version"],
    ["1.0.0-rc.1", "1.0.0-rc.1", "version"],
    ["1.0.0-rc.01", "1.0.0-rc.1", "version"],
    ["1.0-beta", "1.0.0-beta", "version"],
    ["1.2.3+456", "1.2.3+456", "version"],
    ["1.2.3+0456", "1.2.3+456", "version"],
    ["1.2.3 (456)", "1.2.3+456", "version"],
    ["1.2.3(456)", "1.2.3+456", "version"],
    ["1.2.3-rc.1+abc.7", "1.2.3-rc.1+abc.7", "version"],
    ["1.2.3+abc (7)", "1.2.3+abc+7", "version"],
    ["v1.2.3-14-gabcdef1", "1.2.3+14", "version"],
    ["1.2.3-rc.1-14-gabcdef1", "1.2.3-rc.1+14", "version"],
    ["1.2.3-14-gABCDEF1", "1.2.3-14-gABCDEF1", "version"],
    ["2026.7.30-2", "2026.7.30+2", "version"],
    ["2026.07.30-02", "2026.7.30+2", "version"],
    ["1990.1-2", "1990.1.0+2", "version"],
    ["2199.1-2", "2199.1.0+2", "version"],
    ["1989.1-2", "1989.1.0-2", "version"],
    ["2200.1-2", "2200.1.0-2", "version"],
    ["2026.7.30-rc.2", "2026.7.30-rc.2", "version"],
    ["1.2.3-2", "1.2.3-2", "version"],
    ["456", "456", "number"],
    ["v0456", "456", "number"],
    ["000", "0", "number"],
    ["20260730", "20260730", "number"],
    ["deadbeef", "deadbeef", "dated"],
    ["DeadBeef", "DeadBeef", "dated"],
    ["release 5", "release 5", "dated"],
    ["1.2.3.4.5.6.7", "1.2.3.4.5.6.7", "dated"],
    ["1.", "1.", "dated"],
    [".1", ".1", "dated"],
    ["1.0.0-", "1.0.0-", "dated"],
    ["1.0.0+", "1.0.0+", "dated"],
    ["1.0.0-a..b", "1.0.0-a..b", "dated"],
    ["=1.0.0", "=1.0.0", "dated"],
    ["vv1.0.0", "vv1.0.0", "dated"],
    ["v", "v", "dated"],
    ["1,2", "1,2", "dated"],
    ["١.٢", "١.٢", "dated"],
    ["1.2.3 (beta)", "1.2.3 (beta)", "dated"],
  ])("%j is named %j, in the line %j", (release, name, line) => {
    expect(placeOf(release)).toMatchObject({ name, line });
  });

  test("is read without blanks at its ends", () => {
    expect(read(" \t2.1.0\n")).toEqual(read("2.1.0"));
    expect(read("  deadbeef ")).toEqual(read("deadbeef"));
    expect(read("web@ 2.1.0")).toEqual(read("web@2.1.0"));
  });

  test.each([
    ["web@2.1", "web@2.1.0", "web@version"],
    ["web@v7", "web@7", "web@number"],
    ["web@deadbeef", "web@deadbeef", "web@dated"],
    ["@scope/pkg@1.0.0", "@scope/pkg@1.0.0", "@scope/pkg@version"],
    ["com.shop.app@1.2.3+456", "com.shop.app@1.2.3+456", "com.shop.app@version"],
    ["a@b@1.0.0", "a@b@1.0.0", "a@b@version"],
    ["@1.0.0", "1.0.0", "version"],
    ["@scope/pkg", "scope/pkg", "dated"],
  ])("%j has its package, which is all up to the last @, in its line", (release, name, line) => {
    expect(placeOf(release)).toMatchObject({ name, line });
  });

  test("of another package is another release, in another line", () => {
    const lines = ["1.0.0", "web@1.0.0", "api@1.0.0", "Web@1.0.0"].map(lineOf);
    expect(new Set(lines).size).toBe(4);
  });

  test.each(["", "  ", "web@", "@", "@scope/pkg@ ", ...NAMES_WITHOUT_RELEASE, "DEV", " Latest ", "web@dev"])(
    "%j says nothing: it is no release",
    (release) => {
      expect(read(release)).toBeNull();
    },
  );

  test("may say nothing by the option, which replaces the names that are known to", () => {
    const order = releaseLines({ namesWithoutRelease: [" Nightly ", "0.0.0"] });
    for (const release of ["nightly", "web@NIGHTLY", "0.0.0", "", "web@"]) expect(order.read(release)).toBeNull();
    expect(order.read("dev")).toMatchObject({ name: "dev", line: "dated" });
    expect(order.read("0.0")).toMatchObject({ name: "0.0.0", line: "version" });
  });
});

describe("rule 11: the order in a line", () => {
  test("of versions is that of their numbers, where missing ones are 0", () => {
    expectOrder("0.0.1", "0.9.9", "0.9.10", "1.0", "1.0.0.1", "1.0.0.1.0.1", "1.0.1", "1.2", "1.10", "2.0", "10.0");
  });

  test("of versions puts pre-releases before the release, as semantic versioning does", () => {
    expectOrder(
      "1.0.0-0",
      "1.0.0-2",
      "1.0.0-10",
      "1.0.0--",
      "1.0.0-Alpha",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.1.1",
      "1.0.0-alpha.2",
      "1.0.0-alpha.beta",
      "1.0.0-alpha-1",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.1-alpha",
    );
  });

  test("of builds of a version is: none, then numbers by number, then others, which go by date", () => {
    expectOrder("1.0.0-rc.1", "1.0.0-rc.1+5", "1.0.0", "1.0.0+2", "1.0.0 (10)", "v1.0.0-11-gabcdef1", "1.0.0+abc");
    expect(compare("1.0.0+abc", "1.0.0+xyz")).toBe(0);
    expect(nameOf("1.0.0+abc")).not.toBe(nameOf("1.0.0+xyz"));
    expect(["1.0.0", "1.0.0+5", "1.0.0+abc"].map((release) => placeOf(release).byDate)).toEqual([false, false, true]);
  });

  test("of versions with several builds goes by the first, then by the next", () => {
    expectOrder("1.0.0+1", "1.0.0+1 (1)", "1.0.0+1 (2)", "1.0.0+1+abc", "1.0.0+2", "1.0.0+abc");
  });

  test("of calendar versions takes what follows a hyphen for a build, so that it comes after the version", () => {
    expectOrder("2026.7.29", "2026.7.30-rc.1", "2026.7.30", "2026.7.30-1", "2026.7.30-2", "2026.7.30-10", "2026.7.31");
    expectOrder("1.7.30-1", "1.7.30");
  });

  test("of numbers is theirs, of any length", () => {
    const big = "9".repeat(240);
    expectOrder("0", "v9", "10", "9007199254740992", "9007199254740993", big, `1${"0".repeat(240)}`);
    expectOrder(`1.${big}`, `2.0-${big}`, `2.0+${big}`);
  });

  test("of all other names goes by date alone", () => {
    for (const release of ["deadbeef", "Summer", "1.0.0-"]) {
      expect(placeOf(release)).toMatchObject({ place: "", byDate: true });
    }
  });
});

describe("the default release order, for any text", () => {
  const identifier = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map(String),
    fc.constantFrom("alpha", "beta", "rc", "a-b", "0a", "-", "A"),
  );
  const number = fc.integer({ min: 0, max: 11 });
  const semver = fc
    .tuple(number, number, fc.integer({ min: 0, max: 2 }), fc.array(identifier, { maxLength: 3 }))
    .map(([major, minor, patch, pre]) => {
      return `${String(major)}.${String(minor)}.${String(patch)}${pre.length > 0 ? `-${pre.join(".")}` : ""}`;
    });
  /** Texts that look like releases, and some that nearly do. */
  const likely = fc
    .tuple(
      fc.constantFrom("", "", "web@", "@s/p@", "@", "v", " "),
      fc.constantFrom("", "v", "V"),
      fc.array(fc.constantFrom("0", "00", "1", "01", "2", "10", "1990", "2026", "2199"), {
        minLength: 1,
        maxLength: 7,
      }),
      fc.constantFrom("", "-1", "-0", "-rc.1", "-rc", "-14-gabcdef1", "-1-2-gabcdef1", "-", "-a..b"),
      fc.constantFrom("", "+1", "+01", "+abc", "+abc.1", "+1+2", "+a+b", "+"),
      fc.constantFrom("", " (1)", "(2)", " (b)", " "),
    )
    .map(([name, v, numbers, pre, build, more]) => name + v + numbers.join(".") + pre + build + more);
  const anyRelease = fc.oneof(
    likely,
    semver,
    fc.string({ maxLength: MAX_RELEASE_LENGTH }),
    hostileText.map((text) => text.slice(0, MAX_RELEASE_LENGTH)),
    fc.string({
      unit: fc.constantFrom(..."0 1 2 9 . - + @ v ( ) g a b".split(" "), " "),
      maxLength: MAX_RELEASE_LENGTH,
    }),
  );
  const runs = { numRuns: rounds({ quick: 300, full: 20_000 }) };

  test("reads every text, as a place that the contract allows", () => {
    fc.assert(
      fc.property(anyRelease, (release) => {
        const place = readRelease(DEFAULT_RELEASE_ORDER, release);
        expect(place).toEqual(read(release));
        if (place === null) return;
        expect(place.name.length).toBeLessThanOrEqual(260);
        expect(place.line.length).toBeLessThanOrEqual(260);
        expect(place.place.length).toBeLessThanOrEqual(900);
        expect(place.place).toMatch(/^[ -~]*$/u);
      }),
      runs,
    );
  });

  test("gives texts one name exactly where they are one release: of equal place, where that does not go by date", () => {
    fc.assert(
      fc.property(anyRelease, anyRelease, (one, other) => {
        const [first, second] = [read(one), read(other)];
        if (first === null || second === null) return;
        if (first.name === second.name) expect(first).toEqual(second);
        else if (first.line === second.line && first.place === second.place) {
          expect([first.byDate, second.byDate]).toEqual([true, true]);
        }
      }),
      runs,
    );
  });

  test("reads a name as itself, unless it ends like the output of git describe", () => {
    fc.assert(
      fc.property(anyRelease, (release) => {
        const place = read(release);
        if (place === null || /-\d+-g[0-9a-f]{4,40}(?:\+|$)/u.test(place.name)) return;
        expect(read(place.name)).toEqual(place);
      }),
      runs,
    );
  });

  test("orders versions of three numbers as the semver package does", () => {
    const builds = fc.constantFrom("", "+1", "+2", "+10");
    fc.assert(
      fc.property(semver, builds, semver, builds, (one, build, other, otherBuild) => {
        const [first, second] = [one + build, other + otherBuild];
        fc.pre(valid(first) !== null && valid(second) !== null);
        expect(compare(first, second)).toBe(compareBuild(first, second));
      }),
      runs,
    );
  });

  test("orders the places of a line in one sequence, whatever comes first", () => {
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 12 }), (releases) => {
        const sorted = (texts: readonly string[]): string[] =>
          texts
            .flatMap((text) => read(text) ?? [])
            .map(({ line, place }) => `${line}\n${place}`)
            .sort();
        expect(sorted(releases)).toEqual(sorted(releases.toReversed()));
      }),
      runs,
    );
  });

  test.each([
    "1".repeat(250),
    "1.".repeat(125),
    `1.0-${"1.".repeat(122)}1`,
    `1.0-${"a.".repeat(122)}1`,
    `1.0+${"1+".repeat(122)}1`,
    `1.0-${"-1".repeat(122)}`,
    `1.0-${"1-g".repeat(80)}`,
    "@".repeat(250),
    "@1".repeat(125),
    " ".repeat(250),
    `1.0${" ".repeat(240)}(1`,
    `1.0${" ".repeat(240)}(1)`,
    "v".repeat(250),
    `${"x".repeat(247)}@1`,
    `${"x".repeat(246)}@1.1`,
    `${"x".repeat(248)}@y`,
  ])("reads the hostile text %j at once, within the limits", (release) => {
    expect(release.length).toBeLessThanOrEqual(MAX_RELEASE_LENGTH);
    const startedAt = performance.now();
    for (let turn = 0; turn < 100; turn++) readRelease(DEFAULT_RELEASE_ORDER, release);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe("a release order", () => {
  const place = { name: "1", line: "", place: "1", byDate: false };

  test("of the host's own is used for what it returns, and gets texts that are not blank, without blanks at the ends", () => {
    const given: string[] = [];
    const order = {
      version: "mine",
      read(release: string) {
        given.push(release);
        return release === "" ? null : place;
      },
    };
    expect(readRelease(order, " 1.0 ")).toEqual(place);
    expect(readRelease(order, "  ")).toBeNull();
    expect(given).toEqual(["1.0"]);
  });

  test.each([
    [{ ...place, name: "" }, "name"],
    [{ ...place, name: "x".repeat(261) }, "name"],
    [{ ...place, line: "x".repeat(261) }, "line"],
    [{ ...place, place: "x".repeat(901) }, "place"],
    [{ ...place, place: "é" }, "place"],
    [{ ...place, place: "\n" }, "place"],
    [{ ...place, byDate: undefined }, "byDate"],
    [undefined, ""],
    [5, ""],
  ])("that returns %j is refused, naming the member", (returned, member) => {
    const order = { version: "mine", read: () => returned };
    const call = (): unknown => Reflect.apply(readRelease, undefined, [order, "1.0"]);
    const field = member === "" ? "releaseOrder.read()" : `releaseOrder.read().${member}`;
    expect(call).toThrow(expect.objectContaining({ code: "invalid-input", field }));
  });

  test.each([undefined, null, {}, { version: "", read: () => null }, { version: "1" }, { version: "1", read: 5 }])(
    "that is %j is refused",
    (order) => {
      expect(() => {
        requireReleaseOrder("releaseOrder", order);
      }).toThrow(expect.objectContaining({ code: "invalid-input" }));
    },
  );

  test("refuses texts that are no text, or longer than a release may be", () => {
    for (const release of [5, null, "x".repeat(MAX_RELEASE_LENGTH + 1)]) {
      expect(() => Reflect.apply(read, undefined, [release])).toThrow(
        expect.objectContaining({ code: "invalid-input", field: "release" }),
      );
    }
  });
});

describe("an order that remembers places", () => {
  test("reads a text once, and gives each text the place that the order gives it", () => {
    const texts: string[] = [];
    const order = rememberPlaces({
      version: "2",
      read(release) {
        texts.push(release);
        return read(release);
      },
    });
    expect(order.version).toBe("2");
    for (const release of ["1.0.0", "dev", "1.0.0", "web@2.1", "dev"])
      expect(order.read(release)).toEqual(read(release));
    expect(texts).toEqual(["1.0.0", "dev", "web@2.1"]);
  });

  test("does so for any number of texts", () => {
    const order = rememberPlaces(DEFAULT_RELEASE_ORDER);
    for (let number = 0; number < 2_500; number++) {
      const release = `1.${String(number % 1_200)}`;
      expect(order.read(release)).toEqual(read(release));
    }
  });
});

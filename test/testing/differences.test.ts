import { expect, test } from "vitest";
import { differencesOf, inWords } from "../../src/testing/assertion/differences.ts";

const CIRCULAR: Record<string, unknown> = {};
CIRCULAR["itself"] = CIRCULAR;
const ANOTHER: Record<string, unknown> = {};
ANOTHER["itself"] = ANOTHER;

test.each<[unknown, unknown, string[]]>([
  [1, 1, []],
  [Number.NaN, Number.NaN, []],
  [0, -0, ["value: expected 0, got -0"]],
  [{ a: 1, b: undefined }, { a: 1 }, []],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, [".a[1].b: expected 2, got 3"]],
  [[1], [1, 2], [".length: expected 1, got 2", "[1]: expected undefined, got 2"]],
  [[], [undefined], [".length: expected 0, got 1"]],
  [new Map(), new Map([["a", undefined]]), [".size: expected 0, got 1"]],
  [new Date(1), new Date(1), []],
  [new Date(1), new Date(2), [".getTime(): expected 1, got 2"]],
  [new TypeError("a"), new Error("b"), ['.name: expected "TypeError", got "Error"', '.message: expected "a", got "b"']],
  [new Error("a"), {}, ["value: expected Error: a, got {}"]],
  [/a/u, /a/u, ["value: expected {}, got {}"]],
  [CIRCULAR, ANOTHER, [expect.stringMatching(/^(\.itself)+: nested too deeply to compare$/u)]],
  [[1], { 0: 1 }, ['value: expected [1], got {"0":1}']],
  [new Map([["a", 1]]), new Map([["a", 2]]), ['.get("a"): expected 1, got 2']],
  [
    new Set(["a"]),
    new Set(["b"]),
    ['.has("a"): expected true, got undefined', '.has("b"): expected undefined, got true'],
  ],
  [Uint8Array.of(1), Uint8Array.of(2), ["[0]: expected 1, got 2"]],
  [Uint8Array.of(1), [1], ["value: expected bytes [1], got [1]"]],
  [null, undefined, ["value: expected null, got undefined"]],
  [
    { at: Date.UTC(2026, 0, 5, 9), until: Date.UTC(2026, 0, 5, 9, 0, 30) },
    { at: Date.UTC(2026, 0, 5, 9, 0, 0, 1), until: null },
    [
      ".at: expected 2026-01-05 09:00 UTC, got 2026-01-05 09:00:00.001 UTC",
      ".until: expected 2026-01-05 09:00:30 UTC, got null",
    ],
  ],
])("the differences of %j and %j", (expected, actual, differences) => {
  expect(differencesOf(expected, actual)).toEqual(differences);
});

test("at most twenty differences are listed", () => {
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  expect(
    differencesOf(
      numbers,
      numbers.map((each) => each + 1),
    ),
  ).toHaveLength(20);
});

test.each<[unknown, string]>([
  ["x".repeat(500), `"${"x".repeat(199)}…`],
  [new Error("no"), "Error: no"],
  [5n, "5n"],
  [{ a: [1n] }, '{"a":["1n"]}'],
  [CIRCULAR, "an object that cannot be written as JSON"],
  [() => 1, "a function"],
  [{ at: Date.UTC(2026, 0, 5), count: 5 }, '{"at":"2026-01-05 00:00 UTC","count":5}'],
  [new Set([1]), "Set [1]"],
])("a value in words: %#", (value, words) => {
  expect(inWords(value)).toBe(words);
});

test("a value that cannot be read differs from every other", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const unreadable = ["value: cannot be read, because a getter or a proxy failed"];
  expect(differencesOf({ a: 1 }, { a: proxy })).toEqual(unreadable);
  expect(inWords(proxy)).toBe("an object that cannot be written as JSON");
});

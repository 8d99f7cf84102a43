import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backtest, type BacktestRule } from "../../src/backtest/index.ts";
import { countTicks, formatCount, timeTicks } from "../../src/backtest/drawing/ticks.ts";
import { wrapText, widthOf } from "../../src/backtest/drawing/wrap.ts";
import { volumeCondition } from "../../src/index.ts";
import { hostileText } from "../support/arbitraries.ts";
import { Picture } from "../support/picture.ts";
import { DAY, HOUR, MINUTE, START } from "../support/scenario.ts";

const FIVE_AN_HOUR: BacktestRule = { name: "5 an hour", mute: { conditions: [volumeCondition(5, "hour")] } };
const EACH: BacktestRule = { name: "each", mute: { conditions: [volumeCondition(1, "total")], sinceMute: true } };

function pictureOf(events: readonly number[], rules: readonly BacktestRule[]): Picture {
  return new Picture(backtest({ events, rules }).toSvg());
}

describe("the picture of a backtest", () => {
  test("has the events, an axis, and for each rule its result and a sign for each alert", () => {
    const events = [0, 1, 2].flatMap((day) =>
      Array.from({ length: 6 }, (_, index) => START + day * DAY + index * MINUTE),
    );
    const picture = pictureOf(events, [FIVE_AN_HOUR, { name: "for ever", mute: {} }]);
    expect(picture.texts()).toEqual([
      "18 events",
      "2026-11-23 09:00 UTC to 2026-11-25 09:05 UTC",
      "Events per 30 minutes, and the alerts of each rule",
      "0",
      "2",
      "4",
      "6",
      "23 Nov 12:00",
      "24 Nov",
      "12:00",
      "25 Nov",
      "5 an hour",
      "3 alerts, 77.8 % muted",
      "for ever",
      "0 alerts, 94.4 % muted",
    ]);
    expect(picture.shapes("loud").map(({ textContent }) => textContent)).toEqual([
      "Alert at 2026-11-23 09:04 UTC",
      "Alert at 2026-11-24 09:04 UTC",
      "Alert at 2026-11-25 09:04 UTC",
    ]);
    expect(picture.shapes("bars")[0]?.childNodes.length).toBe(3);
    expect(picture.name).toBe("18 events, 2026-11-23 09:00 UTC to 2026-11-25 09:05 UTC");
    expect(picture.description).toContain("5 an hour: 3 alerts, 77.8 % of the events muted.");
  });

  test("draws alerts that are near to each other as one, all of those that are not listed too", () => {
    const few = pictureOf([START, START + 1, START + 2, START + DAY], [EACH]);
    expect(few.shapes("loud").map(({ textContent }) => textContent)).toEqual([
      "Alert at 2026-11-24 09:00 UTC",
      "2 alerts, 2026-11-23 09:00 UTC to 2026-11-23 09:00 UTC",
    ]);
    const events = Array.from({ length: 5_000 }, (_, index) => START + index * HOUR + (index > 2_500 ? 90 * DAY : 0));
    const many = pictureOf(events, [EACH]).shapes("loud");
    expect(many.map(({ textContent }) => /\d+ alerts/u.exec(textContent ?? "")?.[0])).toEqual([
      "2500 alerts",
      "2499 alerts",
    ]);
  });

  test("has whole names, whatever their length, and cuts off nothing", () => {
    const names = [
      "W".repeat(100),
      "100 a day, as the people on call agreed in their last meeting of the year, for now",
      "x",
    ];
    const picture = pictureOf(
      [START],
      names.map((name) => ({ name, mute: {} })),
    );
    expect(picture.textsCutOff()).toEqual([]);
    const texts = picture.texts("ink");
    expect([texts.slice(0, -4).join(""), texts.slice(-4, -1).join(" "), texts.at(-1)]).toEqual(names);
  });

  test("is well-formed XML, whatever a name contains", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText,
          fc.constantFrom("]]>", "<!--", "&#0;", "a'b\"c", "\uFFFF\u0085", "\u202Eb\u2066\uFEFFc\u2028d\u061C"),
        ),
        (given) => {
          const name = given.slice(0, 90).toWellFormed();
          const picture = pictureOf([START], [{ name: `n${given.slice(0, 90)}`, mute: {} }]);
          const readable = `n${name}`
            .replaceAll(/\s/gu, "")
            .replaceAll(/[\p{Cc}\p{Noncharacter_Code_Point}\p{Bidi_Control}]/gu, "\uFFFD");
          expect(picture.texts("ink").join("").replaceAll(/\s/gu, "")).toBe(readable);
        },
      ),
    );
  });

  test("without events has the rules alone", () => {
    const picture = pictureOf([], [FIVE_AN_HOUR]);
    expect(picture.texts()).toEqual([
      "0 events",
      "Events per minute, and the alerts of each rule",
      "5 an hour",
      "0 alerts",
    ]);
  });
});

describe("axes", () => {
  test.each<[number, number[]]>([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [6, [0, 2, 4, 6]],
    [41, [0, 20, 40, 60]],
    [100, [0, 50, 100]],
    [168, [0, 50, 100, 150, 200]],
    [1e15, [0, 5e14, 1e15]],
  ])("up to %d have round counts", (highest, ticks) => {
    expect(countTicks(highest)).toEqual(ticks);
  });

  test.each<[number, string]>([
    [0, "0"],
    [999, "999"],
    [1_000, "1,000"],
    [9_999, "9,999"],
    [12_000, "12k"],
    [1_500_000, "1.5M"],
    [2_000_000_000, "2G"],
    [5e14, "500T"],
  ])("write %d as %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  test.each<[string, string, string[]]>([
    ["2026-11-23T09:00:10Z", "2026-11-23T09:03:10Z", ["23 Nov 09:01", "09:02", "09:03"]],
    ["2026-11-23T21:30Z", "2026-11-24T02:00Z", ["23 Nov 22:00", "24 Nov", "02:00"]],
    ["2026-01-05T00:00Z", "2026-01-19T00:00Z", ["7 Jan 2026", "11 Jan", "15 Jan", "19 Jan"]],
    ["2026-01-05T00:00Z", "2026-12-19T00:00Z", ["Apr 2026", "Jul 2026", "Oct 2026"]],
    ["1970-01-01T00:00Z", "9999-12-31T00:00Z", ["2000", "4000", "6000", "8000"]],
    ["2026-11-23T09:00:10Z", "2026-11-23T09:00:50Z", []],
  ])("from %s to %s have round times", (from, to, labels) => {
    expect(timeTicks(Date.parse(from), Date.parse(to), 4).map(({ label }) => label)).toEqual(labels);
  });

  test("have at most as many times as there is room for, whatever they cover", () => {
    const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const ticks = timeTicks(from, to, 4);
        expect(ticks.length).toBeLessThanOrEqual(4);
        expect(ticks.every(({ at }) => at >= from && at <= to)).toBe(true);
      }),
    );
  });
});

test("texts are broken between words, and within words that are too long", () => {
  expect(wrapText("one two three", widthOf("one two"))).toEqual(["one two", "three"]);
  expect(wrapText("abcdefgh ij", widthOf("abc"))).toEqual(["abc", "def", "gh", "ij"]);
  expect(wrapText("毎時十回", widthOf("毎時"))).toEqual(["毎時", "十回"]);
  expect(wrapText("", 5)).toEqual([""]);
});

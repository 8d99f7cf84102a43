import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf, bucketStart, CALENDAR_PERIODS, KEPT_BUCKETS } from "../../src/core/calendar.ts";
import { IssueLifecycleError } from "../../src/core/errors.ts";
import {
  describeReachedCondition,
  describeVolumeCondition,
  equalVolumeConditions,
  parseVolumeCondition,
  toSnakeCase,
  volumeCondition,
} from "../../src/core/conditions/volume-condition.ts";
import { condition } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";

function messageOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    if (IssueLifecycleError.is(error)) return error.message;
  }
  throw new Error("nothing was refused");
}

describe("a volume-based condition", () => {
  test("is read from JSON in both forms, and written in both", () => {
    const hundredADay = { kind: "volume", period: "day", nrOfPeriods: 1, volume: 100 } as const;
    expect(parseVolumeCondition(JSON.parse('{"period":"day","nrOfPeriods":1,"volume":100}'))).toEqual(hundredADay);
    expect(parseVolumeCondition(JSON.parse('{"period":"day","nr_of_periods":1,"volume":100}'))).toEqual(hundredADay);
    expect(toSnakeCase(volumeCondition(100, "day"))).toEqual({ period: "day", nr_of_periods: 1, volume: 100 });
  });

  test("survives a round trip through either form", () => {
    fc.assert(
      fc.property(condition, (each) => {
        expect(parseVolumeCondition(JSON.parse(JSON.stringify(each)))).toEqual(each);
        expect(parseVolumeCondition(JSON.parse(JSON.stringify(toSnakeCase(each))))).toEqual(each);
      }),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });

  test("equals another with the same members", () => {
    expect(equalVolumeConditions(volumeCondition(5, "hour"), volumeCondition(5, "hour", 1))).toBe(true);
    expect(equalVolumeConditions(volumeCondition(5, "hour"), volumeCondition(5, "hour", 2))).toBe(false);
    expect(equalVolumeConditions(volumeCondition(5, "hour"), volumeCondition(5, "day"))).toBe(false);
    expect(equalVolumeConditions(volumeCondition(5, "hour"), volumeCondition(6, "hour"))).toBe(false);
  });

  test.each([
    [volumeCondition(5, "hour"), "5 events or more in the current hour", "5 events or more in one calendar hour"],
    [volumeCondition(1, "day"), "1 event or more in the current day", "1 event or more in one calendar day"],
    [
      volumeCondition(5, "hour", 2),
      "5 events or more in the current hour and the one before it",
      "5 events or more in 2 calendar hours in a row",
    ],
    [
      volumeCondition(100, "hour", 24),
      "100 events or more in the current hour and the 23 before it",
      "100 events or more in 24 calendar hours in a row",
    ],
    [volumeCondition(7, "total"), "7 events or more in total", "7 events or more in total"],
  ])("rule 15: %j reads %j while it is looked at, and %j when it is over", (each, words, afterwards) => {
    expect(describeVolumeCondition(each)).toBe(words);
    expect(describeReachedCondition(each)).toBe(afterwards);
  });

  test.each([
    ["minute", 61, "60 minutes are kept", "Ask for 2 hours,"],
    ["minute", 90, "60 minutes are kept", "Ask for 3 hours,"],
    ["hour", 26, "24 hours are kept", "Ask for 3 days,"],
    ["hour", 48, "24 hours are kept", "Ask for 3 days,"],
    ["day", 45, "30 days are kept", "Ask for 8 weeks,"],
    ["day", 60, "30 days are kept", "Ask for 4 months,"],
    ["week", 9, "8 weeks are kept", "Ask for 4 months,"],
    ["month", 13, "12 months are kept", "Ask for 2 years,"],
    ["year", 6, "5 years are kept", "Ask for total,"],
    ["total", 2, "total is one window and takes 1", ""],
  ] as const)(
    "rule 2: %s x %i is refused with the limit and the period that fits",
    (period, nrOfPeriods, limit, suggestion) => {
      const error = (() => {
        try {
          return volumeCondition(5, period, nrOfPeriods);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({ code: "condition-out-of-range", field: "condition.nrOfPeriods" });
      expect(error).toHaveProperty("message", expect.stringContaining(limit));
      expect(error).toHaveProperty("message", expect.stringContaining(suggestion));
    },
  );

  test("rule 2: the window that a refusal suggests includes the one asked for, whatever the time", () => {
    const asked = fc.constantFrom(...CALENDAR_PERIODS).chain((period) =>
      fc.record({
        period: fc.constant(period),
        nrOfPeriods: fc.integer({ min: KEPT_BUCKETS[period] + 1, max: 70 * KEPT_BUCKETS[period] }),
      }),
    );
    fc.assert(
      fc.property(asked, fc.integer({ min: 0, max: Date.UTC(2400, 0) }), ({ period, nrOfPeriods }, now) => {
        const message = messageOf(() => volumeCondition(1, period, nrOfPeriods));
        const [, count, suggested] = /Ask for (?:(\d+) (\w+?)s?|total),/u.exec(message) ?? [];
        if (suggested === undefined) return;
        const coarser = CALENDAR_PERIODS.find((each) => each === suggested) ?? "minute";
        expect(Number(count)).toBeLessThanOrEqual(KEPT_BUCKETS[coarser]);
        // A month begins where a rule could be wrong most easily.
        for (const at of [now, bucketStart(coarser, bucketOf(coarser, now))]) {
          expect(bucketStart(coarser, bucketOf(coarser, at) - Number(count) + 1)).toBeLessThanOrEqual(
            bucketStart(period, bucketOf(period, at) - nrOfPeriods + 1),
          );
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    [null, "condition: got null; allowed is an object, as in { period:"],
    [[], "condition: got an array of 0; allowed is an object, as in { period:"],
    ["day", 'condition: got "day"; allowed is an object, as in { period:'],
    [
      { period: "day", nrOfPeriods: 1, volume: 1, sinceMute: true },
      'condition: got "sinceMute"; allowed is only the members kind, period, nrOfPeriods',
    ],
    [
      { period: "decade", nrOfPeriods: 1, volume: 1 },
      'condition.period: got "decade"; allowed is one of "minute", "hour"',
    ],
    [{ period: "day", volume: 1 }, "condition.nrOfPeriods: got undefined; allowed is a whole number from 1"],
    [{ period: "day", nrOfPeriods: 0, volume: 1 }, "condition.nrOfPeriods: got 0"],
    [{ period: "day", nrOfPeriods: 1.5, volume: 1 }, "condition.nrOfPeriods: got 1.5"],
    [{ period: "day", nrOfPeriods: 1, volume: 0 }, "condition.volume: got 0"],
    [{ period: "day", nrOfPeriods: 1, volume: "5" }, 'condition.volume: got "5"'],
    [{ period: "day", nrOfPeriods: 1, volume: Infinity }, "condition.volume: got Infinity"],
    [
      { period: "day", nrOfPeriods: 1, nr_of_periods: 2, volume: 5 },
      "condition.nr_of_periods: got 2; allowed is the same number",
    ],
    [{ period: "__proto__", nrOfPeriods: 1, volume: 1 }, "condition.period"],
  ])("refuses %j", (value, message) => {
    expect(() => parseVolumeCondition(value)).toThrow(
      expect.objectContaining({ code: "invalid-input", message: expect.stringContaining(message) }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_INSTANT } from "../../src/core/instant.ts";
import { readSentryEvent } from "../../src/sentry/index.ts";
import { rounds } from "../support/effort.ts";

const occurredAt = (timestamp: unknown) => readSentryEvent({ timestamp }, { projectId: "shop" }).occurredAt;
const instant = fc.integer({ min: 0, max: MAX_INSTANT });

describe("a timestamp", () => {
  test.each([
    [1_795_466_714, Date.UTC(2026, 10, 23, 20, 45, 14)],
    [1_795_466_714.937, Date.UTC(2026, 10, 23, 20, 45, 14, 937)],
    [1_795_466_714.9376, Date.UTC(2026, 10, 23, 20, 45, 14, 938)],
    ["2026-11-23T20:45:14Z", Date.UTC(2026, 10, 23, 20, 45, 14)],
    ["2026-11-23T20:45:14.937Z", Date.UTC(2026, 10, 23, 20, 45, 14, 937)],
    ["2026-11-23T20:45:14.937499999Z", Date.UTC(2026, 10, 23, 20, 45, 14, 937)],
    ["2026-11-23T20:45:14.9999996Z", Date.UTC(2026, 10, 23, 20, 45, 15)],
    ["2026-11-23T20:45:14.937", Date.UTC(2026, 10, 23, 20, 45, 14, 937)],
    ["2026-11-23t20:45:14z", Date.UTC(2026, 10, 23, 20, 45, 14)],
    ["2026-11-23 20:45:14+00:00", Date.UTC(2026, 10, 23, 20, 45, 14)],
    ["2026-11-23T22:15:14+01:30", Date.UTC(2026, 10, 23, 20, 45, 14)],
    ["2026-11-23T12:45:14-0800", Date.UTC(2026, 10, 23, 20, 45, 14)],
    ["2028-02-29T00:00:00Z", Date.UTC(2028, 1, 29)],
    ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
    ["9999-12-31T23:59:59.999Z", MAX_INSTANT],
    [0, 0],
    [-0, 0],
    [-0.0001, 0],
  ])("%j is %j", (timestamp, at) => {
    expect(occurredAt(timestamp)).toBe(at);
  });

  test.each([
    undefined,
    null,
    "",
    "now",
    "2026-11-23",
    "2026-11-23T20:45Z",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-11-23T24:00:00Z",
    "2026-11-23T20:60:00Z",
    "2026-11-23T20:45:61Z",
    "2026-11-23T20:45:14+24:00",
    "2026-11-23T20:45:14.Z",
    " 2026-11-23T20:45:14Z",
    "1795466714",
    "1969-12-31T23:59:59Z",
    "0075-01-01T00:00:00Z",
    "9999-12-31T23:59:59-01:00",
    -1,
    1_795_466_714_937,
    1e999,
    Number.NaN,
    true,
    ["2026-11-23T20:45:14Z"],
    { seconds: 1 },
  ])("that cannot be read is left out, and the event is kept: %j", (timestamp) => {
    expect(occurredAt(timestamp)).toBeUndefined();
  });

  test("is the same in both forms", () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(occurredAt(at / 1_000)).toBe(at);
        expect(occurredAt(new Date(at).toISOString())).toBe(at);
      }),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});

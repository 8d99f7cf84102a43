import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addPeriods, CALENDAR_PERIODS, KEPT_BUCKETS, PeriodCounter, quotaOpensAt } from "../../src/core/index.ts";
import { MINUTE, START } from "../support/scenario.ts";

describe("a quota", () => {
  test("is open until its window has as many events as it allows, and again when they have left the window", () => {
    const counter = new PeriodCounter();
    const quotas = [{ volume: 10, period: "hour" as const }];
    expect(quotaOpensAt(counter, quotas, START)).toBeNull();
    counter.inc(START + 30 * MINUTE, 9);
    expect(quotaOpensAt(counter, quotas, START + 30 * MINUTE)).toBeNull();
    counter.inc(START + 31 * MINUTE);
    expect(quotaOpensAt(counter, quotas, START + 31 * MINUTE)).toBe(START + 60 * MINUTE);
    expect(quotaOpensAt(counter, quotas, START + 60 * MINUTE)).toBeNull();
  });

  test("is one of several, of which the last to open decides", () => {
    const counter = new PeriodCounter();
    counter.inc(START, 10);
    const quotas = [
      { volume: 10, period: "day" as const },
      { volume: 10, period: "minute" as const, nrOfPeriods: 5 },
    ];
    expect(quotaOpensAt(counter, quotas, START)).toBe(Date.UTC(2026, 10, 24));
  });

  test("opens at the first instant at which a recount finds fewer events in the window", () => {
    const isPeriod = fc.constantFrom(...CALENDAR_PERIODS);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 1, max: 5 })), { maxLength: 20 }),
        isPeriod.chain((period) =>
          fc.record({
            period: fc.constant(period),
            nrOfPeriods: fc.integer({ min: 1, max: KEPT_BUCKETS[period] }),
            volume: fc.integer({ min: 1, max: 20 }),
          }),
        ),
        fc.integer({ min: 0, max: 100_000_000 }),
        (waits, quota, later) => {
          const counter = new PeriodCounter();
          let now = START;
          for (const [seconds, events] of waits) counter.inc((now += seconds * 1_000), events);
          now += later;
          const isOpenAt = (at: number): boolean => counter.count(quota, at) < quota.volume;
          const opensAt = quotaOpensAt(counter, [quota], now);
          if (opensAt === null) expect(isOpenAt(now)).toBe(true);
          else {
            expect(opensAt).toBeGreaterThan(now);
            expect([isOpenAt(now), isOpenAt(opensAt - 1), isOpenAt(opensAt)]).toEqual([false, false, true]);
            expect(opensAt).toBeLessThanOrEqual(addPeriods(now, quota.nrOfPeriods, quota.period));
          }
        },
      ),
    );
  });

  test.each([
    ["a total, which never becomes less", { volume: 5, period: "total" }, "quotas[0].period"],
    ["no volume", { period: "day" }, "quotas[0].volume"],
    ["more periods than are kept", { volume: 5, period: "day", nrOfPeriods: 31 }, "quotas[0].nrOfPeriods"],
    ["another member", { volume: 5, period: "day", per: 1 }, "quotas[0]"],
  ])("is refused with %s", (_, quota, field) => {
    expect(() => Reflect.apply(quotaOpensAt, undefined, [new PeriodCounter(), [quota], START])).toThrow(
      expect.objectContaining({ field }),
    );
  });
});

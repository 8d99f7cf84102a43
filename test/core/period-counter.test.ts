import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf, bucketStart, CALENDAR_PERIODS, KEPT_BUCKETS, minuteOf } from "../../src/core/calendar.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { MAX_INSTANT } from "../../src/core/instant.ts";
import { volumeCondition } from "../../src/core/conditions/volume-condition.ts";
import { keptWindow, startInstant, stepMs } from "../support/arbitraries.ts";
import { errorOf, hostileValue, isCoded } from "./hostile.ts";
import { rounds } from "../support/effort.ts";
import { NaiveCounter } from "../support/naive-counter.ts";

const at = (text: string): number => Date.parse(text);

describe("a period counter", () => {
  test("rule 1: one period is the current calendar bucket, and N periods are it and the N-1 before it, in UTC", () => {
    const counter = new PeriodCounter();
    for (const time of ["10:58", "10:59", "11:00", "11:01", "11:02"]) counter.inc(at(`2024-07-01T${time}:00Z`));
    expect(counter.count({ period: "hour", nrOfPeriods: 1 })).toBe(3);
    expect(counter.count({ period: "hour", nrOfPeriods: 2 })).toBe(5);
    expect(counter.count({ period: "day", nrOfPeriods: 1 })).toBe(5);
    expect(counter.count({ period: "day", nrOfPeriods: 1 }, at("2024-07-02T00:00:00Z"))).toBe(0);
  });

  test("rule 1: weeks begin on Monday", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2026-11-22T23:59:59Z")); // a Sunday
    counter.inc(at("2026-11-23T00:00:00Z")); // the Monday after it
    expect(counter.count({ period: "week", nrOfPeriods: 1 })).toBe(1);
    expect(counter.count({ period: "week", nrOfPeriods: 2 })).toBe(2);
  });

  test.each(CALENDAR_PERIODS)("rule 2: keeps as many %s buckets as it says, and refuses to count in more", (period) => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T00:00:00Z"));
    const kept = KEPT_BUCKETS[period];
    expect(counter.count({ period, nrOfPeriods: kept })).toBe(1);
    expect(() => counter.count({ period, nrOfPeriods: kept + 1 })).toThrow(
      `allowed is a whole number from 1 to ${String(kept)}`,
    );
  });

  test("rule 4: a late event counts in its own bucket, and windows are judged at the newest time seen", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T12:30:00Z"), 2);
    counter.inc(at("2024-07-01T10:30:00Z"));
    expect(counter.count({ period: "hour", nrOfPeriods: 1 })).toBe(2);
    expect(counter.count({ period: "hour", nrOfPeriods: 2 })).toBe(2);
    expect(counter.count({ period: "hour", nrOfPeriods: 3 })).toBe(3);
    expect(counter.count({ period: "hour", nrOfPeriods: 1 }, at("2024-07-01T10:30:00Z"))).toBe(2);
  });

  test("rule 4: a late event whose bucket is gone counts only in total, and in longer buckets that are kept", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T12:30:00Z"));
    counter.inc(at("2024-06-29T12:30:00Z"));
    counter.inc(at("1999-01-01T00:00:00Z"));
    expect(counter.count({ period: "hour", nrOfPeriods: 24 })).toBe(1);
    expect(counter.count({ period: "day", nrOfPeriods: 3 })).toBe(2);
    expect(counter.count({ period: "year", nrOfPeriods: 5 })).toBe(2);
    expect(counter.count({ period: "total", nrOfPeriods: 1 })).toBe(3);
  });

  test("rule 2: the busiest hour is the most events in a complete hour of today and the 7 days before it", () => {
    const counter = new PeriodCounter();
    expect(counter.busiestHour(at("2024-07-01T00:00:00Z"))).toBe(0);
    counter.inc(at("2024-07-01T10:15:00Z"), 90);
    expect([counter.busiestHour(), counter.busiestHour(at("2024-07-01T10:59:59Z"))]).toEqual([0, 0]);
    expect(counter.busiestHour(at("2024-07-01T11:00:00Z"))).toBe(90);
    counter.inc(at("2024-07-03T08:00:00Z"), 20);
    counter.inc(at("2024-07-03T08:59:00Z"), 30);
    counter.inc(at("2024-07-03T09:00:00Z"), 500);
    expect(counter.busiestHour()).toBe(90);
    expect(counter.busiestHour(at("2024-07-01T10:15:00Z"))).toBe(90);
    counter.inc(at("2024-07-03T10:00:00Z"), 0);
    expect(counter.busiestHour()).toBe(500);
    expect(counter.busiestHour(at("2024-07-10T23:59:59Z"))).toBe(500);
    expect(counter.busiestHour(at("2024-07-11T00:00:00Z"))).toBe(0);
  });

  test("rule 2: the busiest hour of a day is forgotten when the eighth day after it begins", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T23:15:00Z"), 90);
    counter.inc(at("2024-07-02T00:15:00Z"), 40);
    counter.inc(at("2024-07-08T23:59:00Z"));
    expect(counter.busiestHour()).toBe(90);
    counter.inc(at("2024-07-09T00:00:00Z"));
    expect(counter.busiestHour()).toBe(40);
    counter.inc(at("2025-01-01T00:00:00Z"));
    expect(counter.busiestHour()).toBe(0);
  });

  test("rule 4: late events raise the busiest hour while their hour is kept, and no other hour", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T12:30:00Z"), 10);
    counter.inc(at("2024-07-02T10:30:00Z"), 3);
    expect(counter.busiestHour()).toBe(10);
    counter.inc(at("2024-07-01T12:10:00Z"), 5); // one of the 24 hours
    expect(counter.busiestHour()).toBe(15);
    counter.inc(at("2024-07-01T10:59:00Z"), 100); // no longer one of them
    expect(counter.busiestHour()).toBe(15);
    counter.inc(at("2024-07-02T10:05:00Z"), 200); // the current hour
    expect(counter.busiestHour()).toBe(15);
    expect(counter.busiestHour(at("2024-07-02T11:00:00Z"))).toBe(203);
  });

  test("counts events in the total only, as if they were older than all buckets", () => {
    const counter = new PeriodCounter();
    counter.incTotal(at("2024-07-01T10:00:00Z"), 4);
    expect([counter.total, counter.newestMinute]).toEqual([4, minuteOf(at("2024-07-01T10:00:00Z"))]);
    counter.inc(at("2024-07-01T10:00:30Z"), 2);
    counter.incTotal(at("2024-07-01T09:00:00Z"));
    counter.incTotal(new Date("2024-07-01T11:00:00Z"), 100);
    for (const each of [counter, counter.clone(), PeriodCounter.decode(counter.encode())]) {
      expect(each.total).toBe(107);
      expect(each.newestMinute).toBe(minuteOf(at("2024-07-01T11:00:00Z")));
      expect(each.count({ period: "hour", nrOfPeriods: 1 })).toBe(0);
      for (const period of CALENDAR_PERIODS)
        expect(each.count({ period, nrOfPeriods: KEPT_BUCKETS[period] })).toBe(period === "minute" ? 0 : 2);
      expect([each.busiestHour(), each.busiestHour(at("2024-07-01T12:00:00Z"))]).toEqual([2, 2]);
    }
  });

  test("is still in one minute when no events are counted in the total only", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 2);
    counter.incTotal(at("2024-07-01T10:00:00Z"), 0);
    expect(counter.inOneMinute).toBe(true);
    counter.incTotal(at("2024-07-01T10:00:00Z"));
    expect([counter.inOneMinute, counter.total]).toEqual([false, 3]);
    expect(counter.count({ period: "minute", nrOfPeriods: 1 })).toBe(2);
  });

  test("counts n events at once, and with 0 only lets time go on", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 7);
    counter.inc(at("2024-07-01T11:00:00Z"), 0);
    expect(counter.total).toBe(7);
    expect(counter.count({ period: "hour", nrOfPeriods: 1 })).toBe(0);
  });

  test.each([
    [-1, 1],
    [1.5, 1],
    [Number.NaN, 1],
    [Date.UTC(2024, 0), -1],
    [Date.UTC(2024, 0), 0.5],
    [Date.UTC(2024, 0), Number.MAX_SAFE_INTEGER],
  ])("refuses to count at %s %s events, and counts nothing", (when, n) => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"));
    expect(() => {
      counter.inc(when, n);
    }).toThrow("allowed is");
    expect(() => {
      counter.incTotal(when, n);
    }).toThrow("allowed is");
    expect([counter.total, counter.newestMinute]).toEqual([1, minuteOf(at("2024-07-01T10:00:00Z"))]);
  });

  test("adds another counter as if one had counted the events of both, and stays readable", () => {
    const step = fc.record({
      ms: stepMs,
      back: fc.oneof(fc.constant(0), stepMs),
      n: fc.integer({ min: 0, max: 5 }),
      inTotalOnly: fc.boolean(),
      isOther: fc.boolean(),
    });
    fc.assert(
      fc.property(startInstant, fc.array(step, { maxLength: 25 }), (start, steps) => {
        const [counter, other, naive] = [new PeriodCounter(), new PeriodCounter(), new NaiveCounter()];
        let [now, newest] = [start, 0];
        for (const { ms, back, n, inTotalOnly, isOther } of steps) {
          now = Math.min(now + ms, MAX_INSTANT);
          const when = Math.max(0, now - back);
          newest = Math.max(newest, when);
          const counting = isOther ? other : counter;
          if (inTotalOnly) {
            counting.incTotal(when, n);
            naive.incTotal(when, n);
          } else {
            counting.inc(when, n);
            naive.inc(when, n);
          }
        }
        const before = other.encode();
        const busiest = Math.max(counter.busiestHour(newest), other.busiestHour(newest));
        counter.add(other);
        expect(other.encode()).toEqual(before);
        const sum = PeriodCounter.decode(counter.encode());
        expect(sum.total).toBe(naive.total);
        for (const period of CALENDAR_PERIODS) {
          for (let nrOfPeriods = 1; nrOfPeriods <= KEPT_BUCKETS[period]; nrOfPeriods++) {
            expect(sum.count({ period, nrOfPeriods }, newest)).toBe(naive.count({ period, nrOfPeriods }, newest));
          }
        }
        expect(sum.busiestHour(newest)).toBeLessThanOrEqual(naive.total);
        expect(sum.busiestHour(newest)).toBeGreaterThanOrEqual(busiest);
      }),
      { numRuns: rounds({ quick: 200, full: 20_000 }) },
    );
  });

  test("knows the busiest hour of the kept ones of both counters that are added, and of each before", () => {
    const [counter, other] = [new PeriodCounter(), new PeriodCounter()];
    for (const [each, early, late] of [
      [counter, 3, 2],
      [other, 4, 5],
    ] as const) {
      each.inc(at("2024-07-01T10:30:00Z"), early);
      each.inc(at("2024-07-04T10:30:00Z"), late);
      each.inc(at("2024-07-04T11:30:00Z"));
    }
    counter.add(other);
    expect(counter.busiestHour(at("2024-07-04T11:30:00Z"))).toBe(7);
    expect(counter.busiestHour(at("2024-07-06T12:00:00Z"))).toBe(7);
    const [one, another] = [new PeriodCounter(), new PeriodCounter()];
    for (const [each, n] of [
      [one, 3],
      [another, 4],
    ] as const) {
      each.inc(at("2024-07-01T10:30:00Z"), n);
      each.inc(at("2024-07-04T10:30:00Z"));
    }
    one.add(another);
    // 7 in fact, but it is not known which of the day's hours these were.
    expect(one.busiestHour(at("2024-07-04T11:30:00Z"))).toBe(4);
    expect(() => {
      one.add(PeriodCounter.ofOneMinute({ newestMinute: 7, total: Number.MAX_SAFE_INTEGER }));
    }).toThrow("other.total");
    expect(one.total).toBe(9);
  });

  test("takes events back as if they had never been counted, wherever they were, and stays readable", () => {
    const step = fc.record({
      ms: stepMs,
      back: fc.oneof(fc.constant(0), stepMs),
      n: fc.integer({ min: 0, max: 5 }),
      inTotalOnly: fc.boolean(),
      isTakenBack: fc.boolean(),
    });
    fc.assert(
      fc.property(startInstant, fc.array(step, { minLength: 1, maxLength: 25 }), fc.nat(), (start, steps, order) => {
        let counter = new PeriodCounter();
        const naive = new NaiveCounter();
        const taken: { at: number; n: number; from: "own-bucket" | "total-only" }[] = [];
        let [now, newest] = [start, 0];
        for (const { ms, back, n, inTotalOnly, isTakenBack } of steps) {
          now = Math.min(now + ms, MAX_INSTANT);
          const when = Math.max(0, now - back);
          newest = Math.max(newest, when);
          if (inTotalOnly) counter.incTotal(when, n);
          else counter.inc(when, n);
          if (isTakenBack) taken.push({ at: when, n, from: inTotalOnly ? "total-only" : "own-bucket" });
          else if (inTotalOnly) naive.incTotal(when, n);
          else naive.inc(when, n);
        }
        const shift = order % Math.max(1, taken.length);
        for (const { at: when, n, from } of [...taken.slice(shift), ...taken.slice(0, shift)]) {
          counter.dec(when, n, from);
          counter = PeriodCounter.decode(counter.encode());
        }
        expect(counter.total).toBe(naive.total);
        for (const period of CALENDAR_PERIODS) {
          for (let nrOfPeriods = 1; nrOfPeriods <= KEPT_BUCKETS[period]; nrOfPeriods++) {
            expect(counter.count({ period, nrOfPeriods }, newest)).toBe(naive.count({ period, nrOfPeriods }, newest));
          }
        }
        expect(counter.busiestHour(newest)).toBeLessThanOrEqual(counter.total);
      }),
      { numRuns: rounds({ quick: 200, full: 20_000 }) },
    );
  });

  test("takes back what a clock that was ahead had counted elsewhere, and refuses more than there is", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 2);
    counter.inc(at("2024-07-09T10:00:00Z"), 5);
    counter.setBack(at("2024-07-01T11:00:00Z"));
    counter.dec(at("2024-07-09T10:00:00Z"), 5);
    expect(counter.count({ period: "day", nrOfPeriods: 1 })).toBe(2);
    counter.inc(at("2024-07-01T11:30:00Z"), 4);
    counter.setBack(at("2024-07-01T11:10:00Z"));
    counter.inc(at("2024-07-01T13:00:00Z"));
    counter.dec(at("2024-07-01T11:30:00Z"), 4);
    expect(counter.count({ period: "minute", nrOfPeriods: 1 })).toBe(1);
    counter.dec(at("2024-07-01T13:00:00Z"), 1);
    expect(() => {
      counter.dec(at("2024-07-01T10:00:00Z"), 3);
    }).toThrow("allowed is");
    counter.dec(at("2024-07-01T10:00:00Z"), 2);
    expect([counter.total, counter.count({ period: "year", nrOfPeriods: 5 })]).toEqual([0, 0]);
  });

  test("forgets a busiest hour as far as its day has not as many events left", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 9);
    counter.inc(at("2024-07-02T10:00:00Z"), 4);
    counter.inc(at("2024-07-02T12:00:00Z"), 3);
    counter.inc(at("2024-07-02T13:00:00Z"));
    counter.dec(at("2024-07-01T10:00:00Z"), 7);
    expect(counter.busiestHour()).toBe(4);
    counter.dec(at("2024-07-02T10:00:00Z"), 4);
    expect(counter.busiestHour()).toBe(3);
    counter.dec(at("2024-07-02T12:00:00Z"), 3);
    expect(counter.busiestHour()).toBe(2);
  });

  test("gives a series of buckets for a sparkline, oldest first, empty ones included", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-02-28T10:00:00Z"), 2);
    counter.inc(at("2024-03-01T10:00:00Z"), 3);
    expect(counter.series("day", 4, at("2024-03-02T01:00:00Z"))).toEqual([
      { startsAt: at("2024-02-28T00:00:00Z"), count: 2 },
      { startsAt: at("2024-02-29T00:00:00Z"), count: 0 },
      { startsAt: at("2024-03-01T00:00:00Z"), count: 3 },
      { startsAt: at("2024-03-02T00:00:00Z"), count: 0 },
    ]);
  });

  test("gives no bucket before 1970 in a series", () => {
    const counter = new PeriodCounter();
    counter.inc(60_000);
    expect(counter.series("week", 8, 120_000)).toEqual([{ startsAt: 0, count: 1 }]);
    expect(counter.series("minute", 60, new Date(120_000))).toEqual([
      { startsAt: 0, count: 0 },
      { startsAt: 60_000, count: 1 },
      { startsAt: 120_000, count: 0 },
    ]);
  });

  test("takes dates, and a condition as its window", () => {
    const counter = new PeriodCounter();
    counter.inc(new Date("2024-07-01T10:00:00Z"));
    expect(counter.count({ period: "day", nrOfPeriods: 1 }, new Date("2024-07-02T10:00:00Z"))).toBe(0);
    expect(counter.count(volumeCondition(5, "day", 2), new Date("2024-07-02T10:00:00Z"))).toBe(1);
  });

  test("throws coded errors only, whatever it is given", () => {
    const calls: readonly ((given: unknown, other: unknown) => unknown)[] = [
      (given, other) => Reflect.apply(PeriodCounter.decode, PeriodCounter, [given, other]),
      (given) => Reflect.apply(PeriodCounter.decode, PeriodCounter, [new PeriodCounter().encode(), given]),
      (given) => Reflect.apply(PeriodCounter.ofOneMinute, PeriodCounter, [given]),
      ...["inc", "incTotal", "add", "dec", "count", "busiestHour", "series", "setBack"].map(
        (name) => (given: unknown, other: unknown) => {
          const counter = new PeriodCounter();
          const method: unknown = Reflect.get(counter, name);
          return typeof method === "function" ? Reflect.apply(method, counter, [given, other, given]) : undefined;
        },
      ),
    ];
    fc.assert(
      fc.property(hostileValue, hostileValue, (given, other) => {
        for (const call of calls) expect(errorOf(() => call(given(), other()))).toSatisfy(isCoded);
      }),
      { numRuns: 500 },
    );
    expect(() => Reflect.apply(PeriodCounter.decode, PeriodCounter, [undefined])).toThrow(
      "bytes: got undefined; allowed is a Uint8Array.",
    );
  });

  test("is next to nothing in bytes with one event, and at most 230 with every bucket in use", () => {
    const one = new PeriodCounter();
    one.inc(at("2024-07-01T10:00:00Z"));
    expect(one.encode().length).toBeLessThanOrEqual(8);
    const full = new PeriodCounter();
    for (let day = at("2020-01-01T00:00:00Z"); day < at("2026-01-01T00:00:00Z"); day += 86_400_000) full.inc(day, 150);
    for (let minute = at("2026-01-01T00:00:00Z"); minute < at("2026-01-02T00:00:00Z"); minute += 60_000)
      full.inc(minute);
    expect(full.series("minute", 60, at("2026-01-01T23:59:00Z")).every(({ count }) => count === 1)).toBe(true);
    expect(full.busiestHour()).toBe(150);
    expect(full.encode().length).toBeLessThanOrEqual(230);
  });

  test("refuses bytes that are no counter, or not the one that the newest minute and total continue", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 5);
    counter.inc(at("2024-07-01T10:01:00Z"), 5);
    const bytes = counter.encode();
    const newestMinute = minuteOf(at("2024-07-01T10:01:00Z"));
    expect(PeriodCounter.decode(bytes, { newestMinute, total: 12 }).total).toBe(12);
    const corrupt = expect.objectContaining({ code: "corrupt-data" });
    expect(() => PeriodCounter.decode(bytes, { newestMinute: newestMinute + 1, total: 12 })).toThrow(corrupt);
    expect(() => PeriodCounter.decode(bytes, { newestMinute, total: 9 })).toThrow(corrupt);
    expect(() => PeriodCounter.decode(new Uint8Array())).toThrow(corrupt);
    expect(() => PeriodCounter.decode(Uint8Array.of(3, 0, 0))).toThrow(corrupt);
    expect(() => PeriodCounter.decode(bytes.slice(0, -1))).toThrow(corrupt);
    expect(() => PeriodCounter.decode(Uint8Array.of(...bytes, 0))).toThrow(corrupt);
  });

  test("refuses a busiest hour of more events than there are, and more busiest hours than are kept", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 5);
    counter.inc(at("2024-07-03T10:00:00Z"), 5);
    const bytes = counter.encode();
    expect([...bytes.slice(-5)]).toEqual([0, 2, 5, 0, 5]); // no more on two days, 5 more on the third, no more on five
    const ending = (...end: number[]): Uint8Array => Uint8Array.of(...bytes.slice(0, -5), ...end);
    const corrupt = expect.objectContaining({ code: "corrupt-data" });
    expect(PeriodCounter.decode(ending(0, 2, 10, 0, 5)).busiestHour()).toBe(10);
    expect(() => PeriodCounter.decode(ending(0, 2, 11, 0, 5))).toThrow(corrupt);
    expect(() => PeriodCounter.decode(ending(0, 2, 5, 0, 6))).toThrow(corrupt);
    expect(() => PeriodCounter.decode(ending(0, 2, 5, 0, 4))).toThrow(corrupt);
    expect(() => PeriodCounter.decode(ending())).toThrow(corrupt);
  });

  test("reads counters of version 1, with the busiest hours that the kept hours tell", () => {
    const stored = "018fc1d50dce03a201003b00000306001009000107064200015a001a069c010006069c01000aa2010004";
    const counter = PeriodCounter.decode(Buffer.from(stored, "hex"));
    const expected = new PeriodCounter();
    expected.inc(at("2024-06-28T10:10:00Z"), 90); // no longer kept, as the next
    expected.inc(at("2024-06-30T09:10:00Z"), 50);
    expected.inc(at("2024-06-30T13:10:00Z"), 7);
    expected.inc(at("2024-06-30T15:20:00Z"), 9);
    expected.inc(at("2024-07-01T08:05:00Z"), 4);
    expected.inc(at("2024-07-01T08:15:00Z"), 2);
    expected.inc(at("2024-07-01T12:30:00Z"), 300); // the current hour
    expect([counter.newestMinute, counter.total]).toEqual([expected.newestMinute, 462]);
    for (const period of CALENDAR_PERIODS) {
      const series = (of: PeriodCounter) => of.series(period, KEPT_BUCKETS[period], at("2024-07-01T12:30:00Z"));
      expect(series(counter)).toEqual(series(expected));
    }
    expect([counter.busiestHour(), expected.busiestHour()]).toEqual([9, 90]);
    expect(counter.busiestHour(at("2024-07-08T00:00:00Z"))).toBe(300);
    counter.inc(at("2024-07-08T00:00:00Z"));
    expect(counter.busiestHour()).toBe(300);
    expect(PeriodCounter.decode(counter.encode())).toEqual(counter);
  });

  test("reads counters of version 1 that are empty or in one minute", () => {
    expect(PeriodCounter.decode(Buffer.from("010000", "hex")).newestMinute).toBeUndefined();
    const one = PeriodCounter.decode(Buffer.from("01f9bfd50d05", "hex"));
    expect([one.newestMinute, one.total, one.inOneMinute]).toEqual([minuteOf(at("2024-07-01T10:00:00Z")), 5, true]);
    expect(one.busiestHour(at("2024-07-01T11:00:00Z"))).toBe(5);
  });

  test("never reads arbitrary bytes as a counter that counts below zero", () => {
    const stored = new PeriodCounter();
    for (let hour = 0; hour < 300; hour += 7)
      stored.inc(at("2024-07-01T10:00:00Z") + hour * 3_600_000, 1 + (hour % 50));
    const arbitrary = fc
      .tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 60 }))
      .map(([version, bytes]) => Uint8Array.of(version, ...bytes));
    const changed = fc
      .tuple(fc.nat(stored.encode().length - 1), fc.nat(0xff))
      .map(([place, byte]) => stored.encode().with(place, byte));
    fc.assert(
      fc.property(fc.oneof(arbitrary, changed), (bytes) => {
        let counter: PeriodCounter;
        try {
          counter = PeriodCounter.decode(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "corrupt-data" });
          return;
        }
        for (const period of CALENDAR_PERIODS)
          expect(counter.count({ period, nrOfPeriods: 1 })).toBeGreaterThanOrEqual(0);
        expect(counter.busiestHour()).toBeGreaterThanOrEqual(0);
        expect(counter.busiestHour()).toBeLessThanOrEqual(counter.total);
        expect(PeriodCounter.decode(counter.encode())).toEqual(counter);
      }),
      { numRuns: rounds({ quick: 500, full: 5_000 }) },
    );
  });

  test("counts as a naive model does that remembers every event, through encoding, decoding and cloning", () => {
    const change = fc.record({
      step: stepMs,
      n: fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 300 })),
      counted: fc.constantFrom("in windows", "in windows", "in windows", "in the total only"),
      then: fc.constantFrom("go on", "encode", "clone"),
    });
    const question = fc.record({
      window: keptWindow,
      later: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 * 86_400_000 })),
    });
    fc.assert(
      fc.property(
        startInstant,
        fc.array(change, { minLength: 1, maxLength: 60 }),
        fc.array(question, { minLength: 3, maxLength: 8 }),
        (start, changes, questions) => {
          let counter = new PeriodCounter();
          const model = new NaiveCounter();
          let now = start;
          let newest = start;
          for (const { step, n, counted, then } of changes) {
            now = Math.max(0, now + step);
            newest = Math.max(newest, now);
            const method = counted === "in windows" ? "inc" : "incTotal";
            counter[method](now, n);
            model[method](now, n);
            if (then === "encode") counter = PeriodCounter.decode(counter.encode());
            if (then === "clone") counter = counter.clone();
            expect(counter.total).toBe(model.total);
            expect(counter.busiestHour()).toBe(model.busiestHour());
            for (const { window, later } of questions) {
              expect(counter.busiestHour(newest + later)).toBe(model.busiestHour(newest + later));
              expect(counter.count(window)).toBe(model.count(window));
              expect(counter.count(window, newest + later)).toBe(model.count(window, newest + later));
            }
          }
        },
      ),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});

describe("rule 4: a period counter whose clock was ahead", () => {
  const jumped = (): PeriodCounter => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 2);
    counter.inc(at("2024-07-01T11:00:00Z"), 3);
    counter.inc(at("2025-03-05T07:00:00Z"), 5);
    return counter;
  };

  test("counts what it had counted beyond now in the current buckets", () => {
    const counter = jumped();
    counter.setBack(at("2024-07-01T11:30:00Z"));
    expect(counter.newestMinute).toBe(minuteOf(at("2024-07-01T11:30:00Z")));
    expect(counter.total).toBe(10);
    const counts = (["minute", "hour", "day", "month", "year"] as const).map((period) =>
      counter.count({ period, nrOfPeriods: 1 }),
    );
    expect(counts).toEqual([5, 5, 5, 10, 10]);
    expect(counter.count({ period: "total", nrOfPeriods: 1 })).toBe(10);
  });

  test("keeps the buckets that were still kept at the time that was ahead", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 2);
    counter.inc(at("2024-07-01T10:20:00Z"), 3);
    counter.inc(at("2024-07-01T10:50:00Z"), 5);
    counter.setBack(at("2024-07-01T10:30:00Z"));
    expect(counter.count({ period: "minute", nrOfPeriods: 1 })).toBe(5);
    expect(counter.count({ period: "minute", nrOfPeriods: 11 })).toBe(8);
    expect(counter.count({ period: "minute", nrOfPeriods: 31 })).toBe(10);
    expect(counter.series("minute", 31, at("2024-07-01T10:30:00Z")).filter(({ count }) => count > 0)).toEqual([
      { startsAt: at("2024-07-01T10:00:00Z"), count: 2 },
      { startsAt: at("2024-07-01T10:20:00Z"), count: 3 },
      { startsAt: at("2024-07-01T10:30:00Z"), count: 5 },
    ]);
  });

  test("forgets the busiest hours that began after now, and keeps the others", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-06-25T10:00:00Z"), 20);
    counter.inc(at("2024-07-01T09:00:00Z"), 7);
    counter.inc(at("2024-07-01T11:00:00Z"), 50);
    counter.inc(at("2024-07-01T23:00:00Z"), 60);
    counter.inc(at("2024-07-01T23:59:00Z"), 60);
    counter.setBack(at("2024-07-01T10:30:00Z"));
    expect(counter.busiestHour()).toBe(20);
    expect(counter.busiestHour(at("2024-07-03T00:00:00Z"))).toBe(170); // what was counted after now counts in its hour
    counter.inc(at("2024-07-03T00:00:00Z"), 0);
    expect(counter.busiestHour()).toBe(170);
  });

  test("keeps the busiest hours of the days before now, also of today if not all of its hours are kept, and drops the days beyond it", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T09:00:00Z"), 7);
    counter.inc(at("2024-07-02T12:00:00Z"), 900);
    counter.inc(at("2024-07-03T12:00:00Z"));
    counter.setBack(at("2024-07-01T10:30:00Z"));
    expect(counter.busiestHour()).toBe(7);
    const oldest = new PeriodCounter();
    oldest.inc(at("2024-07-01T09:00:00Z"), 7);
    oldest.inc(at("2024-07-08T09:00:00Z"));
    oldest.setBack(at("2024-07-07T09:00:00Z"));
    expect(oldest.busiestHour()).toBe(7);
    const far = jumped();
    far.setBack(at("2024-07-01T11:30:00Z"));
    expect(far.busiestHour()).toBe(0);
  });

  test("goes on as any other", () => {
    const counter = jumped();
    counter.setBack(at("2024-07-01T11:30:00Z"));
    counter.inc(at("2024-07-01T11:31:00Z"));
    counter.inc(at("2024-07-01T12:00:00Z"));
    expect(counter.count({ period: "minute", nrOfPeriods: 30 })).toBe(2);
    expect(counter.count({ period: "hour", nrOfPeriods: 2 })).toBe(7);
    expect(counter.count({ period: "hour", nrOfPeriods: 1 })).toBe(1);
  });

  test("is not changed by a time that is not before its newest minute", () => {
    const counter = jumped();
    const before = counter.encode();
    counter.setBack(at("2025-03-05T07:00:59Z"));
    counter.setBack(at("2030-01-01T00:00:00Z"));
    expect(counter.encode()).toEqual(before);
    const empty = new PeriodCounter();
    empty.setBack(0);
    expect(empty.newestMinute).toBeUndefined();
  });

  test("stays without buckets while all its events are in one minute, and may go back to 1970", () => {
    const counter = new PeriodCounter();
    counter.inc(at("2024-07-01T10:00:00Z"), 2);
    counter.setBack(new Date(0));
    expect([counter.inOneMinute, counter.newestMinute, counter.total]).toEqual([true, 0, 2]);
    expect(counter.count({ period: "year", nrOfPeriods: 5 })).toBe(2);
    const full = jumped();
    full.setBack(30_000);
    full.inc(90_000);
    expect(full.count({ period: "minute", nrOfPeriods: 60 })).toBeGreaterThanOrEqual(1);
    expect(PeriodCounter.decode(full.encode())).toEqual(full);
  });

  test("counts windows that begin later as a naive recount does, and none below zero or above all", () => {
    const change = fc.record({
      step: stepMs,
      n: fc.integer({ min: 0, max: 5 }),
      then: fc.constantFrom("go on", "go on", "encode", "clone", "jump back"),
      back: fc.oneof(fc.integer({ min: 0, max: 2 * 3_600_000 }), fc.integer({ min: 0, max: 900 * 86_400_000 })),
    });
    fc.assert(
      fc.property(
        startInstant,
        fc.array(change, { minLength: 1, maxLength: 40 }),
        fc.array(keptWindow, { minLength: 3, maxLength: 8 }),
        (start, changes, windows) => {
          let counter = new PeriodCounter();
          const events: { readonly at: number; readonly n: number }[] = [];
          let sinceJump = new NaiveCounter();
          let now = start;
          /** The first instant after the minute in which the clock was last set back. */
          let settledAt = 0;
          for (const { step, n, then, back } of changes) {
            now += Math.abs(step);
            counter.inc(now, n);
            events.push({ at: now, n });
            sinceJump.inc(now, n);
            if (then === "encode") counter = PeriodCounter.decode(counter.encode());
            if (then === "clone") counter = counter.clone();
            if (then === "jump back") {
              now = Math.max(0, now - back);
              const total = counter.total;
              counter.setBack(now);
              expect([counter.newestMinute, counter.total]).toEqual([minuteOf(now), total]);
              expect(PeriodCounter.decode(counter.encode()).encode()).toEqual(counter.encode());
              events.splice(0);
              sinceJump = new NaiveCounter();
              settledAt = (minuteOf(now) + 1) * 60_000;
            }
            const busiest = counter.busiestHour(now);
            expect(busiest).toBeGreaterThanOrEqual(0);
            expect(busiest).toBeLessThanOrEqual(counter.total);
            if (bucketStart("day", bucketOf("day", now) - 7) >= settledAt)
              expect(busiest).toBe(sinceJump.busiestHour(now));
            for (const window of windows) {
              const count = counter.count(window, now);
              expect(count).toBeGreaterThanOrEqual(0);
              expect(count).toBeLessThanOrEqual(counter.total);
              const from = bucketStart(window.period, bucketOf(window.period, now) - window.nrOfPeriods + 1);
              if (from < settledAt) continue;
              expect(count).toBe(events.filter((event) => event.at >= from).reduce((sum, event) => sum + event.n, 0));
            }
          }
        },
      ),
      { numRuns: rounds({ quick: 200, full: 3_000 }) },
    );
  });
});

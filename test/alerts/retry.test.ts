import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeliveryError, PermanentDeliveryError } from "../../src/alerts/delivery-error.ts";
import { decideRetry, type RetryPolicy } from "../../src/alerts/retry.ts";
import { rounds } from "../support/effort.ts";
import { DAY, HOUR, START } from "../support/scenario.ts";

const POLICY: RetryPolicy = { maxAttempts: 48, backoffMs: 10_000, maxBackoffMs: HOUR, maxAgeMs: null };
const failed = { attempts: 1, error: new Error("no"), now: START, chance: 0 };

function pauseAfter(attempts: number, more: Partial<typeof failed> = {}, policy = POLICY): number | "dead" {
  const decision = decideRetry({ ...failed, attempts, ...more }, policy);
  return decision.kind === "dead" ? "dead" : decision.dueAt - START;
}

describe("the pause after a failed attempt", () => {
  test("doubles with each attempt, up to the longest", () => {
    expect([1, 2, 3, 8, 9, 10, 47].map((attempts) => pauseAfter(attempts))).toEqual([
      10_000,
      20_000,
      40_000,
      1_280_000,
      2_560_000,
      HOUR,
      HOUR,
    ]);
  });

  test("is shortened by up to a half, at random", () => {
    expect(pauseAfter(1, { chance: 0.5 })).toBe(7_500);
    expect(pauseAfter(1, { chance: 0.999_999 })).toBe(5_001);
    expect([NaN, -1, 5].map((chance) => pauseAfter(1, { chance }))).toEqual([10_000, 10_000, 10_000]);
  });

  test("outlasts a sink that is down for a day, by the defaults", () => {
    let now = 0;
    for (let attempts = 1; attempts < POLICY.maxAttempts; attempts++) {
      const decision = decideRetry({ attempts, error: undefined, now, chance: 0.5 }, POLICY);
      if (decision.kind === "retry") now = decision.dueAt;
    }
    expect(now).toBeGreaterThan(DAY);
  });

  test("is as long as the sink asks for, if that is longer: a shorter one would use up the attempts", () => {
    const asking = (retryAfterMs: number) => pauseAfter(9, { error: new DeliveryError("busy", { retryAfterMs }) });
    expect([0, 5_000, 30_000.2, 3 * HOUR, 400 * DAY, Infinity].map(asking)).toEqual([
      2_560_000,
      2_560_000,
      2_560_000,
      3 * HOUR,
      DAY,
      DAY,
    ]);
  });

  test.each([-1, NaN, "5", null, 5n])("is not changed when the sink asks for %s", (retryAfterMs) => {
    expect(pauseAfter(3, { error: Object.assign(new Error("busy"), { retryAfterMs }) })).toBe(40_000);
  });

  test("is as long as any error asks for, also one of another copy of the library", () => {
    expect(pauseAfter(1, { error: Object.assign(new TypeError("429"), { retryAfterMs: 60_000.2 }) })).toBe(60_001);
  });
});

describe("an alert is dead", () => {
  test("after its last attempt", () => {
    expect(pauseAfter(47)).toBe(HOUR);
    expect(pauseAfter(48)).toBe("dead");
    expect(pauseAfter(49, { error: new DeliveryError("busy", { retryAfterMs: 1 }) })).toBe("dead");
  });

  test("at once after a PermanentDeliveryError", () => {
    expect(pauseAfter(1, { error: new PermanentDeliveryError("no such address") })).toBe("dead");
    const ofAnotherCopy = Object.defineProperty(
      new Error("gone"),
      Symbol.for("issue-lifecycle.permanent-delivery-error"),
      {
        value: true,
      },
    );
    expect(pauseAfter(1, { error: ofAnotherCopy })).toBe("dead");
    expect(PermanentDeliveryError.is(new DeliveryError("busy"))).toBe(false);
  });

  test("exactly when its attempts are used up; else it is due after half the longest pause to the whole", () => {
    fc.assert(
      fc.property(
        fc.record({
          maxAttempts: fc.integer({ min: 1, max: 1_000 }),
          backoffMs: fc.integer({ min: 1, max: DAY }),
          maxBackoffMs: fc.integer({ min: DAY, max: 30 * DAY }),
          maxAgeMs: fc.constant(null),
        }),
        fc.integer({ min: 1, max: 1_100 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (policy, attempts, chance) => {
          const pause = pauseAfter(attempts, { chance }, policy);
          if (attempts >= policy.maxAttempts) return pause === "dead";
          let longest = policy.backoffMs;
          for (let doubled = 1; doubled < attempts; doubled++) longest = Math.min(2 * longest, policy.maxBackoffMs);
          return pause !== "dead" && pause >= longest / 2 && pause <= longest;
        },
      ),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});

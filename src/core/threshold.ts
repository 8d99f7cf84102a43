import type { InstantInput } from "./instant.ts";
import type { PeriodCounter, PeriodWindow } from "./period-counter.ts";
import type { VolumeBasedCondition } from "./conditions/volume-condition.ts";

/**
 * A condition to evaluate on a counter. May have more members, which come back in the result: with `{ purpose: "quota",
 * condition }` one counter can serve several purposes.
 */
export interface Threshold {
  readonly condition: Omit<VolumeBasedCondition, "kind">;
  /** How many of the first events do not count; default 0. */
  readonly countedFrom?: number;
}

/** The result of evaluating a {@link Threshold}. */
export interface ThresholdResult<T extends Threshold = Threshold> {
  readonly threshold: T;
  /** Whether the condition is met. */
  readonly met: boolean;
  /** The number of events that count: those in the window, but at most those after the first `countedFrom`. */
  readonly count: number;
  /** How many more events meet the condition; 0 when it is met. */
  readonly missing: number;
}

/**
 * Evaluates thresholds on a counter. The cost does not depend on the windows.
 *
 * @param now - see {@link PeriodCounter.count}
 * @returns the results, in the order of the thresholds
 */
export function evaluateThresholds<T extends Threshold>(
  counter: PeriodCounter,
  thresholds: readonly T[],
  now?: InstantInput,
): ThresholdResult<T>[] {
  return thresholds.map((threshold) => {
    const count = countTowards(counter, threshold.condition, threshold.countedFrom ?? 0, now);
    const missing = Math.max(0, threshold.condition.volume - count);
    return { threshold, met: missing === 0, count, missing };
  });
}

/** The number of events that count for a condition: the smaller of the window's count and the events after `countedFrom`. */
export function countTowards(
  counter: PeriodCounter,
  window: PeriodWindow,
  countedFrom: number,
  now?: InstantInput,
): number {
  return Math.min(counter.count(window, now), counter.total - countedFrom);
}

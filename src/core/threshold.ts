import type { Instant } from "./instant.ts";
import type { PeriodCounter } from "./period-counter.ts";
import type { VolumeBasedCondition } from "./volume-condition.ts";

/**
 * A volume-based condition as it is put to a counter. A caller with several purposes for one counter adds a member of
 * its own that says which (`{ purpose: "quota", condition }`); every answer carries the threshold it answers.
 */
export interface Threshold {
  /** What has to be reached. */
  readonly condition: VolumeBasedCondition;
  /** Only events after this many count; default 0, which is all of the window. */
  readonly countedFrom?: number;
}

/** What a counter says to a {@link Threshold}. */
export interface ThresholdAnswer<T extends Threshold = Threshold> {
  /** The threshold this answers. */
  readonly threshold: T;
  /** Whether the condition is met: `missing` is 0. */
  readonly met: boolean;
  /** The events that count: those in the window, but not more than came after `countedFrom`. */
  readonly count: number;
  /** How many more are needed; 0 when met. */
  readonly missing: number;
}

/**
 * Puts thresholds to a counter, each at the same cost whatever its window.
 *
 * @param counter - what was counted
 * @param thresholds - what to judge; the answers come in the same order
 * @param now - see {@link PeriodCounter.count}
 */
export function judgeThresholds<T extends Threshold>(
  counter: PeriodCounter,
  thresholds: readonly T[],
  now?: Instant,
): ThresholdAnswer<T>[] {
  return thresholds.map((threshold) => {
    const count = countTowards(counter, threshold.condition, threshold.countedFrom ?? 0, now);
    const missing = Math.max(0, threshold.condition.volume - count);
    return { threshold, met: missing === 0, count, missing };
  });
}

/**
 * The events that count towards a condition: exactly the smaller of the window's count and the events after the first
 * `countedFrom` ones.
 */
export function countTowards(
  counter: PeriodCounter,
  condition: VolumeBasedCondition,
  countedFrom: number,
  now?: Instant,
): number {
  return Math.min(counter.count(condition, now), counter.total - countedFrom);
}

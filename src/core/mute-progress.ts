import { bucketOf, bucketStart } from "./calendar.ts";
import { requireInstant } from "./input.ts";
import { formatInstant, type Instant, type InstantInput } from "./instant.ts";
import type { Mute, MuteDeadline } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { pluralize } from "./text.ts";
import { countTowards } from "./threshold.ts";
import { describeWindow, type VolumeBasedCondition } from "./volume-condition.ts";

/** How close a muted issue is to meeting one of its conditions. */
export interface ConditionProgress {
  readonly condition: VolumeBasedCondition;
  /** The number of events that count now. */
  readonly count: number;
  /** How many more events meet the condition. */
  readonly missing: number;
  /** The first instant of the window; `null` for `total`. */
  readonly windowStartsAt: Instant | null;
  /** The instant at which the current bucket ends and the oldest one leaves the window; `null` for `total`. */
  readonly windowEndsAt: Instant | null;
  /** The same in words: "63 of 100 events in the current day, which ends at 2026-11-24 00:00 UTC". */
  readonly text: string;
}

/** How close a mute is to its end. */
export interface MuteProgress {
  readonly deadline: MuteDeadline | null;
  /** One for each condition, in declared order. */
  readonly conditions: readonly ConditionProgress[];
}

/** How close a mute is to its end, at `now` or at the newest time counted if that is later. */
export function muteProgress(mute: Mute, counter: PeriodCounter, now: InstantInput): MuteProgress {
  const at = Math.max(requireInstant("now", now), newestInstant(counter));
  const countedFrom = mute.volume?.countedFrom ?? 0;
  const conditions = mute.volume?.conditions ?? [];
  return {
    deadline: mute.deadline,
    conditions: conditions.map((condition) => conditionProgress(condition, countedFrom, counter, at)),
  };
}

function conditionProgress(
  condition: VolumeBasedCondition,
  countedFrom: number,
  counter: PeriodCounter,
  now: Instant,
): ConditionProgress {
  const count = countTowards(counter, condition, countedFrom, now);
  const since = countedFrom > 0 ? " since the mute" : "";
  const progress = `${String(count)} of ${pluralize(condition.volume, "event")}${since} ${describeWindow(condition)}`;
  const missing = Math.max(0, condition.volume - count);
  if (condition.period === "total") {
    return { condition, count, missing, windowStartsAt: null, windowEndsAt: null, text: progress };
  }
  const current = bucketOf(condition.period, now);
  const windowEndsAt = bucketStart(condition.period, current + 1);
  const which = condition.nrOfPeriods === 1 ? "which" : `the current ${condition.period}`;
  return {
    condition,
    count,
    missing,
    windowStartsAt: Math.max(0, bucketStart(condition.period, current - condition.nrOfPeriods + 1)),
    windowEndsAt,
    text: `${progress}, ${which} ends at ${formatInstant(windowEndsAt)}`,
  };
}

function newestInstant(counter: PeriodCounter): Instant {
  return counter.newestMinute === undefined ? 0 : bucketStart("minute", counter.newestMinute);
}

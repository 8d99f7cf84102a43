import { bucketOf, bucketOfMinute, bucketStart, CALENDAR_PERIODS, PERIODS, type CalendarPeriod } from "./calendar.ts";
import { volumeConditionInput } from "./conditions/volume-condition.ts";
import { invalidInput, requireInstant } from "./input.ts";
import type { Instant, InstantInput } from "./instant.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { integer, object, oneOf, optional, withDefault, type Shape } from "./shape.ts";

/** That at most so many events are taken in a window of calendar periods (UTC): the current one and those before it. */
export interface Quota {
  /** The most events of the window; at least 1. */
  readonly volume: number;
  readonly period: CalendarPeriod;
  /** How many periods the window has, the current one included; at most `KEPT_BUCKETS`. Default 1. */
  readonly nrOfPeriods?: number;
}

const quotaMembers = object(
  {
    kind: optional(oneOf(["volume"])),
    volume: integer(1, Number.MAX_SAFE_INTEGER),
    period: oneOf(PERIODS),
    nrOfPeriods: withDefault(integer(1, Number.MAX_SAFE_INTEGER), 1),
  } satisfies Record<keyof Quota | "kind", Shape<unknown>>,
  `{ volume: 10_000, period: "day" }`,
);

/** The shape of a {@link Quota}. A volume-based condition is one too. */
export const quotaInput: Shape<Required<Quota>> = (field, value) => {
  const { period, nrOfPeriods, volume } = volumeConditionInput(field, quotaMembers(field, value));
  if (period === "total") {
    throw invalidInput(`${field}.period`, period, `one of ${CALENDAR_PERIODS.join(", ")}: a total never becomes less`);
  }
  return { period, nrOfPeriods, volume };
};

/**
 * When quotas are open again that a counter has used up: the first instant at which each of its windows has less than the quota's
 * volume, unless more is counted until then.
 *
 * @returns `null` if all of them are open now
 * @throws {@link IssueLifecycleError} `invalid-input`
 * @example
 * ```ts
 * import { PeriodCounter, quotaOpensAt } from "issue-lifecycle/core";
 *
 * const counter = new PeriodCounter();
 * const now = Date.UTC(2026, 10, 23, 9, 30);
 * counter.inc(now, 1_000);
 * quotaOpensAt(counter, [{ volume: 1_000, period: "hour" }], now); // 10:00
 * ```
 */
export function quotaOpensAt(counter: PeriodCounter, quotas: readonly Quota[], now: InstantInput): Instant | null {
  const at = requireInstant("now", now);
  let opensAt: Instant | null = null;
  for (const [index, quota] of quotas.entries()) {
    const { period, nrOfPeriods, volume } = quotaInput(`quotas[${String(index)}]`, quota);
    const window = { period, nrOfPeriods };
    // A counter never counts for a time before its newest event.
    const current = Math.max(bucketOf(period, at), bucketOfMinute(period, counter.newestMinute ?? 0));
    let waits = 0;
    while (counter.count(window, Math.max(0, bucketStart(period, current + waits))) >= volume) waits++;
    if (waits > 0) opensAt = Math.max(opensAt ?? 0, bucketStart(period, current + waits));
  }
  return opensAt;
}

import type { CalendarPeriod } from "../core/calendar.ts";
import type { Instant } from "../core/instant.ts";
import type { UnmuteReason } from "../core/mute.ts";
import { Histogram } from "./histogram.ts";

/** An alert that a rule would have raised: at the end of its mute, or by its watch. */
export interface BacktestAlert {
  /**
   * When it would have been raised. For a late event the newest time before it; for a count the beginning of its period, although
   * it may have been raised later in the period.
   */
  readonly at: Instant;
  /** Why: for a watch always a condition that was met. */
  readonly reason: UnmuteReason;
  /** The events since the mute began, of a watch since its alert before; the one that raised it included. */
  readonly eventCount: number;
}

/** The most alerts that a `RuleReport` lists. */
export const MAX_LISTED_ALERTS = 1_000;

/** The alerts of a rule, in bounded memory: the first ones, the last one, and how many there were over time. */
export class AlertLog {
  readonly listed: BacktestAlert[] = [];
  readonly histogram: Histogram;
  count = 0;
  last: BacktestAlert | null = null;

  /** @param period - the shortest bars of the histogram */
  constructor(period: CalendarPeriod) {
    this.histogram = new Histogram(period);
  }

  /** Whether further alerts are not listed, only counted. */
  get isFull(): boolean {
    return this.listed.length >= MAX_LISTED_ALERTS;
  }

  /** Adds an alert, or `n` equal ones. */
  add(alert: BacktestAlert, n = 1): void {
    if (!this.isFull) this.listed.push(alert);
    this.count += n;
    this.last = alert;
    this.histogram.add(alert.at, n);
  }

  /** Counts alerts that are not listed, `stepMs` from each other. */
  skip(stepMs: number, from: Instant, n: number): void {
    this.count += n;
    this.histogram.addEvery(stepMs, from, n);
  }
}

import type { CalendarPeriod } from "../core/calendar.ts";
import type { Instant } from "../core/instant.ts";
import type { UnmuteReason } from "../core/mute.ts";
import { Histogram } from "./histogram.ts";

/** One time that a rule would have ended its mute. */
export interface BacktestUnmute {
  /**
   * When it would have ended. For a late event the newest time before it; for a count the beginning of its period, although it
   * may have ended later in the period.
   */
  readonly at: Instant;
  readonly reason: UnmuteReason;
  /** The events since the mute began, the one that ended it included. */
  readonly eventsSinceMute: number;
}

/** The most unmutes that a {@link RuleReport} lists. */
export const MAX_LISTED_UNMUTES = 1_000;

/** The unmutes of a rule, in bounded memory: the first ones, the last one, and how many there were over time. */
export class UnmuteLog {
  readonly listed: BacktestUnmute[] = [];
  readonly histogram: Histogram;
  count = 0;
  last: BacktestUnmute | null = null;

  /** @param period - the shortest bars of the histogram */
  constructor(period: CalendarPeriod) {
    this.histogram = new Histogram(period);
  }

  /** Whether further unmutes are not listed, only counted. */
  get isFull(): boolean {
    return this.listed.length >= MAX_LISTED_UNMUTES;
  }

  /** Adds an unmute, or `n` equal ones. */
  add(unmute: BacktestUnmute, n = 1): void {
    if (!this.isFull) this.listed.push(unmute);
    this.count += n;
    this.last = unmute;
    this.histogram.add(unmute.at, n);
  }

  /** Counts unmutes that are not listed, `stepMs` from each other. */
  skip(stepMs: number, from: Instant, n: number): void {
    this.count += n;
    this.histogram.addEvery(stepMs, from, n);
  }
}

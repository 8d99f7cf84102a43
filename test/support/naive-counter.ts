import { KEPT_BUCKETS, type CalendarPeriod } from "../../src/core/calendar.ts";
import type { PeriodWindow } from "../../src/core/period-counter.ts";

/**
 * The naive model of a period counter: remembers every event, and counts anew at each question. An event only counts in
 * a bucket that was still kept when it came.
 */
export class NaiveCounter {
  readonly #events: { readonly at: number; readonly n: number; readonly newestBefore: number }[] = [];
  #newest = -1;

  get total(): number {
    return this.#events.reduce((sum, { n }) => sum + n, 0);
  }

  inc(at: number, n = 1): void {
    this.#events.push({ at, n, newestBefore: this.#newest });
    this.#newest = Math.max(this.#newest, at);
  }

  count({ period, nrOfPeriods }: PeriodWindow, now = this.#newest): number {
    if (period === "total") return this.total;
    const current = Math.max(now, this.#newest);
    const start = startOfBucket(period, current, nrOfPeriods - 1);
    return this.#events
      .filter(({ at, newestBefore }) => at >= start && wasKept(period, at, newestBefore))
      .reduce((sum, { n }) => sum + n, 0);
  }
}

function wasKept(period: CalendarPeriod, at: number, newestBefore: number): boolean {
  return newestBefore < 0 || at >= startOfBucket(period, newestBefore, KEPT_BUCKETS[period] - 1);
}

/** The start of the bucket that lies so many buckets before that of an instant, by calendar arithmetic. */
export function startOfBucket(period: CalendarPeriod, at: number, back: number): number {
  const date = new Date(at);
  const [y, m, d, h, min] = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
  switch (period) {
    case "minute":
      return Date.UTC(y, m, d, h, min - back);
    case "hour":
      return Date.UTC(y, m, d, h - back);
    case "day":
      return Date.UTC(y, m, d - back);
    case "week":
      return Date.UTC(y, m, d - ((date.getUTCDay() + 6) % 7) - 7 * back);
    case "month":
      return Date.UTC(y, m - back);
    case "year":
      return Date.UTC(y - back, 0);
  }
}

import { KEPT_BUCKETS, type CalendarPeriod } from "../../src/core/calendar.ts";
import type { PeriodWindow } from "../../src/core/period-counter.ts";

/**
 * The naive model of a period counter: remembers every event, and counts anew at each question. An event only counts in
 * a bucket that was still kept when it came.
 */
export class NaiveCounter {
  readonly #events: { readonly at: number; readonly n: number; readonly newestBefore: number }[] = [];
  #newest = -1;
  #inTotalOnly = 0;

  get total(): number {
    return this.#events.reduce((sum, { n }) => sum + n, this.#inTotalOnly);
  }

  inc(at: number, n = 1): void {
    this.#events.push({ at, n, newestBefore: this.#newest });
    this.#newest = Math.max(this.#newest, at);
  }

  incTotal(at: number, n: number): void {
    this.#inTotalOnly += n;
    this.#newest = Math.max(this.#newest, at);
  }

  busiestHour(now = this.#newest): number {
    const current = Math.max(now, this.#newest);
    const until = startOfBucket("hour", current, 0);
    const since = startOfBucket("day", current, 7);
    const counts = new Map<number, number>([[until, 0]]);
    for (const { at, n, newestBefore } of this.#events) {
      const hour = startOfBucket("hour", at, 0);
      if (hour < since || hour >= until || !wasKept("hour", at, newestBefore)) continue;
      counts.set(hour, (counts.get(hour) ?? 0) + n);
    }
    return Math.max(...counts.values());
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

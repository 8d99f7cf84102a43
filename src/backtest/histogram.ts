import { bucketOf, bucketStart, type CalendarPeriod } from "../core/calendar.ts";
import type { Instant } from "../core/instant.ts";
import type { PeriodCount } from "../core/period-counter.ts";

/** The length of a histogram's bars: a number of calendar periods. */
export interface BarLength {
  readonly period: CalendarPeriod;
  readonly nrOfPeriods: number;
}

/** The lengths up to a day, each made of whole ones of the length before it. Longer ones double. */
const LENGTHS: readonly BarLength[] = [
  { period: "minute", nrOfPeriods: 1 },
  { period: "minute", nrOfPeriods: 5 },
  { period: "minute", nrOfPeriods: 15 },
  { period: "minute", nrOfPeriods: 30 },
  { period: "hour", nrOfPeriods: 1 },
  { period: "hour", nrOfPeriods: 3 },
  { period: "hour", nrOfPeriods: 6 },
  { period: "hour", nrOfPeriods: 12 },
  { period: "day", nrOfPeriods: 1 },
];

const MAX_BARS = 120;

/** Counts over time in at most 120 bars. The bars get longer as the time that they cover grows. */
export class Histogram {
  #length: BarLength;
  #bars = new Map<number, number>();
  #first = Infinity;
  #last = -Infinity;

  /** @param period - the shortest bars */
  constructor(period: CalendarPeriod) {
    this.#length = { period, nrOfPeriods: 1 };
  }

  get barLength(): BarLength {
    return this.#length;
  }

  /** Counts `n` at an instant. With 0 it only covers the instant. */
  add(at: Instant, n: number): void {
    this.#cover(at);
    const bar = this.#barOf(at);
    this.#bars.set(bar, (this.#bars.get(bar) ?? 0) + n);
  }

  /** Counts one at each of `n` instants, `stepMs` from each other. */
  addEvery(stepMs: number, from: Instant, n: number): void {
    const end = from + n * stepMs;
    this.#cover(from);
    this.#cover(end - stepMs);
    const starts = this.bars().map(({ startsAt }) => startsAt);
    const stepsBefore = (at: Instant): number => Math.min(n, Math.max(0, Math.ceil((at - from) / stepMs)));
    for (const [index, start] of starts.entries()) {
      this.add(start, stepsBefore(starts[index + 1] ?? end) - stepsBefore(start));
    }
  }

  /** All bars in order, those without events included. */
  bars(): PeriodCount[] {
    return Array.from({ length: Math.max(0, this.#last - this.#first + 1) }, (_, index) => {
      const bar = this.#first + index;
      return { startsAt: this.#startOf(bar), count: this.#bars.get(bar) ?? 0 };
    });
  }

  #barOf(at: Instant): number {
    return Math.floor(bucketOf(this.#length.period, at) / this.#length.nrOfPeriods);
  }

  #startOf(bar: number): Instant {
    return Math.max(0, bucketStart(this.#length.period, bar * this.#length.nrOfPeriods));
  }

  /** Makes the bars so long that not too many of them cover an instant and what they covered before. */
  #cover(at: Instant): void {
    let bar = this.#barOf(at);
    if (bar >= this.#first && bar <= this.#last) return;
    while (Math.max(this.#last, bar) - Math.min(this.#first, bar) >= MAX_BARS) {
      this.#lengthen();
      bar = this.#barOf(at);
    }
    this.#first = Math.min(this.#first, bar);
    this.#last = Math.max(this.#last, bar);
  }

  /** Makes each bar a part of a longer one. */
  #lengthen(): void {
    const [first, last] = [this.#startOf(this.#first), this.#startOf(this.#last)];
    const counts = Array.from(this.#bars, ([bar, n]) => ({ startsAt: this.#startOf(bar), n }));
    this.#length = nextLength(this.#length);
    this.#first = this.#barOf(first);
    this.#last = this.#barOf(last);
    this.#bars = new Map();
    for (const { startsAt, n } of counts) this.add(startsAt, n);
  }
}

function nextLength({ period, nrOfPeriods }: BarLength): BarLength {
  const index = LENGTHS.findIndex((each) => each.period === period && each.nrOfPeriods === nrOfPeriods);
  return (index < 0 ? undefined : LENGTHS[index + 1]) ?? { period, nrOfPeriods: nrOfPeriods * 2 };
}

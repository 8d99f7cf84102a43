import {
  bucketOf,
  bucketOfMinute,
  bucketStart,
  CALENDAR_PERIODS,
  KEPT_BUCKETS,
  minuteOf,
  type CalendarPeriod,
  type Period,
} from "./calendar.ts";
import { requireInstant, requireInteger, requireOneOf } from "./input.ts";
import { MAX_INSTANT, type Instant } from "./instant.ts";
import { decodeCounter, encodeCounter } from "./period-counter-codec.ts";
import { beginMinute, countBefore, countLate, newestBucket, newRings, type Rings } from "./period-rings.ts";

/** A window of calendar buckets: the current one of `period` and the `nrOfPeriods - 1` before it. */
export interface PeriodWindow {
  /** The length of one bucket, or `total`. */
  readonly period: Period;
  /** How many buckets, at most {@link KEPT_BUCKETS}; without meaning for `total`. */
  readonly nrOfPeriods: number;
}

/** One bucket of a {@link PeriodCounter.series}. */
export interface PeriodCount {
  /** The bucket's first instant. */
  readonly startsAt: Instant;
  /** The events counted in it. */
  readonly count: number;
}

/** What of a live {@link PeriodCounter} changes with every event; the rest changes when a new minute begins. */
export interface CounterHead {
  /** The number of the newest minute counted, in minutes since 1970. */
  readonly newestMinute: number;
  /** All events counted. */
  readonly total: number;
}

/**
 * Counts events in calendar buckets (UTC): minutes, hours, days, weeks, months, years and in total.
 *
 * Any window costs the same to read, because a ring per period holds, for each bucket it keeps, how many events came
 * *before* that bucket: a window's count is one subtraction. Counting within one minute is one addition; the rings are
 * touched when a minute ends, and are not even there before a second minute is seen.
 *
 * Time never runs backwards: an event older than the newest minute counts in its own bucket while that is kept, else
 * only in `total`, and windows go on being judged at the newest minute.
 *
 * @example
 * ```ts
 * import { PeriodCounter } from "issue-lifecycle";
 *
 * const counter = new PeriodCounter();
 * counter.inc(Date.UTC(2026, 10, 23, 10, 58));
 * counter.inc(Date.UTC(2026, 10, 23, 11, 2), 3);
 * counter.count({ period: "hour", nrOfPeriods: 1 }); // 3
 * counter.count({ period: "day", nrOfPeriods: 1 }); // 4
 * ```
 */
export class PeriodCounter {
  /** The newest minute counted; -1 before the first event. */
  #minute = -1;
  #total = 0;
  /** Absent while all events lie in one minute: then nothing came before any bucket. */
  #rings: Rings | undefined;

  /** All events counted. */
  get total(): number {
    return this.#total;
  }

  /** The newest minute counted, in minutes since 1970; `undefined` before the first event. */
  get newestMinute(): number | undefined {
    return this.#minute < 0 ? undefined : this.#minute;
  }

  /** Whether all events lie in the newest minute, so that {@link PeriodCounter.ofOneMinute} says it all. */
  get inOneMinute(): boolean {
    return this.#rings === undefined;
  }

  /**
   * Counts `n` events at an instant.
   *
   * @param at - when they were received
   * @param n - how many; default 1. With 0, only time goes on.
   * @throws {@link IssueLifecycleError} `invalid-input`, with nothing counted
   */
  inc(at: Instant, n = 1): void {
    requireInstant("at", at);
    requireInteger("n", n, 0, Number.MAX_SAFE_INTEGER - this.#total);
    const minute = minuteOf(at);
    if (minute > this.#minute) this.#beginMinute(minute);
    else if (minute < this.#minute) this.#makeRoomForLate(at, n);
    this.#total += n;
  }

  /**
   * The events in a window that ends with the current bucket.
   *
   * @param window - which buckets
   * @param now - the instant that says which bucket is current; never earlier than the newest minute counted, which is
   *   also the default
   * @throws {@link IssueLifecycleError} `invalid-input` for a window longer than what is kept
   */
  count({ period, nrOfPeriods }: PeriodWindow, now?: Instant): number {
    if (now !== undefined) requireInstant("now", now);
    if (period === "total") return this.#total;
    requireBuckets(period, nrOfPeriods);
    const newest = this.#newestBucket(period);
    const current = now === undefined ? newest : Math.max(newest, bucketOf(period, now));
    return this.#countSince(period, current - nrOfPeriods + 1, newest);
  }

  /**
   * The count of each of the latest `nrOfPeriods` buckets, oldest first, for a sparkline.
   *
   * @param period - the length of a bucket
   * @param nrOfPeriods - how many; at most {@link KEPT_BUCKETS}
   * @param now - the instant whose bucket comes last; never earlier than the newest minute counted
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  series(period: CalendarPeriod, nrOfPeriods: number, now: Instant): PeriodCount[] {
    requireInstant("now", now);
    requireBuckets(period, nrOfPeriods);
    const newest = this.#newestBucket(period);
    const first = Math.max(newest, bucketOf(period, now)) - nrOfPeriods + 1;
    return Array.from({ length: nrOfPeriods }, (_, index) => ({
      startsAt: bucketStart(period, first + index),
      count: this.#countSince(period, first + index, newest) - this.#countSince(period, first + index + 1, newest),
    }));
  }

  /**
   * The counter in its compact binary form: some 8 bytes while all events lie in one minute, at most about 200 with all
   * buckets in use. The form says its version; {@link PeriodCounter.decode} reads it.
   */
  encode(): Uint8Array {
    return encodeCounter({ minute: this.#minute, total: this.#total, rings: this.#rings });
  }

  /**
   * Reads what {@link PeriodCounter.encode} wrote.
   *
   * @param bytes - the binary form
   * @param live - what the counter had come to since, within the same newest minute. Lets a store keep the two numbers
   *   that change with every event apart from the bytes that change once a minute.
   * @throws {@link IssueLifecycleError} `corrupt-data` when the bytes are no counter, or `live` does not continue it
   */
  static decode(bytes: Uint8Array, live?: CounterHead): PeriodCounter {
    const { minute, total, rings } = decodeCounter(bytes, live);
    return PeriodCounter.#of(minute, total, rings);
  }

  /**
   * The counter whose events all lie in its newest minute.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  static ofOneMinute({ newestMinute, total }: CounterHead): PeriodCounter {
    requireInteger("newestMinute", newestMinute, 0, minuteOf(MAX_INSTANT));
    requireInteger("total", total, 0, Number.MAX_SAFE_INTEGER);
    return PeriodCounter.#of(newestMinute, total, undefined);
  }

  /** Another counter with the same counts, which goes its own way. */
  clone(): PeriodCounter {
    return PeriodCounter.#of(this.#minute, this.#total, this.#rings?.slice());
  }

  static #of(minute: number, total: number, rings: Rings | undefined): PeriodCounter {
    const counter = new PeriodCounter();
    counter.#minute = minute;
    counter.#total = total;
    counter.#rings = rings;
    return counter;
  }

  #beginMinute(minute: number): void {
    if (this.#minute >= 0) {
      this.#rings ??= newRings(this.#minute);
      beginMinute(this.#rings, this.#minute, minute, this.#total);
    }
    this.#minute = minute;
  }

  #makeRoomForLate(at: Instant, n: number): void {
    this.#rings ??= newRings(this.#minute);
    countLate(this.#rings, this.#minute, n, (period) => bucketOf(period, at));
  }

  /** The events from the beginning of a bucket on; `newest` is the period's newest bucket. */
  #countSince(period: CalendarPeriod, bucket: number, newest: number): number {
    if (bucket > newest) return 0;
    return this.#rings === undefined ? this.#total : this.#total - countBefore(this.#rings, period, bucket);
  }

  #newestBucket(period: CalendarPeriod): number {
    if (this.#rings !== undefined) return newestBucket(this.#rings, this.#minute, period);
    return this.#minute < 0 ? -1 : bucketOfMinute(period, this.#minute);
  }
}

/** Refuses a window longer than what is kept, and a period that is none. */
function requireBuckets(period: CalendarPeriod, nrOfPeriods: number): void {
  requireOneOf("period", period, CALENDAR_PERIODS);
  requireInteger("nrOfPeriods", nrOfPeriods, 1, KEPT_BUCKETS[period]);
}

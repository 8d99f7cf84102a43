import { busiestHourUntil } from "./busiest-hours.ts";
import {
  bucketOf,
  bucketOfMinute,
  bucketStart,
  CALENDAR_PERIODS,
  dayOfMinute,
  hourOfMinute,
  KEPT_BUCKETS,
  KEPT_BUSIEST_HOURS,
  minuteOf,
  PERIODS,
  type CalendarPeriod,
  type Period,
} from "./calendar.ts";
import { invalidInput, requireBytes, requireInstant, requireInteger, requireOneOf } from "./input.ts";
import { MAX_INSTANT, type Instant, type InstantInput } from "./instant.ts";
import { decodeCounter, encodeCounter } from "./period-counter-codec.ts";
import {
  addRings,
  beginMinute,
  countLate,
  ringsSetBack,
  takeBack,
  TAKEN_FROM,
  type TakenFrom,
} from "./period-rings.ts";
import { addBeforeAll, countBefore, newestBucket, newRings, type Rings } from "./ring-slots.ts";
import { count, integer, object, oneOf, optional } from "./shape.ts";

/** A window of calendar buckets: the current one of `period` and the `nrOfPeriods - 1` before it. */
export interface PeriodWindow {
  /** The length of one bucket, or `total`. */
  readonly period: Period;
  /** How many buckets, at most {@link KEPT_BUCKETS}; 1 for `total`. */
  readonly nrOfPeriods: number;
}

/** A window, or a condition, of which only the window is used. */
const periodWindow = object({
  period: oneOf(PERIODS),
  nrOfPeriods: integer(1, 60),
  volume: optional(count),
  kind: optional(oneOf(["volume"])),
});
const WINDOW_MEMBERS: ReadonlySet<string> = new Set(["period", "nrOfPeriods", "volume", "kind"]);

/** Checks a window. Fast for a plain valid one, because digests read windows often. */
function checkWindow(window: PeriodWindow): PeriodWindow {
  try {
    if (isKeptWindow(window)) return window;
  } catch {
    // A getter that throws, or a revoked proxy: the shape says so.
  }
  return periodWindow("window", window);
}

function isKeptWindow(window: PeriodWindow): boolean {
  for (const name in window) if (!WINDOW_MEMBERS.has(name)) return false;
  const { period, nrOfPeriods } = window;
  if (typeof period !== "string" || !Number.isSafeInteger(nrOfPeriods) || nrOfPeriods < 1) return false;
  return period === "total" ? nrOfPeriods <= 60 : nrOfPeriods <= KEPT_BUCKETS[period];
}

/** One bucket of a {@link PeriodCounter.series}. */
export interface PeriodCount {
  /** The bucket's first instant. */
  readonly startsAt: Instant;
  /** The number of its events. */
  readonly count: number;
}

/**
 * The part of a {@link PeriodCounter} that changes with every event. The rest changes when a new minute begins, with late events,
 * and with those that count in the total only.
 */
export interface CounterHead {
  /** The number of the newest minute counted, in minutes since 1970. */
  readonly newestMinute: number;
  /** The number of all events. */
  readonly total: number;
}

const LAST_MINUTE = minuteOf(MAX_INSTANT);
const counterHead = object<CounterHead>({ newestMinute: integer(0, LAST_MINUTE), total: count });

/** Checks a head. Fast for a valid one, because every digest creates one. */
function checkHead(field: string, head: CounterHead): CounterHead {
  try {
    if (isHead(head)) return head;
  } catch {
    // A getter that throws, or a revoked proxy: the shape says so.
  }
  return counterHead(field, head);
}

function isHead(head: CounterHead): boolean {
  for (const name in head) if (name !== "newestMinute" && name !== "total") return false;
  const { newestMinute, total } = head;
  return isCount(newestMinute) && newestMinute <= LAST_MINUTE && isCount(total);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

/**
 * Counts events in calendar buckets (UTC): minutes, hours, days, weeks, months, years and in total.
 *
 * Every window takes the same time to read: a ring per period holds, for each bucket that is kept, how many events came
 * *before* that bucket, so that a window's count is one subtraction. Counting within a minute is one addition. The rings
 * are written when a minute ends, and do not exist before the second minute.
 *
 * Time never goes back: an event older than the newest minute counts in its own bucket while that is kept, else only
 * in `total`. Windows end at the newest minute or later.
 *
 * When an hour ends, it is compared with its day's busiest one, which is kept for 8 days.
 *
 * @example
 * ```ts
 * import { PeriodCounter } from "issue-lifecycle/core";
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
  /** `undefined` while all events are in one minute: then no events came before a bucket. */
  #rings: Rings | undefined;

  /** The number of all events. */
  get total(): number {
    return this.#total;
  }

  /** The newest minute counted, in minutes since 1970; `undefined` before the first event. */
  get newestMinute(): number | undefined {
    return this.#minute < 0 ? undefined : this.#minute;
  }

  /** Whether all events are in the newest minute, so that {@link PeriodCounter.ofOneMinute} makes the same counter. */
  get inOneMinute(): boolean {
    return this.#rings === undefined;
  }

  /**
   * Counts `n` events at an instant.
   *
   * @param at - when they were received
   * @param n - how many; default 1. With 0, only the newest minute changes.
   * @throws {@link IssueLifecycleError} `invalid-input`; then nothing is counted
   */
  inc(at: InstantInput, n = 1): void {
    const receivedAt = requireInstant("at", at);
    requireInteger("n", n, 0, Number.MAX_SAFE_INTEGER - this.#total);
    const minute = minuteOf(receivedAt);
    if (minute > this.#minute) this.#beginMinute(minute);
    else if (minute < this.#minute) this.#countLate(receivedAt, n);
    this.#total += n;
  }

  /**
   * Counts `n` events at an instant in the total only, in no window, as an event that is older than all buckets kept. The newest
   * minute changes as with {@link PeriodCounter.inc}. What {@link PeriodCounter.encode} returns changes even within a minute.
   *
   * @param at - when they were received
   * @param n - how many; default 1
   * @throws {@link IssueLifecycleError} `invalid-input`; then nothing is counted
   */
  incTotal(at: InstantInput, n = 1): void {
    const minute = minuteOf(requireInstant("at", at));
    requireInteger("n", n, 0, Number.MAX_SAFE_INTEGER - this.#total);
    if (minute > this.#minute) this.#beginMinute(minute);
    if (n === 0) return;
    this.#rings ??= newRings(this.#minute);
    addBeforeAll(this.#rings, n);
    this.#total += n;
  }

  /**
   * Takes back `n` events that were counted at an instant, as if they had never been: the inverse of {@link PeriodCounter.inc}, or of
   * {@link PeriodCounter.incTotal}. The newest minute stays, and so does the busiest hour of a day that is over.
   *
   * @param at - when they were received
   * @param n - how many, at most the total
   * @param from - whether they counted in their own buckets, or in the total only
   * @throws {@link IssueLifecycleError} `invalid-input`; then nothing is taken back
   */
  dec(at: InstantInput, n: number, from: TakenFrom = "own-bucket"): void {
    const receivedAt = requireInstant("at", at);
    requireInteger("n", n, 0, this.#total);
    requireOneOf("from", from, TAKEN_FROM);
    if (this.#rings !== undefined) {
      const bucket = (period: CalendarPeriod): number => bucketOf(period, receivedAt);
      takeBack(this.#rings, this.#minute, this.#total, { n, from, bucketOf: bucket });
    }
    this.#total -= n;
  }

  /**
   * Adds all that another counter has counted, each event in its own buckets, as if both had been one. The busiest hour of an earlier day,
   * of which the hours are not kept any more, is the busier one of the two: that of both together may have been busier.
   *
   * @param other - stays as it is
   * @throws {@link IssueLifecycleError} `invalid-input`, also if there are too many events to count; then nothing is added
   */
  add(other: PeriodCounter): void {
    if (!PeriodCounter.#isCounter(other)) throw invalidInput("other", other, "a PeriodCounter");
    requireInteger("other.total", other.#total, 0, Number.MAX_SAFE_INTEGER - this.#total);
    if (other.#minute < 0) return;
    const added = other.clone();
    const minute = Math.max(this.#minute, added.#minute);
    for (const counter of [this, added]) if (counter.#minute < minute) counter.#beginMinute(minute);
    if (this.#rings !== undefined || added.#rings !== undefined) {
      this.#rings ??= newRings(minute);
      addRings(this.#rings, added.#rings ?? newRings(minute), minute);
    }
    this.#total += added.#total;
  }

  /**
   * Sets back the newest minute, which a clock that was ahead had written. What was counted beyond the new one counts in the
   * current buckets. Windows around the jump may miss events; those that begin later count exactly. Does nothing if the newest
   * minute is not later.
   *
   * @param now - the current time
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  setBack(now: InstantInput): void {
    const minute = minuteOf(requireInstant("now", now));
    if (minute >= this.#minute) return;
    if (this.#rings !== undefined) this.#rings = ringsSetBack(this.#rings, this.#minute, minute);
    this.#minute = minute;
  }

  /**
   * The number of events in a window that ends with the current bucket.
   *
   * @param window - the window; a condition is taken as its window
   * @param now - an instant in the current bucket. Default, and lower limit: the newest minute counted.
   * @throws {@link IssueLifecycleError} `invalid-input` for a window longer than what is kept
   */
  count(window: PeriodWindow, now?: InstantInput): number {
    const { period, nrOfPeriods } = checkWindow(window);
    const at = now === undefined ? undefined : requireInstant("now", now);
    if (period === "total") return this.#total;
    requireInteger("window.nrOfPeriods", nrOfPeriods, 1, KEPT_BUCKETS[period]);
    const newest = this.#newestBucket(period);
    const current = at === undefined ? newest : Math.max(newest, bucketOf(period, at));
    return this.#countSince(period, current - nrOfPeriods + 1, newest);
  }

  /**
   * The number of events in the busiest complete clock hour of the current day and the 7 days before it; 0 without events in such
   * an hour. The current hour is not complete.
   *
   * Late events count in their hour while that is one of the 24 kept. In older hours they change nothing.
   *
   * @param now - an instant in the current hour. Default, and lower limit: the newest minute counted.
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  busiestHour(now?: InstantInput): number {
    const at = now === undefined ? undefined : requireInstant("now", now);
    const current = at === undefined ? this.#minute : Math.max(this.#minute, minuteOf(at));
    const earlier = this.#rings === undefined ? 0 : busiestHourUntil(this.#rings, this.#minute, current);
    return Math.max(earlier, this.#newestHourIfComplete(current));
  }

  /**
   * The count of each of the latest `nrOfPeriods` buckets, oldest first, for a sparkline. Buckets before 1970 are left
   * out, and one that spans its beginning starts there.
   *
   * @param period - the length of a bucket
   * @param nrOfPeriods - how many; at most {@link KEPT_BUCKETS}
   * @param now - an instant in the last bucket; the newest minute counted if that is later
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  series(period: CalendarPeriod, nrOfPeriods: number, now: InstantInput): PeriodCount[] {
    requireOneOf("period", period, CALENDAR_PERIODS);
    requireInteger("nrOfPeriods", nrOfPeriods, 1, KEPT_BUCKETS[period]);
    const current = bucketOf(period, requireInstant("now", now));
    const newest = this.#newestBucket(period);
    const last = Math.max(newest, current);
    const first = Math.max(last - nrOfPeriods + 1, bucketOf(period, 0));
    return Array.from({ length: last - first + 1 }, (_, index) => ({
      startsAt: Math.max(0, bucketStart(period, first + index)),
      count: this.#countSince(period, first + index, newest) - this.#countSince(period, first + index + 1, newest),
    }));
  }

  /**
   * The counter in a compact binary form: about 8 bytes while all events are in one minute, at most about 230 with all
   * buckets in use and a few events in most. The form has a version number.
   */
  encode(): Uint8Array {
    return encodeCounter({ minute: this.#minute, total: this.#total, rings: this.#rings });
  }

  /**
   * Reads the binary form that {@link PeriodCounter.encode} returned.
   *
   * @param live - the counter's later head, within the same newest minute. So a store can keep the two numbers that change
   *   with every event apart from the bytes that change once a minute.
   * @throws {@link IssueLifecycleError} `corrupt-data` if the bytes are not a counter, or `live` does not continue it;
   *   `invalid-input` for a value that is not bytes
   */
  static decode(bytes: Uint8Array, live?: CounterHead): PeriodCounter {
    const head = live === undefined ? undefined : checkHead("live", live);
    const { minute, total, rings } = decodeCounter(requireBytes("bytes", bytes), head);
    return PeriodCounter.#of(minute, total, rings);
  }

  /**
   * Creates a counter whose events are all in its newest minute.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  static ofOneMinute(head: CounterHead): PeriodCounter {
    const { newestMinute, total } = checkHead("head", head);
    return PeriodCounter.#of(newestMinute, total, undefined);
  }

  /** Creates an independent copy. */
  clone(): PeriodCounter {
    return PeriodCounter.#of(this.#minute, this.#total, this.#rings?.slice());
  }

  static #isCounter(value: unknown): boolean {
    return typeof value === "object" && value !== null && #total in value;
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

  #countLate(at: Instant, n: number): void {
    this.#rings ??= newRings(this.#minute);
    countLate(this.#rings, this.#minute, n, (period) => bucketOf(period, at));
  }

  /** The count of the newest hour if it is over at minute `current`, and its day is one of the 8 until then; else 0. */
  #newestHourIfComplete(current: number): number {
    const hour = hourOfMinute(this.#minute);
    const age = dayOfMinute(current) - dayOfMinute(this.#minute);
    if (hour === hourOfMinute(current) || age >= KEPT_BUSIEST_HOURS) return 0;
    return this.#countSince("hour", hour, hour);
  }

  /** The number of events since the beginning of a bucket; `newest` is the period's newest bucket. */
  #countSince(period: CalendarPeriod, bucket: number, newest: number): number {
    if (bucket > newest) return 0;
    return this.#rings === undefined ? this.#total : this.#total - countBefore(this.#rings, period, bucket);
  }

  #newestBucket(period: CalendarPeriod): number {
    if (this.#rings !== undefined) return newestBucket(this.#rings, this.#minute, period);
    return this.#minute < 0 ? -1 : bucketOfMinute(period, this.#minute);
  }
}

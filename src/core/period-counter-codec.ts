import { busiestKeptHour } from "./busiest-hours.ts";
import {
  CALENDAR_PERIODS,
  dayOfMinute,
  KEPT_BUCKETS,
  KEPT_BUSIEST_HOURS,
  minuteOf,
  type CalendarPeriod,
} from "./calendar.ts";
import { IssueLifecycleError } from "./errors.ts";
import { MAX_INSTANT } from "./instant.ts";
import {
  busiestHourOf,
  countBefore,
  newestBucket,
  newRings,
  setBusiestHourOf,
  ringOf,
  slotBefore,
  slotOf,
  type Rings,
} from "./ring-slots.ts";
import { SparseReader, SparseWriter } from "./sparse-counts.ts";
import { VarintReader, VarintWriter } from "./varint.ts";

/*
 * Version 2, all numbers as varints: the version; the newest minute plus 1, or 0 for an empty counter; the total. This is
 * all while the events are in one minute. Otherwise there follow: the number of events before the newest minute; then for
 * each period, finest first, the number of events in the newest bucket before the newest minute (not for `minute`), and
 * in each of the older buckets, newest first, where a run of empty ones is a 0 and the length of the run; then for each day
 * whose busiest hour is kept, newest first, how many events that has more than the busiest complete hour of the day that is
 * kept, with such runs too. Version 1 ends before the busiest hours: they are those that are kept.
 */
const VERSION = 2;
const VERSION_WITHOUT_BUSIEST_HOURS = 1;

/** A counter's state. */
export interface CounterState {
  /** The newest minute counted, or -1. */
  readonly minute: number;
  readonly total: number;
  /** `undefined` while all events are in one minute. */
  readonly rings: Rings | undefined;
}

/** Writes a counter's state. */
export function encodeCounter({ minute, total, rings }: CounterState): Uint8Array {
  const writer = new VarintWriter();
  writer.write(VERSION);
  writer.write(minute + 1);
  writer.write(total);
  if (rings !== undefined) {
    const beforeMinute = countBefore(rings, "minute", minute);
    writer.write(beforeMinute);
    for (const period of CALENDAR_PERIODS) writeRing(writer, rings, period, minute, beforeMinute);
    writeBusiestHours(writer, rings, minute);
  }
  return writer.finish();
}

function writeRing(
  writer: VarintWriter,
  rings: Rings,
  period: CalendarPeriod,
  minute: number,
  beforeMinute: number,
): void {
  const ring = ringOf(period);
  let slot = slotOf(period, newestBucket(rings, minute, period));
  let later = rings[slot] ?? 0;
  if (period !== "minute") writer.write(beforeMinute - later);
  const counts = new SparseWriter(writer);
  for (let bucket = 1; bucket < KEPT_BUCKETS[period]; bucket++) {
    slot = slotBefore(ring, slot);
    const before = rings[slot] ?? 0;
    counts.write(later - before);
    later = before;
  }
  counts.finish();
}

function writeBusiestHours(writer: VarintWriter, rings: Rings, minute: number): void {
  const counts = new SparseWriter(writer);
  const newest = dayOfMinute(minute);
  for (let day = newest; day > newest - KEPT_BUSIEST_HOURS; day--) {
    counts.write(busiestHourOf(rings, day) - busiestKeptHour(rings, minute, day));
  }
  counts.finish();
}

/**
 * Reads a counter's state.
 *
 * @param live - the counter's later newest minute and total; must continue the state written
 * @throws {@link IssueLifecycleError} `corrupt-data`
 */
export function decodeCounter(bytes: Uint8Array, live?: { newestMinute: number; total: number }): CounterState {
  const reader = new VarintReader(bytes);
  const version = reader.read();
  if (version !== VERSION && version !== VERSION_WITHOUT_BUSIEST_HOURS) {
    throw new IssueLifecycleError(
      "corrupt-data",
      `stored counter: has version ${String(version)}; known are ${String(VERSION_WITHOUT_BUSIEST_HOURS)} and ${String(VERSION)}.`,
    );
  }
  const minute = reader.read() - 1;
  if (minute > minuteOf(MAX_INSTANT)) throw corrupt("has a newest minute after the year 9999");
  const written = reader.read();
  const rings = reader.atEnd ? undefined : readRings(reader, version, minute, written);
  if (!reader.atEnd) throw corrupt("has bytes after its end");
  if (live !== undefined && (live.newestMinute !== minute || live.total < written)) {
    throw corrupt("does not belong to the newest minute and total given with it");
  }
  return { minute, total: live?.total ?? written, rings };
}

function readRings(reader: VarintReader, version: number, minute: number, total: number): Rings {
  if (minute < 0) throw corrupt("has buckets but no newest minute");
  const rings = newRings(minute);
  const beforeMinute = reader.read();
  if (beforeMinute > total) throw corrupt("counts more events before its newest minute than in total");
  for (const period of CALENDAR_PERIODS) readRing(reader, rings, period, minute, beforeMinute);
  readBusiestHours(reader, version, rings, minute, total);
  return rings;
}

function readRing(
  reader: VarintReader,
  rings: Rings,
  period: CalendarPeriod,
  minute: number,
  beforeMinute: number,
): void {
  const ring = ringOf(period);
  let slot = slotOf(period, newestBucket(rings, minute, period));
  let before = beforeMinute - (period === "minute" ? 0 : reader.read());
  rings[slot] = before;
  const counts = new SparseReader(reader);
  for (let bucket = 1; bucket < KEPT_BUCKETS[period]; bucket++) {
    slot = slotBefore(ring, slot);
    before -= counts.read();
    rings[slot] = before;
  }
  if (!counts.atEnd) throw corrupt(`has more ${period} buckets than are kept`);
  if (before < 0) throw corrupt(`counts more events in its ${period} buckets than in total`);
}

function readBusiestHours(reader: VarintReader, version: number, rings: Rings, minute: number, total: number): void {
  const counts = new SparseReader(reader);
  const newest = dayOfMinute(minute);
  for (let day = newest; day > newest - KEPT_BUSIEST_HOURS; day--) {
    const beyondKept = version === VERSION_WITHOUT_BUSIEST_HOURS ? 0 : counts.read();
    const busiest = busiestKeptHour(rings, minute, day) + beyondKept;
    if (busiest > total) throw corrupt("counts more events in an hour than in total");
    setBusiestHourOf(rings, day, busiest);
  }
  if (!counts.atEnd) throw corrupt("has more busiest hours than are kept");
}

function corrupt(what: string): IssueLifecycleError {
  return new IssueLifecycleError("corrupt-data", `stored counter: ${what}.`);
}

import { CALENDAR_PERIODS, KEPT_BUCKETS, minuteOf, type CalendarPeriod } from "./calendar.ts";
import { IssueLifecycleError } from "./errors.ts";
import { MAX_INSTANT } from "./instant.ts";
import { countBefore, newestBucket, newRings, setCountBefore, type Rings } from "./period-rings.ts";
import { VarintReader, VarintWriter } from "./varint.ts";

/*
 * Version 1, all numbers as varints: the version; the newest minute plus 1, or 0 for an empty counter; the total. This is
 * all while the events are in one minute. Otherwise there follow: the number of events before the newest minute; then for
 * each period, finest first, the number of events in the newest bucket before the newest minute (not for `minute`), and
 * in each of the older buckets, newest first, where a run of empty ones is a 0 and the length of the run.
 */
const VERSION = 1;

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
  const newest = newestBucket(rings, minute, period);
  let later = countBefore(rings, period, newest);
  if (period !== "minute") writer.write(beforeMinute - later);
  let empty = 0;
  for (let bucket = newest - 1; bucket > newest - KEPT_BUCKETS[period]; bucket--) {
    const before = countBefore(rings, period, bucket);
    if (before === later) {
      empty++;
      continue;
    }
    writeEmptyRun(writer, empty);
    empty = 0;
    writer.write(later - before);
    later = before;
  }
  writeEmptyRun(writer, empty);
}

function writeEmptyRun(writer: VarintWriter, length: number): void {
  if (length === 0) return;
  writer.write(0);
  writer.write(length);
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
  if (version !== VERSION) {
    throw new IssueLifecycleError(
      "corrupt-data",
      `stored counter: has version ${String(version)}; known is ${String(VERSION)}.`,
    );
  }
  const minute = reader.read() - 1;
  if (minute > minuteOf(MAX_INSTANT)) throw corrupt("has a newest minute after the year 9999");
  const written = reader.read();
  const rings = reader.atEnd ? undefined : readRings(reader, minute, written);
  if (!reader.atEnd) throw corrupt("has bytes after its end");
  if (live !== undefined && (live.newestMinute !== minute || live.total < written)) {
    throw corrupt("does not belong to the newest minute and total given with it");
  }
  return { minute, total: live?.total ?? written, rings };
}

function readRings(reader: VarintReader, minute: number, total: number): Rings {
  if (minute < 0) throw corrupt("has buckets but no newest minute");
  const rings = newRings(minute);
  const beforeMinute = reader.read();
  if (beforeMinute > total) throw corrupt("counts more events before its newest minute than in total");
  for (const period of CALENDAR_PERIODS) readRing(reader, rings, period, minute, beforeMinute);
  return rings;
}

function readRing(
  reader: VarintReader,
  rings: Rings,
  period: CalendarPeriod,
  minute: number,
  beforeMinute: number,
): void {
  const newest = newestBucket(rings, minute, period);
  let before = beforeMinute - (period === "minute" ? 0 : reader.read());
  setCountBefore(rings, period, newest, before);
  let empty = 0;
  for (let bucket = newest - 1; bucket > newest - KEPT_BUCKETS[period]; bucket--) {
    if (empty === 0) {
      const count = reader.read();
      if (count === 0) empty = reader.read();
      before -= count;
    }
    if (empty > 0) empty--;
    setCountBefore(rings, period, bucket, before);
  }
  if (empty > 0) throw corrupt(`has more ${period} buckets than are kept`);
  if (before < 0) throw corrupt(`counts more events in its ${period} buckets than in total`);
}

function corrupt(what: string): IssueLifecycleError {
  return new IssueLifecycleError("corrupt-data", `stored counter: ${what}.`);
}

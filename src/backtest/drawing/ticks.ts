import { bucketOf, bucketStart, type CalendarPeriod } from "../../core/calendar.ts";
import type { Instant } from "../../core/instant.ts";

/** Round numbers from 0 to one that is not below the highest count, three to five steps: 0, 50, 100, 150. */
export function countTicks(highest: number): number[] {
  const rough = Math.max(1, highest) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 1);
  const steps = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}

const UNITS = [
  { at: 1e12, unit: "T" },
  { at: 1e9, unit: "G" },
  { at: 1e6, unit: "M" },
  { at: 1e4, unit: "k", per: 1e3 },
];

/** A count in at most five characters: 9,500, 12k, 1.5M. */
export function formatCount(count: number): string {
  const unit = UNITS.find(({ at }) => count >= at);
  if (unit === undefined) return String(count).replace(/(?=\d{3}$)(?<=\d)/u, ",");
  const scaled = count / (unit.per ?? unit.at);
  return `${scaled < 10 ? scaled.toFixed(1).replace(/\.0$/u, "") : String(Math.round(scaled))}${unit.unit}`;
}

/** An instant on a time axis, with its label. */
export interface TimeTick {
  readonly at: Instant;
  readonly label: string;
}

/** The distances of ticks, shortest first. */
const DISTANCES: readonly (readonly [CalendarPeriod, number])[] = [
  ...[1, 2, 5, 10, 15, 30].map((each) => ["minute", each] as const),
  ...[1, 2, 3, 6, 12].map((each) => ["hour", each] as const),
  ...[1, 2, 4].map((each) => ["day", each] as const),
  ...[1, 2].map((each) => ["week", each] as const),
  ...[1, 2, 3, 6].map((each) => ["month", each] as const),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000].map((each) => ["year", each] as const),
];

/** At most `most` ticks at round times (UTC). The first one names the day, or the year, on which the others are. */
export function timeTicks(from: Instant, to: Instant, most: number): TimeTick[] {
  for (const [period, distance] of DISTANCES) {
    const first = Math.ceil(bucketOf(period, from) / distance);
    const last = Math.floor(bucketOf(period, to) / distance);
    if (last - first > most) continue;
    const starts = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
      bucketStart(period, (first + index) * distance),
    ).filter((at) => at >= from && at <= to);
    if (starts.length > most) continue;
    return starts.map((at, index) => ({ at, label: labelOf(at, period, index === 0) }));
  }
  return [];
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function labelOf(at: Instant, period: CalendarPeriod, isFirst: boolean): string {
  const date = new Date(at);
  const [month = "", year] = [MONTHS[date.getUTCMonth()], String(date.getUTCFullYear())];
  const day = `${String(date.getUTCDate())} ${month}`;
  const time = date.toISOString().slice(11, 16);
  switch (period) {
    case "minute":
    case "hour":
      if (isFirst) return `${day} ${time}`;
      return time === "00:00" ? day : time;
    case "day":
    case "week":
      return isFirst ? `${day} ${year}` : day;
    case "month":
      return `${month} ${year}`;
    case "year":
      return year;
  }
}

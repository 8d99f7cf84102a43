import type { PastEventInput } from "../../src/backtest/index.ts";
import { DAY, HOUR } from "./scenario.ts";

/** Events of one issue over weeks, such as a page of the guides describes them. */
export interface Series {
  readonly name: string;
  /** When the weeks begin that are looked at, after weeks of ordinary life. */
  readonly observedFrom: number;
  /** When what is not ordinary begins; `undefined` if nothing is. */
  readonly changesAt?: number;
  readonly events: readonly (PastEventInput & { readonly receivedAt: number })[];
}

/** A Monday. */
export const SERIES_START = Date.UTC(2026, 0, 5);
const ORDINARY_DAYS = 28;
const OBSERVED_DAYS = 13;
const OBSERVED_FROM = SERIES_START + ORDINARY_DAYS * DAY;

/** What happens in an hour. */
interface HourOfEvents {
  readonly count: number;
  /** To how many different users it may occur. */
  readonly users: number;
  /** Within how long of its beginning. Default: the whole hour. */
  readonly withinMs?: number;
}

/** A generator of numbers from 0 to 1 (mulberry32): the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Instants with random pauses (exponentially distributed) from one to another, `perHour` of them on average. */
export function randomInstants(random: () => number, perHour: number, from: number, to: number): number[] {
  const instants: number[] = [];
  if (perHour === 0) return instants;
  for (let at = from; ; instants.push(Math.floor(at))) {
    at -= (Math.log(1 - random()) * HOUR) / perHour;
    if (at >= to) return instants;
  }
}

/** Instants from one to another, each as long after the one before. */
export function evenInstants(perHour: number, from: number, to: number): number[] {
  const stepMs = HOUR / perHour;
  return Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, index) => from + Math.floor(index * stepMs));
}

/** A series at random, by what happens on average in each hour. */
function randomSeries(name: string, seed: number, hourAt: (at: number) => HourOfEvents, changesAt?: number): Series {
  const random = seededRandom(seed);
  const events: Series["events"][number][] = [];
  for (let hour = SERIES_START; hour < OBSERVED_FROM + OBSERVED_DAYS * DAY; hour += HOUR) {
    const { count, users, withinMs = HOUR } = hourAt(hour);
    for (const receivedAt of randomInstants(random, (count * HOUR) / withinMs, hour, hour + withinMs)) {
      events.push({ receivedAt, userId: `user ${String(Math.floor(random() * users))}` });
    }
  }
  return { name, observedFrom: OBSERVED_FROM, ...(changesAt !== undefined && { changesAt }), events };
}

function steadyEvenly(): Series {
  const instants = evenInstants(100, SERIES_START, OBSERVED_FROM + OBSERVED_DAYS * DAY);
  const events = instants.map((receivedAt, index) => ({ receivedAt, userId: `user ${String(index % 20)}` }));
  return { name: "steady: 100 an hour, evenly", observedFrom: OBSERVED_FROM, events };
}

function isOfficeHour(at: number): boolean {
  const date = new Date(at);
  return date.getUTCDay() % 6 !== 0 && date.getUTCHours() >= 8 && date.getUTCHours() < 18;
}

/** The series of the guide on conditions. */
export function namedSeries(): Series[] {
  const third = OBSERVED_FROM + 2 * DAY;
  const noon = third + 12 * HOUR;
  const daysSince = (from: number, at: number): number => Math.floor((at - from) / DAY);
  return [
    steadyEvenly(),
    randomSeries("steady: 100 an hour, at random", 1, () => ({ count: 100, users: 20 })),
    randomSeries("office hours: 60 an hour, else 2", 2, (at) => ({ count: isOfficeHour(at) ? 60 : 2, users: 40 })),
    randomSeries("nightly batch: 500 in ten minutes", 3, (at) =>
      new Date(at).getUTCHours() === 2 ? { count: 500, users: 1, withinMs: HOUR / 6 } : { count: 2, users: 10 },
    ),
    randomSeries(
      "ramp: 10 an hour, then 25 % more each day",
      4,
      (at) => ({ count: 10 * 1.25 ** Math.max(0, daysSince(third, at) + 1), users: 50 }),
      third,
    ),
    randomSeries(
      "dormant week: 20 an hour, none, 20 again",
      5,
      (at) => ({ count: at >= third && at < third + 8 * DAY ? 0 : 20, users: 20 }),
      third + 8 * DAY,
    ),
    randomSeries(
      "outage: 20 an hour, then 2,000 for three hours",
      6,
      (at) => (at >= noon && at < noon + 3 * HOUR ? { count: 2_000, users: 900 } : { count: 20, users: 20 }),
      noon,
    ),
  ];
}

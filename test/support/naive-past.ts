import type { Condition } from "../../src/core/index.ts";
import { bucketOf } from "../../src/core/calendar.ts";
import { NaiveCounter, startOfBucket } from "./naive-counter.ts";

/** An event, or several in one, as the naive models remember it. */
export interface NaiveOccurrence {
  readonly at: number;
  readonly n: number;
  readonly user: string | null;
  /** Whether it occurred in an environment that changes no states. */
  readonly isElsewhere?: boolean;
  /** Whether it was discarded: then it only counts. */
  readonly isDiscarded?: boolean;
}

/** From when on the events of a muted issue count. */
export interface NaiveSince {
  /** How many occurrences there were before the mute. */
  readonly occurrences: number;
  /** With `sinceMute`, how many events there were before the mute; else 0. */
  readonly countedFrom: number;
}

/** What counts towards a condition, and what is usual. */
export interface NaiveStanding {
  readonly count: number;
  readonly usual: number;
  readonly isMet: boolean;
}

const SINCE_EVER: NaiveSince = { occurrences: 0, countedFrom: 0 };

/** All that an issue's events were: a list, which is counted anew at each question. */
export class NaivePast {
  counter = new NaiveCounter();
  #all: NaiveOccurrence[] = [];

  get all(): readonly NaiveOccurrence[] {
    return this.#all;
  }

  /** Forgets all, and remembers these instead. */
  reset(occurrences: readonly NaiveOccurrence[]): void {
    this.#all = [];
    this.counter = new NaiveCounter();
    for (const each of occurrences) this.add(each);
  }

  get length(): number {
    return this.#all.length;
  }

  /** When the first event came. */
  get first(): number {
    return Math.min(...this.#all.filter(({ isDiscarded }) => isDiscarded !== true).map(({ at }) => at));
  }

  /** When the last event came. */
  get last(): number {
    return Math.max(...this.#all.map(({ at }) => at));
  }

  /** The number of different users. */
  get userCount(): number {
    return usersOf(this.#all).size;
  }

  add(occurrence: NaiveOccurrence): void {
    this.#all.push(occurrence);
    const { at, n, isElsewhere } = occurrence;
    if (isElsewhere === true) this.counter.incTotal(at, n);
    else this.counter.inc(at, n);
  }

  /** Gives the last event that came what it was discarded with, because it ends the discard. */
  keepLast(occurrence: NaiveOccurrence): void {
    this.#all.splice(-1, 1, occurrence);
  }

  /** The newest time of an event, or another one if that is later. */
  newest(at: number): number {
    return Math.max(at, this.last);
  }

  /** How far a condition is at an instant, or at the newest time of an event if that is later. */
  standing(condition: Condition, instant: number, since = SINCE_EVER): NaiveStanding {
    const at = this.newest(instant);
    switch (condition.kind) {
      case "volume": {
        const count = Math.min(this.counter.count(condition, at), this.counter.total - since.countedFrom);
        return { count, usual: 0, isMet: count >= condition.volume };
      }
      case "users": {
        const count = Math.min(condition.users, this.#users(condition.days, at, since));
        return { count, usual: 0, isMet: count >= condition.users };
      }
      case "spike": {
        const inHour = this.counter.count({ period: "hour", nrOfPeriods: 1 }, at);
        const count = Math.min(inHour, this.counter.total - since.countedFrom);
        const usual = this.counter.busiestHour(at);
        return { count, usual, isMet: count > condition.floor && count > condition.factor * usual };
      }
      case "louder": {
        const count = Math.min(this.#countOfDay(at, 0), this.counter.total - since.countedFrom);
        const usual = condition.usual ?? this.usualDay(at);
        return { count, usual, isMet: count > condition.floor && count > condition.factor * usual };
      }
    }
  }

  /** The median of the days since the first event, at most 28, before today. */
  usualDay(instant: number): number {
    const at = this.newest(instant);
    const days = this.length === 0 ? 0 : Math.min(28, bucketOf("day", at) - bucketOf("day", this.first));
    if (days === 0) return 0;
    const counts = Array.from({ length: days }, (_, index) => this.#countOfDay(at, index + 1));
    counts.sort((one, other) => one - other);
    const [below, above] = [counts[Math.floor((days - 1) / 2)] ?? 0, counts[Math.floor(days / 2)] ?? 0];
    return (below + above) / 2;
  }

  /**
   * The users who occurred in the last days, and since the mute. They need not have done both with the same event, as the
   * events of a window that count since a mute need not be those after it.
   */
  #users(days: number | undefined, at: number, { occurrences, countedFrom }: NaiveSince): number {
    const inWindow = this.#all.filter((each) => days === undefined || each.at >= startOfBucket("day", at, days - 1));
    const afterMute = days === undefined || countedFrom > 0 ? this.#all.slice(occurrences) : this.#all;
    const late = countedUsers(afterMute);
    return [...countedUsers(inWindow)].filter((user) => late.has(user)).length;
  }

  /** The number of events in the day that lies so many days before that of an instant. */
  #countOfDay(at: number, back: number): number {
    const upTo = (days: number): number => this.counter.count({ period: "day", nrOfPeriods: days }, at);
    return back === 0 ? upTo(1) : upTo(back + 1) - upTo(back);
  }
}

function usersOf(occurrences: readonly NaiveOccurrence[]): Set<string> {
  return new Set(occurrences.flatMap(({ user }) => user ?? []));
}

/** The users of events that may change states: conditions count no others. */
function countedUsers(occurrences: readonly NaiveOccurrence[]): Set<string> {
  return usersOf(occurrences.filter(({ isElsewhere }) => isElsewhere !== true));
}

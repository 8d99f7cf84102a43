import { bucketOf, bucketStart } from "../calendar.ts";
import { MAX_INSTANT, type Instant } from "../instant.ts";
import type { PeriodCounter, PeriodWindow } from "../period-counter.ts";
import type { Condition, ConditionMet } from "./condition.ts";

/** What conditions are judged by. */
export interface Evidence {
  /** The counter. */
  readonly counter: PeriodCounter;
  /** The time at which conditions are judged, or the newest time counted if that is later. */
  readonly at: Instant;
  /** How many of the first events do not count: 0, or what was counted before the mute. */
  readonly countedFrom: number;
  /** When the first event was received. Not used for a mute in force, whose conditions keep what they need of the time before. */
  readonly firstSeenAt: Instant;
  readonly users: UserCounts;
}

/** Counts an issue's users. */
export interface UserCounts {
  /** The number of different users of the events that a window has; exact up to its limit. */
  count(window: UserWindow): number;
}

/** Which users count. */
export interface UserWindow {
  /** The day from which on they must have occurred, in days since 1970; `null` for any. */
  readonly fromDay: number | null;
  /** Whether they must have occurred since the mute. */
  readonly sinceMute: boolean;
  /** The highest number of users that matters. */
  readonly limit: number;
}

/** The users of an issue whose events have none. */
export const NO_USERS: UserCounts = Object.freeze({ count: () => 0 });

/** How far a condition is. */
export interface Standing {
  /** What counts now. */
  readonly count: number;
  /** The count that meets the condition. */
  readonly needed: number;
  /** What is usual for the issue, where the condition depends on it; else 0. */
  readonly usual: number;
}

/**
 * One condition, by its kind: all that the rest of the library knows about it. A new kind implements this in a file of its own,
 * with its stored form, and is added to the unions in `condition.ts`.
 */
export interface ConditionRule {
  /** The buckets in which it counts: what is met stays met until the current one of them ends. */
  readonly window: PeriodWindow;
  /** Whether it counts users, so that {@link Evidence.users} is asked. */
  readonly countsUsers: boolean;
  /** Whether it counts since the mute only: a watch, which has no beginning, cannot have it. */
  readonly isSinceMute: boolean;
  /** The condition as a caller gave it. */
  readonly asRequested: Condition;
  /** The condition as a mute that begins now keeps it, with what it needs to know of the time before. */
  asMuted(evidence: Evidence): Condition;
  /** How far it is. */
  standing(evidence: Evidence): Standing;
  /** How many more events there must be at least before it can be met. */
  eventsUntilMet(standing: Standing): number;
  /** Why it is met. */
  reason(standing: Standing, evidence: Evidence): ConditionMet;
  /** The condition in words: "100 events or more in the current day". */
  describe(): string;
  /**
   * The same in words that stay true later: "100 events or more in one calendar day".
   *
   * @param sinceMute - whether only what comes after the mute counts
   */
  describeTimeless(sinceMute: boolean): string;
  /** How far it is, in words: "63 of 100 events in the current day". */
  describeStanding(standing: Standing, sinceMute: boolean): string;
}

/** What follows the words for what counts where only what comes after the mute does. */
export function fromTheMute(sinceMute: boolean): string {
  return sinceMute ? ", counted from the mute" : "";
}

/** Whether a condition is met. */
export function isMet({ count, needed }: Standing): boolean {
  return count >= needed;
}

/** The time at which conditions are judged. */
export function judgedAt({ counter, at }: Pick<Evidence, "counter" | "at">): Instant {
  const { newestMinute } = counter;
  return newestMinute === undefined ? at : Math.max(at, bucketStart("minute", newestMinute));
}

/** The first instant after the current bucket of a window; after all instants if that never ends. */
export function endOfBucket({ period }: PeriodWindow, at: Instant): Instant {
  return period === "total" ? NEVER : bucketStart(period, bucketOf(period, at) + 1);
}

/** After all instants. */
export const NEVER = MAX_INSTANT + 1;

/** Whether an instant is before the first bucket of a window. */
export function isBeforeWindow({ period, nrOfPeriods }: PeriodWindow, instant: Instant, at: Instant): boolean {
  return period !== "total" && bucketOf(period, instant) <= bucketOf(period, at) - nrOfPeriods;
}

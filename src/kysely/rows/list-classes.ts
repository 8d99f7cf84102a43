import { minuteOf } from "../../core/calendar.ts";
import type { Instant } from "../../core/instant.ts";
import type { Issue } from "../../core/issue.ts";

/*
 * What issues are indexed by for lists. An issue with few events is indexed exactly: however many issues have the same
 * values, the index has their order. One with many events is indexed coarsely, so that its index entries do not move with every
 * event; issues of the same class then have to be sorted, and there are few with so many events.
 */

/** Issues with fewer events are indexed exactly. */
export const FEW_EVENTS = 1_024;

/** The number of classes between an event count and its double. */
const CLASSES_PER_DOUBLING = FEW_EVENTS / 2;

/** The values of a class, as numbers that issues are sorted by. */
export interface ClassValues {
  readonly first: number;
  readonly last: number;
}

/** The class of an event count: the count itself while it is small; then one of 512 classes until it has doubled. */
export function eventCountClass(count: number): number {
  if (count < FEW_EVENTS) return count;
  const logarithm = Math.floor(Math.log2(count));
  // The logarithm of a count just below a high power of two is rounded up.
  const doublings = (2 ** logarithm > count ? logarithm - 1 : logarithm) - Math.log2(CLASSES_PER_DOUBLING);
  return CLASSES_PER_DOUBLING * doublings + Math.floor(count / 2 ** doublings);
}

/** The event counts of a class. */
export function eventCountsIn(countClass: number): ClassValues {
  if (countClass < FEW_EVENTS) return { first: countClass, last: countClass };
  const doublings = Math.floor(countClass / CLASSES_PER_DOUBLING) - 1;
  const first = (countClass - CLASSES_PER_DOUBLING * doublings) * 2 ** doublings;
  return { first, last: first + 2 ** doublings - 1 };
}

/** The class of the instant an issue was last seen at: the instant itself, or for an issue with many events a negative number. */
export function lastSeenClass({ lastSeenAt, eventCount }: Pick<Issue, "lastSeenAt" | "eventCount">): number {
  return eventCount < FEW_EVENTS ? lastSeenAt : minuteClass(lastSeenAt);
}

/** More minutes than there are up to the last instant. */
const ALL_MINUTES = 2 ** 38;
const MINUTE_MS = 60_000;

/** The class of issues with many events that were last seen in the same minute. */
export function minuteClass(lastSeenAt: Instant): number {
  return minuteOf(lastSeenAt) - ALL_MINUTES;
}

/** The instants of a class of issues with many events. */
export function instantsIn(minute: number): ClassValues {
  const first = (minute + ALL_MINUTES) * MINUTE_MS;
  return { first, last: first + MINUTE_MS - 1 };
}

import { bucketOf, bucketStart, CALENDAR_PERIODS, type CalendarPeriod } from "../core/calendar.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { MAX_EVENT_COUNT } from "../core/event.ts";
import { invalidInput, isDate, readMember, requireInstant } from "../core/input.ts";
import { isInstant, type Instant, type InstantInput } from "../core/instant.ts";
import type { PeriodCount } from "../core/period-counter.ts";
import { count, integer, object, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";

/**
 * Past events of one issue: when one was received, alone or with more about it, or how many were received in a period, as
 * `eventCounts` of a tracker returns it.
 */
export type PastEvent = InstantInput | PastEventInput | PeriodCount;

/** A past event with what a condition may need to know of it. */
export interface PastEventInput {
  readonly receivedAt: InstantInput;
  /** How many events it stands for, 1 to 1,000,000; default 1. */
  readonly count?: number;
  /** The user to whom it occurred, 1 to 200 characters. Default: none. */
  readonly userId?: string;
}

/** One event, or the events of a period. */
export type ReceivedEvents = ReceivedEvent | ReceivedCount;

/** An event that was received at an instant. */
interface ReceivedEvent {
  readonly kind: "event";
  readonly at: Instant;
  readonly until: Instant;
  /** How many it stands for. */
  readonly n: number;
  readonly userId: string | undefined;
}

/** Events that were received one after the other in a period. */
interface ReceivedCount {
  readonly kind: "count";
  /** The beginning of the period. */
  readonly at: Instant;
  /** The last instant at which one of them may have been received. */
  readonly until: Instant;
  /** How many; 0 for a period without events. */
  readonly n: number;
}

/**
 * Reads past events one by one.
 *
 * @param period - the period of the counts; without it counts are refused
 */
export function* readPastEvents(
  field: string,
  events: Iterable<unknown>,
  period: CalendarPeriod | undefined,
): Generator<ReceivedEvents> {
  let [index, room] = [0, Number.MAX_SAFE_INTEGER];
  for (const event of itemsOf(field, events)) {
    const received = readPastEvent(`${field}[${String(index++)}]`, event, period);
    if (received.n > room) {
      throw invalidInput(field, received.n, `at most ${String(Number.MAX_SAFE_INTEGER)} events in all`);
    }
    room -= received.n;
    yield received;
  }
}

function readPastEvent(field: string, event: unknown, period: CalendarPeriod | undefined): ReceivedEvents {
  if (typeof event !== "object" || event === null) return eventAt(requireInstant(field, event), 1, undefined);
  if (readMember(field, event, "receivedAt") !== undefined) {
    const { receivedAt, count: n, userId } = pastEvent(field, event);
    return eventAt(receivedAt, n, userId);
  }
  // Whether an object is a date takes longer to find out than all the rest.
  const isCount = readMember(field, event, "startsAt") !== undefined || !isDate(event);
  return isCount ? readCount(field, event, period) : eventAt(requireInstant(field, event), 1, undefined);
}

function eventAt(at: Instant, n: number, userId: string | undefined): ReceivedEvent {
  return { kind: "event", at, until: at, n, userId };
}

const pastEvent = object(
  {
    receivedAt: requireInstant,
    count: withDefault(integer(1, MAX_EVENT_COUNT), 1),
    userId: optional(text(1, MAX_USER_ID_LENGTH)),
  } satisfies Record<keyof PastEventInput, Shape<unknown>>,
  `{ receivedAt: Date.now(), userId: "7" }`,
);

const periodCount = object<PeriodCount>({ startsAt: requireInstant, count }, "{ startsAt: Date.now(), count: 5 }");

function readCount(field: string, event: object, period: CalendarPeriod | undefined): ReceivedCount {
  const { startsAt, count: n } = periodCount(field, event);
  if (period === undefined) {
    throw invalidInput(
      "options.period",
      period,
      `the period of the counts among the events (${field} is one), such as { period: "hour" }`,
    );
  }
  if (!isBucketStart(period, startsAt)) {
    throw invalidInput(`${field}.startsAt`, new Date(startsAt), beginningOf(period));
  }
  return { kind: "count", at: startsAt, until: bucketStart(period, bucketOf(period, startsAt) + 1) - 1, n };
}

/**
 * The longest period that the counts of an array may have: every one of them begins such a period. Their own period is no longer
 * than that, so no rule is tested on counts that are too coarse for it.
 *
 * @returns `undefined` if there are no counts, or they cannot be looked through before they are read
 */
export function longestPeriodOf(events: Iterable<unknown>): CalendarPeriod | undefined {
  if (!Array.isArray(events)) return undefined;
  let periods: readonly CalendarPeriod[] | undefined;
  for (const event of itemsOf("options.events", events)) {
    if (typeof event !== "object" || event === null) continue;
    const at = readMember("options.events", event, "startsAt");
    // What is no instant, or begins no period, is refused when it is read.
    if (isInstant(at)) periods = (periods ?? CALENDAR_PERIODS).filter((period) => isBucketStart(period, at));
  }
  return periods === undefined ? undefined : (periods.at(-1) ?? "minute");
}

/** Whether a calendar bucket begins at an instant. The week that spans the beginning of 1970 begins there. */
export function isBucketStart(period: CalendarPeriod, at: Instant): boolean {
  return Math.max(0, bucketStart(period, bucketOf(period, at))) === at;
}

/** What is allowed where a calendar bucket has to begin, for messages: `the beginning of an hour in UTC`. */
export function beginningOf(period: CalendarPeriod): string {
  return `the beginning of ${period === "hour" ? "an" : "a"} ${period} in UTC`;
}

/** The shape of something to iterate over. */
export function requireIterable(field: string, value: unknown): Iterable<unknown> {
  if (!isIterable(field, value))
    throw invalidInput(field, value, "an array of instants or events, or another iterable");
  return value;
}

function isIterable(field: string, value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && typeof readMember(field, value, Symbol.iterator) === "function";
}

/** The items of an iterable from outside; an error of its iterator becomes a coded one. */
function* itemsOf(field: string, items: Iterable<unknown>): Generator {
  try {
    yield* items;
  } catch (cause) {
    throw new IssueLifecycleError("invalid-input", `${field}: could not be read, because its iterator failed.`, {
      field,
      cause,
    });
  }
}

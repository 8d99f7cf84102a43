import { CALENDAR_PERIODS, type CalendarPeriod } from "./calendar.ts";
import { pluralize } from "./text.ts";
import { integer, looseObject, object, oneOf, type Shape } from "./shape.ts";

/** A duration in calendar periods. */
export interface MuteDuration {
  readonly period: CalendarPeriod;
  /** How many periods; at least 1. */
  readonly nrOfPeriods: number;
}

const MEMBERS = { period: oneOf(CALENDAR_PERIODS), nrOfPeriods: integer(1, Number.MAX_SAFE_INTEGER) };

/**
 * The shape of a duration that a caller gives.
 *
 * @param member - the name of the member that it is, for the example
 */
/* @__NO_SIDE_EFFECTS__ */
export function durationInput(member: string): Shape<MuteDuration> {
  return object<MuteDuration>(MEMBERS, `{ ${member}: { period: "week", nrOfPeriods: 1 } }`);
}

/** The stored form of a duration. */
export const durationShape: Shape<MuteDuration> = looseObject<MuteDuration>(MEMBERS);

/** A duration in words: "1 week", "14 days". */
export function describePeriods({ period, nrOfPeriods }: MuteDuration): string {
  return pluralize(nrOfPeriods, period);
}

/** Milliseconds in words, in the largest unit that has no remainder: "14 days", "90 minutes". */
export function describeMilliseconds(ms: number): string {
  const [unit, length] = UNITS.find(([, each]) => ms % each === 0) ?? ["millisecond", 1];
  return pluralize(ms / length, unit);
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

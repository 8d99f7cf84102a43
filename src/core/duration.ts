import { CALENDAR_PERIODS, type CalendarPeriod } from "./calendar.ts";
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

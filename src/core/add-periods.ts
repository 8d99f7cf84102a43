import dayjs from "dayjs";
import utc from "dayjs/plugin/utc.js";
import { CALENDAR_PERIODS, type CalendarPeriod } from "./calendar.ts";
import { invalidInput, requireInstant, requireInteger, requireOneOf } from "./input.ts";
import { isInstant, type Instant, type InstantInput } from "./instant.ts";

dayjs.extend(utc);

/**
 * The instant `nrOfPeriods` periods after another, in calendar arithmetic (UTC): a month or year that has no such day
 * ends on its last one (31 January plus a month is 28 or 29 February).
 *
 * @param nrOfPeriods - how many; a negative number goes back
 * @param field - the name of `nrOfPeriods` in an error
 * @throws {@link IssueLifecycleError} `invalid-input`, also for a result before 1970 or after the year 9999
 */
export function addPeriods(
  at: InstantInput,
  nrOfPeriods: number,
  period: CalendarPeriod,
  field = "nrOfPeriods",
): Instant {
  const from = requireInstant("at", at);
  const count = requireInteger(field, nrOfPeriods, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const result = dayjs
    .utc(from)
    .add(count, requireOneOf("period", period, CALENDAR_PERIODS))
    .valueOf();
  if (!isInstant(result)) {
    throw invalidInput(field, nrOfPeriods, "a number of periods that ends after 1969 and before the year 10000");
  }
  return result;
}

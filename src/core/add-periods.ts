import dayjs from "dayjs";
import utc from "dayjs/plugin/utc.js";
import type { CalendarPeriod } from "./calendar.ts";
import type { Instant } from "./instant.ts";

dayjs.extend(utc);

/**
 * The instant `nrOfPeriods` periods after another, in calendar arithmetic: a month or year that has no such day ends on
 * its last one (31 January plus a month is 28 or 29 February).
 */
export function addPeriods(at: Instant, nrOfPeriods: number, period: CalendarPeriod): Instant {
  return dayjs.utc(at).add(nrOfPeriods, period).valueOf();
}

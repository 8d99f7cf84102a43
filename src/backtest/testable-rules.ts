import { CALENDAR_PERIODS, type CalendarPeriod, type Period } from "../core/calendar.ts";
import { invalidInput } from "../core/input.ts";
import { beginningOf, isBucketStart } from "./past-events.ts";
import type { CheckedRule } from "./rule-run.ts";

/** The periods whose buckets consist of whole buckets of a period. A month or a year does not consist of whole weeks. */
const MADE_OF: Readonly<Record<CalendarPeriod, readonly Period[]>> = {
  minute: [...CALENDAR_PERIODS, "total"],
  hour: ["hour", "day", "week", "month", "year", "total"],
  day: ["day", "week", "month", "year", "total"],
  week: ["week", "total"],
  month: ["month", "year", "total"],
  year: ["year", "total"],
};

/**
 * Refuses rules that counts of a period cannot test, because within it nobody knows when the events were received.
 *
 * @param isAssumed - whether the counts themselves say the period, which may be finer then
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireTestable(rules: readonly CheckedRule[], period: CalendarPeriod, isAssumed: boolean): void {
  const allowed = MADE_OF[period];
  const hint = isAssumed ? ` as far as their beginnings say; give options.period if they are finer` : "";
  for (const { field, name, mute } of rules) {
    const because = `, because the counts that rule ${JSON.stringify(name.toWellFormed())} is tested on are per ${period}${hint}`;
    const requirePeriod = (path: string, given: Period, periods: readonly Period[]): void => {
      if (periods.includes(given)) return;
      throw invalidInput(path, given, `one of ${periods.map((each) => `"${each}"`).join(", ")}${because}`);
    };
    for (const [index, condition] of mute.conditions.entries()) {
      requirePeriod(`${field}.conditions[${String(index)}].period`, condition.period, allowed);
    }
    if (mute.for !== undefined) {
      const durations = allowed.filter((each) => each !== "total");
      requirePeriod(`${field}.for.period`, mute.for.period, durations);
    }
    if (mute.until !== undefined && !isBucketStart(period, mute.until)) {
      throw invalidInput(`${field}.until`, new Date(mute.until), `${beginningOf(period)}${because}`);
    }
  }
}

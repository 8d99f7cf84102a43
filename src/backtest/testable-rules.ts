import { CALENDAR_PERIODS, type CalendarPeriod, type Period } from "../core/calendar.ts";
import { ruleOf, type Condition } from "../core/conditions/condition.ts";
import { invalidInput } from "../core/input.ts";
import type { CheckedMuteRequest } from "../core/mute-request.ts";
import { beginningOf, isBucketStart } from "./past-events.ts";
import { conditionsOf, type CheckedRule } from "./rule-run.ts";

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
  const hint = isAssumed ? ` as far as their beginnings say; give options.period if they are finer` : "";
  for (const rule of rules) {
    const name = JSON.stringify(rule.name.toWellFormed());
    const because = `, because the counts that rule ${name} is tested on are per ${period}${hint}`;
    for (const [index, condition] of conditionsOf(rule).entries()) {
      requireTestableCondition(`${rule.field}.conditions[${String(index)}]`, condition, period, because);
    }
    if (rule.kind === "mute") requireTestableTimes(rule.field, rule.mute, period, because);
  }
}

function requireTestableCondition(field: string, condition: Condition, of: CalendarPeriod, because: string): void {
  const { period } = ruleOf(condition).window;
  if (condition.kind === "volume") requirePeriod(`${field}.period`, period, MADE_OF[of], because);
  else if (!MADE_OF[of].includes(period)) {
    throw invalidInput(`${field}.kind`, condition.kind, `a condition that does not count by the ${period}${because}`);
  }
}

/** The times at which a mute ends and begins again. */
function requireTestableTimes(field: string, mute: CheckedMuteRequest, of: CalendarPeriod, because: string): void {
  const durations = MADE_OF[of].filter((each) => each !== "total");
  if (mute.for !== undefined) requirePeriod(`${field}.for.period`, mute.for.period, durations, because);
  if (mute.again !== undefined) requirePeriod(`${field}.again.period`, mute.again.period, durations, because);
  if (mute.until !== undefined && !isBucketStart(of, mute.until)) {
    throw invalidInput(`${field}.until`, new Date(mute.until), `${beginningOf(of)}${because}`);
  }
}

function requirePeriod(field: string, given: Period, periods: readonly Period[], because: string): void {
  if (periods.includes(given)) return;
  throw invalidInput(field, given, `one of ${periods.map((each) => `"${each}"`).join(", ")}${because}`);
}

/**
 * Refuses conditions on users, which no event would meet.
 *
 * @param because - why there are no users
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireNoUserConditions(rules: readonly CheckedRule[], because: string): void {
  for (const rule of rules) {
    const index = conditionsOf(rule).findIndex((condition) => ruleOf(condition).countsUsers);
    if (index < 0) continue;
    const allowed = `another kind of condition, or events with users, as in { receivedAt: Date.now(), userId: "7" }, because ${because}`;
    throw invalidInput(`${rule.field}.conditions[${String(index)}].kind`, "users", allowed);
  }
}

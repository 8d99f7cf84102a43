import { CALENDAR_PERIODS, type CalendarPeriod } from "../core/calendar.ts";
import { invalidInput, requireBoolean } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { checkMuteRequest, type MuteRequest } from "../core/mute-request.ts";
import type { PeriodCount } from "../core/period-counter.ts";
import { arrayOf, object, oneOf, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { projectWatchInput, type ProjectWatchInput } from "../core/watch.ts";
import { backtestSvg } from "./backtest-picture.ts";
import { backtestText } from "./backtest-text.ts";
import { Histogram, type BarLength } from "./histogram.ts";
import { longestPeriodOf, readPastEvents, requireIterable, type PastEvent } from "./past-events.ts";
import { runOf, type CheckedRule, type RuleReport } from "./rule-run.ts";
import { requireNoUserConditions, requireTestable } from "./testable-rules.ts";

/** A rule to test on past events: a mute, or what the open issue is watched for. */
export type BacktestRule = BacktestMuteRule | BacktestWatchRule;

/** A mute to test on past events. */
export interface BacktestMuteRule {
  /** Its name in the report; 1 to 100 characters. */
  readonly name: string;
  /** The rule. Its `for` counts from each time the issue is muted. */
  readonly mute: MuteRequest;
  readonly watch?: undefined;
}

/** A watch to test on past events. */
export interface BacktestWatchRule {
  /** Its name in the report; 1 to 100 characters. */
  readonly name: string;
  /** What the issue is watched for. It stays open throughout. */
  readonly watch: ProjectWatchInput;
  readonly mute?: undefined;
}

/** The events and the rules of a backtest. */
export interface BacktestOptions {
  /** The past events, oldest first. One that is older than one before it is a late event, as in a tracker. */
  readonly events: Iterable<PastEvent>;
  /**
   * The period of the counts among the events. Default: the longest one of which each count's `startsAt` is a beginning, if the
   * events are an array; with counts in any other iterable it is required. Rules with finer periods are refused, because counts
   * do not say when in a period the events came: a condition or a `for` in minutes on hourly counts, an `until` within an hour.
   * Weekly counts cannot tell months or years either. Counts have no users.
   */
  readonly period?: CalendarPeriod;
  /** The rules, 1 to 20. */
  readonly rules: readonly BacktestRule[];
  /**
   * Whether the issue is muted again by the rule after each unmute, as soon as the command is accepted: at once, or at the end of
   * the period with which its conditions are not met any more. Default `true`; with `false` the report has the first unmute only.
   * A mute with an `again` of its own is muted again as that says, and a watch goes on.
   */
  readonly again?: boolean;
}

/** The results of the rules, side by side. */
export interface BacktestReport {
  readonly eventCount: number;
  /** How many of the events were late: older than one before them. */
  readonly lateEvents: number;
  /** When the first event was received; `null` without events. */
  readonly from: Instant | null;
  /** The end of the backtest: when the last event was received, or the last count's `startsAt`; `null` without events. */
  readonly to: Instant | null;
  /** The number of events over time, in at most 120 bars of {@link BacktestReport.barLength}; empty without events. */
  readonly histogram: readonly PeriodCount[];
  /** The length of the histogram's bars. */
  readonly barLength: BarLength;
  /** One for each rule, in the rules' order. */
  readonly rules: readonly RuleReport[];
  /** The report as a table in plain text. */
  toText(): string;
  /** The events and the alerts over time, as an SVG image for light and dark backgrounds. */
  toSvg(): string;
}

const MAX_RULES = 20;
const RULE_EXAMPLE = `{ name: "100 a day", mute: { conditions: [{ period: "day", nrOfPeriods: 1, volume: 100 }] } }`;

const ruleMembers = object(
  {
    name: text(1, 100),
    mute: optional(checkMuteRequest),
    watch: optional(projectWatchInput),
  } satisfies Record<keyof BacktestRule, Shape<unknown>>,
  RULE_EXAMPLE,
);

/** The shape of a rule: a mute or a watch. */
const checkRule: Shape<CheckedRule> = (field, value) => {
  const { name, mute, watch } = ruleMembers(field, value);
  if (mute !== undefined && watch === undefined) return { kind: "mute", name, field: `${field}.mute`, mute };
  if (watch !== undefined && mute === undefined) return { kind: "watch", name, field: `${field}.watch`, watch };
  throw invalidInput(field, value, `a rule with either a mute or a watch, as in ${RULE_EXAMPLE}`);
};

const backtestOptions = object({
  events: requireIterable,
  period: optional(oneOf(CALENDAR_PERIODS)),
  rules: arrayOf(checkRule, 1, MAX_RULES, `{ rules: [${RULE_EXAMPLE}] }`),
  again: withDefault(requireBoolean, true),
} satisfies Record<keyof BacktestOptions, Shape<unknown>>);

/**
 * Tests rules on past events: for each mute, when it would have ended, and for each watch, when it would have raised an alert. A
 * mute begins after the first event; a watch looks at the open issue. The decisions are made by the functions that a tracker uses,
 * and the result is what a tracker does, to which no event is old. Takes about a microsecond per event and rule, and the same memory
 * for any number of events, but for conditions on users, which remember each user.
 *
 * @throws `IssueLifecycleError` `invalid-input`, `condition-out-of-range`
 * @example
 * ```ts
 * import { volumeCondition } from "issue-lifecycle";
 * import { backtest } from "issue-lifecycle/backtest";
 *
 * const minute = 60_000;
 * const past = Array.from({ length: 500 }, (_, index) => Date.UTC(2026, 0, 5) + index * 7 * minute);
 * const report = backtest({
 *   events: past,
 *   rules: [
 *     { name: "5 an hour", mute: { conditions: [volumeCondition(5, "hour")] } },
 *     { name: "150 a day", mute: { conditions: [volumeCondition(150, "day")] } },
 *     { name: "spikes", watch: { conditions: [{ kind: "spike" }] } },
 *   ],
 * });
 * console.log(report.toText());
 * ```
 * @example
 * ```ts
 * import { volumeCondition, type IssueTracker } from "issue-lifecycle";
 * import { backtest } from "issue-lifecycle/backtest";
 *
 * export async function tryOut(tracker: IssueTracker): Promise<string> {
 *   const events = await tracker.issues.eventCounts("SHOP-1", { period: "hour" });
 *   const rules = [{ name: "100 a day", mute: { conditions: [volumeCondition(100, "day")] } }];
 *   return backtest({ events, period: "hour", rules }).toText();
 * }
 * ```
 */
export function backtest(options: BacktestOptions): BacktestReport {
  const { events, period: named, rules, again } = backtestOptions("options", options);
  const period = named ?? longestPeriodOf(events);
  if (period !== undefined) requireTestable(rules, period, named === undefined);
  const { runs, histogram, ...totals } = applyRules(events, period, rules, again);
  const report = {
    ...totals,
    histogram: histogram.bars(),
    barLength: histogram.barLength,
    rules: runs.map((run) => run.report()),
  };
  const alertBars = runs.map(({ alerts }) => alerts.histogram);
  return { ...report, toText: () => backtestText(report), toSvg: () => backtestSvg(report, alertBars) };
}

function applyRules(
  events: Iterable<unknown>,
  period: CalendarPeriod | undefined,
  rules: readonly CheckedRule[],
  again: boolean,
) {
  const finest = period ?? "minute";
  const runs = rules.map((rule) => runOf(rule, again, finest));
  const histogram = new Histogram(finest);
  let [eventCount, lateEvents, hasUsers] = [0, 0, false];
  let [from, to]: [Instant | null, Instant | null] = [null, null];
  for (const received of readPastEvents("options.events", events, period)) {
    const { kind, at, n } = received;
    if (kind === "count") requireNoUserConditions(rules, "counts have no users");
    else hasUsers ||= received.userId !== undefined;
    if (n === 0 && to === null) continue;
    if (n > 0) {
      if (to !== null && at < to) lateEvents += n;
      from = Math.min(from ?? at, at);
      eventCount += n;
    }
    to = Math.max(to ?? at, at);
    histogram.add(at, n);
    for (const run of runs) {
      run.advanceTo(at);
      if (n > 0) run.receive(received);
    }
  }
  if (eventCount > 0 && !hasUsers) requireNoUserConditions(rules, "none of the events has a user");
  return { runs, histogram, eventCount, lateEvents, from, to };
}

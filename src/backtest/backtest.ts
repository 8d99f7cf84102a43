import { CALENDAR_PERIODS, type CalendarPeriod } from "../core/calendar.ts";
import { requireBoolean } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { checkMuteRequest, type MuteRequest } from "../core/mute-request.ts";
import type { PeriodCount } from "../core/period-counter.ts";
import { arrayOf, object, oneOf, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { backtestSvg } from "./backtest-picture.ts";
import { backtestText } from "./backtest-text.ts";
import { Histogram, type BarLength } from "./histogram.ts";
import { longestPeriodOf, readPastEvents, requireIterable, type PastEvent } from "./past-events.ts";
import { RuleRun, type CheckedRule, type RuleReport } from "./rule-run.ts";
import { requireTestable } from "./testable-rules.ts";
import { UnmuteLog } from "./unmute-log.ts";

/** A mute rule to test on past events. */
export interface BacktestRule {
  /** Its name in the report; 1 to 100 characters. */
  readonly name: string;
  /** The rule. Its `for` counts from each time the issue is muted. */
  readonly mute: MuteRequest;
}

/** The events and the rules of a backtest. */
export interface BacktestOptions {
  /** The past events, oldest first. One that is older than one before it is a late event, as in a tracker. */
  readonly events: Iterable<PastEvent>;
  /**
   * The period of the counts among the events. Default: the longest one of which each count's `startsAt` is a beginning, if the
   * events are an array; with counts in any other iterable it is required. Rules with finer periods are refused, because counts
   * do not say when in a period the events came: a condition or a `for` in minutes on hourly counts, an `until` within an hour.
   * Weekly counts cannot tell months or years either.
   */
  readonly period?: CalendarPeriod;
  /** The rules, 1 to 20. */
  readonly rules: readonly BacktestRule[];
  /**
   * Whether the issue is muted again by the rule after each unmute, as soon as the command is accepted: at once, or at the end of
   * the period with which its conditions are not met any more. Default `true`; with `false` the report has the first unmute only.
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
  /** The events and the unmutes over time, as an SVG image for light and dark backgrounds. */
  toSvg(): string;
}

const MAX_RULES = 20;

const backtestOptions = object({
  events: requireIterable,
  period: optional(oneOf(CALENDAR_PERIODS)),
  rules: arrayOf(
    object({ name: text(1, 100), mute: checkMuteRequest } satisfies Record<keyof BacktestRule, Shape<unknown>>),
    1,
    MAX_RULES,
    `{ rules: [{ name: "a day", mute: { for: { period: "day", nrOfPeriods: 1 } } }] }`,
  ),
  again: withDefault(requireBoolean, true),
} satisfies Record<keyof BacktestOptions, Shape<unknown>>);

/**
 * Tests mute rules on past events: for each rule, when it would have ended the mute. The issue is muted after the first
 * event; the decisions are made by the functions that a tracker uses, and the result is what a tracker does. Takes about a
 * microsecond per event and rule, and the same memory for any number of events.
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
  const { events, period: named, rules: given, again } = backtestOptions("options", options);
  const period = named ?? longestPeriodOf(events);
  const rules = given.map((rule, index) => ({ ...rule, field: `options.rules[${String(index)}].mute` }));
  if (period !== undefined) requireTestable(rules, period, named === undefined);
  const { runs, histogram, ...totals } = applyRules(events, period, rules, again);
  const report = {
    ...totals,
    histogram: histogram.bars(),
    barLength: histogram.barLength,
    rules: runs.map((run) => run.report()),
  };
  const unmuteBars = runs.map(({ unmutes }) => unmutes.histogram);
  return { ...report, toText: () => backtestText(report), toSvg: () => backtestSvg(report, unmuteBars) };
}

function applyRules(
  events: Iterable<unknown>,
  period: CalendarPeriod | undefined,
  rules: readonly CheckedRule[],
  again: boolean,
) {
  const finest = period ?? "minute";
  const runs = rules.map((rule) => new RuleRun(rule, again, new UnmuteLog(finest)));
  const histogram = new Histogram(finest);
  let [eventCount, lateEvents] = [0, 0];
  let [from, to]: [Instant | null, Instant | null] = [null, null];
  for (const received of readPastEvents("options.events", events, period)) {
    const { at, n } = received;
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
  return { runs, histogram, eventCount, lateEvents, from, to };
}

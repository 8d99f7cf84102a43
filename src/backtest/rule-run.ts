import type { CalendarPeriod } from "../core/calendar.ts";
import type { Condition } from "../core/conditions/condition.ts";
import type { Instant } from "../core/instant.ts";
import type { CheckedMuteRequest } from "../core/mute-request.ts";
import type { ProjectWatch } from "../core/watch.ts";
import { AlertLog, type BacktestAlert } from "./alert-log.ts";
import { MuteRun } from "./mute-run.ts";
import type { ReceivedEvents } from "./past-events.ts";
import { WatchRun } from "./watch-run.ts";

/** What a rule would have done. */
export interface RuleReport {
  readonly name: string;
  readonly kind: "mute" | "watch";
  /** How many alerts it would have raised: one each time that its mute ends, or that its watch meets a condition. */
  readonly alertCount: number;
  /** The first 1,000 of them. */
  readonly alerts: readonly BacktestAlert[];
  /** The last of them, listed or not; `null` if there would have been none. */
  readonly lastAlert: BacktestAlert | null;
  /** How many events came while the issue was muted, those that ended a mute included; 0 for a watch. */
  readonly mutedEvents: number;
  /** Whether the issue would be muted at the end of the backtest; `false` for a watch. */
  readonly mutedAtEnd: boolean;
}

/** A rule that was checked: it mutes the issue, or watches it while it is open. */
export type CheckedRule = CheckedMuteRule | CheckedWatchRule;

/** A rule that mutes the issue. */
export interface CheckedMuteRule {
  readonly kind: "mute";
  readonly name: string;
  /** The path of its mute in errors. */
  readonly field: string;
  readonly mute: CheckedMuteRequest;
}

/** A rule that watches the issue while it is open. */
export interface CheckedWatchRule {
  readonly kind: "watch";
  readonly name: string;
  /** The path of its watch in errors. */
  readonly field: string;
  readonly watch: ProjectWatch;
}

/** The conditions of a rule. */
export function conditionsOf(rule: CheckedRule): readonly Condition[] {
  return rule.kind === "mute" ? rule.mute.conditions : rule.watch.conditions;
}

/**
 * One rule on past events, by the functions that a tracker uses. Its time is the newest one that it was given: a late event does
 * not move it back. At an instant the clock comes before the events that were received at that instant.
 */
export interface RuleRun {
  readonly alerts: AlertLog;
  /** Lets time pass up to an instant. */
  advanceTo(at: Instant): void;
  /** Counts events, after time has passed up to them. The first one opens the issue. */
  receive(events: ReceivedEvents): void;
  report(): RuleReport;
}

/**
 * Begins to apply a rule.
 *
 * @param again - whether the issue is muted again after an unmute, if the mute itself does not say when
 * @param finest - the shortest time that the events tell
 */
export function runOf(rule: CheckedRule, again: boolean, finest: CalendarPeriod): RuleRun {
  const alerts = new AlertLog(finest);
  return rule.kind === "mute" ? new MuteRun(rule, again, alerts) : new WatchRun(rule, alerts);
}

/**
 * Tests mutes and watches on past events.
 *
 * @module backtest
 */
export {
  backtest,
  type BacktestMuteRule,
  type BacktestOptions,
  type BacktestReport,
  type BacktestRule,
  type BacktestWatchRule,
} from "./backtest.ts";
export type { BarLength } from "./histogram.ts";
export type { PastEvent, PastEventInput } from "./past-events.ts";
export type { RuleReport } from "./rule-run.ts";
export { MAX_LISTED_ALERTS, type BacktestAlert } from "./alert-log.ts";

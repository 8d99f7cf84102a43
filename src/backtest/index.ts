/**
 * Tests mute rules on past events.
 *
 * @module backtest
 */
export { backtest, type BacktestOptions, type BacktestReport, type BacktestRule } from "./backtest.ts";
export type { BarLength } from "./histogram.ts";
export type { PastEvent } from "./past-events.ts";
export type { RuleReport } from "./rule-run.ts";
export { MAX_LISTED_UNMUTES, type BacktestUnmute } from "./unmute-log.ts";

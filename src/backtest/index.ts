/**
 * Tests mute rules on past events.
 *
 * @module backtest
 */
export { backtest, type BacktestOptions, type BacktestReport, type BacktestRule, type PastEvent } from "./backtest.ts";
export type { BacktestUnmute, RuleReport } from "./rule-run.ts";

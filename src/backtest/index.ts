/**
 * What a mute rule would have done on past event counts.
 *
 * @module backtest
 */
export {
  backtest,
  type BacktestOptions,
  type BacktestReport,
  type BacktestRule,
  type PastEvent,
  type RuleReport,
  type Wake,
} from "./backtest.ts";

import { formatInstant, type Instant } from "../core/instant.ts";
import { pluralize, toOneLine } from "../core/text.ts";
import type { BacktestReport } from "./backtest.ts";
import type { RuleReport } from "./rule-run.ts";

/** A report as a table in plain text. */
export function backtestText(report: Omit<BacktestReport, "toText" | "toSvg">): string {
  const { eventCount, rules } = report;
  const rows = rules.map((rule) => [
    toOneLine(rule.name),
    String(rule.alertCount),
    whenOf(rule.alerts[0]?.at),
    whenOf(rule.lastAlert?.at),
    mutedShare(rule, eventCount),
  ]);
  const table = [["rule", "alerts", "first", "last", "muted events"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column === 1 || column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  "),
  );
  return [backtestSummary(report), ...lines].join("\n");
}

type Totals = Pick<BacktestReport, "eventCount" | "lateEvents" | "from" | "to">;

/** How many events there were, how many of them late, and when. */
export function backtestSummary(totals: Totals): string {
  const range = rangeSummary(totals);
  return range === "" ? countSummary(totals) : `${countSummary(totals)}, ${range}`;
}

/** How many events there were, and how many of them late. */
export function countSummary({ eventCount, lateEvents }: Totals): string {
  const late = lateEvents === 0 ? "" : ` (${String(lateEvents)} late: older than one before)`;
  return pluralize(eventCount, "event") + late;
}

/** From when to when; `""` without events. */
export function rangeSummary({ from, to }: Totals): string {
  if (from === null || to === null) return "";
  const [first, last] = [formatInstant(from), formatInstant(to)];
  return first === last ? first : `${first} to ${last}`;
}

/** How many of the events came while the issue was muted: `82.5 %`; `-` for a watch, or without events. */
export function mutedShare({ kind, mutedEvents }: RuleReport, eventCount: number): string {
  return eventCount === 0 || kind === "watch" ? "-" : `${((100 * mutedEvents) / eventCount).toFixed(1)} %`;
}

function whenOf(at: Instant | undefined): string {
  return at === undefined ? "-" : formatInstant(at);
}

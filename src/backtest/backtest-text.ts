import { formatInstant } from "../core/instant.ts";
import { countOf } from "../core/text.ts";
import type { BacktestReport } from "./backtest.ts";

/** A report as a table. */
export function backtestText({ eventCount, from, to, rules }: Omit<BacktestReport, "toText" | "toSvg">): string {
  const range = from === null || to === null ? "" : `, ${formatInstant(from)} to ${formatInstant(to)}`;
  const rows = rules.map(({ name, wakes, quietEvents }) => [
    name,
    String(wakes.length),
    whenOf(wakes[0]?.at),
    whenOf(wakes.at(-1)?.at),
    eventCount === 0 ? "-" : `${((100 * quietEvents) / eventCount).toFixed(1)} %`,
  ]);
  const table = [["rule", "alerts", "first", "last", "quiet events"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        column === 1 || column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  "),
  );
  return [`${countOf(eventCount, "event")}${range}`, ...lines].join("\n");
}

function whenOf(at: number | undefined): string {
  return at === undefined ? "-" : formatInstant(at);
}

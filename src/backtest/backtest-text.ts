import { formatInstant } from "../core/instant.ts";
import { pluralize } from "../core/text.ts";
import type { BacktestReport } from "./backtest.ts";

/** A report as a table in plain text. */
export function backtestText({ eventCount, from, to, rules }: Omit<BacktestReport, "toText" | "toSvg">): string {
  const range = from === null || to === null ? "" : `, ${formatInstant(from)} to ${formatInstant(to)}`;
  const rows = rules.map(({ name, unmutes, mutedEvents }) => [
    name,
    String(unmutes.length),
    whenOf(unmutes[0]?.at),
    whenOf(unmutes.at(-1)?.at),
    eventCount === 0 ? "-" : `${((100 * mutedEvents) / eventCount).toFixed(1)} %`,
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
  return [`${pluralize(eventCount, "event")}${range}`, ...lines].join("\n");
}

function whenOf(at: number | undefined): string {
  return at === undefined ? "-" : formatInstant(at);
}

import { countTicks, formatCount, timeTicks } from "../backtest/drawing/ticks.ts";
import type { Instant } from "../core/instant.ts";
import type { PeriodCount } from "../core/period-counter.ts";
import { html, type Html } from "./html.ts";
import { countOf } from "./words.ts";

const SPARK = { width: 132, height: 28, gap: 1.5 };

/** A row of bars as high as a line of text, such as the 24 hours of an issue in a list. Bars since it got loud are marked. */
export function sparkline(counts: readonly PeriodCount[], what: string, loudFrom: Instant = Infinity): Html {
  const { width, height, gap } = SPARK;
  const step = width / Math.max(1, counts.length);
  const highest = Math.max(4, ...counts.map(({ count }) => count));
  // One path for all bars: a list has more than a thousand of them.
  const [plain, hot]: [string[], string[]] = [[], []];
  for (const [index, { count, startsAt }] of counts.entries()) {
    const size = fixed(Math.max(1, ((height - 2) * count) / highest));
    const bar = `M${fixed(index * step)} ${String(height)}v-${size}h${fixed(step - gap)}v${size}z`;
    (count > 0 && startsAt >= loudFrom ? hot : plain).push(bar);
  }
  return html`<svg
    class="bars"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${what}: ${countOf(total(counts), "event")}"
  >
    <path d="${plain.join("")}" />
    ${hot.length > 0 && html`<path class="hot" d="${hot.join("")}" />`}
  </svg>`;
}

/** A threshold that a bar of a chart can reach. */
export interface ChartThreshold {
  readonly volume: number;
  /** Such as "100 a day". */
  readonly label: string;
}

/** What a chart shows. */
export interface ChartParts {
  readonly counts: readonly PeriodCount[];
  /** The end of the last bar. */
  readonly until: Instant;
  readonly thresholds: readonly ChartThreshold[];
  /** When mutes ended. */
  readonly unmutes: readonly Instant[];
  /** What the bars are, such as "Events per day". */
  readonly what: string;
}

const CHART = { width: 760, height: 170, left: 40, top: 22, bottom: 24 };

/** Bars over time with thresholds as lines, and a triangle over each bar in which a mute ended. */
export function chart(parts: ChartParts): Html {
  const { width, height } = CHART;
  const { what, counts, until } = parts;
  const ticks = countTicks(Math.max(highestOf(counts), ...parts.thresholds.map(({ volume }) => volume), 1));
  const axes = axesOf(counts, until, ticks.at(-1) ?? 1);
  return html`<div class="chart-box" tabindex="0" role="group" aria-label="${what}">
    <svg class="chart bars" viewBox="0 0 ${width} ${height}" role="img" aria-label="${inWords(parts)}">
      ${gridOf(ticks, axes)}${barsOf(parts, axes)}${limitsOf(parts, axes)}${markersOf(parts, axes)}${timesOf(axes)}
    </svg>
  </div>`;
}

/** Where counts and instants are in a chart. */
interface Axes {
  readonly from: Instant;
  readonly until: Instant;
  /** The width of a bar with the room around it. */
  readonly step: number;
  readonly yOf: (count: number) => number;
  readonly xOf: (at: Instant) => number;
}

function axesOf(counts: readonly PeriodCount[], until: Instant, scale: number): Axes {
  const { width, height, left, top, bottom } = CHART;
  const from = counts[0]?.startsAt ?? 0;
  return {
    from,
    until,
    step: (width - left) / Math.max(1, counts.length),
    yOf: (count) => top + (height - top - bottom) * (1 - count / scale),
    xOf: (at) => left + ((width - left) * (at - from)) / Math.max(1, until - from),
  };
}

function gridOf(ticks: readonly number[], { yOf }: Axes): readonly Html[] {
  return ticks.map(
    (tick) =>
      html`${lineAt(yOf(tick), "grid")}<text x="${CHART.left - 6}" y="${fixed(yOf(tick) + 4)}" text-anchor="end"
          >${formatCount(tick)}</text
        >`,
  );
}

function lineAt(y: number, look: string): Html {
  return html`<line class="${look}" x1="${CHART.left}" x2="${CHART.width}" y1="${fixed(y)}" y2="${fixed(y)}" />`;
}

/** A bar that reaches a threshold is marked. */
function barsOf({ counts, thresholds }: ChartParts, { step, yOf }: Axes): readonly Html[] {
  const lowest = Math.min(...thresholds.map(({ volume }) => volume));
  return counts.map(({ count, startsAt }, index) => {
    const x = fixed(CHART.left + (index + 0.12) * step);
    const y = yOf(count);
    return html`<rect
      class="${count >= lowest ? "hot" : ""}"
      x="${x}"
      y="${fixed(y)}"
      width="${fixed(step * 0.76)}"
      height="${fixed(yOf(0) - y)}"
      rx="2"
      ><title>${titleOf(startsAt, count)}</title></rect
    >`;
  });
}

function limitsOf({ thresholds }: ChartParts, { yOf }: Axes): readonly Html[] {
  return thresholds.map(
    ({ volume, label }) =>
      html`${lineAt(yOf(volume), "limit")}<text
          class="limit"
          x="${CHART.width}"
          y="${fixed(yOf(volume) - 5)}"
          text-anchor="end"
          >${label}</text
        >`,
  );
}

function markersOf({ counts, unmutes }: ChartParts, { step, yOf }: Axes): readonly Html[] {
  return unmutes.flatMap((at) => {
    const index = counts.findLastIndex(({ startsAt }) => startsAt <= at);
    const bar = counts[index];
    if (bar === undefined) return [];
    const [x, y] = [CHART.left + (index + 0.5) * step, yOf(bar.count)];
    return [html`<path class="hot" d="M${fixed(x)} ${fixed(y - 13)}l5 8h-10z"><title>The mute ended</title></path>`];
  });
}

function timesOf({ from, until, xOf }: Axes): readonly Html[] {
  return timeTicks(from, until - 1, 8).map(
    ({ at, label }) => html`<text x="${fixed(xOf(at))}" y="${CHART.height - 6}">${label}</text>`,
  );
}

/** What a chart shows, for whoever does not see it. */
function inWords({ what, counts, thresholds, unmutes }: ChartParts): string {
  return [
    `${what}: ${countOf(total(counts), "event")}, at most ${countOf(highestOf(counts), "event")}`,
    ...thresholds.map(({ label }) => `threshold ${label}`),
    ...(unmutes.length > 0 ? [`${countOf(unmutes.length, "end")} of a mute`] : []),
  ].join("; ");
}

function highestOf(counts: readonly PeriodCount[]): number {
  return Math.max(0, ...counts.map(({ count }) => count));
}

function titleOf(startsAt: Instant, count: number): string {
  return `${new Date(startsAt).toISOString().slice(0, 16).replace("T", " ")} UTC: ${countOf(count, "event")}`;
}

function total(counts: readonly PeriodCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function fixed(value: number): string {
  return value.toFixed(1).replace(/\.0$/u, "");
}

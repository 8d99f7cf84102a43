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
export function chart({ counts, until, thresholds, unmutes, what }: ChartParts): Html {
  const { width, height, left, top, bottom } = CHART;
  const from = counts[0]?.startsAt ?? 0;
  const highest = Math.max(...counts.map(({ count }) => count), ...thresholds.map(({ volume }) => volume), 1);
  const ticks = countTicks(highest);
  const scale = ticks.at(-1) ?? 1;
  const yOf = (count: number): number => top + (height - top - bottom) * (1 - count / scale);
  const xOf = (at: Instant): number => left + ((width - left) * (at - from)) / Math.max(1, until - from);
  const step = (width - left) / Math.max(1, counts.length);
  const lines = ticks.map(
    (tick) =>
      html`<line class="grid" x1="${left}" x2="${width}" y1="${fixed(yOf(tick))}" y2="${fixed(yOf(tick))}" /><text
          x="${left - 6}"
          y="${fixed(yOf(tick) + 4)}"
          text-anchor="end"
          >${formatCount(tick)}</text
        >`,
  );
  const lowest = Math.min(...thresholds.map(({ volume }) => volume));
  const bars = counts.map(({ count, startsAt }, index) => {
    const [x, y] = [left + index * step, yOf(count)];
    const look = count >= lowest ? "hot" : "";
    return html`<rect
      class="${look}"
      x="${fixed(x + step * 0.12)}"
      y="${fixed(y)}"
      width="${fixed(step * 0.76)}"
      height="${fixed(yOf(0) - y)}"
      rx="2"
      ><title>${titleOf(startsAt, count)}</title></rect
    >`;
  });
  const limits = thresholds.map(
    ({ volume, label }) =>
      html`<line class="limit" x1="${left}" x2="${width}" y1="${fixed(yOf(volume))}" y2="${fixed(yOf(volume))}" /><text
          class="limit"
          x="${width}"
          y="${fixed(yOf(volume) - 5)}"
          text-anchor="end"
          >${label}</text
        >`,
  );
  const markers = unmutes.flatMap((at) => {
    const index = counts.findLastIndex(({ startsAt }) => startsAt <= at);
    const bar = counts[index];
    if (bar === undefined) return [];
    const [x, y] = [left + (index + 0.5) * step, yOf(bar.count)];
    return [html`<path class="hot" d="M${fixed(x)} ${fixed(y - 13)}l5 8h-10z"><title>The mute ended</title></path>`];
  });
  const axis = timeTicks(from, until - 1, 8).map(
    ({ at, label }) => html`<text x="${fixed(xOf(at))}" y="${height - 6}">${label}</text>`,
  );
  const summary = [
    `${what}: ${countOf(total(counts), "event")}, at most ${countOf(Math.max(0, ...counts.map(({ count }) => count)), "event")}`,
    ...thresholds.map(({ label }) => `threshold ${label}`),
    ...(unmutes.length > 0 ? [`${countOf(unmutes.length, "end")} of a mute`] : []),
  ].join("; ");
  return html`<div class="chart-box" tabindex="0" role="group" aria-label="${what}">
    <svg class="chart bars" viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary}">
      ${lines}${bars}${limits}${markers}${axis}
    </svg>
  </div>`;
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

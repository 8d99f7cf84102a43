import type { Instant } from "../../core/instant.ts";
import { CHART, fixed, svgText } from "./svg.ts";
import { countTicks, formatCount, timeTicks } from "./ticks.ts";

const MOST_TIME_TICKS = 4;
/** Numbers on the axis that are nearer to the threshold's than this would overlap it on a phone. */
const NEAREST = 17;
/** The height of the labels below a chart. */
export const TIME_AXIS_HEIGHT = 26;

/** What a chart shows: counts over time. */
export interface ChartRange {
  readonly from: Instant;
  readonly to: Instant;
  /** The highest count. */
  readonly highest: number;
  /** The upper edge. */
  readonly top: number;
  readonly height: number;
  /** A count that has a line of its own. */
  readonly threshold?: number;
}

/** Places in a chart, and its axes. */
export class Chart {
  readonly #range: ChartRange;
  readonly #ticks: readonly number[];
  /** The place of the highest number on the axis. */
  readonly top: number;
  /** The place of the count 0. */
  readonly bottom: number;

  constructor(range: ChartRange) {
    this.#range = range;
    this.#ticks = countTicks(Math.max(range.highest, range.threshold ?? 0));
    this.top = range.top;
    this.bottom = range.top + range.height;
  }

  x(at: Instant): number {
    const { from, to } = this.#range;
    return CHART.left + ((at - from) / Math.max(1, to - from)) * (CHART.right - CHART.left);
  }

  y(count: number): number {
    return this.bottom - (count / (this.#ticks.at(-1) ?? 1)) * this.#range.height;
  }

  /** The lines behind the counts, with their numbers. */
  grid(): string[] {
    const { threshold } = this.#range;
    const line = threshold === undefined ? undefined : this.y(threshold);
    return this.#ticks.flatMap((count) => {
      const y = this.y(count);
      const isFree = line === undefined || Math.abs(y - line) >= NEAREST;
      return [
        `<path class="grid" d="M${String(CHART.left)} ${fixed(y)}H${String(CHART.right)}"/>`,
        ...(isFree ? [svgText(CHART.left - 8, y + 4.5, formatCount(count), { anchor: "end" })] : []),
      ];
    });
  }

  /** The threshold's line, with its number on the axis. */
  threshold(): string[] {
    const { threshold } = this.#range;
    if (threshold === undefined) return [];
    const y = this.y(threshold);
    return [
      `<path class="limit" d="M${String(CHART.left)} ${fixed(y)}H${String(CHART.right)}"/>`,
      svgText(CHART.left - 8, y + 4.5, formatCount(threshold), { anchor: "end", look: "strong" }),
    ];
  }

  /** The times below the chart. */
  times(): string[] {
    const { from, to } = this.#range;
    return timeTicks(from, to, MOST_TIME_TICKS).flatMap(({ at, label }) => {
      const x = this.x(at);
      const isLast = x > CHART.right - 45;
      const textX = isLast ? CHART.right : Math.max(x, CHART.left + 20);
      return [
        `<path class="grid" d="M${fixed(x)} ${fixed(this.bottom)}v5"/>`,
        svgText(textX, this.bottom + 20, label, { anchor: isLast ? "end" : "middle" }),
      ];
    });
  }
}

import { formatInstant } from "../../core/instant.ts";
import {
  describeVolumeCondition,
  equalVolumeConditions,
  type VolumeBasedCondition,
} from "../../core/volume-condition.ts";
import { escapeXml } from "../../backtest/xml.ts";
import type { TimelineEntry } from "./entry.ts";

/** The counts towards one condition of an issue's mute. */
interface Curve {
  readonly issue: string;
  readonly condition: VolumeBasedCondition;
  readonly points: { readonly at: number; readonly count: number }[];
}

/** One curve for each issue and condition, in the order of their first entries. */
function curvesOf(entries: readonly TimelineEntry[]): Curve[] {
  const curves: Curve[] = [];
  for (const { at, issue, progress } of entries) {
    for (const { condition, count } of progress) {
      const known = curves.find((each) => each.issue === issue && equalVolumeConditions(each.condition, condition));
      if (known !== undefined) known.points.push({ at, count });
      else curves.push({ issue: issue ?? "", condition, points: [{ at, count }] });
    }
  }
  return curves;
}

/** The counts against their thresholds as Mermaid charts, one for each issue and condition. */
export function timelineMermaid(entries: readonly TimelineEntry[]): string {
  return curvesOf(entries)
    .map(({ issue, condition, points }) => {
      const top = highestOf(condition, points);
      return [
        "xychart-beta",
        `  title "${issue}: until ${describeVolumeCondition(condition)}"`,
        `  x-axis "${rangeOf(points)}" 1 --> ${String(Math.max(2, points.length))}`,
        `  y-axis "events" 0 --> ${String(top)}`,
        `  bar [${points.map(({ count }) => String(count)).join(", ")}]`,
        `  line [${points.map(() => String(condition.volume)).join(", ")}]`,
      ].join("\n");
    })
    .join("\n\n");
}

function highestOf(condition: VolumeBasedCondition, points: Curve["points"]): number {
  return points.reduce((highest, { count }) => Math.max(highest, count), condition.volume);
}

function rangeOf(points: Curve["points"]): string {
  return `${formatInstant(points[0]?.at ?? 0)} to ${formatInstant(points.at(-1)?.at ?? 0)}`;
}

const WIDTH = 720;
const HEIGHT = 180;
const MARGIN = 40;

/** The counts against their thresholds as a standalone SVG image, for a report or a pull request. */
export function timelineSvg(entries: readonly TimelineEntry[]): string {
  const curves = curvesOf(entries);
  const height = HEIGHT * Math.max(1, curves.length);
  const charts = curves.map((curve, index) => chart(curve, index * HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(height)}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...(curves.length === 0 ? [label(MARGIN, MARGIN, "No mute with conditions.")] : charts),
    "</svg>",
  ].join("\n");
}

function chart({ issue, condition, points }: Curve, top: number): string {
  const [start, end] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const highest = highestOf(condition, points);
  const x = (at: number): string => round(MARGIN + ((at - start) / Math.max(1, end - start)) * (WIDTH - 2 * MARGIN));
  const y = (count: number): string => round(top + HEIGHT - MARGIN - (count / highest) * (HEIGHT - 2 * MARGIN));
  const right = String(WIDTH - MARGIN);
  const steps = points.map(({ at, count }, index) => {
    const before = points[index - 1];
    return before === undefined ? `M${x(at)} ${y(count)}` : `H${x(at)}V${y(count)}`;
  });
  return [
    label(MARGIN, top + 20, `${issue}: until ${describeVolumeCondition(condition)}`),
    `<path d="M${String(MARGIN)} ${y(0)}H${right}" stroke="#999999"/>`,
    `<path d="M${String(MARGIN)} ${y(condition.volume)}H${right}" stroke="#c0392b" stroke-dasharray="6 4"/>`,
    `<path d="${steps.join("")}" stroke="#2c6fbb" stroke-width="2" fill="none"/>`,
    label(4, Number(y(condition.volume)) + 4, String(condition.volume)),
    label(MARGIN, top + HEIGHT - 16, formatInstant(start)),
    `<text x="${right}" y="${String(top + HEIGHT - 16)}" text-anchor="end">${formatInstant(end)}</text>`,
  ].join("\n");
}

function label(x: number, y: number, text: string): string {
  return `<text x="${String(x)}" y="${String(y)}">${escapeXml(text)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

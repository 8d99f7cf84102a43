import { Chart, TIME_AXIS_HEIGHT } from "../../backtest/drawing/chart.ts";
import { CHART, fixed, LINE, PADDING, ROOM, svgDocument, svgLines, svgText } from "../../backtest/drawing/svg.ts";
import { wrapText } from "../../backtest/drawing/wrap.ts";
import type { Instant } from "../../core/instant.ts";
import { countChanges, type CountedCondition } from "./counts.ts";
import { asVolumeCurve, curvesOf, type Curve, type VolumeCurve } from "./curve.ts";
import type { TimelineEntry } from "./entry.ts";
import { describeIssueCondition } from "./issue-condition.ts";
import { legend, markSign } from "./legend.ts";
import { StepPath } from "./step-path.ts";

const CHART_HEIGHT = 130;
/** The shortest time that a picture shows: a timeline may take none. */
const SHORTEST_MS = 60_000;
/** The height of a line of time, for conditions that have no chart. */
const TRACK_HEIGHT = 26;

/** The counts against their thresholds as a standalone SVG image, for a report or a pull request. */
export function timelineSvg(entries: readonly TimelineEntry[]): string {
  const curves = curvesOf(entries);
  if (curves.length === 0) {
    const text = "No mute with conditions, and no watch.";
    return svgDocument(text, "", 60, [svgText(PADDING, 36, text)]);
  }
  const parts: string[] = [];
  let top = PADDING - 6;
  for (const curve of curves) {
    const volume = asVolumeCurve(curve);
    const part = volume === undefined ? trackPart(entries, curve, top) : curvePart(entries, volume, top);
    parts.push(...part.parts);
    top = part.bottom;
  }
  const names = curves.map(({ of }) => of.issue);
  const title = `Counts of ${[...new Set(names)].join(", ")} against ${purposeOf(curves)}`;
  const signs = legend(curves, top + 4);
  return svgDocument(title, curves.map(inWords).join(" "), signs.bottom + 8, [...parts, ...signs.parts]);
}

function purposeOf(curves: readonly Curve[]): string {
  const uses = new Set(curves.map(({ of }) => of.use));
  if (!uses.has("watch")) return "the conditions of its mutes";
  return uses.has("mute") ? "the conditions of its mutes and its watch" : "the conditions of its watch";
}

/** The chart of one condition, with its title. */
function curvePart(entries: readonly TimelineEntry[], curve: VolumeCurve, top: number) {
  const title = wrapText(describeIssueCondition(curve.of), ROOM.title);
  const { highest, atMarks } = measure(entries, curve);
  const { from, to, last } = timeOf(entries);
  const chart = new Chart({
    from,
    to,
    highest,
    threshold: curve.of.condition.volume,
    top: top + LINE.title * title.length + 20,
    height: CHART_HEIGHT,
  });
  const { path, above } = pathsOf(entries, curve.of, chart, last);
  return {
    bottom: chart.bottom + TIME_AXIS_HEIGHT + 10,
    parts: [
      ...svgLines(PADDING, top, title, "title"),
      ...mutedAreas(curve, chart),
      ...chart.grid(),
      `<path class="area" d="${path.area}"/>`,
      `<path class="above" d="${above.area}"/>`,
      `<path class="line" d="${path.line}"/>`,
      ...(path.tip.x < chart.x(last)
        ? []
        : [`<circle class="dot" cx="${fixed(path.tip.x)}" cy="${fixed(path.tip.y)}" r="3"/>`]),
      ...chart.threshold(),
      ...curve.marks.map((mark) => markSign(mark, chart.x(mark.at), chart.y(atMarks.get(mark.at) ?? 0) - 14)),
      ...chart.times(),
    ],
  };
}

/** A condition of another kind than volume: when the issue was muted, and what the condition led to, on a line of time. */
function trackPart(entries: readonly TimelineEntry[], curve: Curve, top: number) {
  const title = wrapText(describeIssueCondition(curve.of), ROOM.title);
  const { from, to } = timeOf(entries);
  const height = TRACK_HEIGHT;
  const chart = new Chart({ from, to, highest: 0, top: top + LINE.title * title.length + 8, height });
  return {
    bottom: chart.bottom + TIME_AXIS_HEIGHT + 10,
    parts: [
      ...svgLines(PADDING, top, title, "title"),
      ...mutedAreas(curve, chart),
      `<path class="grid" d="M${String(CHART.left)} ${fixed(chart.bottom)}H${String(CHART.right)}"/>`,
      ...curve.marks.map((mark) => markSign(mark, chart.x(mark.at), chart.bottom - 16)),
      ...chart.times(),
    ],
  };
}

function timeOf(entries: readonly TimelineEntry[]) {
  const [from, last] = [entries[0]?.at ?? 0, entries.at(-1)?.at ?? 0];
  return { from, last, to: Math.max(from + SHORTEST_MS, last) };
}

/** The line of the counts, and the part of it from the threshold on. */
function pathsOf(entries: readonly TimelineEntry[], of: CountedCondition, chart: Chart, end: Instant) {
  const { volume } = of.condition;
  const path = new StepPath(chart.bottom);
  const above = new StepPath(chart.y(volume));
  for (const { at, count } of countChanges(entries, of)) {
    path.add(chart.x(at), count === null ? null : chart.y(count));
    above.add(chart.x(at), count === null || count < volume ? null : chart.y(count));
  }
  for (const each of [path, above]) each.end(chart.x(end));
  return { path, above };
}

/** The highest count of all, and at each mark. */
function measure(entries: readonly TimelineEntry[], { of, marks }: VolumeCurve) {
  let highest = 0;
  const atMarks = new Map(marks.map(({ at }) => [at, 0]));
  for (const { at, count } of countChanges(entries, of)) {
    highest = Math.max(highest, count ?? 0);
    const atMark = atMarks.get(at);
    if (atMark !== undefined) atMarks.set(at, Math.max(atMark, count ?? 0));
  }
  return { highest, atMarks };
}

function inWords({ of, marks }: Curve): string {
  return [`${describeIssueCondition(of)}.`, ...marks.map(({ words }) => words)].join(" ");
}

function mutedAreas({ mutes }: Curve, chart: Chart): string[] {
  const { top, bottom } = chart;
  return mutes.map(({ from, to }) => {
    const [left, right] = [chart.x(from), chart.x(to)];
    return `<rect class="muted" x="${fixed(left)}" y="${fixed(top)}" width="${fixed(Math.max(1, right - left))}" height="${fixed(bottom - top)}"/>`;
  });
}

import { Chart, TIME_AXIS_HEIGHT } from "../../backtest/drawing/chart.ts";
import {
  CHART,
  fixed,
  LINE,
  PADDING,
  ROOM,
  svgDocument,
  svgLines,
  svgMarker,
  svgText,
} from "../../backtest/drawing/svg.ts";
import { wrapText } from "../../backtest/drawing/wrap.ts";
import { formatInstant, type Instant } from "../../core/instant.ts";
import { describeUnmuteReason } from "../../core/mute.ts";
import { describeVolumeCondition } from "../../core/volume-condition.ts";
import { countChanges, type MuteCondition } from "./counts.ts";
import { curvesOf, type Curve, type Unmute } from "./curve.ts";
import type { TimelineEntry } from "./entry.ts";
import { StepPath } from "./step-path.ts";

const CHART_HEIGHT = 130;
/** The shortest time that a picture shows: a timeline may take none. */
const SHORTEST_MS = 60_000;
const LEGEND_HEIGHT = 30;

/** The counts against their thresholds as a standalone SVG image, for a report or a pull request. */
export function timelineSvg(entries: readonly TimelineEntry[]): string {
  const curves = curvesOf(entries);
  if (curves.length === 0) {
    const text = "No mute with conditions.";
    return svgDocument(text, "", 60, [svgText(PADDING, 36, text)]);
  }
  const parts: string[] = [];
  let top = PADDING - 6;
  for (const curve of curves) {
    const part = curvePart(entries, curve, top);
    parts.push(...part.parts);
    top = part.bottom;
  }
  const names = curves.map(({ of }) => of.issue);
  const title = `Counts of ${[...new Set(names)].join(", ")} against the conditions of its mutes`;
  const isByPerson = curves.some(({ unmutes }) => unmutes.some(({ reason }) => reason.kind === "by-person"));
  const signs = [...legend(top + 4), ...(isByPerson ? legendOfPersons(top + 4 + LINE.text) : [])];
  const height = top + LEGEND_HEIGHT + (isByPerson ? LINE.text : 0) + 8;
  return svgDocument(title, curves.map(inWords).join(" "), height, [...parts, ...signs]);
}

/** The chart of one condition, with its title. */
function curvePart(entries: readonly TimelineEntry[], curve: Curve, top: number) {
  const title = wrapText(titleOf(curve), ROOM.title);
  const [from, last] = [entries[0]?.at ?? 0, entries.at(-1)?.at ?? 0];
  const { highest, atUnmutes } = measure(entries, curve);
  const chart = new Chart({
    from,
    to: Math.max(from + SHORTEST_MS, last),
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
      ...curve.mutes.map((mute) => mutedArea(chart.x(mute.from), chart.x(mute.to), chart)),
      ...chart.grid(),
      `<path class="area" d="${path.area}"/>`,
      `<path class="above" d="${above.area}"/>`,
      `<path class="line" d="${path.line}"/>`,
      ...(path.tip.x < chart.x(last)
        ? []
        : [`<circle class="dot" cx="${fixed(path.tip.x)}" cy="${fixed(path.tip.y)}" r="3"/>`]),
      ...chart.threshold(),
      ...curve.unmutes.map((unmute) => unmuteMark(unmute, atUnmutes.get(unmute.at) ?? 0, chart)),
      ...chart.times(),
    ],
  };
}

/** The line of the counts, and the part of it from the threshold on. */
function pathsOf(entries: readonly TimelineEntry[], of: MuteCondition, chart: Chart, end: Instant) {
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

/** The highest count of all, and at each unmute. */
function measure(entries: readonly TimelineEntry[], { of, unmutes }: Curve) {
  let highest = 0;
  const atUnmutes = new Map(unmutes.map(({ at }) => [at, 0]));
  for (const { at, count } of countChanges(entries, of)) {
    highest = Math.max(highest, count ?? 0);
    const atUnmute = atUnmutes.get(at);
    if (atUnmute !== undefined) atUnmutes.set(at, Math.max(atUnmute, count ?? 0));
  }
  return { highest, atUnmutes };
}

function titleOf({ of: { issue, condition, sinceMute } }: Curve): string {
  return `${issue}: muted until ${describeVolumeCondition(condition)}${sinceMute ? ", counted from the mute" : ""}`;
}

function inWords(curve: Curve): string {
  const times = curve.unmutes.map(
    ({ at, reason }) => `Unmuted at ${formatInstant(at)}: ${describeUnmuteReason(reason)}`,
  );
  return [`${titleOf(curve)}.`, ...times].join(" ");
}

function mutedArea(left: number, right: number, { top, bottom }: Chart): string {
  return `<rect class="muted" x="${fixed(left)}" y="${fixed(top)}" width="${fixed(Math.max(1, right - left))}" height="${fixed(bottom - top)}"/>`;
}

function unmuteMark({ at, reason }: Unmute, count: number, chart: Chart): string {
  const look = reason.kind === "by-person" ? "quiet" : "loud";
  const words = `Unmuted at ${formatInstant(at)}: ${describeUnmuteReason(reason)}`;
  return svgMarker(chart.x(at), chart.y(count) - 14, look, words);
}

/** What the sign of an unmute by a person means. */
function legendOfPersons(top: number): string[] {
  const y = top + 14;
  return [
    svgMarker(PADDING + 11, y - 9, "quiet", "unmuted by a person"),
    svgText(PADDING + 28, y, "unmuted by a person"),
  ];
}

/** What the signs mean. */
function legend(top: number): string[] {
  const y = top + 14;
  const [line, limit, muted, unmuted] = [PADDING, 152, 302, 408];
  const sign = (x: number, look: string): string => `<path class="${look}" d="M${String(x)} ${fixed(y - 4)}h22"/>`;
  return [
    sign(line, "line"),
    svgText(line + 28, y, "events"),
    sign(limit, "limit"),
    svgText(limit + 28, y, "threshold"),
    `<rect class="muted" x="${String(muted)}" y="${fixed(y - 12)}" width="22" height="16"/>`,
    svgText(muted + 28, y, "muted"),
    svgMarker(unmuted + 8, y - 9, "loud", "unmuted"),
    svgText(unmuted + 22, y, "unmuted"),
    svgText(CHART.right, y, "UTC", { anchor: "end" }),
  ];
}

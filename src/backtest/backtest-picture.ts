import { bucketOf, bucketStart } from "../core/calendar.ts";
import { formatInstant, type Instant } from "../core/instant.ts";
import type { PeriodCount } from "../core/period-counter.ts";
import { pluralize } from "../core/text.ts";
import type { BacktestReport } from "./backtest.ts";
import { backtestSummary, countSummary, mutedShare, rangeSummary } from "./backtest-text.ts";
import { Chart, TIME_AXIS_HEIGHT } from "./drawing/chart.ts";
import {
  CHART,
  fixed,
  LARGEST,
  LINE,
  PADDING,
  ROOM,
  svgDocument,
  svgLines,
  svgMarker,
  svgText,
  WIDTH,
} from "./drawing/svg.ts";
import { widthOf, wrapText } from "./drawing/wrap.ts";
import { escapeXml } from "./drawing/xml.ts";
import type { BarLength, Histogram } from "./histogram.ts";
import type { RuleReport } from "./rule-run.ts";

const CHART_HEIGHT = 110;
/** With fewer bars the rest of the chart stays empty: one bar would be as wide as the chart. */
const FEWEST_BARS = 12;
/** The height of the line with a rule's alerts. */
const TRACK_HEIGHT = 28;
/** Alerts that are nearer to each other than this are drawn as one, with their number. */
const NEAREST = 12;

type AlertBars = Pick<Histogram, "bars" | "barLength">;
type Report = Omit<BacktestReport, "toText" | "toSvg">;

/**
 * The events over time, and below them for each rule its name, what it would have done, and when it would have raised alerts.
 *
 * @param alertBars - the number of alerts over time, for rules that have more of them than are listed
 */
export function backtestSvg(report: Report, alertBars: readonly AlertBars[]): string {
  const { histogram, barLength, rules } = report;
  const title = wrapText(countSummary(report), ROOM.title);
  const introLines = [
    ...(histogram.length === 0 ? [] : wrapText(rangeSummary(report), ROOM.text)),
    ...wrapText(`Events per ${lengthInWords(barLength)}, and the alerts of each rule`, ROOM.text),
  ];
  const introTop = PADDING - 6 + LINE.title * title.length;
  const top = introTop + LINE.text * introLines.length;
  const first = histogram[0]?.startsAt ?? 0;
  const chart = new Chart({
    from: first,
    to: endOf(first, barLength, Math.max(FEWEST_BARS, histogram.length)),
    highest: histogram.reduce((highest, { count }) => Math.max(highest, count), 0),
    top: top + 18,
    height: histogram.length === 0 ? 0 : CHART_HEIGHT,
  });
  const parts = [
    ...svgLines(PADDING, PADDING - 6, title, "title"),
    ...svgLines(PADDING, introTop, introLines),
    ...(histogram.length === 0 ? [] : [...chart.grid(), bars(histogram, barLength, chart), ...chart.times()]),
  ];
  let y = histogram.length === 0 ? top + 12 : chart.bottom + TIME_AXIS_HEIGHT + 12;
  for (const [index, rule] of rules.entries()) {
    const row = ruleRow(rule, alertBars[index], report, chart, y);
    parts.push(...row.parts);
    y += row.height;
  }
  return svgDocument(backtestSummary(report), description(report), y + 8, parts);
}

function description(report: Report): string {
  const rules = report.rules.map(
    (rule) =>
      `${rule.name}: ${pluralize(rule.alertCount, "alert")}${rule.kind === "watch" ? "" : `, ${mutedShare(rule, report.eventCount)} of the events muted`}.`,
  );
  return rules.join(" ");
}

/** "3 hours", or "hour" for one. */
function lengthInWords({ period, nrOfPeriods }: BarLength): string {
  return nrOfPeriods === 1 ? period : pluralize(nrOfPeriods, period);
}

/** The end of a number of bars of which the first begins at an instant. */
function endOf(startsAt: Instant, { period, nrOfPeriods }: BarLength, bars = 1): Instant {
  return bucketStart(period, bucketOf(period, startsAt) + bars * nrOfPeriods);
}

function bars(histogram: readonly PeriodCount[], barLength: BarLength, chart: Chart): string {
  const rects = histogram.flatMap(({ startsAt, count }) => {
    if (count === 0) return [];
    const [x, y] = [chart.x(startsAt), chart.y(count)];
    const width = chart.x(endOf(startsAt, barLength)) - x;
    const gap = width > 4 ? 1 : 0;
    return `<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width - gap)}" height="${fixed(chart.bottom - y)}"/>`;
  });
  return `<g class="bars">${rects.join("")}</g>`;
}

/** A rule's name, what it would have done, and a line with its alerts. */
function ruleRow(rule: RuleReport, alertBars: AlertBars | undefined, report: Report, chart: Chart, top: number) {
  const muted =
    report.eventCount === 0 || rule.kind === "watch" ? "" : `, ${mutedShare(rule, report.eventCount)} muted`;
  const result = pluralize(rule.alertCount, "alert") + muted;
  const room = WIDTH - 2 * PADDING - (widthOf(result) + 1) * LARGEST.text;
  const lines = wrapText(rule.name, room / LARGEST.text);
  const height = lines.length * LINE.text + TRACK_HEIGHT;
  const y = top + lines.length * LINE.text + TRACK_HEIGHT / 2 - 2;
  return {
    height,
    parts: [
      ...svgLines(PADDING, top, lines, "ink"),
      svgText(WIDTH - PADDING, top + LINE.text * 0.75, result, { anchor: "end" }),
      `<path class="grid" d="M${String(CHART.left)} ${fixed(y)}H${String(CHART.right)}"/>`,
      ...clustersOf(rule, alertBars, chart).map((cluster) => clusterMark(cluster, y)),
    ],
  };
}

/** Alerts that are drawn as one. */
interface Cluster {
  readonly left: number;
  right: number;
  count: number;
  readonly from: Instant;
  to: Instant;
}

function clustersOf(rule: RuleReport, alertBars: AlertBars | undefined, chart: Chart): Cluster[] {
  const clusters: Cluster[] = [];
  for (const { from, to, count } of marksOf(rule, alertBars)) {
    const [left, right] = [chart.x(from), Math.min(CHART.right, chart.x(to))];
    const last = clusters.at(-1);
    if (last !== undefined && left - last.right < NEAREST) {
      last.right = Math.max(last.right, right);
      last.to = to;
      last.count += count;
    } else {
      clusters.push({ left, right, count, from, to });
    }
  }
  return clusters;
}

/** The alerts one by one, or where not all are listed, as many as there were at a time. */
function marksOf({ alerts, alertCount }: RuleReport, alertBars: AlertBars | undefined) {
  if (alertBars === undefined || alertCount === alerts.length) {
    return alerts.map(({ at }) => ({ from: at, to: at, count: 1 }));
  }
  const { barLength } = alertBars;
  const bars = alertBars.bars().filter(({ count }) => count > 0);
  return bars.map(({ startsAt, count }) => ({ from: startsAt, to: endOf(startsAt, barLength) - 1, count }));
}

function clusterMark({ left, right, count, from, to }: Cluster, y: number): string {
  if (count === 1) return svgMarker(left, y - 6, "loud", `Alert at ${formatInstant(from)}`);
  const words = `${pluralize(count, "alert")}, ${formatInstant(from)} to ${formatInstant(to)}`;
  const x = left - 5.5;
  const width = right - left + 11;
  return [
    `<rect class="loud" x="${fixed(x)}" y="${fixed(y - 5)}" width="${fixed(width)}" height="10" rx="5">`,
    `<title>${escapeXml(words)}</title></rect>`,
  ].join("");
}

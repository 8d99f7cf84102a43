import { bucketOf, CALENDAR_PERIODS, type CalendarPeriod } from "../../core/calendar.ts";
import { formatInstant, type Instant } from "../../core/instant.ts";
import { pluralize } from "../../core/text.ts";
import { describeVolumeCondition } from "../../core/conditions/volume-condition.ts";
import { countChanges } from "./counts.ts";
import { asVolumeCurve, curvesOf, type VolumeCurve } from "./curve.ts";
import type { TimelineEntry } from "./entry.ts";

/** More bars than this cannot be told apart. */
const MAX_BARS = 60;

/**
 * The counts against their thresholds as Mermaid charts, one for each issue and condition. A bar is the count at the end of a
 * bucket of the condition, or the highest of several buckets; bars of another colour are those in which the mute ended, or the
 * watch raised an alert. Conditions of other kinds have no chart.
 */
export function timelineMermaid(entries: readonly TimelineEntry[]): string {
  return curvesOf(entries)
    .flatMap((curve) => asVolumeCurve(curve) ?? [])
    .map((curve) => chartOf(entries, curve))
    .join("\n\n");
}

function chartOf(entries: readonly TimelineEntry[], curve: VolumeCurve): string {
  const { issue, use, condition, sinceMute } = curve.of;
  const [from, to] = [entries[0]?.at ?? 0, entries.at(-1)?.at ?? 0];
  const { period, perBar, barOf, count } = barsOver(curve, from, to);
  const bars = highestCounts(entries, curve, barOf, count);
  const marked = new Set(curve.marks.map(({ at }) => barOf(at)));
  const highest = bars.reduce((top, each) => Math.max(top, each), condition.volume);
  const since = sinceMute ? ", counted from the mute" : "";
  const colours = marked.size === 0 ? "" : ` (other colour: ${use === "mute" ? "unmuted" : "loud"})`;
  const each = perBar === 1 ? period : pluralize(perBar, period);
  const title = `${issue}: ${use === "mute" ? "until" : "watched for"} ${describeVolumeCondition(condition)}${since}${colours}`;
  return [
    ...widthFor(title),
    "xychart-beta",
    `  title "${title}"`,
    `  x-axis "${formatInstant(from)} to ${formatInstant(to)}, by ${each}" ${count === 1 ? "[1]" : `1 --> ${String(count)}`}`,
    `  y-axis "events" 0 --> ${String(highest)}`,
    `  bar [${bars.join(", ")}]`,
    ...(marked.size === 0 ? [] : [`  bar [${bars.map((each, bar) => (marked.has(bar) ? each : 0)).join(", ")}]`]),
    `  line [${bars.map(() => condition.volume).join(", ")}]`,
  ].join("\n");
}

/** The width of a chart unless it says another, and about that of a letter of its title, in pixels. */
const [USUAL_WIDTH, LETTER_WIDTH] = [700, 9];

/** Says how wide a chart has to be for its title, which Mermaid cuts off otherwise. */
function widthFor(title: string): string[] {
  const width = (title.length + 2) * LETTER_WIDTH;
  return width <= USUAL_WIDTH ? [] : ["---", "config:", "  xyChart:", `    width: ${String(width)}`, "---"];
}

/** The bars of a chart: each one bucket of the condition, or several of them. */
function barsOver({ of }: VolumeCurve, from: Instant, to: Instant) {
  const period = of.condition.period === "total" ? periodOver(from, to) : of.condition.period;
  const first = bucketOf(period, from);
  const buckets = bucketOf(period, to) - first + 1;
  const perBar = Math.ceil(buckets / MAX_BARS);
  const barOf = (at: Instant): number => Math.floor((bucketOf(period, at) - first) / perBar);
  return { period, perBar, barOf, count: Math.ceil(buckets / perBar) };
}

/** The finest period of which not too many cover a time, for a condition on all events. */
function periodOver(from: Instant, to: Instant): CalendarPeriod {
  return CALENDAR_PERIODS.find((each) => bucketOf(each, to) - bucketOf(each, from) < MAX_BARS) ?? "year";
}

/** The highest count in each bar. A count that does not change in a bar is that of the bar before. */
function highestCounts(
  entries: readonly TimelineEntry[],
  { of }: VolumeCurve,
  barOf: (at: Instant) => number,
  length: number,
): number[] {
  const bars = new Array<number>(length).fill(0);
  let [bar, current] = [0, 0];
  for (const { at, count } of countChanges(entries, of)) {
    const next = barOf(at);
    if (next > bar) {
      bars.fill(current, bar + 1, next + 1);
      bar = next;
      // At the very beginning of a bar the count of the bar before is over.
      bars[bar] = 0;
    }
    current = count ?? 0;
    bars[bar] = Math.max(bars[bar] ?? 0, current);
  }
  return bars;
}

import type { Alert } from "../../core/alert.ts";
import { formatInstant } from "../../core/instant.ts";
import { pluralize, toOneLine } from "../../core/text.ts";
import type { TimelineEntry, TimelineTurningPoint } from "./entry.ts";
import { describeConsequence } from "./result-words.ts";

/** Consecutive equal entries, which share a line. */
interface Line {
  readonly first: TimelineEntry;
  last: TimelineEntry;
  count: number;
}

/**
 * A timeline as a calendar: a heading for each day, a line for each step; consecutive equal events share a line. What a step
 * changed beside its own issue's state has lines of its own, such as the issues whose next release came. The same steps
 * give the same text, so that it can be stored as a snapshot.
 */
export function timelineText(entries: readonly TimelineEntry[]): string {
  const lines: string[] = [];
  let day = "";
  for (const line of linesOf(entries)) {
    const [date = "", time = ""] = formatInstant(line.first.at).split(" ");
    if (date !== day) lines.push(date);
    day = date;
    lines.push(...textsOf(line, time).map((text) => `  ${toOneLine(text)}`));
  }
  return lines.join("\n");
}

function linesOf(entries: readonly TimelineEntry[]): Line[] {
  const lines: Line[] = [];
  for (const entry of entries) {
    const line = lines.at(-1);
    if (line !== undefined && isEqual(line.last, entry)) {
      line.last = entry;
      line.count++;
    } else {
      lines.push({ first: entry, last: entry, count: 1 });
    }
  }
  return lines;
}

/** Whether an event is on the day of the entry before it and reads the same. */
function isEqual(one: TimelineEntry, other: TimelineEntry): boolean {
  return (
    other.outcome !== null &&
    one.issue === other.issue &&
    one.action === other.action &&
    one.result === other.result &&
    [one, other].every(({ alerts, turningPoints }) => alerts.length === 0 && turningPoints.length === 0) &&
    formatInstant(one.at).slice(0, 10) === formatInstant(other.at).slice(0, 10)
  );
}

/** The line of a step, and those of what else it led to. Each alert stands where its turning point does. */
function textsOf({ first, last, count }: Line, time: string): string[] {
  const until = formatInstant(last.at).slice(11, 16);
  const when = (until === time ? time : `${time}-${until}`).padEnd("09:00-10:00".length);
  const consequences = first.turningPoints.flatMap((point) => {
    const words = describeConsequence(point.turn, first.issue === null);
    return words === undefined ? [] : { point, words };
  });
  const isOf = ({ issue, turningPoint }: Alert, { issueId, number }: TimelineTurningPoint): boolean =>
    issue?.id === issueId && turningPoint === number;
  const own = first.alerts.filter((alert) => !consequences.some(({ point }) => isOf(alert, point)));
  const action = count === 1 ? first.action : `${first.action}, ${pluralize(count, "time")}`;
  const result = first.result === "" ? "" : `: ${first.result}`;
  const line = `${when}  ${first.issue === null ? "" : `${first.issue}  `}${action}${result}${alertWords(own)}`;
  return [
    line,
    ...consequences.map(({ point, words }) => {
      return `${when}  ${point.issue}  ${words}${alertWords(first.alerts.filter((alert) => isOf(alert, point)))}`;
    }),
  ];
}

function alertWords(alerts: readonly Alert[]): string {
  return alerts.map(({ reason }) => ` [ALERT ${reason.kind}]`).join("");
}

import { formatInstant } from "../../core/instant.ts";
import { pluralize } from "../../core/text.ts";
import type { TimelineEntry } from "./entry.ts";

/** Characters that end a line: in a title they could forge a line of the calendar. */
const LINE_ENDS = /[\p{Cc}\u2028\u2029]/gu;

/** Consecutive equal entries, which share a line. */
interface Line {
  readonly first: TimelineEntry;
  last: TimelineEntry;
  count: number;
}

/**
 * A timeline as a calendar: a heading for each day, a line for each step; consecutive equal events share a line. The same
 * steps give the same text, so that it can be stored as a snapshot.
 */
export function timelineText(entries: readonly TimelineEntry[]): string {
  const lines: string[] = [];
  let day = "";
  for (const line of linesOf(entries)) {
    const [date = "", time = ""] = formatInstant(line.first.at).split(" ");
    if (date !== day) lines.push(date);
    day = date;
    lines.push(`  ${lineText(line, time)}`);
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
    other.alerts.length === 0 &&
    one.alerts.length === 0 &&
    formatInstant(one.at).slice(0, 10) === formatInstant(other.at).slice(0, 10)
  );
}

function lineText({ first, last, count }: Line, time: string): string {
  const until = formatInstant(last.at).slice(11, 16);
  const when = until === time ? time : `${time}-${until}`;
  const issue = first.issue === null ? "" : `${first.issue}  `;
  const action = count === 1 ? first.action : `${first.action}, ${pluralize(count, "time")}`;
  const result = first.result === "" ? "" : `: ${first.result}`;
  const alerts = first.alerts.map(({ reason }) => ` [ALERT ${reason.kind}]`).join("");
  return `${when.padEnd("09:00-10:00".length)}  ${issue}${action}${result}${alerts}`.replace(LINE_ENDS, "\uFFFD");
}

import { formatInstant } from "../../core/instant.ts";
import { countOf } from "../../core/text.ts";
import type { TimelineEntry } from "./entry.ts";

/** What would look like the end of a line, and could forge another. */
const LINE_ENDS = /[\p{Cc}\u2028\u2029]/gu;

/** Several entries that are told in one line: events of one issue that nothing came of. */
interface Line {
  readonly first: TimelineEntry;
  last: TimelineEntry;
  count: number;
}

/**
 * A timeline as a calendar: a heading per day, a line per thing that happened, events that nothing came of drawn together.
 * The same story gives the same text, so that it can be kept as a snapshot.
 */
export function timelineText(entries: readonly TimelineEntry[]): string {
  const lines: string[] = [];
  let day = "";
  for (const line of draw(entries)) {
    const [date = "", time = ""] = formatInstant(line.first.at).split(" ");
    if (date !== day) lines.push(date);
    day = date;
    lines.push(`  ${lineText(line, time)}`);
  }
  return lines.join("\n");
}

function draw(entries: readonly TimelineEntry[]): Line[] {
  const lines: Line[] = [];
  for (const entry of entries) {
    const line = lines.at(-1);
    if (line !== undefined && isLike(line.last, entry)) {
      line.last = entry;
      line.count++;
    } else {
      lines.push({ first: entry, last: entry, count: 1 });
    }
  }
  return lines;
}

/** Whether two events follow each other on one day and say the same. */
function isLike(one: TimelineEntry, other: TimelineEntry): boolean {
  return (
    other.outcome !== null &&
    one.issue === other.issue &&
    one.what === other.what &&
    one.came === other.came &&
    other.alerts.length === 0 &&
    one.alerts.length === 0 &&
    formatInstant(one.at).slice(0, 10) === formatInstant(other.at).slice(0, 10)
  );
}

function lineText({ first, last, count }: Line, time: string): string {
  const until = formatInstant(last.at).slice(11, 16);
  const when = until === time ? time : `${time}-${until}`;
  const issue = first.issue === null ? "" : `${first.issue}  `;
  const what = count === 1 ? first.what : `${first.what}, ${countOf(count, "time")}`;
  const came = first.came === "" ? "" : `: ${first.came}`;
  const alerts = first.alerts.map(({ reason }) => ` [ALERT ${reason.kind}]`).join("");
  return `${when.padEnd("09:00-10:00".length)}  ${issue}${what}${came}${alerts}`.replace(LINE_ENDS, "\uFFFD");
}

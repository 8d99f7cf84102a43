import { formatInstant, type Instant } from "../core/instant.ts";
import type { IssueStatus } from "../core/issue.ts";
import { pluralize } from "../core/text.ts";
import { html, type Html } from "./html.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A number with separators: "1,204". */
export function numberOf(value: number): string {
  return value.toLocaleString("en");
}

/** A number with its noun: "1,204 issues". */
export function countOf(value: number, noun: string): string {
  return `${numberOf(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** One period, with its article: "a day", "an hour". */
export function onePeriod(period: string): string {
  return `${period === "hour" ? "an" : "a"} ${period}`;
}

/** A duration in its largest unit, short: "41 d". */
export function shortDuration(ms: number): string {
  if (ms < MINUTE) return "< 1 min";
  if (ms < HOUR) return `${String(Math.floor(ms / MINUTE))} min`;
  if (ms < DAY) return `${String(Math.floor(ms / HOUR))} h`;
  return `${numberOf(Math.floor(ms / DAY))} d`;
}

/** How long ago an instant is, or how far ahead: "14 minutes ago". */
function ago(at: Instant, now: Instant): string {
  const ms = Math.abs(now - at);
  if (ms < MINUTE) return "just now";
  const text =
    ms < HOUR
      ? pluralize(Math.floor(ms / MINUTE), "minute")
      : ms < DAY
        ? pluralize(Math.floor(ms / HOUR), "hour")
        : countOf(Math.floor(ms / DAY), "day");
  return at > now ? `in ${text}` : `${text} ago`;
}

/** How long ago an instant is, in a column: "14 min ago". */
export function agoInShort(at: Instant, now: Instant): string {
  return now - at < MINUTE ? "just now" : `${shortDuration(now - at)} ago`;
}

/** An instant as its distance to now, which says the instant itself where a pointer rests. */
export function timeOf(at: Instant, now: Instant, text: string = ago(at, now)): Html {
  return html`<time datetime="${new Date(at).toISOString()}" title="${formatInstant(at)}">${text}</time>`;
}

/** What states are called. */
export const STATUS_WORDS: Readonly<Record<IssueStatus, string>> = {
  open: "Open",
  muted: "Muted",
  resolved: "Resolved",
  discarded: "Discarded",
  merged: "Merged",
};

/** A state by shape and word. */
export function statusMark(status: IssueStatus): Html {
  return html`<span class="state ${status}">${STATUS_WORDS[status]}</span>`;
}

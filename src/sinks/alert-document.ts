import type { Alert, EarlierAlert, HeldBackAlert, IssueAlert } from "../core/alert.ts";
import { formatInstant } from "../core/instant.ts";
import { countOf } from "../core/text.ts";
import { visibleLine, visibleText } from "./visible-text.ts";

/** All that an alert says to people, before any markup. Its texts can be shown, whatever they were. */
export interface AlertDocument {
  /** What it is about, in one line. */
  readonly subject: string;
  /** Why it was raised; may have several lines. */
  readonly text: string;
  /** What is known of it. */
  readonly facts: readonly AlertFact[];
  /** What goes with it. */
  readonly lists: readonly AlertList[];
  /** Where people can look: an `http:` or `https:` URL, or `null`. */
  readonly link: string | null;
}

/** One thing that is known of an alert. */
export interface AlertFact {
  /** What it is, such as `First seen`. */
  readonly label: string;
  /** In one line. */
  readonly value: string;
}

/** Things that go with an alert. */
export interface AlertList {
  /** What they are. */
  readonly title: string;
  /** Each in one line; at least one. */
  readonly entries: readonly string[];
}

const MAX_SUBJECT_LENGTH = 200;
const MAX_TEXT_LENGTH = 10_000;
const MAX_LINE_LENGTH = 1_500;
/** The most earlier alerts that are listed, the latest ones. */
const MAX_EARLIER = 20;

/** Writes down what an alert says. */
export function documentOf(alert: Alert): AlertDocument {
  return {
    subject: visibleLine(alert.subject, MAX_SUBJECT_LENGTH),
    text: visibleText(alert.text, MAX_TEXT_LENGTH),
    facts: factsOf(alert).map(([label, value]) => ({ label, value: visibleLine(value, MAX_LINE_LENGTH) })),
    lists: listsOf(alert).map(({ title, entries }) => ({
      title,
      entries: entries.map((entry) => visibleLine(entry, MAX_LINE_LENGTH)),
    })),
    link: alert.link === null ? null : webLink(alert.link),
  };
}

type FactPair = readonly [label: string, value: string];

function factsOf(alert: Alert): readonly FactPair[] {
  const common: readonly FactPair[] = [
    ["Project", alert.project.slug],
    ["Level", alert.level],
  ];
  if (alert.issue === null) return [...common, ["When", formatInstant(alert.raisedAt)]];
  return [...common, ...issueFacts(alert), ...eventFacts(alert), ["When", formatInstant(alert.raisedAt)]];
}

function issueFacts({ issue }: IssueAlert): readonly FactPair[] {
  return [
    ["Issue", `${issue.friendlyId}: ${issue.title}`],
    ["State", issue.status],
    [
      "Seen",
      `${countOf(issue.eventCount, "event")}, first ${formatInstant(issue.firstSeenAt)}, last ${formatInstant(issue.lastSeenAt)}`,
    ],
  ];
}

function eventFacts({ event }: IssueAlert): readonly FactPair[] {
  if (event === null) return [];
  const facts: FactPair[] = [["Event", event.id]];
  if (event.release !== "") facts.push(["Release", event.release]);
  if (event.occurredAt !== null) facts.push(["Occurred", formatInstant(event.occurredAt)]);
  return facts;
}

function listsOf(alert: Alert): readonly AlertList[] {
  const list = alert.issue === null ? heldBackList(alert) : earlierList(alert);
  return list.entries.length > 0 ? [list] : [];
}

function heldBackList({ reason }: HeldBackAlert): AlertList {
  return {
    title: "Among them",
    entries: reason.examples.map(({ friendlyId, title }) => `${friendlyId}: ${title}`),
  };
}

function earlierList({ earlier }: IssueAlert): AlertList {
  const left = earlier.length - MAX_EARLIER;
  const shown = earlier.slice(Math.max(left, 0)).map(earlierEntry);
  return { title: "Before that", entries: left > 0 ? [`${countOf(left, "alert")}, not shown here`, ...shown] : shown };
}

function earlierEntry({ raisedAt, level, text, event }: EarlierAlert): string {
  const release = event === null || event.release === "" ? "" : `, release ${event.release}`;
  return `${formatInstant(raisedAt)} (${level}${release}) ${text}`;
}

/** The link with all that has a meaning in markup written as URLs write it; `null` if people cannot follow it. */
function webLink(link: string): string | null {
  const url = URL.parse(link);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

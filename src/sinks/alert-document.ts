import type { Alert, EarlierAlert, IssueAlert, ThrottledAlert } from "../core/alert.ts";
import { formatInstant } from "../core/instant.ts";
import { pluralize, replaceUndisplayable, shorten } from "../core/text.ts";

/** The displayed content of an alert, without markup. All of its texts are displayable: see {@link displayText}. */
export interface AlertDocument {
  /** In one line. */
  readonly subject: string;
  /** Why the alert was raised; may have several lines. */
  readonly text: string;
  readonly facts: readonly AlertFact[];
  readonly lists: readonly AlertList[];
  /** Where people can look: an `http:` or `https:` URL, or `null`. */
  readonly link: string | null;
}

/** One labelled value, such as `Release: 2.1.0`. */
export interface AlertFact {
  readonly label: string;
  /** In one line. */
  readonly value: string;
}

/** A list with a title. */
export interface AlertList {
  readonly title: string;
  /** One or more, each in one line. */
  readonly entries: readonly string[];
}

const MAX_SUBJECT_LENGTH = 200;
const MAX_TEXT_LENGTH = 10_000;
const MAX_LINE_LENGTH = 1_500;
/** The most earlier alerts that are listed; the latest ones. */
const MAX_EARLIER = 20;

/** Creates the document of an alert. */
export function describeAlert(alert: Alert): AlertDocument {
  return {
    subject: displayLine(alert.subject, MAX_SUBJECT_LENGTH),
    text: displayText(alert.text, MAX_TEXT_LENGTH),
    facts: factsOf(alert).map(([label, value]) => ({ label, value: displayLine(value, MAX_LINE_LENGTH) })),
    lists: listsOf(alert).map(({ title, entries }) => ({
      title,
      entries: entries.map((entry) => displayLine(entry, MAX_LINE_LENGTH)),
    })),
    link: alert.link === null ? null : webLink(alert.link),
  };
}

type FactPair = readonly [label: string, value: string];

function factsOf(alert: Alert): readonly FactPair[] {
  return [
    ["Project", alert.project.slug],
    ["Level", alert.level],
    ...(alert.issue === null ? [] : [...issueFacts(alert), ...eventFacts(alert)]),
    ["Raised", formatInstant(alert.raisedAt)],
  ];
}

function issueFacts({ issue }: IssueAlert): readonly FactPair[] {
  const { eventCount, firstSeenAt, lastSeenAt } = issue;
  return [
    ["Issue", `${issue.friendlyId}: ${issue.title}`],
    ["State", issue.status],
    [
      "Seen",
      `${pluralize(eventCount, "event")}, first ${formatInstant(firstSeenAt)}, last ${formatInstant(lastSeenAt)}`,
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
  const list = alert.issue === null ? throttledIssues(alert) : earlierAlerts(alert);
  return list.entries.length > 0 ? [list] : [];
}

function throttledIssues({ reason }: ThrottledAlert): AlertList {
  return {
    title: "Some of the issues",
    entries: reason.examples.map(({ friendlyId, title }) => `${friendlyId}: ${title}`),
  };
}

function earlierAlerts({ earlier }: IssueAlert): AlertList {
  const omitted = earlier.length - MAX_EARLIER;
  const entries = earlier.slice(Math.max(omitted, 0)).map(earlierEntry);
  return {
    title: "Earlier alerts",
    entries: omitted > 0 ? [`${pluralize(omitted, "alert")} not shown`, ...entries] : entries,
  };
}

function earlierEntry({ raisedAt, level, text, event }: EarlierAlert): string {
  const release = event === null || event.release === "" ? "" : `, release ${event.release}`;
  return `${formatInstant(raisedAt)} (${level}${release}) ${text}`;
}

/** A link with every character that has a meaning in markup percent-encoded; `null` for another scheme. */
function webLink(link: string): string | null {
  const url = URL.parse(link);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url.href : null;
}

/** A text shortened to `maxLength` in which characters that cannot be displayed are escaped, such as `\u202e`. */
function displayText(text: string, maxLength: number): string {
  return shorten(replaceUndisplayable(text.replaceAll(/\r\n?/gu, "\n"), escapeCharacter), maxLength);
}

/** The same, with spaces instead of line ends and tabs. */
function displayLine(text: string, maxLength: number): string {
  return displayText(text, maxLength).replaceAll(/[\n\t]/gu, " ");
}

function escapeCharacter(character: string): string {
  if (character === "\n" || character === "\t") return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
  return code.length > 4 ? `\\u{${code}}` : `\\u${code}`;
}

import type { EventLevel } from "./event-level.ts";
import { formatInstant, type Instant } from "./instant.ts";
import type { IssueStatus } from "./issue.ts";
import { describeUnmuteReason, type UnmuteReason } from "./mute.ts";
import type { RegressionReason } from "./regression.ts";
import { countOf, shorten } from "./text.ts";

/** Why a person should hear of an issue. */
export type AlertReason =
  | {
      /** It was never seen before. */
      readonly kind: "new-issue";
    }
  | {
      /** It came back after it was resolved. */
      readonly kind: "regression";
      /** Why that is a regression. */
      readonly reason: RegressionReason;
    }
  | {
      /** It was muted, and is so no longer. */
      readonly kind: "unmute";
      /** Why. */
      readonly reason: UnmuteReason;
    };

/** The kinds of alerts about an issue, each of which a project can switch off. */
export type AlertKind = AlertReason["kind"];

/** All kinds of alerts about an issue. */
export const ALERT_KINDS = ["new-issue", "regression", "unmute"] as const satisfies AlertKind[];

/** What an alert says of its issue, as it was when the alert was raised. */
export interface AlertedIssue {
  /** Its UUID. */
  readonly id: string;
  /** Its id for people, such as `SHOP-12`. */
  readonly friendlyId: string;
  /** See {@link Issue.title}. */
  readonly title: string;
  /** Its state after what the alert is about. */
  readonly status: IssueStatus;
  /** See {@link Issue.eventCount}. */
  readonly eventCount: number;
  /** See {@link Issue.firstSeenAt}. */
  readonly firstSeenAt: Instant;
  /** See {@link Issue.lastSeenAt}. */
  readonly lastSeenAt: Instant;
}

/** What an alert says of the event that caused it. */
export interface AlertedEvent {
  /** Its id in the project. */
  readonly id: string;
  /** Its release; `""` for none. */
  readonly release: string;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred by the client's clock, or `null` if the client did not say. */
  readonly occurredAt: Instant | null;
}

/** What all alerts have in common. */
interface AnyAlert {
  /** The version of this form. Members may be added within a version. */
  readonly version: 2;
  /** A UUID, the same at every attempt to deliver this alert: the idempotency key to recognise a repeated delivery by. */
  readonly id: string;
  /** The project. */
  readonly project: {
    /** The host's id of it. */
    readonly id: string;
    /** Its slug. */
    readonly slug: string;
  };
  /** How bad it is: the level of the event that caused it; `info` where the clock did, `warning` for alerts held back. */
  readonly level: EventLevel;
  /** What it is about in one line: `"TypeError: x is undefined" in "shop" (Regression)`. Plain text, from anywhere. */
  readonly subject: string;
  /** Why it was raised, as true sentences. Plain text, from anywhere. */
  readonly text: string;
  /** When what it is about happened. */
  readonly raisedAt: Instant;
  /** Where people can look, built by the host's function right before delivery; `null` before that, and without one. */
  readonly link: string | null;
}

/** An alert about an issue: it is new, came back, or is muted no longer. */
export interface IssueAlert extends AnyAlert {
  /** What it is about. */
  readonly kind: AlertKind;
  /** Why, as data. Its kind is the alert's. */
  readonly reason: AlertReason;
  /** The issue. */
  readonly issue: AlertedIssue;
  /** The event that caused it, or `null` where the clock did. */
  readonly event: AlertedEvent | null;
  /** The number of the turning point in the issue's history that goes with it. */
  readonly turningPoint: number;
  /**
   * Alerts of the same issue that were due at the same time and are told with this one, oldest first: together they are one
   * story, delivered once. Empty in the outbox.
   */
  readonly earlier: readonly EarlierAlert[];
}

/** An alert that is told with a later one of its issue. */
export type EarlierAlert = Pick<
  IssueAlert,
  "id" | "kind" | "reason" | "text" | "event" | "turningPoint" | "raisedAt" | "level"
>;

/** How many alerts a project did not hear of, and why, as data. */
export interface HeldBackReason {
  /** Tells it from the reasons of alerts about an issue. */
  readonly kind: "held-back";
  /** When the period began in which they were held back. */
  readonly from: Instant;
  /** When it ended. */
  readonly until: Instant;
  /** How many there were, by kind. */
  readonly counts: Readonly<Record<AlertKind, number>>;
  /** Some of the issues they were about: the first ones, at most {@link MAX_HELD_BACK_EXAMPLES}. */
  readonly examples: readonly HeldBackExample[];
}

/** An issue of which an alert was held back. */
export type HeldBackExample = Pick<AlertedIssue, "id" | "friendlyId" | "title">;

/** An alert that says how many others were held back, because there were more in a period than a project wants to hear of. */
export interface HeldBackAlert extends AnyAlert {
  /** What it is about. */
  readonly kind: "held-back";
  /** What was held back. */
  readonly reason: HeldBackReason;
  /** It is about none in particular. */
  readonly issue: null;
  /** No event caused it. */
  readonly event: null;
  /** It is in no issue's history. */
  readonly turningPoint: null;
}

/** What a person should hear of. A plain value: it can be written as JSON and read back. */
export type Alert = IssueAlert | HeldBackAlert;

/** What an alert about an issue is made of. */
export type IssueAlertParts = Pick<
  IssueAlert,
  "id" | "project" | "level" | "reason" | "issue" | "event" | "turningPoint" | "raisedAt"
>;

/** Makes an alert about an issue. */
export function issueAlert(parts: IssueAlertParts): IssueAlert {
  const { reason } = parts;
  return {
    version: 2,
    id: parts.id,
    kind: reason.kind,
    level: parts.level,
    subject: alertSubject(parts),
    text: describeAlertReason(reason),
    reason,
    project: parts.project,
    issue: parts.issue,
    event: parts.event,
    turningPoint: parts.turningPoint,
    raisedAt: parts.raisedAt,
    link: null,
    earlier: [],
  };
}

/** Makes an alert that says what was held back; it is raised when the period is over. */
export function heldBackAlert(parts: Pick<HeldBackAlert, "id" | "project" | "reason">): HeldBackAlert {
  const { reason } = parts;
  return {
    version: 2,
    id: parts.id,
    kind: "held-back",
    level: "warning",
    subject: alertSubject({ ...parts, issue: null }),
    text: describeAlertReason(reason),
    reason,
    project: parts.project,
    issue: null,
    event: null,
    turningPoint: null,
    raisedAt: reason.until,
    link: null,
  };
}

/** The most issues that an alert on what was held back names. */
export const MAX_HELD_BACK_EXAMPLES = 10;

/** The longest title in a subject. */
const MAX_TITLE_IN_SUBJECT = 80;

/** What a subject is made of. */
export type AlertSubjectParts =
  Pick<IssueAlert, "issue" | "project" | "reason"> | Pick<HeldBackAlert, "issue" | "project" | "reason">;

/** An alert in one line: `"TypeError: x is undefined" in "shop" (Regression)`. */
export function alertSubject(parts: AlertSubjectParts): string {
  const { slug } = parts.project;
  if (parts.issue === null) return `${countOf(heldBackCount(parts.reason), "alert")} held back in "${slug}"`;
  const { issue, reason } = parts;
  return `"${shorten(issue.title, MAX_TITLE_IN_SUBJECT)}" in "${slug}" (${KIND_IN_WORDS[reason.kind]})`;
}

const KIND_IN_WORDS: Readonly<Record<AlertKind, string>> = {
  "new-issue": "New issue",
  regression: "Regression",
  unmute: "Unmuted issue",
};

/** How many alerts were held back, of all kinds. */
export function heldBackCount({ counts }: Pick<HeldBackReason, "counts">): number {
  return ALERT_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
}

/** Why an alert was raised, as true sentences: "The issue is muted no longer. There were 5 events or more ...". */
export function describeAlertReason(reason: AlertReason | HeldBackReason): string {
  switch (reason.kind) {
    case "held-back":
      return describeHeldBack(reason);
    case "new-issue":
      return "This issue was not seen before.";
    case "regression":
      return `The issue came back. ${describeRegressionReason(reason.reason)}`;
    case "unmute":
      return `The issue is muted no longer. ${describeUnmuteReason(reason.reason)}`;
  }
}

function describeHeldBack(reason: HeldBackReason): string {
  const { counts, from, until } = reason;
  const parts = ALERT_KINDS.filter((kind) => counts[kind] > 0).map((kind) => countOf(counts[kind], NOUNS[kind]));
  const total = heldBackCount(reason);
  const were = total === 1 ? "was" : "were";
  const named = parts.length > 0 ? `: ${parts.join(", ")}` : "";
  return `From ${formatInstant(from)} to ${formatInstant(until)}, ${countOf(total, "alert")} ${were} held back${named}.`;
}

const NOUNS: Readonly<Record<AlertKind, string>> = {
  "new-issue": "new issue",
  regression: "regression",
  unmute: "ended mute",
};

/** A true sentence on why an event is a regression. */
export function describeRegressionReason(reason: RegressionReason): string {
  switch (reason.kind) {
    case "resolved-plainly":
      return "It had been resolved.";
    case "fixed-in-release":
      return `It was seen in ${nameRelease(reason.release)}, and was said to be fixed in ${nameRelease(reason.fixedIn)}.`;
  }
}

function nameRelease(release: string): string {
  return release === "" ? "an event without a release" : `release ${shorten(release, MAX_TITLE_IN_SUBJECT)}`;
}

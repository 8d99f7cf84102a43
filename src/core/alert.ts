import { ALERT_KINDS, type AlertKind, type AlertReason } from "./alert-reason.ts";
import { describeConditionMet } from "./conditions/condition.ts";
import type { EventLevel } from "./event-level.ts";
import { formatInstant, type Instant } from "./instant.ts";
import type { IssueStatus } from "./issue.ts";
import { describeUnmuteReason } from "./mute.ts";
import type { QuietCause } from "./quiet-alert.ts";
import { describeRegressionReason } from "./regression.ts";
import { pluralize, shorten } from "./text.ts";

/** The issue of an alert, as it was when the alert was raised. */
export interface AlertedIssue {
  /** A UUID. */
  readonly id: string;
  /** Its human-readable id, such as `SHOP-12`. */
  readonly friendlyId: string;
  readonly title: string;
  /** Its state after the change that raised the alert. */
  readonly status: IssueStatus;
  readonly eventCount: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
}

/** The event that raised an alert. */
export interface AlertedEvent {
  /** Its id, unique in the project. */
  readonly id: string;
  /** Its release; `""` for none. */
  readonly release: string;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred by the client's clock, or `null` if the client did not say. */
  readonly occurredAt: Instant | null;
}

/** The members of every alert. */
interface AnyAlert {
  /** The format version. Members may be added without changing it. */
  readonly version: 2;
  /** A UUID, the same at every attempt to deliver the alert: the idempotency key of the delivery. */
  readonly id: string;
  readonly project: {
    readonly id: string;
    readonly slug: string;
  };
  /** The level of the event that raised it; `info` if a deadline did; for throttled alerts the highest level among them. */
  readonly level: EventLevel;
  /** The alert in one line: `"TypeError: x is undefined" in "shop" (Regression)`. Plain text that may contain anything. */
  readonly subject: string;
  /** Why it was raised, in sentences. Plain text that may contain anything. */
  readonly text: string;
  /** When the change that raised it happened. */
  readonly raisedAt: Instant;
  /** The URL that the host's `linkTo` returned right before delivery; `null` before that, or without `linkTo`. */
  readonly link: string | null;
  /**
   * Alerts of the same issue that were due at the same time, oldest first. They are delivered with this one, as one
   * notification. Empty in the outbox, and for throttled alerts.
   */
  readonly earlier: readonly EarlierAlert[];
}

/** An alert about an issue: a new issue, a regression, a mute that ended, or an open issue that got loud. */
export interface IssueAlert extends AnyAlert {
  readonly kind: AlertKind;
  /** Why it was raised. Has the same `kind` as the alert. */
  readonly reason: AlertReason;
  readonly issue: AlertedIssue;
  /** The event that raised it; `null` if a deadline did, or the event was erased. */
  readonly event: AlertedEvent | null;
  /** The number of its turning point in the issue's history. */
  readonly turningPoint: number;
  /**
   * When it would have been raised, if its event had not been old when it arrived (`quietAfterMs`); else `null`. The alert was
   * then raised by the issue's first event that was not old.
   */
  readonly quietSince: Instant | null;
}

/** An alert that is delivered with a later one of its issue. */
export type EarlierAlert = Pick<
  IssueAlert,
  "id" | "kind" | "reason" | "text" | "event" | "turningPoint" | "raisedAt" | "level" | "quietSince"
>;

/** The alerts of a project that were throttled in a period. */
export interface ThrottledReason {
  readonly kind: "throttled";
  /** The beginning of the period. */
  readonly from: Instant;
  /** The end of the period. */
  readonly until: Instant;
  /** The number of throttled alerts, by kind. */
  readonly counts: Readonly<Record<AlertKind, number>>;
  /** The first of their issues, at most {@link MAX_THROTTLED_EXAMPLES}. */
  readonly examples: readonly ThrottledExample[];
}

/** An issue of a throttled alert. */
export type ThrottledExample = Pick<AlertedIssue, "id" | "friendlyId" | "title">;

/** An alert that sums up the alerts that were throttled in a period. It belongs to no issue. */
export interface ThrottledAlert extends AnyAlert {
  readonly kind: "throttled";
  readonly reason: ThrottledReason;
  readonly issue: null;
  readonly event: null;
  readonly turningPoint: null;
  readonly quietSince: null;
}

/** A notification about a change, as a plain value: it can be written as JSON and read back. */
export type Alert = IssueAlert | ThrottledAlert;

/** The members that {@link issueAlert} cannot derive. */
export type IssueAlertParts = Pick<
  IssueAlert,
  "id" | "project" | "level" | "reason" | "issue" | "event" | "turningPoint" | "raisedAt"
> & {
  /** See {@link IssueAlert.quietSince}. Default `null`. */
  readonly quietSince?: Instant | null;
  /** Why it was not raised then. Default `old`. */
  readonly quietCause?: QuietCause | undefined;
};

/** Creates an alert about an issue. */
export function issueAlert(parts: IssueAlertParts): IssueAlert {
  const { reason, quietSince = null, quietCause = "old" } = parts;
  return {
    version: 2,
    id: parts.id,
    kind: reason.kind,
    level: parts.level,
    subject: alertSubject(parts),
    text: describeAlertReason(reason) + describeQuiet(quietSince, quietCause),
    reason,
    project: parts.project,
    issue: parts.issue,
    event: parts.event,
    turningPoint: parts.turningPoint,
    quietSince,
    raisedAt: parts.raisedAt,
    link: null,
    earlier: [],
  };
}

/** Creates an alert that summarizes throttled alerts. It is raised at the end of the period. */
export function throttledAlert(parts: Pick<ThrottledAlert, "id" | "project" | "level" | "reason">): ThrottledAlert {
  const { reason } = parts;
  return {
    version: 2,
    id: parts.id,
    kind: "throttled",
    level: parts.level,
    subject: alertSubject({ ...parts, issue: null }),
    text: describeAlertReason(reason),
    reason,
    project: parts.project,
    issue: null,
    event: null,
    turningPoint: null,
    quietSince: null,
    raisedAt: reason.until,
    link: null,
    earlier: [],
  };
}

/** The most issues that a throttled alert names. */
export const MAX_THROTTLED_EXAMPLES = 10;

/** The longest title or release in a subject or text, in UTF-16 code units. */
const MAX_TITLE_IN_SUBJECT = 80;

/** The members that a subject depends on. */
export type AlertSubjectParts =
  Pick<IssueAlert, "issue" | "project" | "reason"> | Pick<ThrottledAlert, "issue" | "project" | "reason">;

/** An alert in one line: `"TypeError: x is undefined" in "shop" (Regression)`. */
export function alertSubject(parts: AlertSubjectParts): string {
  const { slug } = parts.project;
  if (parts.issue === null) return `${pluralize(throttledCount(parts.reason), "alert")} throttled in "${slug}"`;
  const { issue, reason } = parts;
  return `"${shorten(issue.title, MAX_TITLE_IN_SUBJECT)}" in "${slug}" (${subjectOf(reason)})`;
}

function subjectOf(reason: AlertReason): string {
  return reason.kind === "unmute" && reason.wasDiscarded === true ? "No longer discarded" : KIND_IN_WORDS[reason.kind];
}

const KIND_IN_WORDS: Readonly<Record<AlertKind, string>> = {
  "new-issue": "New issue",
  regression: "Regression",
  unmute: "Unmuted issue",
  loud: "Loud issue",
};

/** The number of throttled alerts of all kinds. */
export function throttledCount({ counts }: Pick<ThrottledReason, "counts">): number {
  return ALERT_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
}

/** An alert's reason in sentences: "The issue is no longer muted. There were 5 events or more ...". */
export function describeAlertReason(reason: AlertReason | ThrottledReason): string {
  switch (reason.kind) {
    case "throttled":
      return describeThrottled(reason);
    case "new-issue":
      return "This issue was not seen before.";
    case "regression":
      return `The issue came back. ${describeRegressionReason(reason.reason)}`;
    case "unmute":
      return `${describeEnded(reason.wasDiscarded)} ${describeUnmuteReason(reason.reason)}`;
    case "loud":
      return `The issue got loud. ${describeConditionMet(reason.reason)}`;
  }
}

function describeEnded(wasDiscarded = false): string {
  return wasDiscarded ? "Events of the issue are no longer discarded." : "The issue is no longer muted.";
}

function describeQuiet(since: Instant | null, cause: QuietCause): string {
  if (since === null) return "";
  const because =
    cause === "old" ? "it was old when it arrived" : "events of its environment change no states in this project";
  return ` The event of ${formatInstant(since)} raised no alert, because ${because}.`;
}

function describeThrottled(reason: ThrottledReason): string {
  const { counts, from, until } = reason;
  const parts = ALERT_KINDS.filter((kind) => counts[kind] > 0).map((kind) => pluralize(counts[kind], NOUNS[kind]));
  const total = throttledCount(reason);
  const were = total === 1 ? "was" : "were";
  const named = parts.length > 0 ? `: ${parts.join(", ")}` : "";
  return `From ${formatInstant(from)} to ${formatInstant(until)}, ${pluralize(total, "alert")} ${were} throttled${named}.`;
}

const NOUNS: Readonly<Record<AlertKind, string>> = {
  "new-issue": "new issue",
  regression: "regression",
  unmute: "unmuted or undiscarded issue",
  loud: "loud issue",
};

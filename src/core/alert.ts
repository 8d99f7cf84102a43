import type { Instant } from "./instant.ts";
import type { IssueStatus } from "./issue.ts";
import { describeUnmuteReason, type UnmuteReason } from "./mute.ts";
import type { RegressionReason } from "./regression.ts";
import { shorten } from "./text.ts";

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

/** The kinds of alerts, each of which a project can switch off. */
export type AlertKind = AlertReason["kind"];

/** All kinds of alerts. */
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

/** What a person should hear of. A plain value: it can be written as JSON and read back. */
export interface Alert {
  /** The version of this form. */
  readonly version: 1;
  /** A UUID, the same at every attempt to deliver this alert: the key to recognise a repeated delivery by. */
  readonly id: string;
  /** Why, as data. */
  readonly reason: AlertReason;
  /** The issue's project. */
  readonly project: {
    /** The host's id of it. */
    readonly id: string;
    /** Its slug. */
    readonly slug: string;
  };
  /** The issue. */
  readonly issue: AlertedIssue;
  /** The event that caused it, or `null` where the clock did. */
  readonly eventId: string | null;
  /** The number of the turning point in the issue's history that goes with it. */
  readonly turningPoint: number;
  /** When what it is about happened. */
  readonly raisedAt: Instant;
}

/** The longest title in a subject. */
const MAX_TITLE_IN_SUBJECT = 80;

/** An alert in one line: `"TypeError: x is undefined" in "shop" (Regression)`. */
export function alertSubject({ issue, project, reason }: Pick<Alert, "issue" | "project" | "reason">): string {
  return `"${shorten(issue.title, MAX_TITLE_IN_SUBJECT)}" in "${project.slug}" (${KIND_IN_WORDS[reason.kind]})`;
}

const KIND_IN_WORDS: Readonly<Record<AlertKind, string>> = {
  "new-issue": "New issue",
  regression: "Regression",
  unmute: "Unmuted issue",
};

/** Why an alert was raised, as true sentences: "The issue is muted no longer. There were 5 events or more ...". */
export function describeAlertReason(reason: AlertReason): string {
  switch (reason.kind) {
    case "new-issue":
      return "This issue was not seen before.";
    case "regression":
      return `The issue came back. ${describeRegressionReason(reason.reason)}`;
    case "unmute":
      return `The issue is muted no longer. ${describeUnmuteReason(reason.reason)}`;
  }
}

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

import {
  ALERT_KINDS,
  issueAlert,
  type Alert,
  type AlertedEvent,
  type AlertedIssue,
  type AlertReason,
  type HeldBackExample,
  type HeldBackReason,
} from "../core/alert.ts";
import type { HeldBack } from "../core/alert-limits.ts";
import { DEFAULT_EVENT_LEVEL, EVENT_LEVELS } from "../core/event-level.ts";
import { requireArray, requireInteger, requireObject, requireOneOf } from "../core/input.ts";
import { ISSUE_STATUSES } from "../core/issue.ts";
import { count, instant, orNull, text, type Given } from "./stored-members.ts";
import { parseRegressionReason, parseUnmuteReason } from "./stored-reasons.ts";

/** An alert from what was stored, by this version or by a former one. */
export function parseAlert(value: unknown): Alert {
  const given = requireObject("alert", value);
  if (given["version"] === 1) return parseFormerAlert(given);
  requireInteger("alert.version", given["version"], 2, 2);
  const kind = requireOneOf("alert.kind", given["kind"], [...ALERT_KINDS, "held-back"]);
  const shared = {
    version: 2,
    id: text(given, "id"),
    project: parseProject(given["project"]),
    level: requireOneOf("alert.level", given["level"], EVENT_LEVELS),
    subject: text(given, "subject"),
    text: text(given, "text"),
    raisedAt: instant(given, "raisedAt"),
    link: null,
  } as const;
  if (kind === "held-back") {
    const reason = parseHeldBackReason(given["reason"]);
    return { ...shared, kind, reason, issue: null, event: null, turningPoint: null };
  }
  return {
    ...shared,
    kind,
    reason: parseAlertReason(given["reason"]),
    issue: parseIssue(given["issue"]),
    event: orNull(given["event"], parseEvent),
    turningPoint: count(given, "turningPoint"),
    earlier: [],
  };
}

/** Version 0.1.0 noted less of the event: it was received when the alert was raised, and its release is known for some. */
function parseFormerAlert(given: Given): Alert {
  const reason = parseAlertReason(given["reason"]);
  const raisedAt = instant(given, "raisedAt");
  const release =
    reason.kind === "regression" && reason.reason.kind === "fixed-in-release" ? reason.reason.release : "";
  const event = orNull(given["eventId"], (eventId): AlertedEvent => {
    return { id: text({ eventId }, "eventId"), release, receivedAt: raisedAt, occurredAt: null };
  });
  return issueAlert({
    id: text(given, "id"),
    project: parseProject(given["project"]),
    level: event === null ? "info" : DEFAULT_EVENT_LEVEL,
    reason,
    issue: parseIssue(given["issue"]),
    event,
    turningPoint: count(given, "turningPoint"),
    raisedAt,
  });
}

function parseProject(value: unknown): Alert["project"] {
  const project = requireObject("alert.project", value);
  return { id: text(project, "id"), slug: text(project, "slug") };
}

function parseIssue(value: unknown): AlertedIssue {
  const issue = requireObject("alert.issue", value);
  return {
    id: text(issue, "id"),
    friendlyId: text(issue, "friendlyId"),
    title: text(issue, "title"),
    status: requireOneOf("alert.issue.status", issue["status"], ISSUE_STATUSES),
    eventCount: count(issue, "eventCount"),
    firstSeenAt: instant(issue, "firstSeenAt"),
    lastSeenAt: instant(issue, "lastSeenAt"),
  };
}

function parseEvent(value: unknown): AlertedEvent {
  const event = requireObject("alert.event", value);
  return {
    id: text(event, "id"),
    release: text(event, "release"),
    receivedAt: instant(event, "receivedAt"),
    occurredAt: orNull(event["occurredAt"], (occurredAt) => instant({ occurredAt }, "occurredAt")),
  };
}

function parseAlertReason(value: unknown): AlertReason {
  const given = requireObject("reason", value);
  const kind = requireOneOf("reason.kind", given["kind"], ALERT_KINDS);
  switch (kind) {
    case "new-issue":
      return { kind };
    case "regression":
      return { kind, reason: parseRegressionReason(given["reason"]) };
    case "unmute":
      return { kind, reason: parseUnmuteReason(given["reason"]) };
  }
}

function parseHeldBackReason(value: unknown): HeldBackReason {
  const given = requireObject("reason", value);
  return { kind: "held-back", from: instant(given, "from"), until: instant(given, "until"), ...parseHeldBack(given) };
}

/** What was held back in a period, from what was stored. */
export function parseHeldBack(value: unknown): HeldBack {
  const given = requireObject("heldBack", value);
  const counts = requireObject("counts", given["counts"]);
  return {
    counts: {
      "new-issue": count(counts, "new-issue"),
      regression: count(counts, "regression"),
      unmute: count(counts, "unmute"),
    },
    examples: requireArray("examples", given["examples"]).map(parseExample),
  };
}

function parseExample(value: unknown): HeldBackExample {
  const given = requireObject("example", value);
  return { id: text(given, "id"), friendlyId: text(given, "friendlyId"), title: text(given, "title") };
}

import { ALERT_KINDS, alertReasonShape, type AlertKind } from "./alert-reason.ts";
import {
  issueAlert,
  type Alert,
  type AlertedEvent,
  type AlertedIssue,
  type IssueAlert,
  type ThrottledExample,
  type ThrottledReason,
} from "./alert.ts";
import { DEFAULT_EVENT_LEVEL, EVENT_LEVELS, type EventLevel } from "./event-level.ts";
import { readMember, requireInstant, requireObject } from "./input.ts";
import { ISSUE_STATUSES } from "./issue.ts";
import { anyText, arrayOf, count, integer, looseObject, nullable, oneOf, withDefault, type Shape } from "./shape.ts";

const projectShape: Shape<Alert["project"]> = looseObject({ id: anyText, slug: anyText });

const alertedIssueShape: Shape<AlertedIssue> = looseObject({
  id: anyText,
  friendlyId: anyText,
  title: anyText,
  status: oneOf(ISSUE_STATUSES),
  eventCount: count,
  firstSeenAt: requireInstant,
  lastSeenAt: requireInstant,
});

const throttledMembers = {
  counts: looseObject<Record<AlertKind, number>>({
    "new-issue": count,
    regression: count,
    unmute: count,
    // Earlier versions stored none.
    loud: withDefault(count, 0),
  }),
  examples: arrayOf(looseObject<ThrottledExample>({ id: anyText, friendlyId: anyText, title: anyText })),
};

const throttledReasonShape: Shape<Pick<ThrottledReason, "counts" | "examples">> = looseObject(throttledMembers);

/** The stored form of the alerts that were throttled in a period. Earlier versions stored no level. */
export const throttledShape: Shape<Pick<ThrottledReason, "counts" | "examples"> & { readonly level: EventLevel }> =
  looseObject({
    ...throttledMembers,
    level: withDefault(oneOf(EVENT_LEVELS), "warning"),
  });

const periodShape = looseObject({ from: requireInstant, until: requireInstant });

const versionShape = looseObject({ version: integer(1, 2) });

// "held-back" is the former name of "throttled".
const kindShape = looseObject({ kind: oneOf([...ALERT_KINDS, "throttled", "held-back"]) });

const textsShape = looseObject({
  id: anyText,
  project: projectShape,
  level: oneOf(EVENT_LEVELS),
  subject: anyText,
  text: anyText,
  raisedAt: requireInstant,
});

const aboutIssueShape = looseObject({
  reason: alertReasonShape,
  issue: alertedIssueShape,
  event: nullable(
    looseObject<AlertedEvent>({
      id: anyText,
      release: anyText,
      receivedAt: requireInstant,
      occurredAt: nullable(requireInstant),
    }),
  ),
  turningPoint: count,
  // Earlier versions stored none.
  quietSince: withDefault(nullable(requireInstant), null),
});

/** The stored form of an alert, of this version of the library or of an earlier one. */
export function alertShape(field: string, value: unknown): Alert {
  if (versionShape(field, value).version === 1) return readVersion1(field, value);
  const { kind } = kindShape(field, value);
  const texts = { version: 2, ...textsShape(field, value), link: null, earlier: [] } as const;
  if (kind === "throttled" || kind === "held-back") {
    return {
      ...texts,
      kind: "throttled",
      reason: readThrottled(field, value),
      issue: null,
      event: null,
      turningPoint: null,
      quietSince: null,
    };
  }
  return { ...texts, kind, ...aboutIssueShape(field, value) };
}

function readThrottled(field: string, value: unknown): ThrottledReason {
  const path = `${field}.reason`;
  const reason = readMember(path, requireObject(field, value), "reason");
  return { kind: "throttled", ...periodShape(path, reason), ...throttledReasonShape(path, reason) };
}

const version1Shape = looseObject({
  id: anyText,
  project: projectShape,
  reason: alertReasonShape,
  issue: alertedIssueShape,
  eventId: nullable(anyText),
  turningPoint: count,
  raisedAt: requireInstant,
});

/** Version 1 stores only the event's id: its times and release are taken from the alert where possible. */
function readVersion1(field: string, value: unknown): IssueAlert {
  const { eventId, ...parts } = version1Shape(field, value);
  const { reason, raisedAt } = parts;
  const release =
    reason.kind === "regression" && reason.reason.kind === "fixed-in-release" ? reason.reason.release : "";
  const event = eventId === null ? null : { id: eventId, release, receivedAt: raisedAt, occurredAt: null };
  return issueAlert({ ...parts, level: event === null ? "info" : DEFAULT_EVENT_LEVEL, event });
}

import type { AlertReason } from "./alert-reason.ts";
import type { Instant } from "./instant.ts";
import { OPEN, type Issue, type IssueStatus } from "./issue.ts";
import { decideUnmute, decideUnmuteAtDeadline, type UnmuteReason } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import {
  decideRegression,
  decidingMark,
  NO_EVIDENCE,
  type EventRelease,
  type NoRegressionReason,
  type RegressionReason,
  type ReleaseEvidence,
} from "./regression.ts";
import { markSeen, type ReleaseMark } from "./release-mark.ts";
import type { KnownRelease } from "./release.ts";
import { openWithAlert, type Alerting, type RaisedAlert } from "./raised-alert.ts";
import { SYSTEM, type Turn, type TurningPointDraft } from "./turning-point.ts";
import type { QuietAlert } from "./quiet-alert.ts";

/** The members of an event that determine what happens to its issue. */
export interface ReceivedEvent {
  /** Its id, unique in its project. */
  readonly id: string;
  /** Its title, in one line. */
  readonly title: string;
  /** The transaction it names, or `""`. */
  readonly transaction: string;
  /** The release that it belongs to. */
  readonly release: EventRelease;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred, by the client's clock; never later than `receivedAt`. */
  readonly occurredAt: Instant;
  readonly alerting: Alerting;
}

/** The result of applying one event: the next issue and the effects that the caller must persist. */
export interface EventTransition {
  readonly issue: Issue;
  readonly change: EventChange;
  /** The entry for the issue's history if the state changed, else `null`. An event with an entry must not be evicted. */
  readonly turningPoint: TurningPointDraft | null;
  /** The alert to raise, or `null`. */
  readonly alert: RaisedAlert | null;
  /** The issue's mark for the event's release if it changed, else `null`. */
  readonly mark: ReleaseMark | null;
}

/** What an event changed in its issue's state. With `none` the event was only counted. */
export type EventChange =
  | {
      readonly kind: "none";
      /** For a resolved issue, why the event is no regression; else `null`. */
      readonly notRegressed: NoRegressionReason | null;
    }
  | { readonly kind: "created" }
  | { readonly kind: "regressed"; readonly reason: RegressionReason }
  | { readonly kind: "unmuted"; readonly reason: UnmuteReason };

/** For each state the changes that events and the clock make, and the state that each leads to. */
export const EVENT_TRANSITIONS: Readonly<
  Record<IssueStatus, Readonly<Partial<Record<EventChange["kind"], IssueStatus>>>>
> = {
  open: {},
  resolved: { regressed: "open" },
  muted: { unmuted: "open" },
};

const NO_CHANGE: EventChange = { kind: "none", notRegressed: null };

/** Opens an issue with its first event. */
export function openIssue(identity: Pick<Issue, "id" | "projectId" | "number">, event: ReceivedEvent): EventTransition {
  const { id, projectId, number } = identity;
  const mark = event.release.kind === "release" ? markSeen(event.release.release, undefined) : null;
  const issue: Issue = {
    id,
    projectId,
    number,
    title: event.title,
    transaction: event.transaction,
    firstSeenAt: event.receivedAt,
    lastSeenAt: event.receivedAt,
    eventCount: 1,
    latestEventId: event.id,
    lastSeenIn: mark?.version,
    seenNumber: mark?.number ?? 0,
    turningPointCount: 0,
    state: OPEN,
  };
  return opened(issue, event, { kind: "created" }, { kind: "first-seen" }, { kind: "new-issue" }, mark);
}

/**
 * Applies one more event to an issue: counts it, then checks for a regression, a passed deadline and a reached volume, in
 * this order. The first that applies is the only change. An issue that waits for the next release, and whose event's release
 * `isNextRelease`, must have been given that release by `applyNextRelease` before.
 *
 * @param counter - the issue's counter, in which the event was counted already
 * @param evidence - not needed when {@link needsEvidence} says so
 */
export function applyEvent(
  issue: Issue,
  event: ReceivedEvent,
  counter: PeriodCounter,
  evidence: ReleaseEvidence,
): EventTransition {
  const known = evidenceOf(issue, event, evidence);
  const mark = markAfter(issue, event, known);
  const counted = countEvent(issue, event, mark);
  return changeState(counted, event, counter, known, mark === known.nearest ? null : (mark ?? null));
}

/**
 * Whether evidence is needed to apply an event of a release. It is not, while the last thing that happened in that release is
 * known to be an occurrence.
 */
export function needsEvidence(issue: Issue, { version, number }: Pick<KnownRelease, "version" | "number">): boolean {
  return issue.lastSeenIn !== version || issue.seenNumber !== number;
}

/**
 * The issue's mark for the event's release after the event; `undefined` if the event leaves none, because it occurred before
 * the issue was resolved, or before the claim that decides: such an event must not hide regressions of later releases.
 */
function markAfter(issue: Issue, event: ReceivedEvent, evidence: ReleaseEvidence): ReleaseMark | undefined {
  if (event.release.kind !== "release") return undefined;
  const { release } = event.release;
  const { nearest } = evidence;
  if (issue.state.status === "resolved" && event.occurredAt < issue.state.resolvedAt) return undefined;
  const deciding = decidingMark(release, evidence);
  if (deciding?.last === "fixed" && event.occurredAt < deciding.fixedAt) return undefined;
  return markSeen(release, nearest?.orderKey === release.orderKey ? nearest : undefined);
}

function countEvent(issue: Issue, event: ReceivedEvent, mark: ReleaseMark | undefined): Issue {
  const isNewest = event.receivedAt >= issue.lastSeenAt;
  return {
    id: issue.id,
    projectId: issue.projectId,
    number: issue.number,
    title: isNewest ? event.title : issue.title,
    transaction: isNewest ? event.transaction : issue.transaction,
    firstSeenAt: Math.min(issue.firstSeenAt, event.receivedAt),
    lastSeenAt: isNewest ? event.receivedAt : issue.lastSeenAt,
    eventCount: issue.eventCount + 1,
    latestEventId: isNewest ? event.id : issue.latestEventId,
    lastSeenIn: mark === undefined ? issue.lastSeenIn : mark.version,
    seenNumber: mark === undefined ? issue.seenNumber : mark.number,
    turningPointCount: issue.turningPointCount,
    state: issue.state,
  };
}

function changeState(
  issue: Issue,
  event: ReceivedEvent,
  counter: PeriodCounter,
  evidence: ReleaseEvidence,
  mark: ReleaseMark | null,
): EventTransition {
  const { state } = issue;
  switch (state.status) {
    case "open":
      return state.quietAlert === undefined ? unchanged(issue, mark) : raiseLater(issue, state.quietAlert, event, mark);
    case "resolved": {
      const decision = decideRegression(state, event, evidence);
      if (!decision.regression) return unchanged(issue, mark, decision.reason);
      const { reason } = decision;
      const turn: Turn = { kind: "regressed", reason };
      return opened(issue, event, { kind: "regressed", reason }, turn, { kind: "regression", reason }, mark);
    }
    case "muted": {
      const decision = decideUnmute(state.mute, event.receivedAt, counter);
      if (decision.kind === "unmute") {
        const { reason } = decision;
        const turn: Turn = { kind: "unmuted", reason };
        return opened(issue, event, { kind: "unmuted", reason }, turn, { kind: "unmute", reason }, mark);
      }
      return unchanged(
        decision.mute === state.mute ? issue : { ...issue, state: { ...state, mute: decision.mute } },
        mark,
      );
    }
  }
}

/** Where no evidence was needed, the issue is known to occur in the event's release. */
function evidenceOf(issue: Issue, { release }: ReceivedEvent, evidence: ReleaseEvidence): ReleaseEvidence {
  if (release.kind !== "release" || needsEvidence(issue, release.release)) return evidence;
  return { ...NO_EVIDENCE, nearest: markSeen(release.release, undefined) };
}

function unchanged(
  issue: Issue,
  mark: ReleaseMark | null,
  notRegressed: NoRegressionReason | null = null,
): EventTransition {
  const change: EventChange = notRegressed === null ? NO_CHANGE : { kind: "none", notRegressed };
  return { issue, change, turningPoint: null, alert: null, mark };
}

/** The event opens the issue. */
function opened(
  issue: Issue,
  event: ReceivedEvent,
  change: EventChange,
  turn: Turn,
  reason: AlertReason,
  mark: ReleaseMark | null,
): EventTransition {
  const turningPoint = turningPointOf(turn, event);
  return { ...openWithAlert(issue, reason, event.receivedAt, event.alerting), change, turningPoint, mark };
}

/** An event of an open issue raises the alert that an old event did not raise, unless it is old itself. */
function raiseLater(
  issue: Issue,
  { reason, since, turningPoint }: QuietAlert,
  event: ReceivedEvent,
  mark: ReleaseMark | null,
): EventTransition {
  switch (event.alerting(reason.kind)) {
    case "now": {
      const alert: RaisedAlert = { reason, turningPoint, quietSince: since };
      return { issue: { ...issue, state: OPEN }, change: NO_CHANGE, turningPoint: null, alert, mark };
    }
    case "later":
      return unchanged(issue, mark);
    case "never":
      return unchanged({ ...issue, state: OPEN }, mark);
  }
}

/** The result of a change that was caused by a deadline or a release, not by an event of the issue. */
export interface SystemTransition {
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
  /** The alert to raise, or `null`. */
  readonly alert: RaisedAlert | null;
}

/** Ends a mute with `wakeOn: "deadline"` whose deadline has passed; `undefined` when there is none to end. */
export function applyDeadline(issue: Issue, now: Instant, alerting: Alerting): SystemTransition | undefined {
  if (issue.state.status !== "muted") return undefined;
  const decision = decideUnmuteAtDeadline(issue.state.mute, now);
  if (decision.kind === "stay") return undefined;
  const { reason } = decision;
  return {
    ...openWithAlert(issue, { kind: "unmute", reason }, now, alerting),
    turningPoint: { turn: { kind: "unmuted", reason }, at: now, by: SYSTEM, eventId: null, comment: "" },
  };
}

function turningPointOf(turn: Turn, event: ReceivedEvent): TurningPointDraft {
  return { turn, at: event.receivedAt, by: SYSTEM, eventId: event.id, comment: "" };
}

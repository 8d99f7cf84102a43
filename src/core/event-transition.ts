import type { AlertReason } from "./alert.ts";
import type { Instant } from "./instant.ts";
import { OPEN, type Issue, type IssueState, type IssueStatus } from "./issue.ts";
import { decideUnmute, decideUnmuteAtDeadline, type UnmuteReason } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { decideRegression, type RegressionReason } from "./regression.ts";
import { markFixed, markSeen, type FixedMark, type MarkedRelease, type ReleaseMark } from "./release-mark.ts";
import { SYSTEM, type Turn, type TurningPointDraft } from "./turning-point.ts";

/** The members of an event that determine what happens to its issue. */
export interface ReceivedEvent {
  /** Its id, unique in its project. */
  readonly id: string;
  /** Its title, in one line. */
  readonly title: string;
  /** The transaction it names, or `""`. */
  readonly transaction: string;
  /** Its release with its place in the order of the project's releases. */
  readonly release: MarkedRelease;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred, by the client's clock; never later than `receivedAt`. */
  readonly occurredAt: Instant;
}

/** The result of applying one event: the next issue and the effects that the caller must persist. */
export interface EventTransition {
  readonly issue: Issue;
  readonly change: EventChange;
  /** The entry for the issue's history if the state changed, else `null`. An event with an entry must not be evicted. */
  readonly turningPoint: TurningPointDraft | null;
  /** The reason for an alert, or `null`. The project may have switched alerts of this kind off. */
  readonly alert: AlertReason | null;
  /** The issue's mark for the event's release if it changed, else `null`. */
  readonly mark: ReleaseMark | null;
}

/** What an event changed in its issue's state. With `none` the event was only counted. */
export type EventChange =
  | { readonly kind: "none" | "created" }
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

const NO_CHANGE: EventChange = { kind: "none" };

/** Opens an issue with its first event. */
export function openIssue(identity: Pick<Issue, "id" | "projectId" | "number">, event: ReceivedEvent): EventTransition {
  const { id, projectId, number } = identity;
  return {
    issue: {
      id,
      projectId,
      number,
      title: event.title,
      transaction: event.transaction,
      firstSeenAt: event.receivedAt,
      lastSeenAt: event.receivedAt,
      eventCount: 1,
      latestEventId: event.id,
      lastSeenIn: event.release.version,
      turningPointCount: 1,
      state: OPEN,
    },
    change: { kind: "created" },
    turningPoint: turningPointOf({ kind: "first-seen" }, event),
    alert: { kind: "new-issue" },
    mark: markSeen(event.release, undefined, event.occurredAt),
  };
}

/**
 * Applies one more event to an issue: counts it, then checks for a regression, a passed deadline and a reached volume, in
 * this order. The first that applies is the only change.
 *
 * @param counter - the issue's counter, in which the event was counted already
 * @param nearest - the issue's mark nearest at or before the event's release; not needed when the issue was last seen in
 *   that release
 */
export function applyEvent(
  issue: Issue,
  event: ReceivedEvent,
  counter: PeriodCounter,
  nearest: ReleaseMark | undefined,
): EventTransition {
  if (issue.lastSeenIn === event.release.version) {
    const known: ReleaseMark = { ...event.release, last: "seen", fixedAt: null };
    return changeState(countEvent(issue, event, issue.lastSeenIn), event, counter, known, null);
  }
  const before = nearest?.orderKey === event.release.orderKey ? nearest : undefined;
  const mark = markSeen(event.release, before, event.occurredAt);
  const lastSeenIn = mark.last === "seen" ? mark.version : issue.lastSeenIn;
  return changeState(countEvent(issue, event, lastSeenIn), event, counter, nearest, mark === before ? null : mark);
}

function countEvent(issue: Issue, event: ReceivedEvent, lastSeenIn: string | undefined): Issue {
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
    lastSeenIn,
    turningPointCount: issue.turningPointCount,
    state: issue.state,
  };
}

function changeState(
  issue: Issue,
  event: ReceivedEvent,
  counter: PeriodCounter,
  nearest: ReleaseMark | undefined,
  mark: ReleaseMark | null,
): EventTransition {
  const { state } = issue;
  switch (state.status) {
    case "open":
      return unchanged(issue, mark);
    case "resolved": {
      const decision = decideRegression(
        state,
        { release: event.release.version, occurredAt: event.occurredAt },
        nearest,
      );
      if (!decision.regression) return unchanged(issue, mark);
      return {
        issue: withState(issue, OPEN),
        change: { kind: "regressed", reason: decision.reason },
        turningPoint: turningPointOf({ kind: "regressed", reason: decision.reason }, event),
        alert: { kind: "regression", reason: decision.reason },
        mark,
      };
    }
    case "muted": {
      const decision = decideUnmute(state.mute, event.receivedAt, counter);
      if (decision.kind === "unmute") return unmuted(issue, decision.reason, event, mark);
      return unchanged(
        decision.mute === state.mute ? issue : { ...issue, state: { ...state, mute: decision.mute } },
        mark,
      );
    }
  }
}

function unchanged(issue: Issue, mark: ReleaseMark | null): EventTransition {
  return { issue, change: NO_CHANGE, turningPoint: null, alert: null, mark };
}

function unmuted(issue: Issue, reason: UnmuteReason, event: ReceivedEvent, mark: ReleaseMark | null): EventTransition {
  return {
    issue: withState(issue, OPEN),
    change: { kind: "unmuted", reason },
    turningPoint: turningPointOf({ kind: "unmuted", reason }, event),
    alert: { kind: "unmute", reason },
    mark,
  };
}

/** The result of a change that was caused by a deadline or a release, not by an event of the issue. */
export interface SystemTransition {
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
  /** The reason for an alert, or `null`. The project may have switched alerts of this kind off. */
  readonly alert: AlertReason | null;
}

/** Ends a mute with `wakeOn: "deadline"` whose deadline has passed; `undefined` when there is none to end. */
export function applyDeadline(issue: Issue, now: Instant): SystemTransition | undefined {
  if (issue.state.status !== "muted") return undefined;
  const decision = decideUnmuteAtDeadline(issue.state.mute, now);
  if (decision.kind === "stay") return undefined;
  const { reason } = decision;
  return {
    issue: withState(issue, OPEN),
    turningPoint: { turn: { kind: "unmuted", reason }, at: now, by: SYSTEM, eventId: null, comment: "" },
    alert: { kind: "unmute", reason },
  };
}

/** The result of {@link applyNextRelease}. */
export interface NextReleaseTransition extends SystemTransition {
  /** The issue's mark for that release: a fix claim as of when the issue was resolved. */
  readonly mark: FixedMark;
}

/**
 * Resolves an issue that waits for the next release in the release that has become the latest; `undefined` for any other
 * issue.
 *
 * @param release - the new latest release
 * @param at - when it became known
 * @param eventId - the event that made it known, or `null`
 */
export function applyNextRelease(
  issue: Issue,
  release: MarkedRelease,
  at: Instant,
  eventId: string | null,
): NextReleaseTransition | undefined {
  const { state } = issue;
  if (state.status !== "resolved" || state.resolution.kind !== "by-next") return undefined;
  return {
    issue: withState(issue, { ...state, resolution: { kind: "by-release", releases: [release.version] } }),
    turningPoint: {
      turn: { kind: "next-materialized", release: release.version },
      at,
      by: SYSTEM,
      eventId,
      comment: "",
    },
    alert: null,
    // The issue was never seen in a release that is new, and this claim replaces one made when it was announced.
    mark: markFixed(release, undefined, state.resolvedAt),
  };
}

function withState(issue: Issue, state: IssueState): Issue {
  return { ...issue, state, turningPointCount: issue.turningPointCount + 1 };
}

function turningPointOf(turn: Turn, event: ReceivedEvent): TurningPointDraft {
  return { turn, at: event.receivedAt, by: SYSTEM, eventId: event.id, comment: "" };
}

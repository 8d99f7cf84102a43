import type { AlertReason } from "./alert.ts";
import type { Instant } from "./instant.ts";
import { OPEN, type Issue, type IssueState } from "./issue.ts";
import { decideUnmute, decideWakeUp, type UnmuteReason } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { judgeRegression, type RegressionReason } from "./regression.ts";
import { markFixed, markSeen, type FixedMark, type MarkedRelease, type ReleaseMark } from "./release-mark.ts";
import { SYSTEM, type Turn, type TurningPointDraft } from "./turning-point.ts";

/** What the domain has to know of an event. */
export interface ReceivedEvent {
  /** Its id, unique in its project. */
  readonly id: string;
  /** What it says it is, in one line for people. */
  readonly title: string;
  /** The transaction it names, or `""`. */
  readonly transaction: string;
  /** Its release, in its place among the project's. */
  readonly release: MarkedRelease;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred, by the client's clock; never later than `receivedAt`. */
  readonly occurredAt: Instant;
}

/** What came of one event. Nothing has happened yet: the caller stores it. */
export interface EventTransition {
  /** The issue as it is now. */
  readonly issue: Issue;
  /** What the event did to the issue's state. */
  readonly change: EventChange;
  /** The entry for its history, if the state changed; then the event is kept from eviction. */
  readonly turningPoint: TurningPointDraft | null;
  /** What a person should hear of, if the project wants to know. */
  readonly alert: AlertReason | null;
  /** The issue's mark for the event's release, if that changed. */
  readonly mark: ReleaseMark | null;
}

/** What an event did to its issue's state: at most one thing. */
export type EventChange =
  | {
      /** It was counted, or opened the issue. */
      readonly kind: "none" | "created";
    }
  | {
      /** It contradicted the resolution, and reopened the issue. */
      readonly kind: "regressed";
      /** Why that is a regression. */
      readonly reason: RegressionReason;
    }
  | {
      /** It ended the mute. */
      readonly kind: "unmuted";
      /** Why. */
      readonly reason: UnmuteReason;
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
    turningPoint: turned({ kind: "first-seen" }, event),
    alert: { kind: "new-issue" },
    mark: markSeen(event.release, undefined, event.occurredAt),
  };
}

/**
 * Takes one more event into an issue: counts it, then looks for a regression, then for a deadline passed, then for a
 * volume reached; the first of them that holds is the only change.
 *
 * @param issue - the issue as it is
 * @param event - the event
 * @param counter - the issue's counter, with the event counted
 * @param nearest - the issue's mark nearest at or before the event's release; not needed when the issue was last seen in
 *   that release
 */
export function receiveEvent(
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
      const verdict = judgeRegression(state, { release: event.release.version, occurredAt: event.occurredAt }, nearest);
      if (!verdict.regression) return unchanged(issue, mark);
      return {
        issue: turn(issue, OPEN),
        change: { kind: "regressed", reason: verdict.reason },
        turningPoint: turned({ kind: "regressed", reason: verdict.reason }, event),
        alert: { kind: "regression", reason: verdict.reason },
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
    issue: turn(issue, OPEN),
    change: { kind: "unmuted", reason },
    turningPoint: turned({ kind: "unmuted", reason }, event),
    alert: { kind: "unmute", reason },
    mark,
  };
}

/** What came of the clock or a release, which concern issues without an event of theirs. */
export interface SystemTransition {
  /** The issue as it is now. */
  readonly issue: Issue;
  /** The entry for its history. */
  readonly turningPoint: TurningPointDraft;
  /** What a person should hear of, if the project wants to know. */
  readonly alert: AlertReason | null;
}

/** Lifts a mute that was asked to end at its deadline; `undefined` when there is nothing to lift yet. */
export function wakeUp(issue: Issue, now: Instant): SystemTransition | undefined {
  if (issue.state.status !== "muted") return undefined;
  const decision = decideWakeUp(issue.state.mute, now);
  if (decision.kind === "stay") return undefined;
  const { reason } = decision;
  return {
    issue: turn(issue, OPEN),
    turningPoint: { turn: { kind: "unmuted", reason }, at: now, by: SYSTEM, eventId: null, comment: "" },
    alert: { kind: "unmute", reason },
  };
}

/** What came of the next release appearing for an issue that was said to be fixed in it. */
export interface MaterializedNext extends SystemTransition {
  /** The issue's mark for that release: the claim, made when the issue was resolved. */
  readonly mark: FixedMark;
}

/**
 * Makes the release that just became the latest the fix of an issue that waits for the next one; `undefined` for any
 * other issue.
 *
 * @param issue - the issue as it is
 * @param release - the new latest release
 * @param at - when the release appeared
 * @param eventId - the event that brought it, or `null`
 */
export function materializeNext(
  issue: Issue,
  release: MarkedRelease,
  at: Instant,
  eventId: string | null,
): MaterializedNext | undefined {
  const { state } = issue;
  if (state.status !== "resolved" || state.resolution.kind !== "by-next") return undefined;
  return {
    issue: turn(issue, { ...state, resolution: { kind: "by-release", releases: [release.version] } }),
    turningPoint: {
      turn: { kind: "next-materialized", release: release.version },
      at,
      by: SYSTEM,
      eventId,
      comment: "",
    },
    alert: null,
    // The issue was never seen in a release that only just appeared, and this claim replaces one made at its announcement.
    mark: markFixed(release, undefined, state.resolvedAt),
  };
}

function turn(issue: Issue, state: IssueState): Issue {
  return { ...issue, state, turningPointCount: issue.turningPointCount + 1 };
}

function turned(what: Turn, event: ReceivedEvent): TurningPointDraft {
  return { turn: what, at: event.receivedAt, by: SYSTEM, eventId: event.id, comment: "" };
}

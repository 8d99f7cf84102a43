import type { AlertReason } from "./alert-reason.ts";
import { NO_USERS, type Evidence, type UserCounts } from "./conditions/condition-rule.ts";
import type { ConditionMet } from "./conditions/condition.ts";
import { continueDiscard, endOfDiscard } from "./discard.ts";
import { DEFAULT_EVENT_LEVEL, type EventLevel } from "./event-level.ts";
import type { Instant } from "./instant.ts";
import { MAX_ISSUE_ENVIRONMENTS, OPEN, withState, type Issue, type IssueState, type IssueStatus } from "./issue.ts";
import { decideUnmute, type UnmuteReason } from "./mute.ts";
import { PeriodCounter } from "./period-counter.ts";
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
import { openWithAlert, unmuteWithAlert, type Alerting, type RaisedAlert } from "./raised-alert.ts";
import { SYSTEM, type Turn, type TurningPointDraft } from "./turning-point.ts";
import type { QuietAlert } from "./quiet-alert.ts";
import { lookAfter, type WatchLook } from "./watch-state.ts";

/** The members of an event that determine what happens to its issue. */
export interface ReceivedEvent {
  /** Its id, unique in its project. */
  readonly id: string;
  /** Its title, in one line. */
  readonly title: string;
  /** The transaction it names, or `""`. */
  readonly transaction: string;
  /** Default `"error"`. */
  readonly level?: EventLevel;
  /** The release that it belongs to. */
  readonly release: EventRelease;
  /** When the host received it. */
  readonly receivedAt: Instant;
  /** When it occurred, by the client's clock; never later than `receivedAt`. */
  readonly occurredAt: Instant;
  readonly alerting: Alerting;
  /** How many events it stands for. Default 1. */
  readonly count?: number;
  /** The environment in which it occurred. Default `""`: none. */
  readonly environment?: string;
  /** Whether it was old when it arrived: then it is not looked at for what its issue is watched for. Default `false`. */
  readonly isOld?: boolean;
  /** Whether events of its environment may change states. Default `true`. */
  readonly mayChangeState?: boolean;
  /** Whether it has a user, and the issue had no event of that user before. Default `false`. */
  readonly isOfNewUser?: boolean;
}

/** What an event's issue is watched for, and what conditions on users are judged by. */
export interface Watching {
  /** The issue's users, the event's own included. Default: none. */
  readonly users?: UserCounts | undefined;
  /** The look at the conditions that the issue is watched for, before the event was counted. Default: it is not looked at. */
  readonly look?: WatchLook | undefined;
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
  | { readonly kind: "unmuted"; readonly reason: UnmuteReason }
  | {
      /** The event was only counted: nothing else of it is stored but its id. */
      readonly kind: "discarded";
    }
  | {
      /** The event met a condition that ends the discard. */
      readonly kind: "undiscarded";
      readonly reason: ConditionMet;
    }
  | {
      /** The open issue met a condition that it is watched for. */
      readonly kind: "loud";
      readonly reason: ConditionMet;
    };

/** For each state the changes that events and the clock make, and the state that each leads to. */
export const EVENT_TRANSITIONS: Readonly<
  Record<IssueStatus, Readonly<Partial<Record<EventChange["kind"] | "auto-resolved", IssueStatus>>>>
> = {
  open: { loud: "open", "auto-resolved": "resolved" },
  resolved: { regressed: "open" },
  muted: { unmuted: "open" },
  discarded: { undiscarded: "open" },
  merged: {},
};

const NO_CHANGE: EventChange = { kind: "none", notRegressed: null };

/**
 * Opens an issue with its first event.
 *
 * @param counter - the issue's counter, in which the event was counted already; only used for what the issue is watched for
 */
export function openIssue(
  identity: Pick<Issue, "id" | "projectId" | "number">,
  event: ReceivedEvent,
  counter = new PeriodCounter(),
  watching: Watching = {},
): EventTransition {
  const { id, projectId, number } = identity;
  const { environment = "", mayChangeState = true } = event;
  const mark = mayChangeState && event.release.kind === "release" ? markSeen(event.release.release, undefined) : null;
  const issue: Issue = {
    id,
    projectId,
    number,
    title: event.title,
    transaction: event.transaction,
    level: event.level ?? DEFAULT_EVENT_LEVEL,
    firstSeenAt: event.receivedAt,
    lastSeenAt: event.receivedAt,
    eventCount: event.count ?? 1,
    lastEventNumber: 1,
    userCount: event.isOfNewUser === true ? 1 : 0,
    environments: environment === "" ? NO_ENVIRONMENTS : [environment],
    watch: null,
    latestEventId: event.id,
    lastSeenIn: mark?.version,
    seenNumber: mark?.number ?? 0,
    turningPointCount: 0,
    parts: null,
    state: OPEN,
  };
  if (!mayChangeState) return openedElsewhere(issue, event);
  const transition = opened(issue, event, {
    change: { kind: "created" },
    turn: { kind: "first-seen" },
    reason: { kind: "new-issue" },
    mark,
  });
  return lookAt(transition, event, counter, watching);
}

const NO_ENVIRONMENTS: readonly string[] = [];

/**
 * Opens an issue whose first event may change no states. The first event of an environment that may raises the alert.
 */
function openedElsewhere(issue: Issue, event: ReceivedEvent): EventTransition {
  const quietAlert: QuietAlert = {
    reason: { kind: "new-issue" },
    since: event.receivedAt,
    turningPoint: issue.turningPointCount + 1,
    cause: "environment",
  };
  const isSilenced = event.alerting("new-issue") === "never";
  return {
    issue: withState(issue, isSilenced ? OPEN : { status: "open", quietAlert }),
    change: { kind: "created" },
    turningPoint: turningPointOf({ kind: "first-seen" }, event),
    alert: null,
    mark: null,
  };
}

/**
 * Applies one more event to an issue: counts it, then checks for a regression, a passed deadline and the conditions of a mute, in
 * this order. The first that applies is the only change. Then an open issue is checked for what it is watched for. An issue that
 * waits for the next release, and whose event's release `isNextRelease`, must have been given that release by `applyNextRelease`
 * before. An event of an environment that changes no states is only counted, and so is one of an issue whose events are discarded,
 * unless it meets a condition that ends that.
 *
 * @param counter - the issue's counter, in which the event was counted already
 * @param evidence - not needed when {@link needsEvidence} says so
 */
export function applyEvent(
  issue: Issue,
  event: ReceivedEvent,
  counter: PeriodCounter,
  evidence: ReleaseEvidence = NO_EVIDENCE,
  watching: Watching = {},
): EventTransition {
  if (isDiscarded(issue, event, counter)) return discarded(issue, event, counter);
  if (event.mayChangeState === false) return appliedElsewhere(issue, event);
  const known = evidenceOf(issue, event, evidence);
  const mark = markAfter(issue, event, known);
  const changedMark = mark === known.nearest ? null : (mark ?? null);
  const counted = countEvent(issue, event, mark);
  const transition = changeState(counted, event, { counter, users: watching.users }, known, changedMark);
  return lookAt(transition, event, counter, watching);
}

/**
 * Whether an event of an issue is discarded.
 *
 * @param counter - the issue's counter, in which the event was counted already
 */
export function isDiscarded(
  { state }: Pick<Issue, "state">,
  { mayChangeState = true }: Pick<ReceivedEvent, "mayChangeState">,
  counter: PeriodCounter,
): boolean {
  return state.status === "discarded" && (!mayChangeState || endOfDiscard(state.discard, counter) === undefined);
}

/** Counts an event that is discarded. When it was received is part of the counter; all else stays as it was. */
function discarded(issue: Issue, event: ReceivedEvent, counter: PeriodCounter): EventTransition {
  const { state } = issue;
  const counted: Issue = {
    ...issue,
    lastSeenAt: Math.max(issue.lastSeenAt, event.receivedAt),
    eventCount: issue.eventCount + (event.count ?? 1),
    lastEventNumber: issue.lastEventNumber + 1,
    state:
      state.status === "discarded" && event.mayChangeState !== false
        ? { ...state, discard: continueDiscard(state.discard, counter) }
        : state,
  };
  return { issue: counted, change: { kind: "discarded" }, turningPoint: null, alert: null, mark: null };
}

function appliedElsewhere(issue: Issue, event: ReceivedEvent): EventTransition {
  const counted = countEvent({ ...issue, state: withoutElsewhere(issue.state, event.count ?? 1) }, event, undefined);
  if (issue.state.status !== "resolved") return unchanged(counted, null);
  return unchanged(counted, null, { kind: "other-environment", environment: event.environment ?? "" });
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

/**
 * Whether an event of an issue that is not discarded leaves a mark for its release: not if it may change no states, has no release, or
 * is older than what it could contradict.
 *
 * @param issue - the issue before the event
 * @param evidence - not needed when {@link needsEvidence} says so
 */
export function leavesMark(issue: Issue, event: ReceivedEvent, evidence: ReleaseEvidence): boolean {
  return event.mayChangeState !== false && markAfter(issue, event, evidenceOf(issue, event, evidence)) !== undefined;
}

/**
 * Counts an event in the part of an issue that it belongs to: a member that was merged into the issue, or its own part.
 *
 * @param part - the part, in the state `merged`
 * @param event - with a release only if it {@link leavesMark} in the issue
 * @param counter - the part's counter, in which the event was counted already
 * @param nearest - the part's mark for the release of the event, if it has one; not needed when {@link needsEvidence} says so
 * @param isDiscarded - whether the events of the issue are discarded
 */
export function countInPart(
  part: Issue,
  event: ReceivedEvent,
  counter: PeriodCounter,
  nearest: ReleaseMark | undefined,
  isDiscarded: boolean,
): Pick<EventTransition, "issue" | "mark"> {
  if (isDiscarded) return discarded(part, event, counter);
  if (event.release.kind !== "release") return { issue: countEvent(part, event, undefined), mark: null };
  const { release } = event.release;
  const known = evidenceOf(part, event, { ...NO_EVIDENCE, nearest }).nearest;
  const mark = markSeen(release, known?.orderKey === release.orderKey ? known : undefined);
  return { issue: countEvent(part, event, mark), mark: mark === known ? null : mark };
}

/** What counts since a mute are events that may change states: others count as if they had come before it. */
function withoutElsewhere(state: IssueState, count: number): IssueState {
  const volume = state.status === "muted" ? state.mute.volume : null;
  if (state.status !== "muted" || volume === null || volume.countedFrom === 0) return state;
  return { ...state, mute: { ...state.mute, volume: { ...volume, countedFrom: volume.countedFrom + count } } };
}

function countEvent(issue: Issue, event: ReceivedEvent, mark: ReleaseMark | undefined): Issue {
  const isNewest = event.receivedAt >= issue.lastSeenAt;
  const { count = 1, environment = "", isOfNewUser = false } = event;
  return {
    id: issue.id,
    projectId: issue.projectId,
    number: issue.number,
    title: isNewest ? event.title : issue.title,
    transaction: isNewest ? event.transaction : issue.transaction,
    level: isNewest ? (event.level ?? DEFAULT_EVENT_LEVEL) : issue.level,
    firstSeenAt: Math.min(issue.firstSeenAt, event.receivedAt),
    lastSeenAt: isNewest ? event.receivedAt : issue.lastSeenAt,
    eventCount: issue.eventCount + count,
    lastEventNumber: issue.lastEventNumber + 1,
    userCount: isOfNewUser ? issue.userCount + 1 : issue.userCount,
    environments: environment === "" ? issue.environments : withEnvironment(issue.environments, environment),
    watch: issue.watch,
    latestEventId: isNewest ? event.id : issue.latestEventId,
    lastSeenIn: mark === undefined ? issue.lastSeenIn : mark.version,
    seenNumber: mark === undefined ? issue.seenNumber : mark.number,
    turningPointCount: issue.turningPointCount,
    parts: issue.parts,
    state: event.receivedAt < issue.firstSeenAt ? lookSoon(issue.state) : issue.state,
  };
}

/** An event before the first one makes usual days quieter, so that nothing is known any more about when to look next. */
function lookSoon(state: IssueState): IssueState {
  if (state.status !== "open" || state.watch === undefined) return state;
  return { ...state, watch: { ...state.watch, checkAt: 0 } };
}

function withEnvironment(environments: readonly string[], environment: string): readonly string[] {
  const isFull = environments.length >= MAX_ISSUE_ENVIRONMENTS;
  return isFull || environments.includes(environment) ? environments : [...environments, environment];
}

function changeState(
  issue: Issue,
  event: ReceivedEvent,
  { counter, users }: { readonly counter: PeriodCounter; readonly users: UserCounts | undefined },
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
      return opened(issue, event, {
        change: { kind: "regressed", reason },
        turn,
        reason: { kind: "regression", reason },
        mark,
      });
    }
    case "muted": {
      const decision = decideUnmute(state.mute, event.receivedAt, counter, users);
      if (decision.kind === "unmute") {
        const { reason } = decision;
        return {
          ...unmuteWithAlert(issue, state.mute, reason, event.receivedAt, event.alerting),
          change: { kind: "unmuted", reason },
          turningPoint: turningPointOf({ kind: "unmuted", reason }, event),
          mark,
        };
      }
      return unchanged(
        decision.mute === state.mute ? issue : { ...issue, state: { ...state, mute: decision.mute } },
        mark,
      );
    }
    case "discarded": {
      const reason = endOfDiscard(state.discard, counter);
      if (reason === undefined) return unchanged(issue, mark);
      return opened(issue, event, {
        change: { kind: "undiscarded", reason },
        turn: { kind: "undiscarded", reason },
        reason: { kind: "unmute", reason, wasDiscarded: true },
        mark,
      });
    }
    case "merged":
      return unchanged(issue, mark);
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

/** How an event opens an issue. */
interface Opening {
  readonly change: EventChange;
  readonly turn: Turn;
  readonly reason: AlertReason;
  readonly mark: ReleaseMark | null;
}

function opened(issue: Issue, event: ReceivedEvent, { change, turn, reason, mark }: Opening): EventTransition {
  const turningPoint = turningPointOf(turn, event);
  return { ...openWithAlert(issue, reason, event.receivedAt, event.alerting), change, turningPoint, mark };
}

/** Looks whether an event of an open issue meets what the issue is watched for. Old events are not looked at. */
function lookAt(
  transition: EventTransition,
  event: ReceivedEvent,
  counter: PeriodCounter,
  { users = NO_USERS, look }: Watching,
): EventTransition {
  const { issue } = transition;
  if (look === undefined || issue.state.status !== "open" || event.isOld === true) return transition;
  const evidence: Evidence = { counter, at: event.receivedAt, countedFrom: 0, firstSeenAt: issue.firstSeenAt, users };
  const isSilent = transition.alert !== null || transition.turningPoint !== null;
  const { state: watch, reason } = lookAfter(look, evidence, isSilent);
  const watched: Issue = { ...issue, state: { ...issue.state, watch } };
  if (reason === undefined) return { ...transition, issue: watched };
  const loud = withState(watched, { ...issue.state, watch, loudAt: event.receivedAt });
  return {
    ...transition,
    issue: loud,
    change: { kind: "loud", reason },
    turningPoint: turningPointOf({ kind: "loud", reason }, event),
    alert:
      event.alerting("loud") === "now"
        ? { reason: { kind: "loud", reason }, turningPoint: loud.turningPointCount, quietSince: null }
        : null,
  };
}

/** An event of an open issue raises the alert that an old event did not raise, unless it is old itself. */
function raiseLater(
  issue: Issue,
  { reason, since, turningPoint, cause }: QuietAlert,
  event: ReceivedEvent,
  mark: ReleaseMark | null,
): EventTransition {
  const remembered = issue.state.status === "open" ? issue.state : OPEN;
  const { quietAlert: _quietAlert, ...state } = remembered;
  switch (event.alerting(reason.kind)) {
    case "now": {
      const alert: RaisedAlert = { reason, turningPoint, quietSince: since, quietCause: cause };
      return { issue: { ...issue, state }, change: NO_CHANGE, turningPoint: null, alert, mark };
    }
    case "later":
      return unchanged(issue, mark);
    case "never":
      return unchanged({ ...issue, state }, mark);
  }
}

function turningPointOf(turn: Turn, event: ReceivedEvent): TurningPointDraft {
  return { turn, at: event.receivedAt, by: SYSTEM, eventId: event.id, comment: "" };
}

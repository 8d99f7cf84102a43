import { applyCommand, NO_COMMAND_RELEASES } from "./command-transition.ts";
import { NEVER, NO_USERS, type UserCounts } from "./conditions/condition-rule.ts";
import { MAX_INSTANT, type Instant } from "./instant.ts";
import { withState, type Issue, type ResolvedState } from "./issue.ts";
import { nextUnmet, quietUntil, termsAgain } from "./mute-again.ts";
import { decideUnmuteAtDeadline } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import { unmuteWithAlert, type Alerting, type RaisedAlert } from "./raised-alert.ts";
import { SYSTEM, type TurningPointDraft } from "./turning-point.ts";

/** The result of a change that was caused by the clock or a release, not by an event of the issue. */
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
  const unmuted = unmuteWithAlert(issue, issue.state.mute, reason, now, alerting);
  return {
    alert: unmuted.alert,
    issue: { ...unmuted.issue, state: { ...unmuted.issue.state, quietFrom: now } },
    turningPoint: { turn: { kind: "unmuted", reason }, at: now, by: SYSTEM, eventId: null, comment: "" },
  };
}

/**
 * Mutes an issue again, on the terms of the mute that an event or the clock has ended, once it was quiet for long enough;
 * `undefined` when there is nothing to do. Without a turning point it only knows when to look again, or that it stays open.
 *
 * @param counter - the issue's counter
 * @param users - the issue's users, for conditions on them
 */
export function applyMuteAgain(
  issue: Issue,
  now: Instant,
  counter: PeriodCounter,
  users: UserCounts = NO_USERS,
): MuteAgainTransition | undefined {
  if (issue.state.status !== "open" || issue.state.muteAgain === undefined) return undefined;
  if (now < issue.state.muteAgain.at) return undefined;
  const { muteAgain, ...open } = issue.state;
  const lookAgainAt = (at: Instant): MuteAgainTransition => ({
    issue: { ...issue, state: at > MAX_INSTANT ? open : { ...open, muteAgain: { ...muteAgain, at } } },
    turningPoint: null,
  });
  const { again } = muteAgain.terms;
  // An alert that was not raised yet is raised first, by the next event.
  if (open.quietAlert !== undefined && again !== undefined) return lookAgainAt(quietUntil(now, again.quietFor));
  const quietAt = again === undefined ? NEVER : quietUntil(issue.lastSeenAt, again.quietFor);
  if (quietAt > now) return lookAgainAt(quietAt);
  const terms = termsAgain(muteAgain.terms, now);
  if (terms === undefined) return lookAgainAt(NEVER);
  const context = { now, by: SYSTEM, comment: "", counter, users, releases: NO_COMMAND_RELEASES };
  const outcome = applyCommand(issue, { kind: "mute", terms }, context);
  if (outcome.kind === "applied") return { issue: outcome.issue, turningPoint: outcome.turningPoint };
  const countedFrom = terms.sinceMute ? issue.eventCount : 0;
  const evidence = { counter, at: now, countedFrom, firstSeenAt: issue.firstSeenAt, users };
  return lookAgainAt(Math.max(now + 1, nextUnmet(terms.conditions, evidence)));
}

/**
 * Resolves an open issue plainly that had no event and no command for so long; `undefined` if it had, or is not open.
 *
 * @param quietForMs - {@link Project.autoResolveAfterMs}
 * @param releaseCount - the highest number that a release of its project has; 0 for none
 */
export function applyAutoResolve(
  issue: Issue,
  now: Instant,
  quietForMs: number,
  releaseCount: number,
): SystemTransition | undefined {
  if (issue.state.status !== "open") return undefined;
  const { quietFrom = 0 } = issue.state;
  if (now - Math.max(issue.lastSeenAt, quietFrom) < quietForMs) return undefined;
  const state: ResolvedState = {
    status: "resolved",
    resolvedAt: now,
    afterRelease: releaseCount,
    resolution: { kind: "plain" },
  };
  return {
    issue: withState(issue, state),
    turningPoint: { turn: { kind: "auto-resolved", quietForMs }, at: now, by: SYSTEM, eventId: null, comment: "" },
    alert: null,
  };
}

/** The result of muting an issue again, or of looking whether it is time. */
export interface MuteAgainTransition {
  readonly issue: Issue;
  /** `null` if the issue is not muted. */
  readonly turningPoint: TurningPointDraft | null;
}

/** An issue that cannot be muted again now, because its counter cannot be read: it is looked at again after the same quiet time. */
export function postponeMuteAgain(issue: Issue, now: Instant): Issue {
  const { state } = issue;
  const quietFor = state.status === "open" ? state.muteAgain?.terms.again?.quietFor : undefined;
  if (state.status !== "open" || state.muteAgain === undefined || quietFor === undefined) return issue;
  return { ...issue, state: { ...state, muteAgain: { ...state.muteAgain, at: quietUntil(now, quietFor) } } };
}

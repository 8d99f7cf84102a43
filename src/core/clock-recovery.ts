import type { Discard } from "./discard.ts";
import type { Instant } from "./instant.ts";
import type { Issue, IssueState, OpenState } from "./issue.ts";
import { quietUntil, type MuteAgainLater } from "./mute-again.ts";
import type { Mute } from "./mute.ts";
import type { PeriodCounter } from "./period-counter.ts";
import type { ReleaseMark } from "./release-mark.ts";

/** How far the clocks of a host's processes may differ, in milliseconds, before what one wrote counts as written by a wrong clock. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** Whether an instant was written by a clock that was ahead. */
export function isAhead(at: Instant, now: Instant): boolean {
  return at > now + CLOCK_TOLERANCE_MS;
}

/** An instant, or now if it was written by a clock that was ahead. */
export function setBack(at: Instant, now: Instant): Instant {
  return isAhead(at, now) ? now : at;
}

/** Whether an issue has an instant that was written by a clock that was ahead. */
export function isIssueAhead({ lastSeenAt, state }: Issue, now: Instant): boolean {
  return isAhead(lastSeenAt, now) || isStateAhead(state, now);
}

function isStateAhead(state: IssueState, now: Instant): boolean {
  switch (state.status) {
    case "open":
      return isOpenStateAhead(state, now);
    case "resolved":
      return isAhead(state.resolvedAt, now) || claimTimes(state).some((at) => isAhead(at, now));
    case "muted":
      return isAhead(state.mute.mutedAt, now);
    case "discarded":
      return isAhead(state.discard.discardedAt, now);
    case "merged":
      return false;
  }
}

function isOpenStateAhead({ quietAlert, watch, muteAgain, quietFrom }: OpenState, now: Instant): boolean {
  if (quietFrom !== undefined && isAhead(quietFrom, now)) return true;
  if (quietAlert !== undefined && isAhead(quietAlert.since, now)) return true;
  if (muteAgain !== undefined && muteAgain.at > setBackAgain(muteAgain, now).at + CLOCK_TOLERANCE_MS) return true;
  return watch?.metAt.some((at) => at !== null && isAhead(at, now)) === true;
}

function claimTimes({ resolution }: IssueState & { status: "resolved" }): readonly Instant[] {
  return (resolution.kind === "by-release" ? resolution.claimedAt : undefined) ?? [];
}

/**
 * An issue and its counter without what a clock that was ahead had written; the same issue if there is nothing of it.
 *
 * @param counter - the issue's counter. It is changed: what it counted beyond now counts in the current minute.
 */
export function recoverIssue(issue: Issue, counter: PeriodCounter, now: Instant): Issue {
  if (!isIssueAhead(issue, now)) return issue;
  const wasSeenAhead = isAhead(issue.lastSeenAt, now);
  if (wasSeenAhead) counter.setBack(now);
  return {
    ...issue,
    firstSeenAt: setBack(issue.firstSeenAt, now),
    lastSeenAt: setBack(issue.lastSeenAt, now),
    state: recoverState(issue.state, now, wasSeenAhead),
  };
}

function recoverState(state: IssueState, now: Instant, wasSeenAhead: boolean): IssueState {
  switch (state.status) {
    case "open":
      return recoverOpenState(state, now);
    case "resolved": {
      const { resolution } = state;
      const resolvedAt = setBack(state.resolvedAt, now);
      if (resolution.kind !== "by-release" || resolution.claimedAt === undefined) return { ...state, resolvedAt };
      const claimedAt = resolution.claimedAt.map((at) => setBack(at, now));
      return { ...state, resolvedAt, resolution: { ...resolution, claimedAt } };
    }
    case "muted":
      return { ...state, mute: recoverMute(state.mute, now, wasSeenAhead) };
    case "discarded":
      return { ...state, discard: recoverDiscard(state.discard, now, wasSeenAhead) };
    case "merged":
      return state;
  }
}

/** An issue is muted again after a quiet time from now at the latest. */
function setBackAgain(muteAgain: MuteAgainLater, now: Instant): MuteAgainLater {
  const { again } = muteAgain.terms;
  return again === undefined
    ? muteAgain
    : { ...muteAgain, at: Math.min(muteAgain.at, quietUntil(now, again.quietFor)) };
}

/** What the watch knew about when to look next is forgotten. */
function recoverOpenState(state: OpenState, now: Instant): OpenState {
  const { quietAlert, watch, muteAgain, quietFrom, regressedAt, loudAt } = state;
  const metAt = watch?.metAt.map((at) => at && setBack(at, now));
  return {
    status: "open",
    ...(quietAlert !== undefined && { quietAlert: { ...quietAlert, since: setBack(quietAlert.since, now) } }),
    ...(watch !== undefined && metAt !== undefined && { watch: { ...watch, checkAt: 0, lookAt: 0, metAt } }),
    ...(muteAgain !== undefined && { muteAgain: setBackAgain(muteAgain, now) }),
    ...(quietFrom !== undefined && { quietFrom: setBack(quietFrom, now) }),
    ...(regressedAt !== undefined && { regressedAt: setBack(regressedAt, now) }),
    ...(loudAt !== undefined && { loudAt: setBack(loudAt, now) }),
  };
}

/** The event count below which the conditions are not evaluated is reset. */
function recoverMute(mute: Mute, now: Instant, wasSeenAhead: boolean): Mute {
  const aheadMs = isAhead(mute.mutedAt, now) ? mute.mutedAt - now : 0;
  if (aheadMs === 0 && !wasSeenAhead) return mute;
  const { deadline, volume } = mute;
  return {
    ...mute,
    mutedAt: mute.mutedAt - aheadMs,
    deadline: deadline?.isDuration === true ? { ...deadline, at: deadline.at - aheadMs } : deadline,
    volume: volume === null ? null : { ...volume, checkAt: 0 },
  };
}

/** As for a mute, the event count below which the conditions are not evaluated is reset. */
function recoverDiscard(discard: Discard, now: Instant, wasSeenAhead: boolean): Discard {
  const { discardedAt } = discard;
  if (!isAhead(discardedAt, now) && !wasSeenAhead) return discard;
  return { ...discard, discardedAt: setBack(discardedAt, now), checkAt: 0 };
}

/** A mark without what a clock that was ahead had written; the same mark if there is nothing of it. */
export function recoverMark(mark: ReleaseMark, now: Instant): ReleaseMark {
  return mark.fixedAt !== null && isAhead(mark.fixedAt, now) ? { ...mark, fixedAt: now } : mark;
}

import type { Instant } from "./instant.ts";
import type { Issue, IssueState } from "./issue.ts";
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
      return state.quietAlert !== undefined && isAhead(state.quietAlert.since, now);
    case "resolved":
      return isAhead(state.resolvedAt, now) || claimTimes(state).some((at) => isAhead(at, now));
    case "muted":
      return isAhead(state.mute.mutedAt, now);
  }
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
      if (state.quietAlert === undefined) return state;
      return { ...state, quietAlert: { ...state.quietAlert, since: setBack(state.quietAlert.since, now) } };
    case "resolved": {
      const { resolution } = state;
      const resolvedAt = setBack(state.resolvedAt, now);
      if (resolution.kind !== "by-release" || resolution.claimedAt === undefined) return { ...state, resolvedAt };
      const claimedAt = resolution.claimedAt.map((at) => setBack(at, now));
      return { ...state, resolvedAt, resolution: { ...resolution, claimedAt } };
    }
    case "muted":
      return { ...state, mute: recoverMute(state.mute, now, wasSeenAhead) };
  }
}

/** The event count below which the conditions are not evaluated is reset. */
function recoverMute(mute: Mute, now: Instant, wasSeenAhead: boolean): Mute {
  const aheadMs = isAhead(mute.mutedAt, now) ? mute.mutedAt - now : 0;
  if (aheadMs === 0 && !wasSeenAhead) return mute;
  const { deadline, volume } = mute;
  return {
    mutedAt: mute.mutedAt - aheadMs,
    deadline: deadline?.isDuration === true ? { ...deadline, at: deadline.at - aheadMs } : deadline,
    volume: volume === null ? null : { ...volume, checkAt: 0 },
  };
}

/** A mark without what a clock that was ahead had written; the same mark if there is nothing of it. */
export function recoverMark(mark: ReleaseMark, now: Instant): ReleaseMark {
  return mark.fixedAt !== null && isAhead(mark.fixedAt, now) ? { ...mark, fixedAt: now } : mark;
}

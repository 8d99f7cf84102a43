import { describe, expect, test } from "vitest";
import { isAhead, isIssueAhead, recoverIssue, recoverMark, setBack } from "../../src/core/clock-recovery.ts";
import type { Issue, IssueState, ResolvedState } from "../../src/core/issue.ts";
import type { Mute } from "../../src/core/mute.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { markFixed, markSeen } from "../../src/core/release-mark.ts";
import { volumeCondition } from "../../src/core/conditions/volume-condition.ts";
import { buildIssue } from "../../src/testing/index.ts";
import { ReleaseBook } from "../support/release-book.ts";

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const MINUTE = 60_000;
const YEAR_AHEAD = NOW + 365 * 86_400_000;

const issueIn = (state: IssueState, more: Partial<Issue> = {}): Issue =>
  buildIssue({ firstSeenAt: NOW - 5, lastSeenAt: NOW, state, ...more });
const resolved: ResolvedState = { status: "resolved", resolvedAt: NOW, afterRelease: 0, resolution: { kind: "plain" } };
const muted = (mute: Partial<Mute>): IssueState => ({
  status: "muted",
  mute: { mutedAt: NOW, deadline: null, volume: null, ...mute },
});
const claimedAt = (...instants: readonly number[]): ResolvedState => ({
  ...resolved,
  resolution: { kind: "by-release", releases: instants.map(String), claimedAt: instants },
});
const recover = (issue: Issue, counter = new PeriodCounter()): Issue => recoverIssue(issue, counter, NOW);

describe("rule 4: an instant", () => {
  test("was written by a clock that was ahead when it is more than a minute after now", () => {
    expect([NOW, NOW + MINUTE, NOW + MINUTE + 1].map((at) => isAhead(at, NOW))).toEqual([false, false, true]);
    expect(setBack(NOW + MINUTE, NOW)).toBe(NOW + MINUTE);
    expect(setBack(NOW + MINUTE + 1, NOW)).toBe(NOW);
    expect(setBack(5, NOW)).toBe(5);
  });
});

describe("rule 4: an issue that a clock that was ahead has written", () => {
  test("is the same value where none has, and its counter too", () => {
    const counter = PeriodCounter.ofOneMinute({ newestMinute: (NOW + MINUTE) / MINUTE, total: 1 });
    const deadline = { at: YEAR_AHEAD, wakeOn: "deadline", isDuration: true } as const;
    const states: readonly IssueState[] = [
      { status: "open" },
      { status: "open", quietAlert: { reason: { kind: "new-issue" }, since: NOW + MINUTE, turningPoint: 1 } },
      resolved,
      claimedAt(NOW, NOW + MINUTE),
      muted({ deadline }),
    ];
    for (const state of states) {
      const issue = issueIn(state, { lastSeenAt: NOW + MINUTE });
      expect(recover(issue, counter)).toBe(issue);
      expect(isIssueAhead(issue, NOW)).toBe(false);
    }
    expect(counter.newestMinute).toBe((NOW + MINUTE) / MINUTE);
  });

  test("was last seen now, and what it counted beyond now counts in the current minute", () => {
    const counter = PeriodCounter.ofOneMinute({ newestMinute: YEAR_AHEAD / MINUTE, total: 4 });
    const issue = issueIn({ status: "open" }, { lastSeenAt: YEAR_AHEAD, eventCount: 4 });
    expect(isIssueAhead(issue, NOW)).toBe(true);
    expect(recover(issue, counter)).toEqual({ ...issue, lastSeenAt: NOW });
    expect(counter.newestMinute).toBe(NOW / MINUTE);
    expect(counter.count({ period: "minute", nrOfPeriods: 1 }, NOW)).toBe(4);
    expect(recover({ ...issue, firstSeenAt: YEAR_AHEAD - 5 }, counter)).toMatchObject({
      firstSeenAt: NOW,
      lastSeenAt: NOW,
    });
  });

  test("was resolved and claimed to be fixed now", () => {
    expect(recover(issueIn({ ...resolved, resolvedAt: YEAR_AHEAD })).state).toEqual(resolved);
    const state = { ...claimedAt(NOW - 9, YEAR_AHEAD), resolvedAt: NOW - 9 };
    expect(recover(issueIn(state)).state).toEqual({
      ...state,
      resolution: { kind: "by-release", releases: [String(NOW - 9), String(YEAR_AHEAD)], claimedAt: [NOW - 9, NOW] },
    });
    const byNext: ResolvedState = { ...resolved, resolvedAt: YEAR_AHEAD, resolution: { kind: "by-next" } };
    expect(recover(issueIn(byNext)).state).toEqual({ ...byNext, resolvedAt: NOW });
  });

  test("remembers since now what nobody heard of", () => {
    const quietAlert = { reason: { kind: "new-issue" }, since: YEAR_AHEAD, turningPoint: 1 } as const;
    expect(recover(issueIn({ status: "open", quietAlert })).state).toEqual({
      status: "open",
      quietAlert: { ...quietAlert, since: NOW },
    });
  });

  test("was muted now, for as long as it was asked for; a deadline that was given as an instant stays", () => {
    const aWeek = { at: YEAR_AHEAD + 7 * 86_400_000, wakeOn: "deadline", isDuration: true } as const;
    expect(recover(issueIn(muted({ mutedAt: YEAR_AHEAD, deadline: aWeek }))).state).toEqual(
      muted({ deadline: { ...aWeek, at: NOW + 7 * 86_400_000 } }),
    );
    const until = { ...aWeek, isDuration: false };
    expect(recover(issueIn(muted({ mutedAt: YEAR_AHEAD, deadline: until }))).state).toEqual(muted({ deadline: until }));
    const mutedBefore = issueIn(muted({ deadline: aWeek }), { lastSeenAt: YEAR_AHEAD });
    expect(recover(mutedBefore).state).toEqual(mutedBefore.state);
  });

  test("looks at the conditions of its mute at the next event, whatever it knew", () => {
    const volume = { conditions: [volumeCondition(5, "hour")], countedFrom: 7, checkAt: 12 };
    const forgotten = muted({ volume: { ...volume, checkAt: 0 } });
    expect(recover(issueIn(muted({ mutedAt: YEAR_AHEAD, volume }))).state).toEqual(forgotten);
    expect(recover(issueIn(muted({ volume }), { lastSeenAt: YEAR_AHEAD })).state).toEqual(forgotten);
  });

  test("is recovered once: the result has nothing to set back", () => {
    const states: readonly IssueState[] = [
      { status: "open", quietAlert: { reason: { kind: "new-issue" }, since: YEAR_AHEAD, turningPoint: 1 } },
      { ...claimedAt(YEAR_AHEAD), resolvedAt: YEAR_AHEAD },
      muted({ mutedAt: YEAR_AHEAD, volume: { conditions: [volumeCondition(5, "hour")], countedFrom: 0, checkAt: 9 } }),
    ];
    for (const state of states) {
      const counter = PeriodCounter.ofOneMinute({ newestMinute: YEAR_AHEAD / MINUTE, total: 1 });
      const once = recover(issueIn(state, { firstSeenAt: YEAR_AHEAD, lastSeenAt: YEAR_AHEAD }), counter);
      expect(isIssueAhead(once, NOW)).toBe(false);
      expect(recover(once, counter)).toBe(once);
    }
  });
});

describe("rule 4: a mark that a clock that was ahead has written", () => {
  const release = ReleaseBook.of("1.0.0").get("1.0.0");

  test("is a fix that was claimed now", () => {
    const claim = markFixed(release, undefined, YEAR_AHEAD);
    expect(recoverMark(claim, NOW)).toEqual({ ...claim, fixedAt: NOW });
    expect(recoverMark(markSeen(release, claim), NOW)).toMatchObject({ last: "seen", fixedAt: NOW });
  });

  test("is the same value where none has", () => {
    const claim = markFixed(release, undefined, NOW + MINUTE);
    const seen = markSeen(release, undefined);
    expect(recoverMark(claim, NOW)).toBe(claim);
    expect(recoverMark(seen, NOW)).toBe(seen);
  });
});

import { describe, expect, test } from "vitest";
import { applyAutoResolve, applyDeadline } from "../../src/core/clock-transition.ts";
import {
  applyEvent,
  EVENT_TRANSITIONS,
  needsEvidence,
  openIssue,
  type ReceivedEvent,
} from "../../src/core/event-transition.ts";
import { OPEN, type Issue, type IssueState, type OpenState, type ResolvedState } from "../../src/core/issue.ts";
import type { Mute } from "../../src/core/mute.ts";
import { applyNextRelease, awaitsNextRelease, isNextRelease } from "../../src/core/next-release.ts";
import { volumeCondition } from "../../src/core/conditions/volume-condition.ts";
import { watchOf } from "../../src/core/watch-state.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import type { Alerting } from "../../src/core/raised-alert.ts";
import { NO_EVIDENCE, type EventRelease } from "../../src/core/regression.ts";
import { markFixed, markSeen } from "../../src/core/release-mark.ts";
import type { QuietAlert } from "../../src/core/quiet-alert.ts";
import { ReleaseBook } from "../support/release-book.ts";

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const book = ReleaseBook.of("1.0.0", "2.0.0", "web@1.0.0", "web@2.0.0", "web@1.5.0", "3.0.0");
const counter = PeriodCounter.ofOneMinute({ newestMinute: Math.floor(NOW / 60_000), total: 7 });

const inRelease = (version: string): EventRelease => ({
  kind: "release",
  release: book.known(version),
  assumed: false,
});
const eventIn = (version: string, more: Partial<ReceivedEvent> = {}): ReceivedEvent => ({
  id: "e2",
  title: "Another title",
  transaction: "/cart",
  release: inRelease(version),
  receivedAt: NOW,
  occurredAt: NOW,
  alerting: () => "now",
  ...more,
});
const OLD: Alerting = () => "later";
const OFF: Alerting = () => "never";

const plain: ResolvedState = { status: "resolved", resolvedAt: 1, afterRelease: 0, resolution: { kind: "plain" } };
const byNext: ResolvedState = { ...plain, resolution: { kind: "by-next" } };
const inOne: ResolvedState = {
  ...plain,
  resolution: { kind: "by-release", releases: ["1.0.0"] },
};
const muted = (mute: Partial<Mute> = {}): IssueState => ({
  status: "muted",
  mute: { mutedAt: 1, deadline: null, volume: null, ...mute },
});

const issueIn = (state: IssueState, more: Partial<Issue> = {}): Issue => ({
  id: "i",
  projectId: "p",
  number: 1,
  title: "E",
  transaction: "",
  level: "error",
  firstSeenAt: 0,
  lastSeenAt: NOW - 1,
  eventCount: 6,
  lastEventNumber: 6,
  userCount: 0,
  environments: [],
  watch: null,
  latestEventId: "e1",
  lastSeenIn: undefined,
  seenNumber: 1,
  turningPointCount: 3,
  parts: null,
  state,
  ...more,
});

describe("what events and the clock do to a state", () => {
  test("is described by EVENT_TRANSITIONS", () => {
    const deadline = { at: NOW - 1, wakeOn: "deadline" } as const;
    const discarded: IssueState = {
      status: "discarded",
      discard: { discardedAt: 1, eventCount: 1, conditions: [volumeCondition(1, "day")], checkAt: 0 },
    };
    const states = [OPEN, plain, inOne, byNext, muted(), muted({ deadline }), discarded];
    const evidence = { nearest: markFixed(book.get("1.0.0"), undefined, 1), claims: [] };
    const seen = states.flatMap((state) => {
      const watch = watchOf([volumeCondition(1, "day")]);
      const look = { watch, state: undefined, metBefore: [false] };
      const { change, issue } = applyEvent(issueIn(state), eventIn("1.0.0"), counter, evidence, { look });
      const byClock = applyDeadline(issueIn(state), NOW, () => "now");
      if (byClock !== undefined) expect(byClock.issue.state.status).toBe("open");
      const resolved = applyAutoResolve(issueIn(state), NOW, 1, 0);
      return [
        ...(change.kind === "none" ? [] : [`${state.status} ${change.kind} ${issue.state.status}`]),
        ...(resolved === undefined
          ? []
          : [`${state.status} ${resolved.turningPoint.turn.kind} ${resolved.issue.state.status}`]),
      ];
    });
    const said = Object.entries(EVENT_TRANSITIONS).flatMap(([from, changes]) =>
      Object.entries(changes).map(([kind, to]) => `${from} ${kind} ${to}`),
    );
    expect([...new Set(seen)]).toEqual(said);
  });

  test("counts each event, and shows the newest", () => {
    const { issue } = applyEvent(issueIn(OPEN), eventIn("1.0.0"), counter, NO_EVIDENCE);
    expect(issue).toMatchObject({
      eventCount: 7,
      title: "Another title",
      transaction: "/cart",
      lastSeenAt: NOW,
      latestEventId: "e2",
      lastSeenIn: "1.0.0",
    });
    const older = eventIn("1.0.0", { receivedAt: NOW - 2, occurredAt: NOW - 2 });
    expect(applyEvent(issueIn(OPEN), older, counter, NO_EVIDENCE).issue).toMatchObject({
      eventCount: 7,
      title: "E",
      transaction: "",
      lastSeenAt: NOW - 1,
      latestEventId: "e1",
      lastSeenIn: "1.0.0",
    });
  });

  test("opens an issue with its first event, which leaves a mark in its release", () => {
    const opened = openIssue({ id: "i", projectId: "p", number: 1 }, eventIn("2.0.0"));
    expect(opened).toMatchObject({
      issue: { eventCount: 1, lastSeenIn: "2.0.0", seenNumber: 2, turningPointCount: 1, state: OPEN },
      change: { kind: "created" },
      turningPoint: { turn: { kind: "first-seen" }, at: NOW, eventId: "e2", by: { kind: "system" } },
      alert: { reason: { kind: "new-issue" }, turningPoint: 1, quietSince: null },
      mark: { last: "seen", version: "2.0.0", fixedAt: null },
    });
    for (const release of [{ kind: "none" }, { kind: "retired", version: "9" }] as const) {
      const without = openIssue({ id: "i", projectId: "p", number: 1 }, eventIn("2.0.0", { release }));
      expect(without).toMatchObject({ issue: { lastSeenIn: undefined }, mark: null });
    }
  });
});

describe("rule 16: within one event", () => {
  const met = {
    conditions: [{ kind: "volume", period: "day", nrOfPeriods: 1, volume: 1 }],
    countedFrom: 0,
    checkAt: 0,
  } as const;

  test("a passed deadline comes before a reached volume, and there is one change", () => {
    const deadline = { at: NOW - 1, wakeOn: "next-event" } as const;
    expect(applyEvent(issueIn(muted({ deadline, volume: met })), eventIn("1.0.0"), counter, NO_EVIDENCE)).toMatchObject(
      {
        change: { kind: "unmuted", reason: { kind: "deadline-passed" } },
        issue: { turningPointCount: 4, state: { status: "open" } },
        alert: { reason: { kind: "unmute" }, turningPoint: 4 },
      },
    );
  });
});

describe("rule 10: an event that occurred before", () => {
  test("the issue was resolved is counted, but leaves no mark and does not count as where the issue was seen", () => {
    const late = eventIn("2.0.0", { occurredAt: 0 });
    for (const state of [plain, byNext, inOne]) {
      const evidence = { nearest: markFixed(book.get("1.0.0"), undefined, 1), claims: [] };
      expect(applyEvent(issueIn(state, { lastSeenIn: "1.0.0" }), late, counter, evidence)).toMatchObject({
        issue: { eventCount: 7, lastSeenIn: "1.0.0", state },
        change: { kind: "none", notRegressed: { kind: "occurred-before-resolution" } },
        mark: null,
      });
    }
  });

  test("the issue was resolved leaves no mark where nothing else decides either", () => {
    const late = eventIn("2.0.0", { occurredAt: 0 });
    for (const state of [plain, byNext, inOne]) {
      expect(applyEvent(issueIn(state), late, counter, NO_EVIDENCE)).toMatchObject({
        issue: { eventCount: 7, lastSeenIn: undefined },
        mark: null,
      });
    }
  });

  test("the claim that decides leaves no mark either, also when the issue is open again", () => {
    const late = eventIn("2.0.0", { occurredAt: 4 });
    const evidence = { nearest: markFixed(book.get("1.0.0"), undefined, 5), claims: [] };
    expect(applyEvent(issueIn(OPEN), late, counter, evidence).mark).toBeNull();
    expect(applyEvent(issueIn(inOne), late, counter, evidence)).toMatchObject({ change: { kind: "none" }, mark: null });
    const inTime = eventIn("2.0.0", { occurredAt: 5 });
    expect(applyEvent(issueIn(OPEN), inTime, counter, evidence).mark).toMatchObject({ last: "seen", version: "2.0.0" });
  });

  test("a claim in another line that decides leaves no mark", () => {
    const late = eventIn("web@2.0.0", { occurredAt: 4 });
    const evidence = { nearest: undefined, claims: [{ release: book.known("2.0.0"), claimedAt: 5 }] };
    expect(applyEvent(issueIn(inOne), late, counter, evidence)).toMatchObject({
      change: { kind: "none", notRegressed: { kind: "occurred-before-resolution" } },
      mark: null,
    });
  });
});

describe("an event's mark", () => {
  test("replaces a fix claim in its release, and says that a fix was claimed", () => {
    const nearest = markFixed(book.get("1.0.0"), undefined, 1);
    expect(applyEvent(issueIn(inOne), eventIn("1.0.0"), counter, { nearest, claims: [] })).toMatchObject({
      change: { kind: "regressed", reason: { kind: "fixed-in-release", release: "1.0.0", fixedIn: "1.0.0" } },
      issue: { lastSeenIn: "1.0.0", state: OPEN },
      mark: { last: "seen", version: "1.0.0", fixedAt: 1 },
      alert: { reason: { kind: "regression" }, turningPoint: 4 },
    });
  });

  test("is not written again while the issue is known to occur there", () => {
    const nearest = markSeen(book.get("1.0.0"), undefined);
    expect(applyEvent(issueIn(OPEN), eventIn("1.0.0"), counter, { nearest, claims: [] }).mark).toBeNull();
    const known = issueIn(OPEN, { lastSeenIn: "1.0.0" });
    expect(applyEvent(known, eventIn("1.0.0"), counter, NO_EVIDENCE).mark).toBeNull();
  });

  test("is none without a release, or in a retired one", () => {
    for (const release of [{ kind: "none" }, { kind: "retired", version: "9" }] as const) {
      const transition = applyEvent(issueIn(OPEN), eventIn("1.0.0", { release }), counter, NO_EVIDENCE);
      expect(transition).toMatchObject({ mark: null, issue: { lastSeenIn: undefined, eventCount: 7 } });
    }
  });

  test("needs no look at the marks while the last that happened in the release is an occurrence", () => {
    const one = book.known("1.0.0");
    expect(needsEvidence(issueIn(OPEN), one)).toBe(true);
    expect(needsEvidence(issueIn(OPEN, { lastSeenIn: "2.0.0" }), one)).toBe(true);
    expect(needsEvidence(issueIn(OPEN, { lastSeenIn: "1.0.0" }), one)).toBe(false);
    expect(needsEvidence(issueIn(OPEN, { lastSeenIn: "1.0.0", seenNumber: 0 }), one)).toBe(true);
    const known = issueIn(inOne, { lastSeenIn: "1.0.0" });
    expect(applyEvent(known, eventIn("1.0.0"), counter, NO_EVIDENCE).change).toEqual({
      kind: "none",
      notRegressed: { kind: "known-to-be-broken", seenIn: "1.0.0" },
    });
  });

  test("ends what was claimed since the issue was last seen", () => {
    const claimed = issueIn(OPEN, { lastSeenIn: "1.0.0", seenNumber: 0 });
    const evidence = { nearest: markFixed(book.get("1.0.0"), undefined, 1), claims: [] };
    expect(applyEvent(claimed, eventIn("1.0.0"), counter, evidence).issue.seenNumber).toBe(1);
    const late = eventIn("1.0.0", { occurredAt: 0 });
    expect(applyEvent(claimed, late, counter, evidence).issue).toMatchObject({
      lastSeenIn: "1.0.0",
      seenNumber: 0,
    });
  });
});

describe("rule 11: the next release", () => {
  test("is one that became the latest of its line after the issue was resolved", () => {
    const waiting = issueIn({ ...byNext, afterRelease: 3 });
    expect(book.order().map((release) => [release.version, release.number])).toContainEqual(["web@2.0.0", 4]);
    const next = ["1.0.0", "2.0.0", "web@1.0.0", "web@2.0.0", "web@1.5.0", "3.0.0"].filter((version) =>
      isNextRelease(waiting, book.known(version)),
    );
    expect(next).toEqual(["web@2.0.0", "3.0.0"]);
    for (const state of [OPEN, plain, inOne, muted()]) {
      expect([isNextRelease({ state }, book.known("3.0.0")), awaitsNextRelease(state)]).toEqual([false, false]);
    }
  });

  test("is then the fix, as of when the issue was resolved, and its turning point names the event that brought it", () => {
    const waiting = issueIn({ ...byNext, resolvedAt: 8, afterRelease: 3 });
    expect(applyNextRelease(waiting, book.known("3.0.0"), NOW, "e9")).toEqual({
      issue: {
        ...waiting,
        turningPointCount: 4,
        state: {
          ...byNext,
          resolvedAt: 8,
          afterRelease: 3,
          resolution: { kind: "by-release", releases: ["3.0.0"] },
        },
      },
      turningPoint: {
        turn: { kind: "next-materialized", release: "3.0.0" },
        at: NOW,
        by: { kind: "system" },
        eventId: "e9",
        comment: "",
      },
      alert: null,
      mark: markFixed(book.get("3.0.0"), undefined, 8),
    });
    expect(applyNextRelease(waiting, book.known("2.0.0"), NOW, "e9")).toBeUndefined();
    expect(applyNextRelease(issueIn(plain), book.known("3.0.0"), NOW, "e9")).toBeUndefined();
  });

  test("makes the very event that brings it a regression", () => {
    const waiting = issueIn({ ...byNext, afterRelease: 5 }, { lastSeenIn: "2.0.0" });
    const next = applyNextRelease(waiting, book.known("3.0.0"), NOW, "e2");
    if (next === undefined) throw new Error("not the next release");
    const evidence = { nearest: next.mark, claims: [{ release: book.known("3.0.0"), claimedAt: 1 }] };
    expect(applyEvent(next.issue, eventIn("3.0.0"), counter, evidence)).toMatchObject({
      change: { kind: "regressed" },
      issue: { turningPointCount: 5, state: OPEN },
    });
  });

  test("that was seen before it was retired and restored is looked up again, because a fix is claimed there now", () => {
    const waiting = issueIn({ ...byNext, afterRelease: 5 }, { lastSeenIn: "3.0.0" });
    const next = applyNextRelease(waiting, book.known("3.0.0"), NOW, null);
    expect(next?.issue.seenNumber).toBe(0);
  });
});

describe("rule 14: an alert that nobody heard of", () => {
  const quietAlert: QuietAlert = { reason: { kind: "new-issue" }, since: 5, turningPoint: 1 };
  const open: OpenState = { status: "open", quietAlert };
  const evidence = { nearest: markFixed(book.get("1.0.0"), undefined, 1), claims: [] };

  test("is remembered when an event that opens an issue is old", () => {
    const old = eventIn("1.0.0", { alerting: OLD });
    const opened = openIssue({ id: "i", projectId: "p", number: 1 }, old);
    const remembered = { status: "open", quietAlert: { reason: { kind: "new-issue" }, since: NOW, turningPoint: 1 } };
    expect(opened).toMatchObject({ alert: null, turningPoint: {}, issue: { state: remembered } });
    expect(applyEvent(issueIn(plain), old, counter, NO_EVIDENCE)).toMatchObject({
      alert: null,
      change: { kind: "regressed" },
      issue: { state: { quietAlert: { reason: { kind: "regression" }, turningPoint: 4 } } },
    });
    const conditions = [{ kind: "volume", period: "total", nrOfPeriods: 1, volume: 1 }] as const;
    const loud = muted({ volume: { conditions, countedFrom: 0, checkAt: 0 } });
    expect(applyEvent(issueIn(loud), old, counter, NO_EVIDENCE)).toMatchObject({
      alert: null,
      issue: { state: { quietAlert: { reason: { kind: "unmute" }, turningPoint: 4 } } },
    });
  });

  test("is remembered when a deadline passed before now that is old", () => {
    const deadline = { at: NOW - 1, wakeOn: "deadline" } as const;
    expect(applyDeadline(issueIn(muted({ deadline })), NOW, OLD)).toMatchObject({
      alert: null,
      issue: { state: { status: "open", quietAlert: { reason: { kind: "unmute" }, since: NOW, turningPoint: 4 } } },
    });
    expect(applyDeadline(issueIn(muted({ deadline })), NOW, OFF)).toMatchObject({
      alert: null,
      issue: { state: OPEN },
    });
  });

  test("is raised by the first event that is not old, with its own turning point, and says since when", () => {
    const heard = applyEvent(issueIn(open), eventIn("1.0.0"), counter, evidence);
    expect(heard).toMatchObject({
      alert: { reason: { kind: "new-issue" }, turningPoint: 1, quietSince: 5 },
      change: { kind: "none", notRegressed: null },
      turningPoint: null,
      mark: { version: "1.0.0", last: "seen" },
    });
    expect(heard.issue).toMatchObject({ eventCount: 7, turningPointCount: 3, state: { status: "open" } });
    expect(heard.issue.state).not.toHaveProperty("quietAlert");
    const next = applyEvent(heard.issue, eventIn("1.0.0"), counter, NO_EVIDENCE);
    expect(next.alert).toBeNull();
  });

  test("stays as it is, with its first time, while further events are old", () => {
    const { issue, alert } = applyEvent(issueIn(open), eventIn("1.0.0", { alerting: OLD }), counter, NO_EVIDENCE);
    expect([issue.state, alert]).toEqual([open, null]);
  });

  test("is forgotten when alerts of its kind are switched off, and judged by its own kind", () => {
    const { issue, alert } = applyEvent(issueIn(open), eventIn("1.0.0", { alerting: OFF }), counter, NO_EVIDENCE);
    expect([issue.state, alert]).toEqual([OPEN, null]);
    const onlyRegressions: Alerting = (kind) => (kind === "regression" ? "now" : "never");
    const quiet = applyEvent(issueIn(open), eventIn("1.0.0", { alerting: onlyRegressions }), counter, NO_EVIDENCE);
    expect(quiet.alert).toBeNull();
  });

  test("is never remembered of what a switch silenced", () => {
    const silenced = openIssue({ id: "i", projectId: "p", number: 1 }, eventIn("1.0.0", { alerting: OFF }));
    expect([silenced.issue.state, silenced.alert]).toEqual([OPEN, null]);
  });
});

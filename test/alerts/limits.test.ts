import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AlertThrottle, throttledReason, type AlertLimits } from "../../src/alerts/limits.ts";
import { describeAlertReason, throttledAlert } from "../../src/core/alert.ts";
import type { AlertTally } from "../../src/ports/alert-outbox.ts";
import { rounds } from "../support/effort.ts";
import { alertOf } from "../support/sample-alerts.ts";
import { HOUR, MINUTE, START } from "../support/scenario.ts";

const LIMITS: AlertLimits = { periodMs: HOUR, perIssue: 2, perProject: 3 };
const HALF_PAST = START + 30 * MINUTE;

describe("limits of alerts", () => {
  test("admit some notifications per issue, and some per project", () => {
    const tallies = new AlertThrottle(LIMITS, HALF_PAST, []);
    const of = (issue: number) => tallies.admit(alertOf(1, { issue }));
    expect([of(1), of(1), of(1), of(2), of(2), of(3)]).toEqual([true, true, false, true, false, false]);
  });

  test("count each project separately", () => {
    const tallies = new AlertThrottle({ ...LIMITS, perProject: 1 }, HALF_PAST, []);
    const of = (project: string) => tallies.admit(alertOf(1, { project }));
    expect([of("shop"), of("shop"), of("blog"), of("blog")]).toEqual([true, false, true, false]);
  });

  test("hold for periods that begin at round times, and continue stored tallies", () => {
    const before = new AlertThrottle(LIMITS, HALF_PAST, []);
    before.admit(alertOf(1));
    before.admit(alertOf(2));
    expect(before.changed).toMatchObject([
      { projectId: "shop", issueId: null, startsAt: START, endsAt: START + HOUR, admitted: 2 },
      { projectId: "shop", issueId: alertOf(1).issue.id, startsAt: START, endsAt: START + HOUR, admitted: 2 },
    ]);
    expect(new AlertThrottle(LIMITS, HALF_PAST + 1, before.changed).admit(alertOf(3))).toBe(false);
  });

  test("start again after a tally of a wrong clock, and keep what was throttled in it", () => {
    const ahead = new AlertThrottle({ ...LIMITS, perProject: 1 }, HALF_PAST + 1_000 * HOUR, []);
    ahead.admit(alertOf(1));
    ahead.admit(alertOf(2));
    const tallies = new AlertThrottle({ ...LIMITS, perProject: 1 }, HALF_PAST, ahead.changed);
    expect([tallies.admit(alertOf(3)), tallies.admit(alertOf(4))]).toEqual([true, false]);
    const project = tallies.changed.find(({ issueId }) => issueId === null);
    expect(project).toMatchObject({ endsAt: START + HOUR, admitted: 1, throttled: { counts: { "new-issue": 2 } } });
  });

  test("count all alerts of a throttled notification, and name each issue once, ten at most", () => {
    const tallies = new AlertThrottle({ ...LIMITS, perIssue: 1, perProject: 1 }, HALF_PAST, []);
    tallies.admit(alertOf(1));
    const { id, kind, reason, text, event, turningPoint, raisedAt, quietSince } = alertOf(2, { kind: "unmute" });
    const earlier = [{ id, kind, level: "fatal" as const, reason, text, event, turningPoint, raisedAt, quietSince }];
    tallies.admit({ ...alertOf(3, { kind: "regression" }), earlier });
    for (let issue = 1; issue <= 12; issue++) tallies.admit(alertOf(9, { issue }));
    const [project] = tallies.changed;
    expect(project?.throttled.counts).toEqual({ "new-issue": 12, regression: 1, unmute: 1, loud: 0 });
    expect(project?.throttled.level).toBe("fatal");
    expect(project?.throttled.examples.map(({ friendlyId }) => friendlyId)).toEqual(
      Array.from({ length: 10 }, (_, index) => `SHOP-${String(index + 1)}`),
    );
  });

  test("lose no alert: each is admitted or counted, and no more are admitted than the limits say", () => {
    const numbers = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(
        numbers,
        numbers,
        fc.array(fc.record({ issue: numbers, later: fc.boolean() })),
        (perIssue, perProject, events) => {
          const limits = { periodMs: HOUR, perIssue, perProject };
          let stored: AlertTally[] = [];
          const admitted: number[] = [];
          for (const [index, { issue, later }] of events.entries()) {
            const tallies = new AlertThrottle(limits, START + index, later ? [...stored].reverse() : stored);
            if (tallies.admit(alertOf(index, { issue }))) admitted.push(issue);
            const changed = new Map([...stored, ...tallies.changed].map((tally) => [String(tally.issueId), tally]));
            stored = [...changed.values()];
          }
          // A naive model: the first ones are admitted.
          const expected: number[] = [];
          for (const { issue } of events) {
            const ofIssue = expected.filter((each) => each === issue).length;
            if (expected.length < perProject && ofIssue < perIssue) expected.push(issue);
          }
          expect(admitted).toEqual(expected);
          const throttled = stored.find(({ issueId }) => issueId === null)?.throttled.counts["new-issue"] ?? 0;
          expect(throttled).toBe(events.length - admitted.length);
        },
      ),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});

describe("an alert that sums up throttled ones", () => {
  const tally = (counts: AlertTally["throttled"]["counts"]): AlertTally => ({
    projectId: "shop",
    issueId: null,
    startsAt: START,
    endsAt: START + HOUR,
    admitted: 3,
    throttled: { counts, examples: [], level: "error" },
  });

  test("is raised for a period in which alerts were throttled, and for no other", () => {
    expect(throttledReason(tally({ "new-issue": 0, regression: 0, unmute: 0, loud: 0 }))).toBeUndefined();
    expect(throttledReason(tally({ "new-issue": 0, regression: 0, unmute: 1, loud: 0 }))).toMatchObject({
      from: START,
    });
  });

  test("lists their numbers by kind, in grammatical sentences", () => {
    const reasons = [
      { "new-issue": 12, regression: 1, unmute: 0, loud: 0 },
      { "new-issue": 0, regression: 0, unmute: 1, loud: 0 },
    ].map((counts) => throttledReason(tally(counts)));
    expect(reasons.map((reason) => reason && describeAlertReason(reason))).toEqual([
      "From 2026-11-23 09:00 UTC to 2026-11-23 10:00 UTC, 13 alerts were throttled: 12 new issues, 1 regression.",
      "From 2026-11-23 09:00 UTC to 2026-11-23 10:00 UTC, 1 alert was throttled: 1 unmuted or undiscarded issue.",
    ]);
    const [reason] = reasons;
    if (reason === undefined) throw new Error("There is a reason.");
    expect(
      throttledAlert({ id: alertOf(1).id, project: { id: "shop", slug: "Shop" }, level: "fatal", reason }),
    ).toMatchObject({
      kind: "throttled",
      subject: `13 alerts throttled in "Shop"`,
      issue: null,
      level: "fatal",
      earlier: [],
      quietSince: null,
      raisedAt: START + HOUR,
    });
  });
});

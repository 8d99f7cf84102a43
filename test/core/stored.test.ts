import { describe, expect, test } from "vitest";
import { alertShape, throttledShape } from "../../src/core/alert-shape.ts";
import type { AlertReason } from "../../src/core/alert-reason.ts";
import { issueAlert, throttledAlert, type ThrottledReason } from "../../src/core/alert.ts";
import { issueStateShape, type IssueState } from "../../src/core/issue.ts";
import { readStored } from "../../src/core/stored.ts";
import { turnShape, type Turn } from "../../src/core/turning-point.ts";
import { volumeCondition } from "../../src/core/conditions/volume-condition.ts";

const stored = (value: unknown): string => JSON.stringify(value);
const deadline = { at: 5, wakeOn: "deadline", isDuration: true } as const;
const conditions = [volumeCondition(5, "hour", 2), volumeCondition(9, "total")];
const unmuteReasons = [
  { kind: "by-person" },
  { kind: "deadline-passed", deadline: 5, noticedBy: "clock" },
  { kind: "volume-reached", condition: volumeCondition(5, "hour"), count: 6, sinceMute: true },
] as const;
const regressionReasons = [
  { kind: "resolved-plainly", resolvedAt: 4 },
  { kind: "fixed-in-release", release: "2.0.0", assumed: true, fixedIn: "1.0.0" },
] as const;

const STATES: readonly IssueState[] = [
  { status: "open" },
  {
    status: "open",
    quietAlert: { reason: { kind: "regression", reason: regressionReasons[1] }, since: 9, turningPoint: 3 },
  },
  { status: "resolved", resolvedAt: 1, afterRelease: 4, resolution: { kind: "plain" } },
  { status: "resolved", resolvedAt: 1, afterRelease: 0, resolution: { kind: "by-next" } },
  {
    status: "resolved",
    resolvedAt: 1,
    afterRelease: 2,
    resolution: { kind: "by-release", releases: ["1.0.0", "web@2"], claimedAt: [1, 5] },
  },
  { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null } },
  { status: "muted", mute: { mutedAt: 1, deadline, volume: { conditions, countedFrom: 7, checkAt: 12 } } },
];

const TURNS: readonly Turn[] = [
  { kind: "first-seen" },
  { kind: "resolved", claim: { kind: "by-release", releases: ["1.0.0"], claimedAt: [7] } },
  { kind: "muted", terms: { deadline, conditions, sinceMute: true } },
  { kind: "muted", terms: { deadline: null, conditions: [], sinceMute: false } },
  ...unmuteReasons.map((reason) => ({ kind: "unmuted", reason }) as const),
  ...regressionReasons.map((reason) => ({ kind: "regressed", reason }) as const),
  { kind: "reopened" },
  { kind: "reopened", withdrawn: ["1.0.0"] },
  { kind: "claims-withdrawn", releases: ["999.9.9"] },
  { kind: "next-materialized", release: "2.0.0" },
  { kind: "annotated" },
];

const REASONS: readonly AlertReason[] = [
  { kind: "new-issue" },
  ...regressionReasons.map((reason) => ({ kind: "regression", reason }) as const),
  ...unmuteReasons.map((reason) => ({ kind: "unmute", reason }) as const),
];

const project = { id: "shop", slug: "Shop" };
const issue = {
  id: "i",
  friendlyId: "SHOP-1",
  title: "E",
  status: "open",
  eventCount: 1,
  firstSeenAt: 0,
  lastSeenAt: 3,
} as const;
const alertOf = (reason: AlertReason) =>
  issueAlert({
    id: "a",
    project,
    level: "fatal",
    reason,
    issue,
    event: { id: "e", release: "2.0.0", receivedAt: 3, occurredAt: null },
    turningPoint: 2,
    raisedAt: 3,
  });
const throttled: ThrottledReason = {
  kind: "throttled",
  from: 1,
  until: 9,
  counts: { "new-issue": 2, regression: 0, unmute: 1, loud: 0 },
  examples: [{ id: "i", friendlyId: "SHOP-1", title: "E" }],
};

describe("a stored value", () => {
  test.each(STATES)("is read as it was written: state %j", (state) => {
    expect(readStored("a state", stored(state), issueStateShape)).toEqual(state);
  });

  test.each(TURNS)("is read as it was written: turn %j", (turn) => {
    expect(readStored("a turn", stored(turn), turnShape)).toEqual(turn);
  });

  test.each(REASONS)("is read as it was written: an alert because of %j", (reason) => {
    expect(readStored("an alert", stored(alertOf(reason)), alertShape)).toEqual(alertOf(reason));
  });

  test("is read as it was written: a throttled alert, and what was throttled", () => {
    const alert = throttledAlert({ id: "a", project, level: "fatal", reason: throttled });
    expect(readStored("an alert", stored(alert), alertShape)).toStrictEqual(alert);
    const { counts, examples } = throttled;
    const tally = { counts, examples, level: "fatal" };
    expect(readStored("counts", stored(tally), throttledShape)).toStrictEqual(tally);
  });

  test("is read as it was written: an alert that says since when nobody heard of its issue", () => {
    const alert = issueAlert({ ...alertOf({ kind: "new-issue" }), quietSince: 0 });
    expect(readStored("an alert", stored(alert), alertShape)).toStrictEqual(alert);
    expect(alert.text).toBe(
      "This issue was not seen before. The event of 1970-01-01 00:00 UTC raised no alert, because it was old when it arrived.",
    );
  });

  test("may have members that a newer version has added", () => {
    const state = { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null, someday: 5 }, more: 1 };
    expect(readStored("a state", stored(state), issueStateShape)).toEqual(STATES[5]);
    const alert = { ...alertOf({ kind: "new-issue" }), more: 1 };
    expect(readStored("an alert", stored(alert), alertShape)).toEqual(alertOf({ kind: "new-issue" }));
  });

  test("of an earlier edition is read: it knew no releases after which an issue was resolved, and no times of claims", () => {
    const states = [
      { status: "resolved", resolvedAt: 1, resolution: { kind: "by-next" } },
      { status: "resolved", resolvedAt: 1, resolution: { kind: "by-release", releases: ["1.0.0"] } },
      { status: "muted", mute: { mutedAt: 1, deadline: { at: 5, wakeOn: "deadline" }, volume: null } },
    ];
    expect(states.map((state) => readStored("a state", stored(state), issueStateShape))).toEqual([
      { ...states[0], afterRelease: 0 },
      { ...states[1], afterRelease: 0 },
      states[2],
    ]);
    const reason = { kind: "fixed-in-release", release: "2.0.0", fixedIn: "1.0.0" };
    expect(readStored("a turn", stored({ kind: "regressed", reason }), turnShape)).toEqual({
      kind: "regressed",
      reason,
    });
    expect(readStored("a turn", stored({ kind: "reopened" }), turnShape)).toEqual({ kind: "reopened" });
  });

  test("of an earlier version is read: alerts of version 1, with fewer members, and those that were called held back", () => {
    const reason = { kind: "regression", reason: regressionReasons[1] } as const;
    const former = { version: 1, id: "a", project, reason, issue, eventId: "e", turningPoint: 2, raisedAt: 3 };
    expect(readStored("an alert", stored(former), alertShape)).toEqual({ ...alertOf(reason), level: "error" });
    expect(readStored("an alert", stored({ ...former, eventId: null }), alertShape)).toMatchObject({
      level: "info",
      event: null,
    });
    const current = alertOf(reason);
    const { quietSince: _quietSince, ...shorter } = current;
    expect(readStored("an alert", stored(shorter), alertShape)).toStrictEqual(current);
    const { counts, examples } = throttled;
    const tally = { counts, examples, level: "warning" };
    expect(readStored("counts", stored({ counts, examples }), throttledShape)).toStrictEqual(tally);
    const alert = throttledAlert({ id: "a", project, level: "fatal", reason: throttled });
    const { earlier: _earlier, ...without } = alert;
    expect(readStored("an alert", stored(without), alertShape)).toStrictEqual(alert);
    const heldBack = { ...alert, kind: "held-back", reason: { ...throttled, kind: "held-back" } };
    expect(readStored("an alert", stored(heldBack), alertShape)).toStrictEqual(alert);
  });

  test.each([
    ["half of a {", issueStateShape],
    ["null", issueStateShape],
    ['{"status":"closed"}', issueStateShape],
    ['{"status":"resolved","resolvedAt":-1,"resolution":{"kind":"plain"}}', issueStateShape],
    ['{"status":"resolved","resolvedAt":1,"resolution":{"kind":"by-release","releases":[5]}}', issueStateShape],
    [
      '{"status":"resolved","resolvedAt":1,"resolution":{"kind":"by-release","releases":["1"],"claimedAt":[-1]}}',
      issueStateShape,
    ],
    ['{"status":"resolved","resolvedAt":1,"afterRelease":-1,"resolution":{"kind":"plain"}}', issueStateShape],
    ['{"status":"open","quietAlert":{"reason":{"kind":"new-issue"},"since":1}}', issueStateShape],
    ['{"kind":"claims-withdrawn"}', turnShape],
    ['{"status":"muted","mute":{"mutedAt":1,"deadline":null}}', issueStateShape],
    ['{"kind":"unmuted","reason":{"kind":"bored"}}', turnShape],
    ['{"kind":"muted","terms":{"deadline":null,"conditions":[{"period":"day"}],"sinceMute":false}}', turnShape],
    ['{"version":3,"kind":"weekly"}', alertShape],
    ['{"version":2,"kind":"new-issue"}', alertShape],
    ['{"counts":{"new-issue":1},"examples":[]}', throttledShape],
  ])("that is damaged is refused as corrupt: %s", (json, shape) => {
    expect(() => readStored<unknown>("a state", json, shape)).toThrow(
      expect.objectContaining({ code: "corrupt-data", message: "The store holds something that is not a state." }),
    );
  });
});

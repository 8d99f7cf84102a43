import { describe, expect, test } from "vitest";
import { alertShape, throttledShape } from "../../src/core/alert-shape.ts";
import { issueAlert, throttledAlert, type AlertReason, type ThrottledReason } from "../../src/core/alert.ts";
import { issueStateShape, type IssueState } from "../../src/core/issue.ts";
import { readStored } from "../../src/core/stored.ts";
import { turnShape, type Turn } from "../../src/core/turning-point.ts";
import { volumeCondition } from "../../src/core/volume-condition.ts";

const stored = (value: unknown): string => JSON.stringify(value);
const deadline = { at: 5, wakeOn: "deadline" } as const;
const conditions = [volumeCondition(5, "hour", 2), volumeCondition(9, "total")];
const unmuteReasons = [
  { kind: "by-person" },
  { kind: "deadline-passed", deadline: 5, noticedBy: "clock" },
  { kind: "volume-reached", condition: volumeCondition(5, "hour"), count: 6, sinceMute: true },
] as const;
const regressionReasons = [
  { kind: "resolved-plainly", resolvedAt: 4 },
  { kind: "fixed-in-release", release: "2.0.0", fixedIn: "1.0.0" },
] as const;

const STATES: readonly IssueState[] = [
  { status: "open" },
  { status: "resolved", resolvedAt: 1, resolution: { kind: "plain" } },
  { status: "resolved", resolvedAt: 1, resolution: { kind: "by-next" } },
  { status: "resolved", resolvedAt: 1, resolution: { kind: "by-release", releases: ["1.0.0", ""] } },
  { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null } },
  { status: "muted", mute: { mutedAt: 1, deadline, volume: { conditions, countedFrom: 7, checkAt: 12 } } },
];

const TURNS: readonly Turn[] = [
  { kind: "first-seen" },
  { kind: "resolved", claim: { kind: "by-release", releases: ["1.0.0"] } },
  { kind: "muted", terms: { deadline, conditions, sinceMute: true } },
  { kind: "muted", terms: { deadline: null, conditions: [], sinceMute: false } },
  ...unmuteReasons.map((reason) => ({ kind: "unmuted", reason }) as const),
  ...regressionReasons.map((reason) => ({ kind: "regressed", reason }) as const),
  { kind: "reopened" },
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
  counts: { "new-issue": 2, regression: 0, unmute: 1 },
  examples: [{ id: "i", friendlyId: "SHOP-1", title: "E" }],
};

describe("a stored value", () => {
  test.each(STATES)("is read as it was written: state %j", (state) => {
    expect(readStored("a state", stored(state), issueStateShape)).toStrictEqual(state);
  });

  test.each(TURNS)("is read as it was written: turn %j", (turn) => {
    expect(readStored("a turn", stored(turn), turnShape)).toStrictEqual(turn);
  });

  test.each(REASONS)("is read as it was written: an alert because of %j", (reason) => {
    expect(readStored("an alert", stored(alertOf(reason)), alertShape)).toStrictEqual(alertOf(reason));
  });

  test("is read as it was written: a throttled alert, and what was throttled", () => {
    const alert = throttledAlert({ id: "a", project, reason: throttled });
    expect(readStored("an alert", stored(alert), alertShape)).toStrictEqual(alert);
    const { counts, examples } = throttled;
    expect(readStored("counts", stored({ counts, examples }), throttledShape)).toStrictEqual({ counts, examples });
  });

  test("may have members that a newer version has added", () => {
    const state = { status: "muted", mute: { mutedAt: 1, deadline: null, volume: null, again: 5 }, more: 1 };
    expect(readStored("a state", stored(state), issueStateShape)).toEqual(STATES[4]);
    const alert = { ...alertOf({ kind: "new-issue" }), more: 1 };
    expect(readStored("an alert", stored(alert), alertShape)).toEqual(alertOf({ kind: "new-issue" }));
  });

  test("of an earlier version is read: alerts of version 1, and those that were called held back", () => {
    const reason = { kind: "regression", reason: regressionReasons[1] } as const;
    const former = { version: 1, id: "a", project, reason, issue, eventId: "e", turningPoint: 2, raisedAt: 3 };
    expect(readStored("an alert", stored(former), alertShape)).toEqual({ ...alertOf(reason), level: "error" });
    expect(readStored("an alert", stored({ ...former, eventId: null }), alertShape)).toMatchObject({
      level: "info",
      event: null,
    });
    const alert = throttledAlert({ id: "a", project, reason: throttled });
    const heldBack = { ...alert, kind: "held-back", reason: { ...throttled, kind: "held-back" } };
    expect(readStored("an alert", stored(heldBack), alertShape)).toStrictEqual(alert);
  });

  test.each([
    ["half of a {", issueStateShape],
    ["null", issueStateShape],
    ['{"status":"closed"}', issueStateShape],
    ['{"status":"resolved","resolvedAt":-1,"resolution":{"kind":"plain"}}', issueStateShape],
    ['{"status":"resolved","resolvedAt":1,"resolution":{"kind":"by-release","releases":[5]}}', issueStateShape],
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

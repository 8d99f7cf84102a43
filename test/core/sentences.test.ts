import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMAND_KINDS } from "../../src/core/command.ts";
import { conditionProgress, describeConditionProgress } from "../../src/core/condition-progress.ts";
import { NO_USERS } from "../../src/core/conditions/condition-rule.ts";
import {
  describeConditionMet,
  describeWhenMet,
  ruleOf,
  type Condition,
  type ConditionKind,
  type ConditionMet,
} from "../../src/core/conditions/condition.ts";
import { describeDiscard, describeUndiscardReason, type Discard } from "../../src/core/discard.ts";
import type { IssueLifecycleErrorCode } from "../../src/core/errors.ts";
import { formatInstant } from "../../src/core/instant.ts";
import {
  describeResolution,
  describeState,
  type IssueState,
  type IssueStatus,
  type Resolution,
} from "../../src/core/issue.ts";
import {
  describeMute,
  describeUnmuteReason,
  type Mute,
  type MuteTerms,
  type UnmuteReason,
} from "../../src/core/mute.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { describeRefusal, type RefusedAction } from "../../src/core/refusal.ts";
import {
  describeNoRegressionReason,
  describeRegressionReason,
  type NoRegressionReason,
  type RegressionReason,
} from "../../src/core/regression.ts";
import {
  describeTurningPoint,
  SYSTEM,
  type Actor,
  type Turn,
  type TurningPointKind,
} from "../../src/core/turning-point.ts";
import { hostileText, muteCondition } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";

const AT = Date.UTC(2026, 10, 23, 19, 6, 30);
const SINCE = "2026-11-23 19:06 UTC";
const ANN: Actor = { kind: "user", id: "ann" };
const A_DAY: Condition = { kind: "volume", period: "day", nrOfPeriods: 1, volume: 100 };
const TWO_HOURS: Condition = { kind: "volume", period: "hour", nrOfPeriods: 2, volume: 1 };
const TERMS: MuteTerms = { deadline: null, conditions: [], sinceMute: false };
const DAY_REACHED: ConditionMet = { kind: "volume-reached", condition: A_DAY, count: 100, sinceMute: false };

/** Sentences of a value, by its kind, so that none is missing. */
type Sentences<Kind extends string, Value> = Readonly<Record<Kind, readonly (readonly [value: Value, text: string])[]>>;

/** The rows of a table. */
function rowsOf<Kind extends string, Value>(table: Sentences<Kind, Value>): (readonly [Value, string])[] {
  return Object.values<readonly (readonly [Value, string])[]>(table).flat();
}

const TURNS: Sentences<TurningPointKind, Turn> = {
  "first-seen": [[{ kind: "first-seen" }, "The issue was seen for the first time."]],
  resolved: [
    [{ kind: "resolved", claim: { kind: "plain" } }, "The issue was resolved by ann."],
    [
      { kind: "resolved", claim: { kind: "by-release", releases: ["2.1.0"] } },
      "The issue was resolved by ann, with a fix claimed in release 2.1.0.",
    ],
    [
      { kind: "resolved", claim: { kind: "by-next" } },
      "The issue was resolved by ann, with a fix claimed in its next release.",
    ],
  ],
  "auto-resolved": [
    [
      { kind: "auto-resolved", quietForMs: 14 * 86_400_000 },
      "The issue was resolved, because it had no event for 14 days.",
    ],
    [{ kind: "auto-resolved", quietForMs: 3_600_000 }, "The issue was resolved, because it had no event for 1 hour."],
    [
      { kind: "auto-resolved", quietForMs: 5_400_000 },
      "The issue was resolved, because it had no event for 90 minutes.",
    ],
  ],
  muted: [
    [{ kind: "muted", terms: TERMS }, "The issue was muted by ann until a person unmutes it."],
    [
      { kind: "muted", terms: { ...TERMS, conditions: [A_DAY] } },
      "The issue was muted by ann until there are 100 events or more in one calendar day.",
    ],
    [
      { kind: "muted", terms: { ...TERMS, conditions: [A_DAY, TWO_HOURS], sinceMute: true } },
      "The issue was muted by ann until there are 100 events or more in one calendar day, counted from the mute, or until there is 1 event or more in 2 calendar hours in a row, counted from the mute.",
    ],
    [
      { kind: "muted", terms: { ...TERMS, deadline: { at: AT, wakeOn: "next-event" } } },
      `The issue was muted by ann until the first event after ${SINCE}.`,
    ],
    [
      {
        kind: "muted",
        terms: {
          ...TERMS,
          deadline: { at: AT, wakeOn: "deadline" },
          conditions: [{ kind: "users", users: 10 }],
          again: { quietFor: { period: "week", nrOfPeriods: 1 } },
        },
      },
      `The issue was muted by ann until there are 10 users or more since the mute, or until ${SINCE}, and is then to be muted again on the same terms after 1 week without events, unless ${SINCE} has passed.`,
    ],
    [
      {
        kind: "muted",
        terms: {
          ...TERMS,
          deadline: { at: AT, wakeOn: "deadline", isDuration: true },
          again: {
            quietFor: { period: "week", nrOfPeriods: 1 },
            for: { period: "day", nrOfPeriods: 1 },
          },
        },
      },
      `The issue was muted by ann until ${SINCE}, and is then to be muted again on the same terms after 1 week without events.`,
    ],
    [
      {
        kind: "muted",
        terms: {
          ...TERMS,
          conditions: [
            { kind: "users", users: 10 },
            { kind: "users", users: 5, days: 1 },
            { kind: "spike", floor: 1, factor: 1 },
          ],
          sinceMute: true,
        },
      },
      "The issue was muted by ann until there are 10 users or more since the mute, or until there are 5 users or more in one calendar day, counted from the mute, or until there is more than 1 event in one hour, counted from the mute, and more than in the busiest hour of the week before.",
    ],
  ],
  unmuted: [
    [{ kind: "unmuted", reason: { kind: "by-person" } }, "The issue was unmuted by ann."],
    [
      { kind: "unmuted", reason: { kind: "deadline-passed", deadline: AT, noticedBy: "event" } },
      `The issue was unmuted, because an event was received after the mute's deadline of ${SINCE}.`,
    ],
    [
      { kind: "unmuted", reason: { kind: "deadline-passed", deadline: AT, noticedBy: "clock" } },
      `The issue was unmuted, because the mute's deadline of ${SINCE} has passed.`,
    ],
    [
      { kind: "unmuted", reason: DAY_REACHED },
      "The issue was unmuted, because there were 100 events or more in one calendar day.",
    ],
  ],
  discarded: [
    [{ kind: "discarded", conditions: [] }, "The issue was discarded by ann until a person undiscards it."],
    [
      { kind: "discarded", conditions: [A_DAY] },
      "The issue was discarded by ann until there are 100 events or more in one calendar day.",
    ],
  ],
  undiscarded: [
    [{ kind: "undiscarded", reason: { kind: "by-person" } }, "The issue was undiscarded by ann."],
    [
      { kind: "undiscarded", reason: DAY_REACHED },
      "The issue was undiscarded, because there were 100 events or more in one calendar day.",
    ],
  ],
  regressed: [
    [
      { kind: "regressed", reason: { kind: "resolved-plainly", resolvedAt: AT } },
      "The issue came back: it had been resolved.",
    ],
    [
      { kind: "regressed", reason: { kind: "fixed-in-release", release: "2.1.1", fixedIn: "2.1.0" } },
      "The issue came back: it occurred in release 2.1.1, and a fix was claimed in release 2.1.0.",
    ],
  ],
  loud: [
    [
      {
        kind: "loud",
        reason: { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 31, usual: 1 },
      },
      "The issue got loud, because there were 31 events in one hour: more than 10, and more than 3 times the 1 of the busiest hour of the week before.",
    ],
  ],
  watched: [
    [{ kind: "watched", conditions: null }, "The issue was set by ann to be watched as its project says."],
    [{ kind: "watched", conditions: [] }, "The issue was set by ann to be watched for nothing."],
    [
      { kind: "watched", conditions: [A_DAY, { kind: "users", users: 1, days: 1 }] },
      "The issue was set by ann to be watched for 100 events or more in one calendar day, or for 1 user or more in one calendar day.",
    ],
  ],
  reopened: [
    [{ kind: "reopened" }, "The issue was reopened by ann."],
    [
      { kind: "reopened", withdrawn: ["2.1.0"] },
      "The issue was reopened by ann, and the fix claimed in release 2.1.0 was withdrawn.",
    ],
    [
      { kind: "reopened", withdrawn: ["2.1.0", "2.0.4"] },
      "The issue was reopened by ann, and the fixes claimed in releases 2.1.0 and 2.0.4 were withdrawn.",
    ],
  ],
  "claims-withdrawn": [
    [
      { kind: "claims-withdrawn", releases: ["999.9.9"] },
      "A release was retired by ann, so that the fix claimed in release 999.9.9 was withdrawn.",
    ],
    [
      { kind: "claims-withdrawn", releases: ["v2", "2.0"] },
      "A release was retired by ann, so that the fixes claimed in releases v2 and 2.0 were withdrawn.",
    ],
  ],
  "next-materialized": [
    [
      { kind: "next-materialized", release: "2.1.0" },
      "The next release, in which a fix was claimed, turned out to be release 2.1.0.",
    ],
  ],
  merged: [[{ kind: "merged", into: "id-1" }, "The issue was merged into issue id-1 by ann."]],
  unmerged: [[{ kind: "unmerged", from: "id-1" }, "The issue was unmerged from issue id-1 by ann."]],
  "member-merged": [[{ kind: "member-merged", member: "id-2" }, "This issue had issue id-2 merged into it by ann."]],
  "member-unmerged": [
    [{ kind: "member-unmerged", member: "id-2" }, "This issue had issue id-2 unmerged from it by ann."],
  ],
  annotated: [[{ kind: "annotated" }, "A comment was added by ann."]],
};

const RESOLUTIONS: Sentences<Resolution["kind"], Resolution> = {
  plain: [[{ kind: "plain" }, "The issue is resolved."]],
  "by-release": [
    [{ kind: "by-release", releases: ["2.1.0"] }, "The issue is resolved, with a fix claimed in release 2.1.0."],
    [
      { kind: "by-release", releases: ["2.1.0", "2.0.4", "1.9.9"] },
      "The issue is resolved, with fixes claimed in releases 2.1.0, 2.0.4 and 1.9.9.",
    ],
    [
      { kind: "by-release", releases: Array.from({ length: 11 }, (_, index) => `r${String(index)}`) },
      "The issue is resolved, with fixes claimed in releases r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 1 other.",
    ],
    [
      { kind: "by-release", releases: Array.from({ length: 13 }, (_, index) => `r${String(index)}`) },
      "The issue is resolved, with fixes claimed in releases r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 3 others.",
    ],
    [{ kind: "by-release", releases: [""] }, 'The issue is resolved, with a fix claimed in release "".'],
  ],
  "by-next": [[{ kind: "by-next" }, "The issue is resolved, with a fix claimed in its next release."]],
};

const MUTED: Mute = { mutedAt: AT, deadline: null, volume: null };
const DISCARDED: Discard = { discardedAt: AT, eventCount: 1, conditions: [A_DAY], checkAt: 1 };

const STATES: Sentences<IssueStatus, IssueState> = {
  open: [
    [{ status: "open" }, "The issue is open."],
    [
      {
        status: "open",
        muteAgain: { at: AT, terms: { ...TERMS, again: { quietFor: { period: "day", nrOfPeriods: 2 } } } },
      },
      "The issue is open, and is to be muted again on the same terms after 2 days without events.",
    ],
  ],
  resolved: [
    [
      { status: "resolved", resolvedAt: AT, afterRelease: 0, resolution: { kind: "plain" } },
      `The issue has been resolved since ${SINCE}.`,
    ],
    [
      {
        status: "resolved",
        resolvedAt: AT,
        afterRelease: 0,
        resolution: { kind: "by-release", releases: ["2.1.0", "2.0.4"] },
      },
      `The issue has been resolved since ${SINCE}, with fixes claimed in releases 2.1.0 and 2.0.4.`,
    ],
  ],
  muted: [
    [
      { status: "muted", mute: MUTED },
      `The issue has been muted since ${SINCE}, and stays muted until a person unmutes it.`,
    ],
    [
      { status: "muted", mute: { ...MUTED, volume: { conditions: [A_DAY], countedFrom: 7, checkAt: 100 } } },
      `The issue has been muted since ${SINCE}, and stays muted until there are 100 events or more in one calendar day, counted from the mute.`,
    ],
  ],
  discarded: [
    [
      { status: "discarded", discard: DISCARDED },
      `The issue has been discarded since ${SINCE}, and stays discarded until there are 100 events or more in one calendar day.`,
    ],
  ],
  merged: [
    [{ status: "merged", into: "id-1", as: "member", at: AT }, `The issue has been part of issue id-1 since ${SINCE}.`],
    [
      { status: "merged", into: "id-1", as: "own-part", at: AT },
      "The issue is the part of issue id-1 that counts the events of that issue alone.",
    ],
  ],
};

const CONDITIONS: Sentences<ConditionKind, Condition> = {
  volume: [
    [A_DAY, "The condition is met by 100 events or more in one calendar day."],
    [TWO_HOURS, "The condition is met by 1 event or more in 2 calendar hours in a row."],
    [
      { kind: "volume", period: "total", nrOfPeriods: 1, volume: 10 },
      "The condition is met by 10 events or more in total.",
    ],
  ],
  users: [
    [{ kind: "users", users: 5 }, "The condition is met by 5 users or more since the mute."],
    [{ kind: "users", users: 1, days: 1 }, "The condition is met by 1 user or more in one calendar day."],
    [{ kind: "users", users: 5, days: 3 }, "The condition is met by 5 users or more in 3 calendar days in a row."],
  ],
  spike: [
    [
      { kind: "spike", floor: 10, factor: 3 },
      "The condition is met by more than 10 events in one hour, and more than 3 times as many as in the busiest hour of the week before.",
    ],
  ],
  louder: [
    [
      { kind: "louder", floor: 50, factor: 10 },
      "The condition is met by more than 50 events in one calendar day, and more than 10 times as many as on a usual day.",
    ],
    [
      { kind: "louder", floor: 50, factor: 10, usual: 2.5 },
      "The condition is met by more than 50 events in one calendar day, and more than 10 times the 2.5 of a usual day before that.",
    ],
    [
      { kind: "louder", floor: 1, factor: 1, usual: 2.5 },
      "The condition is met by more than 1 event in one calendar day, and more than the 2.5 of a usual day before that.",
    ],
    [
      { kind: "louder", floor: 1, factor: 1 },
      "The condition is met by more than 1 event in one calendar day, and more than on a usual day.",
    ],
  ],
};

const REFUSALS: Readonly<Record<IssueLifecycleErrorCode, string>> = {
  "invalid-input": "what was asked for is not valid",
  "condition-out-of-range": "a condition covers more time than is counted",
  "condition-already-met": "a condition that would end the mute or discard at once is already met",
  "deadline-passed": "the deadline is not in the future",
  "already-resolved": "the issue is already resolved",
  "not-resolved": "the issue is not resolved",
  "issue-resolved": "the issue is resolved and has to be reopened first",
  "not-muted": "the issue is not muted",
  "issue-discarded": "the issue is discarded and has to be undiscarded first",
  "not-discarded": "the issue is not discarded",
  "issue-merged": "the issue was merged into another one, which has the state of both",
  "not-merged": "the issue is not merged into another one",
  "too-many-members": "too many issues would be merged into one",
  "no-release": "no release of the project is known",
  "release-not-comparable": "the release cannot be compared with those of the project",
  "release-retired": "the release was retired",
  "unknown-release": "the project knows no such release",
  "not-claimed": "no fix is claimed in that release",
  "unknown-project": "there is no such project",
  "unknown-issue": "there is no such issue",
  "unknown-event": "there is no such event",
  "slug-taken": "another project already has that short name",
  "corrupt-data": "what is stored of it is damaged",
  "store-busy": "the database was busy for too long",
  "store-conflict": "others changed the same data at the same time",
  "store-failed": "the database failed before it could confirm that",
  "store-not-empty": "the database to copy to is not empty",
  "copy-differs": "the copy differs from what was copied",
  "transaction-ended": "the transaction had already ended",
  "schema-newer": "the tables in the database belong to a newer version",
  "schema-outdated": "the tables in the database are missing or too old",
  "no-outbox": "the database keeps no alerts",
  "events-lost": "events could not be recorded",
  closed: "issue tracking is shut down",
  "unsupported-platform": "the server lacks what is needed for it",
};

const ACTIONS: Readonly<Record<RefusedAction, readonly [refused: string, unknown: string]>> = {
  resolve: ["The issue could not be resolved", "the issue was resolved"],
  reopen: ["The issue could not be reopened", "the issue was reopened"],
  mute: ["The issue could not be muted", "the issue was muted"],
  unmute: ["The issue could not be unmuted", "the issue was unmuted"],
  discard: ["The issue could not be discarded", "the issue was discarded"],
  undiscard: ["The issue could not be undiscarded", "the issue was undiscarded"],
  watch: ["What the issue is watched for could not be changed", "what the issue is watched for was changed"],
  annotate: ["The comment could not be added", "the comment was added"],
  delete: ["The issue could not be deleted", "the issue was deleted"],
  merge: ["The issue could not be merged", "the issue was merged"],
  unmerge: ["The issue could not be unmerged", "the issue was unmerged"],
  digest: ["The event could not be digested", "the event was digested"],
};

/** Reasons that differ by what was refused. */
const OWN_REASONS: Readonly<Record<string, string>> = {
  "mute condition-already-met": "a condition that would end the mute at once is already met",
  "discard condition-already-met": "a condition that would end the discard at once is already met",
  "merge issue-merged": "one of the two issues was merged into another one before",
  "merge unknown-issue": "one of the two issues does not exist",
};

const UNMUTE_REASONS: Readonly<Record<UnmuteReason["kind"], UnmuteReason>> = {
  "by-person": { kind: "by-person" },
  "deadline-passed": { kind: "deadline-passed", deadline: AT, noticedBy: "event" },
  "volume-reached": DAY_REACHED,
  "users-reached": { kind: "users-reached", condition: { kind: "users", users: 5 }, count: 5, sinceMute: true },
  spiked: { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 31, usual: 1 },
  "got-louder": {
    kind: "got-louder",
    condition: { kind: "louder", floor: 50, factor: 10 },
    count: 61,
    usual: 2.5,
  },
};

const REGRESSION_REASONS: Readonly<Record<RegressionReason["kind"], RegressionReason>> = {
  "resolved-plainly": { kind: "resolved-plainly", resolvedAt: AT },
  "fixed-in-release": { kind: "fixed-in-release", release: "", fixedIn: "2.0.0" },
};

const NO_REGRESSION_REASONS: Readonly<Record<NoRegressionReason["kind"], NoRegressionReason>> = {
  "occurred-before-resolution": { kind: "occurred-before-resolution" },
  "awaiting-next-release": { kind: "awaiting-next-release" },
  "known-to-be-broken": { kind: "known-to-be-broken", seenIn: "" },
  "before-every-fix": { kind: "before-every-fix" },
  "release-retired": { kind: "release-retired", release: "999.9.9" },
  "other-environment": { kind: "other-environment", environment: "" },
};

/** One sentence of our own words: a capital, one full stop at the end, one line. */
const ONE_SENTENCE = /^[A-Z](?:[^.\p{Cc}\u2028\u2029]|\.(?! |$))*\.$/u;
const NO_VALUE = /undefined|NaN|null|\[object/u;

function expectOneSentence(text: string): void {
  expect(text).toMatch(ONE_SENTENCE);
  expect(text).not.toMatch(NO_VALUE);
}

describe("a turning point, as a sentence,", () => {
  test.each(rowsOf(TURNS))("of %j", (turn, text) => {
    expect(describeTurningPoint({ turn, by: ANN })).toBe(text);
    expectOneSentence(text);
  });

  test("names nobody where the system did it", () => {
    for (const [turn, text] of rowsOf(TURNS)) {
      expect(describeTurningPoint({ turn, by: SYSTEM })).toBe(text.replace(" by ann", ""));
    }
  });

  test("has the names that the host gives, or else the ids", () => {
    const names = {
      user: (id: string) => (id === "ann" ? "Ann Lee" : undefined),
      issue: (id: string) => (id === "id-1" ? "SHOP-7" : undefined),
    };
    expect(describeTurningPoint({ turn: { kind: "merged", into: "id-1" }, by: ANN }, names)).toBe(
      "The issue was merged into issue SHOP-7 by Ann Lee.",
    );
    const bob: Actor = { kind: "user", id: "bob" };
    expect(describeTurningPoint({ turn: { kind: "merged", into: "id-3" }, by: bob }, names)).toBe(
      "The issue was merged into issue id-3 by bob.",
    );
    expect(describeState({ status: "merged", into: "id-1", as: "member", at: AT }, names)).toBe(
      `The issue has been part of issue SHOP-7 since ${SINCE}.`,
    );
  });
});

describe("names in a sentence", () => {
  test("are the ids where the host gives an empty one", () => {
    const names = { user: () => "", issue: () => "" };
    expect(describeTurningPoint({ turn: { kind: "merged", into: "id-1" }, by: ANN }, names)).toBe(
      "The issue was merged into issue id-1 by ann.",
    );
  });

  test.each([
    "\u061c",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
  ])("cannot change the direction of writing with %j", (control) => {
    const by: Actor = { kind: "user", id: `ann${control}gnp` };
    expect(describeTurningPoint({ turn: { kind: "annotated" }, by })).toBe("A comment was added by ann\ufffdgnp.");
    const claim: Resolution = { kind: "by-release", releases: [`2.0${control}`] };
    expect(describeResolution(claim)).toBe("The issue is resolved, with a fix claimed in release 2.0\ufffd.");
  });
});

describe("other values, as sentences:", () => {
  test.each(rowsOf(STATES))("the state %j", (state, text) => {
    expect(describeState(state)).toBe(text);
    expectOneSentence(text);
  });

  test.each(rowsOf(RESOLUTIONS))("the resolution %j", (resolution, text) => {
    expect(describeResolution(resolution)).toBe(text);
    expectOneSentence(text);
  });

  test.each(rowsOf(CONDITIONS))("the condition %j", (condition, text) => {
    expect(describeWhenMet(condition)).toBe(text);
    expectOneSentence(text);
  });

  test("a mute and a discard in force read as their states", () => {
    expect(describeMute(MUTED)).toBe(describeState({ status: "muted", mute: MUTED }));
    expect(describeDiscard(DISCARDED)).toBe(describeState({ status: "discarded", discard: DISCARDED }));
  });

  test("each reason is one sentence", () => {
    for (const reason of Object.values(UNMUTE_REASONS)) {
      expectOneSentence(describeUnmuteReason(reason));
      if (reason.kind !== "deadline-passed") expectOneSentence(describeUndiscardReason(reason));
    }
    for (const reason of Object.values(REGRESSION_REASONS)) expectOneSentence(describeRegressionReason(reason));
    for (const reason of Object.values(NO_REGRESSION_REASONS)) expectOneSentence(describeNoRegressionReason(reason));
  });

  test("what is louder than usual names no mute where there may be a discard", () => {
    const condition: Condition = { kind: "louder", floor: 50, factor: 10, usual: 2.5 };
    const reason: ConditionMet = { kind: "got-louder", condition, count: 61, usual: 2.5 };
    expect(describeDiscard({ ...DISCARDED, conditions: [condition] })).toBe(
      `The issue has been discarded since ${SINCE}, and stays discarded until there are more than 50 events in one calendar day, and more than 10 times the 2.5 of a usual day before that.`,
    );
    expect(describeUndiscardReason(reason)).toBe(
      "There were 61 events in one calendar day: more than 50, and more than 10 times the 2.5 of a usual day before that.",
    );
    expect(describeUndiscardReason({ ...reason, condition: { ...condition, factor: 1 } })).toBe(
      "There were 61 events in one calendar day: more than 50, and more than the 2.5 of a usual day before that.",
    );
  });

  test("how far a condition is whose window has several buckets", () => {
    const evidence = { counter: new PeriodCounter(), at: AT, countedFrom: 0, firstSeenAt: AT, users: NO_USERS };
    expect(describeConditionProgress(conditionProgress({ ...TWO_HOURS, nrOfPeriods: 3 }, evidence))).toBe(
      "There are 0 of 1 event in the current hour and the 2 before it; the current hour ends at 2026-11-23 20:00 UTC.",
    );
  });

  test("how far a condition is, with one event and with several", () => {
    const counter = new PeriodCounter();
    counter.inc(AT);
    const evidence = { counter, at: AT, countedFrom: 0, firstSeenAt: AT, users: NO_USERS };
    const progress = () => describeConditionProgress(conditionProgress(A_DAY, evidence));
    expect(progress()).toBe("There is 1 of 100 events in the current day, which ends at 2026-11-24 00:00 UTC.");
    counter.inc(AT);
    expect(progress()).toBe("There are 2 of 100 events in the current day, which ends at 2026-11-24 00:00 UTC.");
  });
});

describe("a refusal, as a sentence,", () => {
  test("says what was refused, and why, for each code and each action", () => {
    for (const [code, reason] of entriesOf(REFUSALS)) {
      const isKnown = code !== "store-failed";
      const any = describeRefusal({ code });
      const start = isKnown
        ? "The request could not be carried out"
        : "It is not known whether the request was carried out";
      expect(any).toBe(`${start}, because ${reason}.`);
      expectOneSentence(any);
      for (const [action, [refused, unknown]] of entriesOf(ACTIONS)) {
        const words = isKnown ? refused : `It is not known whether ${unknown}`;
        const ownReason = OWN_REASONS[`${action} ${code}`] ?? reason;
        expect(describeRefusal({ code }, action)).toBe(`${words}, because ${ownReason}.`);
      }
    }
  });

  test.each(["toString", "__proto__", "an-action-of-tomorrow"])(
    "has words for the action %j, which is unknown",
    (action) => {
      const text: unknown = Reflect.apply(describeRefusal, undefined, [{ code: "not-muted" }, action]);
      expect(text).toBe("The request could not be carried out, because the issue is not muted.");
    },
  );

  test("knows every command", () => {
    expect(Object.keys(ACTIONS)).toEqual(expect.arrayContaining([...COMMAND_KINDS]));
  });

  test.each(["a-code-of-tomorrow", "__proto__", "constructor"])(
    "has words for the code %j of another version",
    (code) => {
      const text: unknown = Reflect.apply(describeRefusal, undefined, [{ code }, "mute"]);
      expect(text).toBe("The issue could not be muted, because it was refused for a reason that has no description.");
    },
  );
});

/** The members of a record with their names as its type has them. */
function entriesOf<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  const isName = (name: string): name is Name => Object.hasOwn(record, name);
  return Object.keys(record)
    .filter(isName)
    .map((name) => [name, record[name]]);
}

const instant = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
const releases = fc.array(hostileText, { minLength: 1, maxLength: 14 });
const conditions = fc.array(muteCondition, { maxLength: 4 });
const met: fc.Arbitrary<ConditionMet> = fc
  .record({ condition: muteCondition, count: fc.nat(), usual: fc.nat() })
  .map(({ condition, count, usual }) => {
    const evidence = { counter: new PeriodCounter(), at: 0, countedFrom: 0, firstSeenAt: 0, users: NO_USERS };
    return ruleOf(condition).reason({ count, needed: 0, usual }, evidence);
  });
const terms: fc.Arbitrary<MuteTerms> = fc.record(
  {
    deadline: fc.option(
      fc.record({ at: instant, wakeOn: fc.constantFrom("next-event" as const, "deadline" as const) }),
    ),
    conditions,
    sinceMute: fc.boolean(),
    again: fc.record({
      quietFor: fc.record({
        period: fc.constantFrom("hour" as const, "week" as const),
        nrOfPeriods: fc.integer({ min: 1, max: 9 }),
      }),
    }),
  },
  { requiredKeys: ["deadline", "conditions", "sinceMute"] },
);
const resolution: fc.Arbitrary<Resolution> = fc.oneof(
  fc.constant({ kind: "plain" as const }),
  fc.constant({ kind: "by-next" as const }),
  releases.map((names) => ({ kind: "by-release" as const, releases: names })),
);
const unmuteReason: fc.Arbitrary<UnmuteReason> = fc.oneof(met, fc.constantFrom(...Object.values(UNMUTE_REASONS)));

const ANY_TURN: Readonly<Record<TurningPointKind, fc.Arbitrary<Turn>>> = {
  "first-seen": fc.constant({ kind: "first-seen" }),
  resolved: resolution.map((claim) => ({ kind: "resolved", claim })),
  "auto-resolved": fc.integer({ min: 1, max: 1e12 }).map((quietForMs) => ({ kind: "auto-resolved", quietForMs })),
  muted: terms.map((each) => ({ kind: "muted", terms: each })),
  unmuted: unmuteReason.map((reason) => ({ kind: "unmuted", reason })),
  discarded: conditions.map((each) => ({ kind: "discarded", conditions: each })),
  undiscarded: met.map((reason) => ({ kind: "undiscarded", reason })),
  regressed: fc
    .record({ release: hostileText, fixedIn: hostileText, assumed: fc.boolean() })
    .map((reason) => ({ kind: "regressed", reason: { kind: "fixed-in-release", ...reason } })),
  loud: met.map((reason) => ({ kind: "loud", reason })),
  watched: fc.option(conditions).map((each) => ({ kind: "watched", conditions: each })),
  reopened: releases.map((withdrawn) => ({ kind: "reopened", withdrawn })),
  "claims-withdrawn": releases.map((each) => ({ kind: "claims-withdrawn", releases: each })),
  "next-materialized": hostileText.map((release) => ({ kind: "next-materialized", release })),
  merged: hostileText.map((into) => ({ kind: "merged", into })),
  unmerged: hostileText.map((from) => ({ kind: "unmerged", from })),
  "member-merged": hostileText.map((member) => ({ kind: "member-merged", member })),
  "member-unmerged": hostileText.map((member) => ({ kind: "member-unmerged", member })),
  annotated: fc.constant({ kind: "annotated" }),
};
const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.constant(SYSTEM),
  hostileText.map((id) => ({ kind: "user" as const, id })),
);

describe("whatever the texts in it are, a sentence", () => {
  test("is one line with a capital and a full stop, and says no value that is missing", () => {
    fc.assert(
      fc.property(fc.oneof(...Object.values(ANY_TURN)), actor, (turn, by) => {
        const text = describeTurningPoint({ turn, by });
        expect(text).toMatch(/^[A-Z][^\p{Cc}\u2028\u2029]*\.$/u);
        expect(text).not.toMatch(NO_VALUE);
        expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: rounds({ quick: 300, full: 5_000 }) },
    );
  });

  test("says the deadline and every condition of a mute, and whether events before it count", () => {
    fc.assert(
      fc.property(terms, instant, (given, mutedAt) => {
        const { deadline, again } = given;
        const volume =
          given.conditions.length === 0
            ? null
            : { conditions: given.conditions, countedFrom: given.sinceMute ? 5 : 0, checkAt: 0 };
        for (const text of [
          describeTurningPoint({ turn: { kind: "muted", terms: given }, by: SYSTEM }),
          describeMute({ mutedAt, deadline, volume, again }),
        ]) {
          for (const condition of given.conditions) {
            const numbers =
              condition.kind === "volume"
                ? [condition.volume]
                : condition.kind === "users"
                  ? [condition.users]
                  : [condition.floor, ...(condition.factor === 1 ? [] : [condition.factor])];
            for (const number of numbers) expect(text).toContain(String(number));
            expect(text).toContain(ruleOf(condition).describeTimeless(given.sinceMute));
          }
          if (deadline !== null) expect(text).toContain(formatInstant(deadline.at));
          expect(text.includes("the first event after")).toBe(deadline?.wakeOn === "next-event");
          expect(text.includes("a person")).toBe(deadline === null && given.conditions.length === 0);
          expect(text.split(", counted from the mute").length - 1).toBe(
            given.sinceMute ? given.conditions.filter((each) => !ruleOf(each).isSinceMute).length : 0,
          );
          expect(text.includes("muted again on the same terms after")).toBe(again !== undefined);
        }
        expect(describeMute({ mutedAt, deadline, volume, again })).toContain(formatInstant(mutedAt));
      }),
      { numRuns: rounds({ quick: 150, full: 3_000 }) },
    );
  });

  test("names the releases of a resolution, the first ten and how many others", () => {
    const name = fc.integer({ min: 0, max: 999 }).map((number) => `v${String(number)}.0`);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 14 }), instant, (names, resolvedAt) => {
        const by: Resolution = { kind: "by-release", releases: names };
        const state = describeState({ status: "resolved", resolvedAt, afterRelease: 0, resolution: by });
        expect(state).toContain(formatInstant(resolvedAt));
        for (const text of [
          state,
          describeResolution(by),
          describeTurningPoint({ turn: { kind: "resolved", claim: by }, by: SYSTEM }),
        ]) {
          expect(text.match(/v\d+\.0/gu)).toEqual(names.slice(0, 10));
          expect(/(\d+) others?\.$/u.exec(text)?.[1]).toBe(names.length > 10 ? String(names.length - 10) : undefined);
          expect(text.includes("fixes claimed in releases")).toBe(names.length > 1);
        }
      }),
      { numRuns: rounds({ quick: 100, full: 2_000 }) },
    );
  });

  test("says the numbers with which a condition was met", () => {
    fc.assert(
      fc.property(met, (reason) => {
        const text = describeConditionMet(reason);
        expectOneSentence(text);
        expect(describeTurningPoint({ turn: { kind: "loud", reason }, by: SYSTEM })).toBe(
          `The issue got loud, because ${text.slice(0, 1).toLowerCase()}${text.slice(1)}`,
        );
        if (reason.kind === "spiked" || reason.kind === "got-louder") {
          expect(text).toContain(`There were ${String(reason.count)} event`);
          expect(text).toContain(` the ${String(reason.usual)} of `);
        }
      }),
      { numRuns: rounds({ quick: 100, full: 2_000 }) },
    );
  });
});

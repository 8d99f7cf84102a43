import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyCommand,
  conditionProgress,
  decideUnmute,
  describeCondition,
  describeConditionMet,
  NO_COMMAND_RELEASES,
  NO_USERS,
  openIssue,
  parseCondition,
  parseMuteRequest,
  PeriodCounter,
  ruleOf,
  SYSTEM,
  volumeCondition,
  type Condition,
  type ConditionInput,
  type ConditionMet,
  type Evidence,
  type Issue,
  type MuteRequest,
  type UserCounts,
} from "../../src/core/index.ts";
import { conditionShape } from "../../src/core/conditions/condition.ts";
import { unmuteReasonShape } from "../../src/core/mute.ts";
import { readStored } from "../../src/core/stored.ts";
import { condition as volumes } from "../support/arbitraries.ts";
import { DAY, HOUR, START } from "../support/scenario.ts";

/** Noon of a Monday. */
const NOON = START + 3 * HOUR;

const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  volumes,
  fc.record({ kind: fc.constant("users" as const), users: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({
    kind: fc.constant("users" as const),
    users: fc.integer({ min: 1, max: 9 }),
    days: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    kind: fc.constant("spike" as const),
    floor: fc.integer({ min: 1 }),
    factor: fc.double({ min: 1, max: 1_000, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant("louder" as const),
    floor: fc.integer({ min: 1 }),
    factor: fc.double({ min: 1, max: 1_000, noNaN: true }),
  }),
);

/** A counter with counts at some instants. */
function counted(...counts: readonly (readonly [at: number, n: number])[]): PeriodCounter {
  const counter = new PeriodCounter();
  for (const [at, n] of counts) counter.inc(at, n);
  return counter;
}

/** Users who were seen on some days, counted as a store does. */
function usersOf(lastDays: readonly number[]): UserCounts {
  return {
    count: ({ fromDay, limit }) => Math.min(limit, lastDays.filter((day) => fromDay === null || day >= fromDay).length),
  };
}

const evidence = (counter: PeriodCounter, more: Partial<Evidence> = {}): Evidence => ({
  counter,
  at: NOON,
  countedFrom: 0,
  firstSeenAt: NOON - 30 * DAY,
  users: NO_USERS,
  ...more,
});

const standing = (condition: ConditionInput, given: Evidence) => ruleOf(parseCondition(condition)).standing(given);

describe("rule 18: a condition", () => {
  test("is one of volume if it says no kind, and has the defaults of its kind", () => {
    expect(parseCondition({ period: "day", nrOfPeriods: 1, volume: 5 })).toEqual(volumeCondition(5, "day"));
    expect(parseCondition({ kind: "volume", period: "day", nrOfPeriods: 1, volume: 5 })).toEqual(
      volumeCondition(5, "day"),
    );
    expect(parseCondition({ kind: "users", users: 5 })).toEqual({ kind: "users", users: 5 });
    expect(parseCondition({ kind: "spike" })).toEqual({ kind: "spike", floor: 10, factor: 3 });
    expect(parseCondition({ kind: "louder", factor: 2.5 })).toEqual({ kind: "louder", floor: 50, factor: 2.5 });
  });

  test.each([
    [{ kind: "loud" }, "condition.kind", 'got "loud"; allowed is one of "volume", "users", "spike", "louder"'],
    [5, "condition", "got 5; allowed is a condition, as in"],
    [{ kind: "users" }, "condition.users", "got undefined"],
    [{ kind: "users", users: 0 }, "condition.users", "got 0; allowed is a whole number from 1 to 10000"],
    [{ kind: "users", users: 5, days: 0 }, "condition.days", "got 0"],
    [
      { kind: "users", users: 5, period: "day" },
      "condition",
      'got "period"; allowed is only the members kind, users, days',
    ],
    [{ kind: "spike", floor: 0 }, "condition.floor", "got 0"],
    [{ kind: "spike", factor: 0.5 }, "condition.factor", "got 0.5; allowed is a number from 1 to 1000"],
    [{ kind: "spike", factor: Number.NaN }, "condition.factor", "allowed is a number from 1 to 1000"],
    [{ kind: "louder", usual: 5 }, "condition", 'got "usual"; allowed is only the members kind, floor, factor'],
    [{ kind: "louder", factor: "10" }, "condition.factor", 'got "10"'],
  ])("%j is refused", (given, field, message) => {
    expect(() => parseCondition(given)).toThrow(
      expect.objectContaining({ code: "invalid-input", field, message: expect.stringContaining(message) }),
    );
  });

  test("on users asks for days that are kept", () => {
    expect(() => parseCondition({ kind: "users", users: 5, days: 31 })).toThrow(
      expect.objectContaining({
        code: "condition-out-of-range",
        field: "condition.days",
        message:
          "condition.days: got 31; 30 days are kept and can be asked for. Ask for the users since the mute, without days.",
      }),
    );
  });

  test("is read from its stored form, and from that of earlier versions, which stored no kind", () => {
    fc.assert(
      fc.property(anyCondition, (condition) => {
        expect(readStored("a condition", JSON.stringify(condition), conditionShape)).toEqual(condition);
        expect(parseCondition(JSON.parse(JSON.stringify(condition)))).toEqual(condition);
      }),
    );
    const former = '{"period":"day","nrOfPeriods":1,"volume":5}';
    expect(readStored("a condition", former, conditionShape)).toEqual(volumeCondition(5, "day"));
    const reason = `{"kind":"volume-reached","condition":${former},"count":5,"sinceMute":false}`;
    expect(readStored("a reason", reason, unmuteReasonShape)).toMatchObject({ condition: volumeCondition(5, "day") });
  });

  test("that is met says so in a sentence, and is read from its stored form", () => {
    const met: [ConditionMet, string][] = [
      [
        { kind: "volume-reached", condition: volumeCondition(5, "day"), count: 5, sinceMute: true },
        "There were 5 events or more in one calendar day, counted from the mute.",
      ],
      [
        { kind: "users-reached", condition: { kind: "users", users: 1 }, count: 1, sinceMute: true },
        "It occurred for 1 user or more since the mute.",
      ],
      [
        { kind: "users-reached", condition: { kind: "users", users: 5, days: 7 }, count: 5, sinceMute: false },
        "It occurred for 5 users or more in 7 calendar days in a row.",
      ],
      [
        { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 31, usual: 10 },
        "There were 31 events in one hour: more than 10, and more than 3 times the 10 of the busiest hour of the week before.",
      ],
      [
        { kind: "got-louder", condition: { kind: "louder", floor: 50, factor: 10, usual: 7.5 }, count: 76, usual: 7.5 },
        "There were 76 events in one calendar day: more than 50, and more than 10 times the 7.5 of a usual day before that.",
      ],
      [
        { kind: "got-louder", condition: { kind: "louder", floor: 50, factor: 10 }, count: 51, usual: 0 },
        "There were 51 events in one calendar day: more than 50, and more than 10 times the 0 of a usual day.",
      ],
    ];
    for (const [reason, text] of met) {
      expect(describeConditionMet(reason)).toBe(text);
      expect(readStored("a reason", JSON.stringify(reason), unmuteReasonShape)).toEqual(reason);
    }
  });

  test("describes itself and how far it is", () => {
    const counter = counted([NOON - 5 * DAY, 4], [NOON - HOUR, 6], [NOON, 7]);
    const progressOf = (condition: ConditionInput) =>
      conditionProgress(parseCondition(condition), evidence(counter, { users: usersOf([1, 2]) }));
    expect(describeCondition(parseCondition({ kind: "users", users: 3, days: 2 }))).toBe(
      "3 users or more in the current day and the one before it",
    );
    expect(describeCondition(parseCondition({ kind: "louder" }))).toBe(
      "more than 50 events in the current day, and more than 10 times as many as on a usual day",
    );
    expect(progressOf({ kind: "users", users: 3, days: 1 })).toMatchObject({
      count: 0,
      needed: 3,
      missing: 3,
      windowStartsAt: NOON - 12 * HOUR,
      text: "0 of 3 users in the current day, which ends at 2026-11-24 00:00 UTC",
    });
    expect(progressOf({ kind: "users", users: 3 })).toMatchObject({
      count: 2,
      windowEndsAt: null,
      text: "2 of 3 users since the mute",
    });
    expect(progressOf({ kind: "spike" })).toMatchObject({
      count: 7,
      needed: 19,
      missing: 12,
      windowEndsAt: NOON + HOUR,
    });
    expect(progressOf({ kind: "spike" }).text).toContain("7 of 19 events in the current hour");
    expect(progressOf({ kind: "louder" })).toMatchObject({ count: 13, needed: 51, missing: 38 });
  });
});

describe("rule 18: spike", () => {
  test("is this clock hour above the floor, and above the factor of the busiest hour of today so far and the 7 days before", () => {
    const before = counted([NOON - 7 * DAY, 4], [NOON - 2 * HOUR, 3]);
    expect(standing({ kind: "spike" }, evidence(before))).toEqual({ count: 0, needed: 13, usual: 4 });
    expect(standing({ kind: "spike", factor: 1 }, evidence(before))).toEqual({ count: 0, needed: 11, usual: 4 });
    before.inc(NOON, 12);
    expect(standing({ kind: "spike" }, evidence(before))).toEqual({ count: 12, needed: 13, usual: 4 });
    // The busiest hour is a part of today.
    expect(standing({ kind: "spike" }, evidence(before, { at: NOON + HOUR }))).toEqual({
      count: 0,
      needed: 37,
      usual: 12,
    });
    // And of the week that ends today, but not longer.
    expect(standing({ kind: "spike" }, evidence(before, { at: NOON + 7 * DAY }))).toMatchObject({ usual: 12 });
    expect(standing({ kind: "spike" }, evidence(before, { at: NOON + 8 * DAY }))).toMatchObject({
      usual: 0,
      needed: 11,
    });
  });
});

describe("rule 18: louder", () => {
  const days = (...counts: number[]): PeriodCounter =>
    counted(...counts.map((n, index): [number, number] => [NOON - (counts.length - index) * DAY, n]));

  test("is today above the floor, and above the factor of the median of the complete days before", () => {
    expect(standing({ kind: "louder" }, evidence(days(5, 90, 7), { firstSeenAt: NOON - 3 * DAY }))).toEqual({
      count: 0,
      needed: 71,
      usual: 7,
    });
    expect(standing({ kind: "louder" }, evidence(days(5, 8, 90, 7), { firstSeenAt: NOON - 4 * DAY }))).toMatchObject({
      usual: 7.5,
      needed: 76,
    });
  });

  test("is exact: 115 is not more than 1.15 times 100", () => {
    const given = evidence(days(100), { firstSeenAt: NOON - DAY });
    expect(standing({ kind: "louder", floor: 1, factor: 1.15 }, given)).toMatchObject({ usual: 100, needed: 116 });
    expect(standing({ kind: "louder", floor: 1, factor: 4.35 }, given)).toMatchObject({ needed: 436 });
    expect(standing({ kind: "louder", floor: 1, factor: 1.001 }, given)).toMatchObject({ needed: 101 });
  });

  test("takes days without events as 0, but no days before the first event, and at most 28", () => {
    expect(standing({ kind: "louder" }, evidence(days(9, 0, 0), { firstSeenAt: NOON - 3 * DAY }))).toMatchObject({
      usual: 0,
    });
    expect(standing({ kind: "louder" }, evidence(days(9), { firstSeenAt: NOON - DAY }))).toMatchObject({ usual: 9 });
    expect(standing({ kind: "louder" }, evidence(counted([NOON, 60]), { firstSeenAt: NOON }))).toEqual({
      count: 60,
      needed: 51,
      usual: 0,
    });
    // 15 quiet days that are longer ago than 28 days do not count.
    const many = days(
      ...new Array<number>(15).fill(1),
      ...new Array<number>(15).fill(2),
      ...new Array<number>(14).fill(4),
    );
    expect(standing({ kind: "louder" }, evidence(many, { firstSeenAt: NOON - 44 * DAY }))).toMatchObject({ usual: 3 });
  });

  test("in a mute goes by what was usual before the mute", () => {
    const counter = days(7, 7, 7);
    const muted = mute({ conditions: [{ kind: "louder" }] }, counter, { firstSeenAt: NOON - 3 * DAY });
    expect(muted).toMatchObject({ conditions: [{ kind: "louder", usual: 7 }] });
    for (let day = 0; day < 20; day++) counter.inc(NOON + day * DAY, 70);
    expect(unmuteReason(muted, counter, NOON + 19 * DAY)).toBeUndefined();
    counter.inc(NOON + 19 * DAY, 1);
    expect(unmuteReason(muted, counter, NOON + 19 * DAY)).toMatchObject({ kind: "got-louder", count: 71, usual: 7 });
  });
});

describe("rule 18: users", () => {
  const today = Math.floor(NOON / DAY);

  test("are the different users of the days of the window", () => {
    const users = usersOf([today - 6, today - 1, today, today]);
    expect(standing({ kind: "users", users: 9, days: 1 }, evidence(new PeriodCounter(), { users }))).toMatchObject({
      count: 2,
    });
    expect(standing({ kind: "users", users: 9, days: 6 }, evidence(new PeriodCounter(), { users }))).toMatchObject({
      count: 3,
    });
    expect(standing({ kind: "users", users: 9, days: 7 }, evidence(new PeriodCounter(), { users }))).toMatchObject({
      count: 4,
    });
  });

  test("since the mute are asked of the users since the mute", () => {
    const asked: unknown[] = [];
    const users: UserCounts = { count: (window) => asked.push(window) };
    standing({ kind: "users", users: 9 }, evidence(new PeriodCounter(), { users }));
    standing({ kind: "users", users: 9, days: 2 }, evidence(new PeriodCounter(), { users, countedFrom: 5 }));
    expect(asked).toEqual([
      { fromDay: null, sinceMute: true, limit: 9 },
      { fromDay: today - 1, sinceMute: true, limit: 9 },
    ]);
  });
});

describe("a mute until conditions of several kinds", () => {
  test("rule 5: ends for the first one in declared order that is met", () => {
    const counter = counted([NOON - HOUR, 1], [NOON, 1]);
    const conditions: ConditionInput[] = [{ kind: "spike" }, { kind: "users", users: 1 }, volumeCondition(3, "total")];
    const muted = mute({ conditions }, counter);
    counter.inc(NOON, 1);
    expect(unmuteReason(muted, counter, NOON)).toMatchObject({ kind: "volume-reached" });
    expect(unmuteReason(muted, counter, NOON, usersOf([0]))).toMatchObject({ kind: "users-reached", sinceMute: true });
    counter.inc(NOON, 20);
    expect(unmuteReason(muted, counter, NOON, usersOf([0]))).toMatchObject({ kind: "spiked", usual: 1, count: 22 });
  });

  test("rule 3: is refused while one of them is met", () => {
    expect(() => mute({ conditions: [{ kind: "spike" }] }, counted([NOON, 11]))).toThrow(
      "condition-already-met: The condition is already met: more than 10 events in the current hour, and more than 3 times as many as in the busiest hour of the week before (11). The mute would end at once. Ask for more, or count only since the mute.",
    );
  });

  test("rule 7: may say when the issue is muted again, if it has conditions or a duration", () => {
    const again = { period: "day", nrOfPeriods: 2 } as const;
    expect(parseMuteRequest({ conditions: [{ kind: "spike" }], again }, NOON).again).toEqual({ quietFor: again });
    expect(parseMuteRequest({ for: { period: "week", nrOfPeriods: 1 }, again }, NOON).again).toEqual({
      quietFor: again,
      for: { period: "week", nrOfPeriods: 1 },
    });
    expect(() => parseMuteRequest({ until: NOON + 1, again }, NOON)).toThrow("no again without conditions or for");
    expect(() =>
      parseMuteRequest({ conditions: [{ kind: "spike" }], again: { period: "year", nrOfPeriods: 9_000 } }, NOON),
    ).toThrow("mute.again.nrOfPeriods");
  });
});

/** The terms of a mute of an issue with these counts. */
function mute(request: MuteRequest, counter: PeriodCounter, more: Partial<Issue> = {}) {
  const event = {
    id: "e",
    title: "E",
    transaction: "",
    release: { kind: "none" },
    receivedAt: NOON,
    occurredAt: NOON,
  } as const;
  const { issue } = openIssue({ id: "i", projectId: "p", number: 1 }, { ...event, alerting: () => "now" });
  const terms = parseMuteRequest(request, NOON);
  const context = { now: NOON, by: SYSTEM, comment: "", counter, releases: NO_COMMAND_RELEASES };
  const outcome = applyCommand({ ...issue, ...more, eventCount: counter.total }, { kind: "mute", terms }, context);
  if (outcome.kind === "refused") throw new Error(`${outcome.code}: ${outcome.message}`);
  const state = outcome.kind === "applied" ? outcome.issue.state : undefined;
  if (state?.status !== "muted" || state.mute.volume === null) throw new Error("The issue is not muted.");
  return state.mute.volume;
}

function unmuteReason(
  volume: ReturnType<typeof mute>,
  counter: PeriodCounter,
  at: number,
  users: UserCounts = NO_USERS,
) {
  const decision = decideUnmute(
    { mutedAt: NOON, deadline: null, volume: { ...volume, checkAt: 0 } },
    at,
    counter,
    users,
  );
  return decision.kind === "unmute" ? decision.reason : undefined;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { muteProgress } from "../../src/core/mute-progress.ts";
import { parseMuteRequest } from "../../src/core/mute-request.ts";
import {
  decideUnmute,
  decideUnmuteAtDeadline,
  describeUnmuteReason,
  firstMet,
  nextCheck,
  type Mute,
  type MuteVolume,
} from "../../src/core/mute.ts";
import { NO_USERS, type Evidence } from "../../src/core/conditions/condition-rule.ts";
import { PeriodCounter } from "../../src/core/period-counter.ts";
import { evaluateThresholds } from "../../src/core/threshold.ts";
import { volumeCondition, type VolumeBasedCondition } from "../../src/core/conditions/volume-condition.ts";
import { condition, startInstant, stepMs } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const counted = (...events: [number, number][]): PeriodCounter => {
  const counter = new PeriodCounter();
  for (const [at, n] of events) counter.inc(at, n);
  return counter;
};
const muted = (more: Partial<Mute>): Mute => ({ mutedAt: NOW, deadline: null, volume: null, ...more });
const untilVolume = (conditions: VolumeBasedCondition[], counter: PeriodCounter, countedFrom = 0): MuteVolume => ({
  conditions,
  countedFrom,
  checkAt: nextCheck(conditions, evidence(counter, countedFrom)),
});
function evidence(counter: PeriodCounter, countedFrom = 0, at = 0): Evidence {
  return { counter, at, countedFrom, firstSeenAt: 0, users: NO_USERS };
}

describe("a mute request", () => {
  test("may name a deadline, a duration, conditions, or nothing at all", () => {
    expect(parseMuteRequest({}, NOW)).toEqual({ deadline: null, conditions: [], sinceMute: false });
    expect(parseMuteRequest({ until: NOW + 1 }, NOW).deadline).toEqual({
      at: NOW + 1,
      wakeOn: "next-event",
    });
    expect(parseMuteRequest({ for: { period: "week", nrOfPeriods: 2 }, wakeOn: "deadline" }, NOW).deadline).toEqual({
      at: NOW + 14 * 86_400_000,
      wakeOn: "deadline",
      isDuration: true,
    });
    const conditions = [volumeCondition(5, "hour")];
    expect(parseMuteRequest({ conditions, sinceMute: true }, NOW)).toEqual({
      deadline: null,
      conditions,
      sinceMute: true,
    });
  });

  test("takes dates", () => {
    expect(parseMuteRequest({ until: new Date(NOW + 1) }, new Date(NOW)).deadline?.at).toBe(NOW + 1);
  });

  test("for a month from the 31st ends on the last day of the next", () => {
    const request = { for: { period: "month", nrOfPeriods: 1 } };
    expect(parseMuteRequest(request, Date.UTC(2024, 0, 31, 10, 30)).deadline?.at).toBe(Date.UTC(2024, 1, 29, 10, 30));
  });

  test.each([
    [{ until: NOW }, "deadline-passed", "allowed is an instant after now"],
    [{ until: "tomorrow" }, "invalid-input", "mute.until"],
    [{ until: NOW + 1, for: { period: "day", nrOfPeriods: 1 } }, "invalid-input", "until or for, not both"],
    [{ for: { period: "total", nrOfPeriods: 1 } }, "invalid-input", "mute.for.period"],
    [{ for: { period: "day", nrOfPeriods: 0 } }, "invalid-input", "mute.for.nrOfPeriods"],
    [{ for: { period: "year", nrOfPeriods: 9_000 } }, "invalid-input", "before the year 10000"],
    [{ for: { period: "year", nrOfPeriods: Number.MAX_SAFE_INTEGER } }, "invalid-input", "before the year 10000"],
    [{ for: 3 }, "invalid-input", "mute.for"],
    [{ for: "1 week" }, "invalid-input", 'an object, as in { for: { period: "week", nrOfPeriods: 1 } }'],
    [{ for: { period: "day", nrOfPeriods: 1, wakeOn: "deadline" } }, "invalid-input", 'mute.for: got "wakeOn"'],
    [{ until: new Date(Number.NaN) }, "invalid-input", "mute.until: got an invalid Date; allowed is a Date or epoch"],
    [{ until: new Date(NOW) }, "deadline-passed", "mute.until"],
    [{ conditon: [] }, "invalid-input", 'mute: got "conditon"; allowed is only the members until, for, wakeOn'],
    [
      { conditions: volumeCondition(100, "day") },
      "invalid-input",
      'as in { conditions: [volumeCondition(100, "day")] }',
    ],
    [{ conditions: new Array(1) }, "invalid-input", "mute.conditions[0]: got undefined"],
    [
      { conditions: [{ period: "day", nrOfPeriods: 1, volume: 1, sinceMute: true }] },
      "invalid-input",
      'mute.conditions[0]: got "sinceMute"',
    ],
    [{ wakeOn: "deadline" }, "invalid-input", "no wakeOn without until or for"],
    [{ until: NOW + 1, wakeOn: "never" }, "invalid-input", "mute.wakeOn"],
    [{ sinceMute: true }, "invalid-input", "no sinceMute without conditions"],
    [{ conditions: [{}] }, "invalid-input", "mute.conditions[0].period"],
    [{ conditions: {} }, "invalid-input", "mute.conditions"],
    [
      { conditions: Array.from({ length: 21 }, () => volumeCondition(1, "day")) },
      "invalid-input",
      "an array of 0 to 20 elements",
    ],
    [{ conditions: [{ period: "hour", nrOfPeriods: 25, volume: 1 }] }, "condition-out-of-range", "Ask for 2 days"],
  ])("%j is refused as %s", (request, code, message) => {
    expect(() => parseMuteRequest(request, NOW)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe("the unmute decision", () => {
  test("rule 6: the first event after the deadline ends the mute, one at the deadline does not", () => {
    const mute = muted({ deadline: { at: NOW + 1_000, wakeOn: "next-event" } });
    expect(decideUnmute(mute, NOW + 1_000, new PeriodCounter())).toEqual({ kind: "stay", mute });
    expect(decideUnmute(mute, NOW + 1_001, new PeriodCounter())).toEqual({
      kind: "unmute",
      reason: { kind: "deadline-passed", deadline: NOW + 1_000, noticedBy: "event" },
    });
  });

  test("rule 6: the clock ends a mute only if that was asked for, from the deadline on", () => {
    const patient = muted({ deadline: { at: NOW, wakeOn: "next-event" } });
    const waking = muted({ deadline: { at: NOW, wakeOn: "deadline" } });
    expect(decideUnmuteAtDeadline(patient, NOW + 1).kind).toBe("stay");
    expect(decideUnmuteAtDeadline(muted({}), NOW).kind).toBe("stay");
    expect(decideUnmuteAtDeadline(waking, NOW - 1).kind).toBe("stay");
    expect(decideUnmuteAtDeadline(waking, NOW)).toEqual({
      kind: "unmute",
      reason: { kind: "deadline-passed", deadline: NOW, noticedBy: "clock" },
    });
  });

  test("rule 16: the deadline goes before a volume that is reached by the same event", () => {
    const counter = counted([NOW, 9]);
    const mute = muted({
      deadline: { at: NOW - 1, wakeOn: "next-event" },
      volume: { conditions: [volumeCondition(1, "day")], countedFrom: 0, checkAt: 0 },
    });
    expect(decideUnmute(mute, NOW, counter)).toMatchObject({ reason: { kind: "deadline-passed" } });
  });

  test("rule 5: of several conditions met at once the first in declared order is the reason", () => {
    const counter = counted([NOW, 5]);
    const met = [volumeCondition(9, "day"), volumeCondition(4, "month"), volumeCondition(5, "hour")];
    expect(firstMet(met, evidence(counter, 0, NOW))).toMatchObject({ condition: met[1], count: 5 });
  });

  test("rule 3: since the mute, what counts is the smaller of the window and the events after the mute", () => {
    const counter = counted([NOW - 86_400_000, 50], [NOW, 10]);
    const volume = untilVolume([volumeCondition(3, "day"), volumeCondition(12, "total")], counter, counter.total);
    expect(volume.checkAt).toBe(63);
    counter.inc(NOW, 2);
    expect(firstMet(volume.conditions, evidence(counter, volume.countedFrom, NOW))).toBeUndefined();
    counter.inc(NOW);
    expect(firstMet(volume.conditions, evidence(counter, volume.countedFrom, NOW))).toEqual({
      kind: "volume-reached",
      condition: volume.conditions[0],
      count: 3,
      sinceMute: true,
    });
    counter.inc(NOW + 86_400_000, 8);
    expect(
      evaluateThresholds(
        counter,
        [volumeCondition(3, "day"), volumeCondition(12, "total")].map((each) => ({ condition: each, countedFrom: 60 })),
      ).map(({ count }) => count),
    ).toEqual([8, 11]);
  });

  test("looks at the counter only when enough events came, and decides as one that always looks", () => {
    const mutes = fc.record({ conditions: fc.array(condition, { minLength: 1, maxLength: 4 }), since: fc.boolean() });
    const events = fc.array(fc.record({ step: stepMs, n: fc.integer({ min: 1, max: 3 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(startInstant, events, mutes, events, (start, before, { conditions, since }, after) => {
        const counter = new PeriodCounter();
        let now = start;
        for (const { step, n } of [{ step: 0, n: 1 }, ...before]) counter.inc((now = Math.max(0, now + step)), n);
        const countedFrom = since ? counter.total : 0;
        fc.pre(firstMet(conditions, evidence(counter, countedFrom, now)) === undefined);
        const mutedAt = now;
        let mute = muted({
          mutedAt,
          volume: { conditions, countedFrom, checkAt: nextCheck(conditions, evidence(counter, countedFrom)) },
        });
        for (const { step, n } of after) {
          counter.inc((now = Math.max(0, now + step)), n);
          const decision = decideUnmute(mute, now, counter);
          const always = firstMet(conditions, evidence(counter, countedFrom, mutedAt));
          expect(decision.kind === "unmute" ? decision.reason : undefined).toEqual(always);
          if (decision.kind === "unmute") return;
          mute = decision.mute;
        }
      }),
      { numRuns: rounds({ quick: 200, full: 2_000 }) },
    );
  });
});

describe("rules 3 and 4: an event that comes late", () => {
  test("does not end a mute by a window that was over when the issue was muted", () => {
    const counter = counted([NOW - 86_400_000, 7]);
    const volume = untilVolume([volumeCondition(5, "day")], counter);
    const mute = muted({ mutedAt: NOW, volume });
    counter.inc(NOW - 86_400_000 + 5);
    expect(decideUnmute(mute, NOW - 86_400_000 + 5, counter).kind).toBe("stay");
    counter.inc(NOW, 5);
    expect(decideUnmute(mute, NOW, counter)).toMatchObject({ reason: { kind: "volume-reached", count: 5 } });
  });
});

describe("the progress of a mute", () => {
  test("says how far each condition is, and when the window ends, in words too", () => {
    const counter = counted([NOW, 63]);
    const conditions = [volumeCondition(100, "day"), volumeCondition(100, "hour", 24), volumeCondition(200, "total")];
    const progress = muteProgress(muted({ volume: untilVolume(conditions, counter) }), counter, NOW);
    expect(progress.conditions.map(({ text }) => text)).toEqual([
      "63 of 100 events in the current day, which ends at 2026-11-24 00:00 UTC",
      "63 of 100 events in the current hour and the 23 before it; the current hour ends at 2026-11-23 10:00 UTC",
      "63 of 200 events in total",
    ]);
    expect(progress.conditions[0]).toMatchObject({
      count: 63,
      missing: 37,
      windowStartsAt: Date.UTC(2026, 10, 23),
      windowEndsAt: Date.UTC(2026, 10, 24),
    });
    expect(progress.conditions[1]).toMatchObject({
      windowStartsAt: Date.UTC(2026, 10, 22, 10),
      windowEndsAt: Date.UTC(2026, 10, 23, 10),
    });
    expect(progress.conditions[2]).toMatchObject({ windowStartsAt: null, windowEndsAt: null });
  });

  test("counts what is in the window now, when time went on without events", () => {
    const counter = counted([NOW, 63]);
    const mute = muted({
      volume: untilVolume([volumeCondition(100, "day")], counter),
      deadline: { at: NOW + 5, wakeOn: "next-event" },
    });
    const tomorrow = muteProgress(mute, counter, NOW + 86_400_000);
    expect(tomorrow.conditions[0]).toMatchObject({ count: 0, missing: 100 });
    expect(tomorrow.deadline).toEqual({ at: NOW + 5, wakeOn: "next-event" });
  });
});

describe("rule 15: the reason of an unmute, in words,", () => {
  test("names the condition or deadline that ended the mute, or the command", () => {
    const reached = { kind: "volume-reached", condition: volumeCondition(5, "hour"), count: 5 } as const;
    expect(describeUnmuteReason({ ...reached, sinceMute: false })).toBe(
      "There were 5 events or more in one calendar hour.",
    );
    expect(describeUnmuteReason({ ...reached, sinceMute: true })).toBe(
      "There were 5 events or more in one calendar hour, counted from the mute.",
    );
    const passed = { kind: "deadline-passed", deadline: NOW } as const;
    expect(describeUnmuteReason({ ...passed, noticedBy: "event" })).toBe(
      "An event was received after the mute's deadline of 2026-11-23 09:30 UTC.",
    );
    expect(describeUnmuteReason({ ...passed, noticedBy: "clock" })).toBe(
      "The mute's deadline of 2026-11-23 09:30 UTC has passed.",
    );
    expect(describeUnmuteReason({ kind: "by-person" })).toBe("The mute was ended by a person.");
  });
});

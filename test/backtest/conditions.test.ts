import { describe, expect, test } from "vitest";
import { volumeCondition } from "../../src/index.ts";
import type { MuteRequest, ProjectWatchInput } from "../../src/core/index.ts";
import {
  backtest,
  type BacktestOptions,
  type BacktestRule,
  type PastEvent,
  type RuleReport,
} from "../../src/backtest/index.ts";
import { DAY, failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";

/** A mute or a watch. */
type Rule = { readonly mute: MuteRequest } | { readonly watch: ProjectWatchInput };

/** One rule on past events. */
function tested(
  events: readonly PastEvent[],
  rule: Rule,
  more: Pick<BacktestOptions, "again" | "period"> = {},
): RuleReport {
  const [report] = backtest({ events, rules: [{ name: "r", ...rule }], ...more }).rules;
  if (report === undefined) throw new Error("no report");
  return report;
}

/** When its alerts were raised, after the start. */
function timesOf({ alerts }: RuleReport): number[] {
  return alerts.map(({ at }) => at - START);
}

/** `n` events from a time after the start on, a minute from each other. */
function minutes(n: number, after = 0): number[] {
  return Array.from({ length: n }, (_, index) => START + after + index * MINUTE);
}

describe("a backtest of a watch", () => {
  test("raises an alert when a condition is met, and none until it has left its window", () => {
    const events = [...minutes(6), ...minutes(6, HOUR), ...minutes(6, 3 * HOUR)];
    const report = tested(events, { watch: { conditions: [volumeCondition(5, "hour", 2)] } });
    expect(report).toMatchObject({ kind: "watch", alertCount: 2, mutedEvents: 0, mutedAtEnd: false });
    const condition = volumeCondition(5, "hour", 2);
    expect(report.alerts).toEqual([
      {
        at: START + 4 * MINUTE,
        eventCount: 5,
        reason: { kind: "volume-reached", condition, count: 5, sinceMute: false },
      },
      {
        at: START + 3 * HOUR + 4 * MINUTE,
        eventCount: 12,
        reason: { kind: "volume-reached", condition, count: 5, sinceMute: false },
      },
    ]);
    expect(report.lastAlert).toBe(report.alerts[1]);
  });

  test("that the first event meets alerts with the second, because the first says that the issue is new", () => {
    const watch = { conditions: [volumeCondition(1, "day")] };
    expect(timesOf(tested([START, START + MINUTE, START + 2 * MINUTE, START + DAY], { watch }))).toEqual([MINUTE, DAY]);
    expect(tested([{ receivedAt: START, count: 500 }], { watch })).toMatchObject({ alertCount: 0 });
  });

  test("without conditions raises none, and raises one for each milestone", () => {
    expect(tested(minutes(50), { watch: { conditions: [] } })).toMatchObject({ alertCount: 0, alerts: [] });
    const milestones = { conditions: [10, 100, 1_000].map((volume) => volumeCondition(volume, "total")) };
    const report = tested(minutes(2_000), { watch: milestones });
    expect(timesOf(report)).toEqual([9 * MINUTE, 99 * MINUTE, 999 * MINUTE]);
    expect(report.alerts.map(({ eventCount }) => eventCount)).toEqual([10, 90, 900]);
  });

  test("takes counts of any size, and knows a spike on hourly ones", () => {
    const counts = [5, 5, 16, 1e15, 5, 49, 3e15 + 1].map((count, index) => ({ startsAt: START + index * HOUR, count }));
    const spikes = tested(counts, { watch: { conditions: [{ kind: "spike" }] } });
    expect(spikes.alerts.map(({ at, reason }) => [(at - START) / HOUR, reason])).toEqual([
      [2, { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 16, usual: 5 }],
      [3, { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 49, usual: 16 }],
      [6, { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 3e15 + 1, usual: 1e15 }],
    ]);
  });

  test("knows on daily counts when an issue is louder than usual", () => {
    const counts = [20, 30, 40, 301, 20, 0, 0].map((count, index) => ({
      startsAt: Date.UTC(2026, 0, 5 + index),
      count,
    }));
    const [alert] = tested(counts, { watch: { conditions: [{ kind: "louder" }] } }).alerts;
    expect(alert).toMatchObject({ at: Date.UTC(2026, 0, 8), reason: { kind: "got-louder", count: 301, usual: 30 } });
  });
});

describe("a backtest of events with a count or a user", () => {
  test("counts an event as many times as it stands for, in one step as a tracker does", () => {
    const events = [START, { receivedAt: START + MINUTE, count: 25 }, { receivedAt: START + 2 * MINUTE, count: 4 }];
    const report = tested(events, { mute: { conditions: [volumeCondition(10, "total")], sinceMute: true } });
    expect(report).toMatchObject({ alertCount: 1, mutedEvents: 29, mutedAtEnd: true });
    expect(report.alerts).toMatchObject([{ at: START + MINUTE, reason: { count: 25 }, eventCount: 25 }]);
  });

  const visits = (users: readonly string[], after = 0) =>
    users.map((userId, index) => ({ receivedAt: new Date(START + after + index * MINUTE), userId }));

  test("ends a mute by users of a day, each once", () => {
    const events = [...visits(["a", "b", "a"]), ...visits(["a", "b", "a", "b", "c"], DAY), ...visits(["c"], 2 * DAY)];
    const report = tested(events, { mute: { conditions: [{ kind: "users", users: 3, days: 1 }] } });
    expect(timesOf(report)).toEqual([DAY + 4 * MINUTE]);
    expect(report.alerts[0]?.reason).toMatchObject({ kind: "users-reached", count: 3, sinceMute: false });
    expect(report.mutedAtEnd).toBe(true);
  });

  test("ends a mute by users since it began, also by those who occurred before", () => {
    const events = [...visits(["a", "b", "c"]), START + HOUR, ...visits(["b", "b", "c", "d", "e"], DAY)];
    const report = tested(events, { mute: { conditions: [{ kind: "users", users: 2 }] } });
    expect(timesOf(report)).toEqual([2 * MINUTE, DAY + 2 * MINUTE, DAY + 4 * MINUTE]);
  });

  test("watches for users of several days", () => {
    const events = [...visits(["a"]), ...visits(["b"], DAY), ...visits(["c"], 2 * DAY), ...visits(["d"], 6 * DAY)];
    const watch = (days: number): Rule => ({ watch: { conditions: [{ kind: "users", users: 3, days }] } });
    expect(timesOf(tested(events, watch(2)))).toEqual([]);
    expect(timesOf(tested(events, watch(3)))).toEqual([2 * DAY]);
  });

  test.each<[string, readonly PastEvent[]]>([
    ["counts have no users", [{ startsAt: START, count: 5 }, ...visits(["a"], HOUR)]],
    ["none of the events has a user", [START, { receivedAt: START + 1 }]],
  ])("refuses a condition on users because %s", async (because, events) => {
    for (const member of ["mute", "watch"]) {
      const conditions = [volumeCondition(5, "day"), { kind: "users", users: 5, days: 1 }];
      const rules = [
        { name: "fits", mute: {} },
        { name: "users", [member]: { conditions } },
      ];
      const trying = Promise.resolve().then(() => Reflect.apply(backtest, undefined, [{ events, rules }]));
      expect(await failureOf(trying)).toMatchObject({
        code: "invalid-input",
        field: `options.rules[1].${member}.conditions[1].kind`,
        message: expect.stringContaining(`because ${because}`),
      });
    }
  });

  test("without any events takes a condition on users", () => {
    expect(tested([], { watch: { conditions: [{ kind: "users", users: 5, days: 1 }] } }).alertCount).toBe(0);
  });
});

describe("a backtest of a mute until it spikes, or is louder", () => {
  test("mutes again when the hour of the spike ends", () => {
    const events = [...minutes(3), ...minutes(30, HOUR), START + 2 * HOUR];
    const report = tested(events, { mute: { conditions: [{ kind: "spike" }] } });
    expect(timesOf(report)).toEqual([HOUR + 10 * MINUTE]);
    expect(report).toMatchObject({ mutedEvents: 2 + 11 + 1, mutedAtEnd: true });
  });

  test("mutes again as soon as a late event shows that the hour was usual", () => {
    const late = new Array<number>(9).fill(START);
    const events = [...minutes(3), ...minutes(11, HOUR), ...late, START + HOUR + 15 * MINUTE];
    const report = tested(events, { mute: { conditions: [{ kind: "spike" }] } });
    expect(timesOf(report)).toEqual([HOUR + 10 * MINUTE]);
    // With three late events the hour before has 6: then 11 are too few for a spike, which has to be above 18.
    expect(report).toMatchObject({ mutedEvents: 2 + 11 + 8 + 1, mutedAtEnd: true });
  });

  test("finds out anew at each mute what is usual", () => {
    const perDay = [60, 70, 80, 800, 60, 60, 60, 701];
    const events = perDay.flatMap((n, day) => minutes(n, day * DAY - 9 * HOUR));
    const report = tested(events, { mute: { conditions: [{ kind: "louder" }] } });
    expect(report.alerts.map(({ at, reason }) => [Math.floor((at - START + 9 * HOUR) / DAY), reason])).toMatchObject([
      [0, { count: 51, usual: 0 }],
      [3, { count: 601, usual: 60 }],
      // The new mute of the same day has the median of three days.
      [3, { count: 701, usual: 70 }],
    ]);
  });

  test("takes no longer for counts without bounds", () => {
    const sinceMute: MuteRequest = {
      conditions: [volumeCondition(3, "total"), { kind: "spike", floor: 1e9 }],
      sinceMute: true,
    };
    const report = tested([{ startsAt: START, count: 1e13 }], { mute: sinceMute }, { period: "hour" });
    // Since each mute there are three events at most: none of them gets as far as a spike.
    expect(report).toMatchObject({ alertCount: Math.floor((1e13 - 1) / 3), mutedAtEnd: true });
    expect(report.lastAlert).toMatchObject({ reason: { kind: "volume-reached", count: 3 } });
  });
});

describe("a backtest of a mute with a quiet time", () => {
  const again = { period: "hour", nrOfPeriods: 6 } as const;
  const events = [...minutes(20), START + 3 * HOUR, START + 4 * HOUR, ...minutes(20, 12 * HOUR)];
  const conditions = [volumeCondition(5, "hour")];

  test("is muted again when it was quiet for so long, and not before", () => {
    const report = tested(events, { mute: { conditions, again } });
    expect(timesOf(report)).toEqual([4 * MINUTE, 12 * HOUR + 4 * MINUTE]);
    // The events from 09:05 to 13:00 found the issue open, those from 21:00 on found it muted.
    expect(report).toMatchObject({ mutedEvents: 4 + 5, mutedAtEnd: false });
  });

  test("is muted again by itself, whatever the option says of other rules", () => {
    expect(tested(events, { mute: { conditions, again } }, { again: false }).alertCount).toBe(2);
    expect(tested(events, { mute: { conditions } }, { again: false }).alertCount).toBe(1);
  });

  test("waits for the end of a period with which a condition is not met any more", () => {
    const until = [...minutes(5), START + DAY + 12 * HOUR];
    const mute: MuteRequest = { conditions: [volumeCondition(5, "day")], again: { period: "hour", nrOfPeriods: 1 } };
    const report = tested(until, { mute });
    expect(report).toMatchObject({ alertCount: 1, mutedEvents: 5, mutedAtEnd: true });
  });

  test("begins again as soon as it was quiet, where only events since the mute count", () => {
    const mute: MuteRequest = {
      conditions: [volumeCondition(30, "day"), { kind: "spike" }],
      sinceMute: true,
      again: { period: "minute", nrOfPeriods: 5 },
    };
    const report = tested([...minutes(31), START + HOUR + MINUTE, START + HOUR + 2 * MINUTE], { mute });
    expect(timesOf(report)).toEqual([11 * MINUTE]);
    expect(report).toMatchObject({ mutedEvents: 11 + 2, mutedAtEnd: true });
  });

  test("stays open for good when a condition on the total is met", () => {
    const mute = { conditions: [volumeCondition(5, "total")], again };
    expect(tested([...minutes(5), START + 100 * DAY], { mute })).toMatchObject({ alertCount: 1, mutedAtEnd: false });
  });

  test("counts a deadline and the quiet time after it without end", () => {
    const mute: MuteRequest = {
      for: { period: "hour", nrOfPeriods: 2 },
      wakeOn: "deadline",
      again: { period: "hour", nrOfPeriods: 1 },
    };
    const few = tested([START, START + DAY], { mute });
    expect(few.alerts.map(({ at }) => (at - START) / HOUR)).toEqual([2, 5, 8, 11, 14, 17, 20, 23]);
    // At the 24th hour the clock mutes it before the event.
    expect(few).toMatchObject({ mutedEvents: 1, mutedAtEnd: true });
    const hours = Math.floor((Date.UTC(9998, 0) - START) / HOUR);
    const many = tested([START, START + hours * HOUR], { mute });
    expect(many.alertCount).toBe(Math.floor((hours - 2) / 3) + 1);
    expect(many.lastAlert?.at).toBe(START + (2 + 3 * Math.floor((hours - 2) / 3)) * HOUR);
    const next = tested([START, START + hours * HOUR], { mute: { ...mute, wakeOn: "next-event" } });
    expect(next).toMatchObject({ alertCount: 1, mutedAtEnd: false });
  });
});

test("mutes and watches stand next to each other in the table and in the picture", () => {
  const rules: readonly BacktestRule[] = [
    { name: "5 an hour", mute: { conditions: [volumeCondition(5, "hour")] } },
    { name: "watch", watch: { conditions: [volumeCondition(5, "hour")] } },
  ];
  const report = backtest({ events: minutes(12), rules });
  expect(report.toText()).toBe(
    [
      "12 events, 2026-11-23 09:00 UTC to 2026-11-23 09:11 UTC",
      "rule       alerts  first                 last                  muted events",
      "5 an hour       1  2026-11-23 09:04 UTC  2026-11-23 09:04 UTC        33.3 %",
      "watch           1  2026-11-23 09:04 UTC  2026-11-23 09:04 UTC             -",
    ].join("\n"),
  );
  expect(report.toSvg()).toContain("watch: 1 alert.<");
  expect(report.toSvg()).toContain(">1 alert</text>");
  expect(report.toSvg()).toContain(">1 alert, 33.3 % muted</text>");
});

import { describe, expect, test } from "vitest";
import type { Period } from "../../src/core/index.ts";
import { createMemoryStore, volumeCondition } from "../../src/index.ts";
import { backtest, MAX_LISTED_ALERTS, type BacktestRule } from "../../src/backtest/index.ts";
import { failureOf, DAY, HOUR, MINUTE, Scenario, START } from "../support/scenario.ts";

describe("a backtest", () => {
  test("says when rules would have ended the mute, how often and why, and compares them", () => {
    const events = Array.from({ length: 12 }, (_, index) => START + index * 10 * MINUTE);
    const rules = [
      { name: "5 an hour", mute: { conditions: [volumeCondition(5, "hour")] } },
      { name: "10 in all", mute: { conditions: [volumeCondition(10, "total")] } },
      { name: "an hour", mute: { for: { period: "hour", nrOfPeriods: 1 } } },
      { name: "for ever", mute: {} },
    ] as const;
    const report = backtest({ events, rules });
    expect(report.rules[0]).toEqual({
      name: "5 an hour",
      kind: "mute",
      alertCount: 2,
      lastAlert: expect.objectContaining({ at: START + 100 * MINUTE }),
      alerts: [
        {
          at: START + 40 * MINUTE,
          reason: { kind: "volume-reached", condition: rules[0].mute.conditions[0], count: 5, sinceMute: false },
          eventCount: 4,
        },
        {
          at: START + 100 * MINUTE,
          reason: { kind: "volume-reached", condition: rules[0].mute.conditions[0], count: 5, sinceMute: false },
          eventCount: 5,
        },
      ],
      mutedEvents: 9,
      mutedAtEnd: false,
    });
    expect(report.toText()).toBe(
      [
        "12 events, 2026-11-23 09:00 UTC to 2026-11-23 10:50 UTC",
        "rule       alerts  first                 last                  muted events",
        "5 an hour       2  2026-11-23 09:40 UTC  2026-11-23 10:40 UTC        75.0 %",
        "10 in all       1  2026-11-23 10:30 UTC  2026-11-23 10:30 UTC        75.0 %",
        "an hour         1  2026-11-23 10:10 UTC  2026-11-23 10:10 UTC        91.7 %",
        "for ever        0  -                     -                           91.7 %",
      ].join("\n"),
    );
    expect(report.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(12);
  });

  test("with again: false reports the first unmute only", () => {
    const events = Array.from({ length: 20 }, (_, index) => START + index * MINUTE);
    const rules = [{ name: "more", mute: { conditions: [volumeCondition(3, "total")], sinceMute: true } }];
    expect(backtest({ events, rules }).rules[0]?.alerts).toHaveLength(6);
    const [first] = backtest({ events, rules, again: false }).rules;
    expect(first).toMatchObject({ alerts: [{ at: START + 3 * MINUTE }], mutedEvents: 3, mutedAtEnd: false });
  });

  test("mutes again at the unmute itself: days 0, 8, 13 and 17 give two alerts for a week each", () => {
    const events = [0, 8, 13, 17].map((day) => START + day * DAY);
    const [report] = backtest({
      events,
      rules: [{ name: "a week", mute: { for: { period: "week", nrOfPeriods: 1 } } }],
    }).rules;
    expect(report?.alerts.map(({ at }) => (at - START) / DAY)).toEqual([8, 17]);
    expect(report?.mutedAtEnd).toBe(true);
  });

  test("mutes again when the period ends with which the condition is not met any more", () => {
    // 5 events at 09:00 meet the condition until 11:00, when they leave the window. The mute of 2 hours then ends at 13:00.
    const events = [...new Array<number>(5).fill(START), START + 4 * HOUR + 1];
    const mute: BacktestRule["mute"] = {
      conditions: [volumeCondition(5, "hour", 2)],
      for: { period: "hour", nrOfPeriods: 2 },
      wakeOn: "deadline",
    };
    const [report] = backtest({ events, rules: [{ name: "5 in 2 hours, or 2 hours", mute }] }).rules;
    expect(report?.alerts.map(({ at, reason }) => [at - START, reason.kind])).toEqual([
      [0, "volume-reached"],
      [4 * HOUR, "deadline-passed"],
    ]);
  });

  test("lets a deadline that the clock notices follow the other, without events", () => {
    const mute: BacktestRule["mute"] = { for: { period: "hour", nrOfPeriods: 6 }, wakeOn: "deadline" };
    const [report] = backtest({ events: [START, START + DAY], rules: [{ name: "6 hours", mute }] }).rules;
    expect(report?.alerts.map(({ at }) => (at - START) / HOUR)).toEqual([6, 12, 18, 24]);
  });

  test("takes a store's own counts, and a deadline that the clock notices", () => {
    const events = [
      { startsAt: START, count: 40 },
      { startsAt: START + HOUR, count: 0 },
      { startsAt: START + 2 * HOUR, count: 70 },
      { startsAt: START + 3 * HOUR, count: 0 },
    ];
    const until = START + 3 * HOUR;
    const rules: BacktestRule[] = [
      { name: "50 an hour", mute: { conditions: [volumeCondition(50, "hour")] } },
      { name: "50 more", mute: { conditions: [volumeCondition(50, "total")], sinceMute: true } },
      { name: "until then", mute: { until, wakeOn: "deadline" } },
    ];
    const report = backtest({ events, period: "hour", rules });
    expect(report).toMatchObject({ eventCount: 110, from: START, to: START + 3 * HOUR });
    expect(report.rules.map(({ alerts }) => alerts.map(({ at, eventCount }) => [at, eventCount]))).toEqual([
      [[START + 2 * HOUR, 89]],
      [
        [START + 2 * HOUR, 50],
        [START + 2 * HOUR, 50],
      ],
      [[until, 109]],
    ]);
    expect(report.rules.map(({ mutedEvents }) => mutedEvents)).toEqual([89, 109, 109]);
    expect(report.rules[0]?.alerts[0]?.reason).toMatchObject({ count: 50 });
  });

  test("ends a deadline within a count's period by the count's events, which come throughout the period", () => {
    const events = [0, 7, 14].map((day) => ({ startsAt: Date.UTC(2026, 0, 5 + day), count: 10 }));
    const rules = [{ name: "a week", mute: { for: { period: "week", nrOfPeriods: 1 } } }] as const;
    expect(backtest({ events, period: "day", rules }).rules[0]).toMatchObject({ alertCount: 2 });
  });

  test.each<[string, BacktestRule["mute"], string]>([
    ["hour", { conditions: [volumeCondition(9, "day"), volumeCondition(5, "minute")] }, "conditions[1].period"],
    ["hour", { for: { period: "minute", nrOfPeriods: 120 } }, "for.period"],
    ["hour", { until: START + DAY + 1 }, "until"],
    ["day", { conditions: [volumeCondition(5, "hour", 24)] }, "conditions[0].period"],
    ["day", { until: START + DAY }, "until"],
    ["week", { conditions: [volumeCondition(5, "month")] }, "conditions[0].period"],
    ["week", { for: { period: "year", nrOfPeriods: 1 } }, "for.period"],
    ["month", { conditions: [volumeCondition(5, "week")] }, "conditions[0].period"],
    ["day", { conditions: [{ kind: "spike" }] }, "conditions[0].kind"],
    ["week", { conditions: [{ kind: "louder" }] }, "conditions[0].kind"],
    ["week", { conditions: [volumeCondition(5, "week"), { kind: "users", users: 5, days: 7 }] }, "conditions[1].kind"],
    [
      "hour",
      { conditions: [volumeCondition(5, "hour")], again: { period: "minute", nrOfPeriods: 90 } },
      "again.period",
    ],
  ])("refuses on counts per %s the rule %j, which is finer", async (period, mute, member) => {
    const rules = [
      { name: "fits", mute: {} },
      { name: "too fine", mute },
    ];
    const trying = Promise.resolve().then(() => Reflect.apply(backtest, undefined, [{ events: [], period, rules }]));
    const field = `options.rules[1].mute.${member}`;
    expect(await failureOf(trying)).toMatchObject({
      code: "invalid-input",
      field,
      message: expect.stringMatching(
        new RegExp(`because the counts that rule "too fine" is tested on are per ${period}`),
      ),
    });
  });

  test("knows the period of the counts that a tracker returns", async () => {
    const story = await Scenario.begin(createMemoryStore());
    const { issue } = await story.event();
    for (const [period, finer] of [
      ["hour", "minute"],
      ["day", "hour"],
      ["week", "day"],
      ["month", "day"],
    ] as const) {
      const events = await story.tracker.issues.eventCounts(issue.id, { period });
      const ruleIn = (of: Period) => [{ name: "r", mute: { conditions: [volumeCondition(2, of)] } }];
      expect(backtest({ events, rules: ruleIn(period) }).eventCount).toBe(1);
      expect(() => backtest({ events, rules: ruleIn(finer) })).toThrow(`are per ${period}`);
    }
    await story.tracker.close();
  });

  test("takes counts for longer ones than they are rather than for shorter ones, and says how to correct it", () => {
    const events = [{ startsAt: Date.UTC(2026, 10, 24), count: 7 }];
    const rules = [{ name: "r", mute: { conditions: [volumeCondition(5, "hour")] } }];
    expect(() => backtest({ events, rules })).toThrow(/are per day as far as .* options\.period/u);
    expect(backtest({ events, rules, period: "hour" }).eventCount).toBe(7);
  });

  test("says which periods a rule may have on counts", () => {
    const rules = [{ name: "5 a minute", mute: { conditions: [volumeCondition(5, "minute")] } }];
    expect(() => backtest({ events: [], period: "day", rules })).toThrow(
      'options.rules[0].mute.conditions[0].period: got "minute"; allowed is one of "day", "week", "month", "year", "total", ' +
        'because the counts that rule "5 a minute" is tested on are per day.',
    );
    const until = [{ name: "until lunch", mute: { until: START + 1 } }];
    expect(() => backtest({ events: [], period: "hour", rules: until })).toThrow(
      "allowed is the beginning of an hour in UTC, because the counts that",
    );
  });

  test("says how many events were late, and counts them as a tracker does", () => {
    const events = [START, START + 2 * HOUR, START + HOUR, { startsAt: START, count: 2 }, START + 2 * HOUR];
    const rules = [{ name: "3 in 2 hours", mute: { conditions: [volumeCondition(3, "hour", 2)] } }];
    const report = backtest({ events, period: "hour", rules });
    expect(report).toMatchObject({ eventCount: 6, lateEvents: 3, from: START, to: START + 2 * HOUR });
    expect(report.rules[0]?.alerts.map(({ at }) => at)).toEqual([START + 2 * HOUR]);
    expect(report.toText()).toContain("6 events (3 late: older than one before), 2026-11-23 09:00 UTC to");
  });

  test("lists the first alerts, counts all, and keeps the last", () => {
    const events = Array.from({ length: 10_000 }, (_, index) => START + index * MINUTE);
    const rules = [{ name: "more", mute: { conditions: [volumeCondition(3, "total")], sinceMute: true } }];
    const report = backtest({ events, rules });
    expect(report.rules[0]).toMatchObject({
      alertCount: 3_333,
      lastAlert: { at: START + 9_999 * MINUTE },
      mutedEvents: 9_999,
    });
    expect(report.rules[0]?.alerts).toHaveLength(MAX_LISTED_ALERTS);
    expect(report.histogram.length).toBeLessThanOrEqual(120);
    expect(report.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
    expect(report.toText()).toContain("3333");
  });

  test("takes no longer for counts and times without bounds", () => {
    const end = Date.UTC(9998, 0);
    const rules: BacktestRule[] = [
      { name: "each", mute: { conditions: [volumeCondition(7, "total"), volumeCondition(3, "day")], sinceMute: true } },
      { name: "each minute", mute: { for: { period: "minute", nrOfPeriods: 1 }, wakeOn: "deadline" } },
    ];
    const count = 1_000_000_000_000;
    const report = backtest({ events: [{ startsAt: START, count }, START + 1, end], period: "minute", rules });
    expect(report.rules[0]).toMatchObject({
      alertCount: Math.floor(count / 3),
      lastAlert: { at: START, eventCount: 3 },
      mutedEvents: count + 1,
      mutedAtEnd: true,
    });
    expect(report.rules[1]).toMatchObject({
      alertCount: (end - START) / MINUTE,
      lastAlert: { at: end, eventCount: 0 },
    });
    expect(report.toSvg()).toContain("</svg>");
  });

  test("without events is empty", () => {
    const report = backtest({ events: [], rules: [{ name: "r", mute: {} }] });
    expect(report).toMatchObject({ eventCount: 0, from: null, to: null, histogram: [], rules: [{ alerts: [] }] });
    expect(report.toText()).toContain("0 events\n");
    expect(report.toSvg()).toContain("</svg>");
  });

  test("takes dates, and any iterable", () => {
    function* events() {
      yield new Date(START);
      yield { startsAt: new Date(START + MINUTE), count: 3 };
    }
    const rules = [{ name: "a", mute: { until: new Date(START + HOUR) } }];
    expect(Reflect.apply(backtest, undefined, [{ events: events(), period: "minute", rules }])).toMatchObject({
      eventCount: 4,
      from: START,
      to: START + MINUTE,
    });
  });

  const rule = { name: "r", mute: {} };
  test.each([
    [undefined, "options"],
    [{ events: [], rules: [] }, "options.rules"],
    [{ events: [], rules: Array.from({ length: 21 }, () => rule) }, "options.rules"],
    [{ events: [], rules: [{ name: "", mute: {} }] }, "options.rules[0].name"],
    [{ events: [], rules: [null] }, "options.rules[0]"],
    [{ events: [], rules: new Array(1) }, "options.rules[0]"],
    [{ events: [], rules: [{ name: "r", rule: {} }] }, "options.rules[0]"],
    [{ events: [], rules: [{ name: "r" }] }, "options.rules[0]"],
    [{ events: [], rules: [{ ...rule, watch: { conditions: [] } }] }, "options.rules[0]"],
    [{ events: [], rules: [{ name: "r", watch: { condition: [] } }] }, "options.rules[0].watch"],
    [
      { events: [], rules: [{ name: "r", watch: { conditions: [{ kind: "users", users: 5 }] } }] },
      "options.rules[0].watch.conditions[0].days",
    ],
    [{ events: [{}], rules: [rule] }, "options.events[0].startsAt"],
    [{ events: [{ receivedAt: 0, id: "e" }], rules: [rule] }, "options.events[0]"],
    [{ events: [{ receivedAt: 0, count: 0 }], rules: [rule] }, "options.events[0].count"],
    [{ events: [{ receivedAt: 0, userId: "" }], rules: [rule] }, "options.events[0].userId"],
    [{ events: [{ receivedAt: 0, startsAt: 0 }], rules: [rule] }, "options.events[0]"],
    [{ events: [], rules: [{ name: "r", mute: { condition: [] } }] }, "options.rules[0].mute"],
    [{ events: [], rules: [rule], again: "yes" }, "options.again"],
    [{ events: [], rules: [rule], agian: true }, "options"],
    [{ event: [], rules: [rule] }, "options"],
    [{ events: 5, rules: [rule] }, "options.events"],
    [{ events: { [Symbol.iterator]: 5 }, rules: [rule] }, "options.events"],
    [{ events: { [Symbol.iterator]: (): unknown => 5 }, rules: [rule] }, "options.events"],
    [{ events: [-1], rules: [rule] }, "options.events[0]"],
    [{ events: [new Date(Number.NaN)], rules: [rule] }, "options.events[0]"],
    [{ events: [null], rules: [rule] }, "options.events[0]"],
    [{ events: [0, { startsAt: 0, count: 0.5 }], rules: [rule], period: "hour" }, "options.events[1].count"],
    [{ events: [{ startsAt: 0, count: 1, more: 1 }], rules: [rule] }, "options.events[0]"],
    [{ events: new Set([{ startsAt: 0, count: 1 }]), rules: [rule] }, "options.period"],
    [{ events: [{ startsAt: MINUTE + 1, count: 1 }], rules: [rule] }, "options.events[0].startsAt"],
    [{ events: [], rules: [rule], period: "total" }, "options.period"],
    [{ events: [{ startsAt: MINUTE, count: 1 }], rules: [rule], period: "hour" }, "options.events[0].startsAt"],
    [{ events: [{ startsAt: 0, count: Number.MAX_SAFE_INTEGER }, 1], rules: [rule], period: "hour" }, "options.events"],
    [{ events: [{ startsAt: DAY, count: 1 }], rules: [rule], period: "week" }, "options.events[0].startsAt"],
    [{ events: [0], rules: [{ name: "r", mute: { conditions: "many" } }] }, "options.rules[0].mute.conditions"],
  ])("refuses %j", async (options, field) => {
    const trying = Promise.resolve().then(() => Reflect.apply(backtest, undefined, [options]));
    expect(await failureOf(trying)).toMatchObject({ code: "invalid-input", field });
  });
});

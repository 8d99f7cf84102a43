import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMemoryStore, createIssueTracker, volumeCondition, type MuteRequest } from "../../src/index.ts";
import { backtest, type BacktestRule } from "../../src/backtest/index.ts";
import { condition, startInstant, stepMs } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { failureOf, HOUR, MINUTE, START } from "../support/scenario.ts";

/** What a real tracker does with the rule, set again by hand whenever it can be. */
async function played(times: readonly number[], mute: MuteRequest): Promise<number[]> {
  let now = 0;
  const tracker = createIssueTracker({ store: createMemoryStore(), clock: { now: () => now } });
  await tracker.projects.save({ id: "shop" });
  const wakes: number[] = [];
  let id = "";
  const set = () => tracker.issues.mute(id, mute).catch(() => undefined);
  for (const at of times) {
    now = at;
    for (;;) {
      const issue = id === "" ? undefined : await tracker.issues.get(id);
      const deadline = issue?.state.status === "muted" ? issue.state.mute.deadline : null;
      if ((await tracker.tick()).unmuted === 0) break;
      now = deadline?.at ?? Number.NaN;
      wakes.push(now);
      await set();
      now = at;
    }
    if (id !== "" && (await tracker.issues.get(id))?.state.status === "open") await set();
    const outcome = await tracker.digest({ projectId: "shop" });
    if (outcome.kind !== "digested") throw new Error("a duplicate");
    id = outcome.issue.id;
    if (outcome.created) await set();
    if (outcome.unmuted !== null) wakes.push(at);
  }
  return wakes;
}

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
      unmutes: [
        {
          at: START + 40 * MINUTE,
          reason: { kind: "volume-reached", condition: rules[0].mute.conditions[0], count: 5, sinceMute: false },
          eventsSinceMute: 4,
        },
        {
          at: START + 100 * MINUTE,
          reason: { kind: "volume-reached", condition: rules[0].mute.conditions[0], count: 5, sinceMute: false },
          eventsSinceMute: 5,
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
    expect(report.toSvg().match(/<circle/gu)).toHaveLength(4);
    expect(report.histogram.reduce((sum, count) => sum + count, 0)).toBe(12);
  });

  test("with again: false reports the first unmute only", () => {
    const events = Array.from({ length: 20 }, (_, index) => START + index * MINUTE);
    const rules = [{ name: "more", mute: { conditions: [volumeCondition(3, "total")], sinceMute: true } }];
    expect(backtest({ events, rules }).rules[0]?.unmutes).toHaveLength(6);
    const [first] = backtest({ events, rules, again: false }).rules;
    expect(first).toMatchObject({ unmutes: [{ at: START + 3 * MINUTE }], mutedEvents: 3, mutedAtEnd: false });
  });

  test("takes a store's own counts, and a deadline that the clock notices", () => {
    const events = [
      { startsAt: START, count: 40 },
      { startsAt: START + HOUR, count: 0 },
      { startsAt: START + 2 * HOUR, count: 70 },
    ];
    const until = START + HOUR + 5;
    const rules: BacktestRule[] = [
      { name: "50 an hour", mute: { conditions: [volumeCondition(50, "hour")] } },
      { name: "until then", mute: { until, wakeOn: "deadline" } },
    ];
    const report = backtest({ events, rules });
    expect(report.eventCount).toBe(110);
    expect(report.rules.map(({ unmutes: wakes }) => wakes.map(({ at }) => at))).toEqual([[START + 2 * HOUR], [until]]);
    expect(report.rules[1]).toMatchObject({ mutedAtEnd: false, mutedEvents: 0 });
  });

  test("without events is empty", () => {
    const report = backtest({ events: [], rules: [{ name: "r", mute: {} }] });
    expect(report).toMatchObject({ eventCount: 0, from: null, to: null, histogram: [], rules: [{ unmutes: [] }] });
    expect(report.toText()).toContain("0 events\n");
    expect(report.toSvg()).toContain("</svg>");
  });

  test("does what a real tracker does, event by event, when the rule is set again by hand", async () => {
    const rule = fc.record({
      condition,
      sinceMute: fc.boolean(),
      hours: fc.option(fc.integer({ min: 1, max: 30 })),
      wakes: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        startInstant,
        fc.array(stepMs, { minLength: 1, maxLength: 40 }),
        rule,
        async (start, steps, given) => {
          let now = start;
          const times = steps.map((step) => (now = Math.max(0, now + Math.abs(step))));
          const mute: MuteRequest = {
            conditions: [given.condition],
            sinceMute: given.sinceMute,
            ...(given.hours !== null && {
              for: { period: "hour", nrOfPeriods: given.hours },
              wakeOn: given.wakes ? "deadline" : "next-event",
            }),
          };
          const [report] = backtest({ events: times, rules: [{ name: "r", mute }] }).rules;
          expect(report?.unmutes.map(({ at }) => at)).toEqual(await played(times, mute));
        },
      ),
      { numRuns: rounds({ quick: 12, full: 150 }) },
    );
  });

  test("takes dates, and any iterable", () => {
    function* events() {
      yield new Date(START);
      yield { startsAt: new Date(START + MINUTE), count: 3 };
    }
    const rules = [{ name: "a", mute: { until: new Date(START + HOUR) } }];
    expect(Reflect.apply(backtest, undefined, [{ events: events(), rules }])).toMatchObject({
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
    [{ events: [0, { startsAt: 0, count: 0.5 }], rules: [rule] }, "options.events[1].count"],
    [{ events: [{ startsAt: 0, count: 1, more: 1 }], rules: [rule] }, "options.events[0]"],
    [{ events: [0], rules: [{ name: "r", mute: { conditions: "many" } }] }, "options.rules[0].mute.conditions"],
  ])("refuses %j", async (options, field) => {
    const trying = Promise.resolve().then(() => Reflect.apply(backtest, undefined, [options]));
    expect(await failureOf(trying)).toMatchObject({ code: "invalid-input", field });
  });
});

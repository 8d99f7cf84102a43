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
  test("says when rules would have woken, how often and why, and compares them", () => {
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
      wakes: [
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
      quietEvents: 9,
      quietAtEnd: false,
    });
    expect(report.toText()).toBe(
      [
        "12 events, 2026-11-23 09:00 UTC to 2026-11-23 10:50 UTC",
        "rule       alerts  first                 last                  quiet events",
        "5 an hour       2  2026-11-23 09:40 UTC  2026-11-23 10:40 UTC        75.0 %",
        "10 in all       1  2026-11-23 10:30 UTC  2026-11-23 10:30 UTC        75.0 %",
        "an hour         1  2026-11-23 10:10 UTC  2026-11-23 10:10 UTC        91.7 %",
        "for ever        0  -                     -                           91.7 %",
      ].join("\n"),
    );
    expect(report.toSvg().match(/<circle/gu)).toHaveLength(4);
    expect(report.histogram.reduce((sum, count) => sum + count, 0)).toBe(12);
  });

  test("can say when a rule would have woken first", () => {
    const events = Array.from({ length: 20 }, (_, index) => START + index * MINUTE);
    const rules = [{ name: "more", mute: { conditions: [volumeCondition(3, "total")], sinceMute: true } }];
    expect(backtest({ events, rules }).rules[0]?.wakes).toHaveLength(6);
    const [first] = backtest({ events, rules, again: false }).rules;
    expect(first).toMatchObject({ wakes: [{ at: START + 3 * MINUTE }], quietEvents: 3, quietAtEnd: false });
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
    expect(report.rules.map(({ wakes }) => wakes.map(({ at }) => at))).toEqual([[START + 2 * HOUR], [until]]);
    expect(report.rules[1]).toMatchObject({ quietAtEnd: false, quietEvents: 0 });
  });

  test("of nothing is nothing", () => {
    const report = backtest({ events: [], rules: [{ name: "r", mute: {} }] });
    expect(report).toMatchObject({ eventCount: 0, from: null, to: null, histogram: [], rules: [{ wakes: [] }] });
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
          expect(report?.wakes.map(({ at }) => at)).toEqual(await played(times, mute));
        },
      ),
      { numRuns: rounds({ quick: 25, full: 150 }) },
    );
  });

  test.each([
    [{ events: [], rules: [] }, "rules"],
    [{ events: [], rules: [{ name: "", mute: {} }] }, "rules[0].name"],
    [{ events: [], rules: [null] }, "rules[0]"],
    [{ events: [], rules: [{ name: "r", rule: {} }] }, "rules[0]"],
    [{ events: [], rules: [{ name: "r", mute: { condition: [] } }] }, "mute"],
    [{ events: [], rules: [{ name: "r", mute: {} }], again: "yes" }, "again"],
    [{ event: [], rules: [{ name: "r", mute: {} }] }, "options"],
    [{ events: [-1], rules: [{ name: "r", mute: {} }] }, "events[0]"],
    [{ events: [{ startsAt: 0, count: 0.5 }], rules: [{ name: "r", mute: {} }] }, "events[0].count"],
    [{ events: [0], rules: [{ name: "r", mute: { conditions: "many" } }] }, "mute.conditions"],
  ])("refuses %j", async (options, field) => {
    const trying = Promise.resolve().then(() => Reflect.apply(backtest, undefined, [options]));
    expect(await failureOf(trying)).toMatchObject({ code: "invalid-input", field });
  });
});

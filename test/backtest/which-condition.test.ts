import { beforeAll, describe, expect, test } from "vitest";
import { backtest, type BacktestRule, type RuleReport } from "../../src/backtest/index.ts";
import type { ConditionInput } from "../../src/core/index.ts";
import { volumeCondition } from "../../src/index.ts";
import { read } from "../support/examples.ts";
import { DAY, HOUR, MINUTE } from "../support/scenario.ts";
import {
  evenInstants,
  namedSeries,
  randomInstants,
  seededRandom,
  SERIES_START,
  type Series,
} from "../support/series.ts";

/** The conditions of the guide, by the heads of its table. */
const CONDITIONS: readonly (readonly [string, ConditionInput])[] = [
  ["`spike`", { kind: "spike" }],
  ["`louder`", { kind: "louder" }],
  ["5,000 events in 24 hours", volumeCondition(5_000, "hour", 24)],
  ["200 users a day", { kind: "users", users: 200, days: 1 }],
];

/** When each condition alerted in a series after its weeks of ordinary life, from the time on that is not ordinary. */
function played({ events, observedFrom, changesAt = observedFrom }: Series, use: "mute" | "watch"): number[][] {
  const rules = CONDITIONS.map(([name, condition]): BacktestRule =>
    use === "mute" ? { name, mute: { conditions: [condition] } } : { name, watch: { conditions: [condition] } },
  );
  return backtest({ events, rules }).rules.map(({ alerts }) =>
    alerts.flatMap(({ at }) => (at >= observedFrom ? at - changesAt : [])),
  );
}

/** How often a watch alerted, and how soon; or how soon a mute ended. */
function inWords(use: "mute" | "watch", [first, ...others]: readonly number[]): string {
  if (first === undefined) return "–";
  const after = `after ${durationInWords(first)}`;
  return use === "mute" || others.length === 0 ? after : `${after}, ${String(others.length + 1)} in all`;
}

function durationInWords(ms: number): string {
  if (ms < 2 * HOUR) return `${String(Math.ceil(ms / MINUTE))} minutes`;
  return ms < 2 * DAY ? `${String(Math.ceil(ms / HOUR))} hours` : `${String(Math.ceil(ms / DAY))} days`;
}

/** A table in Markdown, as it is formatted in this project. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}

const GUIDE = "docs/conditions.md";

describe("the guide on conditions says what each does with ordinary and extraordinary weeks", () => {
  const found = { mute: new Map<string, number[][]>(), watch: new Map<string, number[][]>() };
  beforeAll(() => {
    for (const series of namedSeries()) {
      for (const use of ["mute", "watch"] as const) found[use].set(series.name, played(series, use));
    }
  }, 60_000);

  test.each(["watch", "mute"] as const)("in a %s", (use) => {
    const rows = Array.from(found[use], ([name, alerts]) => [name, ...alerts.map((each) => inWords(use, each))]);
    expect(read(GUIDE)).toContain(table([use, ...CONDITIONS.map(([name]) => name)], rows));
  });

  test.each(["watch", "mute"] as const)(
    "without an alert of a %s in ordinary weeks, and with one each in an outage",
    (use) => {
      const countsOf = (kind: RegExp): number[][] =>
        Array.from(found[use]).flatMap(([name, alerts]) =>
          kind.test(name) ? [alerts.map(({ length }) => length)] : [],
        );
      expect(countsOf(/^(?:steady|office hours|nightly batch):/u)).toEqual(new Array(4).fill([0, 0, 0, 0]));
      expect(countsOf(/^outage:/u)).toEqual([[1, 1, 1, 1]]);
      expect(countsOf(/^dormant week:/u)).toEqual([[1, 0, 0, 0]]);
      // The backtest mutes the issue again each time, and the ramp is louder than before that mute each day.
      expect(countsOf(/^ramp:/u)).toEqual([[0, use === "watch" ? 1 : 3, 0, 0]]);
    },
  );
});

describe("a watch raises each alarm once", () => {
  /** The alerts of a watch on an issue that is older than the events. */
  function watched(events: readonly number[], ...conditions: ConditionInput[]): RuleReport | undefined {
    const first = (events[0] ?? 0) - 40 * DAY;
    return backtest({ events: [first, ...events], rules: [{ name: "watch", watch: { conditions } }] }).rules[0];
  }

  test("of one a day, with one event a day for five days, five times", () => {
    const events = [0, 1, 2, 3, 4].map((day) => SERIES_START + day * DAY + 9 * HOUR);
    expect(watched(events, volumeCondition(1, "day"))?.alertCount).toBe(5);
  });

  test("of three milestones, three times", () => {
    const milestones = [10, 100, 1_000].map((volume) => volumeCondition(volume, "total"));
    const report = watched(evenInstants(100, SERIES_START, SERIES_START + DAY), ...milestones);
    expect(report?.alerts.map(({ reason }) => reason)).toMatchObject([{ count: 10 }, { count: 100 }, { count: 1_000 }]);
    expect(report?.alertCount).toBe(3);
  });

  const twoDays = [SERIES_START, SERIES_START + 2 * DAY] as const;
  const arrivals = [1, 2, 3, 4, 5].map((seed): [string, number[]] => [
    `at random, seed ${String(seed)}`,
    randomInstants(seededRandom(seed), 100, ...twoDays),
  ]);
  arrivals.push(["evenly spaced", evenInstants(100, ...twoDays)]);
  test.each(arrivals)(
    "of 100 in 60 minutes, with a steady 100 an hour for two days %s, at most 27 times",
    (_how, events) => {
      const count = watched(events, volumeCondition(100, "minute", 60))?.alertCount ?? Infinity;
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(27);
    },
  );
});

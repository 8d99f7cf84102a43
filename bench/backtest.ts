import { volumeCondition } from "issue-lifecycle";
import { PeriodCounter } from "issue-lifecycle/core";
import { backtest } from "issue-lifecycle/backtest";
import { medianOf, report } from "./report.ts";

const EVENTS = 100_000;
const STEP_MS = 37_000;
const START = Date.UTC(2026, 0, 5);
const RUNS = 5;

function millisecondsOf(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** What trying three rules on the past costs, to counting the same events. */
export async function benchBacktest(): Promise<void> {
  const events = Array.from({ length: EVENTS }, (_, index) => START + index * STEP_MS);
  const rules = [
    { name: "100 an hour", mute: { conditions: [volumeCondition(100, "hour")] } },
    { name: "2,000 a day", mute: { conditions: [volumeCondition(2_000, "day")] } },
    { name: "500 more", mute: { conditions: [volumeCondition(500, "total")], sinceMute: true } },
  ];
  const counting = await medianOf(RUNS, () =>
    millisecondsOf(() => {
      const counter = new PeriodCounter();
      for (const at of events) counter.inc(at);
    }),
  );
  const trying = await medianOf(RUNS, () =>
    millisecondsOf(() => {
      backtest({ events, rules });
    }),
  );
  report("Backtest of 100,000 events (ms)", [
    { what: "floor: counting them", value: counting, unit: "ms" },
    { what: "three rules", value: trying, unit: "ms", floor: counting },
  ]);
}

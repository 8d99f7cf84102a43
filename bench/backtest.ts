import { volumeCondition } from "issue-lifecycle";
import { PeriodCounter } from "issue-lifecycle/core";
import { backtest } from "issue-lifecycle/backtest";
import { figuresBeside, type Section } from "./figure.ts";

const EVENTS = 100_000;
const STEP_MS = 37_000;
const START = Date.UTC(2026, 0, 5);

/** What trying three rules on the past costs, beside counting the same events. */
export const BACKTEST: Section = {
  title: "Backtest of 100,000 events",
  floor: "counting them",
  async run({ rounds }) {
    const events = Array.from({ length: EVENTS }, (_, index) => START + index * STEP_MS);
    const rules = [
      { name: "100 an hour", mute: { conditions: [volumeCondition(100, "hour")] } },
      { name: "2,000 a day", mute: { conditions: [volumeCondition(2_000, "day")] } },
      { name: "500 more", mute: { conditions: [volumeCondition(500, "total")], sinceMute: true } },
    ];
    const counting = (): void => {
      const counter = new PeriodCounter();
      for (const at of events) counter.inc(at);
    };
    return figuresBeside(Math.min(rounds, 7), "us an event", { work: counting, operations: EVENTS }, [
      [
        { id: "backtest/three-rules", what: "three rules" },
        { work: () => backtest({ events, rules }), operations: EVENTS },
      ],
    ]);
  },
};

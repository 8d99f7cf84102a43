import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backtest, MAX_LISTED_UNMUTES, type BacktestUnmute } from "../../src/backtest/index.ts";
import { bucketOf, bucketStart, type CalendarPeriod } from "../../src/core/calendar.ts";
import { createIssueTracker, createMemoryStore, IssueLifecycleError, type MuteRequest } from "../../src/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { condition, startInstant } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { DAY, HOUR, MINUTE } from "../support/scenario.ts";

/** What a tracker does with a rule that somebody sets again by hand as soon as the command is accepted. */
class MutedTracker {
  readonly unmutes: BacktestUnmute[] = [];
  mutedEvents = 0;
  readonly #clock;
  readonly #tracker;
  readonly #mute: MuteRequest;
  readonly #again: boolean;
  #id: string | undefined;
  #countAtMute = 0;
  /** When the newest event was received. */
  #newest = 0;

  constructor(startsAt: number, mute: MuteRequest, again: boolean) {
    this.#clock = createVirtualClock(startsAt);
    this.#tracker = createIssueTracker({ store: createMemoryStore(), clock: this.#clock });
    this.#mute = mute;
    this.#again = again;
  }

  async begin(): Promise<void> {
    await this.#tracker.projects.save({ id: "shop" });
  }

  /** Digests an event; a late one does not move the clock back. */
  async receive(at: number): Promise<void> {
    await this.#pass(at);
    const wasMuted = await this.isMuted();
    this.#newest = Math.max(this.#newest, at);
    const outcome = await this.#tracker.digest({ projectId: "shop", type: "E", receivedAt: at });
    if (outcome.kind !== "digested") throw new Error(`the event is ${outcome.kind}`);
    if (wasMuted) this.mutedEvents++;
    this.#id = outcome.issue.id;
    if (outcome.unmuted !== null) {
      const { eventCount } = outcome.issue;
      this.unmutes.push({
        at: this.#clock.now(),
        reason: outcome.unmuted,
        eventsSinceMute: eventCount - this.#countAtMute,
      });
    }
    await this.#muteIfAccepted();
  }

  async isMuted(): Promise<boolean> {
    return (await this.#issue())?.state.status === "muted";
  }

  /** Lets the clock reach an instant, and tries the tick and the command at every instant at which they may succeed. */
  async #pass(until: number): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      const next = Math.min(...(await this.#instantsToTry(now)).filter((at) => at > now && at <= until));
      if (next === Infinity) break;
      this.#clock.advanceTo(next);
      await this.#tick();
      await this.#muteIfAccepted();
    }
    this.#clock.advanceTo(Math.max(this.#clock.now(), until));
  }

  /** The deadline, or the ends of periods with which a condition may stop being met. */
  async #instantsToTry(now: number): Promise<number[]> {
    const state = (await this.#issue())?.state;
    if (state === undefined) return [];
    if (state.status === "muted") return state.mute.deadline?.wakeOn === "deadline" ? [state.mute.deadline.at] : [];
    return (this.#mute.conditions ?? []).flatMap(({ period, nrOfPeriods }) => {
      if (period === "total") return [];
      const next = bucketOf(period, now) + 1;
      // Later all events have left the window.
      return next <= bucketOf(period, this.#newest) + nrOfPeriods ? [bucketStart(period, next)] : [];
    });
  }

  async #tick(): Promise<void> {
    const deadline = (await this.#issue())?.state;
    if ((await this.#tracker.tick()).unmuted === 0) return;
    if (deadline?.status !== "muted" || deadline.mute.deadline === null) throw new Error("no deadline");
    const eventsSinceMute = ((await this.#issue())?.eventCount ?? 0) - this.#countAtMute;
    const reason = { kind: "deadline-passed", deadline: deadline.mute.deadline.at, noticedBy: "clock" } as const;
    this.unmutes.push({ at: this.#clock.now(), reason, eventsSinceMute });
  }

  async #muteIfAccepted(): Promise<void> {
    const issue = await this.#issue();
    if (issue?.state.status !== "open" || (!this.#again && this.unmutes.length > 0)) return;
    try {
      await this.#tracker.issues.mute(issue.id, this.#mute);
      this.#countAtMute = issue.eventCount;
    } catch (error) {
      if (!IssueLifecycleError.is(error)) throw error;
      expect(["condition-already-met", "deadline-passed"]).toContain(error.code);
    }
  }

  async #issue() {
    return this.#id === undefined ? undefined : this.#tracker.issues.get(this.#id);
  }
}

async function played(times: readonly number[], mute: MuteRequest, again: boolean) {
  const tracker = new MutedTracker(times[0] ?? 0, mute, again);
  await tracker.begin();
  for (const at of times) await tracker.receive(at);
  const { unmutes, mutedEvents } = tracker;
  return {
    unmuteCount: unmutes.length,
    unmutes: unmutes.slice(0, MAX_LISTED_UNMUTES),
    lastUnmute: unmutes.at(-1) ?? null,
    mutedEvents,
    mutedAtEnd: await tracker.isMuted(),
  };
}

/** Milliseconds between events: several at once, bursts, pauses, and late events. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 * HOUR }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 * DAY }) },
  { weight: 2, arbitrary: fc.integer({ min: -5 * MINUTE, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: -20 * DAY, max: 0 }) },
);

/** Durations that are not so short that the clock would pass them thousands of times. */
const duration: fc.Arbitrary<{ period: CalendarPeriod; nrOfPeriods: number }> = fc.oneof(
  fc.record({ period: fc.constant("hour" as const), nrOfPeriods: fc.integer({ min: 10, max: 40 }) }),
  fc.record({
    period: fc.constantFrom<CalendarPeriod[]>("day", "week", "month"),
    nrOfPeriods: fc.integer({ min: 1, max: 3 }),
  }),
);

const deadline = fc.oneof(
  fc.constant({}),
  fc.record({ for: duration, wakeOn: fc.constantFrom("deadline" as const, "next-event" as const) }),
  fc.record({
    untilAfter: fc.integer({ min: 1, max: 30 * DAY }),
    wakeOn: fc.constantFrom("deadline" as const, "next-event" as const),
  }),
);

/** Conditions that are often met, and not met any more soon. */
const soonMet = fc.record({
  period: fc.constantFrom<CalendarPeriod[]>("minute", "hour", "day"),
  nrOfPeriods: fc.integer({ min: 1, max: 3 }),
  volume: fc.integer({ min: 1, max: 4 }),
});

const rule = fc.record({
  conditions: fc.array(fc.oneof(condition, soonMet), { maxLength: 3 }),
  sinceMute: fc.boolean(),
  deadline,
});

type Rule = typeof rule extends fc.Arbitrary<infer Given> ? Given : never;

/** The mute of a rule; a fixed deadline lies after the first event. */
function muteOf({ conditions, sinceMute, deadline: end }: Rule, start: number): MuteRequest {
  return {
    conditions,
    sinceMute: sinceMute && conditions.length > 0,
    ...("untilAfter" in end ? { until: start + end.untilAfter, wakeOn: end.wakeOn } : end),
  };
}

describe("a backtest does what a tracker does when the rule is set again by hand", () => {
  test("event by event, for any log and any rule", async () => {
    await fc.assert(
      fc.asyncProperty(
        startInstant,
        fc.array(step, { minLength: 1, maxLength: 40 }),
        rule,
        fc.boolean(),
        async (start, steps, given, again) => {
          let at = start;
          const events = [start, ...steps.map((each) => (at = Math.max(0, at + each)))];
          const mute = muteOf(given, start);
          const [report] = backtest({ events, rules: [{ name: "r", mute }], again }).rules;
          expect(report).toEqual({ name: "r", ...(await played(events, mute, again)) });
        },
      ),
      { numRuns: rounds({ quick: 300, full: 5_000 }) },
    );
  });

  test("count by count, as if the events of each count came right after its beginning", async () => {
    const period = fc.constantFrom<CalendarPeriod[]>("minute", "hour", "day");
    const gaps = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 30 }), count: fc.integer({ min: 0, max: 30 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        period,
        startInstant,
        gaps,
        rule,
        fc.boolean(),
        async (unit, start, given, { conditions, sinceMute }, again) => {
          const coarse = conditions.filter((each) => ["day", "week", "month", "year", "total"].includes(each.period));
          const mute = { conditions: coarse, sinceMute: sinceMute && coarse.length > 0 };
          let bucket = bucketOf(unit, start);
          const counts = given.map(({ gap, count }) => ({ startsAt: bucketStart(unit, (bucket += gap)), count }));
          const events = counts.flatMap(({ startsAt, count }) => new Array<number>(count).fill(startsAt));
          const [report] = backtest({ events: counts, period: unit, rules: [{ name: "r", mute }], again }).rules;
          const expected = await played(events, mute, again);
          expect(report).toMatchObject({ unmutes: expected.unmutes, mutedEvents: expected.mutedEvents });
        },
      ),
      { numRuns: rounds({ quick: 100, full: 2_000 }) },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  backtest,
  MAX_LISTED_ALERTS,
  type BacktestAlert,
  type PastEventInput,
  type RuleReport,
} from "../../src/backtest/index.ts";
import { bucketOf, bucketStart, type CalendarPeriod } from "../../src/core/calendar.ts";
import { parseCondition, type Condition, type ConditionInput } from "../../src/core/index.ts";
import { wakeTimeOf } from "../../src/core/issue.ts";
import { ruleOf } from "../../src/core/conditions/condition.ts";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type IssueTracker,
  type MuteRequest,
} from "../../src/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { condition, startInstant } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { DAY, HOUR, MINUTE } from "../support/scenario.ts";

/** A tracker to which no event is old, and its clock. */
function trackerAt(startsAt: number) {
  const clock = createVirtualClock(startsAt);
  return { clock, tracker: createIssueTracker({ store: createMemoryStore(), clock, alerts: { quietAfterMs: null } }) };
}

async function digest(tracker: IssueTracker, event: PastEventInput) {
  const outcome = await tracker.digest({ projectId: "shop", type: "E", ...event });
  if (outcome.kind !== "digested") throw new Error(`the event is ${outcome.kind}`);
  return outcome;
}

/** What a tracker does with a rule that somebody sets again by hand as soon as the command is accepted, or that the clock sets again. */
class MutedTracker {
  readonly alerts: BacktestAlert[] = [];
  mutedEvents = 0;
  readonly #clock;
  readonly #tracker;
  readonly #mute: MuteRequest;
  /** Whether somebody mutes it after an unmute. */
  readonly #again: boolean;
  #id: string | undefined;
  #countAtMute = 0;
  /** When the newest event was received. */
  #newest = 0;

  constructor(startsAt: number, mute: MuteRequest, again: boolean) {
    ({ clock: this.#clock, tracker: this.#tracker } = trackerAt(startsAt));
    this.#mute = mute;
    this.#again = again && mute.again === undefined;
  }

  async begin(): Promise<void> {
    await this.#tracker.projects.save({ id: "shop" });
  }

  /** Digests an event; a late one does not move the clock back. */
  async receive(event: PastEventInput & { readonly receivedAt: number }): Promise<void> {
    await this.#pass(event.receivedAt);
    const wasMuted = await this.isMuted();
    this.#newest = Math.max(this.#newest, event.receivedAt);
    const { unmuted, issue } = await digest(this.#tracker, event);
    if (wasMuted) this.mutedEvents += event.count ?? 1;
    this.#id = issue.id;
    if (unmuted !== null) {
      this.alerts.push({ at: this.#clock.now(), reason: unmuted, eventCount: issue.eventCount - this.#countAtMute });
    }
    await this.#muteIfAccepted();
  }

  async isMuted(): Promise<boolean> {
    return (await this.#issue())?.state.status === "muted";
  }

  /** Lets the clock reach an instant, and tries the tick and the command at every instant at which they may succeed. */
  async #pass(until: number): Promise<void> {
    // A late event that ended a mute may have been received so long ago that the clock has something to do at once.
    await this.#tick();
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

  /** When the clock has something to do, or the ends of periods with which a condition may stop being met. */
  async #instantsToTry(now: number): Promise<number[]> {
    const state = (await this.#issue())?.state;
    if (state === undefined) return [];
    const wakesAt = wakeTimeOf(state);
    if (wakesAt !== undefined) return [wakesAt];
    if (state.status === "muted") return [];
    return (this.#mute.conditions ?? []).flatMap((given) => {
      const { period, nrOfPeriods } = windowOf(given);
      if (period === "total") return [];
      const next = bucketOf(period, now) + 1;
      // Later all events have left the window.
      return next <= bucketOf(period, this.#newest) + nrOfPeriods ? [bucketStart(period, next)] : [];
    });
  }

  async #tick(): Promise<void> {
    const before = await this.#issue();
    const { unmuted, mutedAgain } = await this.#tracker.tick();
    const eventCount = (await this.#issue())?.eventCount ?? 0;
    if (mutedAgain > 0) this.#countAtMute = eventCount;
    if (unmuted === 0) return;
    if (before?.state.status !== "muted" || before.state.mute.deadline === null) throw new Error("no deadline");
    const reason = { kind: "deadline-passed", deadline: before.state.mute.deadline.at, noticedBy: "clock" } as const;
    this.alerts.push({ at: this.#clock.now(), reason, eventCount: eventCount - this.#countAtMute });
  }

  async #muteIfAccepted(): Promise<void> {
    const issue = await this.#issue();
    if (issue?.state.status !== "open" || (!this.#again && this.alerts.length > 0)) return;
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

function windowOf(given: ConditionInput) {
  return ruleOf(parseCondition(given)).window;
}

type Log = readonly (PastEventInput & { readonly receivedAt: number })[];

async function muted(events: Log, mute: MuteRequest, again: boolean): Promise<Omit<RuleReport, "name">> {
  const tracker = new MutedTracker(events[0]?.receivedAt ?? 0, mute, again);
  await tracker.begin();
  for (const event of events) await tracker.receive(event);
  const { alerts, mutedEvents } = tracker;
  return reportOf("mute", alerts, mutedEvents, await tracker.isMuted());
}

/** What a tracker does with an open issue of a project with a watch. */
async function watched(events: Log, conditions: readonly Condition[]): Promise<Omit<RuleReport, "name">> {
  const { clock, tracker } = trackerAt(events[0]?.receivedAt ?? 0);
  await tracker.projects.save({ id: "shop", watch: { conditions } });
  const alerts: BacktestAlert[] = [];
  let counted = 0;
  for (const event of events) {
    clock.advanceTo(Math.max(clock.now(), event.receivedAt));
    const { loud, issue } = await digest(tracker, event);
    if (loud === null) continue;
    alerts.push({ at: clock.now(), reason: loud, eventCount: issue.eventCount - counted });
    counted = issue.eventCount;
  }
  return reportOf("watch", alerts, 0, false);
}

function reportOf(kind: "mute" | "watch", alerts: readonly BacktestAlert[], mutedEvents: number, mutedAtEnd: boolean) {
  const listed = alerts.slice(0, MAX_LISTED_ALERTS);
  return { kind, alertCount: alerts.length, alerts: listed, lastAlert: alerts.at(-1) ?? null, mutedEvents, mutedAtEnd };
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
  kind: fc.constant("volume" as const),
  period: fc.constantFrom<CalendarPeriod[]>("minute", "hour", "day"),
  nrOfPeriods: fc.integer({ min: 1, max: 3 }),
  volume: fc.integer({ min: 1, max: 4 }),
});

/** What is above the usual, with floors and factors that a short log can exceed. */
const aboveUsual = fc.record({
  kind: fc.constantFrom("spike" as const, "louder" as const),
  floor: fc.integer({ min: 1, max: 5 }),
  factor: fc.constantFrom(1, 1.5, 3),
});

const users = fc.record({ kind: fc.constant("users" as const), users: fc.integer({ min: 1, max: 4 }) });
const usersInDays = fc
  .tuple(users, fc.integer({ min: 1, max: 5 }))
  .map(([each, days]): Condition => ({ ...each, days }));

/** Conditions of every kind that a watch takes. */
const anyCondition: fc.Arbitrary<Condition> = fc.oneof(condition, soonMet, aboveUsual, usersInDays);

const rule = fc.record({
  conditions: fc.array(fc.oneof({ weight: 4, arbitrary: anyCondition }, { weight: 1, arbitrary: users }), {
    maxLength: 3,
  }),
  sinceMute: fc.boolean(),
  deadline,
  again: fc.option(duration, { nil: undefined }),
});

type Rule = typeof rule extends fc.Arbitrary<infer Given> ? Given : never;

/** The mute of a rule; a fixed deadline lies after the first event. */
function muteOf({ conditions, sinceMute, deadline: end, again }: Rule, start: number): MuteRequest {
  const canBeginAgain = again !== undefined && (conditions.length > 0 || "for" in end);
  return {
    conditions,
    sinceMute: sinceMute && conditions.length > 0,
    ...(canBeginAgain && { again }),
    ...("untilAfter" in end ? { until: start + end.untilAfter, wakeOn: end.wakeOn } : end),
  };
}

/** A log of events, of which the first has a user, so that conditions on users are not refused. */
const log: fc.Arbitrary<Log> = fc
  .tuple(
    startInstant,
    fc.array(
      fc.record({
        step,
        count: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined, freq: 3 }),
        userId: fc.option(fc.constantFrom("a", "b", "c", "d", "e"), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  )
  .map(([start, events]) => {
    let at = start;
    const later = events.map(({ step: ms, count, userId }) => ({
      receivedAt: (at = Math.max(0, at + ms)),
      ...(count !== undefined && { count }),
      ...(userId !== undefined && { userId }),
    }));
    return [{ receivedAt: start, userId: "a" }, ...later];
  });

describe("a backtest does what a tracker does", () => {
  test("with a mute that is set again by hand or by the clock, event by event, for any log and any rule", async () => {
    await fc.assert(
      fc.asyncProperty(log, rule, fc.boolean(), async (events, given, again) => {
        const mute = muteOf(given, events[0]?.receivedAt ?? 0);
        const [report] = backtest({ events, rules: [{ name: "r", mute }], again }).rules;
        expect(report).toEqual({ name: "r", ...(await muted(events, mute, again)) });
      }),
      { numRuns: rounds({ quick: 100, full: 3_000 }) },
    );
  });

  test("with a watch, event by event, for any log and any conditions", async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.array(anyCondition, { minLength: 1, maxLength: 4 }), async (events, conditions) => {
        const [report] = backtest({ events, rules: [{ name: "r", watch: { conditions } }] }).rules;
        expect(report).toEqual({ name: "r", ...(await watched(events, conditions)) });
      }),
      { numRuns: rounds({ quick: 100, full: 3_000 }) },
    );
  });

  test("count by count, as if the events of each count came right after its beginning", async () => {
    const period = fc.constantFrom<CalendarPeriod[]>("minute", "hour", "day");
    const gaps = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 30 }), count: fc.integer({ min: 0, max: 30 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    const counted = fc.array(fc.oneof(condition, soonMet, aboveUsual), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        period,
        startInstant,
        gaps,
        counted,
        fc.record({ sinceMute: fc.boolean(), again: fc.boolean() }),
        async (unit, start, given, all, { sinceMute, again }) => {
          const conditions = all.filter((each) => isMadeOf(windowOf(each).period, unit));
          const mute = { conditions, sinceMute: sinceMute && conditions.length > 0 };
          let bucket = bucketOf(unit, start);
          const counts = given.map(({ gap, count }) => ({ startsAt: bucketStart(unit, (bucket += gap)), count }));
          const events = counts.flatMap(({ startsAt, count }) =>
            Array.from({ length: count }, () => ({ receivedAt: startsAt })),
          );
          const rules = [
            { name: "mute", mute },
            { name: "watch", watch: { conditions } },
          ];
          const [ofMute, ofWatch] = backtest({ events: counts, period: unit, rules, again }).rules;
          const { alerts, mutedEvents } = await muted(events, mute, again);
          expect(ofMute).toMatchObject({ alerts, mutedEvents });
          expect(ofWatch).toMatchObject({ alerts: (await watched(events, conditions)).alerts });
        },
      ),
      { numRuns: rounds({ quick: 50, full: 1_200 }) },
    );
  });
});

/** Whether the buckets of a window consist of whole periods of counts. */
function isMadeOf(period: string, unit: CalendarPeriod): boolean {
  const periods = ["minute", "hour", "day", "week", "month", "year", "total"];
  return periods.indexOf(period) >= periods.indexOf(unit);
}

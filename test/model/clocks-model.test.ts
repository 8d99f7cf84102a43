import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { volumeCondition } from "../../src/index.ts";
import type { VolumeBasedCondition } from "../../src/core/index.ts";
import type { MuteDuration } from "../../src/core/index.ts";
import { CALENDAR_PERIODS } from "../../src/core/calendar.ts";
import { condition } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { startOfBucket } from "../support/naive-counter.ts";
import { DAY, HOUR, MINUTE, Scenario } from "../support/scenario.ts";
import { storesForStories, type StoreKind } from "../support/stores.ts";

const BEGIN = Date.UTC(2026, 10, 23, 9);
/** How far clocks may differ before one counts as wrong: rule 4. */
const TOLERANCE = MINUTE;

/** How far a clock jumps: by seconds to years, either way. */
const jump = fc
  .tuple(
    fc.constantFrom(-1, 1),
    fc.oneof(
      fc.integer({ min: 1, max: 3 * MINUTE }),
      fc.integer({ min: 1, max: 3 * HOUR }),
      fc.integer({ min: 1, max: 60 * DAY }),
      fc.integer({ min: 1, max: 4_000 * DAY }),
    ),
  )
  .map(([direction, ms]) => direction * ms);
const pass = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 50 * DAY }) },
);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("events" as const), pass, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("jump" as const), ms: jump }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("mute" as const),
      conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
      forMs: fc.oneof(fc.constant(undefined), fc.integer({ min: MINUTE, max: 5 * DAY })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;
const steps = fc.array(step, { maxLength: 25 });

/** Plays a story with a clock that jumps, and remembers the events since the last jump. */
class JumpingStory {
  readonly story: Scenario;
  id = "";
  /** When the events since the last jump came. */
  events: number[] = [];
  #jumpedTo = BEGIN;
  #lastSeen = BEGIN;
  /** When the newest event before the last jump was last seen. */
  #seenBefore = 0;

  private constructor(story: Scenario) {
    this.story = story;
  }

  static async begin({ open }: StoreKind): Promise<JumpingStory> {
    const jumping = new JumpingStory(await Scenario.begin(await open(), {}, BEGIN));
    await jumping.event();
    return jumping;
  }

  async play(each: Step): Promise<void> {
    const { tracker, clock } = this.story;
    switch (each.kind) {
      case "jump":
        clock.jumpBy(Math.max(each.ms, -clock.now()));
        this.#jumpedTo = clock.now();
        this.#seenBefore = this.#lastSeen;
        this.events = [];
        return;
      case "events":
        clock.advanceBy(each.pass);
        for (let count = 0; count < each.count; count++) await this.event();
        return;
      case "tick":
        await tracker.tick();
        return;
      case "mute": {
        const { conditions, forMs } = each;
        const request = { conditions, ...(forMs !== undefined && { for: minutes(forMs) }) };
        await tracker.issues.bulk({ projectId: "shop", ids: [this.id] }, { ...request, kind: "mute" });
      }
    }
  }

  /** An event now. Checks what it does to a mute whose windows a recount can count. */
  async event(): Promise<void> {
    const { story } = this;
    const now = story.clock.now();
    const before = this.id === "" ? undefined : await story.tracker.issues.get(this.id);
    const outcome = await story.event();
    this.id = outcome.issue.id;
    this.events.push(now);
    this.#lastSeen = outcome.issue.lastSeenAt;
    expect(outcome.issue.lastSeenAt).toBeLessThanOrEqual(now + TOLERANCE);
    if (before?.state.status !== "muted" || outcome.unmuted?.kind === "deadline-passed") return;
    const given = before.state.mute.volume?.conditions ?? [];
    const conditions = given.filter((each) => each.kind === "volume");
    if (!conditions.every((each) => this.#isExact(startOf(each, now)))) return;
    const met = conditions.find((each) => this.countSince(startOf(each, now)) >= each.volume);
    expect(outcome.unmuted?.kind === "volume-reached" ? outcome.unmuted.condition : undefined).toEqual(met);
  }

  /** Compares all buckets that begin after the first event that came two minutes after the last jump. */
  async compareCounts(): Promise<number> {
    let compared = 0;
    for (const period of CALENDAR_PERIODS) {
      const counts = await this.story.tracker.issues.eventCounts(this.id, { period });
      const exact = counts.filter(({ startsAt }) => this.#isExact(startsAt) && startsAt <= this.story.clock.now());
      compared += exact.length;
      for (const { startsAt, count } of exact) {
        const end = startOfBucket(period, startsAt, -1);
        expect({ period, startsAt, count }).toEqual({ period, startsAt, count: this.countSince(startsAt, end) });
      }
    }
    return compared;
  }

  /** How many events a naive recount counts. */
  countSince(start: number, end = Infinity): number {
    return this.events.filter((at) => at >= start && at < end).length;
  }

  #isExact(start: number): boolean {
    const first = this.events.find((at) => at >= this.#jumpedTo + 2 * MINUTE);
    return first !== undefined && start > first && !this.#mayHoldEarlier(start);
  }

  /** Whether a window may hold an event from before the jump: one that no later event found to be more than a minute ahead. */
  #mayHoldEarlier(start: number): boolean {
    const [first = 0] = this.events;
    return start <= this.#seenBefore && this.#seenBefore <= first + TOLERANCE;
  }
}

function minutes(ms: number): MuteDuration {
  return { period: "minute", nrOfPeriods: Math.ceil(ms / MINUTE) };
}

function startOf({ period, nrOfPeriods }: VolumeBasedCondition, now: number): number {
  return period === "total" ? 0 : startOfBucket(period, now, nrOfPeriods - 1);
}

describe.each(storesForStories())("on $name", (kind) => {
  const numRuns = rounds(kind.name === "memory" ? { quick: 30, full: 1_000 } : { quick: 10, full: 30 });

  test("for any jumps of the clock, windows that begin after the first event two minutes after the last jump count what a recount counts, and nothing was last seen later than a minute from now", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const jumping = await JumpingStory.begin(kind);
        for (const each of given) {
          await jumping.play(each);
          await jumping.compareCounts();
        }
        await jumping.story.tracker.close();
      }),
      { numRuns },
    );
  });

  test("after any jumps, an issue muted until 5 per hour un-mutes within the first full hour that has 5 events", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 0, max: 10 * MINUTE }), async (given, between) => {
        const jumping = await JumpingStory.begin(kind);
        const { story } = jumping;
        await story.tracker.issues.mute(jumping.id, { conditions: [volumeCondition(5, "hour")] });
        for (const each of given) if (each.kind !== "mute") await jumping.play(each);
        const fullHour = startOfBucket("hour", story.clock.now(), -1);
        story.clock.advanceTo(fullHour);
        for (let count = 0; count < 5; count++) {
          await story.event();
          story.clock.advanceBy(between);
        }
        expect(await story.status(jumping.id)).toBe("open");
        await story.tracker.close();
      }),
      { numRuns },
    );
  });

  test("after any jumps, a mute for some time ends by an event that comes so long after the first one", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5_000 }), async (given, nrOfPeriods) => {
        const jumping = await JumpingStory.begin(kind);
        const { story } = jumping;
        await story.tracker.issues.mute(jumping.id, { for: { period: "minute", nrOfPeriods } });
        for (const each of given) if (each.kind !== "mute") await jumping.play(each);
        await story.event();
        story.clock.advanceBy(nrOfPeriods * MINUTE + TOLERANCE + 1);
        await story.event();
        expect(await story.status(jumping.id)).toBe("open");
        await story.tracker.close();
      }),
      { numRuns },
    );
  });

  test("after any jumps, resolved plainly or by a release, an issue regresses by a later event", async () => {
    const releases = fc.constantFrom({}, { in: { release: "1.0.0" } }, { in: "next-release" as const });
    await fc.assert(
      fc.asyncProperty(steps, steps, releases, async (one, other, how) => {
        const jumping = await JumpingStory.begin(kind);
        const { story } = jumping;
        await story.event({ release: "1.0.0" });
        for (const each of one) await jumping.play(each);
        await story.tracker.issues.resolve(jumping.id, how);
        for (const each of other) if (each.kind === "jump") await jumping.play(each);
        // The first event of the right clock sets back what wrong ones wrote; it may have come before what it set back.
        await story.event({ release: "2.0.0" });
        story.clock.advanceBy(TOLERANCE + 1);
        await story.event({ release: "3.0.0" });
        expect(await story.status(jumping.id)).toBe("open");
        await story.tracker.close();
      }),
      { numRuns },
    );
  });
});

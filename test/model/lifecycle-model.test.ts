import fc from "fast-check";
import { describe, test } from "vitest";
import { volumeCondition } from "../../src/index.ts";
import type { Condition } from "../../src/core/index.ts";
import { playStory, type StoryStep } from "../support/duel.ts";
import { rounds } from "../support/effort.ts";
import type { NaiveLoad } from "../support/naive-tracker.ts";
import { DAY, HOUR, MINUTE } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";
import { LONG_STEPS, LOUD_STEPS, storyStep } from "../support/stories.ts";

/** Stories about counting and mutes, over years, with a few releases of each kind. */
const QUIET = storyStep({
  groups: ["A", "B", "C"],
  releases: ["", "1.0.0", "1.1.0", "1.2.0-rc.1", "2.0.0", "pkg@1.1.0", "sha-a", "sha-b"],
  step: LONG_STEPS,
  mutes: 3,
});

/** Stories about what events carry and what gets loud, within weeks: watches, and mutes until conditions of all kinds. */
const LOUD = storyStep({
  groups: ["A", "B"],
  releases: ["", "1.0.0", "2.0.0", "sha-a"],
  step: LOUD_STEPS,
  mutes: 5,
  isLoud: true,
});

/** Stories about issues that are merged and taken apart, and get loud. */
const MERGED = storyStep({
  groups: ["A", "B", "C", "D"],
  releases: ["", "1.0.0", "2.0.0", "sha-a"],
  step: LOUD_STEPS,
  mutes: 4,
  isLoud: true,
  merges: 6,
});

/** Events of an issue, which come a millisecond after each other. */
function events(...carried: readonly NaiveLoad[]): StoryStep {
  const given = carried.map((carries) => ({ ...EVENT, carries }));
  return { kind: "digest", events: given, oneByOne: false };
}

const EVENT = { group: "A", release: "", step: 1, delay: undefined, repeats: undefined };
const FOUR: StoryStep = { kind: "watch", conditions: [volumeCondition(4, "total")] };
const SPIKE = { kind: "spike", floor: 2, factor: 1 } as const;
const DAY_OF_USERS = { kind: "users", users: 1, days: 1 } as const;

function mute(conditions: readonly Condition[]): StoryStep {
  const again = { period: "minute", nrOfPeriods: 5 } as const;
  return { kind: "command", group: "A", command: { kind: "mute", conditions, sinceMute: true, again } };
}

const waitAndTick = (ms: number): StoryStep[] => [{ kind: "wait", ms }, { kind: "tick" }];

/** Short stories that random ones seldom contain. */
const RARE: readonly { readonly name: string; readonly steps: readonly StoryStep[] }[] = [
  {
    name: "a milestone that was passed while nothing was watched for, when the same is watched for again",
    steps: [FOUR, events({}, {}), { kind: "watch", conditions: [] }, events({ count: 5 }), FOUR, events({}, {})],
  },
  {
    name: "a milestone that an event of another environment passes right after the first event",
    steps: [
      { kind: "environments", names: [""] },
      FOUR,
      events({}, { environment: "staging", count: 4 }),
      events({}, {}),
    ],
  },
  {
    name: "an event from before the first one, which makes usual days quieter, so that today is louder",
    steps: [
      { kind: "watch", conditions: [{ kind: "louder", floor: 1, factor: 1 }] },
      events({ count: 3 }),
      { kind: "digest", events: [{ ...EVENT, step: DAY, carries: { count: 2 } }], oneByOne: false },
      { kind: "digest", events: [{ ...EVENT, step: -4 * DAY }], oneByOne: false },
      events({}),
    ],
  },
  {
    name: "a mute until a spike or so many events since the mute, which begins again during the spike",
    steps: [
      events({}),
      mute([SPIKE, volumeCondition(5, "total")]),
      events({ count: 9 }),
      ...waitAndTick(10 * MINUTE),
      ...waitAndTick(HOUR),
    ],
  },
  {
    name: "a mute until a spike or so many users since the mute, which begins again during the spike",
    steps: [
      events({}),
      mute([SPIKE, DAY_OF_USERS]),
      events({ count: 9, userId: "ann" }),
      ...waitAndTick(10 * MINUTE),
      ...waitAndTick(HOUR),
      events({}, { userId: "ann" }),
    ],
  },
];

/** The number of random runs on each store: fewer where a step takes longer. */
const RUNS = new Map([
  ["memory", { quick: 40, full: 2_000 }],
  ["SQLite", { quick: 6, full: 120 }],
]);

describe.each(storesForStories())("random lifecycles on $name", ({ name, open }) => {
  test.each(RARE)("match it: $name", ({ steps }) => playStory(open, steps));

  test.each([
    ["counting and mutes", QUIET],
    ["what gets loud", LOUD],
    ["what is merged", MERGED],
  ])("about %s match a naive model that applies the rules event by event", async (_name, step) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25, size: "max" }), (steps) => playStory(open, steps)),
      { numRuns: rounds(RUNS.get(name) ?? { quick: 5, full: 40 }) },
    );
  });
});

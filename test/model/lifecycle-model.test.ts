import fc from "fast-check";
import { describe, test } from "vitest";
import { playStory } from "../support/duel.ts";
import { rounds } from "../support/effort.ts";
import { storesForStories } from "../support/stores.ts";
import { LONG_STEPS, storyStep } from "../support/stories.ts";

/** Stories about counting and mutes, over years, with a few releases of each kind. */
const step = storyStep({
  groups: ["A", "B", "C"],
  releases: ["", "1.0.0", "1.1.0", "1.2.0-rc.1", "2.0.0", "pkg@1.1.0", "sha-a", "sha-b"],
  step: LONG_STEPS,
  mutes: 3,
});

/** The number of random runs on each store: fewer where a step takes longer. */
const RUNS = new Map([
  ["memory", { quick: 60, full: 3_000 }],
  ["SQLite", { quick: 10, full: 200 }],
]);

describe.each(storesForStories())("random lifecycles on $name", ({ name, open }) => {
  test("match a naive model that applies the rules event by event", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => playStory(open, steps)),
      { numRuns: rounds(RUNS.get(name) ?? { quick: 5, full: 40 }) },
    );
  });
});

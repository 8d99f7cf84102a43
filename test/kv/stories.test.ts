import fc from "fast-check";
import { describe, test } from "vitest";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { playStory } from "../support/duel.ts";
import { rounds } from "../support/effort.ts";
import { checking, memoryEngine } from "../support/key-value-engines.ts";
import { LONG_STEPS, LOUD_STEPS, SHORT_STEPS, storyStep } from "../support/stories.ts";

const GROUPS = ["A", "B", "C"];
const RELEASES = [
  "",
  "1.0.0",
  "1.1.0",
  "2.0.0-rc.1",
  "pkg@1.1.0",
  "sha-a",
  `1.0.0-${"x".repeat(240)}`,
  `1.0.0-${"x".repeat(239)}y`,
];

// The full run plays many more, with those of test/model.
describe("random lifecycles on a key-value store", () => {
  test.each([
    ["mutes", storyStep({ groups: GROUPS, releases: RELEASES, step: LONG_STEPS, mutes: 3 })],
    ["releases", storyStep({ groups: GROUPS, releases: RELEASES, step: SHORT_STEPS, mutes: 1 })],
    ["what gets loud", storyStep({ groups: GROUPS, releases: RELEASES, step: LOUD_STEPS, mutes: 5, isLoud: true })],
  ])("about %s match a naive model", async (_name, step) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25, size: "max" }), (steps) =>
        playStory(async () => createKeyValueStore(checking(memoryEngine())), steps),
      ),
      { numRuns: rounds({ quick: 3, full: 60 }) },
    );
  });
});

import fc from "fast-check";
import { describe, test } from "vitest";
import type { ResolveRequest } from "../../src/index.ts";
import { playStory, type StoryStep } from "../support/duel.ts";
import { rounds } from "../support/effort.ts";
import { storesForStories } from "../support/stores.ts";
import { SHORT_STEPS, storyStep } from "../support/stories.ts";

/** Stories about releases of all kinds, within days. */
const ALL_KINDS = storyStep({
  groups: ["A", "B"],
  releases: [
    ...[
      "",
      "dev",
      "1.0.0",
      "v1.0",
      "1.1",
      "1.2.0-rc.1",
      "1.2.0",
      "2.0.0",
      "2.0.0 (7)",
      "2.0.0+8",
      "2.0.0+b",
      "2.0.0+a",
    ],
    ...["web@1.0.0", "web@1.1", "web@latest", "7", "v8", "sha-a", "sha-b", "sha-c", "2026.7.30-2", "v2.0.0-9-gabc123"],
  ],
  step: SHORT_STEPS,
  mutes: 1,
});

/** Stories about few releases, of three lines, so that the same one is claimed and seen many times. */
const FEW_RELEASES = storyStep({
  groups: ["A", "B"],
  releases: ["", "1.0.0", "2.0.0", "3.0.0", "web@1.0.0", "sha-a", "sha-b"],
  step: SHORT_STEPS,
  mutes: 1,
});

/** A batch of events: group and release of each, and how long after the one before it came. */
function batch(...events: readonly (readonly [group: string, release: string, step?: number])[]): StoryStep {
  const given = events.map(([group, release, step = 1]) => ({
    group,
    release,
    step,
    delay: undefined,
    repeats: undefined,
  }));
  return { kind: "digest", events: given, oneByOne: false };
}

function resolve(group: string, how: NonNullable<ResolveRequest["in"]>): StoryStep {
  return { kind: "command", group, command: { kind: "resolve", in: how } };
}

function register(version: string): StoryStep {
  return { kind: "register", version, ago: undefined };
}

function retire(version: string): StoryStep {
  return { kind: "retire", version };
}

/** Short stories that random ones seldom contain. */
const RARE: readonly { readonly name: string; readonly steps: readonly StoryStep[] }[] = [
  {
    name: "a claim decides about no event of a batch that comes before the one that makes its release known",
    steps: [
      batch(["A", ""]),
      resolve("A", { release: "1.0.0" }),
      batch(["A", "web@1.1.0"], ["A", "", -1], ["A", "1.0.0", 0], ["A", ""]),
    ],
  },
  {
    name: "events without a release of an issue that a batch opens belong to the line in which it was opened",
    steps: [register("sha-a"), batch(["A", ""], ["B", "2.0.0"], ["A", ""])],
  },
  {
    name: "a batch in which an issue is first seen in another release than last, and then in none",
    steps: [
      batch(["A", ""]),
      resolve("A", { release: "v2.0.0-9-gabc123" }),
      batch(["A", "2.0.0"], ["A", ""]),
      batch(["A", "1.1"], ["A", ""]),
    ],
  },
  {
    name: "a batch in which an issue is first seen in no release, and then in the one in which it was seen last",
    steps: [
      batch(["A", "sha-b"], ["A", "sha-a"]),
      resolve("A", { release: "3.0.0", announce: true }),
      batch(["A", "sha-b"]),
      batch(["A", ""], ["A", "sha-b"], ["A", ""]),
    ],
  },
  {
    name: "a claim in an announced release counts as old as its release when that becomes known, at the same place",
    steps: [
      batch(["A", "sha-b"]),
      resolve("A", { release: "sha-b" }),
      resolve("A", { release: "1.0.0", announce: true }),
      batch(["A", "1.0.0"], ["A", ""]),
    ],
  },
  {
    name: "an event without a release finds the claim of a release that its batch makes known",
    steps: [batch(["A", ""]), resolve("A", { release: "3.0.0+x" }), batch(["B", "3.0.0+x"], ["A", ""])],
  },
  {
    name: "an issue whose fix is retired gets the next release that appeared meanwhile",
    steps: [
      batch(["A", "1.0.0"]),
      resolve("A", { release: "2.0.0" }),
      batch(["B", "2.0.0"], ["B", "3.0.0"]),
      retire("2.0.0"),
      batch(["A", "3.0.0"]),
    ],
  },
  {
    name: "an issue that was seen in what becomes the next release, because one above it is retired, regresses there",
    steps: [
      batch(["A", "1.0.0"]),
      register("999.9.9"),
      resolve("A", "next-release"),
      batch(["A", "2.0.0"]),
      retire("999.9.9"),
      batch(["A", "2.0.0"]),
    ],
  },
  {
    name: "of several claims in other lines the one whose release appeared last decides",
    steps: [
      batch(["A", "1.0.0"], ["A", "web@1.0.0"], ["A", "7"]),
      resolve("A", { release: "web@1.0.0" }),
      resolve("A", { release: "1.0.0" }),
      resolve("A", { release: "7" }),
      batch(["A", "sha-a"]),
    ],
  },
];

/** The number of random runs on each store: fewer where a step takes longer. */
const RUNS = new Map([
  ["memory", { quick: 60, full: 1_200 }],
  ["SQLite", { quick: 10, full: 150 }],
]);

describe.each(storesForStories())("on $name", ({ name, open }) => {
  test.each(RARE)("$name", ({ steps }) => playStory(open, steps));

  test.each([
    ["releases of all kinds", ALL_KINDS],
    ["few releases", FEW_RELEASES],
  ])("random stories of %s match a naive model, whether events come one by one or in batches", async (_name, step) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => playStory(open, steps)),
      { numRuns: rounds(RUNS.get(name) ?? { quick: 5, full: 20 }) },
    );
  });
});

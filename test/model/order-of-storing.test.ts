import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DigestedEvent } from "../../src/index.ts";
import { rounds } from "../support/effort.ts";
import { DAY, HOUR, Scenario, START } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/** Releases of several lines, each with its own date, whatever the order in which they are stored. */
const RELEASES = ["1.0.0", "1.1.0", "2.0.0", "2.0.0+x", "2.0.0+y", "web@1.0.0", "web@2.0.0", "7", "sha-a", "sha-b"];

/** What happened to an issue, without an order. */
interface History {
  /** How many hours before the beginning each release was released. */
  readonly ages: readonly number[];
  readonly seen: readonly string[];
  readonly claimed: readonly string[];
}

const history: fc.Arbitrary<History> = fc.record({
  ages: fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: RELEASES.length, maxLength: RELEASES.length }),
  seen: fc.subarray(RELEASES, { minLength: 1 }),
  claimed: fc.subarray(RELEASES, { minLength: 1, maxLength: 4 }),
});

/** Orders in which to store something: numbers to sort by. */
const orders = fc.array(fc.integer(), { minLength: RELEASES.length, maxLength: RELEASES.length });

function inOrder<Value>(values: readonly Value[], by: readonly number[]): Value[] {
  return [...values].sort((one, other) => (by[values.indexOf(one)] ?? 0) - (by[values.indexOf(other)] ?? 0));
}

/** Stores a history in some order, once for each release, and returns what then happens to an event in that release. */
async function outcomes(
  story: Scenario,
  { ages, seen, claimed }: History,
  order: readonly (readonly number[])[],
): Promise<string[]> {
  const { tracker, clock } = story;
  const [ofReleases = [], ofEvents = [], ofClaims = []] = order;
  for (const version of inOrder(RELEASES, ofReleases)) {
    const releasedAt = START - (ages[RELEASES.indexOf(version)] ?? 0) * HOUR;
    await tracker.releases.register({ projectId: "shop", version, releasedAt });
  }
  const ids: string[] = [];
  for (const probe of RELEASES) {
    for (const release of inOrder(seen, ofEvents)) {
      const { issue } = await story.event({ type: probe, release });
      ids[RELEASES.indexOf(probe)] = issue.id;
    }
  }
  clock.advanceBy(HOUR);
  for (const id of ids) {
    for (const release of inOrder(claimed, ofClaims)) await tracker.issues.resolve(id, { in: { release } });
  }
  clock.advanceBy(DAY);
  const results: string[] = [];
  for (const release of RELEASES) results.push(inShort(await story.event({ type: release, release })));
  return results;
}

function inShort({ regressed, notRegressed }: DigestedEvent): string {
  return JSON.stringify(regressed ?? notRegressed);
}

describe.each(storesForStories())("on $name", ({ name, open }) => {
  test("the deciding mark does not depend on the order in which releases, events and claims are stored", async () => {
    const twoOrders = fc.array(fc.array(orders, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(history, twoOrders, async (given, [one = [], other = []]) => {
        const stories = [await Scenario.begin(await open()), await Scenario.begin(await open())] as const;
        expect(await outcomes(stories[0], given, one)).toEqual(await outcomes(stories[1], given, other));
        for (const story of stories) await story.tracker.close();
      }),
      { numRuns: rounds(name === "memory" ? { quick: 30, full: 500 } : { quick: 4, full: 15 }) },
    );
  });
});
